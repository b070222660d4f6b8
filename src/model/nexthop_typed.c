/* SPDX-License-Identifier: MIT
 *
 * The kind reader of next hops: what people type, made into parts. It takes off what
 * surrounds the host (scheme, brackets, port, dots) and lets the strict reader judge what
 * is left.
 */
#include "model/nexthop.h"

#include <stdlib.h>

#include "model/addr.h"

static const struct {
	const char *prefix;
	const char *service; /* used when no port is given */
} schemes[] = {
	{"smtp://", ""},
	{"smtps://", "465"},
	{"submission://", "587"},
	{"submissions://", "465"},
	{"smtp:", ""},
	{"relay:", ""},
};

/* Take a scheme or transport off; the port that it stands for, or "". */
static struct sv
take_scheme(struct sv *v)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		struct sv prefix = sv_of(schemes[i].prefix);
		struct sv rest = sv_sub(*v, prefix.n, v->n);

		if (v->n <= prefix.n || !sv_eq_fold(sv_sub(*v, 0, prefix.n), prefix))
			continue;
		if (!sv_ends(prefix, "/") && !sv_starts(rest, "["))
			continue;
		while (sv_ends(rest, "/"))
			rest = sv_sub(rest, 0, rest.n - 1);
		*v = rest;
		return sv_of(schemes[i].service);
	}
	return sv_of("");
}

/* Cut the port off at the end: "h 587", "h:587", "[h] :587". */
static struct sv
take_port(struct sv *v)
{
	struct ipaddr a;
	struct sv port;
	ptrdiff_t at;

	if (addr_parse(*v, &a))
		return sv_of("");
	for (at = (ptrdiff_t)v->n - 1; at >= 0; at--)
		if (v->p[at] == ':' || is_blank_char(v->p[at]) || v->p[at] == ',' ||
			v->p[at] == ']')
			break;
	if (at < 0 || v->p[at] == ']')
		return sv_of("");
	port = sv_sub(*v, (size_t)at + 1, v->n);
	*v = sv_trim(sv_sub(*v, 0, (size_t)at));
	while (sv_ends(*v, ":") && !addr_parse(*v, &a))
		*v = sv_trim(sv_sub(*v, 0, v->n - 1));
	return port;
}

/* Take brackets off, and a port that was put inside them. */
static bool
take_brackets(struct sv *v, struct sv *port)
{
	bool had = sv_starts(*v, "[") && sv_ends(*v, "]");
	struct ipaddr a;

	if (!had)
		return false;
	*v = sv_trim(sv_sub(*v, 1, v->n - 2));
	if (v->n > 5 && sv_eq_fold(sv_sub(*v, 0, 5), sv_of("IPv6:")))
		*v = sv_sub(*v, 5, v->n);
	if (port->n == 0 && sv_find(*v, ':') >= 0 && !addr_parse(*v, &a))
		*port = take_port(v);
	return true;
}

/* The sign of three bytes of UTF-8 at the start of v, or 0. */
static unsigned
wide_sign(struct sv v)
{
	const unsigned char *c = (const unsigned char *)v.p;

	if (v.n < 3 || (c[0] & 0xf0U) != 0xe0U || (c[1] & 0xc0U) != 0x80U ||
		(c[2] & 0xc0U) != 0x80U)
		return 0;
	return (c[0] & 0x0fU) << 12 | (c[1] & 0x3fU) << 6 | (c[2] & 0x3fU);
}

/* What an input method left in full width, in ASCII: U+FF01 to U+FF5E, the blank and the
 * full stop. */
static void
fold_width(struct sv typed, struct str *out)
{
	while (typed.n) {
		unsigned sign = wide_sign(typed);
		char plain = sign >= 0xff01U && sign <= 0xff5eU
				     ? (char)(sign - 0xff01U + '!')
			     : sign == 0x3000U ? ' '
			     : sign == 0x3002U ? '.'
					       : 0;

		str_add_char(out, plain ? plain : typed.p[0]);
		typed = sv_sub(typed, plain ? 3 : 1, typed.n);
	}
}

bool
nh_from_typed(struct sv typed, bool mx, struct nexthop *out, struct diags *diags)
{
	struct sv v, scheme, port;
	struct str text = {0}, plain = {0};
	enum nh_fault fault;
	bool had;

	fold_width(typed, &plain);
	v = sv_trim(str_sv(&plain));
	scheme = take_scheme(&v);
	port = take_port(&v);
	had = take_brackets(&v, &port);
	if (v.n > 1 && sv_ends(v, ".") && !sv_ends(v, ".."))
		v = sv_sub(v, 0, v.n - 1);
	if (port.n == 0)
		port = scheme;
	str_add_char(&text, '[');
	str_add_sv(&text, v);
	str_add_cstr(&text, "]");
	if (port.n)
		str_add_char(&text, ':');
	str_add_sv(&text, port);
	fault = nh_parse(v.n ? str_sv(&text) : v, out);
	if (fault == NH_FINE)
		out->bracketed = had || !mx || out->kind != NH_NAME;
	else /* the brackets are ours, unless some were typed */
		nh_tell(typed, fault == NH_PORT_INSIDE && !had ? NH_HOST : fault, NULL,
			diags);
	str_free(&text);
	str_free(&plain);
	return fault == NH_FINE;
}

bool
nh_is_incomplete(struct sv typed)
{
	struct sv v = sv_trim(typed);

	if (v.n == 0 || sv_ends(v, ":") || sv_ends(v, ".") || sv_ends(v, "-"))
		return true;
	return sv_starts(v, "[") && sv_find(v, ']') < 0;
}
