/* SPDX-License-Identifier: MIT
 *
 * The upstream of the answers is asked, in the background, as soon as it is named. Rungs
 * of Verify are four rows here; what failed is told in the steps that follow, too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/scrkit.h"
#include "ui/setup_screen.h"

enum { FIELDS_LEAST = 4, ROWS_LEAST_W = 60, LABEL_COLS = 22, TIME_COLS = 8 };

/* A row: of two rungs the one that failed, else the later. */
static const struct row {
	const char *rung[2], *label;
} rows[] = {
	{{"name", NULL}, N_("DNS")},
	{{"connection", "greeting"}, N_("port")},
	{{"encryption", NULL}, N_("TLS")},
	{{"login", NULL}, N_("login")},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* --- asking --------------------------------------------------------------------------
 */

/* All answers that a probe depends on, in one text, and whether a login is among them;
 * NULL: there is no host. */
static char *
asked_of(struct setup_screen *u, bool *login)
{
	struct ses_setup_view v;
	struct str text = {0};
	bool has_host = false;

	*login = false;
	ses_setup_view(u->s, SES_SETUP_UPSTREAM, &v);
	for (size_t i = 0; i < v.n; i++) {
		const struct ses_setup_question *q = &v.q[i];
		if (q->ask == SES_ANS_RELAYHOST || q->ask == SES_ANS_MX ||
			q->ask == SES_ANS_TLS || q->ask == SES_ANS_USER ||
			q->ask == SES_ANS_PASSWORD) {
			has_host =
				has_host || (q->ask == SES_ANS_RELAYHOST && q->value[0]);
			*login = *login || (q->ask == SES_ANS_USER && q->value[0]);
			str_addf(&text, "%s\n", q->value);
		}
	}
	if (!has_host) {
		str_free(&text);
		return NULL;
	}
	return str_take(&text);
}

void
setup_probe_start(struct setup_screen *u, bool again)
{
	struct ses_verify_opts o = {.probe = true, .edited = true};
	struct diags d = {0};

	if (u->step != SES_SETUP_UPSTREAM) {
		return;
	}
	char *asked = asked_of(u, &o.login);
	bool other = !asked || !u->probed || strcmp(asked, u->probed) != 0;
	if (!other && !again) {
		free(asked);
		return;
	}
	if (u->probes) {
		ses_verify_stop(u->s);
	}
	free(u->probed);
	u->probed = asked;
	u->probes = asked && ses_verify_start(u->s, &o, &d);
	if (again && !asked) {
		ui_app_say(u->app, 0, _("There is no host to ask yet."), NULL);
	} else if (again) {
		scr_say(u->app, &d);
	}
	diag_clear(&d);
}

/* --- what came -----------------------------------------------------------------------
 */

static const struct ses_rung *
rung(const struct ses_verify *v, const char *id)
{
	for (size_t i = 0; id && i < v->n; i++) {
		if (strcmp(v->rungs[i].id, id) == 0) {
			return &v->rungs[i];
		}
	}
	return NULL;
}

static bool
is_bad(const struct ses_rung *r)
{
	return r->state == SES_RUNG_FAILED || r->state == SES_RUNG_WARN;
}

static const struct ses_rung *
rung_of_row(const struct ses_verify *v, const struct row *row)
{
	const struct ses_rung *first = rung(v, row->rung[0]);
	const struct ses_rung *second = rung(v, row->rung[1]);

	if (!first || !second || first->state != SES_RUNG_OK) {
		return first;
	}
	return second;
}

/* While another host is being typed, what the one before answered proves nothing. */
static bool
is_of_another(const struct setup_screen *u)
{
	int id = setup_id(SES_ANS_RELAYHOST, 0);
	struct sv rest = sv_of(u->probed), host = {0};

	if (u->step != SES_SETUP_UPSTREAM || !ui_form_has(u->form, id)) {
		return false;
	}
	(void)sv_token(&rest, "\n", &host);
	return !sv_eq(sv_trim(ui_form_text(u->form, id)), sv_trim(host));
}

static bool
view(const struct setup_screen *u, struct ses_verify *v)
{
	*v = (struct ses_verify){0};
	if (u->probes && !is_of_another(u)) {
		ses_verify_view(u->s, v);
	}
	return v->n > 0 && v->began != 0;
}

/* The first rung that failed, else the first that is doubtful. */
static const struct ses_rung *
worst(const struct ses_verify *v)
{
	const struct ses_rung *bad = NULL;

	for (size_t i = 0; i < ROWS; i++) {
		const struct ses_rung *r = rung_of_row(v, &rows[i]);
		if (r && is_bad(r) && (!bad || bad->state != SES_RUNG_FAILED)) {
			bad = r;
		}
	}
	return bad;
}

char
setup_probe_mark(const struct setup_screen *u)
{
	struct ses_verify v;

	if (!view(u, &v)) {
		return 0;
	}
	const struct ses_rung *bad = worst(&v);
	if (bad) {
		return bad->state == SES_RUNG_FAILED ? '!' : '?';
	}
	return v.running ? '.' : v.stopped ? 0 : 'o';
}

const char *
setup_probe_brief(const struct setup_screen *u)
{
	struct ses_verify v;

	if (!view(u, &v)) {
		return "";
	}
	const struct ses_rung *greets = rung_of_row(&v, &rows[1]);
	const struct ses_rung *login = rung_of_row(&v, &rows[3]);
	if (greets && greets->state == SES_RUNG_FAILED) {
		return _("does not answer");
	}
	if (!greets || greets->state != SES_RUNG_OK) {
		return "";
	}
	return login && login->state == SES_RUNG_FAILED ? _("answers, login no")
							: _("answers");
}

bool
setup_probe_message(const struct setup_screen *u, struct ui_message *m)
{
	struct ses_verify v;

	if (u->step < SES_SETUP_UPSTREAM || !view(u, &v)) {
		return false;
	}
	const struct ses_rung *bad = worst(&v);
	if (!bad) {
		return false;
	}
	const char *says = bad->says[0] ? bad->says : bad->text;
	char *first = u->step == SES_SETUP_UPSTREAM
			      ? mem_strdup(says)
			      : str_format("%s: %s", u->tab[SES_SETUP_UPSTREAM], says);
	ui_message_set(m, bad->state == SES_RUNG_FAILED ? '!' : '?', first, bad->hint);
	free(first);
	return true;
}

void
setup_probe_retry(struct setup_screen *u)
{
	if (u->step == SES_SETUP_UPSTREAM && setup_probe_mark(u) == '!') {
		setup_probe_start(u, true);
	}
}

/* --- rows ----------------------------------------------------------------------------
 */

static char
mark_of(enum ses_rung_state state)
{
	switch (state) {
	case SES_RUNG_RUNS:
		return '.';
	case SES_RUNG_OK:
		return 'o';
	case SES_RUNG_WARN:
		return '?';
	case SES_RUNG_FAILED:
		return '!';
	case SES_RUNG_NOT_YET:
	case SES_RUNG_WAITS:
	case SES_RUNG_NONE:
		break;
	}
	return 0;
}

int
setup_probe_rows(const struct setup_screen *u, int room)
{
	struct ses_verify v;

	if (!view(u, &v)) {
		return 0;
	}
	return room >= FIELDS_LEAST + ROWS ? ROWS : room > FIELDS_LEAST ? 1 : 0;
}

/* The row that says most, where there is room for one only. */
static size_t
telling(const struct ses_verify *v)
{
	const struct ses_rung *bad = worst(v);
	size_t last = 0;

	for (size_t i = 0; i < ROWS; i++) {
		const struct ses_rung *r = rung_of_row(v, &rows[i]);
		if (r && (bad ? r == bad : mark_of(r->state) != 0)) {
			last = i;
		}
	}
	return last;
}

static void
draw_row(const struct ses_rung *r, const char *label, const struct ui_canvas *c, int y)
{
	bool wide = c->w >= ROWS_LEAST_W;
	int end = wide ? c->w - TIME_COLS - LABEL_COLS : c->w;

	ui_put_mark(c, y, 1, mark_of(r->state));
	if (r->state == SES_RUNG_WAITS) {
		ui_put(c, ui_at(y, 1, 2), UI_TEXT, "--");
	}
	ui_put(c, ui_at(y, 4, end - 5), UI_TEXT, r->text[0] ? r->text : r->name);
	if (!wide) {
		return;
	}
	ui_put(c, ui_at(y, end, LABEL_COLS - 1), UI_TEXT, _(label));
	if (r->state == SES_RUNG_OK || is_bad(r)) {
		char *ms = str_format(_("%.2f s"), (double)r->ms / 1000);
		ui_put_right(c, ui_at(y, end, c->w - end - 2), UI_TEXT, ms);
		free(ms);
	}
}

void
setup_probe_draw(const struct setup_screen *u, const struct ui_canvas *c)
{
	struct ses_verify v;

	if (c->h <= 0 || !view(u, &v)) {
		return;
	}
	for (size_t i = 0; i < ROWS; i++) {
		size_t row = c->h < ROWS ? telling(&v) : i;
		const struct ses_rung *r = rung_of_row(&v, &rows[row]);
		if (r && (int)i < c->h) {
			draw_row(r, rows[row].label, c, (int)i);
		}
	}
}
