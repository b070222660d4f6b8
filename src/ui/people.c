/* SPDX-License-Identifier: MIT
 *
 * Questions that open by themselves do so only before the first key; one follows the
 * other, and at most one is open.
 */
#include "ui/people.h"

#include <stdlib.h>
#include <time.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/draft.h"
#include "ui/dialog.h"
#include "ui/scrkit.h"

enum { LINES_MOST = 7, MINUTE = 60 };

/* --- clashes -------------------------------------------------------------------------
 */

enum { CLASH_MINE, CLASH_THEIRS, CLASH_LATER };

/* The next clash is asked about, then Review is shown if that was on the way. */
static void
on_clash(void *self, int choice)
{
	struct people *p = self;
	struct diags d = {0};
	bool settled = choice != CLASH_LATER &&
		       ses_clash_settle(p->s, 0, choice == CLASH_MINE, &d);

	if (!(settled && people_ask_clash(p, p->review_next)) && p->review_next) {
		p->review_next = false;
		p->review(p->self);
	}
	scr_say(p->app, &d);
}

bool
people_ask_clash(struct people *p, bool review)
{
	const struct ui_choice choices[] = {
		{CLASH_MINE, _("Take mine"), 'm', _("replaces theirs when applied")},
		{CLASH_THEIRS, _("Leave theirs"), 't', _("my change is dropped")},
		{CLASH_LATER, _("Decide later"), UI_KEY_ESC, _("w asks again")},
	};
	const struct ses_clash *c;

	if (ses_clashes(p->s, &c) == 0) {
		return false;
	}
	p->review_next = review;
	char *title = str_format(_("%s was changed by somebody else, too"), c->name);
	char *mine = str_format(_("mine:    %s"), c->mine ? c->mine : _("(removed)"));
	char *theirs =
		str_format(_("theirs:  %s"), c->theirs ? c->theirs : _("(removed)"));
	const struct ui_line line[] = {{0, mine}, {0, theirs}};
	ui_dialog_ask(p->app, &(struct ui_question){.title = title,
				      .text = c->file,
				      .lines = line,
				      .nlines = 2,
				      .choices = choices,
				      .n = 3,
				      .deflt = CLASH_LATER,
				      .column = true,
				      .done = on_clash,
				      .self = p});
	free(title);
	free(mine);
	free(theirs);
	return true;
}

/* --- reading again -------------------------------------------------------------------
 */

/* What could be laid over the new files is told, what couldn't is asked. */
void
people_reread(struct people *p)
{
	const struct ses_change *c;
	struct diags d = {0};

	if (ses_reread(p->s, false, &d)) {
		ui_app_say(p->app, 'o', _("The files were read again."),
			ses_changes(p->s, &c) == 0 ? NULL
			: ses_others(p->s)
				? _("Somebody else changed them; what waits here is laid "
				    "over them.")
				: _("What waits here still fits."));
	}
	(void)people_ask_clash(p, false);
	scr_say(p->app, &d);
}

/* An apply wrote nothing, since a file is another one now: show again what would be
 * written. */
void
people_changed(struct people *p)
{
	const struct ses_change *c;
	struct diags d = {0};

	if (ses_reread(p->s, false, &d) && !people_ask_clash(p, true)) {
		if (ses_changes(p->s, &c) > 0) {
			p->review(p->self);
		} else {
			ui_app_say(p->app, 'o',
				_("Somebody else made the same changes: nothing is left "
				  "to apply."),
				NULL);
		}
	}
	scr_say(p->app, &d);
}

/* --- at the start --------------------------------------------------------------------
 */

static char *
time_text(time_t when, bool with_day)
{
	char buf[64] = "?";
	struct tm tm;

	if (localtime_r(&when, &tm) && with_day) {
		(void)strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M", &tm);
	} else if (localtime_r(&when, &tm)) {
		(void)strftime(buf, sizeof(buf), "%H:%M", &tm);
	}
	return mem_strdup(buf);
}

enum { DRAFT_TAKE, DRAFT_LATER, DRAFT_DROP };

static void
on_draft(void *self, int choice)
{
	struct people *p = self;
	struct diags d = {0};

	if (choice == DRAFT_TAKE && ses_draft_take(p->s, &d)) {
		ui_app_say(p->app, 'o',
			_("Taken up; nothing is written yet. w shows what would be."),
			NULL);
		(void)people_ask_clash(p, false);
	} else if (choice == DRAFT_DROP && ses_draft_discard(p->s, &d)) {
		ui_app_say(p->app, 'o', _("The draft is gone."), NULL);
	}
	scr_say(p->app, &d);
}

static char *
draft_says(const struct ses_draft *f)
{
	size_t n = f->n;
	char *when = time_text(f->when, true);
	char *text = f->by_hand
			     ? str_format(P_("It was put aside on %s, with %zu change:",
						  "It was put aside on %s, with %zu "
						  "changes:",
						  n),
				       when, n)
			     : str_format(P_("The connection was lost on %s; %zu change "
					     "was kept:",
						  "The connection was lost on %s; %zu "
						  "changes were kept:",
						  n),
				       when, n);

	free(when);
	return text;
}

static void
ask_draft(struct people *p, const struct ses_draft *f)
{
	char *title = f->own || !f->user[0]
			      ? mem_strdup(_("A draft of yours waits"))
			      : str_format(_("A draft of %s waits"), f->user);
	char *take = f->fit == 0 ? mem_strdup(_("Show both forms"))
		     : f->clash  ? str_format(P_("Take up the %zu that fits",
						      "Take up the %zu that fit", f->fit),
					   f->fit)
				 : mem_strdup(_("Take it up"));
	const char *note = f->clash && f->fit ? _("then shows both forms") : NULL;
	const struct ui_choice choices[] = {
		{DRAFT_TAKE, take, 't', note},
		{DRAFT_LATER, _("Leave for later"), UI_KEY_ESC,
			_("asks again at the next start")},
		{DRAFT_DROP, _("Discard"), 'x', _("gone for good")},
	};
	struct ui_line line[LINES_MOST + 2];
	char *own[LINES_MOST + 2];
	size_t shown = f->n > LINES_MOST ? LINES_MOST : f->n, n = shown;
	char *text = draft_says(f);

	for (size_t i = 0; i < shown; i++) {
		own[i] = str_format("%-15s  %s", f->lines[i].name, f->lines[i].text);
		line[i] = (struct ui_line){f->lines[i].mark, own[i]};
	}
	if (f->n > shown) {
		own[n] = str_format(_("and %zu more"), f->n - shown);
		line[n] = (struct ui_line){0, own[n]};
		n++;
	}
	if (f->left_out) {
		own[n] = str_format(
			P_("%zu change with a password was not kept",
				"%zu changes with passwords were not kept", f->left_out),
			f->left_out);
		line[n] = (struct ui_line){'?', own[n]};
		n++;
	}
	ui_dialog_ask(p->app, &(struct ui_question){.title = title,
				      .text = text,
				      .lines = line,
				      .nlines = n,
				      .choices = choices,
				      .n = 3,
				      .column = true,
				      .done = on_draft,
				      .self = p});
	for (size_t i = 0; i < n; i++) {
		free(own[i]);
	}
	free(title);
	free(take);
	free(text);
}

static void
offer_draft(struct people *p)
{
	struct ses_draft f;
	struct diags d = {0};

	if (ses_draft_waits(p->s, &f, &d)) {
		ask_draft(p, &f);
		ui_app_say(p->app, 0, _("Taking up writes nothing yet."), NULL);
	}
	scr_say(p->app, &d);
}

enum { GO_ON, LOOK_ONLY, QUIT };

static void
on_person(void *self, int choice)
{
	struct people *p = self;

	if (choice == LOOK_ONLY) {
		ses_look_only(p->s);
		ui_app_say(p->app, 0,
			_("This session only looks: nothing can be changed."), NULL);
	} else if (choice == QUIT) {
		ui_app_stop(p->app);
	} else {
		offer_draft(p);
	}
}

static char *
person_says(const struct ses_person *who, const char *user)
{
	char *since = time_text(who->since, false);
	time_t now = time(NULL), idle = now - who->last_key;
	size_t n = who->changes;
	struct str text = {0};

	str_addf(&text,
		P_("%s, on %s, since %s, pid %d, has %zu change that is not applied.",
			"%s, on %s, since %s, pid %d, has %zu changes that are not "
			"applied.",
			n),
		user, who->terminal[0] ? who->terminal : "?", since, who->pid, n);
	if (who->last_key && idle >= MINUTE) {
		size_t m = (size_t)(idle / MINUTE);
		str_add_char(&text, ' ');
		str_addf(&text,
			P_("The last key was %zu minute ago.",
				"The last key was %zu minutes ago.", m),
			m);
	}
	str_addf(&text, " %s",
		_("The second to apply sees what the first one changed; only a clash is "
		  "asked about."));
	free(since);
	return str_take(&text);
}

void
people_start(struct people *p)
{
	const struct ui_choice choices[] = {
		{GO_ON, _("Go on"), UI_KEY_ESC, _("edit as usual")},
		{LOOK_ONLY, _("Look only"), 'l', _("everything works but editing")},
		{QUIT, _("Quit"), 'q', NULL},
	};
	struct ses_person who;

	if (!ses_person(p->s, &who)) {
		offer_draft(p);
		return;
	}
	const char *user = who.user[0] ? who.user : _("somebody");
	char *title = str_format(_("%s is changing this relay too"), user);
	char *text = person_says(&who, user);
	ui_dialog_ask(p->app, &(struct ui_question){.title = title,
				      .text = text,
				      .choices = choices,
				      .n = 3,
				      .column = true,
				      .done = on_person,
				      .self = p});
	ui_app_say(p->app, 0,
		_("Nothing is locked while people edit; only applying takes the files "
		  "for a moment."),
		NULL);
	free(title);
	free(text);
}
