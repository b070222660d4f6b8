/* SPDX-License-Identifier: MIT
 *
 * Verify: the ladder of proof, a row a rung. It starts when somebody asks for it, goes on
 * while other screens are open, and changes nothing but by the test message.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/screens.h"
#include "ui/scrkit.h"
#include "ui/verify_screen.h"

enum { NEWS_MS = 1000 };

bool
verify_start(struct verify_screen *v, struct diags *d)
{
	if (!ses_verify_start(v->s, &(struct ses_verify_opts){.to = v->to}, d)) {
		return false;
	}
	for (size_t i = 0; i < VERIFY_RUNGS_MAX; i++) {
		v->open[i] = false;
	}
	v->follow = true;
	verify_take(v);
	return true;
}

static void
start(struct verify_screen *v)
{
	struct diags d = {0};

	(void)verify_start(v, &d);
	scr_say(v->app, &d);
}

/* --- keys ----------------------------------------------------------------------------
 */

static bool
is_bad(const struct ses_rung *r)
{
	return r->state == SES_RUNG_FAILED || r->state == SES_RUNG_WARN;
}

/* Enter goes where it is mended, once the words have been seen. */
static bool
leads_on(const struct verify_screen *v, size_t i)
{
	const struct ses_rung *r = &v->rung[i];

	return is_bad(r) && r->screen && (v->open[i] || r->nwords == 0);
}

static void
enter(struct verify_screen *v)
{
	size_t i = 0;
	const struct ses_rung *r = verify_focused(v, &i);

	if (v->v.began == 0) {
		start(v);
	} else if (r && leads_on(v, i)) {
		char *param = mem_strdup(r->param);
		(void)scr_go(
			v->app, v->s, r->screen, &(struct scr_target){.name = param});
		free(param);
	} else if (r && r->nwords == 0) {
		ui_app_say(
			v->app, 0, _("Nobody has said anything about this rung."), NULL);
	} else if (r) {
		v->open[i] = !v->open[i];
		verify_take(v);
		verify_select(v, i);
	}
}

static void
again(struct verify_screen *v)
{
	size_t i = 0;
	const struct ses_rung *r = verify_focused(v, &i);

	if (v->v.began == 0) {
		start(v);
	} else if (r) {
		ses_verify_again(v->s, i);
		verify_take(v);
	}
}

static void
without(struct verify_screen *v)
{
	size_t i = 0;
	const struct ses_rung *r = verify_focused(v, &i);

	if (r && ses_verify_without(v->s, i)) {
		verify_take(v);
		verify_select(v, i);
	} else if (r && (r->state == SES_RUNG_FAILED || r->state == SES_RUNG_WAITS)) {
		ui_app_say(v->app, 0,
			_("Nothing more can be tried as long as this doesn't work."),
			NULL);
	} else {
		ui_app_say(v->app, 0, _("c is for a rung that failed, or waits."), NULL);
	}
}

static enum ui_result
key(struct verify_screen *v, int k)
{
	switch (k) {
	case 'R':
	case UI_KEY_F5:
		start(v);
		return UI_HANDLED;
	case ' ':
		again(v);
		return UI_HANDLED;
	case 'c':
		without(v);
		return UI_HANDLED;
	case 'm':
		verify_ask_receiver(v, sv_make("", 0));
		return UI_HANDLED;
	case UI_KEY_ESC:
		if (!v->v.running) {
			return UI_IGNORED;
		}
		v->follow = false;
		ses_verify_stop(v->s);
		verify_take(v);
		return UI_HANDLED;
	default:
		return UI_IGNORED;
	}
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct verify_screen *v = self;

	if (v->stale || v->v.n == 0) {
		verify_take(v);
	}
	if (ev->kind == UI_EV_PASTE) {
		verify_ask_receiver(v, ev->paste);
		return UI_HANDLED;
	}
	switch (scr_list_event(&v->list, ev, verify_can_stop)) {
	case UI_LIST_ENTER:
		enter(v);
		return UI_HANDLED;
	case UI_LIST_MOVED:
		v->follow = false;
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	return ev->kind == UI_EV_KEY ? key(v, ev->key) : UI_IGNORED;
}

/* --- what is said --------------------------------------------------------------------
 */

static void
say_all_well(const struct verify_screen *v, struct ui_message *m)
{
	const struct ses_rung *last = v->v.n ? &v->rung[v->v.n - 1] : NULL;
	bool all = last && strcmp(last->id, "message") == 0;
	bool sent = all && last->state == SES_RUNG_OK && last->says[0];

	if (!all) { /* a probe asks for no stranger */
		ui_message_set(m, 'o', _("All that was tried works."), NULL);
		return;
	}
	ui_message_set(m, 'o',
		sent ? _("This relay works and is closed to strangers.")
		     : _("All that was tried works, and strangers are refused."),
		sent ? last->says : last->hint);
}

static void
message(void *self, struct ui_message *m)
{
	struct verify_screen *v = self;
	size_t i = 0;
	const struct ses_rung *r = verify_focused(v, &i);
	char *edits;

	if (v->v.began == 0) {
		ui_message_set(m, 0,
			_("Enter proves each step, from the files to the login. Nothing "
			  "is changed by it."),
			_("m names a receiver: then a test message is sent, too."));
	} else if (r && is_bad(r)) {
		ui_message_set(
			m, r->state == SES_RUNG_FAILED ? '!' : '?', r->says, r->hint);
	} else if (r && r->state == SES_RUNG_WAITS && r->can_without) {
		ui_message_set(m, 0, _("c tries it all the same, without that."), NULL);
	} else if (v->v.edits > 0) {
		edits = str_format(
			P_("%zu change waits: what runs is judged, without it.",
				"%zu changes wait: what runs is judged, "
				"without them.",
				v->v.edits),
			v->v.edits);
		ui_message_set(m, 0, edits, r ? r->hint : NULL);
		free(edits);
	} else if (!v->v.running && v->v.failed + v->v.warned == 0 && !v->v.stopped) {
		say_all_well(v, m);
	} else if (r) {
		ui_message_set(m, 0, r->says, r->hint);
	}
}

static void
keys(void *self, struct ui_keybar *bar)
{
	struct verify_screen *v = self;
	size_t i = 0;
	const struct ses_rung *r = verify_focused(v, &i);

	if (v->v.began == 0) {
		ui_keybar_add(bar, "Enter", _("prove all"));
		ui_keybar_add(bar, "m", _("receiver of a test message"));
		return;
	}
	if (v->v.running) {
		ui_keybar_add(bar, "Esc", _("stop"));
	}
	if (r && leads_on(v, i)) {
		ui_keybar_add(bar, "Enter", _("mend it"));
	} else if (r && r->nwords > 0) {
		ui_keybar_add(bar, "Enter", _("server's words"));
	}
	ui_keybar_add(bar, _("Space"), _("this rung again"));
	if (r && r->can_without) {
		ui_keybar_add(bar, "c", _("go on without"));
	}
	ui_keybar_add(bar, "R", _("all again"));
	ui_keybar_add(bar, "m", v->to ? _("other receiver") : _("test message"));
}

/* --- time ----------------------------------------------------------------------------
 */

static int64_t
deadline(void *self)
{
	const struct verify_screen *v = self;

	return v->stale ? v->taken_ms + NEWS_MS : 0;
}

static void
tick(void *self, int64_t now)
{
	struct verify_screen *v = self;

	if (v->stale && now >= v->taken_ms + NEWS_MS) {
		verify_take(v);
	}
}

static bool
is_bad_line(void *self, size_t line)
{
	const struct verify_screen *v = self;

	return verify_can_stop(self, line) && is_bad(&v->rung[v->line[line].rung]);
}

static bool
problem(void *self, int dir, bool from_edge)
{
	struct verify_screen *v = self;
	bool found = scr_to_bad(&v->list, dir, from_edge, is_bad_line);

	if (found) {
		v->follow = false;
	}
	return found;
}

static void
show(void *self, bool visible)
{
	if (visible) {
		verify_take(self);
	}
}

static void *
open_screen(struct ui_app *app, void *owner)
{
	struct verify_screen *v = mem_new(1, sizeof(*v));

	v->app = app;
	v->s = ((const struct scr_env *)owner)->s;
	v->width = 80;
	ui_list_init(&v->list, &verify_rows, v);
	verify_take(v);
	return v;
}

static void
close_screen(void *self)
{
	struct verify_screen *v = self;

	verify_rows_free(v);
	free(v->to);
	free(v);
}

static const struct ui_ops ops = {
	.open = open_screen,
	.close = close_screen,
	.draw = verify_draw,
	.event = event,
	.message = message,
	.keys = keys,
	.deadline = deadline,
	.tick = tick,
	.problem = problem,
	.show = show,
};

const struct ui_screen scr_verify = {"verify", N_("Verify"), '7', &ops};

void
scr_verify_run(struct ui_app *app)
{
	size_t i = ui_app_find(app, scr_verify.id);

	ui_app_go(app, i);
	start(ui_app_screen(app, i));
}

void
scr_verify_stepped(void *self)
{
	struct verify_screen *v = self;
	struct ses_verify now;

	ses_verify_view(v->s, &now);
	v->stale = true;
	if (!now.running) { /* the end is shown at once */
		verify_take(v);
	}
}

void
scr_verify_about(void *self, struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"Enter", N_("the server's words; then where it is mended")},
		{"Space", N_("try this rung again")},
		{"c", N_("go on without a failed rung: try those that wait")},
		{"R", N_("all rungs again")},
		{"m", N_("receiver of the test message")},
		{"Esc", N_("stop")},
		{NULL, NULL},
	};
	const struct verify_screen *v = self;
	size_t i = 0;
	const struct ses_rung *r = verify_focused(v, &i);

	if (r) {
		str_add_cstr(&out->row, r->name);
		str_add_cstr(&out->says, r->says);
	}
	out->purpose =
		_("Proof that this relay works: Postfix and its files, the way to the "
		  "relay host rung by rung, who may relay and who may not, and a message "
		  "followed to its end. What runs is judged, not what waits to be "
		  "applied. Probes send nothing; only the test message does.");
	out->keys = help;
	out->more = "posttls-finger(1), sendmail(1) -bv";
}
