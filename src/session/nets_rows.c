/* SPDX-License-Identifier: MIT
 *
 * mynetworks made into rows: the value's items in their order, behind each file or table
 * that is open its own rows, and in between what was there when the files were loaded and
 * will go. While mynetworks is unset the rows are what Postfix derives.
 */
#include "session/nets_view.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
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

static bool
is_open(const struct nets_view *v, const char *text)
{
	for (size_t i = 0; i < v->nopened; i++)
		if (strcmp(v->opened[i], text) == 0)
			return true;
	return false;
}

const char *
nets_who(struct session *s, struct arena *a, const struct net_item *item)
{
	const struct nic_list *nics = session_nics(s);
	struct ipaddr net;

	if (item->except)
		return _("refused: stands before its net");
	if (item->kind == NET_NAME)
		return _("by reverse DNS");
	if (item->kind == NET_REF)
		return _("another parameter");
	if (item->kind != NET_NET && item->kind != NET_HOST)
		return "";
	if (addr_class_of(&item->addr) == ADDR_LOOPBACK)
		return item->addr.fam == 4 ? _("programs on this host")
					   : _("programs on this host, IPv6");
	for (size_t i = 0; i < nics->n; i++) {
		struct ipaddr nic =
			addr_from_bytes(nics->v[i].fam, nics->v[i].addr, nics->v[i].plen);

		net = addr_network(&nic);
		if (addr_cmp(&net, &item->addr) == 0)
			return arena_fmt(a, _("%s's own segment"), nics->v[i].name);
	}
	return "";
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
		role = plan_type_is_built(type) ? ROLE_INDEXED : ROLE_CIDR;
		type_text = sv_dup(type);
	}
	if (expand_value(s, body, &path) == CFX_OK && path.n && path.p[0] == '/')
		f = file_open(s, role, str_c(&path), type_text);
	str_free(&path);
	free(type_text);
	return f;
}

static size_t
rows_in_file(const struct ses_file *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->doc.norder; i++)
		n += doc_alive(&f->doc, f->doc.order[i]) &&
		     doc_entry(&f->doc, f->doc.order[i])->kind == ENTRY_ROW;
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
 * there. */
static void
judge_row(struct nets_view *v, struct ses_net_row *r, const struct net_item *item)
{
	struct diag_loc loc = {.file = r->file, .line = r->line, .param = "mynetworks"};
	struct str repair = {0};
	size_t before = v->said.n;

	if (r->off || r->removed)
		return;
	if (net_item_repair(item, &repair))
		r->repair = arena_sv(&v->texts, str_sv(&repair));
	str_free(&repair);
	net_item_judge(item, NULL, &loc, &v->said);
	if (v->said.n > before)
		r->finding = (const struct diag *)(uintptr_t)(before + 1);
}

static void
describe_file(struct session *s, struct ses_net_row *r, struct net_source *from,
	const struct net_item *item)
{
	struct nets_view *v = s->nets;
	struct diag_loc loc = {.file = r->file, .line = r->line, .param = "mynetworks"};
	struct ses_file *f = r->off || r->removed ? NULL : follow(s, item);

	from->behind = f;
	if (!f)
		return;
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
	r->editable = true;
	r->who = nets_who(s, &v->texts, &item);
	judge_row(v, r, &item);
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

/* --- what was there when the file was loaded
 * -------------------------------------------------- */

struct before {
	struct vl_list list;
	struct sv raw;
	bool *used;
	size_t next; /* items before it are accounted for */
};

static struct sv
item_text(struct sv raw, const struct vl_item *it)
{
	return sv_sub(raw, it->off, it->len);
}

static bool
same_item(const struct before *b, size_t k, struct sv text, bool off)
{
	return !b->used[k] && b->list.v[k].is_off == off &&
	       sv_eq(item_text(b->raw, &b->list.v[k]), text);
}

/* Where an item of now stood before; the list's length if nowhere. */
static size_t
match_before(const struct before *b, struct sv text, bool off)
{
	for (size_t k = b->next; k < b->list.n; k++)
		if (same_item(b, k, text, off))
			return k;
	for (size_t k = 0; k < b->next; k++)
		if (same_item(b, k, text, off))
			return k;
	return b->list.n;
}

/* For each item of now its place before; used tells which places are still there, also
 * those of items that were moved. The caller frees it. */
static size_t *
match_all(struct before *b, const struct vl_list *now, struct sv raw)
{
	size_t *at = mem_new(now->n + 1, sizeof(*at));

	for (size_t i = 0; i < now->n; i++) {
		size_t k = match_before(b, item_text(raw, &now->v[i]), now->v[i].is_off);

		at[i] = k;
		if (k >= b->list.n)
			continue;
		b->used[k] = true;
		b->next = b->next > k ? b->next : k + 1;
	}
	b->next = 0;
	for (size_t i = 0; i < now->n; i++) { /* those that were switched on or off */
		for (size_t k = 0; at[i] == b->list.n && k < b->list.n; k++)
			if (same_item(b, k, item_text(raw, &now->v[i]), !now->v[i].is_off))
				at[i] = k;
		if (at[i] < b->list.n)
			b->used[at[i]] = true;
	}
	return at;
}

static void
add_removed(struct session *s, struct before *b, size_t to)
{
	for (; b->next < to; b->next++) {
		struct net_source from = {.file = s->files[0], .id = DOC_NO_ID};
		struct ses_net_row *r;

		if (b->used[b->next])
			continue;
		r = push_row(s->nets, &from);
		r->removed = true;
		r->file = s->files[0]->path;
		fill_row(s, r, &s->nets->from[s->nets->n - 1],
			item_text(b->raw, &b->list.v[b->next]));
		r->editable = false;
	}
}

/* The definition that counted when main.cf was loaded. */
static bool
list_before(struct session *s, struct before *b)
{
	struct ses_file *f = s->files[0];
	struct sv name = sv_of("mynetworks");

	for (size_t i = f->doc.norder; i > 0; i--) {
		struct entry e = file_base_entry(f, f->doc.order[i - 1]);
		struct vl_text t = {.raw = file_entry_text(f, &e)};
		size_t name_len;

		if (e.kind != ENTRY_PARAM || (e.flags & ENTRY_DELETED) ||
			!sv_eq(sv_sub(t.raw, 0, e.key_len), name))
			continue;
		mcf_parse_head(t.raw, &name_len, &t.off);
		vl_parse(&t, &b->list);
		b->raw = t.raw;
		b->used = mem_new(b->list.n, sizeof(*b->used));
		return true;
	}
	return false;
}

/* --- rows of the value and of followed files
 * -------------------------------------------------- */

static void
row_of_item(struct session *s, struct net_source *from, struct sv raw,
	const struct vl_item *it, struct ses_net_row *proto)
{
	struct ses_net_row *r = push_row(s->nets, from);

	*r = *proto;
	r->line += it->line;
	r->off = it->is_off;
	if (it->note_len)
		r->note = arena_sv(
			&s->nets->texts, sv_sub(raw, it->note_off, it->note_len));
	fill_row(s, r, &s->nets->from[s->nets->n - 1], item_text(raw, it));
}

static void
rows_of_entry(struct session *s, struct ses_file *f, uint32_t id)
{
	struct vl_text t = nets_list_text(f, id);
	struct ses_net_row proto = {
		.file = f->path, .line = doc_line_now(&f->doc, id), .depth = 1};
	struct entry was = file_base_entry(f, id);
	struct sv note = tbl_note(&f->doc, id);
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
		row_of_item(s, &from, t.raw, &list.v[i], &proto);
	}
	vl_free(&list);
}

static void
row_of_table(struct session *s, struct ses_file *f, uint32_t id)
{
	struct net_source from = {.file = f, .id = id};
	struct ses_net_row *r = push_row(s->nets, &from);
	struct entry was = file_base_entry(f, id);
	const struct entry *now = doc_entry(&f->doc, id);
	struct sv note = tbl_note(&f->doc, id);

	r->file = f->path;
	r->line = doc_line_now(&f->doc, id);
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
	for (size_t i = 0; i < f->doc.norder; i++) {
		uint32_t id = f->doc.order[i];
		const struct entry *e = doc_entry(&f->doc, id);
		bool gone = e->flags & ENTRY_DELETED;

		if ((e->kind != ENTRY_ROW && e->kind != ENTRY_ROW_OFF) ||
			(gone && (file_base_entry(f, id).flags & ENTRY_DELETED)))
			continue;
		if (f->role == ROLE_NETS && e->kind == ENTRY_ROW && !gone)
			rows_of_entry(s, f, id);
		else
			row_of_table(s, f, id);
	}
}

static void
rows_of_value(struct session *s, uint32_t id)
{
	struct ses_file *f = s->files[0];
	struct vl_text t = nets_list_text(f, id);
	struct ses_net_row proto = {.file = f->path, .line = doc_line_now(&f->doc, id)};
	struct vl_list list = {0};
	struct before b = {0};
	size_t *was;

	(void)list_before(s, &b);
	vl_parse(&t, &list);
	was = match_all(&b, &list, t.raw);
	for (size_t i = 0; i < list.n; i++) {
		struct net_source from = {.file = f, .id = id, .item = i};
		struct ses_net_row row = proto;
		size_t at, k = was[i];

		if (k < b.list.n && k < b.next) {
			row.edited = true; /* moved */
		} else if (k < b.list.n) {
			add_removed(s, &b, k);
			b.next = k + 1;
			row.edited = b.list.v[k].is_off != list.v[i].is_off;
		} else if (b.next < b.list.n && !b.used[b.next] &&
			   i + b.list.n == b.next + list.n) {
			row.edited = true;
			b.next++;
		} else {
			row.is_new = true;
		}
		at = s->nets->n;
		row_of_item(s, &from, t.raw, &list.v[i], &row);
		if (s->nets->rows[at].open && s->nets->from[at].behind)
			rows_of_file(s, s->nets->from[at].behind);
	}
	add_removed(s, &b, b.list.n);
	vl_free(&list);
	vl_free(&b.list);
	free(b.used);
	free(was);
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

size_t
ses_net_rows(struct session *s, const struct ses_net_row **rows)
{
	struct nets_view *v = nets_now(s);

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
