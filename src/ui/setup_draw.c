/* SPDX-License-Identifier: MIT
 *
 * How a step looks: the steps in place of the tabs, the picture that grows, why it is
 * asked, the fields, and under Upstream what its server answers.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/glyph.h"
#include "ui/picture.h"
#include "ui/scrkit.h"
#include "ui/setup_screen.h"

enum { WHY_ROWS = 2, ROOMY = 12 };

/* --- the row of steps ----------------------------------------------------------------
 */

/* The step whose answers set a parameter, if its screen doesn't tell. */
static enum ses_setup_step
step_of(const char *screen, const char *param)
{
	static const char *const name[] = {
		"myhostname", "mydomain", "myorigin", "mydestination"};
	static const char *const screens[SES_SETUP_STEPS] = {
		[SES_SETUP_LISTEN] = "interfaces",
		[SES_SETUP_CLIENTS] = "networks",
		[SES_SETUP_UPSTREAM] = "relayhost",
		[SES_SETUP_PEOPLE] = "aliases"};

	for (size_t i = 0; param && i < sizeof(name) / sizeof(name[0]); i++) {
		if (strcmp(param, name[i]) == 0) {
			return SES_SETUP_NAME;
		}
	}
	if (param && strcmp(param, "maillog_file") == 0) {
		return SES_SETUP_LOG;
	}
	for (int i = 0; i < SES_SETUP_STEPS; i++) {
		if (screens[i] && strcmp(screens[i], screen) == 0) {
			return i;
		}
	}
	return SES_SETUP_STEPS;
}

/* The worst finding of each step that was reached, or that it changes something. */
static void
fill_marks(struct setup_screen *u, size_t at, struct ui_head *out)
{
	const struct diags *d = ses_findings(u->s);
	const struct ses_change *c;
	char mark[SETUP_STEPS] = {0};

	for (size_t i = 0, n = ses_changes(u->s, &c); i < n; i++) {
		char *m = &mark[step_of(c[i].screen, c[i].name)];
		*m = ui_mark_worse(*m, '*');
	}
	for (size_t i = 0; i < d->n; i++) {
		const char *screen = ses_finding_screen(u->s, &d->v[i]);
		char *m = &mark[step_of(screen, d->v[i].loc.param)];
		*m = ui_mark_worse(*m, scr_state(&d->v[i]));
	}
	for (size_t i = 0; i < SES_SETUP_STEPS && i <= at; i++) {
		out->tab[i].mark = mark[i];
	}
}

bool
setup_head(void *self, struct ui_head *out)
{
	struct setup_screen *u = self;

	if (!ses_setup_runs(u->s)) {
		return false;
	}
	*out = (struct ui_head){.n = SETUP_STEPS, .active = ses_setup_at(u->s)};
	for (int i = 0; i < SETUP_STEPS; i++) {
		out->tab[i] = (struct ui_tab){'1' + i, u->tab[i], 0};
	}
	fill_marks(u, out->active, out);
	str_clear(&u->title);
	str_addf(&u->title, _("Setup, step %d of %d"), (int)out->active + 1, SETUP_STEPS);
	out->title = str_c(&u->title);
	return true;
}

/* --- the body ------------------------------------------------------------------------
 */

static int
draw_picture(struct setup_screen *u, const struct ui_canvas *body)
{
	const struct ui_picture_grows g = {
		.clients = u->step < SES_SETUP_CLIENTS ? SES_SETUP_CLIENTS + 1 : 0,
		.relay = u->step < SES_SETUP_LISTEN ? SES_SETUP_LISTEN + 1 : 0,
		.upstream = u->step < SES_SETUP_UPSTREAM ? SES_SETUP_UPSTREAM + 1 : 0,
		.probe = setup_probe_brief(u),
		.bad = u->step >= SES_SETUP_UPSTREAM && setup_probe_mark(u) == '!'};

	return ui_picture_draw(u->s, body, &g);
}

/* The question alone, without what explains it. */
static struct sv
first_sentence(struct sv text)
{
	ptrdiff_t end = sv_find(text, '?');

	return end < 0 ? text : sv_sub(text, 0, (size_t)end + 1);
}

/* Why it is asked: the question itself comes first, so where the terminal is low it has
 * the place of the picture. */
static int
draw_why(struct setup_screen *u, const struct ui_canvas *body, int y)
{
	struct ses_setup_view v;
	bool low = scr_is_low(body);

	ses_setup_view(u->s, u->step, &v);
	y += low || scr_is_narrow(body) ? 0 : 1;
	struct sv text = low ? first_sentence(sv_of(v.why)) : sv_of(v.why);
	y += ui_put_wrapped(body, ui_at(y, 1, body->w - 2), UI_TEXT, text, WHY_ROWS);
	return low ? y : y + 1;
}

void
setup_draw(void *self, const struct ui_canvas *body)
{
	struct setup_screen *u = self;

	if (ses_gen(u->s) != u->gen) {
		setup_step_sync(u);
	}
	bool low = ui_usual_h(body) < ROOMY;
	int y = draw_why(u, body, low ? 0 : draw_picture(u, body));
	int room = body->h - y;
	int rows = u->step == SES_SETUP_UPSTREAM ? setup_probe_rows(u, room) : 0;
	struct ui_canvas c = ui_canvas_sub(body, y, 0, room - rows, body->w);
	int used = ui_form_draw(u->form, &c);
	y += used + (used < room - rows);
	c = ui_canvas_sub(body, y, 0, rows, body->w);
	setup_probe_draw(u, &c);
}

/* --- words ---------------------------------------------------------------------------
 */

static void
say_where_it_is_from(const struct ses_setup_question *q, bool dirty, struct ui_message *m)
{
	char *from = NULL;

	if (dirty) {
		from = NULL; /* it is being answered */
	} else if (q->from == SES_Q_KEPT && (q->value[0] || q->nitems > 0)) {
		from = mem_strdup(_("It is kept as it is; Enter goes on."));
	} else if (q->from == SES_Q_PROPOSED) {
		from = q->now && q->now[0]
			       ? str_format(_("Enter takes the proposal in place of %s."),
					 q->now)
			       : mem_strdup(_("Enter takes the proposal."));
	}
	if (q->help[0]) {
		ui_message_set(m, 0, q->help, from);
	} else if (from) {
		ui_message_set(m, 0, from, NULL);
	}
	free(from);
}

/* What is marked where the focus is says why. */
static bool
say_why_marked(struct setup_screen *u, const struct ses_setup_view *v,
	const struct ses_setup_question *q, struct ui_message *m)
{
	size_t item = 0;

	(void)setup_question_of(v, ui_form_focus_id(u->form), &item);
	if (item > 0 && item <= q->nitems) {
		const struct ses_setup_item *it = &q->items[item - 1];
		ui_message_set(m, it->mark, it->says, it->hint);
	} else if (item == 0 && !u->dirty && q->said.text) {
		ui_message_set(m, q->said.mark, q->said.text, q->said.hint);
	}
	return m->line[0].n > 0;
}

void
setup_message(void *self, struct ui_message *m)
{
	struct setup_screen *u = self;
	const struct ses_setup_question *q;
	struct ses_setup_view v;
	bool adds;

	if (u->goes_to > 0) {
		ui_message_set(m, '.',
			_("Postfix is asked which clients it trusts by itself; it is a "
			  "moment."),
			NULL);
		return;
	}
	ui_form_message(u->form, m);
	bool failed =
		u->step == SES_SETUP_UPSTREAM && !u->dirty && setup_probe_mark(u) == '!';
	if (m->line[0].n > 0 && (m->mark != '?' || !failed)) {
		return;
	}
	ses_setup_view(u->s, u->step, &v);
	bool focused = setup_focused(u, &v, &q, &adds);
	bool said = focused && say_why_marked(u, &v, q, m);
	if ((said && (m->mark != '?' || !failed)) || setup_probe_message(u, m)) {
		return;
	}
	if (focused) {
		say_where_it_is_from(q, u->dirty, m);
	}
}

void
setup_keys(void *self, struct ui_keybar *bar)
{
	struct setup_screen *u = self;
	const struct ses_setup_question *q = NULL;
	struct ses_setup_view v;
	bool adds = false;

	ses_setup_view(u->s, u->step, &v);
	(void)setup_focused(u, &v, &q, &adds);
	ui_keybar_add(bar, "Enter", adds ? _("add / next") : _("next"));
	/* Where not all fit, the way back is what must be seen. */
	ui_keybar_add(bar, "Esc", u->step == SES_SETUP_ROLE ? _("leave") : _("back"));
	if (v.n > 1 || (q && q->nitems > 0)) {
		ui_keybar_add(bar, "Tab", _("field"));
	}
	if (q && q->kind == SES_Q_SECRET) {
		ui_keybar_add(bar, "Ctrl-T", _("show"));
	} else if (q && q->kind == SES_Q_CHOICE) {
		ui_keybar_add(bar, _("Left/Right"), _("choose"));
	} else if (q && q->kind != SES_Q_TEXT && !adds) {
		ui_keybar_add(bar, _("Space"), _("tick"));
	}
	if (setup_question(&v, SES_ANS_RELAYHOST)) {
		ui_keybar_add(bar, "Ctrl-P", _("probe"));
	}
	if (u->step != SES_SETUP_ROLE) {
		ui_keybar_add(bar, "Ctrl-X", _("leave"));
	}
	bar->help_key = "Ctrl-G";
}
