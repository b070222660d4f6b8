/* SPDX-License-Identifier: MIT
 *
 * Parameters: every name that Postfix knows or the file sets, with value, origin and
 * default; below the list what is known of the focused one. Lines that Postfix refuses
 * stand first, as rows of their own.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/param_dialog.h"
#include "ui/param_screen.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

/* --- typing --------------------------------------------------------------------------
 */

static void
judge(struct params *v)
{
	char *text = sv_dup(ui_input_text(&v->live.field.in));
	const char *name = params_name_at(v, v->live.field.id);
	struct diags d = {0};

	if (name) {
		ses_param_judge(v->s, name, text, &d);
	}
	live_judged(&v->live, d.n ? scr_state(&d.v[0]) : 0, d.n ? d.v[0].text : NULL,
		d.n ? d.v[0].hint : NULL, NULL);
	diag_clear(&d);
	free(text);
}

static const char *
value_of(const struct ses_param *p)
{
	return p->origin == SES_OFF && p->off_value ? p->off_value : p->value;
}

static void
say_bad_line(struct params *v)
{
	ui_app_say(v->app, '!', _("This line has no name that could be given a value."),
		_("Space comments it out; u brings it back."));
}

static void
edit(struct params *v, size_t i)
{
	struct ses_param p;

	if (!params_param_at(v, i, &p)) {
		say_bad_line(v);
	} else if (p.origin != SES_FROM_FILE && p.origin != SES_OFF && !p.deflt) {
		ui_app_say(v->app, 0,
			_("Postfix has not told the default yet; a moment, please."),
			NULL);
	} else if (live_may_edit(v->app, v->s) &&
		   !param_dialog_push(v->app, v->s, p.def, value_of(&p))) {
		live_open(&v->live, i, sv_of(value_of(&p)),
			params_is_secret(&p, value_of(&p)) ? (unsigned)UI_INPUT_PASSWORD
							   : 0);
	}
}

static void
paste(struct params *v, size_t i, struct sv pasted)
{
	struct ses_param p;

	if (!params_param_at(v, i, &p)) {
		say_bad_line(v);
	} else if (live_may_edit(v->app, v->s)) {
		live_paste(&v->live, v->app, i, sv_of(value_of(&p)), pasted);
		judge(v);
	}
}

static void
accept(struct params *v)
{
	const char *name = params_name_at(v, v->live.field.id);
	char *text = sv_dup(ui_input_text(&v->live.field.in));
	struct diags d = {0};

	if (name && ui_inline_changed(&v->live.field)) {
		char *own = mem_strdup(name);
		(void)ses_param_set(v->s, own, text, &d);
		free(own);
	}
	scr_say(v->app, &d);
	free(text);
}

/* --- edits ---------------------------------------------------------------------------
 */

static void
moved(struct params *v)
{
	v->settle_ms = ui_term_now() + LIVE_PAUSE_MS;
}

static void
unset(struct params *v, size_t i)
{
	const char *name = params_name_at(v, i);
	struct diags d = {0};

	if (!name) {
		say_bad_line(v);
		return;
	}
	char *own = mem_strdup(name);
	if (ses_param_unset(v->s, own, &d)) {
		ui_app_say(v->app, 'o', _("Back to the default; u brings the line back."),
			NULL);
	}
	scr_say(v->app, &d);
	free(own);
}

static void
toggle(struct params *v, size_t i)
{
	const struct diag *bad = params_bad_line(v, i);
	const char *name = params_name_at(v, i);
	struct diags d = {0};

	if (bad) {
		if (ses_line_comment_out(v->s, bad->loc.line, &d)) {
			ui_app_say(
				v->app, 'o', _("Commented out; u brings it back."), NULL);
		}
	} else if (name) {
		char *own = mem_strdup(name);
		(void)ses_param_toggle(v->s, own, &d);
		free(own);
	}
	moved(v);
	scr_say(v->app, &d);
}

/* Put the focus on a parameter, dropping what hides it. */
static void
go_to(struct params *v, const char *name)
{
	for (int turn = 0; turn < 2; turn++) {
		params_refresh(v);
		for (size_t i = 0; i < v->names.n; i++) {
			if (strcmp(v->names.names[i], name) == 0) {
				ui_list_select(&v->list, v->nbad + i);
				params_settle(v);
				return;
			}
		}
		filter_clear(&v->filter);
		v->only_set = false;
	}
}

static void
switch_only_set(struct params *v)
{
	const char *name = params_name_at(v, v->list.focus);
	char *own = mem_strdup(name);

	v->only_set = !v->only_set;
	params_refresh(v);
	ui_list_select(&v->list, 0);
	for (size_t i = 0; own && i < v->names.n; i++) {
		if (strcmp(v->names.names[i], own) <= 0) {
			ui_list_select(&v->list, v->nbad + i);
		}
	}
	moved(v);
	free(own);
}

/* --- events --------------------------------------------------------------------------
 */

static const struct diag *
finding_of(const struct params *v, size_t i)
{
	const struct diag *bad = params_bad_line(v, i);
	struct ses_param p;

	return bad ? bad : params_param_at(v, i, &p) ? p.finding : NULL;
}

static enum ui_result
letter(struct params *v, size_t i, int key)
{
	switch (key) {
	case 'd':
	case UI_KEY_DELETE:
		unset(v, i);
		return UI_HANDLED;
	case ' ':
		toggle(v, i);
		return UI_HANDLED;
	case 'o':
		switch_only_set(v);
		return UI_HANDLED;
	case 'r':
		scr_mend(v->app, v->s, finding_of(v, i));
		return UI_HANDLED;
	default:
		return UI_IGNORED;
	}
}

static enum ui_result
field_event(struct params *v, const struct ui_event *ev)
{
	switch (live_event(&v->live, v->app, ev)) {
	case UI_INLINE_ACCEPT:
		accept(v);
		return UI_HANDLED;
	case UI_INLINE_CHANGED:
		judge(v);
		return UI_HANDLED;
	case UI_INLINE_HELD:
	case UI_INLINE_CANCEL:
		return UI_HANDLED;
	case UI_INLINE_IGNORED:
		if (live_closes(&v->live, ev)) {
			accept(v);
		}
		break;
	case UI_INLINE_CLOSED:
		break;
	}
	return UI_IGNORED;
}

static enum ui_result
rows_event(struct params *v, const struct ui_event *ev)
{
	switch (ui_list_event(&v->list, ev)) {
	case UI_LIST_ENTER:
		edit(v, v->list.focus);
		return UI_HANDLED;
	case UI_LIST_MOVED:
		moved(v);
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	return ev->kind == UI_EV_KEY && !v->filter.typing
		       ? letter(v, v->list.focus, ev->key)
		       : UI_IGNORED;
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct params *v = self;

	params_refresh(v);
	if (v->live.field.open) {
		return field_event(v, ev);
	}
	switch (filter_event(&v->filter, ev)) {
	case FILTER_CHANGED:
		ui_list_select(&v->list, 0);
		moved(v);
		return UI_HANDLED;
	case FILTER_HANDLED:
		return UI_HANDLED;
	case FILTER_IGNORED:
		break;
	}
	if (ev->kind == UI_EV_PASTE) {
		paste(v, v->list.focus, ev->paste);
		return UI_HANDLED;
	}
	return rows_event(v, ev);
}

/* Each name has its row; lines that Postfix refuses have theirs. */
static bool
shows(void *self, const struct diag *d)
{
	const struct params *v = self;
	size_t i = 0;

	while (i < v->nbad && !stray_is_same(params_bad_line(v, i), d)) {
		i++;
	}
	return d->loc.param || i < v->nbad;
}

static const struct diag *
stray(struct params *v)
{
	return stray_find(&v->stray, v->s, &(struct stray_rows){"params", shows, v});
}

static void
message(void *self, struct ui_message *m)
{
	struct params *v = self;

	params_refresh(v);
	if (v->live.field.open) {
		live_message(&v->live, m);
	} else if (!v->filter.typing) {
		scr_message_mend(m, finding_of(v, v->list.focus));
		stray_message(m, stray(v));
		scr_message_unread(m, v->s);
	}
}

static void
keys(void *self, struct ui_keybar *bar)
{
	struct params *v = self;

	if (v->live.field.open || v->filter.typing) {
		bool field = v->live.field.open;
		ui_keybar_add(bar, "Enter", field ? _("keep") : _("to the rows"));
		ui_keybar_add(bar, "Esc", field ? _("old value") : _("show all"));
		ui_keybar_add(bar, "Ctrl-U", _("clear"));
		bar->help_key = "F1 Ctrl-G";
		return;
	}
	params_refresh(v);
	if (params_bad_line(v, v->list.focus)) {
		ui_keybar_add(bar, _("Space"), _("comment out"));
	} else {
		ui_keybar_add(bar, "Enter", _("edit"));
		ui_keybar_add(bar, "d", _("default"));
		ui_keybar_add(bar, _("Space"), _("comment out"));
	}
	ui_keybar_add(bar, "/", _("search"));
	ui_keybar_add(bar, "o", v->only_set ? _("all") : _("only set ones"));
	ui_keybar_add(bar, "w", _("apply"));
}

static bool
typing(void *self)
{
	const struct params *v = self;

	return v->live.field.open || v->filter.typing;
}

static int64_t
deadline(void *self)
{
	const struct params *v = self;
	int64_t a = v->settle_ms, b = v->live.settle_ms;

	return !a ? b : !b || a < b ? a : b;
}

static void
tick(void *self, int64_t now)
{
	struct params *v = self;

	live_tick(&v->live, now);
	if (v->settle_ms && now >= v->settle_ms) {
		params_refresh(v);
		params_settle(v);
	}
}

static bool
is_bad(void *self, size_t i)
{
	return scr_state(finding_of(self, i)) != 0;
}

static bool
problem(void *self, int dir, bool from_edge)
{
	struct params *v = self;

	params_refresh(v);
	bool found = scr_to_bad(&v->list, dir, from_edge, is_bad);
	if (found) {
		params_settle(v);
	}
	return stray_stop(&v->stray, v->app, stray(v), found);
}

static void *
open_screen(struct ui_app *app, void *owner)
{
	struct params *v = mem_new(1, sizeof(*v));

	v->app = app;
	v->s = ((const struct scr_env *)owner)->s;
	ui_list_init(&v->list, &params_rows, v);
	(void)ses_ask(v->s, SES_ASK_DEFAULTS);
	params_refresh(v);
	params_settle(v);
	return v;
}

static void
close_screen(void *self)
{
	struct params *v = self;

	live_free(&v->live);
	filter_free(&v->filter);
	free(v->strip);
	free(v);
}

static const struct ui_ops ops = {
	.open = open_screen,
	.close = close_screen,
	.draw = params_draw,
	.event = event,
	.message = message,
	.keys = keys,
	.typing = typing,
	.deadline = deadline,
	.tick = tick,
	.problem = problem,
};

const struct ui_screen scr_params = {"params", N_("Params"), '6', &ops};

void
scr_params_reveal(void *self, const struct scr_target *target)
{
	struct params *v = self;
	const struct diag *d = target->finding;

	params_refresh(v);
	for (size_t i = 0; d && i < v->nbad; i++) {
		if (params_bad_line(v, i)->loc.line == d->loc.line && !d->loc.param) {
			ui_list_select(&v->list, i);
			params_settle(v);
			return;
		}
	}
	if (d && d->loc.param) {
		go_to(v, d->loc.param);
	} else if (target->name) {
		go_to(v, target->name);
	}
}

void
scr_params_about(void *self, struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"Enter", N_("edit")},
		{"d", N_("back to the default")},
		{"Space", N_("comment out, or bring back")},
		{"r", N_("mend what has a safe repair")},
		{"/", N_("search in names and help, Esc ends it")},
		{"o", N_("only what is set, or all")},
		{NULL, NULL},
	};
	struct params *v = self;
	struct ses_param p;

	params_refresh(v);
	if (params_param_at(v, v->list.focus, &p)) {
		str_add_cstr(&out->row, p.name);
		str_add_cstr(&out->says, p.def ? _(p.def->help) : "");
	}
	out->finding = finding_of(v, v->list.focus);
	out->purpose =
		_("Every parameter of main.cf: what it is now, where that comes from, "
		  "and what Postfix takes when it isn't set.");
	out->keys = help;
	out->more = "postconf(5)";
}
