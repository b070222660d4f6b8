/* SPDX-License-Identifier: MIT
 *
 * Title, tabs, message area and key row. Everything is measured before it is drawn, so
 * nothing is ever cut in the middle but names (with ~).
 */
#include "ui/frame.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/glyph.h"

enum { HOST_WIDEST = 28, FOLD_BELOW = 80 };

/* --- title ---------------------------------------------------------------------------
 */

/* How much of the title is shown, from all of it to the least. */
enum title_level { ALL, NO_FOLDER, NO_PRODUCT, NO_DOMAIN, NO_VERSION, LEVELS };

static void
add_part(struct str *out, const char *gap, const char *text)
{
	if (text && text[0]) {
		str_add_cstr(out, out->n ? gap : "");
		str_add_cstr(out, text);
	}
}

/* The host name, without its domain on the narrow levels, at most 28 columns. */
static void
add_host(struct str *out, const char *host, enum title_level level)
{
	struct sv name = sv_of(host ? host : "");
	ptrdiff_t dot = sv_find(name, '.');
	int used = 0;

	if (level >= NO_DOMAIN && dot > 0) {
		name.n = (size_t)dot;
	}
	if (ui_width(name) <= HOST_WIDEST) {
		str_add_sv(out, name);
		return;
	}
	str_add_sv(out, sv_sub(name, 0, ui_fit(name, HOST_WIDEST - 1, &used)));
	str_add_char(out, '~');
}

static void
title_text(const struct ui_title *t, enum title_level level, struct str *out)
{
	str_clear(out);
	add_host(out, t->host, level);
	const char *gap = "  ";
	if (level < NO_PRODUCT && t->product) {
		add_part(out, gap, t->product);
		gap = " ";
	}
	if (level < NO_VERSION || !t->state) {
		add_part(out, gap, t->version);
		gap = " ";
	}
	add_part(out, gap, t->state);
	add_part(out, "  ", level < NO_FOLDER ? t->folder : NULL);
}

/* The counts, each in its mark's colour; "!0" has nothing to warn of. */
static void
put_counts(const struct ui_canvas *c, int x, const char *text)
{
	struct sv rest = sv_of(text), word;

	while (rest.n > 0) {
		ptrdiff_t end = sv_find(rest, ' ');
		word = end < 0 ? rest : sv_sub(rest, 0, (size_t)end + 1);
		bool none = word.n >= 2 && word.p[1] == '0';
		enum ui_role role = none ? UI_TEXT : ui_mark_role(word.p[0]);
		x += ui_put_sv(c, ui_at(0, x, 0), role, word);
		rest = sv_sub(rest, word.n, rest.n);
	}
}

void
ui_frame_title(const struct ui_canvas *c, const struct ui_title *title)
{
	struct str text = {0};
	const char *right = title->right ? title->right : "";
	int room = c->w - ui_width(sv_of(right));
	int level = c->w < FOLD_BELOW ? NO_PRODUCT : ALL;

	title_text(title, (enum title_level)level, &text);
	while (ui_width(str_sv(&text)) > room - 1 && level < LEVELS - 1) {
		title_text(title, (enum title_level)++ level, &text);
	}
	if (room > 1) {
		ui_put_sv(c, ui_at(0, 0, room - 1), UI_STRONG, str_sv(&text));
	}
	put_counts(c, room > 0 ? room : 0, right);
	str_free(&text);
}

/* --- tabs ----------------------------------------------------------------------------
 */

static int
tabs_width(const struct ui_tab *tabs, size_t n)
{
	int w = 1;

	for (size_t i = 0; i < n; i++) {
		w += 2 + ui_width(sv_of(tabs[i].label));
	}
	return w;
}

static bool
is_folded(int cols, const struct ui_tab *tabs, size_t n)
{
	return cols < FOLD_BELOW || tabs_width(tabs, n) > cols + 1;
}

/* Columns of tab i without the gap after it, which holds its mark or a bracket:
 * [1Overview]2Interfaces*3Networks, or folded 1 2*[3 Networks]4* 5?. */
static int
tab_width(const struct ui_tab *tab, bool folded, bool active)
{
	int w = ui_width(sv_of(tab->label));

	if (!folded) {
		return 1 + w;
	}
	return active ? 2 + w : tab->mark ? 2 : 1;
}

static void
put_tab(const struct ui_canvas *c, int x, const struct ui_tab *tab, bool folded)
{
	int used = ui_putf(
		c, ui_at(0, x, 0), UI_TEXT, "%c%s", tab->digit, folded ? "" : tab->label);

	if (tab->mark) {
		ui_put_mark(c, 0, x + used, tab->mark);
	}
}

void
ui_frame_tabs(
	const struct ui_canvas *c, const struct ui_tab *tabs, size_t n, size_t active)
{
	bool folded = is_folded(c->w, tabs, n);
	int x = 1, at = 0;

	for (size_t i = 0; i < n; i++) {
		if (i == active) {
			at = x - 1;
		} else {
			put_tab(c, x, &tabs[i], folded);
		}
		x += tab_width(&tabs[i], folded, i == active) + 1;
		x += folded && i == active && i == 0 ? 1 : 0;
	}
	if (active < n) { /* last: its bracket takes the gap before it */
		ui_putf(c, ui_at(0, at, 0), UI_ACTIVE, folded ? "[%c %s]" : "[%c%s]",
			tabs[active].digit, tabs[active].label);
	}
}

size_t
ui_frame_tab_at(int cols, const struct ui_tab *tabs, size_t n, size_t active, int col)
{
	bool folded = is_folded(cols, tabs, n);
	int x = 1;

	for (size_t i = 0; i < n; i++) {
		int w = tab_width(&tabs[i], folded, i == active);
		if (col >= x && col < x + w) {
			return i;
		}
		x += w + 1 + (folded && i == active && i == 0 ? 1 : 0);
	}
	return n;
}

/* --- message area --------------------------------------------------------------------
 */

void
ui_message_set(struct ui_message *m, char mark, const char *first, const char *second)
{
	struct str a = {0}, b = {0};

	str_add_cstr(&a, first ? first : ""); /* they may be our own */
	str_add_cstr(&b, second ? second : "");
	ui_message_free(m);
	m->mark = mark;
	m->line[0] = a;
	m->line[1] = b;
}

void
ui_message_free(struct ui_message *m)
{
	str_free(&m->line[0]);
	str_free(&m->line[1]);
	m->mark = 0;
}

static int
mark_indent(const struct ui_message *m)
{
	return m->mark ? ui_mark_width(m->mark) + 1 : 0;
}

/* Whether each line fits in its own row of w columns, the second from column second on.
 */
static bool
fits_in_two(const struct ui_message *m, int w, int second)
{
	return ui_width(str_sv(&m->line[0])) <= w - mark_indent(m) &&
	       ui_width(str_sv(&m->line[1])) <= w - second;
}

/* Both lines as one text. */
static void
join(const struct ui_message *m, struct str *all)
{
	str_add_sv(all, str_sv(&m->line[0]));
	if (m->line[1].n > 0) {
		str_add_char(all, ' ');
		str_add_sv(all, str_sv(&m->line[1]));
	}
}

/* The beginning of a word, and the signs that close a quotation behind it. */
static void
add_cut(struct sv word, int most, struct str *out)
{
	size_t end = word.n;
	struct ui_glyph g;

	while (word.n - end < 2 && strchr("\".,:;", word.p[end - 1])) {
		end--;
	}
	struct sv rest = word, close = sv_sub(word, end, word.n);
	for (int w = 0; ui_glyph_next(&rest, &g) && w + g.w <= most; w += g.w) {
		str_add(out, g.p, g.n);
	}
	str_add_char(out, '~');
	str_add_sv(out, close);
}

/* A value as long as the message would leave no room to say what is wrong with it. */
static void
cut_words(struct str *text, int most)
{
	struct sv rest = str_sv(text);
	struct str out = {0};

	while (rest.n > 0) {
		ptrdiff_t at = sv_find(rest, ' ');
		size_t n = at < 0 ? rest.n : (size_t)at;
		struct sv word = sv_sub(rest, 0, n);
		if (ui_width(word) > most) {
			add_cut(word, most, &out);
		} else {
			str_add_sv(&out, word);
		}
		if (at >= 0) {
			str_add_char(&out, ' ');
		}
		rest = sv_sub(rest, n + (at >= 0), rest.n);
	}
	str_free(text);
	*text = out;
}

static int
rows_needed(const struct ui_message *m, int w, int second)
{
	struct str all = {0};

	if (fits_in_two(m, w, second)) {
		return 2;
	}
	join(m, &all);
	size_t n = ui_wrap(str_sv(&all), w - mark_indent(m), NULL, 0);
	str_free(&all);
	return n < 2 ? 2 : (int)n;
}

/* Both lines, the second from column second on. What its row can't hold flows on, and
 * the second line after the first. */
static void
put_message(const struct ui_canvas *c, const struct ui_message *m, int second)
{
	struct ui_at at = ui_at(0, mark_indent(m), 0);
	struct str all = {0};

	if (m->mark) {
		ui_put_mark(c, 0, 0, m->mark);
	}
	if (fits_in_two(m, c->w, second)) {
		ui_put_sv(c, at, UI_TEXT, str_sv(&m->line[0]));
		ui_put_sv(c, ui_at(1, second, 0), UI_TEXT, str_sv(&m->line[1]));
		return;
	}
	join(m, &all);
	if (ui_wrap(str_sv(&all), c->w - at.x, NULL, 0) > (size_t)c->h) {
		cut_words(&all, c->w / 2);
	}
	ui_put_wrapped(c, at, UI_TEXT, str_sv(&all), c->h);
	str_free(&all);
}

int
ui_frame_message_rows(const struct ui_message *m, int w, int most)
{
	int rows = rows_needed(m, w, 0);

	return rows > most ? most : rows;
}

int
ui_frame_words_rows(const struct ui_message *m, int w, int most)
{
	int rows = rows_needed(m, w, mark_indent(m));

	return rows > most ? most : rows;
}

void
ui_frame_message(const struct ui_canvas *c, const struct ui_message *m)
{
	put_message(c, m, 0);
}

void
ui_frame_words(const struct ui_canvas *c, const struct ui_message *m)
{
	put_message(c, m, mark_indent(m));
}

/* --- keys ----------------------------------------------------------------------------
 */

void
ui_keybar_add(struct ui_keybar *bar, const char *key, const char *label)
{
	if (bar->n < UI_KEYBAR_MAX) {
		bar->entry[bar->n].key = key;
		bar->entry[bar->n].label = label ? label : "";
		bar->n++;
	}
}

static int
entry_width(const char *key, const char *label)
{
	int w = ui_width(sv_of(key));

	return label[0] ? w + 1 + ui_width(sv_of(label)) : w;
}

static int
put_entry(const struct ui_canvas *c, int x, const char *key, const char *label)
{
	int used = ui_put(c, ui_at(0, x, 0), UI_STRONG, key);

	if (label[0]) {
		used += 1 + ui_put(c, ui_at(0, x + used + 1, 0), UI_TEXT, label);
	}
	return used;
}

void
ui_frame_keys(const struct ui_canvas *c, const struct ui_keybar *bar)
{
	const char *label = bar->help_label ? bar->help_label : "";
	int total = 0, x = 0;

	for (size_t i = 0; i < bar->n; i++) {
		total += entry_width(bar->entry[i].key, bar->entry[i].label) + 2;
	}
	if (bar->help_key && total + entry_width(bar->help_key, label) > c->w) {
		label = ""; /* the bare key is enough when it is narrow */
	}
	int tail = bar->help_key ? entry_width(bar->help_key, label) + 2 : 0;
	for (size_t i = 0; i < bar->n; i++) {
		int w = entry_width(bar->entry[i].key, bar->entry[i].label);
		if (x + w + tail > c->w) {
			continue;
		}
		x += put_entry(c, x, bar->entry[i].key, bar->entry[i].label) + 2;
	}
	if (bar->help_key) {
		put_entry(c, x, bar->help_key, label);
	}
}
