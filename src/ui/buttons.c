/* SPDX-License-Identifier: MIT
 *
 * One row, measured the same way for drawing and for the mouse.
 */
#include "ui/buttons.h"

#include "ui/glyph.h"

enum { FIRST_X = 2, GAP = 2 };

/* Columns of button i: [< Apply >] or [ Back ]. */
static int
width(const struct buttons *b, size_t i)
{
	return ui_width(sv_of(b->label[i])) + (i == b->at ? 6 : 4);
}

void
buttons_draw(struct buttons *b, const struct ui_canvas *c, int y, bool focused)
{
	int x = FIRST_X;

	b->last = ui_canvas_sub(c, y, 0, 1, c->w);
	for (size_t i = 0; i < b->n; i++) {
		ui_putf(c, ui_at(y, x, 0), UI_TEXT, i == b->at ? "[< %s >]" : "[ %s ]",
			b->label[i]);
		if (i == b->at && focused) {
			ui_focus(c, y, x - 1, x + 3);
		}
		x += width(b, i) + GAP;
	}
}

size_t
buttons_hit(const struct buttons *b, const struct ui_event *ev)
{
	int row = 0, col = 0, x = FIRST_X;

	if (ev->kind != UI_EV_MOUSE || ev->mouse == UI_MOUSE_WHEEL_UP ||
		ev->mouse == UI_MOUSE_WHEEL_DOWN ||
		!ui_canvas_hit(&b->last, ev->y, ev->x, &row, &col)) {
		return b->n;
	}
	for (size_t i = 0; i < b->n; i++) {
		if (col >= x && col < x + width(b, i)) {
			return i;
		}
		x += width(b, i) + GAP;
	}
	return b->n;
}

bool
buttons_move(struct buttons *b, const struct ui_event *ev)
{
	if (ui_event_is(ev, UI_KEY_RIGHT) && b->at + 1 < b->n) {
		b->at++;
	} else if (ui_event_is(ev, UI_KEY_LEFT) && b->at > 0) {
		b->at--;
	} else {
		return ui_event_is(ev, UI_KEY_LEFT) || ui_event_is(ev, UI_KEY_RIGHT);
	}
	return true;
}
