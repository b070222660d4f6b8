/* SPDX-License-Identifier: MIT
 *
 * Networks: mynetworks as rows, with the rows of the files and tables that it names below
 * them once they are opened, and while it is unset the rows that Postfix derives.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/glyph.h"
#include "ui/net_screen.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

enum { TEXT_X = 5, INDENT = 2, LEAST_NAME = 21, NARROW = 56 };

/* --- rows and filter -----------------------------------------------------------------
 */

static bool
contains(const char *text, struct sv part)
{
	struct sv v = sv_of(text);

	for (size_t i = 0; i + part.n <= v.n; i++) {
		if (sv_eq_fold(sv_sub(v, i, part.n), part)) {
			return true;
		}
	}
	return false;
}

void
networks_filter(struct networks *v)
{
	struct sv part = sv_of(filter_text(&v->filter));
	const struct ses_net_row *r;
	size_t n = ses_net_rows(v->s, &r);

	v->n = 0;
	v->shown = mem_grow(v->shown, &v->cap, n + 1, sizeof(*v->shown));
	for (size_t i = 0; i < n; i++) {
		if (contains(r[i].text, part) || contains(r[i].who, part)) {
			v->shown[v->n++] = i;
		}
	}
}

const struct ses_net_row *
networks_focused(struct networks *v, size_t *row)
{
	const struct ses_net_row *r;
	size_t n = ses_net_rows(v->s, &r);

	networks_filter(v);
	if (v->list.focus >= v->n && v->n > 0) {
		v->list.focus = v->n - 1;
	}
	size_t i = v->list.focus < v->n ? v->shown[v->list.focus] : n;
	*row = i;
	return i < n ? &r[i] : NULL;
}

void
networks_select(struct networks *v, size_t row)
{
	networks_filter(v);
	for (size_t turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < v->n; i++) {
			if (v->shown[i] == row) {
				ui_list_select(&v->list, i);
				return;
			}
		}
		filter_clear(&v->filter);
		networks_filter(v);
	}
}

static size_t
count(void *self)
{
	return ((const struct networks *)self)->n;
}

/* --- drawing -------------------------------------------------------------------------
 */

/* Where the columns stand; 0: left out. */
struct columns {
	int name_w, kind, count, count_w, who, line;
};

/* Kind goes first when it is narrow, then Addresses; the name never. */
static struct columns
columns_of(int w)
{
	int name_w = LEAST_NAME + (w > 80 ? (w - 79) / 2 : 0);

	if (w >= 79) {
		int kind = TEXT_X + name_w + 1;
		return (struct columns){name_w, kind, kind + 9, 10, kind + 21, w - 11};
	}
	if (w >= NARROW) {
		return (struct columns){19, 0, TEXT_X + 20, 9, TEXT_X + 31, 0};
	}
	return (struct columns){16, 0, 0, 0, TEXT_X + 17, 0};
}

static void
draw_heads(const struct ui_canvas *body, int y)
{
	struct columns col = columns_of(body->w - 1);

	ui_put(body, ui_at(y, TEXT_X, col.name_w), UI_FAINT, _("Network"));
	if (col.kind) {
		ui_put(body, ui_at(y, col.kind, 9), UI_FAINT, _("Kind"));
	}
	if (col.count) {
		ui_put_right(
			body, ui_at(y, col.count, col.count_w), UI_FAINT, _("Addresses"));
	}
	ui_put(body, ui_at(y, col.who, 0), UI_FAINT, _("Who, notes"));
}

static void
put_name(const struct ses_net_row *r, const struct ui_canvas *c, int w)
{
	enum ui_role role = r->off || r->derived ? UI_FAINT : UI_TEXT;
	int x = TEXT_X + r->depth * INDENT, left = w - r->depth * INDENT;

	if (r->expandable) {
		ui_put(c, ui_at(0, x, 3), role, r->open ? "[-]" : "[+]");
		x += 4;
		left -= 4;
	}
	ui_put(c, ui_at(0, x, left), role, r->text);
}

static void
draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	struct networks *v = self;
	struct columns col = columns_of(c->w);
	const struct ses_net_row *r;

	if (v->shown[i] >= ses_net_rows(v->s, &r)) {
		return;
	}
	r += v->shown[i];
	enum ui_role role = r->off || r->derived ? UI_FAINT : UI_TEXT;
	row->edit = scr_edit(r->is_new, r->removed, r->edited);
	row->state = r->off ? '#' : scr_state(r->finding);
	row->cursor_x = TEXT_X + r->depth * INDENT;
	put_name(r, c, col.name_w);
	if (col.kind) {
		ui_put(c, ui_at(0, col.kind, 8), role, r->kind);
	}
	if (col.count) {
		ui_put_right(c, ui_at(0, col.count, col.count_w), role, r->count);
	}
	bool lined = col.line && r->depth > 0 && r->line > 0;
	ui_put(c, ui_at(0, col.who, lined ? col.line - col.who - 1 : 0), role, r->who);
	if (lined) {
		ui_putf(c, ui_at(0, col.line, 0), role, _("line %u"), r->line);
	}
}

static const struct ui_list_ops rows = {count, draw_row};

static void
draw_empty(const struct networks *v, const struct ui_canvas *c)
{
	struct ses_status st;

	ses_status(v->s, &st);
	enum ses_net_known known = ses_net_known(v->s);
	const char *text = filter_shows(&v->filter) ? _("No row has that text.")
			   : st.unread ? _("Who may relay is not known: main.cf can't be "
					   "read.")
			   : known == SES_NET_ASKED
				   ? _("Postfix is asked who may relay now ..")
			   : known == SES_NET_UNKNOWN
				   ? _("Who may relay is not known: Postfix gives no "
				       "answer.")
				   : _("No row: nobody may relay. a adds a segment.");

	ui_put(c, ui_at(0, TEXT_X, 0), UI_TEXT, text);
}

static void
draw(void *self, const struct ui_canvas *body)
{
	struct networks *v = self;
	int y = scr_is_low(body) ? 0 : 1;
	size_t row;

	(void)networks_focused(v, &row);
	char *place = str_format(_("mynetworks, %s"), ses_net_place(v->s));
	scr_heading(body, y, _("Clients that may relay without login"), place);
	free(place);
	y++;
	if (filter_shows(&v->filter)) {
		char *shown = str_format(P_("%zu shown", "%zu shown", v->n), v->n);
		filter_draw(&v->filter, body, y, shown, &v->list, body->h - y - 2);
		y++;
		free(shown);
	}
	bool heads = ui_usual_h(body) > 8;
	if (heads) {
		draw_heads(body, y++);
	}
	int asks = net_test_height(v, body->h - y);
	if (heads && !scr_is_narrow(body) && !filter_shows(&v->filter)) {
		ui_list_position(
			&v->list, body, ui_at(y - 1, 0, body->w - 1), body->h - y - asks);
	}
	struct ui_canvas c = ui_canvas_sub(body, y, 0, body->h - y - asks, body->w);
	if (v->n == 0) {
		draw_empty(v, &c);
	}
	struct ui_paint keep = *c.paint;
	ui_list_draw(&v->list, &c);
	if (v->filter.typing) { /* the field has the cursor */
		c.paint->has_cursor = keep.has_cursor;
		c.paint->cursor_y = keep.cursor_y;
		c.paint->cursor_x = keep.cursor_x;
	}
	if (asks) {
		c = ui_canvas_sub(body, body->h - asks, 0, asks, body->w);
		net_test_draw(v, &c);
	}
}

/* --- events --------------------------------------------------------------------------
 */

static void
enter(struct networks *v)
{
	size_t row;
	const struct ses_net_row *r = networks_focused(v, &row);

	if (!r) {
		net_edit_add(v, sv_of(""));
	} else if (r->expandable && !r->removed) {
		ses_net_open(v->s, row, !r->open);
	} else {
		net_edit_change(v, row);
	}
}

static enum ui_result
row_key(struct networks *v, size_t row, int key)
{
	switch (key) {
	case 'd':
	case UI_KEY_DELETE:
		net_edit_remove(v, row);
		return UI_HANDLED;
	case ' ':
		net_edit_toggle(v, row);
		return UI_HANDLED;
	case 'r':
		net_edit_mend(v, row);
		return UI_HANDLED;
	case 'e':
		net_edit_change(v, row);
		return UI_HANDLED;
	case 'J':
	case 'K':
		net_edit_move(v, row, key == 'J' ? 1 : -1);
		return UI_HANDLED;
	default:
		return UI_IGNORED;
	}
}

static enum ui_result
screen_key(struct networks *v, int key)
{
	size_t row;

	switch (key) {
	case 'a':
		net_edit_add(v, sv_of(""));
		return UI_HANDLED;
	case 't':
		net_test_open(v);
		return UI_HANDLED;
	default:
		return networks_focused(v, &row) ? row_key(v, row, key) : UI_IGNORED;
	}
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct networks *v = self;

	if (net_test_is_open(v)) {
		return net_test_event(v, ev) ? UI_HANDLED : UI_IGNORED;
	}
	if (filter_event(&v->filter, ev) != FILTER_IGNORED) {
		networks_filter(v);
		return UI_HANDLED;
	}
	networks_filter(v);
	if (v->filter.typing) {
		return ui_list_event(&v->list, ev) == UI_LIST_IGNORED ? UI_IGNORED
								      : UI_HANDLED;
	}
	if (ev->kind == UI_EV_PASTE) {
		net_edit_add(v, ev->paste);
		return UI_HANDLED;
	}
	switch (ui_list_event(&v->list, ev)) {
	case UI_LIST_ENTER:
		enter(v);
		return UI_HANDLED;
	case UI_LIST_MOVED:
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	return ev->kind == UI_EV_KEY ? screen_key(v, ev->key) : UI_IGNORED;
}

/* A name that its column cuts is told whole. */
static bool
shows(void *self, const struct diag *d)
{
	const struct networks *v = self;
	const struct ses_net_row *r;
	size_t n = ses_net_rows(v->s, &r), i = 0;

	while (i < n && !stray_is_same(r[i].finding, d)) {
		i++;
	}
	return i < n;
}

static const struct diag *
stray(struct networks *v)
{
	return stray_find(&v->stray, v->s, &(struct stray_rows){"networks", shows, v});
}

static void
message(void *self, struct ui_message *m)
{
	struct networks *v = self;
	size_t row;
	const struct ses_net_row *r = networks_focused(v, &row);

	if (net_test_is_open(v)) {
		net_test_message(v, m);
		return;
	}
	if (r && r->finding) {
		scr_message(m, r->finding);
	} else if (r && r->expandable && ui_width(sv_of(r->text)) > LEAST_NAME - 4) {
		ui_message_set(m, 0, r->text, NULL);
	}
	stray_message(m, stray(v));
	scr_message_unread(m, v->s);
}

static void
keys(void *self, struct ui_keybar *bar)
{
	struct networks *v = self;
	size_t row;
	const struct ses_net_row *r = networks_focused(v, &row);

	if (net_test_is_open(v)) {
		net_test_keys(bar);
		return;
	}
	if (v->filter.typing) {
		ui_keybar_add(bar, "Enter", _("to the rows"));
		ui_keybar_add(bar, "Esc", _("show all"));
		ui_keybar_add(bar, "Ctrl-U", _("clear"));
		bar->help_key = "F1 Ctrl-G";
		return;
	}
	ui_keybar_add(bar, "a", _("add"));
	if (r) {
		ui_keybar_add(bar, "Enter",
			!r->expandable ? _("edit")
			: r->open      ? _("close")
				       : _("open"));
		ui_keybar_add(bar, "d", _("remove"));
		ui_keybar_add(bar, _("Space"), _("on/off"));
	}
	ui_keybar_add(bar, "t", _("may relay?"));
	if (r && r->repair) {
		ui_keybar_add(bar, "r", _("mend"));
	}
	if (r && r->expandable) {
		ui_keybar_add(bar, "e", _("edit"));
	}
	ui_keybar_add(bar, "w", _("apply"));
	ui_keybar_add(bar, "J K", _("move"));
	ui_keybar_add(bar, "/", _("filter"));
}

static bool
typing(void *self)
{
	const struct networks *v = self;

	return v->filter.typing || net_test_is_open(v);
}

static bool
is_bad(void *self, size_t i)
{
	const struct networks *v = self;
	const struct ses_net_row *r;

	return v->shown[i] < ses_net_rows(v->s, &r) && scr_state(r[v->shown[i]].finding);
}

static bool
problem(void *self, int dir, bool from_edge)
{
	struct networks *v = self;

	networks_filter(v);
	bool found = scr_to_bad(&v->list, dir, from_edge, is_bad);
	return stray_stop(&v->stray, v->app, stray(v), found);
}

static void *
open_screen(struct ui_app *app, void *owner)
{
	struct networks *v = mem_new(1, sizeof(*v));

	v->app = app;
	v->s = ((const struct scr_env *)owner)->s;
	ui_list_init(&v->list, &rows, v);
	networks_filter(v);
	return v;
}

static void
close_screen(void *self)
{
	struct networks *v = self;

	net_edit_free(v);
	net_test_free(v);
	filter_free(&v->filter);
	free(v->shown);
	free(v);
}

static void
show(void *self, bool visible)
{
	struct networks *v = self;

	if (visible) {
		networks_filter(v); /* asks Postfix, if need be, before the first frame */
	} else {
		v->filter.typing = false;
	}
}

static const struct ui_ops ops = {
	.open = open_screen,
	.close = close_screen,
	.draw = draw,
	.event = event,
	.message = message,
	.keys = keys,
	.typing = typing,
	.problem = problem,
	.show = show,
};

const struct ui_screen scr_networks = {"networks", N_("Networks"), '3', &ops};

/* --- for the other screens -----------------------------------------------------------
 */

void
scr_networks_stepped(void *self)
{
	net_edit_resume(self);
	net_test_stepped(self);
}

void
scr_networks_about(void *self, struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"a", N_("add segments or addresses")},
		{"Enter", N_("edit the row; open or close a file or table")},
		{"e", N_("edit the entry of a file or table itself")},
		{"d", N_("remove the row")},
		{"Space", N_("switch it off (comment it out) or on")},
		{"J K", N_("move it: the first row that matches decides")},
		{"r", N_("mend: write what the message proposes")},
		{"t", N_("ask whether an address may relay, and which row decides")},
		{"/", N_("show only rows with a text")},
		{NULL, NULL},
	};
	struct networks *v = self;
	size_t row;
	const struct ses_net_row *r = networks_focused(v, &row);

	out->purpose = _("Who may send mail through this relay without a login "
			 "(mynetworks). The first row that matches decides; ! in front "
			 "refuses. Rows marked default are Postfix's own choice while "
			 "mynetworks is not set.");
	out->keys = help;
	out->more = "postconf(5) mynetworks, mynetworks_style";
	if (r) {
		str_add_cstr(&out->row, r->text);
		str_add_cstr(&out->says, r->who);
		out->finding = r->finding;
	}
}

static bool
is_target(const struct ses_net_row *r, const struct scr_target *t)
{
	if (t->finding) {
		return r->finding && strcmp(r->finding->text, t->finding->text) == 0;
	}
	if (r->removed) {
		return false;
	}
	return (t->name && strcmp(r->text, t->name) == 0) || r->is_new || r->edited;
}

void
scr_networks_reveal(void *self, const struct scr_target *target)
{
	struct networks *v = self;
	const struct ses_net_row *r;
	size_t n = ses_net_rows(v->s, &r);

	for (size_t i = 0; i < n; i++) {
		if (is_target(&r[i], target)) {
			networks_select(v, i);
			return;
		}
	}
}
