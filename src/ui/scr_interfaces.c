/* SPDX-License-Identifier: MIT
 *
 * Interfaces: where this relay listens, as a choice of three and a tick an address; the
 * IP versions; the outgoing address.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/if_screen.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

enum { PREVIEW_ROWS = 10 /* fewer body rows than this: no preview */ };

/* The line numbers differ between the two layouts: keep what has the focus. */
static void
set_low(struct interfaces *v, bool low)
{
	struct if_line l = if_focused(v);

	if (v->low == low) {
		return;
	}
	v->low = low;
	for (size_t i = 0; i < if_rows_count(v); i++) {
		struct if_line now = if_line_at(v, i);
		if (now.kind == l.kind && now.i == l.i) {
			ui_list_select(&v->list, i);
			return;
		}
	}
}

static void
draw(void *self, const struct ui_canvas *body)
{
	struct interfaces *v = self;
	int top = scr_is_low(body) ? 0 : 1;
	int below = ui_usual_h(body) >= PREVIEW_ROWS ? 1 : 0;
	struct ui_canvas c =
		ui_canvas_sub(body, top + 1, 0, body->h - top - 1 - below, body->w);

	set_low(v, scr_is_low(body));
	char *place = str_format(_("inet_interfaces, %s"), ses_if_place(v->s));
	scr_heading(body, top, _("Where this relay listens for clients"), place);
	free(place);
	scr_list_settle(&v->list, if_can_stop, 1);
	ui_list_draw(&v->list, &c);
	if (below) {
		if_draw_preview(v, body);
	}
}

/* --- events --------------------------------------------------------------------------
 */
static enum ui_result
field_event(struct interfaces *v, const struct ui_event *ev)
{
	switch (live_event(&v->live, v->app, ev)) {
	case UI_INLINE_ACCEPT:
		if_edit_accept(v);
		return UI_HANDLED;
	case UI_INLINE_CHANGED:
		if_edit_judge(v);
		return UI_HANDLED;
	case UI_INLINE_HELD:
	case UI_INLINE_CANCEL:
		return UI_HANDLED;
	case UI_INLINE_CLOSED:
	case UI_INLINE_IGNORED:
		break;
	}
	return UI_IGNORED;
}

static enum ui_result
letter(struct interfaces *v, struct if_line l, int key)
{
	switch (key) {
	case 'a':
		if_edit_add(v, sv_of(""));
		return UI_HANDLED;
	case 'd':
	case UI_KEY_DELETE:
		if_edit_remove(v, l);
		return UI_HANDLED;
	case 'r':
		if_edit_mend(v, l);
		return UI_HANDLED;
	case ' ':
		if (l.kind == IF_L_BIND) {
			if_edit_open(v, l);
		} else {
			if_edit_choose(v, l);
		}
		return UI_HANDLED;
	default:
		return UI_IGNORED;
	}
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct interfaces *v = self;

	if (v->live.field.open) {
		return field_event(v, ev);
	}
	scr_list_settle(&v->list, if_can_stop, 1);
	struct if_line l = if_focused(v);
	if (ev->kind == UI_EV_PASTE) {
		if_edit_paste(v, l, ev->paste);
		return UI_HANDLED;
	}
	switch (scr_list_event(&v->list, ev, if_can_stop)) {
	case UI_LIST_ENTER:
		if_edit_open(v, if_focused(v));
		return UI_HANDLED;
	case UI_LIST_MOVED:
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	return ev->kind == UI_EV_KEY ? letter(v, l, ev->key) : UI_IGNORED;
}

static bool
shows(void *self, const struct diag *d)
{
	const struct interfaces *v = self;
	size_t n = if_rows_count(self), i = 0;

	while (i < n && !stray_is_same(if_finding(v, if_line_at(v, i)), d)) {
		i++;
	}
	return i < n;
}

static const struct diag *
stray(struct interfaces *v)
{
	return stray_find(&v->stray, v->s, &(struct stray_rows){"interfaces", shows, v});
}

static void
message(void *self, struct ui_message *m)
{
	struct interfaces *v = self;

	if (v->live.field.open) {
		live_message(&v->live, m);
	} else {
		scr_message(m, if_finding(v, if_focused(v)));
		stray_message(m, stray(v));
		scr_message_unread(m, v->s);
	}
}

static int64_t
deadline(void *self)
{
	return ((const struct interfaces *)self)->live.settle_ms;
}

static void
tick_field(void *self, int64_t now)
{
	live_tick(&((struct interfaces *)self)->live, now);
}

static void
keys(void *self, struct ui_keybar *bar)
{
	struct interfaces *v = self;
	struct if_line l = if_focused(v);

	if (v->live.field.open) {
		ui_keybar_add(bar, "Enter", _("keep"));
		ui_keybar_add(bar, "Esc", _("old value"));
		ui_keybar_add(bar, "Ctrl-U", _("clear"));
		bar->help_key = "F1 Ctrl-G";
		return;
	}
	if (l.kind != IF_L_BIND) {
		ui_keybar_add(
			bar, _("Space"), l.kind == IF_L_ADDR ? _("tick") : _("choose"));
	}
	if (if_is_text(v, l)) {
		ui_keybar_add(bar, "Enter", _("edit"));
		ui_keybar_add(bar, "d", _("remove"));
	}
	ui_keybar_add(bar, "a", _("add address"));
	if (scr_state(if_finding(v, l))) {
		ui_keybar_add(bar, "r", _("mend"));
	}
	ui_keybar_add(bar, "n", _("problem"));
	ui_keybar_add(bar, "w", _("apply"));
}

static bool
typing(void *self)
{
	return ((const struct interfaces *)self)->live.field.open;
}

static bool
is_bad(void *self, size_t i)
{
	return scr_state(if_finding(self, if_line_at(self, i))) != 0;
}

static bool
problem(void *self, int dir, bool from_edge)
{
	struct interfaces *v = self;
	bool found = scr_to_bad(&v->list, dir, from_edge, is_bad);

	return stray_stop(&v->stray, v->app, stray(v), found);
}

static void *
open_screen(struct ui_app *app, void *owner)
{
	struct interfaces *v = mem_new(1, sizeof(*v));

	v->app = app;
	v->s = ((const struct scr_env *)owner)->s;
	ui_list_init(&v->list, &if_rows, v);
	v->list.focus =
		if_rows_first_address(v); /* most often a NIC's address is ticked */
	return v;
}

static void
close_screen(void *self)
{
	struct interfaces *v = self;

	live_free(&v->live);
	free(v);
}

/* Leaving the screen accepts what stands in an open field, as Enter does. */
static void
show(void *self, bool visible)
{
	struct interfaces *v = self;

	if (!visible && v->live.field.open) {
		(void)field_event(
			v, &(struct ui_event){.kind = UI_EV_KEY, .key = UI_KEY_ENTER});
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
	.deadline = deadline,
	.tick = tick_field,
	.problem = problem,
	.show = show,
};

const struct ui_screen scr_interfaces = {"interfaces", N_("Interfaces"), '2', &ops};

/* --- for the other screens -----------------------------------------------------------
 */

void
scr_interfaces_about(void *self, struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"Space", N_("tick or untick an address, choose")},
		{"Enter", N_("edit a name, an address on no NIC, the outgoing one")},
		{"a", N_("add an address or host name")},
		{"d", N_("remove it, or go back to the default")},
		{"r", N_("mend: untick what no NIC has")},
		{NULL, NULL},
	};
	struct interfaces *v = self;
	struct if_line l = if_focused(v);
	const struct ses_if_row *r = l.kind == IF_L_ADDR ? if_address(v, l.i) : NULL;

	out->purpose = _("On which addresses this relay takes mail (inet_interfaces). "
			 "Addresses are written, never names of network cards. A change "
			 "means that Postfix is stopped and started.");
	out->keys = help;
	out->more = "postconf(5) inet_interfaces, inet_protocols, smtp_bind_address";
	out->finding = if_finding(v, l);
	if (r) {
		str_add_cstr(&out->row, r->addr);
		str_add_cstr(&out->says, r->note);
	}
}

static bool
is_target(const struct interfaces *v, struct if_line l, const struct scr_target *t)
{
	const struct ses_if_row *r = l.kind == IF_L_ADDR ? if_address(v, l.i) : NULL;
	const char *param = t->name ? t->name : t->finding ? t->finding->loc.param : NULL;

	if (param && strcmp(param, IF_PROTOCOLS) == 0) {
		return l.kind == IF_L_PROTO;
	}
	if (param && strcmp(param, IF_BIND) == 0) {
		return l.kind == IF_L_BIND;
	}
	if (!r) {
		return false;
	}
	return t->finding ? r->finding && strcmp(r->finding->text, t->finding->text) == 0
			  : r->edited;
}

void
scr_interfaces_reveal(void *self, const struct scr_target *target)
{
	struct interfaces *v = self;

	for (size_t i = 0; i < if_rows_count(v); i++) {
		if (is_target(v, if_line_at(v, i), target)) {
			ui_list_select(&v->list, i);
			return;
		}
	}
}
