/* SPDX-License-Identifier: MIT
 *
 * The ladder itself: which rung is done next, its limit of time, and what it ends with.
 * Rungs are done one at a time in the order of the table; invariant: while the ladder
 * runs, rung `at` is the only one that runs, and has a job, a poll, or both.
 */
#include "session/verify_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "port/probe.h"
#include "session/nettest_view.h"

enum { GRACE_MS = 2500, ADDRESS_MAX = 320 };

const struct rung_def vr_defs[RUNGS] = {
	[RUNG_FILES] = {"files", N_("main.cf and aliases can be read"), 0,
		vr_begin_files},
	[RUNG_RUNS] = {"runs", N_("Postfix runs"), 0, vr_begin_runs},
	[RUNG_LISTENS] = {"listens", N_("listens"), NEEDS(RUNG_RUNS), vr_begin_listens},
	[RUNG_NAME] = {"name", N_("name of the upstream"), NEEDS(RUNG_FILES),
		vr_begin_name},
	[RUNG_CONNECT] = {"connection", N_("connection"), NEEDS(RUNG_NAME),
		vr_begin_connect},
	[RUNG_GREETING] = {"greeting", N_("greeting, EHLO"), NEEDS(RUNG_CONNECT),
		vr_begin_greeting},
	[RUNG_TLS] = {"encryption", N_("encryption"), NEEDS(RUNG_GREETING), vr_begin_tls},
	[RUNG_LOGIN] = {"login", N_("login"), NEEDS(RUNG_TLS) | NEEDS(RUNG_RUNS),
		vr_begin_login},
	[RUNG_CLIENTS] = {"clients", N_("a client of each segment"), NEEDS(RUNG_FILES),
		vr_begin_clients},
	[RUNG_STRANGER] = {"stranger", N_("a stranger"), NEEDS(RUNG_FILES),
		vr_begin_stranger},
	[RUNG_PEOPLE] = {"people", N_("root and postmaster"), NEEDS(RUNG_FILES),
		vr_begin_people},
	[RUNG_MESSAGE] = {"message", N_("test message"),
		NEEDS(RUNG_RUNS) | NEEDS(RUNG_LOGIN), vr_begin_message},
};

static int64_t
now_ms(const struct session *s)
{
	return s->world.clock.ops->mono_ms(s->world.clock.self);
}

/* --- what a rung says --------------------------------------------------------------- */

struct rung *
vr_now(struct verify *v)
{
	return &v->rung[v->at];
}

static char *format_in(struct arena *a, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static char *
format_in(struct arena *a, const char *fmt, va_list args)
{
	char *made = NULL, *kept;

	if (vasprintf(&made, fmt, args) < 0)
		return arena_str(a, "");
	kept = arena_str(a, made);
	free(made);
	return kept;
}

void
vr_end(struct verify *v, enum ses_rung_state state, const char *fmt, ...)
{
	struct rung *r = vr_now(v);
	va_list args;

	va_start(args, fmt);
	r->text = format_in(&r->texts, fmt, args);
	va_end(args);
	r->state = state;
	v->poll = NULL;
	v->late = NULL;
}

void
vr_word(struct verify *v, const char *fmt, ...)
{
	struct rung *r = vr_now(v);
	va_list args;

	if (r->nwords >= (v->up == v->host ? VR_WORDS_MAX : VR_WORDS_ALL))
		return;
	va_start(args, fmt);
	r->word[r->nwords++] = format_in(&r->texts, fmt, args);
	va_end(args);
}

void
vr_words_of(struct verify *v, const char *before, struct sv text)
{
	struct sv line;

	while (sv_line(&text, &line))
		if (sv_trim(line).n)
			vr_word(v, "%s%.*s", before, (int)sv_trim(line).n,
				sv_trim(line).p);
}

void
vr_say(struct verify *v, const char *says, const char *hint)
{
	struct rung *r = vr_now(v);

	r->says = arena_str(&r->texts, says);
	r->hint = arena_str(&r->texts, hint ? hint : "");
	r->hint_has_keys = false;
}

void
vr_say_keys(struct verify *v, const char *says, const char *hint)
{
	vr_say(v, says, hint);
	vr_now(v)->hint_has_keys = true;
}

void
vr_where(struct verify *v, const char *screen, const char *param)
{
	vr_now(v)->screen = screen;
	vr_now(v)->param = param;
}

/* --- jobs --------------------------------------------------------------------------- */

static void
drop_job(struct session *s, struct verify *v)
{
	struct run_res res = {0};

	if (!v->job)
		return;
	s->world.run.ops->cancel(s->world.run.self, v->job);
	s->world.run.ops->finish(s->world.run.self, v->job, &res);
	run_res_free(&res);
	v->job = NULL;
}

bool
vr_run(struct session *s, struct verify *v, const struct run_req *req,
	void (*took)(struct session *s, struct verify *v, struct run_res *res))
{
	struct run_req r = *req;
	int why = 0;

	r.timeout_ms = VR_RUNG_MS;
	r.out_max = 64u << 10;
	v->took = took;
	v->job = s->world.run.ops->start(s->world.run.self, &r, &why);
	if (v->job)
		return true;
	vr_word(v, "%s: %s", req->argv[0], strerror(why));
	vr_say(v, _("A program that is needed for this can't be run."), NULL);
	vr_end(v, SES_RUNG_FAILED, "%s", _("can't be asked"));
	return false;
}

bool
vr_probe(struct session *s, struct verify *v, const char *const *question,
	const struct run_req *with,
	void (*took)(struct session *s, struct verify *v, struct run_res *res))
{
	enum { MOST = 32 };
	const char *argv[MOST + 3] = {PROBE_SELF, PROBE_OPTION};
	struct run_req req = with ? *with : (struct run_req){0};

	req.argv = argv;
	for (size_t i = 0; i < MOST && question[i]; i++)
		argv[i + 2] = question[i];
	/* cppcheck-suppress returnDanglingLifetime; a runner keeps nothing of the request
	 */
	return vr_run(s, v, &req, took);
}

static void
too_late(struct session *s, struct verify *v)
{
	drop_job(s, v);
	if (v->late) {
		v->late(s, v);
		return;
	}
	vr_say_keys(v, _("Whoever was asked did not answer in time."),
		_("Space tries it again."));
	vr_end(v, SES_RUNG_FAILED, _("no answer within %d seconds"), VR_RUNG_MS / 1000);
}

static void
step_job(struct session *s, struct verify *v)
{
	struct run_res res = {0};

	if (!s->world.run.ops->step(s->world.run.self, v->job))
		return;
	s->world.run.ops->finish(s->world.run.self, v->job, &res);
	v->job = NULL;
	if (res.end == RUN_TIMEOUT)
		too_late(s, v);
	else
		v->took(s, v, &res);
	run_res_free(&res);
}

/* --- from rung to rung -------------------------------------------------------------- */

void
vr_clear(struct rung *r)
{
	arena_reset(&r->texts);
	*r = (struct rung){.texts = r->texts, .text = "", .says = "", .hint = ""};
}

bool
vr_blocks(const struct verify *v, size_t rung)
{
	enum ses_rung_state state = v->rung[rung].state;

	return (state == SES_RUNG_FAILED || state == SES_RUNG_WAITS) &&
	       !(v->without & NEEDS(rung));
}

/* The rung that keeps this one from being done, or RUNGS. */
static size_t
blocker(const struct verify *v, size_t rung)
{
	for (size_t i = 0; i < RUNGS; i++)
		if (vr_defs[rung].needs & NEEDS(i) && vr_blocks(v, i))
			return i;
	return RUNGS;
}

static void
begin(struct session *s, struct verify *v, size_t rung)
{
	struct rung *r = &v->rung[rung];
	size_t by = blocker(v, rung);

	v->at = rung;
	vr_clear(r);
	if (by < RUNGS) {
		vr_end(v, SES_RUNG_WAITS, _("waits for: %s"), _(vr_defs[by].name));
		return;
	}
	r->state = SES_RUNG_RUNS;
	r->began = v->since = now_ms(s);
	vr_defs[rung].begin(s, v);
}

/* It has come to an end for one host, and what it said stands. */
static void
leave_host(struct session *s, struct verify *v)
{
	drop_job(s, v);
	v->poll = NULL;
	v->late = NULL;
}

static void
note_end(struct session *s, struct verify *v)
{
	struct rung *r = vr_now(v);

	leave_host(s, v);
	v->up = v->host;
	if (r->state != SES_RUNG_WAITS)
		r->ms = now_ms(s) - r->began;
	s->gen++;
}

/* For every host? Else the next one is asked. */
static bool
has_ended(struct session *s, struct verify *v)
{
	while (vr_now(v)->state != SES_RUNG_RUNS) {
		leave_host(s, v);
		if (!vr_next_host(s, v))
			return true;
	}
	return false;
}

void
vr_go_on(struct session *s, struct verify *v)
{
	for (size_t i = 0; v->running && i < RUNGS; i++) {
		if (!(v->chosen & NEEDS(i)) || v->rung[i].state != SES_RUNG_NOT_YET)
			continue;
		begin(s, v, i);
		if (!has_ended(s, v))
			return;
		note_end(s, v);
	}
	v->running = false;
	v->at = RUNGS;
	s->gen++;
}

bool
verify_step(struct session *s)
{
	struct verify *v = s->vf;
	uint64_t gen = s->gen;

	if (!v || !v->running)
		return false;
	if (v->job)
		step_job(s, v);
	if (vr_now(v)->state == SES_RUNG_RUNS && v->poll)
		v->poll(s, v);
	if (vr_now(v)->state == SES_RUNG_RUNS &&
		now_ms(s) - v->since >= VR_RUNG_MS + (v->job ? GRACE_MS : 0))
		too_late(s, v);
	if (has_ended(s, v)) {
		note_end(s, v);
		vr_go_on(s, v);
	}
	return s->gen != gen;
}

int
verify_fds(struct session *s, int *fds, int max)
{
	struct verify *v = s->vf;
	int n = 0;

	if (v && v->job && max > 0)
		n += s->world.run.ops->fds(s->world.run.self, v->job, fds, max);
	if (v && v->question && n < max)
		n += nt_question_fds(s, v->question, fds + n, max - n);
	return n;
}

int
verify_due_ms(const struct session *s)
{
	return s->vf && s->vf->running ? VR_POLL_MS : 0;
}

/* --- start, stop ------------------------------------------------------------- */

bool
vr_address_ok(const char *addr, struct diags *d)
{
	struct sv a = sv_of(addr);
	bool ok = a.n > 0 && a.n <= ADDRESS_MAX && a.p[0] != '-';

	for (size_t i = 0; i < a.n; i++)
		ok = ok && (unsigned char)a.p[i] > ' ' && a.p[i] != 0x7f &&
		     !strchr("<>(),;\\\"", a.p[i]);
	ok = ok && sv_find(a, '@') != 0 && !sv_ends(a, "@");
	return ok || diag_add(d, SEV_ERROR, DIAG_USAGE, NULL,
			     _("Write one address: hanako@example.co.jp"),
			     _("That is no address that a message can be sent to or "
			       "come from."));
}

/* Unedited files as they are on disk now; edited ones stay, and it is told. */
static void
read_files_again(struct session *s, struct verify *v)
{
	bool edited = false;

	for (size_t i = 0; i < s->nfiles; i++) {
		v->changed = v->changed || file_changed_on_disk(s, s->files[i]);
		edited = edited || file_is_edited(s->files[i]);
	}
	if (v->changed && !edited && ses_reread(s, false, NULL))
		v->changed = false;
}

void
verify_free(struct session *s)
{
	struct verify *v = s->vf;

	if (!v)
		return;
	drop_job(s, v);
	vr_forget_upstream(v);
	vr_clients_free(s, v);
	vr_people_free(v);
	svc_trace_free(&v->trace);
	for (size_t i = 0; i < RUNGS; i++)
		arena_free(&v->rung[i].texts);
	str_free(&v->conf);
	free(v->from);
	free(v->to);
	free(v->user);
	free(v);
	s->vf = NULL;
}

bool
ses_verify_start(struct session *s, const struct ses_verify_opts *o, struct diags *d)
{
	const unsigned all = (1u << RUNGS) - 1,
		       up = NEEDS(RUNG_FILES) | NEEDS(RUNG_RUNS) | NEEDS(RUNG_NAME) |
			    NEEDS(RUNG_CONNECT) | NEEDS(RUNG_GREETING) | NEEDS(RUNG_TLS) |
			    NEEDS(RUNG_LOGIN);
	struct verify *v;

	if ((o->to && o->to[0] && !vr_address_ok(o->to, d)) ||
		(o->from && o->from[0] && !vr_address_ok(o->from, d)))
		return false;
	verify_free(s);
	v = s->vf = mem_new(1, sizeof(*v));
	v->up = v->host;
	v->to = mem_strdup(o->to && o->to[0] ? o->to : NULL);
	v->from = mem_strdup(o->from && o->from[0] ? o->from : NULL);
	v->probe = o->probe;
	v->edited = o->probe && o->edited;
	v->names_user = v->edited && o->login;
	v->chosen = o->probe ? up : all;
	if (v->edited) {
		v->chosen &= ~(NEEDS(RUNG_FILES) | NEEDS(RUNG_RUNS));
		vr_take_edits(s, v);
	}
	v->running = true;
	v->began = s->world.clock.ops->now(s->world.clock.self);
	for (size_t i = 0; i < RUNGS; i++)
		vr_clear(&v->rung[i]);
	if (!v->edited)
		read_files_again(s, v);
	s->gen++;
	vr_go_on(s, v);
	return true;
}

void
ses_verify_stop(struct session *s)
{
	struct verify *v = s->vf;

	if (!v || !v->running)
		return;
	vr_end(v, SES_RUNG_NONE, "%s", _("stopped"));
	note_end(s, v);
	v->running = false;
	v->stopped = true;
	v->at = RUNGS;
}

void
ses_verify_forget(struct session *s)
{
	verify_free(s);
	s->gen++;
}
