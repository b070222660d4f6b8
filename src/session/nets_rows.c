/* SPDX-License-Identifier: MIT
 *
 * mynetworks made into rows: the value's items in their order, behind each file or table
 * that is open its own rows, and in between what was there when the files were loaded and
 * will go. While mynetworks is unset the rows are what Postfix derives.
 */
#include "session/nets_view.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/nets_before.h"
#include "text/lline.h"
#include "text/maincf.h"
#include "text/table.h"

void
nets_free(struct session *s)
{
	struct nets_view *v = s->nets;

	if (!v)
		return;
	for (size_t i = 0; i < v->nopened; i++)
		free(v->opened[i]);
	free(v->opened);
	free(v->rows);
	free(v->from);
	free(v->hints);
	diag_clear(&v->said);
	arena_free(&v->texts);
	free(v);
	s->nets = NULL;
}

uint32_t
nets_entry(struct session *s)
{
	return mcf_find(main_cf(s), sv_of("mynetworks"));
}

struct vl_text
nets_list_text(const struct ses_file *f, uint32_t id)
{
	struct vl_text t = {.raw = doc_text(&f->doc, id)};

	if (f->role == ROLE_MAIN_CF)
		t.off = mcf_value_offset(&f->doc, id);
	return t;
}

bool
ses_net_is_derived(struct session *s)
{
	return nets_entry(s) == DOC_NO_ID;
}

static bool
is_separator(char c)
{
	return c == ',' || is_blank_char(c);
}

static bool
names_files(struct session *s)
{
	uint32_t id = nets_entry(s);
	struct vl_text t;
	const char *p, *end;
	bool bracket;

	if (id == DOC_NO_ID)
		return true;
	t = nets_list_text(s->files[0], id);
	end = t.raw.p + t.raw.n;
	for (p = t.raw.p + t.off; p < end;) {
		while (p < end && (is_separator(*p) || *p == '!' || *p == '#'))
			p++;
		if (p < end && (*p == '/' || *p == '$'))
			return true;
		for (bracket = p < end && *p == '['; p < end && !is_separator(*p); p++)
			if (*p == ':' && !bracket)
				return true;
	}
	return false;
}

bool
ses_net_names_files(struct session *s)
{
	if (s->names_files_gen != s->gen)
		s->names_files = names_files(s);
	s->names_files_gen = s->gen;
	return s->names_files;
}

static bool
is_open(const struct nets_view *v, const char *text)
{
	for (size_t i = 0; i < v->nopened; i++)
		if (strcmp(v->opened[i], text) == 0)
			return true;
	return false;
}

/* Has a table of this type one row a line? (An ldap: file, say, is something else.) */
static bool
is_text_table(struct sv type)
{
	return plan_type_is_built(type) || sv_eq_str(type, "cidr") ||
	       sv_eq_str(type, "texthash") || sv_eq_str(type, "regexp") ||
	       sv_eq_str(type, "pcre");
}

/* The text file behind a file or table item, opened; NULL where there is none to show. */
static struct ses_file *
follow(struct session *s, const struct net_item *item)
{
	struct str path = {0};
	struct sv body = item->body, type = {0};
	struct ses_file *f = NULL;
	enum ses_role role = ROLE_NETS;
	char *type_text = NULL;

	if (item->kind == NET_TABLE) {
		ptrdiff_t colon = sv_find(body, ':');

		type = sv_sub(body, 0, (size_t)colon);
		body = sv_sub(body, (size_t)colon + 1, body.n);
		if (!is_text_table(type))
			return NULL;
		role = plan_type_is_built(type) ? ROLE_INDEXED : ROLE_CIDR;
		type_text = sv_dup(type);
	}
	if (expand_value(s, body, &path) == CFX_OK && path.n && path.p[0] == '/')
		f = file_open(s, role, str_c(&path), type_text);
	str_free(&path);
	free(type_text);
	return f && f->role == role ? f : NULL;
}

/* A line of a plain file may hold several. */
static size_t
rows_in_file(const struct ses_file *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->doc.norder; i++) {
		uint32_t id = f->doc.order[i];
		struct vl_text t = nets_list_text(f, id);

		if (doc_alive(&f->doc, id) && doc_entry(&f->doc, id)->kind == ENTRY_ROW)
			n += f->role == ROLE_NETS ? nets_items_in(&t) : 1;
	}
	return n;
}

static struct ses_net_row *
push_row(struct nets_view *v, const struct net_source *from)
{
	v->rows = mem_grow(v->rows, &v->rows_cap, v->n + 1, sizeof(*v->rows));
	v->from = mem_grow(v->from, &v->from_cap, v->n + 1, sizeof(*v->from));
	v->from[v->n] = *from;
	v->rows[v->n] = (struct ses_net_row){0};
	return &v->rows[v->n++];
}

/* What smtpd makes of the item; the row number stands for the finding until all rows are
 * there. The keys of a table have rules of their own, which aren't judged. */
static void
judge_row(struct nets_view *v, struct ses_net_row *r, const struct net_item *item,
	bool in_table)
{
	struct diag_loc loc = {.file = r->file, .line = r->line, .param = "mynetworks"};
	struct str repair = {0};
	size_t before = v->said.n;

	if (r->off || r->removed || in_table)
		return;
	if (net_item_repair(item, &repair))
		r->repair = arena_sv(&v->texts, str_sv(&repair));
	str_free(&repair);
	net_item_judge(item, NULL, &loc, &v->said);
	if (v->said.n > before)
		r->finding = (const struct diag *)(uintptr_t)(before + 1);
}

/* Postfix reads the index of such a table; its text needn't be there. */
static bool
is_only_built(struct session *s, const struct ses_file *f)
{
	static const char *const ends[] = {".db", ".lmdb", ".cdb", ".pag"};
	bool there = false;

	for (size_t i = 0; f->role == ROLE_INDEXED && i < sizeof(ends) / sizeof(ends[0]);
		i++) {
		char *path = str_format("%s%s", f->path, ends[i]);

		there = there || fs_has(&s->world.fs, path);
		free(path);
	}
	return there;
}

static void
describe_file(struct session *s, struct ses_net_row *r, struct net_source *from,
	const struct net_item *item)
{
	struct nets_view *v = s->nets;
	struct diag_loc loc = {.file = r->file, .line = r->line, .param = "mynetworks"};
	struct ses_file *f = r->off || r->removed ? NULL : follow(s, item);

	if (!f || (!f->loaded.exists && is_only_built(s, f)))
		return;
	from->behind = f;
	if (!f->loaded.exists) {
		size_t before = v->said.n;

		diag_add(&v->said, SEV_ERROR, DIAG_NET_FILE, &loc,
			_("Make the file, or remove this row."),
			_("Clients after this row get \"451 Temporary lookup failure\": "
			  "%s can't be read."),
			f->path);
		r->finding = (const struct diag *)(uintptr_t)(before + 1);
		r->who = _("can't be read");
		return;
	}
	r->expandable = true;
	r->open = is_open(v, r->text);
	r->count = arena_fmt(&v->texts, "%zu", rows_in_file(f));
	r->who = r->open ? _("Enter closes") : _("Enter opens");
}

static void
fill_row(
	struct session *s, struct ses_net_row *r, struct net_source *from, struct sv text)
{
	struct nets_view *v = s->nets;
	struct net_item item;
	char count[ADDR_COUNT_MAX];

	r->text = arena_sv(&v->texts, text);
	net_item_parse(sv_of(r->text), &item);
	r->kind = net_kind_label(&item);
	r->count = arena_str(&v->texts, net_count_label(&item, count));
	r->editable = !from->file || !from->file->frozen;
	r->who = nets_who(s, &v->texts, &item);
	judge_row(v, r, &item, from->file && from->file->map_type);
	if (!r->finding && (item.kind == NET_FILE || item.kind == NET_TABLE) &&
		r->depth == 0)
		describe_file(s, r, from, &item);
	else if (r->finding && item.fault == NET_HOST_BITS)
		r->who = _("host bits: 451 for clients");
	if (r->note)
		r->who = r->note;
	if (r->off)
		r->who = _("off (commented out)");
	else if (r->removed)
		r->who = _("will be removed");
}

/* The definition that counted when main.cf was loaded; empty if there was none. */
static void
list_before(struct session *s, struct nets_list *was)
{
	const struct ses_file *f = s->files[0];
	struct vl_text t = {0};
	struct entry e;
	size_t name_len;

	if (file_param_before(f, sv_of("mynetworks"), &e) == DOC_NO_ID)
		return;
	t.raw = file_entry_text(f, &e);
	mcf_parse_head(t.raw, &name_len, &t.off);
	vl_parse(&t, &was->list);
	was->raw = t.raw;
}

/* --- rows of the value and of followed files
 * -------------------------------------------------- */

/* A value whose items are gone through in their order. */
struct line_of_items {
	struct sv raw;
	size_t seen, start; /* the last item, and its line */
};

/* Of the byte at off, on its line. No line is gone through twice, however many items
 * stand on it. */
static uint32_t
col_of(struct line_of_items *l, size_t off)
{
	size_t start = off;

	while (start > l->seen && l->raw.p[start - 1] != '\n')
		start--;
	if (start > l->seen)
		l->start = start;
	l->seen = off;
	return (uint32_t)(off - l->start + 1);
}

static void
row_of_item(struct session *s, struct net_source *from, struct line_of_items *l,
	const struct vl_item *it, struct ses_net_row *proto)
{
	struct sv raw = l->raw;
	struct ses_net_row *r = push_row(s->nets, from);

	*r = *proto;
	r->line += it->line;
	r->off = it->is_off;
	s->nets->from[s->nets->n - 1].col = col_of(l, it->off);
	if (it->note_len)
		r->note = arena_sv(
			&s->nets->texts, sv_sub(raw, it->note_off, it->note_len));
	fill_row(s, r, &s->nets->from[s->nets->n - 1], sv_sub(raw, it->off, it->len));
}

/* What is known of a row's place in its file while the file is walked through. */
struct walk {
	uint32_t line;  /* of the next living entry, as it would be saved now */
	uint32_t above; /* the living entry before, or DOC_NO_ID */
};

static struct sv
note_above(const struct doc *d, const struct walk *w)
{
	struct sv v;

	if (w->above == DOC_NO_ID || doc_entry(d, w->above)->kind != ENTRY_COMMENT ||
		vl_line_kind(doc_text(d, w->above), NULL) != VL_LINE_NOTE)
		return sv_of("");
	v = sv_trim(doc_text(d, w->above));
	return sv_trim(sv_sub(v, 1, v.n));
}

static void
walk_on(const struct doc *d, uint32_t id, struct walk *w)
{
	struct sv rest = doc_text(d, id), line;

	if (!doc_alive(d, id))
		return;
	while (sv_line(&rest, &line))
		w->line++;
	w->above = id;
}

static void
rows_of_entry(struct session *s, struct ses_file *f, uint32_t id, const struct walk *w)
{
	struct vl_text t = nets_list_text(f, id);
	struct ses_net_row proto = {.file = f->path, .line = w->line, .depth = 1};
	struct entry was = file_base_entry(f, id);
	struct sv note = note_above(&f->doc, w);
	struct line_of_items line = {.raw = t.raw};
	struct vl_list list = {0};

	if (was.flags & ENTRY_DELETED)
		proto.is_new = true;
	else
		proto.edited = !file_entry_same(f, &was, doc_entry(&f->doc, id));
	vl_parse(&t, &list);
	for (size_t i = 0; i < list.n; i++) {
		struct net_source from = {.file = f, .id = id, .item = i};

		proto.note =
			list.n == 1 && note.n ? arena_sv(&s->nets->texts, note) : NULL;
		row_of_item(s, &from, &line, &list.v[i], &proto);
	}
	vl_free(&list);
}

static void
row_of_table(struct session *s, struct ses_file *f, uint32_t id, const struct walk *w)
{
	struct net_source from = {.file = f, .id = id};
	struct ses_net_row *r = push_row(s->nets, &from);
	struct entry was = file_base_entry(f, id);
	const struct entry *now = doc_entry(&f->doc, id);
	struct sv note = note_above(&f->doc, w);

	r->file = f->path;
	r->line = w->line;
	r->depth = 1;
	r->removed = now->flags & ENTRY_DELETED;
	r->off = now->kind == ENTRY_ROW_OFF;
	r->is_new = (was.flags & ENTRY_DELETED) && !r->removed;
	r->edited = !r->is_new && !r->removed && !file_entry_same(f, &was, now);
	if (!r->removed && note.n)
		r->note = arena_sv(&s->nets->texts, note);
	fill_row(s, r, &s->nets->from[s->nets->n - 1], tbl_key(&f->doc, id));
}

static void
rows_of_file(struct session *s, struct ses_file *f)
{
	struct walk w = {1, DOC_NO_ID};

	for (size_t i = 0; i < f->doc.norder; i++) {
		uint32_t id = f->doc.order[i];
		const struct entry *e = doc_entry(&f->doc, id);
		bool gone = e->flags & ENTRY_DELETED;

		if ((e->kind == ENTRY_ROW || e->kind == ENTRY_ROW_OFF) &&
			!(gone && (file_base_entry(f, id).flags & ENTRY_DELETED))) {
			if (f->role == ROLE_NETS && e->kind == ENTRY_ROW && !gone)
				rows_of_entry(s, f, id, &w);
			else
				row_of_table(s, f, id, &w);
		}
		walk_on(&f->doc, id, &w);
	}
}

static void
row_gone(struct session *s, const struct nets_list *was, size_t k)
{
	struct net_source from = {.file = s->files[0], .id = DOC_NO_ID};
	struct ses_net_row *r = push_row(s->nets, &from);

	r->removed = true;
	r->file = s->files[0]->path;
	fill_row(s, r, &s->nets->from[s->nets->n - 1], nets_item_text(was, k));
	r->editable = false;
}

static void
rows_of_value(struct session *s, uint32_t id)
{
	struct ses_file *f = s->files[0];
	struct vl_text t = nets_list_text(f, id);
	struct ses_net_row proto = {.file = f->path, .line = doc_line_now(&f->doc, id)};
	struct nets_list now = {.raw = t.raw}, was = {0};
	struct line_of_items line = {.raw = t.raw};
	struct nets_marks marks;
	size_t gone = 0;

	list_before(s, &was);
	vl_parse(&t, &now.list);
	nets_mark(&was, &now, &marks);
	for (size_t i = 0; i < now.list.n; i++) {
		struct net_source from = {.file = f, .id = id, .item = i};
		struct ses_net_row row = proto;
		size_t at;

		for (; gone < marks.ngone && marks.gone[gone].before <= i; gone++)
			row_gone(s, &was, marks.gone[gone].was);
		row.edited = marks.of[i] == NETS_EDITED;
		row.is_new = marks.of[i] == NETS_NEW;
		at = s->nets->n;
		row_of_item(s, &from, &line, &now.list.v[i], &row);
		if (s->nets->rows[at].open && s->nets->from[at].behind)
			rows_of_file(s, s->nets->from[at].behind);
	}
	for (; gone < marks.ngone; gone++)
		row_gone(s, &was, marks.gone[gone].was);
	nets_marks_free(&marks);
	vl_free(&now.list);
	vl_free(&was.list);
}

enum ses_net_known
ses_net_known(struct session *s)
{
	if (!s->files[0]->loaded.exists)
		return SES_NET_UNKNOWN;
	if (nets_entry(s) != DOC_NO_ID)
		return SES_NET_KNOWN;
	if (!ses_ask(s, SES_ASK_DERIVED))
		return SES_NET_ASKED;
	return s->asked[SES_ASK_DERIVED].ok ? SES_NET_KNOWN : SES_NET_UNKNOWN;
}

static void
derived_rows(struct session *s)
{
	struct sv rest, token;

	if (!ses_ask(s, SES_ASK_DERIVED) || !s->derived)
		return;
	rest = sv_of(s->derived);
	while (net_token(&rest, &token)) {
		struct net_source from = {.file = NULL, .id = DOC_NO_ID};
		struct ses_net_row *r = push_row(s->nets, &from);
		const char *who;

		r->derived = true;
		r->file = s->files[0]->path;
		fill_row(s, r, &s->nets->from[s->nets->n - 1], token);
		who = r->who;
		r->who = who[0] ? arena_fmt(&s->nets->texts, _("default, %s"), who)
				: _("default");
	}
}

struct nets_view *
nets_now(struct session *s)
{
	struct nets_view *v = s->nets;
	uint32_t id = nets_entry(s);

	if (!v)
		v = s->nets = mem_new(1, sizeof(*v));
	if (v->gen == s->gen)
		return v;
	v->n = 0;
	diag_clear(&v->said);
	arena_reset(&v->texts);
	if (id == DOC_NO_ID)
		derived_rows(s);
	else
		rows_of_value(s, id);
	for (size_t i = 0; i < v->n; i++)
		if (v->rows[i].finding)
			v->rows[i].finding =
				&v->said.v[(uintptr_t)v->rows[i].finding - 1];
	v->gen = s->gen;
	return v;
}

/* The first finding at a place or behind it; they are sorted by place. */
static size_t
first_at(const struct diags *all, const char *file, uint32_t line, uint32_t col)
{
	size_t lo = 0, hi = all->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct diag_loc *l = &all->v[mid].loc;
		int r = strcmp(l->file ? l->file : "", file);

		if (r < 0 ||
			(r == 0 && (l->line < line || (l->line == line && l->col < col))))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* A row gets the worst that the rules say of its place, if that is worse than what is
 * known of it. */
static void
judge_place(struct session *s, struct ses_net_row *r, const struct net_source *from)
{
	const struct diags *all = ses_findings(s);

	if (r->off || r->removed || !r->file || !from->col)
		return;
	for (size_t i = first_at(all, r->file, r->line, from->col); i < all->n; i++) {
		const struct diag *f = &all->v[i];

		if (f->loc.line != r->line || f->loc.col != from->col ||
			strcmp(f->loc.file, r->file) != 0)
			break;
		if (!r->finding || r->finding->sev < f->sev ||
			r->finding->code == f->code)
			r->finding = f;
		if (!r->repair && r->finding == f)
			r->repair = ses_repair_text(s, f);
	}
}

static void
judge_rows(struct session *s, struct nets_view *v)
{
	if (v->judged == s->gen)
		return;
	v->judged = s->gen;
	for (size_t i = 0; i < v->n; i++)
		judge_place(s, &v->rows[i], &v->from[i]);
}

size_t
ses_net_rows(struct session *s, const struct ses_net_row **rows)
{
	struct nets_view *v;

	(void)ses_findings(s); /* may ask Postfix, which makes the rows anew */
	v = nets_now(s);
	judge_rows(s, v);
	*rows = v->rows;
	return v->n;
}

const char *
ses_net_place(struct session *s)
{
	if (nets_entry(s) == DOC_NO_ID && !s->asked[SES_ASK_DERIVED].done)
		return _("main.cf, not set; asking Postfix ..");
	return param_place(s, "mynetworks");
}
