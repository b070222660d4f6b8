/* SPDX-License-Identifier: MIT
 *
 * Help for what has the focus: the row's finding with its code and why it matters, what
 * the screen is for with its keys, the keys that work anywhere, the marks. Everything is
 * copied when it opens; it is laid out anew at each width, with labels in a column of
 * their own where there is room.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/dialog.h"
#include "ui/glyph.h"
#include "ui/helptext.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

enum { SECTIONS = 6, LABEL_COLS = 10, BESIDE_FROM = 56, WIDE = 60 };

struct section {
	const char *label;
	char mark;
	struct str text; /* lines; each is wrapped */
};

struct help {
	char *title;
	struct section section[SECTIONS];
	size_t n;
	int top, rows, page;
};

/* --- filling -------------------------------------------------------------------------
 */

static struct str *
add(struct help *h, const char *label)
{
	struct section *s = &h->section[h->n < SECTIONS ? h->n++ : SECTIONS - 1];

	s->label = label;
	return &s->text;
}

static void
add_line(struct str *to, const char *text)
{
	str_add_cstr(to, to->n ? "\n" : "");
	str_add_cstr(to, text);
}

static void
fill_row(struct help *h, const struct scr_about *about)
{
	const struct diag *f = about->finding;

	if (!f && about->says.n == 0) {
		return;
	}
	struct str *to = add(h, _("This row"));
	if (!f) {
		str_add_sv(to, str_sv(&about->says));
		return;
	}
	h->section[h->n - 1].mark = scr_state(f);
	str_addf(to, "%s  %s", diag_code_name(f->code), f->text);
	if (f->hint) {
		add_line(to, f->hint);
	}
	const char *why = ui_help_code(f->code);
	why = why ? why : ses_code_about(f->code);
	if (why) {
		add_line(to, why);
	}
}

static void
fill_screen(struct help *h, const struct scr_about *about)
{
	struct str *to = add(h, _("Screen"));

	str_add_cstr(to, about->purpose ? about->purpose : "");
	for (const struct scr_key *k = about->keys; k && k->key; k++) {
		char *line = str_format("  %-6s %s", k->key, _(k->label));
		add_line(to, line);
		free(line);
	}
}

static void
fill_common(struct help *h, const struct scr_about *about)
{
	static const char *const anywhere[] = {
		N_("1-9 screen    n N problem   u undo        Ctrl-R redo"),
		N_("w F2 apply    R F5 read again  Ctrl-L redraw  q F10 quit"),
		N_("in a text field: Ctrl-G help, Ctrl-O review, Ctrl-X quit"),
	};
	static const char *const marks[] = {
		N_("* changed   + new   - to be removed   # off (commented out)"),
		N_("! wrong     ? doubtful   ok fine   > focus   ~ cut off"),
	};
	struct str *to = about->is_alone ? NULL : add(h, _("Anywhere"));

	for (size_t i = 0; to && i < sizeof(anywhere) / sizeof(anywhere[0]); i++) {
		add_line(to, _(anywhere[i]));
	}
	to = add(h, _("Marks"));
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		add_line(to, _(marks[i]));
	}
	to = add(h, _("More"));
	str_add_cstr(to, "postrelay(8)");
	if (about->more && strcmp(about->more, "postrelay(8)") != 0) {
		str_addf(to, "; %s", about->more);
	}
}

/* --- drawing -------------------------------------------------------------------------
 */

/* Draw the lines of a section from row y on, or with c NULL only count them. */
static int
put_text(const struct section *s, const struct ui_canvas *c, int y, int x, int w)
{
	struct sv rest = str_sv(&s->text), line;
	int rows = 0;

	while (sv_line(&rest, &line)) {
		size_t n = ui_wrap(line, w, NULL, 0);
		struct sv *row = mem_new(n + 1, sizeof(*row));
		n = ui_wrap(line, w, row, n);
		for (size_t i = 0; i < n; i++, rows++) {
			if (c) {
				ui_put_sv(c, ui_at(y + rows, x, w), UI_TEXT, row[i]);
			}
		}
		free(row);
	}
	return rows;
}

static int
put_section(const struct section *s, const struct ui_canvas *c, int y, int w)
{
	bool beside = w >= BESIDE_FROM;
	int x = beside ? LABEL_COLS : 2, at = beside ? y : y + 1;

	if (c) {
		ui_put(c, ui_at(y, 0, LABEL_COLS), UI_STRONG, s->label);
		if (s->mark) {
			ui_put_mark(c, at, x, s->mark);
		}
	}
	x += s->mark ? 2 : 0;
	return at - y + put_text(s, c, at, x, w - x);
}

static void
draw(void *self, const struct ui_canvas *body)
{
	struct help *h = self;
	int x = body->w < WIDE ? 0 : 2;
	struct ui_canvas box = ui_canvas_sub(body, 0, x, body->h, body->w - 2 * x);
	struct ui_canvas in = ui_canvas_sub(&box, 1, 2, box.h - 2, box.w - 4);
	int y = 0;

	for (int i = 0; i < body->h; i++) {
		ui_blank(body, ui_at(i, 0, 0));
	}
	h->page = in.h > 0 ? in.h : 1;
	for (size_t i = 0; i < h->n; i++) {
		y += put_section(&h->section[i], NULL, y, in.w) + 1;
	}
	h->rows = y - 1;
	int most = h->rows > in.h ? h->rows - in.h : 0;
	h->top = h->top > most ? most : h->top < 0 ? 0 : h->top;
	char *title = most == 0 ? mem_strdup(h->title)
				: str_format(_("%s  %d of %d"), h->title,
					  (h->top + h->page - 1) / h->page + 1,
					  (h->rows + h->page - 1) / h->page);
	ui_box(&box, title);
	free(title);
	y = -h->top;
	for (size_t i = 0; i < h->n; i++) {
		y += put_section(&h->section[i], &in, y, in.w) + 1;
	}
	ui_cursor(&in, 0, 0);
}

/* --- keys ----------------------------------------------------------------------------
 */

static enum ui_result
move(struct help *h, int by)
{
	h->top += by; /* drawing stops it at both ends */
	return UI_HANDLED;
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct help *h = self;
	int page = h->page > 1 ? h->page - 1 : 1;

	if (ev->kind == UI_EV_MOUSE) {
		return ev->mouse == UI_MOUSE_WHEEL_UP     ? move(h, -3)
		       : ev->mouse == UI_MOUSE_WHEEL_DOWN ? move(h, 3)
							  : UI_HANDLED;
	}
	switch (ev->kind == UI_EV_KEY ? ev->key : 0) {
	case UI_KEY_ESC:
	case UI_KEY_ENTER:
	case UI_KEY_F1:
	case '?':
	case 'q':
		return UI_DONE;
	case UI_KEY_DOWN:
	case 'j':
		return move(h, 1);
	case UI_KEY_UP:
	case 'k':
		return move(h, -1);
	case ' ':
	case UI_KEY_PGDN:
		return move(h, page);
	case UI_KEY_PGUP:
	case 'b':
		return move(h, -page);
	case UI_KEY_HOME:
	case 'g':
		return move(h, -h->rows);
	case UI_KEY_END:
	case 'G':
		return move(h, h->rows);
	default:
		return UI_HANDLED;
	}
}

static void
close_help(void *self)
{
	struct help *h = self;

	for (size_t i = 0; i < h->n; i++) {
		str_free(&h->section[i].text);
	}
	free(h->title);
	free(h);
}

/* The Review stands over all screens and has no row in the table. */
static void
about_review(struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"Enter", N_("apply, or the button that has the focus")},
		{"Left Right", N_("to another button: back, keep as draft")},
		{"Tab", N_("to the lines and back to the buttons")},
		{"d", N_("on a line: take that change back")},
		{"z", N_("fold or unfold a file")},
		{"s", N_("start Postfix in the end, where it is down")},
		{"p", N_("ask the upstream in the end whether it takes mail")},
		{"j k", N_("scroll")},
		{"Esc", N_("back; nothing is written")},
		{NULL, NULL},
	};

	out->purpose =
		_("Every line that changes in every file, what has to be done then and "
		  "why, and which findings stay. Nothing is written before Apply; an "
		  "error that these changes bring in holds it back. What somebody else "
		  "changed meanwhile stays, and is told.\n\n"
		  "Where the changes are about the way by which mail leaves, p lets "
		  "Postfix try it in the end: it connects, logs in and names a receiver, "
		  "but sends no message. If the upstream refuses, everything is put "
		  "back; if it only can't be reached now, that counts where it could be "
		  "before.");
	out->keys = help;
}

void
scr_help_push_about(struct ui_app *app, const char *title, struct scr_about *about)
{
	static const struct ui_ops ops = {
		.close = close_help, .draw = draw, .event = event, .keys = ui_pager_keys};
	struct help *h = mem_new(1, sizeof(*h));

	h->title = about->row.n > 0 ? str_format(_("Help: %s, the row %s"), title,
					      str_c(&about->row))
				    : str_format(_("Help: %s"), title);
	fill_row(h, about);
	fill_screen(h, about);
	fill_common(h, about);
	str_free(&about->row);
	str_free(&about->says);
	ui_app_push(app, &ops, h, true);
}

void
scr_help_push(struct ui_app *app)
{
	size_t n, at = ui_app_at(app);
	const struct scr_def *def = &scr_defs(&n)[at];
	const char *title = _(def->screen->title);
	struct scr_about about = {.purpose = ""};

	if (ui_app_is_replaced(app)) {
		title = _("Review");
		about_review(&about);
	} else if (def->about) {
		def->about(ui_app_screen(app, at), &about);
	}
	scr_help_push_about(app, title, &about);
}
