/* SPDX-License-Identifier: MIT
 *
 * Relay host: where all mail goes that is not for this machine. relayhost taken apart
 * into host, port and MX lookup, a row each; further hosts, the login there and TLS
 * below. What can't be taken apart is edited as it stands.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/relay_probe.h"
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
		relay_edit_mend(v, row);
		return UI_HANDLED;
	case 'p':
		relay_probe_start(v->app, v->s, &v->probing);
		return UI_HANDLED;
	case ' ':
		relay_edit_space(v, row);
		return UI_HANDLED;
	case 'J':
	case 'K':
		relay_edit_move(v, row, key == 'J' ? 1 : -1);
		return UI_HANDLED;
	case 'v':
		if (relayhost_part(v, row) != P_PASSWORD || !v->login.has_password) {
			return UI_IGNORED;
		}
		v->shows = !v->shows;
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
		relay_edit_cancel(v);
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
	v->shows = v->shows && ui_event_is(ev, 'v');
	if (ev->kind == UI_EV_PASTE) {
		relay_edit_paste(v, v->list.focus, ev);
		return UI_HANDLED;
	}
	switch (scr_list_event(&v->list, ev, relayhost_can_stop)) {
	case UI_LIST_ENTER:
		if (relayhost_can_stop(v, v->list.focus)) {
			relay_edit_open(v, v->list.focus);
		}
		scr_list_settle(&v->list, relayhost_can_stop, 1);
		return UI_HANDLED;
	case UI_LIST_MOVED:
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	return ev->kind == UI_EV_KEY ? letter(v, v->list.focus, ev->key) : UI_IGNORED;
}

/* Of the row that has the focus; the rows of the hosts share what is found of them. */
static const struct diag *
finding_here(const struct relayhost *v)
{
	enum part part = relayhost_part(v, v->list.focus);

	return v->found[part < P_LOGIN ? relayhost_part(v, 0) : part];
}

/* The finding, and r as the way out where that mends it. */
static void
finding_message(const struct relayhost *v, struct ui_message *m)
{
	const struct diag *f = finding_here(v);

	if (relayhost_part(v, v->list.focus) >= P_LOGIN || !f || !v->r.repair) {
		scr_message_mend(m, f);
		return;
	}
	char *way = str_format(_("r writes %s."), v->r.repair);
	ui_message_set(m, scr_state(f), f->text, way);
	free(way);
}

static bool
shows(void *self, const struct diag *d)
{
	const struct relayhost *v = self;

	for (size_t i = 0; i < P_PARTS; i++) {
		if (stray_is_same(v->found[i], d)) {
			return true;
		}
	}
	return false;
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
host_keys(const struct relayhost *v, struct ui_keybar *bar)
{
	ui_keybar_add(bar, "a", _("add host"));
	if (v->r.set) {
		ui_keybar_add(bar, "d", v->r.n > 1 ? _("remove") : _("no relay host"));
	}
	if (v->r.n > 1) {
		ui_keybar_add(bar, "J K", _("move"));
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
		if (v->live.field.in.flags & UI_INPUT_PASSWORD) {
			ui_keybar_add(bar, "Ctrl-T", _("show"));
		}
		ui_keybar_add(bar, "Ctrl-U", _("clear"));
		bar->help_key = "F1 Ctrl-G";
		return;
	}
	enum part part = relayhost_part(v, v->list.focus);
	const struct diag *f = finding_here(v);
	ui_keybar_add(bar, "Enter", _("edit"));
	ui_keybar_add(bar, _("Space"), _("next choice"));
	if (part < P_LOGIN ? v->r.repair != NULL : f && f->mend != DIAG_MEND_NONE) {
		ui_keybar_add(bar, "r", _("mend"));
	}
	if (part < P_LOGIN) {
		host_keys(v, bar);
	} else if (part <= P_KEPT && relayhost_has_login(v)) {
		ui_keybar_add(bar, "d", _("no login"));
	}
	if (part == P_PASSWORD && v->login.has_password) {
		ui_keybar_add(bar, "v", v->shows ? _("hide") : _("show"));
	}
	ui_keybar_add(bar, "p", _("probe now"));
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
	const struct relayhost *v = self;

	return v->rows[i].hop < 2 && v->found[v->rows[i].part];
}

static bool
problem(void *self, int dir, bool from_edge)
{
	struct relayhost *v = self;

	relayhost_refresh(v);
	bool found = scr_to_bad(&v->list, dir, from_edge, is_bad);
	return stray_stop(&v->stray, v->app, stray(v), found);
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

	relay_login_wipe(v);
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
scr_relayhost_stepped(void *self)
{
	struct relayhost *v = self;

	relay_probe_stepped(v->app, v->s, &v->probing);
}

/* The part that a change or finding by this name is about. */
static enum part
part_of_name(const struct relayhost *v, const struct scr_target *target)
{
	static const struct {
		const char *name;
		enum part part;
	} table[] = {{"smtp_tls_security_level", P_TLS},
		{"smtp_tls_wrappermode", P_WRAPS}, {"smtp_tls_CAfile", P_ROOTS},
		{"smtp_tls_CApath", P_ROOTS}, {"smtp_sasl_auth_enable", P_LOGIN},
		{"smtp_sasl_password_maps", P_PASSWORD},
		{"smtp_sasl_security_options", P_LOGIN},
		{"smtp_sasl_tls_security_options", P_LOGIN}};

	for (size_t i = 0; target->name && i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, target->name) == 0) {
			return table[i].part == P_PASSWORD && !relayhost_has_login(v)
				       ? P_LOGIN
				       : table[i].part;
		}
	}
	return target->file && v->login.file && strcmp(target->file, v->login.file) == 0
		       ? P_PASSWORD
		       : P_HOST;
}

void
scr_relayhost_reveal(void *self, const struct scr_target *target)
{
	struct relayhost *v = self;

	relayhost_refresh(v);
	ui_list_select(
		&v->list, target ? relayhost_row_of(v, part_of_name(v, target), 0) : 0);
	for (size_t i = 0; target && i < v->nrows; i++) {
		if (stray_is_same(v->found[v->rows[i].part], target->finding)) {
			ui_list_select(&v->list, i);
			break;
		}
	}
}

void
scr_relayhost_about(void *self, struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"Enter", N_("edit; host:port is taken apart")},
		{"Space", N_("next port, MX yes or no, login, TLS")},
		{"a", N_("add a further host")},
		{"d", N_("remove; the last one: no relay")},
		{"J K", N_("move")},
		{"v", N_("show the stored password")},
		{"r", N_("mend")},
		{"p", N_("ask the host that Postfix uses now")},
		{NULL, NULL},
	};
	struct relayhost *v = self;

	relayhost_refresh(v);
	str_add_cstr(&out->row,
		v->list.focus < v->nrows ? relayhost_label(&v->rows[v->list.focus]) : "");
	out->finding = finding_here(v);
	out->purpose =
		_("The mail server that takes all mail for other places (relayhost). "
		  "Your provider names its host and port. Without MX lookup the name "
		  "is written in brackets: [mail.example.com]:587. With a login, TLS "
		  "should be required.");
	out->keys = help;
	out->more = "postconf(5) relayhost";
}
