/* SPDX-License-Identifier: MIT
 *
 * The login at the relay host as the files have it. Postfix looks the password up under
 * the name of the server it talks to, then under the relay host's very text, in all
 * tables each time; a row under another form of the same host is shown as one that it
 * doesn't find. With MX lookup the server's name is not known here, and the relay host's
 * name stands for it.
 */
#include "session/login_view.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "session/secret.h"
#include "text/lline.h"
#include "text/table.h"

static const char *const MAPS = "smtp_sasl_password_maps";

const char *
effective(struct session *s, const char *name)
{
	const char *value = ses_param_expanded(s, name);

	return value ? value : "";
}

bool
effective_yes(struct session *s, const char *name)
{
	return sv_eq_fold(sv_trim(sv_of(effective(s, name))), sv_of("yes"));
}

/* --- tables --- */

static bool
is_text_type(struct sv type)
{
	return sv_eq_str(type, "texthash") || plan_type_is_built(type);
}

/* "proxy:hash:/path", "/path" alone: of the default type. */
static bool
take_apart(struct session *s, struct sv token, struct sv *type, struct sv *path)
{
	ptrdiff_t colon;

	while (sv_starts(token, "proxy:"))
		token = sv_sub(token, strlen("proxy:"), token.n);
	colon = sv_find(token, ':');
	*path = sv_sub(token, (size_t)(colon + 1), token.n);
	*type = sv_starts(token, "/") ? sv_of(effective(s, "default_database_type"))
				      : sv_sub(token, 0, colon < 0 ? 0 : (size_t)colon);
	if (sv_starts(token, "/"))
		*path = token;
	return sv_starts(*path, "/") && is_text_type(*type);
}

static struct ses_file *
open_map(struct session *s, struct sv token)
{
	struct sv type, path;
	struct ses_file *f = NULL;
	char *name, *kind;

	if (!take_apart(s, token, &type, &path))
		return NULL;
	name = sv_dup(path);
	kind = sv_dup(type);
	f = file_open(s, ROLE_LOGIN, name, kind);
	free(name);
	free(kind);
	return f->role == ROLE_LOGIN ? f : NULL;
}

void
login_maps_of(struct session *s, struct login_maps *out)
{
	struct sv rest, token;

	*out = (struct login_maps){
		.value = effective(s, MAPS), .hosts = effective(s, "relayhost")};
	rest = sv_of(out->value);
	while (sv_token(&rest, ", \t\r\n", &token)) {
		struct ses_file *f = out->n < LOGIN_MAPS ? open_map(s, token) : NULL;

		if (f)
			out->v[out->n++] = f;
		else
			out->others = true;
		if (f && f->frozen && !f->loaded.exists)
			out->unread = true;
	}
}

/* --- rows --- */

bool
login_host(struct session *s, size_t i, const char **text, struct nexthop *out)
{
	struct sv rest = sv_of(effective(s, "relayhost")), token;

	while (sv_token(&rest, ", \t\r\n", &token)) {
		if (i-- > 0)
			continue;
		if (nh_parse(token, out) != NH_FINE)
			return false;
		*text = arena_sv(scratch(s), token);
		return true;
	}
	return false;
}

static bool
find_key(const struct login_maps *m, struct sv key, struct login_row *out)
{
	for (size_t i = 0; i < m->n; i++) {
		uint32_t id = tbl_find(&m->v[i]->doc, key);

		if (id == DOC_NO_ID)
			continue;
		*out = (struct login_row){m->v[i], id, true};
		return true;
	}
	return false;
}

/* Another form of this host, that isn't the very text of another relay host. */
static bool
is_near(const struct login_maps *m, struct sv key, const struct nexthop *h)
{
	struct nexthop other = {0};
	bool near = nh_parse(key, &other) == NH_FINE &&
		    sv_eq_fold(sv_of(other.host), sv_of(h->host)) &&
		    !nh_list_has(sv_of(m->hosts), key);

	nh_free(&other);
	return near;
}

static void
find_near(const struct login_maps *m, const struct nexthop *h, struct login_row *out)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct doc *d = &m->v[i]->doc;
		size_t pos = 0;
		uint32_t id;

		while (tbl_each(d, &pos, &id)) {
			if (doc_entry(d, id)->kind != ENTRY_ROW ||
				!is_near(m, tbl_key(d, id), h))
				continue;
			*out = (struct login_row){m->v[i], id, false};
			return;
		}
	}
}

void
login_find(const struct login_maps *m, const char *text, const struct nexthop *h,
	struct login_row *out)
{
	bool mx = !h->bracketed && h->kind == NH_NAME;
	struct sv first = sv_of(mx ? text : h->host), second = sv_of(mx ? h->host : text);

	*out = (struct login_row){0};
	if (!find_key(m, first, out) && !find_key(m, second, out))
		find_near(m, h, out);
}

static bool
find_first(
	struct session *s, struct login_maps *m, const char **text, struct login_row *row)
{
	struct nexthop h = {0};

	*text = "";
	*row = (struct login_row){0};
	login_maps_of(s, m);
	if (!login_host(s, 0, text, &h))
		return false;
	login_find(m, *text, &h, row);
	nh_free(&h);
	return row->file != NULL;
}

bool
login_is_on(struct session *s)
{
	struct login_maps m;
	struct login_row row;
	const char *text;

	return effective_yes(s, "smtp_sasl_auth_enable") &&
	       find_first(s, &m, &text, &row) && row.fits;
}

static bool
is_taken_away(const struct ses_file *f, const struct ses_base *b, const struct nexthop *h)
{
	struct sv text = file_entry_text(f, &b->e), key;
	struct nexthop other = {0};
	bool is = b->e.kind == ENTRY_ROW && !(b->e.flags & ENTRY_DELETED) &&
		  doc_entry(&f->doc, b->id)->flags & ENTRY_DELETED &&
		  sv_token(&text, " \t\r\n", &key) && nh_parse(key, &other) == NH_FINE &&
		  sv_eq_fold(sv_of(other.host), sv_of(h->host));

	nh_free(&other);
	return is;
}

const char *
login_taken_away(struct session *s)
{
	struct nexthop h = {0};
	const char *text;
	bool is = false;

	if (!login_host(s, 0, &text, &h))
		return NULL;
	for (size_t i = 0; i < s->nfiles; i++)
		for (size_t k = 0;
			s->files[i]->role == ROLE_LOGIN && k < s->files[i]->nbase; k++)
			is = is || is_taken_away(s->files[i], &s->files[i]->base[k], &h);
	nh_free(&h);
	return is ? text : NULL;
}

/* --- the view --- */

static void
fill_row(struct session *s, const struct login_row *row, struct ses_login *out)
{
	const struct doc *d = &row->file->doc;
	struct str value = {0};
	ptrdiff_t colon;

	tbl_value(d, row->id, &value);
	colon = sv_find(str_sv(&value), ':');
	out->stored = true;
	out->fits = row->fits;
	out->key = arena_sv(scratch(s), tbl_key(d, row->id));
	out->user = arena_sv(scratch(s),
		sv_sub(str_sv(&value), 0, colon < 0 ? value.n : (size_t)colon));
	out->has_password = colon >= 0 && (size_t)colon + 1 < value.n;
	str_wipe(&value);
}

static void
fill_file(struct session *s, const struct login_maps *m, const struct login_row *row,
	struct ses_login *out)
{
	struct stat st;

	if (row->file)
		out->file = row->file->path;
	else if (m->n)
		out->file = m->v[0]->path;
	else if (!m->value[0])
		out->file = scratch_fmt(
			s, "%s/sasl_passwd", effective(s, "config_directory"));
	if (!out->file)
		return;
	if (fs_stat(&s->world.fs, out->file, &st))
		out->mode = st.st_mode & 07777;
	else
		out->is_new = true;
}

size_t
login_count_rows(const struct login_maps *m)
{
	size_t n = 0, pos;
	uint32_t id;

	for (size_t i = 0; i < m->n; i++)
		for (pos = 0; tbl_each(&m->v[i]->doc, &pos, &id);)
			n += doc_entry(&m->v[i]->doc, id)->kind == ENTRY_ROW;
	return n;
}

/* KEY USER:PASSWORD of a row's whole lines, in line. */
static void
row_parts(struct sv text, struct str *line, struct sv part[3])
{
	struct sv rest;
	ptrdiff_t colon;

	ll_logical(text, line);
	rest = str_sv(line);
	(void)sv_token(&rest, " \t\r\n", &part[0]);
	rest = sv_trim(rest);
	colon = sv_find(rest, ':');
	part[1] = sv_sub(rest, 0, colon < 0 ? rest.n : (size_t)colon);
	part[2] = sv_sub(rest, colon < 0 ? rest.n : (size_t)colon, rest.n);
}

/* What is another part of the row than when it was loaded. */
static void
fill_edited(const struct login_row *row, struct ses_login *out)
{
	struct entry was = file_base_entry(row->file, row->id);
	struct str old = {0}, new = {0};
	struct sv before[3], now[3];

	row_parts(file_entry_text(row->file, &was), &old, before);
	row_parts(doc_text(&row->file->doc, row->id), &new, now);
	out->key_edited = !sv_eq(before[0], now[0]);
	out->user_edited = !sv_eq(before[1], now[1]);
	out->password_edited = !sv_eq(before[2], now[2]);
	str_wipe(&old);
	str_wipe(&new);
}

static void
fill_marks(struct session *s, const struct login_maps *m, const struct login_row *row,
	struct ses_login *out)
{
	struct ses_param p;
	bool had =
		row->file && !(file_base_entry(row->file, row->id).flags & ENTRY_DELETED);

	(void)ses_param_get(s, "smtp_sasl_auth_enable", &p);
	out->edited = p.edited || p.is_new || p.removed || (row->file && !had);
	for (size_t i = 0; !row->file && i < m->n; i++)
		out->edited = out->edited || file_is_edited(m->v[i]);
	if (had)
		fill_edited(row, out);
}

void
ses_login_get(struct session *s, struct ses_login *out)
{
	struct login_maps m;
	struct login_row row;
	const char *text;

	*out = (struct ses_login){.key = "", .user = ""};
	if (find_first(s, &m, &text, &row))
		fill_row(s, &row, out);
	out->host = text;
	out->on = effective_yes(s, "smtp_sasl_auth_enable");
	out->maps = secret_value(MAPS, m.value);
	out->others = login_count_rows(&m) - (out->stored ? 1 : 0);
	out->unread = m.unread;
	fill_marks(s, &m, &row, out);
	fill_file(s, &m, &row, out);
}

bool
ses_login_password(struct session *s, struct str *out)
{
	struct login_maps m;
	struct login_row row;
	const char *text;
	struct str value = {0};
	ptrdiff_t colon;

	if (!find_first(s, &m, &text, &row))
		return false;
	tbl_value(&row.file->doc, row.id, &value);
	colon = sv_find(str_sv(&value), ':');
	if (colon >= 0)
		str_add_sv(out, sv_sub(str_sv(&value), (size_t)colon + 1, value.n));
	str_wipe(&value);
	return colon >= 0;
}
