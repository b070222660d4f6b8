/* SPDX-License-Identifier: MIT
 *
 * Edits of the login: the row in the password table, and the parameters without which
 * Postfix wouldn't use it. Each is one undo over both files. Texts of the views go with
 * the first edit, so what is needed longer is copied.
 */
#include "session/login_view.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "text/maincf.h"
#include "text/table.h"

static const char *const ENABLE = "smtp_sasl_auth_enable";
static const char *const MAPS = "smtp_sasl_password_maps";
static const char *const OPTIONS = "smtp_sasl_security_options";
static const char *const TLS_OPTIONS = "smtp_sasl_tls_security_options";
static const char *const PLAIN_OK = "noanonymous";

/* --- parameters --- */

bool
loaded_yes(struct session *s, const char *name)
{
	struct arena a = {0};
	const char *was = param_before(s, &a, name);
	bool yes = was && sv_eq_fold(sv_of(was), sv_of("yes"));

	arena_free(&a);
	return yes;
}

/* An empty word is the "no" and the "none" of Postfix. */
static bool
is_same(struct sv a, const char *b)
{
	return a.n ? sv_eq_fold(a, sv_of(b))
		   : !b[0] || strcmp(b, "no") == 0 || strcmp(b, "none") == 0;
}

bool
take_back(struct session *s, const char *name, struct diags *d)
{
	struct arena a = {0};
	const char *was = param_before(s, &a, name);
	bool done = true;

	if (was)
		done = ses_param_set(s, name, was, d);
	else if (mcf_find(main_cf(s), sv_of(name)) != DOC_NO_ID)
		done = ses_param_unset(s, name, d);
	arena_free(&a);
	return done;
}

bool
put_value(struct session *s, const char *name, const char *value, struct diags *d)
{
	struct arena a = {0};
	const char *was;
	struct sv before = sv_of("");
	bool loaded;

	if (is_same(sv_of(effective(s, name)), value))
		return true;
	was = param_before(s, &a, name);
	if (was)
		before = sv_of(was);
	else
		(void)default_of(s, name, &before);
	loaded = is_same(before, value);
	arena_free(&a);
	return loaded ? take_back(s, name, d) : ses_param_set(s, name, value, d);
}

/* --- login methods --- */

/* The list without the word that forbids PLAIN and LOGIN; false: it isn't in it. */
static bool
without_noplaintext(const char *list, struct str *out)
{
	struct sv rest = sv_of(list), word;
	bool found = false;

	while (sv_token(&rest, ", \t\r\n", &word)) {
		if (sv_eq_fold(word, sv_of("noplaintext")))
			found = true;
		else
			str_addf(out, "%s%.*s", out->n ? ", " : "", (int)word.n, word.p);
	}
	if (out->n == 0)
		str_add_cstr(out, PLAIN_OK);
	return found;
}

static bool
allow(struct session *s, const char *name, struct diags *d)
{
	const char *now = ses_param_expanded(s, name);
	struct str list = {0};
	bool done = true;

	/* The default can't be asked of a Postfix that isn't here; it forbids them. */
	if (!now || without_noplaintext(now, &list))
		done = ses_param_set(s, name, list.n ? str_c(&list) : PLAIN_OK, d);
	str_free(&list);
	return done;
}

/* What stands there only for a login, in this session, goes. */
static bool
not_needed(struct session *s, const char *name, struct diags *d)
{
	return strcmp(effective(s, name), PLAIN_OK) != 0 || take_back(s, name, d);
}

/* Where TLS is spoken the list for TLS is enough: no password goes in the clear. */
bool
login_allow_plain(struct session *s, struct diags *d)
{
	struct ses_tls tls;

	ses_tls_get(s, &tls);
	(void)ses_wait(s, SES_ASK_DEFAULTS, NULL);
	if (!tls.level[0] || strcmp(tls.level, "none") == 0)
		return not_needed(s, TLS_OPTIONS, d) && allow(s, OPTIONS, d);
	return not_needed(s, OPTIONS, d) && allow(s, TLS_OPTIONS, d);
}

/* --- where a new row goes --- */

static bool
has_type(const struct session *s, const char *type)
{
	for (size_t i = 0; s->types && s->types[i]; i++)
		if (strcmp(s->types[i], type) == 0)
			return true;
	return !s->types;
}

static const char *
type_to_use(struct session *s)
{
	static const char *const others[] = {"lmdb", "hash", "cdb", "btree", "texthash"};
	const char *usual;

	(void)ses_wait(s, SES_ASK_DEFAULTS, NULL);
	(void)ses_wait(s, SES_ASK_TYPES, NULL);
	usual = effective(s, "default_database_type");
	if (usual[0] && has_type(s, usual) && plan_type_is_built(sv_of(usual)))
		return usual;
	for (size_t i = 0; s->types && i < sizeof(others) / sizeof(others[0]); i++)
		if (has_type(s, others[i]))
			return others[i];
	return "hash";
}

static bool
only_other_kinds(const struct login_maps *m, struct diags *d)
{
	const char *type = m->value;

	return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
		_("Change it where it is kept, or remove smtp_sasl_password_maps "
		  "(Parameters) to keep it in a file."),
		_("The login is not kept in a text file (%.*s), so it can't be changed "
		  "here."),
		(int)strcspn(type, ":"), type);
}

/* The table for a new row; where none is named, the usual one is from now on. */
static struct ses_file *
file_for_new(struct session *s, struct login_maps *m, struct diags *d)
{
	char *value;
	bool done;

	if (m->n)
		return m->v[0];
	if (m->value[0]) {
		only_other_kinds(m, d);
		return NULL;
	}
	value = str_format("%s:$config_directory/sasl_passwd", type_to_use(s));
	done = ses_param_set(s, MAPS, value, d);
	free(value);
	if (!done)
		return NULL;
	login_maps_of(s, m);
	return m->n ? m->v[0] : NULL;
}

/* --- setting --- */

static bool
has_control(struct sv text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f)
			return true;
	return false;
}

bool
ses_login_judge_user(const char *user, struct diags *d)
{
	struct sv v = sv_of(user);

	if (v.n && sv_trim(v).n == v.n && sv_find(v, ':') < 0 && !has_control(v))
		return true;
	return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
		_("Type the name that your provider gave you for sending mail."),
		v.n ? _("The user would be cut: no \":\" and no blank at an end can be "
			"stored.")
		    : _("A login needs a user."));
}

bool
ses_login_judge_password(const char *password, struct diags *d)
{
	struct sv v = sv_of(password);

	if (v.n && sv_trim(v).n == v.n && !has_control(v))
		return true;
	return diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
		_("Type the password that your provider gave you for sending mail."),
		v.n ? _("The password would be cut: no blank at an end and no control "
			"sign can be stored.")
		    : _("A login needs a password."));
}

static bool
is_this_machine(const struct nexthop *h)
{
	return sv_starts(sv_of(h->host), "127.") || strcmp(h->host, "::1") == 0 ||
	       sv_eq_fold(sv_of(h->host), sv_of("localhost"));
}

/* USER:PASSWORD from what is new and what is stored. */
static void
make_value(const struct login_row *row, const char *user, const char *password,
	struct str *out)
{
	struct str old = {0};
	struct sv v;
	ptrdiff_t colon;

	if (row->file)
		tbl_value(&row->file->doc, row->id, &old);
	v = str_sv(&old);
	colon = sv_find(v, ':');
	str_add_sv(
		out, user ? sv_of(user) : sv_sub(v, 0, colon < 0 ? v.n : (size_t)colon));
	str_add_char(out, ':');
	if (password)
		str_add_cstr(out, password);
	else if (colon >= 0)
		str_add_sv(out, sv_sub(v, (size_t)colon + 1, v.n));
	str_wipe(&old);
}

static bool
put_row(struct session *s, const char *text, const struct nexthop *h, struct sv value,
	struct diags *d)
{
	struct login_maps m;
	struct login_row row;
	struct ses_file *f;
	struct doc *doc;

	login_maps_of(s, &m);
	login_find(&m, text, h, &row);
	f = row.file ? row.file : file_for_new(s, &m, d);
	if (!f || !edit_allowed(s, f, d))
		return false;
	doc = &f->doc;
	if (row.file && !row.fits && !tbl_rename(doc, row.id, sv_of(text)))
		return false;
	return tbl_set(doc, row.fits ? tbl_key(doc, row.id) : sv_of(text), value) !=
	       DOC_NO_ID;
}

static bool
set_login(struct session *s, const char *text, const struct nexthop *h, struct sv value,
	struct diags *d)
{
	bool was_on = login_is_on(s);

	return put_row(s, text, h, value, d) && put_value(s, ENABLE, "yes", d) &&
	       (was_on || is_this_machine(h) || tls_raise(s, d)) &&
	       login_allow_plain(s, d);
}

static bool
no_host(struct diags *d)
{
	return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, _("Type the host first."),
		_("There is no relay host to log in at."));
}

bool
login_asks_tls(struct session *s, struct diags *d)
{
	struct nexthop h = {0};
	const char *shown;

	if (!login_host(s, 0, &shown, &h))
		return no_host(d);
	bool done = login_is_on(s) || is_this_machine(&h) || tls_raise(s, d);
	nh_free(&h);
	return done;
}

bool
ses_login_set(struct session *s, const char *user, const char *password, struct diags *d)
{
	struct login_maps m;
	struct login_row row;
	struct nexthop h = {0};
	struct str value = {0};
	const char *shown;
	char *text;
	bool done;
	size_t mark;

	if ((user && !ses_login_judge_user(user, d)) ||
		(password && !ses_login_judge_password(password, d)) ||
		!edit_allowed(s, s->files[0], d))
		return false;
	if (!login_host(s, 0, &shown, &h))
		return no_host(d);
	text = mem_strdup(shown);
	login_maps_of(s, &m);
	login_find(&m, text, &h, &row);
	make_value(&row, user, password, &value);
	mark = edit_begin(s, _("login at the relay host"));
	done = edit_end(s, mark, set_login(s, text, &h, str_sv(&value), d));
	str_wipe(&value);
	free(text);
	nh_free(&h);
	return done;
}

/* --- taking it away --- */

/* Off as it was before this session, or for good. */
static bool
drop_param(struct session *s, const char *name, bool was_on, struct diags *d)
{
	if (was_on && mcf_find(main_cf(s), sv_of(name)) != DOC_NO_ID)
		return ses_param_unset(s, name, d);
	return was_on || take_back(s, name, d);
}

/* A list that was changed for the login only. */
static bool
drop_options(struct session *s, const char *name, bool was_on, struct diags *d)
{
	return drop_param(
		s, name, was_on && strcmp(effective(s, name), PLAIN_OK) == 0, d);
}

static bool
drop_params(struct session *s, struct diags *d)
{
	struct login_maps m;
	bool was_on = loaded_yes(s, ENABLE);

	login_maps_of(s, &m);
	if (was_on && m.n && (m.others || login_count_rows(&m) > 0))
		return true; /* for other hosts */
	return drop_param(s, ENABLE, was_on, d) && drop_param(s, MAPS, was_on, d) &&
	       drop_options(s, TLS_OPTIONS, was_on, d) &&
	       drop_options(s, OPTIONS, was_on, d);
}

/* All of them: Postfix would find the next one, and a key that it doesn't find is of no
 * use without a login. */
static bool
drop_rows(struct session *s, size_t i, struct diags *d)
{
	struct login_maps m;
	struct login_row row;
	struct nexthop h = {0};
	const char *text;
	bool done = true;

	if (!login_host(s, i, &text, &h))
		return true;
	login_maps_of(s, &m);
	for (login_find(&m, text, &h, &row); done && row.file;
		login_find(&m, text, &h, &row)) {
		done = edit_allowed(s, row.file, d);
		if (done)
			tbl_remove(&row.file->doc, row.id, false);
	}
	nh_free(&h);
	return done;
}

/* Other kinds of tables stay, and may have a password for every host. */
static void
tell_others(struct session *s, struct diags *d)
{
	struct login_maps m;

	login_maps_of(s, &m);
	if (m.others && effective_yes(s, ENABLE))
		diag_add(d, SEV_WARN, DIAG_USAGE, NULL,
			_("smtp_sasl_auth_enable = no (Parameters) ends every login."),
			_("Postfix may still log in: smtp_sasl_password_maps names a "
			  "table that can't be changed here."));
}

bool
ses_login_off(struct session *s, struct diags *d)
{
	size_t mark;
	bool done;

	if (!edit_allowed(s, s->files[0], d))
		return false;
	mark = edit_begin(s, _("no login at the relay host"));
	done = edit_end(
		s, mark, drop_rows(s, 0, d) && drop_params(s, d) && tls_lower(s, d));
	if (done)
		tell_others(s, d);
	return done;
}

bool
login_drop_all(struct session *s, struct diags *d)
{
	struct nexthop h = {0};
	const char *text;
	bool done = true;

	for (size_t i = 0; done && login_host(s, i, &text, &h); i++) {
		nh_free(&h);
		done = drop_rows(s, i, d);
	}
	return done && (!effective_yes(s, ENABLE) || drop_params(s, d));
}

/* --- the key --- */

/* Put another key in the place of this one, unless there is such a row already. */
static bool
rename_row(
	struct session *s, const struct login_row *row, const char *to, struct diags *d)
{
	return edit_allowed(s, row->file, d) &&
	       (tbl_rename(&row->file->doc, row->id, sv_of(to)) ||
		       diag_add(d, SEV_ERROR, DIAG_NH_SYNTAX, NULL, NULL,
			       _("\"%s\" can't be the key of a password."), to));
}

bool
login_rename(struct session *s, const char *from, const char *to, struct diags *d)
{
	struct login_maps m;

	login_maps_of(s, &m);
	for (size_t i = 0; i < m.n; i++) {
		struct login_row row = {
			m.v[i], tbl_find(&m.v[i]->doc, sv_of(from)), false};

		if (row.id != DOC_NO_ID)
			return rename_row(s, &row, to, d);
	}
	return false;
}

bool
ses_login_mend(struct session *s, struct diags *d)
{
	struct ses_login now;
	char *from, *to;
	size_t mark;
	bool done;

	ses_login_get(s, &now);
	if (!now.stored || now.fits)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("Nothing here is to be mended."));
	from = mem_strdup(now.key);
	to = mem_strdup(now.host);
	mark = edit_begin(s, _("password kept for the relay host"));
	done = edit_end(s, mark, login_rename(s, from, to, d));
	free(from);
	free(to);
	return done;
}

static bool
has_hop(const struct nexthops *list, const struct nexthop *h)
{
	for (size_t i = 0; i < list->n; i++)
		if (nh_equal(&list->v[i], h))
			return true;
	return false;
}

/* Only a row under this host's whole text, or under the name of a host that is another
 * one now, goes along; and no other login is overwritten. */
static bool
follow_one(struct session *s, const struct nexthop *was, const struct nexthop *now,
	struct diags *d)
{
	struct str old = {0}, new = {0};
	struct login_maps m;
	struct login_row row, there;
	bool done = true;

	nh_print(was, &old);
	nh_print(now, &new);
	login_maps_of(s, &m);
	login_find(&m, str_c(&old), was, &row);
	login_find(&m, str_c(&new), now, &there);
	if (row.file && row.fits && !there.fits)
		done = rename_row(s, &row, str_c(&new), d);
	str_free(&old);
	str_free(&new);
	return done;
}

bool
login_follow(struct session *s, const struct nexthops *was, const struct nexthops *now,
	struct diags *d)
{
	bool done = true;

	for (size_t i = 0; done && was->n == now->n && i < now->n; i++)
		if (!has_hop(now, &was->v[i]) && !has_hop(was, &now->v[i]))
			done = follow_one(s, &was->v[i], &now->v[i], d);
	return done;
}
