/* SPDX-License-Identifier: MIT
 *
 * Relay host: where all mail goes that is not for this machine. relayhost taken apart
 * into host, port and MX lookup, a row each; further hosts below. What can't be taken
 * apart is edited as it stands.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/relay_screen.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

/* --- events --------------------------------------------------------------------------
 */

static enum ui_result
letter(struct relayhost *v, size_t row, int key)
{
	switch (key) {
	case 'a':
		relay_edit_add(v);
		return UI_HANDLED;
	case 'd':
	case UI_KEY_DELETE:
		relay_edit_remove(v, row);
		return UI_HANDLED;
	case 'r':
		relay_edit_mend(v);
		return UI_HANDLED;
	case ' ':
		relay_edit_space(v, row);
		return UI_HANDLED;
	case 'J':
	case 'K':
		relay_edit_move(v, row, key == 'J' ? 1 : -1);
		return UI_HANDLED;
	default:
		return UI_IGNORED;
	}
}

static enum ui_result
field_event(struct relayhost *v, const struct ui_event *ev)
{
	if (ui_event_is(ev, ':') || ui_event_is(ev, '.')) {
		/* goes on with the name that is there */
		v->live.field.in.flags &= ~(unsigned)UI_INPUT_FRESH;
	}
	switch (live_event(&v->live, v->app, ev)) {
	case UI_INLINE_ACCEPT:
		(void)relay_edit_accept(v);
		return UI_HANDLED;
	case UI_INLINE_CHANGED:
		relay_edit_judge(v);
		return UI_HANDLED;
	case UI_INLINE_CANCEL:
		v->adding = false;
		return UI_HANDLED;
	case UI_INLINE_HELD:
		return UI_HANDLED;
	case UI_INLINE_IGNORED:
		if (live_closes(&v->live, ev) && !relay_edit_accept(v)) {
			return UI_HANDLED;
		}
		break;
	case UI_INLINE_CLOSED:
		break;
	}
	return UI_IGNORED;
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct relayhost *v = self;

	relayhost_refresh(v);
	if (v->live.field.open) {
		return field_event(v, ev);
	}
	if (ev->kind == UI_EV_PASTE) {
		relay_edit_paste(v, v->list.focus, ev->paste);
		return UI_HANDLED;
	}
	switch (ui_list_event(&v->list, ev)) {
	case UI_LIST_ENTER:
		relay_edit_open(v, v->list.focus);
		return UI_HANDLED;
	case UI_LIST_MOVED:
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	return ev->kind == UI_EV_KEY ? letter(v, v->list.focus, ev->key) : UI_IGNORED;
}

/* The finding, and r as the way out where that mends it. */
static void
finding_message(const struct relayhost *v, struct ui_message *m)
{
	if (!v->r.finding || !v->r.repair) {
		scr_message(m, v->r.finding);
		return;
	}
	char *way = str_format(_("r writes %s."), v->r.repair);
	ui_message_set(m, scr_state(v->r.finding), v->r.finding->text, way);
	free(way);
}

static bool
shows(void *self, const struct diag *d)
{
	return stray_is_same(((const struct relayhost *)self)->r.finding, d);
}

static const struct diag *
stray(struct relayhost *v)
{
	return stray_find(&v->stray, v->s, &(struct stray_rows){"relayhost", shows, v});
}

static void
message(void *self, struct ui_message *m)
{
	struct relayhost *v = self;

	relayhost_refresh(v);
	if (v->live.field.open) {
		live_message(&v->live, m);
	} else {
		finding_message(v, m);
		stray_message(m, stray(v));
		scr_message_unread(m, v->s);
	}
}

static void
keys(void *self, struct ui_keybar *bar)
{
	struct relayhost *v = self;

	relayhost_refresh(v);
	if (v->live.field.open) {
		ui_keybar_add(bar, "Enter", _("keep"));
		ui_keybar_add(bar, "Esc", _("old value"));
		ui_keybar_add(bar, "Ctrl-U", _("clear"));
		bar->help_key = "F1 Ctrl-G";
		return;
	}
	ui_keybar_add(bar, "Enter", _("edit"));
	ui_keybar_add(bar, _("Space"), _("next choice"));
	if (v->r.repair) {
		ui_keybar_add(bar, "r", _("mend"));
	}
	ui_keybar_add(bar, "a", _("add host"));
	if (v->r.set) {
		ui_keybar_add(bar, "d", v->r.n > 1 ? _("remove") : _("no relay host"));
	}
	if (v->r.n > 1) {
		ui_keybar_add(bar, "J K", _("move"));
	}
	ui_keybar_add(bar, "w", _("apply"));
}

static bool
typing(void *self)
{
	return ((const struct relayhost *)self)->live.field.open;
}

static int64_t
deadline(void *self)
{
	return ((const struct relayhost *)self)->live.settle_ms;
}

static void
tick(void *self, int64_t now)
{
	live_tick(&((struct relayhost *)self)->live, now);
}

static bool
is_bad(void *self, size_t i)
{
	return i == 0 && scr_state(((const struct relayhost *)self)->r.finding);
}

static bool
problem(void *self, int dir, bool from_edge)
{
	struct relayhost *v = self;

	relayhost_refresh(v);
	size_t n = relayhost_count(v),
	       i = scr_next_bad(n, v->list.focus, dir, from_edge, is_bad, v);
	if (i < n) {
		ui_list_select(&v->list, i);
	}
	return stray_stop(&v->stray, v->app, stray(v), i < n);
}

static void *
open_screen(struct ui_app *app, void *owner)
{
	struct relayhost *v = mem_new(1, sizeof(*v));

	v->app = app;
	v->s = ((const struct scr_env *)owner)->s;
	ui_list_init(&v->list, &relayhost_rows, v);
	relayhost_refresh(v);
	return v;
}

static void
close_screen(void *self)
{
	struct relayhost *v = self;

	live_free(&v->live);
	free(v);
}

static const struct ui_ops ops = {
	.open = open_screen,
	.close = close_screen,
	.draw = relayhost_draw,
	.event = event,
	.message = message,
	.keys = keys,
	.typing = typing,
	.deadline = deadline,
	.tick = tick,
	.problem = problem,
};

const struct ui_screen scr_relayhost = {"relayhost", N_("Relay"), '4', &ops};

void
scr_relayhost_reveal(void *self, const struct scr_target *target)
{
	struct relayhost *v = self;

	(void)target;
	ui_list_select(&v->list, 0);
}

void
scr_relayhost_about(void *self, struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"Enter", N_("edit; host:port is taken apart")},
		{"Space", N_("next port, MX yes or no")},
		{"a", N_("add a further host")},
		{"d", N_("remove; the last one: no relay")},
		{"J K", N_("move")},
		{"r", N_("mend")},
		{NULL, NULL},
	};
	struct relayhost *v = self;

	relayhost_refresh(v);
	str_add_cstr(&out->row,
		relayhost_label(relayhost_part(v, v->list.focus), v->list.focus));
	out->finding = v->r.finding;
	out->purpose =
		_("The mail server that takes all mail for other places (relayhost). "
		  "Your provider names its host and port. Without MX lookup the name "
		  "is written in brackets: [mail.example.com]:587.");
	out->keys = help;
	out->more = "postconf(5) relayhost";
}
