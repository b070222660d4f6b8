/* SPDX-License-Identifier: MIT
 *
 * The words of a list parameter one by one: those of the file with their places, and what
 * a $name among them comes to. No word is kept here: there may be a hundred thousand.
 */
#include <stdlib.h>

#include "check/maincf.h"
#include "text/maincf.h"

/* Where item it of a definition is in the file. Items come in their order, so the start
 * of its line is behind the item before it, or is that one's: a line of a hundred
 * thousand words is gone through once. */
static struct diag_loc
item_loc(struct chk_words *w, const struct vl_item *it)
{
	const char *raw = w->scan.t.raw.p;
	struct diag_loc loc = w->loc;
	size_t start = it->off;

	while (start > w->seen && raw[start - 1] != '\n')
		start--;
	if (start > w->seen)
		w->line_start = start;
	w->seen = it->off;
	loc.line += it->line;
	loc.col = (uint32_t)(it->off - w->line_start + 1);
	return loc;
}

bool
chk_word(struct sv *rest, struct sv *word)
{
	size_t len = 0, depth = 0;

	while (rest->n && strchr(", \t\r\n", rest->p[0]))
		*rest = sv_sub(*rest, 1, rest->n);
	for (; len < rest->n && (depth || !strchr(", \t\r\n", rest->p[len])); len++) {
		depth += rest->p[len] == '{';
		depth -= depth && rest->p[len] == '}';
	}
	*word = sv_sub(*rest, 0, len);
	*rest = sv_sub(*rest, len, rest->n);
	return len > 0;
}

void
chk_words_start(struct chk_words *w, struct chk_run *run, const struct chk_param *p)
{
	struct vl_text text = {0};

	*w = (struct chk_words){.run = run, .loc = chk_at(run, p), .whole = p->known};
	w->in_file = p->def != NULL;
	if (w->in_file) {
		text.raw = doc_text(run->d, p->def->id);
		text.off = mcf_value_offset(run->d, p->def->id);
		w->plain = sv_find(text.raw, '$') < 0;
		vl_start(&w->scan, &text);
	} else if (p->how == CFX_OK) {
		w->rest = p->value;
		w->item.loc = w->loc;
	} else {
		w->whole = false;
	}
}

bool
chk_words_next(struct chk_words *w, struct chk_item *out)
{
	struct vl_item it;

	for (;;) {
		if (w->rest.n && chk_word(&w->rest, &w->item.text)) {
			*out = w->item;
			if (!w->in_file)
				out->raw = out->text;
			return true;
		}
		if (!w->in_file || !vl_next(&w->scan, &it))
			return false;
		if (it.is_off)
			continue;
		w->item.raw = sv_sub(w->scan.t.raw, it.off, it.len);
		w->item.loc = item_loc(w, &it);
		if (w->plain || sv_find(w->item.raw, '$') < 0) {
			*out = w->item;
			out->text = out->raw;
			return true;
		}
		if (chk_expand(w->run, w->item.raw, &w->rest) != CFX_OK) {
			w->rest = sv_of("");
			w->whole = false;
		}
	}
}

size_t
chk_items(struct chk_run *run, const struct chk_param *p, struct chk_item **out,
	bool *whole)
{
	struct chk_words w;
	struct chk_item item, *grown;
	size_t n = 0, cap = 0;

	*out = NULL;
	chk_words_start(&w, run, p);
	while (chk_words_next(&w, &item)) {
		if (n == cap) {
			cap = cap ? cap * 2 : 16;
			grown = arena_new(&run->texts, cap * sizeof(*grown));
			if (n)
				memcpy(grown, *out, n * sizeof(*grown));
			*out = grown;
		}
		(*out)[n++] = item;
	}
	if (whole)
		*whole = w.whole;
	return n;
}
