/* SPDX-License-Identifier: MIT
 *
 * Review: the diff of every file, the actions that follow with their reasons, the
 * findings that stay or hold the apply back, and two buttons.
 */
#include "ui/review_screen.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/draft.h"
#include "ui/applying.h"
#include "ui/danger.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

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
	review_refresh(v);
	size_t changes = ses_changes(s, &c);
	const char **codes = danger_codes(v->r.holds, v->r.nholds);
	const struct ses_apply_opts opts = {.consent = codes};
	char *interruption = mem_strdup(v->r.interruption);
	/* What was edited just now may be put back when this screen is gone. */
	(void)ses_draft_save(s, NULL);
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
	if (button == B_KEEP) {
		ui_app_command(v->app, UI_CMD_KEEP);
		return UI_HANDLED;
	}
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

/* The tick holds for the session; what it means is said each time. */
static enum ui_result
tick_probe(struct review *v)
{
	bool on = !v->r.probe;
	char *text;

	if (!v->r.probe_to) {
		ui_app_say(v->app, 0,
			_("p asks the upstream in the end, where these changes are about "
			  "it and Postfix runs."),
			NULL);
		return UI_HANDLED;
	}
	ses_review_probe(v->s, on);
	text = str_format(
		_("The upstream is asked about %s; no message is sent."), v->r.probe_to);
	if (on) {
		ui_app_say(v->app, 0, text, _("If it refuses, everything is put back."));
	} else {
		ui_app_say(v->app, 0, _("The upstream is not asked."), NULL);
	}
	free(text);
	return UI_HANDLED;
}

static enum ui_result
tick_start(struct review *v)
{
	if (v->r.can_start) {
		ses_review_start(v->s, !v->r.start);
	} else {
		ui_app_say(v->app, 0,
			_("s starts Postfix in the end, where it is down and this "
			  "machine's own."),
			NULL);
	}
	return UI_HANDLED;
}

/* Space ticks the row that has the focus. */
static enum ui_result
tick_here(struct review *v)
{
	enum vkind kind = v->on_lines && v->one_list && v->list.focus < v->n
				  ? v->row[v->list.focus].kind
				  : V_DIFF;

	return kind == V_PROBE   ? tick_probe(v)
	       : kind == V_START ? tick_start(v)
				 : UI_IGNORED;
}

static void
fold(struct review *v)
{
	size_t at = v->on_lines ? v->list.focus : v->list.top;
	size_t file = at < v->ndiff ? review_file_of(v, at) : SIZE_MAX;

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
	review_refresh(v);
	for (size_t i = 0; i < v->ndiff; i++) {
		if (v->r.lines[v->row[i].i].kind == SES_R_FILE &&
			review_file_of(v, i) == file) {
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
	case 'p':
		return tick_probe(v);
	case 's':
		return tick_start(v);
	case ' ':
		return tick_here(v);
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

	review_refresh(v);
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

static const char *
base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : "";
}

static void
message(void *self, struct ui_message *m)
{
	struct review *v = self;
	struct ses_status st;

	review_refresh(v);
	ses_status(v->s, &st);
	if (danger_is_all(v->r.holds, v->r.nholds)) {
		ui_message_set(m, '!', danger_message(v->r.holds, v->r.nholds),
			v->r.holds[0]->text);
	} else if (v->r.nholds > 0) {
		ui_message_set(m, '!',
			_("A change brings in an error: mend it or drop it before "
			  "applying."),
			v->r.holds[0]->hint);
	} else if (st.dry_run) {
		ui_message_set(
			m, 0, _("This is a dry run: nothing will be written."), NULL);
	} else if (v->others) {
		char *text = str_format(_("%s was changed on disk by somebody else; "
					  "these changes are laid over it."),
			base_name(v->others->v[0].loc.file));
		ui_message_set(m, '?', text, v->r.interruption);
		free(text);
	} else if (v->r.interruption[0]) {
		ui_message_set(m, 0, v->r.interruption, NULL);
	} else if (st.changes == 0 && v->r.act == SES_ACT_RELOAD) {
		ui_message_set(m, 0,
			_("A file was written after Postfix read it. Mail goes on while "
			  "it is reloaded."),
			NULL);
	}
}

/* What Enter does where no file changes. */
static const char *
act_key(const struct review *v)
{
	enum ses_service_act act = v->r.act;

	return act == SES_ACT_START || (act == SES_ACT_NONE && v->r.can_start)
		       ? _("start")
	       : act == SES_ACT_RESTART ? _("restart")
	       : act == SES_ACT_BUILD   ? _("build")
					: _("reload");
}

static void
keys(void *self, struct ui_keybar *bar)
{
	const struct review *v = self;

	if (!v->on_lines) {
		ui_keybar_add(bar, "Enter",
			v->buttons.at == B_APPLY
				? (v->r.changes ? _("apply") : act_key(v))
			: v->buttons.at == B_KEEP ? _("keep as draft and leave")
						  : _("back"));
		/* Where not all fit, the way back is what must be seen. */
		ui_keybar_add(bar, "Esc", _("back"));
		ui_keybar_add(bar, "Tab", _("lines, then d drops one"));
	} else {
		ui_keybar_add(bar, "d", _("drop this change"));
		ui_keybar_add(bar, "Esc", _("back"));
		ui_keybar_add(bar, "Tab", _("buttons"));
		ui_keybar_add(bar, "Enter", _("apply"));
	}
	if (v->r.can_start) {
		ui_keybar_add(bar, "s", v->r.start ? _("no start") : _("start"));
	}
	if (v->r.probe_to) {
		ui_keybar_add(bar, "p", v->r.probe ? _("no probe") : _("probe"));
	}
	ui_keybar_add(bar, "j/k", _("scroll"));
	ui_keybar_add(bar, "z", _("fold file"));
}

static const char *
act_label(enum ses_service_act act)
{
	return act == SES_ACT_START     ? _("Start")
	       : act == SES_ACT_RESTART ? _("Restart")
	       : act == SES_ACT_BUILD   ? _("Build")
					: _("Reload");
}

/* A start or a table to build that is being carried out was taken over by now. */
static void
close_layer(void *self)
{
	struct review *v = self;

	ses_review_start(v->s, false);
	ses_review_build(v->s, NULL);
	free(v->row);
	free(v->folded);
	free(v);
}

void
scr_review_push(struct ui_app *app, struct session *s)
{
	static const struct ui_ops ops = {
		.close = close_layer,
		.draw = review_draw,
		.event = event,
		.message = message,
		.keys = keys,
		.deadline = deadline,
		.tick = tick,
	};
	struct review *v = mem_new(1, sizeof(*v));

	const struct ses_change *c;
	bool changes = ses_changes(s, &c) > 0;
	struct ses_status st;

	ses_status(s, &st);
	/* Where it is all that there is to do. */
	if (!changes && st.can_start && !ses_review_builds(s)) {
		ses_review_start(s, true);
	}
	v->app = app;
	v->s = s;
	ui_list_init(&v->list, &review_rows, v);
	review_refresh(v);
	v->buttons =
		(struct buttons){.label = {changes ? _("Apply") : act_label(v->r.act),
					 _("Back"), _("Keep as draft")},
			.n = changes && ses_draft_can(s) ? 3 : 2};
	v->buttons.at = v->r.nholds > 0 ? B_BACK : B_APPLY;
	ui_app_push(app, &ops, v, false);
}
