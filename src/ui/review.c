/* SPDX-License-Identifier: MIT
 *
 * Review: the diff of every file, the actions that follow with their reasons, the
 * findings that stay or hold the apply back, and two buttons. Where there is room, only
 * the diff scrolls; on low terminals everything is one list.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/review.h"
#include "ui/applying.h"
#include "ui/buttons.h"
#include "ui/danger.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

enum vkind { V_DIFF, V_THEN, V_ACTION, V_HOLDS, V_HOLD, V_STAYS, V_STAY, V_MORE };

enum {
	B_APPLY,
	B_BACK,
	TEXT_X = 4,
	WHY_X = 17,
	LABEL_W = 14,
	FINDINGS_MOST = 3,
	DIFF_LEAST = 4,
	ONE_LIST_BELOW = 14
};

/* A row, by number into what ses_review tells. */
struct vrow {
	enum vkind kind;
	size_t i;
};

struct review {
	struct ui_app *app;
	struct session *s;
	struct ses_review r; /* of this frame or event */
	struct vrow *row;    /* rows of the diff that aren't folded away, then the rest */
	size_t n, cap, ndiff;
	size_t room;   /* rows between heading and buttons, when last drawn */
	bool one_list; /* the list goes over all rows */
	bool on_lines; /* the rows have the focus, else the buttons */
	bool *folded;  /* by number of the file */
	size_t nfolded;
	struct ui_list list;
	struct buttons buttons;
	bool go; /* start applying as soon as no dialog is open */
};

/* --- rows ----------------------------------------------------------------------------
 */

static void
push(struct review *v, enum vkind kind, size_t i)
{
	v->row = mem_grow(v->row, &v->cap, v->n + 1, sizeof(*v->row));
	v->row[v->n++] = (struct vrow){kind, i};
}

static bool
is_folded(const struct review *v, size_t file)
{
	return file < v->nfolded && v->folded[file];
}

static void
push_diff(struct review *v)
{
	size_t file = SIZE_MAX; /* the first heading makes it 0 */

	for (size_t i = 0; i < v->r.nlines; i++) {
		bool heading = v->r.lines[i].kind == SES_R_FILE;
		file += heading ? 1 : 0;
		if (heading || !is_folded(v, file)) {
			push(v, V_DIFF, i);
		}
	}
	v->ndiff = v->n;
}

/* Few, so that the diff is seen; more where rows would stay empty. */
static void
push_findings(
	struct review *v, enum vkind head, enum vkind kind, size_t n, size_t free_rows)
{
	size_t most = free_rows > FINDINGS_MOST ? free_rows : FINDINGS_MOST;
	size_t shown = v->one_list || n <= most ? n : most - 1;

	if (n > 0) {
		push(v, head, 0);
	}
	for (size_t i = 0; i < shown; i++) {
		push(v, kind, i);
	}
	if (shown < n) {
		push(v, V_MORE, n - shown);
	}
}

static void
refresh(struct review *v)
{
	ses_review(v->s, false, &v->r);
	v->n = 0;
	push_diff(v);
	push_findings(v, V_HOLDS, V_HOLD, v->r.nholds, 0);
	if (v->r.nactions > 0) {
		push(v, V_THEN, 0);
	}
	for (size_t i = 0; i < v->r.nactions; i++) {
		push(v, V_ACTION, i);
	}
	size_t used = v->n + 1; /* its heading */
	push_findings(
		v, V_STAYS, V_STAY, v->r.nstays, v->room > used ? v->room - used : 0);
}

static size_t
count(void *self)
{
	const struct review *v = self;

	return v->one_list ? v->n : v->ndiff;
}

/* The number of the file whose lines row i belongs to. */
static size_t
file_of(const struct review *v, size_t i)
{
	size_t file = SIZE_MAX;

	for (size_t k = 0; k < v->r.nlines; k++) {
		file += v->r.lines[k].kind == SES_R_FILE ? 1 : 0;
		if (i < v->ndiff && v->row[i].i == k) {
			return file;
		}
	}
	return file;
}

/* --- drawing -------------------------------------------------------------------------
 */

static void
put_text(const struct ui_canvas *c, const char *line)
{
	struct str text = {0};

	scr_untab(sv_of(line), &text);
	ui_put_sv(c, ui_at(0, TEXT_X + 1, 0), UI_TEXT, str_sv(&text));
	str_free(&text);
}

static void
put_diff(const struct review *v, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct ses_rline *l = &v->r.lines[v->row[i].i];
	char mark = l->kind == SES_R_DEL ? '-' : l->kind == SES_R_ADD ? '+' : 0;

	row->cursor_x = TEXT_X;
	switch (l->kind) {
	case SES_R_FILE:
		row->cursor_x = TEXT_X + 1;
		ui_putf(c, ui_at(0, TEXT_X + 1, 0), UI_STRONG, "%s%s",
			is_folded(v, file_of(v, i)) ? "[+] " : "", l->text);
		break;
	case SES_R_HUNK:
		ui_put(c, ui_at(0, TEXT_X, 0), UI_FAINT, l->text);
		break;
	case SES_R_DEL:
	case SES_R_ADD:
	case SES_R_SAME:
		ui_put_mark(c, 0, TEXT_X, mark);
		put_text(c, l->text);
		break;
	}
}

static void
put_action(const struct ui_canvas *c, const char *what, const char *why)
{
	int used = ui_put(c, ui_at(0, 3, 0), UI_TEXT, what);
	int x = 3 + used < WHY_X ? WHY_X : 3 + used + 2;

	ui_put(c, ui_at(0, x, 0), UI_TEXT, why);
}

static void
put_finding(const struct review *v, const struct diag *d, const struct ui_canvas *c)
{
	char label[SCR_LABEL_MAX];
	int room = c->w - 3;

	ui_put_mark(c, 0, 1, scr_state(d));
	if (c->w >= 60 && scr_label(ses_finding_screen(v->s, d), label)[0]) {
		int w = scr_labels_w(LABEL_W);
		ui_put(c, ui_at(0, c->w - w, 0), UI_TEXT, label);
		room = c->w - w - 5;
	}
	ui_put(c, ui_at(0, 3, room), UI_TEXT, d->text);
}

static void
put_more(const struct ui_canvas *c, size_t n)
{
	char *text = str_format(P_("and %zu more", "and %zu more", n), n);

	ui_put(c, ui_at(0, 3, 0), UI_TEXT, text);
	free(text);
}

static void
draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	const struct review *v = self;
	const struct vrow *r = &v->row[i];

	row->cursor_x = 3;
	switch (r->kind) {
	case V_DIFF:
		put_diff(v, i, row, c);
		break;
	case V_THEN:
		ui_put(c, ui_at(0, 1, 0), UI_STRONG, _("Then"));
		break;
	case V_HOLDS:
		ui_put(c, ui_at(0, 1, 0), UI_STRONG, _("Holds the apply back"));
		break;
	case V_STAYS:
		ui_put(c, ui_at(0, 1, 0), UI_STRONG, _("Stays"));
		break;
	case V_ACTION:
		put_action(c, v->r.actions[r->i].what, v->r.actions[r->i].why);
		break;
	case V_HOLD:
		put_finding(v, v->r.holds[r->i], c);
		break;
	case V_STAY:
		put_finding(v, v->r.stays[r->i], c);
		break;
	case V_MORE:
		put_more(c, r->i);
		break;
	}
}

static const struct ui_list_ops rows = {count, draw_row};

static void
draw_head(const struct review *v, const struct ui_canvas *body, int y, int h)
{
	const struct ses_change *c;
	size_t changes = ses_changes(v->s, &c);
	char *many = str_format(
		P_("Review: %zu change", "Review: %zu changes", changes), changes);
	char *files =
		str_format(P_("in %zu file", "in %zu files", v->r.files), v->r.files);
	char *text = str_format(
		body->w < 60 ? "%s %s" : _("%s %s, nothing is written yet"), many, files);

	ui_put(body, ui_at(y, 0, 0), UI_STRONG, text);
	if (body->w >= 60) {
		ui_list_position(&v->list, body, ui_at(y, 0, body->w - 14), h);
	}
	free(text);
	free(files);
	free(many);
}

/* Rows that the list has: all that the rest leaves, but not more than it needs. */
static int
list_rows(struct review *v, int room)
{
	size_t n = count(v);
	int rest = v->one_list ? 0 : (int)(v->n - v->ndiff);
	int h = room - rest;

	h = h < DIFF_LEAST ? DIFF_LEAST : h;
	h = h > room ? room : h;
	return n < (size_t)h ? (int)n : h;
}

static void
draw_list(struct review *v, const struct ui_canvas *c)
{
	bool hidden = c->paint->hide_focus;

	c->paint->hide_focus = hidden || !v->on_lines;
	ui_list_draw(&v->list, c);
	c->paint->hide_focus = hidden;
}

static void
draw(void *self, const struct ui_canvas *body)
{
	struct review *v = self;
	struct ui_row unused = {0};

	v->one_list = ui_usual_h(body) < ONE_LIST_BELOW;
	v->room = body->h > 3 ? (size_t)body->h - 3 : 0; /* a blank row, too */
	refresh(v);
	int room = body->h - 2, h = list_rows(v, room), y = 1 + h;
	struct ui_canvas c = ui_canvas_sub(body, 1, 0, h, body->w);
	draw_list(v, &c);
	draw_head(v, body, 0, h);
	for (size_t i = v->ndiff; !v->one_list && i < v->n && y < body->h - 1; i++) {
		struct ui_canvas line = ui_canvas_sub(body, y++, 0, 1, body->w);
		draw_row(v, i, &unused, &line);
	}
	y += y < body->h - 1 ? 1 : 0;
	buttons_draw(&v->buttons, body, y, !v->on_lines);
}

/* --- acting --------------------------------------------------------------------------
 */

static void
go(void *self)
{
	((struct review *)self)->go = true;
}

static enum ui_result
apply(struct review *v)
{
	if (danger_is_all(v->r.holds, v->r.nholds)) {
		danger_ask(v->app, v->r.holds, v->r.nholds, go, v);
	} else {
		go(v);
	}
	return UI_HANDLED;
}

static int64_t
deadline(void *self)
{
	return ((const struct review *)self)->go;
}

/* A dialog that asked is closed by now, so this layer is the top one. */
static void
tick(void *self, int64_t now)
{
	struct review *v = self;
	struct ui_app *app = v->app;
	struct session *s = v->s;
	const struct ses_change *c;
	struct diags d = {0};
	int status = 0;

	(void)now;
	v->go = false;
	refresh(v);
	size_t changes = ses_changes(s, &c);
	const char **codes = danger_codes(v->r.holds, v->r.nholds);
	const struct ses_apply_opts opts = {.consent = codes};
	char *interruption = mem_strdup(v->r.interruption);
	if (ses_apply_start(s, &opts, &status, &d)) {
		diag_clear(&d);
		ui_app_pop(app);
		applying_push(app, s, changes, interruption);
	} else {
		v->buttons.at = B_BACK;
		scr_say(app, &d);
		free(interruption);
	}
	free((void *)codes);
}

static enum ui_result
press(struct review *v, size_t button)
{
	return button == B_APPLY ? apply(v) : UI_DONE;
}

/* The change that the focused line belongs to; of a place (@@) the one that begins
 * there. SIZE_MAX: none. */
static size_t
change_here(const struct review *v)
{
	size_t at = v->list.focus < v->ndiff ? v->row[v->list.focus].i : v->r.nlines;

	if (at < v->r.nlines && v->r.lines[at].kind == SES_R_HUNK) {
		at++;
	}
	return at < v->r.nlines ? v->r.lines[at].change : SIZE_MAX;
}

/* Take back that change. */
static enum ui_result
drop(struct review *v)
{
	size_t change = change_here(v);
	const struct ses_change *c;
	struct diags d = {0};

	if (change >= ses_changes(v->s, &c)) {
		ui_app_say(v->app, 0,
			_("d takes back the change of a line with + or -; go to one "
			  "first."),
			NULL);
		return UI_HANDLED;
	}
	char *text = str_format(
		_("Not changed any more: %s. u brings it back."), c[change].name);
	if (ses_change_drop(v->s, change, &d)) {
		v->nfolded = 0;
		ui_app_say(v->app, 'o', text, NULL);
	}
	scr_say(v->app, &d);
	free(text);
	return ses_changes(v->s, &c) == 0 ? UI_DONE : UI_HANDLED;
}

static void
fold(struct review *v)
{
	size_t at = v->on_lines ? v->list.focus : v->list.top;
	size_t file = at < v->ndiff ? file_of(v, at) : SIZE_MAX;

	if (file == SIZE_MAX) {
		return;
	}
	if (file >= v->nfolded) {
		v->folded = mem_resize(v->folded, file + 1, sizeof(*v->folded));
		for (; v->nfolded <= file; v->nfolded++) {
			v->folded[v->nfolded] = false;
		}
	}
	v->folded[file] = !v->folded[file];
	refresh(v);
	for (size_t i = 0; i < v->ndiff; i++) {
		if (v->r.lines[v->row[i].i].kind == SES_R_FILE && file_of(v, i) == file) {
			ui_list_select(&v->list, i);
		}
	}
}

/* With the focus on the buttons, one key moves what is seen by one row. */
static bool
scroll(struct review *v, const struct ui_event *ev)
{
	size_t page = v->list.page > 0 ? (size_t)v->list.page : 1;

	if (v->on_lines) {
		return ui_list_event(&v->list, ev) == UI_LIST_MOVED;
	}
	if (ui_event_is(ev, UI_KEY_DOWN) || ui_event_is(ev, 'j')) {
		ui_list_select(&v->list, v->list.top + page);
	} else if (ui_event_is(ev, UI_KEY_UP) || ui_event_is(ev, 'k')) {
		ui_list_select(&v->list, v->list.top > 0 ? v->list.top - 1 : 0);
	} else {
		return ui_list_event(&v->list, ev) == UI_LIST_MOVED;
	}
	return true;
}

/* --- events --------------------------------------------------------------------------
 */

static enum ui_result
key(struct review *v, int k)
{
	switch (k) {
	case UI_KEY_TAB:
	case UI_KEY_BACKTAB:
		v->on_lines = !v->on_lines;
		return UI_HANDLED;
	case UI_KEY_ENTER:
		return press(v, v->on_lines ? (size_t)B_APPLY : v->buttons.at);
	case UI_KEY_ESC:
		return UI_DONE;
	case 'z':
		fold(v);
		return UI_HANDLED;
	case 'w':
	case UI_KEY_F2:
		return UI_HANDLED; /* it is open */
	case 'd':
	case UI_KEY_DELETE:
		return drop(v);
	default:
		return UI_IGNORED;
	}
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct review *v = self;

	refresh(v);
	size_t hit = buttons_hit(&v->buttons, ev);
	if (hit < v->buttons.n) {
		return press(v, hit);
	}
	if (!v->on_lines && buttons_move(&v->buttons, ev)) {
		return UI_HANDLED;
	}
	if (ev->kind == UI_EV_KEY) {
		enum ui_result r = key(v, ev->key);
		if (r != UI_IGNORED) {
			return r;
		}
	}
	if (scroll(v, ev)) {
		v->on_lines = v->on_lines || ev->kind == UI_EV_MOUSE;
		return UI_HANDLED;
	}
	return ev->kind == UI_EV_KEY ? UI_IGNORED : UI_HANDLED;
}

static void
message(void *self, struct ui_message *m)
{
	struct review *v = self;
	struct ses_status st;

	refresh(v);
	ses_status(v->s, &st);
	if (danger_is_all(v->r.holds, v->r.nholds)) {
		ui_message_set(m, '!',
			_("Strangers could relay: applying asks for the word yes."),
			v->r.holds[0]->text);
	} else if (v->r.nholds > 0) {
		ui_message_set(m, '!',
			_("A change brings in an error: mend it or drop it before "
			  "applying."),
			v->r.holds[0]->hint);
	} else if (st.dry_run) {
		ui_message_set(
			m, 0, _("This is a dry run: nothing will be written."), NULL);
	} else if (v->r.interruption[0]) {
		ui_message_set(m, 0, v->r.interruption, NULL);
	}
}

static void
keys(void *self, struct ui_keybar *bar)
{
	const struct review *v = self;

	if (!v->on_lines) {
		ui_keybar_add(
			bar, "Enter", v->buttons.at == B_APPLY ? _("apply") : _("back"));
		ui_keybar_add(bar, "Tab", _("lines, then d drops one"));
	} else {
		ui_keybar_add(bar, "d", _("drop this change"));
		ui_keybar_add(bar, "Tab", _("buttons"));
		ui_keybar_add(bar, "Enter", _("apply"));
	}
	ui_keybar_add(bar, "j/k", _("scroll"));
	ui_keybar_add(bar, "z", _("fold file"));
	ui_keybar_add(bar, "Esc", _("back"));
}

static void
close_layer(void *self)
{
	struct review *v = self;

	free(v->row);
	free(v->folded);
	free(v);
}

void
scr_review_push(struct ui_app *app, struct session *s)
{
	static const struct ui_ops ops = {
		.close = close_layer,
		.draw = draw,
		.event = event,
		.message = message,
		.keys = keys,
		.deadline = deadline,
		.tick = tick,
	};
	struct review *v = mem_new(1, sizeof(*v));

	v->app = app;
	v->s = s;
	v->buttons = (struct buttons){.label = {_("Apply"), _("Back")}, .n = 2};
	ui_list_init(&v->list, &rows, v);
	refresh(v);
	v->buttons.at = v->r.nholds > 0 ? B_BACK : B_APPLY;
	ui_app_push(app, &ops, v, false);
}
