/* SPDX-License-Identifier: MIT
 *
 * New networks. The first edit of an unset mynetworks writes down what Postfix derived,
 * so that no private client who could relay is cut off.
 */
#include "session/nets_view.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "text/maincf.h"
#include "text/table.h"

bool
nets_not_an_item(const char *text, struct diags *d)
{
	return diag_add(d, SEV_ERROR, DIAG_NET_SYNTAX, NULL,
		_("Write an address, a network such as 192.168.3.0/24, a /file or "
		  "type:table."),
		_("\"%s\" can't stand in the list."), text);
}

size_t
nets_items_in(const struct vl_text *t)
{
	struct vl_list list = {0};
	size_t n;

	vl_parse(t, &list);
	n = list.n;
	vl_free(&list);
	return n;
}

bool
nets_put_text(struct ses_file *f, uint32_t id, struct str *text, ptrdiff_t more)
{
	struct vl_text was = nets_list_text(f, id), now = {str_sv(text), was.off, NULL};
	bool done =
		(ptrdiff_t)nets_items_in(&now) == (ptrdiff_t)nets_items_in(&was) + more;

	if (!done) {
		str_free(text);
		return false;
	}
	if (f->role == ROLE_MAIN_CF)
		done = mcf_set_text(&f->doc, id, str_sv(text));
	else
		tbl_set_text(&f->doc, id, str_sv(text));
	str_free(text);
	return done;
}

/* Indented text at the start of a file counts for nothing, until a network stands before
 * it: then it would be read as more of that line. */
bool
nets_orphans_stay(const struct ses_file *f, struct diags *d)
{
	struct diag_loc loc = {.file = f->path};
	bool row = false;

	for (size_t i = 0; i < f->doc.norder; i++) {
		const struct entry *e = doc_entry(&f->doc, f->doc.order[i]);

		if (e->flags & ENTRY_DELETED)
			continue;
		if (e->kind == ENTRY_ORPHAN && row)
			return diag_add(d, SEV_ERROR, DIAG_CF_ORPHAN, &loc,
				_("Take the blanks at the start of that line away, or "
				  "the "
				  "line, then try again."),
				_("%s has a line that begins with blanks and counts for "
				  "nothing now; after this change it would count."),
				f->path);
		row = row || e->kind == ENTRY_ROW;
	}
	return true;
}

/* Is the item public in the sense that a first edit leaves it out unless told? */
static bool
is_public(struct sv text)
{
	struct net_item item;

	net_item_parse(text, &item);
	return net_item_is_public(&item);
}

bool
nets_insert_item(
	struct ses_file *f, uint32_t id, size_t at, struct sv item, struct sv note)
{
	struct vl_text t = nets_list_text(f, id);
	struct str out = {0};

	return vl_insert(&t, at, item, note, &out) && nets_put_text(f, id, &out, 1);
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

/* A public range is written only if everybody wants it or it is the very row that a
 * person edits. */
static bool
is_left_out(struct sv item, const struct nets_along *along)
{
	return is_public(item) && !along->with_public && !sv_eq_str(item, along->row);
}

static bool
refuse_unknown(const struct session *s, struct diags *d)
{
	const struct diags *said = &s->asked[SES_ASK_DERIVED].said;
	bool missing = said->n && said->v[0].code == DIAG_PF_MISSING;

	return diag_add(d, SEV_ERROR, missing ? DIAG_PF_MISSING : DIAG_PF_SAYS, NULL,
		missing ? _("Install Postfix, or set the whole list at once as the "
			    "parameter mynetworks.")
			: _("Mend main.cf so that postconf can read it, then try again."),
		_("Who may relay now is not known, so nobody would be kept: nothing was "
		  "changed."));
}

bool
nets_write_derived(struct session *s, const struct nets_along *along, struct str *written,
	struct diags *d)
{
	struct sv rest, token, first = {0};
	uint32_t id;

	if (!ses_wait(s, SES_ASK_DERIVED, d) || !s->derived)
		return refuse_unknown(s, d);
	rest = sv_of(s->derived);
	while (net_token(&rest, &token)) {
		if (is_within(token, along->coming))
			continue;
		if (is_left_out(token, along)) {
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
			nets_insert_item(s->files[0], id, SIZE_MAX, token, sv_of(""));
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
		if (f || v->rows[i].off || v->rows[i].text[0] == '!' ||
			!v->from[i].behind || v->from[i].behind->role != ROLE_NETS)
			return NULL;
		f = v->from[i].behind;
	}
	return f;
}

static struct sv
note_of(const struct ses_net_new *new)
{
	return sv_trim(sv_of(new->note ? new->note : ""));
}

static bool
add_to_file(const struct ses_net_new *new, struct ses_file *to)
{
	struct sv rest = sv_of(new->text), item;
	bool done = true;

	while (done && net_token(&rest, &item)) {
		uint32_t id = tbl_append(&to->doc, item, sv_of(""));

		done = id != DOC_NO_ID;
		if (done && note_of(new).n)
			tbl_set_note(&to->doc, id, note_of(new));
	}
	return done;
}

/* One text for all of them: of a long list each would cost its whole length. */
static bool
add_to_value(struct ses_file *f, const struct ses_net_new *new, struct sv rest, size_t at)
{
	uint32_t id = mcf_find(&f->doc, sv_of("mynetworks"));
	struct vl_text t = nets_list_text(f, id);
	struct str text = {0};
	struct sv item;
	ptrdiff_t n = 0;
	bool done = true;

	while (done && net_token(&rest, &item)) {
		struct str next = {0};

		done = vl_insert(&t, at, item, note_of(new), &next);
		str_free(&text);
		text = next;
		t.raw = str_sv(&text);
		at += at == SIZE_MAX ? 0 : 1;
		n++;
	}
	if (done && n > 0)
		return nets_put_text(f, id, &text, n);
	str_free(&text);
	return done;
}

static bool
are_items(const char *text)
{
	struct sv rest = sv_of(text), item;
	size_t n = 0;

	for (; net_token(&rest, &item); n++)
		if (!vl_is_item(item))
			return false;
	return n > 0;
}

static bool
add_all(struct session *s, const struct ses_net_new *new, struct ses_file *to,
	struct diags *d)
{
	struct nets_view *v = nets_now(s);
	struct sv rest = sv_of(new->text), first;
	size_t at = SIZE_MAX;
	bool done;

	for (size_t i = new->before; at == SIZE_MAX &&i < v->n; i++)
		if (v->from[i].file == s->files[0] && !v->rows[i].removed)
			at = v->from[i].item;
	done = are_items(new->text);
	if (done && !to && nets_entry(s) == DOC_NO_ID && net_token(&rest, &first))
		mcf_set(main_cf(s), sv_of("mynetworks"), first);
	done = done &&
	       (to ? add_to_file(new, to) : add_to_value(s->files[0], new, rest, at));
	return done || nets_not_an_item(new->text, d);
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
	struct nets_along along = {new->with_public, new->text, ""};
	struct ses_file *to = NULL;
	struct str written = {0};
	bool done = true;
	size_t mark;

	if (said)
		*said = NULL;
	to = target_file(s, new, d);
	if ((new->to_file && !to) || !edit_allowed(s, to ? to : s->files[0], d))
		return false;
	mark = edit_begin(s, _("network added"));
	if (nets_entry(s) == DOC_NO_ID)
		done = nets_write_derived(s, &along, &written, d);
	done = done && add_all(s, new, to, d) && (!to || nets_orphans_stay(to, d));
	edit_end(s, mark, done);
	if (done && said && written.n)
		*said = scratch_fmt(s,
			_("Written along, because they could relay so far: %s."),
			str_c(&written));
	str_free(&written);
	return done;
}
