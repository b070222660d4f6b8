/* SPDX-License-Identifier: MIT
 *
 * relayhost as parts. What a person types becomes a proposal with brackets (no MX
 * lookup); what stands in the file is read by Postfix's own rules.
 */
#include "session/internal.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/nexthop.h"
#include "session/login_view.h"
#include "text/maincf.h"

static const char *const NAME = "relayhost";

static struct nexthops
parse_now(struct session *s, bool *readable)
{
	struct nexthops list = {0};
	struct diags d = {0};
	struct str value = {0};
	uint32_t id = mcf_find(main_cf(s), sv_of(NAME));

	*readable = true;
	if (id != DOC_NO_ID)
		mcf_value(main_cf(s), id, &value);
	if (value.n)
		*readable = nh_list_parse(str_sv(&value), true, &list, NULL, &d);
	str_free(&value);
	diag_clear(&d);
	return list;
}

bool
session_relay_list_ok(struct session *s)
{
	struct sv unused;

	if (!s->asked[SES_ASK_DEFAULTS].ok)
		return true;
	return default_of(s, "info_log_address_format", &unused);
}

static const struct ses_hop *
hops_view(struct session *s, const struct nexthops *list)
{
	struct arena *a = scratch(s);
	struct ses_hop *v = arena_new(a, (list->n ? list->n : 1) * sizeof(*v));

	for (size_t i = 0; i < list->n; i++) {
		const struct nexthop *h = &list->v[i];

		v[i].host = arena_str(a, h->host);
		v[i].port = h->service ? arena_str(a, h->service)
			    : h->port  ? arena_fmt(a, "%u", h->port)
				       : "";
		v[i].mx = !h->bracketed && h->kind == NH_NAME;
		v[i].is_address = h->kind != NH_NAME;
	}
	return v;
}

/* The safe repair: brackets where MX lookup meets a submission port, or the one readable
 * form. */
static const char *
repair_of(struct session *s, struct nexthops *list, bool readable, const char *raw)
{
	struct str out = {0};
	const char *kept = NULL;

	if (readable && list->n == 1 && !nh_judge_mx(&list->v[0], NULL, NULL)) {
		list->v[0].bracketed = true;
		nh_list_print(list, &out);
		list->v[0].bracketed = false;
	} else if (!readable && raw[0]) {
		struct nexthop h = {0};
		struct diags d = {0};

		if (nh_from_typed(sv_of(raw), false, &h, &d))
			nh_print(&h, &out);
		nh_free(&h);
		diag_clear(&d);
	}
	if (out.n)
		kept = arena_sv(scratch(s), str_sv(&out));
	str_free(&out);
	return kept;
}

void
ses_relay_get(struct session *s, struct ses_relay *out)
{
	struct ses_param p;
	struct nexthops list;
	bool readable;

	ses_param_get(s, NAME, &p);
	list = parse_now(s, &readable);
	*out = (struct ses_relay){
		.set = p.origin == SES_FROM_FILE && p.value[0],
		.readable = readable,
		.raw = p.origin == SES_FROM_FILE ? p.value : "",
		.n = readable ? list.n : 0,
		.hops = hops_view(s, &list),
		.many_ok = session_relay_list_ok(s),
		.line = p.line,
		.edited = p.edited || p.is_new || p.removed,
		.finding = p.finding,
	};
	out->repair = repair_of(s, &list, readable, out->raw);
	nh_list_free(&list);
}

const char *
param_place(struct session *s, const char *name)
{
	struct ses_param p;

	ses_param_get(s, name, &p);
	if (p.line == 0)
		return _("main.cf, not set");
	if (p.last_line > p.line)
		return scratch_fmt(s, _("main.cf lines %u-%u"), p.line, p.last_line);
	return scratch_fmt(s, _("main.cf line %u"), p.line);
}

const char *
ses_relay_place(struct session *s)
{
	return param_place(s, NAME);
}

void
ses_relay_judge(
	struct session *s, const char *typed, bool mx, struct ses_relay_verdict *out)
{
	struct nexthop h = {0};
	struct diags d = {0};
	struct str written = {0};

	*out = (struct ses_relay_verdict){.text = "", .hint = "", .written = ""};
	out->empty = sv_trim(sv_of(typed)).n == 0 || nh_is_incomplete(sv_of(typed));
	if (out->empty)
		return;
	if (nh_from_typed(sv_of(typed), mx, &h, &d)) {
		out->good = nh_judge_mx(&h, NULL, &d);
		nh_print(&h, &written);
		out->written = arena_sv(scratch(s), str_sv(&written));
	}
	if (d.n) {
		out->sev = d.v[0].sev;
		out->text = arena_str(scratch(s), d.v[0].text);
		out->hint = d.v[0].hint ? arena_str(scratch(s), d.v[0].hint) : "";
	}
	nh_free(&h);
	str_free(&written);
	diag_clear(&d);
}

/* With the hosts, the password kept for one that is another now, and what the port needs.
 */
static bool
write_value(struct session *s, const char *value, const struct nexthops *list,
	struct diags *d)
{
	bool readable;
	struct nexthops was = parse_now(s, &readable);
	size_t mark = edit_begin(s, NAME);
	bool done = ses_param_set(s, NAME, value, d) &&
		    (!readable || login_follow(s, &was, list, d)) &&
		    tls_follow(s, &was, list, d);

	nh_list_free(&was);
	return edit_end(s, mark, done);
}

static bool
write_list(struct session *s, const struct nexthops *list, struct diags *d)
{
	struct str value = {0};
	bool done;

	if (list->n == 0)
		return ses_relay_unset(s, d);
	nh_list_print(list, &value);
	done = write_value(s, str_c(&value), list, d);
	str_free(&value);
	return done;
}

bool
ses_relay_put(struct session *s, const char *value, struct diags *d)
{
	struct nexthops list = {0};
	struct diags unused = {0};
	char *own = mem_strdup(value); /* it may be a text of the view */
	bool done = edit_allowed(s, s->files[0], d);

	if (done && nh_list_parse(sv_of(own), true, &list, NULL, &unused) && list.n)
		done = write_value(s, own, &list, d);
	else if (done)
		done = ses_param_set(s, NAME, own, d);
	nh_list_free(&list);
	diag_clear(&unused);
	free(own);
	return done;
}

static bool
refuse_second(struct session *s, const struct nexthops *list, size_t i, struct diags *d)
{
	if (i < list->n || i == 0 || session_relay_list_ok(s))
		return true;
	return diag_add(d, SEV_ERROR, DIAG_NH_LIST, NULL, _("Keep one relay host."),
		_("This Postfix takes one relay host only; with two, none of its "
		  "programs would run."));
}

/* Another host alone keeps the port that stood there. */
static void
keep_port(struct nexthop *now, const struct nexthop *was, const char *typed)
{
	if (now->port || now->service || strchr(typed, ':'))
		return;
	now->port = was->port;
	now->service = mem_strdup(was->service);
}

/* The whole value with hop i, or one more, as it was typed. */
static char *
value_as_typed(const struct nexthops *list, size_t i, const char *typed)
{
	struct str value = {0};

	for (size_t k = 0; k < list->n || k == i; k++) {
		str_add_cstr(&value, k ? ", " : "");
		if (k == i)
			str_add_cstr(&value, typed);
		else
			nh_print(&list->v[k], &value);
	}
	return str_take(&value);
}

/* Half-done work is kept, too: a text that Postfix can't read stands as it was typed, and
 * the finding of it holds the apply back. One that it would read as something else, as
 * several hosts, is refused. */
static bool
write_as_typed(struct session *s, const struct nexthops *list, size_t i,
	const char *typed, struct diags *d)
{
	char *value = value_as_typed(list, i, typed);
	struct nexthops read = {0};
	bool odd = !nh_list_parse(sv_of(value), true, &read, NULL, NULL);
	bool done = odd && ses_relay_put(s, value, d);

	nh_list_free(&read);
	free(value);
	return done;
}

bool
ses_relay_set_typed(
	struct session *s, size_t i, const char *typed, bool mx, struct diags *d)
{
	bool readable, done = false;
	struct nexthops list = parse_now(s, &readable);
	struct nexthop h = {0};
	struct diags why = {0};

	if (!readable)
		nh_list_free(&list);
	if (!refuse_second(s, &list, i, d)) {
		done = false;
	} else if (!nh_from_typed(sv_of(typed), mx, &h, &why)) {
		done = write_as_typed(s, &list, i < list.n ? i : list.n, typed, d);
		if (!done && d)
			diag_move(d, &why);
	} else {
		if (i >= list.n) {
			list.v = mem_grow(list.v, &list.cap, list.n + 1, sizeof(*list.v));
			i = list.n++;
		} else {
			keep_port(&h, &list.v[i], typed);
			nh_free(&list.v[i]);
		}
		list.v[i] = h;
		done = write_list(s, &list, d);
	}
	diag_clear(&why);
	nh_list_free(&list);
	return done;
}

/* A part of a value that can't be taken apart can't be changed: what wasn't understood
 * would be lost. */
static bool
can_change(bool readable, size_t i, const struct nexthops *list, struct diags *d)
{
	if (readable && i < list->n)
		return true;
	if (readable)
		diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, _("Type the host first."),
			_("There is no relay host to change."));
	else
		diag_add(d, SEV_ERROR, DIAG_NH_SYNTAX, NULL,
			_("Type the host anew, or mend it with r."),
			_("Postfix can't read this value, so a part of it can't be "
			  "changed."));
	return false;
}

static bool
put_port(struct nexthop *h, const char *port, struct diags *d)
{
	uint64_t n;
	struct sv v = sv_trim(sv_of(port));

	if (v.n == 0) {
		nh_set_port(h, 0);
		return true;
	}
	if (!sv_to_uint(v, 65535, &n))
		n = nh_port_of(v);
	if (n == 0)
		return diag_add(d, SEV_ERROR, DIAG_NH_PORT, NULL,
			_("Type a number such as 587."),
			_("A port is a number from 1 to 65535; with \"%s\" the whole "
			  "queue would stop."),
			port);
	nh_set_port(h, (uint16_t)n);
	return true;
}

/* No port, but it is kept behind its host all the same. */
static bool
write_odd_port(struct session *s, struct nexthops *list, size_t i, const char *port,
	struct diags *d)
{
	struct str text = {0};
	bool done;

	nh_set_port(&list->v[i], 0);
	nh_print(&list->v[i], &text);
	str_addf(&text, ":%s", port);
	done = write_as_typed(s, list, i, str_c(&text), d);
	str_free(&text);
	return done;
}

bool
ses_relay_set_port(struct session *s, size_t i, const char *port, struct diags *d)
{
	bool readable, done = false;
	struct nexthops list = parse_now(s, &readable);
	struct diags why = {0};

	if (can_change(readable, i, &list, d)) {
		if (put_port(&list.v[i], port, &why))
			done = write_list(s, &list, d);
		else
			done = write_odd_port(s, &list, i, port, d);
		if (!done && d)
			diag_move(d, &why);
	}
	diag_clear(&why);
	nh_list_free(&list);
	return done;
}

bool
ses_relay_set_mx(struct session *s, size_t i, bool mx, struct diags *d)
{
	bool readable, done = false;
	struct nexthops list = parse_now(s, &readable);

	if (can_change(readable, i, &list, d)) {
		if (list.v[i].kind == NH_NAME)
			list.v[i].bracketed = !mx;
		done = write_list(s, &list, d);
	}
	nh_list_free(&list);
	return done;
}

bool
ses_relay_remove(struct session *s, size_t i, struct diags *d)
{
	bool readable, done = false;
	struct nexthops list = parse_now(s, &readable);

	if (can_change(readable, i, &list, d)) {
		nh_free(&list.v[i]);
		memmove(&list.v[i], &list.v[i + 1], (list.n - i - 1) * sizeof(*list.v));
		list.n--;
		done = write_list(s, &list, d);
	}
	nh_list_free(&list);
	return done;
}

bool
ses_relay_move(struct session *s, size_t i, int by, struct diags *d)
{
	bool readable, done = false;
	struct nexthops list = parse_now(s, &readable);
	size_t k = i + (by > 0 ? 1 : (size_t)-1);

	if (can_change(readable, i, &list, d) && k < list.n) {
		struct nexthop h = list.v[i];

		list.v[i] = list.v[k];
		list.v[k] = h;
		done = write_list(s, &list, d);
	}
	nh_list_free(&list);
	return done;
}

/* A level that can't be skipped and that nobody knows to be the relay host's alone stays,
 * and what that means is told. */
static void
tell_strict_tls(struct session *s, struct diags *d)
{
	struct ses_tls tls;

	ses_tls_get(s, &tls);
	if (tls.strong)
		diag_add(d, SEV_WARN, DIAG_TLS_DIRECT, NULL,
			_("smtp_tls_security_level = may lets them go unencrypted."),
			_("TLS stays required (%s): mail for hosts that offer none "
			  "waits."),
			tls.level);
}

bool
ses_relay_unset(struct session *s, struct diags *d)
{
	size_t mark;
	bool done;

	if (!edit_allowed(s, s->files[0], d))
		return false;
	mark = edit_begin(s, NAME);
	done = login_drop_all(s, d) && ses_tls_set_wraps(s, false, d) &&
	       ses_param_unset(s, NAME, d) && tls_lower(s, d) && tls_take_back(s, d);
	done = edit_end(s, mark, done);
	if (done)
		tell_strict_tls(s, d);
	return done;
}
