/* SPDX-License-Identifier: MIT
 *
 * Invariant after each draw: focus < count (or both 0) and top <= focus < top + page. The
 * count may change at any time; the list settles when it is drawn or asked.
 */
#include "ui/list.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <stdlib.h>

void
ui_list_init(struct ui_list *l, const struct ui_list_ops *ops, void *self)
{
	*l = (struct ui_list){.ops = ops, .self = self};
}

static void
settle(struct ui_list *l, size_t page)
{
	size_t n = l->ops->count(l->self);

	if (l->focus >= n) {
		l->focus = n ? n - 1 : 0;
	}
	if (page == 0) {
		return;
	}
	if (l->top + page > n) {
		l->top = n > page ? n - page : 0;
	}
	if (l->focus < l->top) {
		l->top = l->focus;
	} else if (l->focus >= l->top + page) {
		l->top = l->focus - page + 1;
	}
}

void
ui_list_select(struct ui_list *l, size_t i)
{
	l->focus = i;
	settle(l, (size_t)l->page);
}

static void
draw_row(struct ui_list *l, const struct ui_canvas *c, int y, size_t i)
{
	struct ui_canvas line = ui_canvas_sub(c, y, 0, 1, c->w - 1);
	struct ui_row row = {.focus = i == l->focus, .cursor_x = 5};
	bool before = line.paint->has_cursor;

	line.paint->has_cursor = false;
	l->ops->row(l->self, i, &row, &line);
	if (row.edit) {
		ui_put_mark(&line, 0, 1, row.edit);
	}
	if (row.state) {
		ui_put_mark(&line, 0, 3 - ui_mark_width(row.state), row.state);
	}
	bool has_field = line.paint->has_cursor;
	line.paint->has_cursor = has_field || before;
	if (!row.focus) {
		return;
	}
	int cy = line.paint->cursor_y, cx = line.paint->cursor_x;
	ui_focus(&line, 0, 0, row.cursor_x);
	if (has_field) { /* a field open in this row keeps the cursor */
		line.paint->cursor_y = cy;
		line.paint->cursor_x = cx;
	}
}

void
ui_list_draw(struct ui_list *l, const struct ui_canvas *c)
{
	size_t n = l->ops->count(l->self);

	l->page = c->h;
	l->last = *c;
	settle(l, (size_t)c->h);
	for (int y = 0; y < c->h && l->top + (size_t)y < n; y++) {
		draw_row(l, c, y, l->top + (size_t)y);
	}
	if (l->top > 0) {
		ui_put(c, ui_at(0, c->w - 1, 1), UI_TEXT, "^");
	}
	if (l->top + (size_t)c->h < n) {
		ui_put(c, ui_at(c->h - 1, c->w - 1, 1), UI_TEXT, "v");
	}
}

static enum ui_list_result
move_by(struct ui_list *l, long by)
{
	size_t n = l->ops->count(l->self);
	size_t step = (size_t)(by < 0 ? -by : by);

	if (by < 0) {
		l->focus = l->focus > step ? l->focus - step : 0;
	} else {
		l->focus = n - l->focus > step ? l->focus + step : n ? n - 1 : 0;
	}
	settle(l, (size_t)l->page);
	return UI_LIST_MOVED;
}

static enum ui_list_result
list_key(struct ui_list *l, int key)
{
	long page = l->page > 1 ? l->page - 1 : 1;

	switch (key) {
	case UI_KEY_UP:
	case 'k':
		return move_by(l, -1);
	case UI_KEY_DOWN:
	case 'j':
		return move_by(l, 1);
	case UI_KEY_PGUP:
		return move_by(l, -page);
	case UI_KEY_PGDN:
		return move_by(l, page);
	case UI_KEY_HOME:
	case 'g':
		ui_list_select(l, 0);
		return UI_LIST_MOVED;
	case UI_KEY_END:
	case 'G':
		ui_list_select(l, l->ops->count(l->self));
		return UI_LIST_MOVED;
	case UI_KEY_ENTER:
		return UI_LIST_ENTER;
	default:
		return UI_LIST_IGNORED;
	}
}

static enum ui_list_result
list_mouse(struct ui_list *l, const struct ui_event *ev)
{
	int row = 0, col = 0;

	if (ev->mouse == UI_MOUSE_WHEEL_UP || ev->mouse == UI_MOUSE_WHEEL_DOWN) {
		return move_by(l, ev->mouse == UI_MOUSE_WHEEL_UP ? -3 : 3);
	}
	if (!ui_canvas_hit(&l->last, ev->y, ev->x, &row, &col) ||
		l->top + (size_t)row >= l->ops->count(l->self)) {
		return UI_LIST_IGNORED;
	}
	l->focus = l->top + (size_t)row;
	return ev->mouse == UI_MOUSE_DOUBLE ? UI_LIST_ENTER : UI_LIST_MOVED;
}

enum ui_list_result
ui_list_event(struct ui_list *l, const struct ui_event *ev)
{
	if (ev->kind == UI_EV_MOUSE) {
		return list_mouse(l, ev);
	}
	return ev->kind == UI_EV_KEY ? list_key(l, ev->key) : UI_LIST_IGNORED;
}

void
ui_list_position(
	const struct ui_list *l, const struct ui_canvas *c, struct ui_at at, int h)
{
	size_t n = l->ops->count(l->self);

	if (n <= (size_t)h) {
		return;
	}
	char *text = str_format(_("row %zu of %zu"), l->focus + 1, n);
	ui_put_right(c, at, UI_TEXT, text);
	free(text);
}
