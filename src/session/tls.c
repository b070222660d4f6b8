/* SPDX-License-Identifier: MIT
 *
 * TLS to the relay host. A login and port 465 want TLS that can't be skipped; the level
 * that stood before is remembered, so that it comes back when nothing needs that any
 * more, and forgotten as soon as a person chooses a level.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/tlslevel.h"
#include "session/login_view.h"
#include "text/maincf.h"

static const char *const LEVEL = "smtp_tls_security_level";
static const char *const WRAPS = "smtp_tls_wrappermode";
static const char *const CA_FILE = "smtp_tls_CAfile";
static const char *const CA_PATH = "smtp_tls_CApath";

const char *
ses_tls_words(const char *level)
{
	static const char *const words[][2] = {{"", N_("none")}, {"none", N_("none")},
		{"may", N_("if offered")}, {"encrypt", N_("required")},
		{"secure", N_("required, certificate checked")}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sv_eq_fold(sv_of(level), sv_of(words[i][0])))
			return _(words[i][1]);
	return NULL;
}

/* Before smtp_tls_security_level there were two switches; an empty level leaves it to
 * them. */
static const char *
level_now(struct session *s)
{
	const char *level = effective(s, LEVEL);

	if (level[0])
		return level;
	if (effective_yes(s, "smtp_enforce_tls"))
		return "encrypt";
	return effective_yes(s, "smtp_use_tls") ? "may" : "";
}

static bool
is_edited(struct session *s, const char *name)
{
	struct ses_param p;

	(void)ses_param_get(s, name, &p);
	return p.edited || p.is_new || p.removed;
}

void
ses_tls_get(struct session *s, struct ses_tls *out)
{
	*out = (struct ses_tls){
		.level = level_now(s),
		.wraps = effective_yes(s, WRAPS),
		.ca = effective(s, CA_FILE),
		.level_edited = is_edited(s, LEVEL),
		.wraps_edited = is_edited(s, WRAPS),
		.ca_edited = is_edited(s, CA_FILE),
	};
	out->strong = tls_is_strong(sv_of(out->level));
	if (!out->ca[0])
		out->ca = effective(s, CA_PATH);
}

/* --- raising and lowering --- */

static void
forget(struct session *s)
{
	free(s->level_before);
	s->level_before = NULL;
	s->level_raised = false;
}

bool
tls_raise(struct session *s, struct diags *d)
{
	uint32_t id = mcf_find(main_cf(s), sv_of(LEVEL));
	struct str value = {0};

	if (tls_is_strong(sv_of(level_now(s))))
		return true;
	forget(s);
	s->level_raised = true;
	if (id != DOC_NO_ID) {
		mcf_value(main_cf(s), id, &value);
		str_add_cstr(&value, "");
		s->level_before = str_take(&value);
	}
	return ses_param_set(s, LEVEL, "encrypt", d);
}

bool
tls_lower(struct session *s, struct diags *d)
{
	char *before = s->level_before;
	bool done = true;

	if (!s->level_raised || effective_yes(s, WRAPS) || login_is_on(s))
		return true;
	s->level_before = NULL;
	if (strcmp(effective(s, LEVEL), "encrypt") == 0)
		done = before ? ses_param_set(s, LEVEL, before, d)
			      : ses_param_unset(s, LEVEL, d);
	free(before);
	forget(s);
	return done;
}

/* --- certificates --- */

static const char *
system_roots(struct session *s)
{
	static const char *const paths[] = {"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (fs_has(&s->world.fs, paths[i]))
			return paths[i];
	return NULL;
}

static bool
need_roots(struct session *s, const char *level, struct diags *d)
{
	const char *roots = system_roots(s);

	if (tls_wants_roots(sv_of(level))) {
		if (!roots || effective(s, CA_FILE)[0] || effective(s, CA_PATH)[0] ||
			effective_yes(s, "tls_append_default_CA") ||
			effective(s, "smtp_tls_trust_anchor_file")[0])
			return true;
		return ses_param_set(s, CA_FILE, roots, d);
	}
	/* Written for the level that is left, in this session. */
	if (roots && is_edited(s, CA_FILE) && strcmp(effective(s, CA_FILE), roots) == 0)
		return take_back(s, CA_FILE, d);
	return true;
}

/* As it was in the file when there was no relay host, where that is known. */
static bool
give_back(struct session *s, const char *name, bool *known, struct diags *d)
{
	struct arena a = {0};
	const char *was;
	bool done = true;

	*known = !is_edited(s, name) && relay_param_before(s, &a, name, &was);
	if (*known && was)
		done = ses_param_set(s, name, was, d);
	else if (*known && mcf_find(main_cf(s), sv_of(name)) != DOC_NO_ID)
		done = ses_param_unset(s, name, d);
	arena_free(&a);
	return done;
}

static bool
is_strict(struct session *s)
{
	return tls_is_strong(sv_of(level_now(s)));
}

/* What waits to be applied for the relay host goes with it, and so does what was applied
 * for it. What the files had otherwise may be meant for other hosts, too. */
bool
tls_take_back(struct session *s, struct diags *d)
{
	bool known;

	if (is_strict(s) && is_edited(s, LEVEL)) {
		forget(s);
		if (!take_back(s, LEVEL, d) ||
			(!is_strict(s) && !need_roots(s, level_now(s), d)))
			return false;
	}
	if (!is_strict(s))
		return true;
	return give_back(s, LEVEL, &known, d) &&
	       (!known || tls_wants_roots(sv_of(level_now(s))) ||
		       give_back(s, CA_FILE, &known, d));
}

/* --- edits --- */

static bool
set_level(struct session *s, const char *level, struct diags *d)
{
	forget(s);
	return put_value(s, LEVEL, level, d) && need_roots(s, level, d) &&
	       (!login_is_on(s) || login_allow_plain(s, d));
}

bool
ses_tls_set_level(struct session *s, const char *level, struct diags *d)
{
	size_t mark;

	if (!edit_allowed(s, s->files[0], d))
		return false;
	if (!tls_is_level(sv_of(level)))
		return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
			_("Levels are none, may, encrypt, dane, dane-only, fingerprint, "
			  "verify and secure."),
			_("No mail would leave: Postfix has no TLS level \"%s\"."),
			level);
	mark = edit_begin(s, _("TLS to the relay host"));
	return edit_end(s, mark, set_level(s, level, d));
}

static bool
set_wraps(struct session *s, bool on, struct diags *d)
{
	if (on)
		return put_value(s, WRAPS, "yes", d) && tls_raise(s, d);
	if (!effective_yes(s, WRAPS))
		return true;
	if (loaded_yes(s, WRAPS)
			? !ses_param_unset(s, WRAPS, d) || !put_value(s, WRAPS, "no", d)
			: !take_back(s, WRAPS, d))
		return false;
	return tls_lower(s, d);
}

bool
ses_tls_set_wraps(struct session *s, bool on, struct diags *d)
{
	size_t mark;

	if (!edit_allowed(s, s->files[0], d))
		return false;
	mark = edit_begin(s, _("TLS from the first byte"));
	return edit_end(s, mark, set_wraps(s, on, d));
}

bool
ses_tls_set_ca(struct session *s, const char *path, struct diags *d)
{
	if (path[0])
		return ses_param_set(s, CA_FILE, path, d);
	return mcf_find(main_cf(s), sv_of(CA_FILE)) == DOC_NO_ID ||
	       ses_param_unset(s, CA_FILE, d);
}

/* --- the port --- */

static bool
has_port_465(const struct nexthops *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (nh_port(&list->v[i]) == 465)
			return true;
	return false;
}

/* Old versions can't do it and ignore the name; a rule says so. */
static bool
can_wrap(struct session *s)
{
	struct sv unused;

	return !s->asked[SES_ASK_DEFAULTS].ok || default_of(s, WRAPS, &unused);
}

bool
tls_follow(struct session *s, const struct nexthops *was, const struct nexthops *now,
	struct diags *d)
{
	bool before = has_port_465(was), after = has_port_465(now);

	if (before == after || (after && !can_wrap(s)))
		return true;
	return set_wraps(s, after, d);
}
