/* SPDX-License-Identifier: MIT
 *
 * The one way by which a command changes files: what was edited in the session is shown
 * (changes, actions with reasons), held against the consents given, and applied. With -n
 * the diff is shown instead and nothing is written. The apply itself runs in a process of
 * its own; here its steps are told as they end, and Ctrl-C asks it to stop, which it does
 * as long as no file is replaced.
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/review.h"

/* Did the person consent to this new error? A danger wants --accept. */
static bool
consented(const struct cli_opts *o, const struct diag *d)
{
	const char *code = diag_code_name(d->code);

	for (int i = 0; i < o->nconsent; i++)
		if (strcmp(o->consent[i], code) == 0 &&
			(!d->danger || o->consent_danger[i]))
			return true;
	return false;
}

static size_t
count_held(const struct cli_opts *o, const struct ses_review *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nholds; i++)
		n += !consented(o, r->holds[i]);
	return n;
}

/* --- for people --- */

static void
say_held(const struct cli_opts *o, const struct ses_review *r)
{
	struct str text = {0};

	for (size_t i = 0; i < r->nholds; i++) {
		const struct diag *d = r->holds[i];

		if (consented(o, d))
			continue;
		cli_format(d, &text);
		if (d->danger)
			str_addf(&text, _("    --accept %s applies it all the same.\n"),
				diag_code_name(d->code));
		else
			str_addf(&text, _("    --force %s applies it all the same.\n"),
				diag_code_name(d->code));
	}
	out_text(stderr, str_sv(&text));
	str_free(&text);
	out_say(_("Nothing was written."));
}

static void
say_stays(const struct ses_review *r)
{
	struct str text = {0};

	for (size_t i = 0; i < r->nstays; i++)
		if (r->stays[i]->sev != SEV_NOTE)
			cli_format(r->stays[i], &text);
	if (text.n) {
		out_say(_("Findings after this change:"));
		out_text(stderr, str_sv(&text));
	}
	str_free(&text);
}

static char *
probe_text(const struct ses_review *r)
{
	return str_format(_("asks the upstream if it takes mail for %s; sends none; all "
			    "put back if it refuses"),
		r->probe_to);
}

static void
add_probe(const struct ses_review *r, struct str *out)
{
	char *text = probe_text(r);

	str_addf(out, "  probe  %s\n", text);
	free(text);
}

static void
put_actions(FILE *stream, const struct ses_review *r)
{
	struct str text = {0};

	for (size_t i = 0; i < r->nactions; i++)
		str_addf(&text, "  %s  %s\n", r->actions[i].what, r->actions[i].why);
	if (r->probe)
		add_probe(r, &text);
	if (r->nactions && r->interruption && r->interruption[0])
		str_addf(&text, "%s\n", r->interruption);
	(void)fprintf(stream, "%s\n", r->nactions ? _("Then:") : _("Then: no action"));
	out_text(stream, str_sv(&text));
	str_free(&text);
}

static void
say_plan(struct cli *c, const struct ses_review *r)
{
	const struct ses_change *v;
	size_t n = ses_changes(c->s, &v);

	for (size_t i = 0; i < n; i++)
		out_say("%c %s  %s  (%s)", v[i].mark, v[i].name,
			v[i].text ? v[i].text : "", v[i].file);
	put_actions(stderr, r);
}

static void
say_step(const struct ses_step_view *v)
{
	static const char *const marks[] = {
		[SES_STEP_WAITS] = "--",
		[SES_STEP_RUNS] = "..",
		[SES_STEP_OK] = "ok",
		[SES_STEP_DOUBT] = " ?",
		[SES_STEP_BAD] = " !",
		[SES_STEP_BACK] = "..",
	};

	if (v->state == SES_STEP_BACK) {
		out_say("%s %s", marks[v->state], v->text);
		return;
	}
	out_say("%s %s  %lld.%lld s", marks[v->state], v->text, (long long)(v->ms / 1000),
		(long long)(v->ms % 1000 / 100));
	if (v->said && v->said[0])
		out_say("     %s", v->said);
}

/* --- JSON --- */

static void
json_probe(const struct ses_review *r, json_t *list)
{
	char *text = probe_text(r);
	json_t *obj = json_object();

	out_json_set(obj, "what", "probe");
	out_json_set(obj, "why", text);
	(void)json_array_append_new(list, obj);
	free(text);
}

static json_t *
json_plan(struct cli *c, const struct ses_review *r)
{
	const struct ses_change *v;
	size_t n = ses_changes(c->s, &v);
	json_t *doc = json_object(), *list = json_array();
	struct str diff = {0};

	for (size_t i = 0; i < n; i++) {
		json_t *obj = json_object();
		char mark[2] = {v[i].mark, '\0'};

		out_json_set(obj, "mark", mark);
		out_json_set(obj, "name", v[i].name);
		out_json_set(obj, "before", v[i].before);
		out_json_set(obj, "after", v[i].after);
		out_json_set(obj, "file", v[i].file);
		(void)json_array_append_new(list, obj);
	}
	(void)json_object_set_new(doc, "changes", list);
	list = json_array();
	for (size_t i = 0; r && i < r->nactions; i++) {
		json_t *obj = json_object();

		out_json_set(obj, "what", r->actions[i].what);
		out_json_set(obj, "why", r->actions[i].why);
		(void)json_array_append_new(list, obj);
	}
	if (r && r->probe)
		json_probe(r, list);
	(void)json_object_set_new(doc, "actions", list);
	list = json_array();
	for (size_t i = 0; r && i < r->nholds; i++)
		(void)json_array_append_new(list, out_json_finding(r->holds[i]));
	(void)json_object_set_new(doc, "holds", list);
	if (n)
		ses_review_diff(c->s, &diff);
	out_json_set(doc, "diff", str_c(&diff));
	str_free(&diff);
	return doc;
}

static void
json_result(json_t *doc, const struct ses_apply_view *v)
{
	static const char *const words[] = {
		[SES_STEP_WAITS] = "waits",
		[SES_STEP_RUNS] = "runs",
		[SES_STEP_OK] = "ok",
		[SES_STEP_DOUBT] = "doubt",
		[SES_STEP_BAD] = "bad",
		[SES_STEP_BACK] = "back",
	};
	json_t *list = json_array();

	for (size_t i = 0; i < v->nsteps; i++) {
		json_t *obj = json_object();

		out_json_set(obj, "state", words[v->steps[i].state]);
		out_json_set(obj, "text", v->steps[i].text);
		out_json_set(obj, "said", v->steps[i].said);
		(void)json_object_set_new(obj, "ms", json_integer(v->steps[i].ms));
		(void)json_array_append_new(list, obj);
	}
	(void)json_object_set_new(doc, "steps", list);
	if (v->findings)
		(void)json_object_set_new(
			doc, "findings", out_json_findings(v->findings));
	list = json_array();
	for (size_t i = 0; i < v->ndifferent; i++) {
		bool bad;

		(void)json_array_append_new(list, out_json_text(v->different[i], &bad));
	}
	(void)json_object_set_new(doc, "different", list);
	(void)json_object_set_new(doc, "deferred", json_integer((json_int_t)v->deferred));
	(void)json_object_set_new(doc, "put_back", json_boolean(v->put_back));
}

static void
json_finish(json_t *doc, bool applied, int status)
{
	if (!doc)
		return;
	(void)json_object_set_new(doc, "applied", json_boolean(applied));
	(void)json_object_set_new(doc, "status", json_integer(status));
	out_json_end(doc);
}

/* --- applying --- */

struct told {
	enum ses_step_state *state;
	size_t n, cap;
};

static void
tell_steps(const struct ses_apply_view *v, struct told *t)
{
	t->state = mem_grow(t->state, &t->cap, v->nsteps, sizeof(*t->state));
	for (; t->n < v->nsteps; t->n++)
		t->state[t->n] = SES_STEP_WAITS;
	for (size_t i = 0; i < v->nsteps; i++) {
		enum ses_step_state now = v->steps[i].state;

		if (now != t->state[i] && now != SES_STEP_RUNS && now != SES_STEP_WAITS)
			say_step(&v->steps[i]);
		t->state[i] = now;
	}
}

/* SIGINT as something to poll, from before the apply starts; -1 when that can't be had.
 * Programs that are run get an empty signal mask of their own (sys/run.c). */
static int
catch_interrupt(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
interrupted(struct cli *c, int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	out_say(_(
		"Asked to stop: before the files are replaced nothing is written; after "
		"that applying goes on to its end."));
	ses_apply_cancel(c->s, false);
}

static void
follow(struct cli *c, int interrupt, struct ses_apply_view *v)
{
	enum { MAX_FDS = 15 };
	struct told told = {0};

	ses_apply_view(c->s, v);
	while (v->running) {
		struct pollfd p[MAX_FDS + 1];
		int fds[MAX_FDS];
		int n = ses_fds(c->s, fds, MAX_FDS);

		for (int i = 0; i < n; i++)
			p[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
		p[n] = (struct pollfd){.fd = interrupt, .events = POLLIN};
		(void)poll(p, (nfds_t)n + 1, n ? 1000 : 50);
		if (interrupt >= 0 && p[n].revents & POLLIN)
			interrupted(c, interrupt);
		(void)ses_step(c->s);
		ses_apply_view(c->s, v);
		if (!c->o->json)
			tell_steps(v, &told);
	}
	if (!c->o->json)
		tell_steps(v, &told);
	free(told.state);
}

static void
say_waits(const struct cli *c, const struct ses_apply_view *v)
{
	const char *dir = c->o->config_dir;

	out_say("%s", v->waits);
	if (dir)
		out_say(_("\"postqueue -c %s -f\" tries all of them now."), dir);
	else
		out_say(_("\"postqueue -f\" tries all of them now."));
}

/* What an apply ended with; *doc is finished, unless it has to be tried again. */
static int
ended(struct cli *c, json_t *doc, const struct ses_apply_view *v)
{
	if (doc)
		json_result(doc, v);
	else if (v->findings)
		cli_say_findings(v->findings);
	for (size_t i = 0; !doc && i < v->ndifferent; i++)
		out_say("%s", v->different[i]);
	if (!doc && v->waits)
		say_waits(c, v);
	json_finish(doc, v->status == CLI_DONE || v->status == CLI_PERSON, v->status);
	return v->status;
}

/* Nothing was written, for the reasons in d, which is freed. */
static int
not_started(json_t *doc, int status, struct diags *d)
{
	if (doc)
		(void)json_object_set_new(doc, "findings", out_json_findings(d));
	json_finish(doc, false, status);
	cli_say_findings(d);
	diag_clear(d);
	out_say(_("Nothing was written."));
	return status;
}

/* *again: a file was changed meanwhile, nothing is written, and doc is still the
 * caller's. */
static int
apply(struct cli *c, json_t *doc, bool *again)
{
	struct ses_apply_opts opts = {.no_act = c->o->no_act, .consent = c->o->consent};
	struct ses_apply_view v;
	struct diags d = {0};
	int status = CLI_NOT_NOW, interrupt = catch_interrupt();

	if (!ses_apply_start(c->s, &opts, &status, &d)) {
		status = not_started(doc, status, &d);
	} else {
		diag_clear(&d);
		follow(c, interrupt, &v);
		*again = *again && v.changed;
		status = *again ? v.status : ended(c, doc, &v);
	}
	if (interrupt >= 0)
		close(interrupt);
	return status;
}

/* Lay the changes over the files as they are now. False: a clash, or they can't be
 * read. */
static bool
lay_over(struct cli *c, struct diags *d)
{
	const struct ses_clash *unused;
	const struct diags *others;

	if (!ses_reread(c->s, false, d))
		return false;
	if (ses_clashes(c->s, &unused)) {
		ses_clashes_tell(c->s, d);
		return false;
	}
	out_say(_("A file was changed by somebody else meanwhile; this change is laid "
		  "over it."));
	others = ses_others(c->s);
	if (others && !c->o->json)
		cli_say_findings(others);
	return true;
}

/* -n: the diff and what would follow. */
static int
show(struct cli *c, const struct ses_review *r, size_t held, json_t *doc)
{
	int status = held ? CLI_NO : CLI_DONE;
	struct str diff = {0};

	if (doc) {
		json_finish(doc, false, status);
		return status;
	}
	ses_review_diff(c->s, &diff);
	out_text(stdout, str_sv(&diff));
	str_free(&diff);
	put_actions(stdout, r);
	say_stays(r);
	if (held)
		say_held(c->o, r);
	return status;
}

/* Show what waits and apply it. *again: allowed to lay it over changed files and try once
 * more; set when that is to be done. */
static int
write_once(struct cli *c, const char *same, bool *again)
{
	const struct ses_change *changes;
	bool may = *again;
	struct ses_review r = {0};
	json_t *doc = NULL;
	struct diags d = {0};
	size_t held;
	int status;

	*again = false;
	if (ses_changes(c->s, &changes) == 0) {
		if (c->o->json)
			json_finish(json_plan(c, NULL), false, CLI_DONE);
		out_say("%s", same);
		return CLI_DONE;
	}
	ses_review_probe(c->s, c->o->probe);
	ses_review(c->s, c->o->no_act, &r);
	held = count_held(c->o, &r);
	if (c->o->probe && !r.probe)
		out_say(_("The upstream is not asked: nothing changes by which mail "
			  "leaves, there is no relay host, or Postfix does not run."));
	if (c->o->json)
		doc = json_plan(c, &r);
	if (c->o->dry_run)
		return show(c, &r, held, doc);
	if (held) {
		json_finish(doc, false, CLI_NO);
		say_held(c->o, &r);
		return CLI_NO;
	}
	if (!doc) {
		say_plan(c, &r);
		say_stays(&r);
	}
	*again = may;
	status = apply(c, doc, again);
	if (!*again)
		return status;
	*again = lay_over(c, &d);
	if (!*again)
		return not_started(doc, CLI_NOT_NOW, &d);
	json_decref(doc);
	return status;
}

int
cli_write(struct cli *c, const char *same)
{
	enum { TRIES = 5 };
	bool again = true;
	int status = CLI_DONE;

	for (int i = 1; again && i <= TRIES; i++) {
		again = i < TRIES;
		status = write_once(c, same, &again);
	}
	return status;
}
