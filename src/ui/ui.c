/* SPDX-License-Identifier: MIT
 *
 * The owner of the running screen: title and tab marks from the session, the commands
 * that all screens share, and the descriptors over which Postfix's answers and the
 * progress of an apply come. Postfix is asked for its version and defaults only after the
 * first frame is out, so that asking costs no time at the start.
 */
#include "ui/ui.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/draft.h"
#include "session/review.h"
#include "session/session.h"
#include "ui/dialog.h"
#include "ui/glyph.h"
#include "ui/people.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

enum { WATCH_MAX = 16, LOOK_MS = 1000, NO_SCREEN = 2, QUIT_LINES = 8 };

struct home {
	struct scr_env env; /* first: screens get it as their owner */
	struct ui_app *app;
	int watched[WATCH_MAX];
	int nwatched;
	struct str right; /* counts in the title */
	struct people people;
	bool hangup;   /* the terminal goes away */
	bool no_draft; /* it was told that none can be kept */
	bool keep;     /* what waits is kept as a draft by the person's wish */
	bool setup;    /* the set-up is to be opened, after what is asked at the start */
};

/* --- title and tabs ------------------------------------------------------------------
 */

static const char *
state_name(enum ses_service service)
{
	switch (service) {
	case SES_RUNNING:
		return _("running");
	case SES_STOPPED:
		return _("stopped");
	case SES_FOREIGN:
		return _("running elsewhere");
	case SES_NOT_INSTALLED:
		return _("not installed");
	case SES_HIDDEN:
		return _("state not known");
	case SES_UNKNOWN:
		break;
	}
	return NULL;
}

static void
home_title(void *ctx, struct ui_title *out)
{
	struct home *h = ctx;
	const struct ses_clash *unused;
	struct ses_status st;

	ses_status(h->env.s, &st);
	str_clear(&h->right);
	str_addf(&h->right, "!%zu ?%zu ", st.errors, st.warnings);
	if (st.read_only) {
		str_add_cstr(&h->right, _("read-only"));
	} else if (st.dry_run) {
		str_add_cstr(&h->right, _("dry run"));
	} else {
		str_addf(&h->right, "*%zu", st.changes + ses_clashes(h->env.s, &unused));
	}
	*out = (struct ui_title){.host = st.host,
		.product = "Postfix",
		.version = st.version[0] ? st.version : NULL,
		.state = state_name(st.service),
		.folder = st.config_dir,
		.right = str_c(&h->right)};
}

static char
home_mark(void *ctx, const struct ui_screen *screen)
{
	struct home *h = ctx;
	char mark = ses_screen_mark(h->env.s, screen->id);

	return mark == ' ' ? 0 : mark;
}

/* --- what comes from outside ---------------------------------------------------------
 */

static void sync_watches(struct home *h);

/* Take what came; true when there is something new to show. */
static bool
step(struct home *h)
{
	size_t n;
	const struct scr_def *def = scr_defs(&n);

	if (!ses_step(h->env.s)) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (def[i].stepped) {
			def[i].stepped(ui_app_screen(h->app, i));
		}
	}
	return true;
}

static void
on_ready(void *self, int fd)
{
	struct home *h = self;

	(void)fd;
	(void)step(h);
	sync_watches(h); /* the session may just have closed some */
}

static void
sync_watches(struct home *h)
{
	struct ui_term *t = ui_app_term(h->app);
	int now[WATCH_MAX];
	int n = ses_fds(h->env.s, now, WATCH_MAX);

	for (int i = 0; i < h->nwatched; i++) {
		ui_term_unwatch(t, h->watched[i]);
	}
	h->nwatched = 0;
	for (int i = 0; i < n; i++) {
		ui_term_watch(t, now[i], on_ready, h);
		h->watched[h->nwatched++] = now[i];
	}
}

/* Keep the draft up to date; milliseconds until that is to be done, -1: it is. */
static int
draft_due(struct home *h)
{
	struct diags d = {0};
	int due = ses_draft_due(h->env.s);

	if (due != 0) {
		return due;
	}
	if (!ses_draft_save(h->env.s, &d) && !h->no_draft) {
		h->no_draft = true;
		scr_say(h->app, &d);
	}
	diag_clear(&d);
	return -1;
}

/* The set-up that the command line names, once no question stands over the screen. */
static void
open_setup(struct home *h, struct ui_app *app)
{
	if (h->setup && !ui_app_is_covered(app)) {
		h->setup = false;
		scr_setup_push(app, h->env.s);
	}
}

/* While something is under way, look once a second: a program that never answers is only
 * given up when somebody looks. */
static int64_t
home_before_wait(void *ctx, struct ui_app *app)
{
	struct home *h = ctx;
	int64_t now = ui_term_now();

	uint64_t gen = ses_gen(h->env.s);

	open_setup(h, app);
	ses_hold_asking(h->env.s, false);
	if (ses_ask(h->env.s, SES_ASK_DEFAULTS)) {
		(void)ses_ask(h->env.s, SES_ASK_TYPES);
	}
	bool news = (h->nwatched > 0 || ses_due_ms(h->env.s) > 0) && step(h);
	news = news || ses_gen(h->env.s) != gen;
	sync_watches(h);
	int log = ses_due_ms(h->env.s); /* a log is watched, which has no descriptor */
	int64_t until = log > 0 ? now + log : h->nwatched > 0 ? now + LOOK_MS : 0;
	int due = draft_due(h);
	if (due >= 0 && (until == 0 || now + due < until)) {
		until = now + due;
	}
	return news ? now : until;
}

/* --- commands ------------------------------------------------------------------------
 */

static void
say_nothing_to_apply(struct home *h)
{
	const struct ses_clash *unused;
	size_t n = ses_clashes(h->env.s, &unused);

	if (n == 0) {
		ui_app_say(h->app, 'o', _("No change waits: there is nothing to apply."),
			NULL);
		return;
	}
	char *text =
		str_format(P_("%zu change waits until you decide about it.",
				   "%zu changes wait until you decide about them.", n),
			n);
	ui_app_say(h->app, '?', text, _("w asks again"));
	free(text);
}

static void
show_review(void *self)
{
	struct home *h = self;
	const struct ses_change *c;
	struct ses_status st;

	ses_status(h->env.s, &st);
	if (ses_changes(h->env.s, &c) == 0 && !st.older_settings && !st.can_start &&
		!ses_review_builds(h->env.s)) {
		say_nothing_to_apply(h);
		return;
	}
	ui_app_go(h->app, ui_app_at(h->app)); /* from any layer: it takes their place */
	scr_review_push(h->app, h->env.s);
}

/* What clashes is settled first. */
static void
review(struct home *h)
{
	if (!people_ask_clash(&h->people, true)) {
		show_review(h);
	}
}

static void
undo(struct home *h, bool again)
{
	const char *label = again ? ses_redo(h->env.s) : ses_undo(h->env.s);

	if (!label) {
		ui_app_say(h->app, 0,
			again ? _("There is nothing to do again.")
			      : _("There is nothing to take back."),
			NULL);
		return;
	}
	char *text = str_format(again ? _("Done again: %s. u takes it back.")
				      : _("Taken back: %s. Ctrl-R does it again."),
		label);
	ui_app_say(h->app, 'o', text, NULL);
	free(text);
}

enum { QUIT_REVIEW, QUIT_KEEP, QUIT_DISCARD, QUIT_STAY };

static void
keep(struct home *h)
{
	struct diags d = {0};

	if (ses_draft_keep(h->env.s, &d)) {
		h->keep = true;
		ui_app_stop(h->app);
	}
	scr_say(h->app, &d);
}

static void
on_quit(void *self, int choice)
{
	struct home *h = self;

	if (choice == QUIT_REVIEW) {
		review(h);
	} else if (choice == QUIT_KEEP) {
		keep(h);
	} else if (choice == QUIT_DISCARD) {
		ses_discard(h->env.s);
		ui_app_stop(h->app);
	}
}

/* Changes and clashes as lines, at most QUIT_LINES of them and one for the rest. */
static size_t
quit_lines(struct home *h, struct ui_line *line, char **text)
{
	const struct ses_change *c;
	const struct ses_clash *clash;
	size_t n = ses_changes(h->env.s, &c), nclash = ses_clashes(h->env.s, &clash);
	size_t shown = 0;

	for (; shown < QUIT_LINES && shown < n; shown++) {
		text[shown] = str_format("%-15s  %s", c[shown].name, c[shown].text);
		line[shown] = (struct ui_line){c[shown].mark, text[shown]};
	}
	for (; shown < QUIT_LINES && shown < n + nclash; shown++) {
		text[shown] = str_format("%-15s  %s", clash[shown - n].name,
			_("changed on disk, too, by somebody else"));
		line[shown] = (struct ui_line){'!', text[shown]};
	}
	if (n + nclash > shown) {
		text[shown] = str_format(_("and %zu more"), n + nclash - shown);
		line[shown] = (struct ui_line){0, text[shown]};
		shown++;
	}
	return shown;
}

static void
ask_quit(struct home *h, size_t n)
{
	struct ses_status st;
	const struct ui_choice all[] = {
		{QUIT_REVIEW, _("Review and apply"), 'w', NULL},
		{QUIT_DISCARD, _("Discard"), 'x', _("gone for good")},
		{QUIT_STAY, _("Stay"), UI_KEY_ESC, NULL},
		{QUIT_KEEP, _("Keep as draft"), 'k', _("found again at the next start")},
	};
	const struct ui_choice choices[] = {all[0], all[3], all[1], all[2]};
	bool can_keep = ses_draft_can(h->env.s);
	struct ui_line line[QUIT_LINES + 1];
	char *text[QUIT_LINES + 1];
	size_t shown = quit_lines(h, line, text);
	char *title = str_format(
		P_("%zu change is not applied yet", "%zu changes are not applied yet", n),
		n);

	ui_dialog_ask(h->app, &(struct ui_question){.title = title,
				      .lines = line,
				      .nlines = shown,
				      .choices = can_keep ? choices : all,
				      .n = can_keep ? 4 : 3,
				      .column = true,
				      .done = on_quit,
				      .self = h});
	ses_status(h->env.s, &st);
	ui_app_say(h->app, 0,
		st.service == SES_RUNNING
			? _("Nothing has been written so far: Postfix still runs with "
			    "its old settings.")
			: _("Nothing has been written so far."),
		NULL);
	for (size_t i = 0; i < shown; i++) {
		free(text[i]);
	}
	free(title);
}

static void
quit(struct home *h)
{
	const struct ses_change *c;
	const struct ses_clash *clash;
	size_t n = ses_changes(h->env.s, &c) + ses_clashes(h->env.s, &clash);

	if (n == 0) {
		ui_app_stop(h->app);
	} else {
		ask_quit(h, n);
	}
}

static void
home_command(void *ctx, struct ui_app *app, enum ui_command cmd)
{
	struct home *h = ctx;

	switch (cmd) {
	case UI_CMD_HELP:
		scr_help_push(app);
		break;
	case UI_CMD_REVIEW:
		review(h);
		break;
	case UI_CMD_REREAD:
		people_reread(&h->people);
		break;
	case UI_CMD_UNDO:
		undo(h, false);
		break;
	case UI_CMD_REDO:
		undo(h, true);
		break;
	case UI_CMD_QUIT:
		quit(h);
		break;
	case UI_CMD_CHANGED:
		people_changed(&h->people);
		break;
	case UI_CMD_KEEP:
		keep(h);
		break;
	case UI_CMD_HANGUP:
		h->hangup = true;
		ui_app_stop(app);
		break;
	}
}

/* --- start ---------------------------------------------------------------------------
 */

/* What has to be known from the start: the settings' mistakes, why nothing can be
 * changed, and that somebody is changing it. */
static void
tell_at_start(struct home *h, const struct diags *said)
{
	struct ses_status st;
	struct diags busy = {0};

	ses_status(h->env.s, &st);
	if (said && said->n > 0) {
		const struct diag *d = &said->v[0];
		char *text = d->loc.file ? str_format("%s:%u: %s", d->loc.file,
						   d->loc.line, d->text)
					 : mem_strdup(d->text);
		ui_app_say(h->app, d->sev == SEV_ERROR ? '!' : '?', text,
			st.why_read_only ? st.why_read_only : d->hint);
		free(text);
	} else if (st.why_read_only) {
		ui_app_say(h->app, '?', st.why_read_only, NULL);
	} else if (ses_began_while_applied(h->env.s, &busy)) {
		ui_app_say(h->app, '?', busy.v[0].text,
			_("R reads the files again once that has ended."));
	}
	diag_clear(&busy);
}

/* A line for people on stderr. The name of the terminal in it is anybody's. */
static void
say(const char *lead, const char *text)
{
	struct sv rest = sv_of(text);
	struct ui_glyph g;

	(void)fputs(lead, stderr);
	while (ui_glyph_next(&rest, &g)) {
		if (g.escaped) {
			(void)fprintf(stderr, "%ls", g.wc);
		} else {
			(void)fwrite(g.p, 1, g.n, stderr);
		}
	}
	(void)fputc('\n', stderr);
}

static struct ui_term *
open_terminal(const struct ui_opts *o)
{
	struct diags d = {0};
	struct ui_term *t;

	if (o->no_colour) {
		(void)setenv(
			"NO_COLOR", "1", 1); /* the one thing that the terminal asks */
	}
	t = ui_term_open(&(struct ui_term_opts){.ascii = o->ascii}, &d);
	for (size_t i = 0; !t && i < d.n; i++) {
		say("postrelay: ", d.v[i].text);
		if (d.v[i].hint) {
			say("    ", d.v[i].hint);
		}
	}
	diag_clear(&d);
	return t;
}

int
ui_main(struct session *s, const struct ui_opts *o)
{
	struct home h = {.env = {s}};
	struct ui_owner owner = {.ctx = &h,
		.title = home_title,
		.mark = home_mark,
		.command = home_command,
		.before_wait = home_before_wait};
	struct ui_term *t = open_terminal(o);

	if (!t) {
		return NO_SCREEN;
	}
	ses_hold_asking(s, true); /* home_before_wait ends it */
	owner.screens = scr_table(&owner.nscreens);
	h.app = ui_app_new(t, &owner);
	tell_at_start(&h, o->said);
	h.people =
		(struct people){.app = h.app, .s = s, .review = show_review, .self = &h};
	people_start(&h.people);
	h.setup = o->screen && strcmp(o->screen, "setup") == 0;
	ui_app_run(h.app, ui_app_find(h.app, o->screen ? o->screen : "overview"));
	ses_draft_end(s, h.keep || h.hangup);
	ui_app_destroy(h.app);
	ui_term_close(t);
	str_free(&h.right);
	return 0;
}
