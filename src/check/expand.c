/* SPDX-License-Identifier: MIT
 *
 * Rules over $name references. Each effective value that a program expands for certain is
 * expanded as that program would: what Postfix dies of is an error, at the value that has
 * the mistake. Then every value is looked at with all its branches, as postconf does when
 * it starts: mistakes that nothing reaches are warnings, as are names without a value.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/maincf.h"
#include "model/catalog.h"
#include "model/names.h"
#include "text/maincf.h"

#define WORK ((size_t)12 << 20) /* of all values of a run together */

struct expanding {
	struct chk_run *run;
	struct cfx_source src;
	size_t work;
	struct sv *raw; /* of each definition, once it was read */
	bool *told;     /* of each definition: its mistake was told */
};

static struct sv
raw_of(struct expanding *x, const struct chk_def *def)
{
	struct sv *raw = &x->raw[def - x->run->defs];
	struct str text = {0};

	if (raw->p)
		return *raw;
	mcf_value(x->run->d, def->id, &text);
	*raw = sv_make(arena_sv(&x->run->texts, str_sv(&text)), text.n);
	str_free(&text);
	return *raw;
}

static bool
lookup(void *ctx, struct sv name, struct sv *value)
{
	struct expanding *x = ctx;
	const struct chk_env *env = x->run->env;
	const struct chk_def *def = chk_find(x->run, name);

	if (def) {
		*value = raw_of(x, def);
		return true;
	}
	if (sv_eq_str(name, "config_directory") && env->config_dir) {
		*value = sv_of(env->config_dir);
		return true;
	}
	return env->deflt && env->deflt(env->ctx, name, value);
}

bool
chk_is_legacy(struct sv name)
{
	static const char *const names[] = {"virtual_maps", "fallback_relay",
		"authorized_verp_clients", "smtpd_client_connection_limit_exceptions",
		"postscreen_dnsbl_ttl", "postscreen_blacklist_action",
		"postscreen_dnsbl_whitelist_threshold", "postscreen_whitelist_interfaces",
		"lmtp_per_record_deadline", "smtp_per_record_deadline",
		"smtpd_per_record_deadline", "tlsproxy_client_level",
		"tlsproxy_client_policy"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sv_eq_str(name, names[i]))
			return true;
	return false;
}

/* Nobody gives this name a value, as far as anybody can tell; what a service of master.cf
 * brings along (NAME_destination_recipient_limit) isn't among the defaults. */
static bool
is_undefined(void *ctx, struct sv name)
{
	const struct expanding *x = ctx;
	const struct chk_env *env = x->run->env;

	if (chk_is_legacy(name) ||
		(env->known_name && env->known_name(env->known_ctx, name)))
		return false;
	if (!cat_is_known_name(name))
		return true;
	for (size_t i = 0; i < names_endings_count; i++)
		if (sv_ends(name, names_endings[i]))
			return false;
	return env->defaults_known;
}

/* The place of byte off of a definition's logical value. */
static struct diag_loc
place(const struct chk_run *run, const struct chk_def *def, size_t off)
{
	struct diag_loc loc = chk_loc(run, def);
	uint32_t line;

	mcf_value_place(run->d, def->id, off, &line, &loc.col);
	loc.line += line;
	return loc;
}

static void
tell_fault(struct expanding *x, const struct chk_def *def, const struct cfx_report *rep,
	bool fatal)
{
	const struct chk_def *at = def;
	size_t off = rep->off;
	struct diag_loc loc;
	char *name, *where;

	if (rep->in.n && rep->fault != CFX_LOOP && chk_find(x->run, str_sv(&rep->in))) {
		at = chk_find(x->run, str_sv(&rep->in));
		off = rep->in_off;
	}
	if (x->told[at - x->run->defs])
		return;
	x->told[at - x->run->defs] = true;
	name = sv_dup(def->name);
	where = sv_dup(at->name);
	loc = place(x->run, at, off);
	loc.param = where;
	(void)cfx_tell(rep, name, fatal, &loc, x->run->out);
	free(where);
	free(name);
}

static void
tell_undefined(
	struct expanding *x, const struct chk_def *def, const struct cfx_undefined *u)
{
	struct diag_loc loc = place(x->run, def, u->off);
	const char *nearest = cat_nearest_name(sv_of(u->name));
	char *hint = nearest ? str_format(_("Did you mean %s?"), nearest)
			     : str_format("%s", _("Look at how the name is spelt."));
	char *name = sv_dup(def->name);

	loc.param = name;
	diag_add(x->run->out, SEV_WARN, DIAG_CF_UNDEFINED, &loc, hint,
		_("$%s is empty: neither main.cf nor Postfix gives it a value."),
		u->name);
	free(name);
	free(hint);
}

/* A class of restrictions is read by smtpd like a parameter. */
static bool
is_class(struct sv classes, struct sv name)
{
	struct sv word;

	while (sv_token(&classes, ", \t\r\n", &word))
		if (sv_eq(word, name))
			return true;
	return false;
}

static bool
is_read(const struct chk_run *run, struct sv classes, struct sv name)
{
	if (cat_is_known_name(name) || is_class(classes, name))
		return true;
	return run->env->known_name && run->env->known_name(run->env->known_ctx, name);
}

static bool
has_references(const struct chk_run *run, const struct chk_def *def)
{
	struct sv text = doc_text(run->d, def->id);

	return def->last && memchr(text.p, '$', text.n) && !cfx_is_raw(def->name);
}

static void
expand_one(struct expanding *x, const struct chk_def *def)
{
	struct cfx_report rep = {0};
	struct str out = {0};

	(void)cfx_expand_report(raw_of(x, def), &x->src, &out, &rep);
	if (rep.fault != CFX_FINE)
		tell_fault(x, def, &rep, true);
	cfx_report_free(&rep);
	str_free(&out);
}

static void
scan_one(struct expanding *x, const struct chk_def *def)
{
	struct cfx_report rep = {0};

	(void)cfx_scan(raw_of(x, def), &x->src, &rep);
	if (rep.fault != CFX_FINE)
		tell_fault(x, def, &rep, false);
	for (size_t i = 0; i < rep.n; i++)
		if (rep.undefined[i].name[0])
			tell_undefined(x, def, &rep.undefined[i]);
	cfx_report_free(&rep);
}

void
rule_references(struct chk_run *run)
{
	struct sv classes = chk_value_of(run, "smtpd_restriction_classes");
	struct expanding x = {.run = run, .work = WORK};

	x.src = (struct cfx_source){.lookup = lookup,
		.undefined = is_undefined,
		.ctx = &x,
		.version = run->env->version,
		.work = &x.work};
	x.told = mem_new(run->ndefs + 1, sizeof(*x.told));
	x.raw = mem_new(run->ndefs + 1, sizeof(*x.raw));
	for (size_t i = 0; i < run->ndefs; i++)
		if (has_references(run, &run->defs[i]) &&
			is_read(run, classes, run->defs[i].name))
			expand_one(&x, &run->defs[i]);
	for (size_t i = 0; i < run->ndefs; i++)
		if (has_references(run, &run->defs[i]))
			scan_one(&x, &run->defs[i]);
	free(x.told);
	free(x.raw);
}

/* --- a value while it is typed */

struct typed {
	struct sv name, value;
};

static bool
typed_lookup(void *ctx, struct sv name, struct sv *value)
{
	const struct typed *t = ctx;

	*value = t->value;
	return sv_eq(name, t->name);
}

bool
chk_typed_references(
	struct sv name, struct sv value, const struct chk_env *env, struct diags *diags)
{
	struct typed t = {name, value};
	size_t work = WORK;
	struct cfx_source src = {.lookup = typed_lookup,
		.ctx = &t,
		.version = env->version,
		.work = &work};
	struct diag_loc loc = {.file = env->file};
	struct cfx_report rep = {0};
	struct str out = {0};
	bool dies, fine;
	char *text;

	if (!value.n || !memchr(value.p, '$', value.n) || cfx_is_raw(name))
		return true;
	(void)cfx_expand_report(value, &src, &out, &rep);
	dies = rep.fault != CFX_FINE;
	fine = !dies && cfx_scan(value, &src, &rep);
	text = sv_dup(name);
	loc.param = text;
	if (!fine)
		(void)cfx_tell(&rep, text, dies && cat_is_known_name(name), &loc, diags);
	free(text);
	cfx_report_free(&rep);
	str_free(&out);
	return fine;
}
