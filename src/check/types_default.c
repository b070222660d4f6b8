/* SPDX-License-Identifier: MIT
 *
 * The type of a parameter outside of the catalogue, by the form of Postfix's own default:
 * "no" is a yes or no, "100" a number, "30s" a time, and a name that ends with _maps or
 * _checks a list of tables. Tried with every parameter of 3.7: each of them stops the
 * programs that read it when it is something else, but for the exceptions here.
 */
#include "check/maincf.h"
#include "model/catalog.h"

#define MAX_DEPTH 5

static bool
ends_with_one_of(struct sv name, const char *const *ends)
{
	for (; *ends; ends++)
		if (sv_ends(name, *ends))
			return true;
	return false;
}

/* Texts that happen to be a number or a word. */
static bool
is_exception(struct sv name)
{
	static const char *const ends[] = {"_feedback", "_loglevel", "_tcp_port",
		"milter_protocol", "mail_release_date", "qmgr_fudge_factor",
		"smtpd_forbid_bare_newline", NULL};

	return ends_with_one_of(name, ends);
}

/* "${stress?{10}:{300}}s" -> 300s, "${{a} < {b} ? {no} : {yes}}" -> yes: the last of what
 * it can come to. In the run of buf; false: no such form. */
static bool
last_arm(struct sv v, char *buf, size_t size, struct sv *out)
{
	size_t open = v.n, close = 0, n;

	while (open > 2 && v.p[open - 1] != '{')
		open--;
	while (open + close < v.n && v.p[open + close] != '}')
		close++;
	if (open <= 2 || open + close + 2 > v.n || v.p[open + close + 1] != '}')
		return false;
	n = v.n - (open + close + 2);
	if (close + n >= size)
		return false;
	memcpy(buf, v.p + open, close);
	memcpy(buf + close, v.p + open + close + 2, n);
	*out = sv_make(buf, close + n);
	return true;
}

static bool
type_of_form(struct sv v, struct cat_def *out)
{
	size_t digits = 0;

	while (digits < v.n && is_digit_char(v.p[digits]))
		digits++;
	out->type = CAT_BOOL;
	if (sv_eq_str(v, "yes") || sv_eq_str(v, "no"))
		return true;
	out->type = CAT_INT;
	if (digits && digits == v.n)
		return true;
	out->type = CAT_TIME;
	out->flags = sv_ends(v, "d") ? CAT_DAYS : sv_ends(v, "h") ? CAT_HOURS : 0;
	return digits && digits + 1 == v.n && strchr("smhdw", v.p[digits]);
}

static bool
is_name(struct sv v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alpha_char(v.p[i]) && !is_digit_char(v.p[i]) && v.p[i] != '_')
			return false;
	return v.n > 0;
}

static bool
by_default(struct sv name, const struct chk_env *env, struct cat_def *out)
{
	char buf[80];
	struct sv v;

	for (int depth = 0; depth < MAX_DEPTH; depth++) {
		if (is_exception(name) || !env->deflt(env->ctx, name, &v))
			return false;
		if (sv_starts(v, "${") && !last_arm(v, buf, sizeof(buf), &v))
			return false;
		if (!sv_starts(v, "$"))
			return type_of_form(v, out);
		name = sv_sub(v, 1, v.n);
		if (!is_name(name))
			return false;
	}
	return false;
}

/* Numbers of bytes that may be larger than those of other parameters. */
static bool
is_size(struct sv name)
{
	return sv_eq_str(name, "virtual_mailbox_limit") ||
	       sv_eq_str(name, "queue_minfree");
}

bool
chk_type_by_default(struct sv name, const struct chk_env *env, struct cat_def *out)
{
	static const char *const tables[] = {"_maps", "_checks", NULL};

	if (ends_with_one_of(name, tables)) {
		out->type = CAT_MAP_LIST;
		out->flags = CAT_LIST;
		return cat_is_own_name(name) && !sv_starts(name, "proxy_");
	}
	if (!env->deflt || !by_default(name, env, out))
		return false;
	if (out->type == CAT_INT && is_size(name))
		out->type = CAT_SIZE;
	return true;
}
