/* SPDX-License-Identifier: MIT
 *
 * Values with their $name references filled in, as postconf -x would: from the file as it
 * is edited now, then from Postfix's defaults where they have been asked for. Three
 * defaults follow the file, which postconf -d doesn't read: mydomain, myhostname and
 * mynetworks.
 */
#include "session/internal.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "model/cfexpr.h"
#include "model/names.h"
#include "text/maincf.h"

#define NO_DOMAIN "localdomain" /* Postfix's mydomain of a name without a dot */

struct looking {
	struct session *s;
	struct arena *texts;
	bool before; /* in the file as it was loaded */
};

static const char *
value_of(struct looking *l, struct sv name)
{
	uint32_t id = mcf_find(main_cf(l->s), name);
	struct str text = {0};
	const char *value;

	if (l->before)
		return param_before(l->s, l->texts, arena_sv(l->texts, name));
	if (id == DOC_NO_ID)
		return NULL;
	mcf_value(main_cf(l->s), id, &text);
	value = arena_sv(l->texts, str_sv(&text));
	str_free(&text);
	return value;
}

static bool
from_file(struct looking *l, struct sv name, struct sv *value)
{
	const char *text = value_of(l, name);

	if (text) {
		*value = sv_of(text);
		return true;
	}
	if (!sv_eq_str(name, "config_directory"))
		return false;
	*value = sv_of(l->s->config_dir);
	return true;
}

static bool
file_lookup(void *ctx, struct sv name, struct sv *value)
{
	return from_file(ctx, name, value);
}

static bool
always(void *ctx, struct sv name)
{
	(void)ctx;
	(void)name;
	return true;
}

/* Postfix makes its own name and domain before it has any default: a name that isn't in
 * the file is empty then. NULL: can't tell. */
static const char *
early_value(struct looking *l, const char *name)
{
	struct cfx_source src = {.lookup = file_lookup, .undefined = always, .ctx = l};
	struct str out = {0};
	const char *kept = NULL;
	struct sv raw;

	if (from_file(l, sv_of(name), &raw) && cfx_expand(raw, &src, &out) == CFX_OK)
		kept = arena_sv(l->texts, str_sv(&out));
	str_free(&out);
	return kept;
}

static bool
default_myhostname(struct looking *l, struct sv *value)
{
	const char *domain;
	struct sv unused;

	if (!default_of(l->s, "myhostname", value))
		return false;
	if (strchr(l->s->hostname, '.') || !from_file(l, sv_of("mydomain"), &unused) ||
		sv_find(*value, '.') < 0)
		return true;
	domain = early_value(l, "mydomain");
	if (!domain)
		return false;
	*value = sv_of(arena_fmt(l->texts, "%s.%s", l->s->hostname, domain));
	return true;
}

static bool
default_mydomain(struct looking *l, struct sv *value)
{
	struct sv host;
	ptrdiff_t dot;

	if (from_file(l, sv_of("myhostname"), &host))
		host = sv_of(early_value(l, "myhostname"));
	else if (!default_myhostname(l, &host))
		return false;
	if (!host.p)
		return false;
	dot = sv_find(host, '.');
	*value = dot < 0 ? sv_of(NO_DOMAIN) : sv_sub(host, (size_t)dot + 1, host.n);
	return true;
}

static bool
default_lookup(struct looking *l, struct sv name, struct sv *value)
{
	char text[128];

	if (sv_eq_str(name, "mydomain"))
		return default_mydomain(l, value);
	if (sv_eq_str(name, "myhostname"))
		return default_myhostname(l, value);
	if (sv_eq_str(name, "mynetworks")) {
		*value = sv_of(l->s->derived);
		return l->s->derived != NULL;
	}
	if (name.n >= sizeof(text))
		return false;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	return default_of(l->s, text, value);
}

/* What a program sets itself, whatever the file says. */
static bool
is_programs_own(struct sv name)
{
	return sv_eq_str(name, "process_name") || sv_eq_str(name, "process_id") ||
	       sv_eq_str(name, "service_name");
}

static bool
lookup(void *ctx, struct sv name, struct sv *value)
{
	struct looking *l = ctx;

	if (is_programs_own(name)) {
		*value = sv_of(sv_eq_str(name, "process_name") ? "postconf" : "");
		return !sv_eq_str(name, "process_id");
	}
	return from_file(l, name, value) || default_lookup(l, name, value);
}

/* Of a name without value: only with the defaults at hand; and what master.cf's services
 * bring (NAME_destination_recipient_limit) isn't among them. */
static bool
is_undefined(void *ctx, struct sv name)
{
	const struct looking *l = ctx;

	if (!l->s->ndefaults || is_programs_own(name) || sv_eq_str(name, "mydomain") ||
		sv_eq_str(name, "myhostname") || sv_eq_str(name, "mynetworks"))
		return false;
	for (size_t i = 0; i < names_endings_count; i++)
		if (sv_ends(name, names_endings[i]))
			return false;
	return true;
}

unsigned
session_version(const struct session *s)
{
	struct sv rest = sv_of(s->version), major, minor;
	uint64_t a, b;

	if (!sv_token(&rest, ".", &major) || !sv_token(&rest, ".-", &minor) ||
		!sv_to_uint(major, 99, &a) || !sv_to_uint(minor, 99, &b))
		return 0;
	return (unsigned)(a * 100 + b);
}

static enum cfx_result
expand(struct looking *l, struct sv raw, struct str *out, struct cfx_report *rep)
{
	struct cfx_source src = {.lookup = lookup,
		.undefined = is_undefined,
		.ctx = l,
		.version = session_version(l->s)};

	return cfx_expand_report(raw, &src, out, rep);
}

enum cfx_result
expand_value(struct session *s, struct sv raw, struct str *out)
{
	struct arena texts = {0};
	struct looking l = {s, &texts, false};
	enum cfx_result r = expand(&l, raw, out, NULL);

	arena_free(&texts);
	return r;
}

enum cfx_result
expand_before(struct session *s, struct sv raw, struct str *out)
{
	struct arena texts = {0};
	struct looking l = {s, &texts, true};
	enum cfx_result r = expand(&l, raw, out, NULL);

	arena_free(&texts);
	return r;
}

bool
default_now(struct session *s, struct sv name, struct sv *value)
{
	struct looking l = {s, scratch(s), false};

	return default_lookup(&l, name, value);
}

/* As postconf prints it: runs of blanks are one. */
static const char *
shown(struct session *s, struct sv value)
{
	struct str out = {0};
	struct sv word;
	const char *kept;

	while (sv_token(&value, " \t\r\n", &word)) {
		if (out.n)
			str_add_char(&out, ' ');
		str_add_sv(&out, word);
	}
	kept = arena_sv(scratch(s), str_sv(&out));
	str_free(&out);
	return kept;
}

/* Where in main.cf a mistake in the value of name, or of one it refers to, is. */
static struct diag_loc
place(struct session *s, const char *name, const struct cfx_report *rep)
{
	struct diag_loc loc = {.file = s->files[0]->path, .param = name};
	bool inner = rep->in.n > 0 && rep->fault != CFX_LOOP;
	uint32_t id = mcf_find(main_cf(s), inner ? str_sv(&rep->in) : sv_of(name)), line;

	if (id == DOC_NO_ID)
		return loc;
	mcf_value_place(main_cf(s), id, inner ? rep->in_off : rep->off, &line, &loc.col);
	loc.line = doc_line_now(main_cf(s), id) + line;
	loc.entry = id + 1;
	return loc;
}

static void
tell(struct session *s, const char *name, const struct cfx_report *rep, struct diags *d)
{
	struct diag_loc loc = {.file = s->files[0]->path, .param = name};

	if (rep->fault != CFX_FINE) {
		loc = place(s, name, rep);
		(void)cfx_tell(rep, name, true, &loc, d);
		return;
	}
	for (size_t i = 0; i < rep->n; i++)
		diag_add(d, SEV_WARN, DIAG_CF_UNDEFINED, &loc,
			_("Look at how the name is spelt."),
			_("$%s is empty: neither main.cf nor Postfix gives it a value."),
			rep->undefined[i].name);
}

const char *
ses_param_expand(struct session *s, const char *name, struct diags *d)
{
	struct arena texts = {0};
	struct looking l = {s, &texts, false};
	struct cfx_report rep = {0};
	const char *kept = NULL;
	struct str out = {0};
	struct sv raw;

	if (lookup(&l, sv_of(name), &raw)) {
		if (cfx_is_raw(sv_of(name)))
			kept = shown(s, raw);
		else if (expand(&l, raw, &out, &rep) == CFX_OK)
			kept = shown(s, str_sv(&out));
	}
	tell(s, name, &rep, d);
	cfx_report_free(&rep);
	str_free(&out);
	arena_free(&texts);
	return kept;
}

const char *
ses_param_expanded(struct session *s, const char *name)
{
	return ses_param_expand(s, name, NULL);
}
