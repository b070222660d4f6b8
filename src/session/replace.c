/* SPDX-License-Identifier: MIT
 *
 * Giving a document other bytes without loading it anew: what is the same stays, entry by
 * entry, and only what differs is edited, so that undo, the net list of changes and the
 * diff see what a person would call the difference. How well entries are matched decides
 * how short that list is; that the bytes are the right ones is looked at in the end.
 */
#include "session/internal.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "text/maincf.h"
#include "text/table.h"

enum {
	LOOK_AHEAD = 64,
	NEAR = 2 * LOOK_AHEAD
}; /* entries passed over to find the like again */

/* The wanted bytes, cut into entries as their file is. */
union wanted {
	struct doc doc;
	struct aliases al;
};

struct laying {
	struct doc *d;
	const struct doc *want;
	uint32_t *now; /* entries of d that are there, in order */
	size_t n, wn;  /* how many; entries wanted (their ids are their places) */
};

static void
cut(enum ses_role role, union wanted *w, struct sv bytes)
{
	char *copy = mem_strndup(bytes.p, bytes.n);

	switch (role) {
	case ROLE_MAIN_CF:
		mcf_load(&w->doc, copy, bytes.n, NULL);
		break;
	case ROLE_ALIASES:
		al_load(&w->al, copy, bytes.n, NULL);
		break;
	case ROLE_NETS:
		tbl_load(&w->doc, TBL_NETS, copy, bytes.n, NULL);
		break;
	case ROLE_CIDR:
	case ROLE_INDEXED:
	case ROLE_LOGIN:
		tbl_load(&w->doc, TBL_MAP, copy, bytes.n, NULL);
		break;
	}
}

static void
let_go(enum ses_role role, union wanted *w)
{
	if (role == ROLE_ALIASES)
		al_free(&w->al);
	else
		doc_free(&w->doc);
}

static void
list_now(struct laying *l)
{
	l->now = mem_new(l->d->norder + 1, sizeof(*l->now));
	for (size_t i = 0; i < l->d->norder; i++) {
		uint32_t id = l->d->order[i];

		if (doc_alive(l->d, id) && doc_entry(l->d, id)->text.len)
			l->now[l->n++] = id;
	}
	l->wn = l->want->norder;
}

static const struct entry *
want_entry(const struct laying *l, size_t w)
{
	return doc_entry(l->want, l->want->order[w]);
}

static struct sv
want_text(const struct laying *l, size_t w)
{
	return doc_text(l->want, l->want->order[w]);
}

static bool
is_same(const struct laying *l, size_t i, size_t w)
{
	const struct entry *a = doc_entry(l->d, l->now[i]), *b = want_entry(l, w);

	return a->kind == b->kind && a->key_len == b->key_len &&
	       a->text.len == b->text.len &&
	       sv_eq(doc_text(l->d, l->now[i]), want_text(l, w));
}

/* The same parameter, alias or row with another value: one change, not two. */
static bool
is_same_key(const struct laying *l, size_t i, size_t w)
{
	const struct entry *a = doc_entry(l->d, l->now[i]), *b = want_entry(l, w);
	size_t n = a->key_len;

	return n && a->kind == b->kind && n == b->key_len &&
	       sv_eq(sv_sub(doc_text(l->d, l->now[i]), 0, n),
		       sv_sub(want_text(l, w), 0, n));
}

static void
replace(const struct laying *l, size_t i, size_t w)
{
	const struct entry *e = want_entry(l, w);

	doc_replace(
		l->d, l->now[i], want_text(l, w), (enum entry_kind)e->kind, e->key_len);
}

static void
insert(const struct laying *l, size_t before, size_t w)
{
	const struct entry *e = want_entry(l, w);
	size_t pos = before < l->n ? doc_position(l->d, l->now[before]) : l->d->norder;

	doc_insert(l->d, pos, want_text(l, w), (enum entry_kind)e->kind, e->key_len);
}

/* Entries i..i_end have nothing in common with the wanted ones w..w_end but keys. */
static void
lay_block(const struct laying *l, size_t i, size_t i_end, size_t w, size_t w_end)
{
	for (; w < w_end; w++) {
		size_t k = i;

		while (k < i_end && k - i < LOOK_AHEAD && !is_same_key(l, k, w))
			k++;
		if (k == i_end || k - i == LOOK_AHEAD) {
			insert(l, i, w);
			continue;
		}
		while (i < k)
			doc_delete(l->d, l->now[i++]);
		replace(l, i++, w);
	}
	while (i < i_end)
		doc_delete(l->d, l->now[i++]);
}

/* The nearest pair at or behind i and w that is the same; false: none near. */
static bool
next_same(const struct laying *l, size_t *i, size_t *w, size_t i_end, size_t w_end)
{
	for (size_t far = 0; far < NEAR; far++)
		for (size_t k = 0; k <= far; k++)
			if (*i + k < i_end && *w + far - k < w_end &&
				is_same(l, *i + k, *w + far - k)) {
				*i += k;
				*w += far - k;
				return true;
			}
	return false;
}

static void
lay(struct laying *l)
{
	size_t i = 0, w = 0, i_end = l->n, w_end = l->wn;

	while (i < i_end && w < w_end && is_same(l, i, w)) {
		i++;
		w++;
	}
	while (i < i_end && w < w_end && is_same(l, i_end - 1, w_end - 1)) {
		i_end--;
		w_end--;
	}
	while (i < i_end || w < w_end) {
		size_t i_next = i, w_next = w;

		if (!next_same(l, &i_next, &w_next, i_end, w_end)) {
			i_next = i_end;
			w_next = w_end;
		}
		lay_block(l, i, i_next, w, w_next);
		i = i_next + (i_next < i_end);
		w = w_next + (w_next < w_end);
	}
}

static bool
has_bytes(const struct doc *d, struct sv bytes)
{
	struct str now = {0};
	bool same;

	doc_bytes(d, &now);
	same = sv_eq(str_sv(&now), bytes);
	str_free(&now);
	return same;
}

bool
file_set_bytes(struct session *s, struct ses_file *f, struct sv bytes, struct diags *d)
{
	struct diag_loc loc = {.file = f->path};
	struct laying l = {.d = &f->doc};
	union wanted want;
	size_t mark;
	bool done;

	if (has_bytes(&f->doc, bytes))
		return true;
	if (!edit_allowed(s, f, d))
		return false;
	if (sv_find(bytes, '\0') >= 0)
		return diag_add(d, SEV_ERROR, DIAG_FILE_BINARY, &loc,
			_("Put it back by hand: it is in postrelay's own folder."),
			_("The older %s holds NUL bytes, which Postfix cuts lines at."),
			f->path);
	cut(f->role, &want, bytes);
	l.want = &want.doc;
	list_now(&l);
	mark = edit_begin(s, _("edit"));
	lay(&l);
	done = has_bytes(&f->doc, bytes) ||
	       diag_add(d, SEV_ERROR, DIAG_FILE_KIND, &loc,
		       _("Put it back by hand: it is in postrelay's own folder."),
		       _("The older %s can't be brought back as an edit."), f->path);
	free(l.now);
	let_go(f->role, &want);
	return edit_end(s, mark, done);
}
