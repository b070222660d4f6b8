/* SPDX-License-Identifier: MIT
 *
 * Edits of mynetworks by row. Each becomes one new text of one entry, made by vlist, so
 * that every other byte of the value stays.
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

/* Turn derived rows into written ones; the row keeps its number where nothing was left
 * out. */
static bool
make_real(struct session *s, struct net_source *from, size_t row, struct diags *d)
{
	struct str written = {0};
	char *text;
	bool done;

	if (from->file)
		return true;
	text = mem_strdup(s->nets->rows[row].text);
	done = nets_write_derived(s, &(struct nets_along){false, "", text}, &written, d);
	str_free(&written);
	for (size_t i = 0; done && i < nets_now(s)->n; i++)
		if (!s->nets->rows[i].removed && s->nets->rows[i].depth == 0 &&
			strcmp(s->nets->rows[i].text, text) == 0)
			*from = s->nets->from[i];
	free(text);
	return done && from->file;
}

/* Another key for a row; what stands around it stays. A row that is off must still be
 * taken for one, and a table's key has no blanks. */
static bool
replace_key(struct ses_file *f, uint32_t id, struct sv key)
{
	struct doc *doc = &f->doc;
	bool off = doc_entry(doc, id)->kind == ENTRY_ROW_OFF, told = false;

	for (size_t i = 0; i < key.n; i++) {
		if (is_blank_char(key.p[i]))
			return false;
		told = told || strchr(".@[/*:", key.p[i]); /* table.h */
	}
	if (off && (f->role == ROLE_NETS ? !vl_looks_like_net(key) : !told))
		return false;
	return tbl_rename(doc, id, key);
}

/* An edit of a table's row, or of a row that is switched off in a file. */
static bool
edit_table_row(struct ses_file *f, uint32_t id, const struct row_edit *e)
{
	enum tbl_form form = f->role == ROLE_NETS ? TBL_NETS : TBL_MAP;
	struct doc *doc = &f->doc;

	switch (e->kind) {
	case EDIT_TEXT:
		return replace_key(f, id, e->text);
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
edit_list_item(const struct net_source *from, bool off, const struct row_edit *e)
{
	struct vl_text t = nets_list_text(from->file, from->id);
	struct str out = {0};
	bool done = false;

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
	if (done)
		return nets_put_text(
			from->file, from->id, &out, e->kind == EDIT_REMOVE ? -1 : 0);
	str_free(&out);
	return false;
}

/* How many items has the entry, and is this one off? */
static size_t
items_of(const struct net_source *from, bool *off)
{
	struct vl_text t = nets_list_text(from->file, from->id);
	struct vl_list list = {0};
	size_t n;

	vl_parse(&t, &list);
	n = list.n;
	*off = from->item < n && list.v[from->item].is_off;
	vl_free(&list);
	return n;
}

/* A row that is alone on its line in a file has the file's own forms of off and note. */
static bool
edit_row(const struct net_source *from, const struct row_edit *e)
{
	bool off = false, row_off;
	size_t n;

	if (from->file->role == ROLE_MAIN_CF) {
		items_of(from, &off);
		return edit_list_item(from, off, e);
	}
	row_off = doc_entry(&from->file->doc, from->id)->kind == ENTRY_ROW_OFF;
	if (from->file->role != ROLE_NETS || row_off)
		return edit_table_row(from->file, from->id, e);
	n = items_of(from, &off);
	if (n == 1 && e->kind != EDIT_TEXT)
		return edit_table_row(from->file, from->id, e);
	return edit_list_item(from, off, e);
}

static bool
not_so(struct diags *d)
{
	return diag_add(d, SEV_ERROR, DIAG_NET_SYNTAX, NULL,
		_("Change it with an editor, then read the file again (R)."),
		_("This row can't be changed like that where it stands."));
}

bool
nets_edit_row(const struct net_source *from, const struct row_edit *e, struct diags *d)
{
	if (edit_row(from, e))
		return from->file->role == ROLE_MAIN_CF ||
		       nets_orphans_stay(from->file, d);
	if (e->kind != EDIT_TOGGLE)
		return not_so(d);
	return diag_add(d, SEV_ERROR, DIAG_NET_SYNTAX, NULL,
		_("Remove it instead; undo (u) brings it back."),
		_("This row can't be switched off or on where it stands: behind a # it "
		  "would be read as a remark."));
}

static bool
edit_checked(struct session *s, size_t row, const char *label, const struct row_edit *e,
	struct diags *d)
{
	struct net_source from = {0};
	size_t mark;

	if (!source_of(s, row, &from, d))
		return false;
	mark = edit_begin(s, label);
	return edit_end(
		s, mark, make_real(s, &from, row, d) && nets_edit_row(&from, e, d));
}

/* The entry may have been cut into several by the first of two edits. */
static bool
edit_text_and_note(
	const struct net_source *from, struct sv text, const char *note, struct diags *d)
{
	struct row_edit e = {EDIT_NOTE, sv_trim(sv_of(note))}, t = {EDIT_TEXT, text};

	return nets_edit_row(from, &t, d) && (!note || nets_edit_row(from, &e, d));
}

bool
ses_net_edit(struct session *s, size_t row, const char *text, const char *note,
	struct diags *d)
{
	/* Both may be texts of the rows, which are made anew. */
	char *own = mem_strdup(text), *own_note = mem_strdup(note);
	struct sv item = sv_trim(sv_of(own));
	struct net_source from = {0};
	bool done = false;
	size_t mark;

	if (source_of(s, row, &from, d) &&
		(vl_is_item(item) || nets_not_an_item(own, d))) {
		mark = edit_begin(s, _("network changed"));
		done = edit_end(s, mark,
			make_real(s, &from, row, d) &&
				edit_text_and_note(&from, item, own_note, d));
	}
	free(own);
	free(own_note);
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
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(s, &rows);

	if (row < n && rows[row].finding && rows[row].finding->mend != DIAG_MEND_NONE)
		return ses_mend(s, rows[row].finding, d);
	if (row >= n || !rows[row].repair)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("There is no safe repair for this row; Enter edits it."));
	return ses_net_edit(s, row, rows[row].repair, NULL, d);
}

/* The text of an entry without its line end, and the line end. */
static struct sv
without_eol(struct sv text, struct sv *eol)
{
	size_t n = text.n;

	while (n > 0 && (text.p[n - 1] == '\n' || text.p[n - 1] == '\r'))
		n--;
	*eol = sv_sub(text, n, text.n);
	return sv_sub(text, 0, n);
}

static bool
has_many(const struct net_source *from)
{
	bool off;

	return from->file->role == ROLE_NETS &&
	       doc_entry(&from->file->doc, from->id)->kind == ENTRY_ROW &&
	       items_of(from, &off) != 1;
}

/* Rows in a file move by changing places, their notes with them; the line ends stay where
 * they are, for the last line may have none. */
static bool
swap_rows(struct ses_file *f, uint32_t a, uint32_t b)
{
	struct entry ea = *doc_entry(&f->doc, a), eb = *doc_entry(&f->doc, b);
	struct sv eol_a, eol_b, ta = without_eol(doc_text(&f->doc, a), &eol_a),
				tb = without_eol(doc_text(&f->doc, b), &eol_b);
	struct str new_a = {0}, new_b = {0}, note_a = {0}, note_b = {0};

	str_add_sv(&note_a, tbl_note(&f->doc, a));
	str_add_sv(&note_b, tbl_note(&f->doc, b));
	str_add_sv(&new_a, tb);
	str_add_sv(&new_a, eol_a);
	str_add_sv(&new_b, ta);
	str_add_sv(&new_b, eol_b);
	doc_replace(&f->doc, a, str_sv(&new_a), (enum entry_kind)eb.kind, eb.key_len);
	doc_replace(&f->doc, b, str_sv(&new_b), (enum entry_kind)ea.kind, ea.key_len);
	tbl_set_note(&f->doc, a, str_sv(&note_b));
	tbl_set_note(&f->doc, b, str_sv(&note_a));
	str_free(&new_a);
	str_free(&new_b);
	str_free(&note_a);
	str_free(&note_b);
	return true;
}

static bool
nowhere_to_move(struct diags *d)
{
	return diag_add(d, SEV_NOTE, DIAG_NOT_FOUND, NULL, NULL,
		_("It stands at the end already."));
}

/* The row of the same file that is next to this one; its number, or SIZE_MAX. */
static size_t
next_row(const struct nets_view *v, size_t row, int by)
{
	for (size_t i = row;;) {
		if (by < 0 ? i == 0 : i + 1 >= v->n)
			return SIZE_MAX;
		i = by < 0 ? i - 1 : i + 1;
		if (v->rows[i].depth < v->rows[row].depth)
			return SIZE_MAX;
		if (!v->rows[i].removed && v->rows[i].depth == v->rows[row].depth)
			return i;
	}
}

bool
nets_swap_rows(
	const struct net_source *from, const struct net_source *other, struct diags *d)
{
	if (from->id == other->id) {
		struct vl_text t = nets_list_text(from->file, from->id);
		struct str out = {0};

		return (vl_move(&t, from->item, other->item, &out) &&
			       nets_put_text(from->file, from->id, &out, 0)) ||
		       not_so(d);
	}
	if (has_many(from) || has_many(other))
		return diag_add(d, SEV_ERROR, DIAG_NET_SYNTAX, NULL,
			_("Give each network a line of its own in the file first."),
			_("Several networks share this line or the one beside it, so the "
			  "row can't be moved by itself."));
	return swap_rows(from->file, from->id, other->id) &&
	       nets_orphans_stay(from->file, d);
}

bool
ses_net_move(struct session *s, size_t *row, int by, struct diags *d)
{
	struct net_source from = {0}, other;
	size_t next, mark;
	bool done;

	if (!source_of(s, *row, &from, d))
		return false;
	next = next_row(s->nets, *row, by);
	if (next == SIZE_MAX)
		return nowhere_to_move(d);
	other = s->nets->from[next];
	mark = edit_begin(s, _("network moved"));
	done = make_real(s, &from, *row, d);
	if (done && !other.file) { /* it was derived: where does it stand now? */
		other = from;
		if (by < 0 ? from.item == 0 : from.item + 1 >= nets_now(s)->n)
			done = nowhere_to_move(d);
		else
			other.item = by < 0 ? from.item - 1 : from.item + 1;
	}
	done = edit_end(s, mark, done && nets_swap_rows(&from, &other, d));
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
