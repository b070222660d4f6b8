/* SPDX-License-Identifier: MIT
 *
 * Edits of mynetworks by row. Each becomes one new text of one entry, made by vlist, so
 * that every other byte of the value stays. The first edit of an unset mynetworks writes
 * down what Postfix derived, so that no private client who could relay is cut off.
 */
#include "session/nets_view.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "text/maincf.h"
#include "text/table.h"

static bool
not_a_row(struct diags *d)
{
	return diag_add(
		d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL, _("There is no such row."));
}

static bool
not_an_item(const char *text, struct diags *d)
{
	return diag_add(d, SEV_ERROR, DIAG_NET_SYNTAX, NULL,
		_("Write an address, a network such as 192.168.3.0/24, a /file or "
		  "type:table."),
		_("\"%s\" can't stand in the list."), text);
}

/* Put new whole lines in the place of an entry; an entry without items goes. */
static bool
put_text(struct ses_file *f, uint32_t id, struct str *text)
{
	bool done = true;

	if (f->role == ROLE_MAIN_CF)
		done = mcf_set_text(&f->doc, id, str_sv(text));
	else
		tbl_set_text(&f->doc, id, str_sv(text));
	str_free(text);
	return done;
}

/* Where a row of the view stands now; false for derived and removed rows. */
static bool
source_of(struct session *s, size_t row, struct net_source *from, struct diags *d)
{
	struct nets_view *v = nets_now(s);

	if (row >= v->n || v->rows[row].removed)
		return not_a_row(d);
	*from = v->from[row];
	return edit_allowed(s, from->file ? from->file : s->files[0], d);
}

/* Is the item public in the sense that a first edit leaves it out unless told? */
static bool
is_public(struct sv text)
{
	struct net_item item;

	net_item_parse(text, &item);
	return net_item_is_public(&item);
}

static bool
insert_item(struct session *s, struct ses_file *f, uint32_t id, size_t at, struct sv item,
	struct sv note)
{
	struct vl_text t = nets_list_text(f, id);
	struct str out = {0};

	(void)s;
	return vl_insert(&t, at, item, note, &out) && put_text(f, id, &out);
}

/* Does one of the items that are being added let in all of this one's addresses? */
static bool
is_within(struct sv text, const char *coming)
{
	struct sv rest = sv_of(coming), token;
	struct net_item item, wide;

	net_item_parse(text, &item);
	while (net_token(&rest, &token)) {
		net_item_parse(token, &wide);
		if (wide.fault == NET_FINE && !wide.except &&
			(wide.kind == NET_NET || wide.kind == NET_HOST) &&
			addr_contains(&wide.addr, &item.addr))
			return true;
	}
	return false;
}

/* Write the derived rows into main.cf, but for those that `coming` holds anyway. False
 * when they aren't known. */
static bool
write_derived(struct session *s, bool with_public, const char *coming,
	struct str *written, struct diags *d)
{
	struct sv rest, token, first = {0};
	uint32_t id;

	if (!ses_wait(s, SES_ASK_DERIVED, d) || !s->derived)
		return diag_add(d, SEV_ERROR, DIAG_PF_SAYS, NULL,
			_("Mend main.cf so that postconf can read it, then try again."),
			_("Who may relay now is not known, so nobody would be kept: "
			  "nothing was changed."));
	rest = sv_of(s->derived);
	while (net_token(&rest, &token)) {
		if (is_within(token, coming))
			continue;
		if (is_public(token) && !with_public) {
			diag_add(d, SEV_WARN, DIAG_NET_PUBLIC, NULL,
				_("Add it by itself if its machines are yours."),
				_("%.*s was allowed by default and is left out: it is a "
				  "public range."),
				(int)token.n, token.p);
			continue;
		}
		if (first.n == 0) {
			first = token;
			mcf_set(main_cf(s), sv_of("mynetworks"), token);
		} else {
			id = nets_entry(s);
			insert_item(s, s->files[0], id, SIZE_MAX, token, sv_of(""));
		}
		str_addf(
			written, "%s%.*s", written->n ? ", " : "", (int)token.n, token.p);
	}
	if (first.n == 0)
		mcf_set(main_cf(s), sv_of("mynetworks"), sv_of(""));
	return true;
}

/* The one plain file that is the whole value, or NULL. */
static struct ses_file *
only_file(struct session *s)
{
	struct nets_view *v = nets_now(s);
	struct ses_file *f = NULL;

	for (size_t i = 0; i < v->n; i++) {
		if (v->rows[i].depth > 0 || v->rows[i].removed)
			continue;
		if (f || v->rows[i].off || !v->from[i].behind ||
			v->from[i].behind->role != ROLE_NETS)
			return NULL;
		f = v->from[i].behind;
	}
	return f;
}

static bool
add_one(struct session *s, const struct ses_net_new *new, struct ses_file *to,
	struct sv item, size_t *at)
{
	struct sv note = sv_trim(sv_of(new->note ? new->note : ""));

	if (to) {
		uint32_t id = tbl_append(&to->doc, item, sv_of(""));

		if (id != DOC_NO_ID && note.n)
			tbl_set_note(&to->doc, id, note);
		return id != DOC_NO_ID;
	}
	if (nets_entry(s) == DOC_NO_ID) {
		mcf_set(main_cf(s), sv_of("mynetworks"), item);
		return true;
	}
	return insert_item(s, s->files[0], nets_entry(s),
		*at == SIZE_MAX ? SIZE_MAX : (*at)++, item, note);
}

static bool
add_all(struct session *s, const struct ses_net_new *new, struct ses_file *to,
	struct diags *d)
{
	struct nets_view *v = nets_now(s);
	struct sv rest = sv_of(new->text), item;
	size_t at = SIZE_MAX, added = 0;

	if (new->before < v->n && v->from[new->before].file == s->files[0])
		at = v->from[new->before].item;
	while (net_token(&rest, &item)) {
		if (!vl_is_item(item) || !add_one(s, new, to, item, &at))
			return not_an_item(new->text, d);
		added++;
	}
	return added > 0 || not_an_item(new->text, d);
}

static struct ses_file *
target_file(struct session *s, const struct ses_net_new *new, struct diags *d)
{
	struct ses_file *to;

	if (!new->to_file)
		return only_file(s);
	for (size_t i = 0; i < nets_now(s)->n; i++) {
		to = s->nets->from[i].behind;
		if (to && to->role == ROLE_NETS && strcmp(to->path, new->to_file) == 0)
			return to;
	}
	diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL,
		_("Add the file to mynetworks first."),
		_("%s is not a file that mynetworks names."), new->to_file);
	return NULL;
}

bool
ses_net_add(struct session *s, const struct ses_net_new *new, const char **said,
	struct diags *d)
{
	struct ses_file *to = NULL;
	struct str written = {0};
	bool done = true;

	if (said)
		*said = NULL;
	to = target_file(s, new, d);
	if ((new->to_file && !to) || !edit_allowed(s, to ? to : s->files[0], d))
		return false;
	ses_begin(s, _("network added"));
	if (nets_entry(s) == DOC_NO_ID)
		done = write_derived(s, new->with_public, new->text, &written, d);
	done = done && add_all(s, new, to, d);
	ses_end(s);
	if (!done)
		ses_undo_if_label(s, _("network added"));
	else if (said && written.n)
		*said = scratch_fmt(s,
			_("Written along, because they could relay so far: %s."),
			str_c(&written));
	str_free(&written);
	return done;
}

/* Turn derived rows into written ones; the row keeps its number where nothing was left
 * out. */
static bool
make_real(struct session *s, struct net_source *from, size_t row, struct diags *d)
{
	struct str written = {0};
	const char *text;
	bool done;

	if (from->file)
		return true;
	text = mem_strdup(s->nets->rows[row].text);
	done = write_derived(s, is_public(sv_of(text)), "", &written, d);
	str_free(&written);
	for (size_t i = 0; done && i < nets_now(s)->n; i++)
		if (s->nets->from[i].file && strcmp(s->nets->rows[i].text, text) == 0)
			*from = s->nets->from[i];
	free((void *)(uintptr_t)text);
	return done && from->file;
}

enum edit_kind { EDIT_TEXT, EDIT_NOTE, EDIT_REMOVE, EDIT_TOGGLE };

struct row_edit {
	enum edit_kind kind;
	struct sv text;
};

/* Another key for a row; what stands around it stays. */
static bool
replace_key(struct doc *doc, uint32_t id, struct sv key)
{
	struct sv old = tbl_key(doc, id), text = doc_text(doc, id);
	size_t at = (size_t)(old.p - text.p);
	struct str out = {0};

	str_add_sv(&out, sv_sub(text, 0, at));
	str_add_sv(&out, key);
	str_add_sv(&out, sv_sub(text, at + old.n, text.n));
	doc_replace(
		doc, id, str_sv(&out), (enum entry_kind)doc_entry(doc, id)->kind, key.n);
	str_free(&out);
	return true;
}

/* An edit of a table's row, or of a row that is switched off in a file. */
static bool
edit_table_row(struct ses_file *f, uint32_t id, const struct row_edit *e)
{
	enum tbl_form form = f->role == ROLE_NETS ? TBL_NETS : TBL_MAP;
	struct doc *doc = &f->doc;

	switch (e->kind) {
	case EDIT_TEXT:
		return replace_key(doc, id, e->text);
	case EDIT_NOTE:
		tbl_set_note(doc, id, e->text);
		return true;
	case EDIT_REMOVE:
		tbl_remove(doc, id, true);
		return true;
	case EDIT_TOGGLE:
		return tbl_set_on(
			doc, form, id, doc_entry(doc, id)->kind == ENTRY_ROW_OFF);
	}
	return false;
}

static bool
edit_list_item(struct session *s, const struct net_source *from, const struct row_edit *e)
{
	struct vl_text t = nets_list_text(from->file, from->id);
	struct vl_list list = {0};
	struct str out = {0};
	bool done = false, off;

	(void)s;
	vl_parse(&t, &list);
	off = from->item < list.n && list.v[from->item].is_off;
	if (e->kind == EDIT_REMOVE && from->file->role == ROLE_NETS && list.n == 1) {
		vl_free(&list);
		tbl_remove(&from->file->doc, from->id, true);
		return true;
	}
	vl_free(&list);
	switch (e->kind) {
	case EDIT_TEXT:
		done = vl_replace(&t, from->item, e->text, &out);
		break;
	case EDIT_NOTE:
		done = vl_set_note(&t, from->item, e->text, &out);
		break;
	case EDIT_REMOVE:
		done = vl_remove(&t, from->item, &out);
		break;
	case EDIT_TOGGLE:
		done = vl_set_on(&t, from->item, off, &out);
		break;
	}
	return done && put_text(from->file, from->id, &out);
}

static bool
edit_row(struct session *s, const struct net_source *from, const struct row_edit *e)
{
	uint8_t kind = doc_entry(&from->file->doc, from->id)->kind;

	if (from->file->role != ROLE_MAIN_CF &&
		(from->file->role != ROLE_NETS || kind == ENTRY_ROW_OFF))
		return edit_table_row(from->file, from->id, e);
	/* A row of its own in a file: the file's own off and note forms. */
	if (from->file->role == ROLE_NETS &&
		(e->kind == EDIT_TOGGLE || e->kind == EDIT_NOTE))
		return edit_table_row(from->file, from->id, e);
	return edit_list_item(s, from, e);
}

static bool
edit_checked(struct session *s, size_t row, const char *label, const struct row_edit *e,
	struct diags *d)
{
	struct net_source from;
	bool done;

	if (!source_of(s, row, &from, d))
		return false;
	ses_begin(s, label);
	done = make_real(s, &from, row, d) && edit_row(s, &from, e);
	ses_end(s);
	return done;
}

bool
ses_net_edit(struct session *s, size_t row, const char *text, const char *note,
	struct diags *d)
{
	struct row_edit e = {EDIT_TEXT, sv_trim(sv_of(text))};
	struct net_source from;
	bool done;

	if (!source_of(s, row, &from, d))
		return false;
	if (!vl_is_item(e.text))
		return not_an_item(text, d);
	ses_begin(s, _("network changed"));
	done = make_real(s, &from, row, d) && edit_row(s, &from, &e);
	if (done && note) {
		e = (struct row_edit){EDIT_NOTE, sv_trim(sv_of(note))};
		done = edit_row(s, &from, &e);
	}
	ses_end(s);
	return done;
}

bool
ses_net_remove(struct session *s, size_t row, struct diags *d)
{
	struct row_edit e = {.kind = EDIT_REMOVE};

	return edit_checked(s, row, _("network removed"), &e, d);
}

bool
ses_net_remove_text(struct session *s, const char *text, struct diags *d)
{
	struct nets_view *v;

	if (nets_entry(s) == DOC_NO_ID)
		ses_wait(s, SES_ASK_DERIVED, d);
	v = nets_now(s);
	for (size_t i = 0; i < v->n; i++)
		if (!v->rows[i].removed && strcmp(v->rows[i].text, text) == 0)
			return ses_net_remove(s, i, d);
	return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL,
		_("network list shows what is there."), _("%s is not in mynetworks."),
		text);
}

bool
ses_net_toggle(struct session *s, size_t row, struct diags *d)
{
	struct row_edit e = {.kind = EDIT_TOGGLE};

	return edit_checked(s, row, _("network switched"), &e, d);
}

bool
ses_net_mend(struct session *s, size_t row, struct diags *d)
{
	struct nets_view *v = nets_now(s);

	if (row >= v->n || !v->rows[row].repair)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("There is no safe repair for this row; Enter edits it."));
	return ses_net_edit(s, row, v->rows[row].repair, NULL, d);
}

/* A line in a file moves by swapping places with its neighbour: two removals and two
 * additions would lose its comments, so the texts are exchanged. */
static bool
swap_lines(struct ses_file *f, uint32_t a, uint32_t b)
{
	struct str ta = {0}, tb = {0};

	str_add_sv(&ta, doc_text(&f->doc, a));
	str_add_sv(&tb, doc_text(&f->doc, b));
	tbl_set_text(&f->doc, a, str_sv(&tb));
	tbl_set_text(&f->doc, b, str_sv(&ta));
	str_free(&ta);
	str_free(&tb);
	return true;
}

static bool
nowhere_to_move(struct diags *d)
{
	return diag_add(d, SEV_NOTE, DIAG_NOT_FOUND, NULL, NULL,
		_("It stands at the end already."));
}

bool
ses_net_move(struct session *s, size_t *row, int by, struct diags *d)
{
	struct net_source from, other;
	size_t next = *row;
	struct str out = {0};
	bool done;

	if (!source_of(s, *row, &from, d))
		return false;
	do {
		next = by < 0 ? next - 1 : next + 1;
		if (next >= s->nets->n || s->nets->from[next].file != from.file)
			if (next >= s->nets->n ||
				s->nets->rows[next].depth <= s->nets->rows[*row].depth)
				return nowhere_to_move(d);
	} while (s->nets->rows[next].removed || s->nets->from[next].file != from.file);
	other = s->nets->from[next];
	ses_begin(s, _("network moved"));
	done = make_real(s, &from, *row, d);
	if (done && from.id == other.id) {
		struct vl_text t = nets_list_text(from.file, from.id);

		done = vl_move(&t, from.item, other.item, &out) &&
		       put_text(from.file, from.id, &out);
	} else if (done && other.file) {
		done = swap_lines(from.file, from.id, other.id);
	}
	ses_end(s);
	if (done)
		*row = next;
	return done;
}

void
ses_net_open(struct session *s, size_t row, bool open)
{
	struct nets_view *v = nets_now(s);
	const char *text;

	if (row >= v->n || !v->rows[row].expandable || v->rows[row].open == open)
		return;
	text = v->rows[row].text;
	if (open) {
		v->opened = mem_grow(
			v->opened, &v->opened_cap, v->nopened + 1, sizeof(*v->opened));
		v->opened[v->nopened++] = mem_strdup(text);
	} else {
		for (size_t i = 0; i < v->nopened; i++)
			if (strcmp(v->opened[i], text) == 0) {
				free(v->opened[i]);
				v->opened[i] = v->opened[--v->nopened];
				break;
			}
	}
	session_touch(s);
}
