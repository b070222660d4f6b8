/* SPDX-License-Identifier: MIT
 *
 * Descriptions: which comment belongs to which entry, and taking an entry away with its
 * own. A comment above a group of entries is its heading and nobody's description;
 * deleted aliases that were there still make a group. Above an entry, lines behind the
 * last bare "#" count, four at most: more is the head of a file.
 */
#include "text/alentry.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

#define LINES_MAX 4

/* Positions of the description's lines in the order, the uppermost last. */
struct block {
	size_t pos[LINES_MAX];
	size_t n;
};

/* The text of a comment line; empty for a bare '#' or a ruler. */
static struct sv
comment_text(struct sv line)
{
	line = sv_trim(line);
	while (line.n && line.p[0] == '#')
		line = sv_sub(line, 1, line.n);
	line = sv_trim(line);
	for (size_t i = 0; i < line.n; i++)
		if (!strchr("-=*_~+#. ", line.p[i]))
			return line;
	return sv_make("", 0);
}

/* Is what stands behind position pos blank, a comment, or the end? */
static bool
ends_group(const struct doc *d, size_t pos)
{
	for (size_t i = pos + 1; i < d->norder; i++) {
		const struct entry *e = doc_entry(d, d->order[i]);
		bool gone = e->flags & ENTRY_DELETED;
		if (gone && (!al_is_alias(d, d->order[i]) || (e->flags & ENTRY_NEW)))
			continue;
		return e->kind == ENTRY_BLANK || e->kind == ENTRY_COMMENT;
	}
	return true;
}

/* The comment lines right above position pos that describe what is there. */
static void
lines_above(const struct doc *d, size_t pos, struct block *b)
{
	b->n = 0;
	for (size_t i = pos; i-- > 0;) {
		uint32_t id = d->order[i];
		if (!doc_alive(d, id)) {
			if (al_is_alias(d, id) && !(doc_entry(d, id)->flags & ENTRY_NEW))
				return;
			continue;
		}
		if (doc_entry(d, id)->kind != ENTRY_COMMENT ||
			comment_text(doc_text(d, id)).n == 0)
			return;
		if (b->n == LINES_MAX) {
			b->n = 0;
			return;
		}
		b->pos[b->n++] = i;
	}
}

static void
find_block(const struct doc *d, uint32_t id, struct block *b)
{
	size_t pos = doc_position(d, id);
	b->n = 0;
	if (ends_group(d, pos))
		lines_above(d, pos, b);
}

bool
al_description(const struct aliases *al, uint32_t id, struct str *out)
{
	struct block b;
	find_block(&al->doc, id, &b);
	for (size_t i = b.n; i-- > 0;) {
		if (i + 1 < b.n)
			str_add_char(out, ' ');
		str_add_sv(
			out, comment_text(doc_text(&al->doc, al->doc.order[b.pos[i]])));
	}
	return b.n > 0;
}

static void
remove_entry(struct aliases *al, uint32_t id)
{
	uint64_t gen = al->doc.gen;
	doc_delete(&al->doc, id);
	al_index_noted(al, id, gen);
}

/* What stands above position pos has another neighbour now. */
static void
part_from_above(struct aliases *al, size_t pos)
{
	uint32_t above = al_prev_alive(&al->doc, pos);
	if (above != DOC_NO_ID)
		al_keep_apart(al, above);
}

void
al_remove(struct aliases *al, uint32_t id)
{
	struct block b;
	find_block(&al->doc, id, &b);
	for (size_t i = 0; i < b.n; i++)
		remove_entry(al, al->doc.order[b.pos[i]]);
	remove_entry(al, id);
	part_from_above(al, doc_position(&al->doc, id));
}

/* Append the comment line that says text, in the way of the one it takes the place of. */
static void
write_comment(const struct doc *d, struct sv old, struct sv text, struct str *out)
{
	size_t n = 0;
	while (n < old.n && (old.p[n] == '#' || old.p[n] == ' ' || old.p[n] == '\t'))
		n++;
	if (n < 2)
		str_add_cstr(out, "# ");
	else
		str_add(out, old.p, n);
	str_add_sv(out, sv_trim(text));
	str_add_cstr(out, doc_eol(d));
}

/* A new comment line above the entry, with blank lines where they are needed. */
static void
add_comment(struct aliases *al, uint32_t id, struct sv text)
{
	const struct doc *d = &al->doc;
	size_t pos = doc_position(d, id);
	struct str line = {0};
	write_comment(d, sv_make("", 0), text, &line);
	if (!ends_group(d, pos))
		al_insert_blank(al, pos + 1);
	uint32_t above = al_prev_alive(d, pos);
	if (above != DOC_NO_ID) {
		uint8_t kind = doc_entry(d, above)->kind;
		bool isnew = doc_entry(d, id)->flags & ENTRY_NEW;
		if (kind == ENTRY_COMMENT || (isnew && kind != ENTRY_BLANK))
			al_insert_blank(al, pos++);
	}
	uint64_t gen = d->gen;
	uint32_t added = doc_insert(&al->doc, pos, str_sv(&line), ENTRY_COMMENT, 0);
	al_index_noted(al, added, gen);
	part_from_above(al, pos);
	str_free(&line);
}

static void
change_comment(struct aliases *al, const struct block *b, struct sv text)
{
	struct doc *d = &al->doc;
	uint32_t top = d->order[b->pos[b->n - 1]];
	struct str line = {0};
	uint64_t gen = d->gen;
	write_comment(d, doc_text(d, top), text, &line);
	doc_replace(d, top, str_sv(&line), ENTRY_COMMENT, 0);
	al_index_noted(al, top, gen);
	for (size_t i = 0; i + 1 < b->n; i++)
		remove_entry(al, d->order[b->pos[i]]);
	part_from_above(al, b->pos[b->n - 1]);
	str_free(&line);
}

bool
al_set_description(struct aliases *al, uint32_t id, struct sv text, struct diags *d)
{
	struct block b;
	struct str now = {0};
	text = sv_trim(text);
	if (text.n && (memchr(text.p, '\n', text.n) || memchr(text.p, '\0', text.n)))
		return diag_add(d, SEV_ERROR, DIAG_AL_NAME, NULL,
			_("Write the comment on one line."),
			_("Nothing was changed: the comment has several lines."));
	al_description(al, id, &now);
	bool same = sv_eq(str_sv(&now), text);
	str_free(&now);
	if (same)
		return true;
	find_block(&al->doc, id, &b);
	if (text.n == 0)
		for (size_t i = 0; i < b.n; i++)
			remove_entry(al, al->doc.order[b.pos[i]]);
	else if (b.n)
		change_comment(al, &b, text);
	else
		add_comment(al, id, text);
	return true;
}
