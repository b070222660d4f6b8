/* SPDX-License-Identifier: MIT
 *
 * Applying what review showed: the request is put together here, a process of its own
 * carries it out, and what it tells is kept as steps. When it has written, what was
 * written is what is loaded; the undo history stays, so that an applied edit can be taken
 * back as a new change.
 */
#include "session/review_view.h"

#include <poll.h>
#include <stdlib.h>

#include "apply/apply.h"
#include "apply/txn.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "session/facts.h"
#include "session/login.h"
#include "session/history_view.h"
#include "session/verify.h"

#define LOOKUPS_MAX 8 /* names asked of a rebuilt alias table */

enum { DEFERRED_MOST = 100000 };

struct applying {
	struct apply *run;
	struct arena texts;      /* of the request and of `different` */
	struct ses_file **files; /* in the order of the request */
	size_t nfiles;
	const char **different;
	size_t ndifferent;
	struct ses_step_view *steps;
	size_t nsteps;
	int64_t from, until; /* monotonic ms */
	bool taken;          /* the result was taken over */
	bool is_way;         /* mail leaves another way then */
	bool flushed;        /* what waited was tried */
	size_t deferred;     /* how many messages waited at the end, and in words */
	const char *waits;
	int status;
	enum ses_service_act act;
	struct diags found; /* what the run found, and what somebody else changed */
	struct ses_apply_view told; /* of a way back */
	struct svc_log log;         /* where it was when this began */
};

void
applying_free(struct session *s)
{
	struct applying *ap = s->ap;

	if (!ap)
		return;
	apply_close(ap->run);
	arena_free(&ap->texts);
	free(ap->files);
	free(ap->steps);
	diag_clear(&ap->found);
	svc_log_free(&ap->log);
	free(ap);
	s->ap = NULL;
}

/* --- may it start?
 * ---------------------------------------------------------------------------- */

static bool
is_consented(const struct ses_apply_opts *o, enum diag_code code)
{
	for (size_t i = 0; o->consent && o->consent[i]; i++)
		if (strcmp(o->consent[i], diag_code_name(code)) == 0)
			return true;
	return false;
}

static bool
is_held(const struct ses_review *r, const struct ses_apply_opts *o, struct diags *d)
{
	bool held = false;

	for (size_t i = 0; i < r->nholds; i++) {
		const struct diag *h = r->holds[i];

		if (is_consented(o, h->code))
			continue;
		diag_add(d, SEV_ERROR, h->code, &h->loc, h->hint, "%s", h->text);
		held = true;
	}
	return held;
}

/* --- the request
 * ------------------------------------------------------------------------------ */

struct emitting {
	txn_sink *sink;
	void *ctx;
};

static bool
pass_on(void *ctx, const char *p, size_t n)
{
	struct emitting *e = ctx;

	return e->sink(e->ctx, p, n);
}

static bool
emit_document(const void *src, txn_sink *sink, void *ctx)
{
	const struct ses_file *f = src;
	struct emitting e = {sink, ctx};

	return doc_write(&f->doc, pass_on, &e);
}

static struct txn_want *
wanted(struct session *s, struct applying *ap)
{
	struct txn_want *w = arena_new(&ap->texts, s->nfiles * sizeof(*w));

	ap->files = mem_new(s->nfiles, sizeof(struct ses_file *));
	for (size_t i = 0; i < s->nfiles; i++) {
		struct ses_file *f = s->files[i];

		if (!file_is_edited(f))
			continue;
		w[ap->nfiles] = (struct txn_want){.path = f->path,
			.loaded = &f->loaded,
			.emit = emit_document,
			.src = f,
			.new_mode = f->role == ROLE_LOGIN ? 0600 : 0,
			.old = f->saved ? sv_make("", 0)
					: sv_make(f->doc.orig, f->doc.orig_len),
			.main_cf = f->role == ROLE_MAIN_CF};
		ap->files[ap->nfiles++] = f;
	}
	return w;
}

/* The key under which a rebuilt alias table must answer, or must not any more. */
static size_t
lookups(struct session *s, struct applying *ap, struct apply_lookup *v)
{
	const struct review_view *rv = s->rv;
	size_t n = 0;

	for (size_t i = 0; i < rv->nchanges && n < LOOKUPS_MAX; i++) {
		const struct change *c = &rv->changes[i];
		const struct plan_file *f = &rv->files[c->file];
		struct str key = {0};
		uint32_t id;

		if (c->kind != CHANGE_ALIAS || !f->in_database)
			continue;
		id = al_find(&s->aliases->al, sv_of(c->name));
		if (id != DOC_NO_ID)
			al_key(&s->aliases->al, id, &key);
		else
			al_name_fold(sv_of(c->name), &key);
		v[n++] = (struct apply_lookup){
			arena_fmt(&ap->texts, "%s%s%s", f->type ? f->type : "",
				f->type ? ":" : "", f->path),
			arena_sv(&ap->texts, str_sv(&key)), id != DOC_NO_ID};
		str_free(&key);
	}
	return n;
}

static struct apply_place
place(struct session *s, struct applying *ap, bool before)
{
	struct apply_place p = {0};
	const char *log = ses_param_expanded(s, "maillog_file");

	p.naddrs = ifs_listen(s, before, &ap->texts, &p.addrs);
	p.maillog_file = log && log[0] ? arena_str(&ap->texts, log) : NULL;
	return p;
}

/* --- what is different now
 * -------------------------------------------------------------------- */

/* What the relay does differently, as far as a person would say it; else the setting. */
static const char *
different_line(struct arena *a, const struct ses_change *c)
{
	const char *now = c->after && c->after[0] ? c->after : NULL, *words;

	if (strcmp(c->name, "relayhost") == 0)
		return now ? arena_fmt(a, _("Mail leaves by %s."), now)
			   : _("Mail leaves for each receiver's host directly.");
	if (c->is_login)
		return arena_fmt(a,
			now ? _("Postfix logs in at %s.")
			    : _("Postfix logs in at %s no more."),
			c->name);
	if (strcmp(c->name, "smtp_tls_security_level") == 0) {
		words = ses_tls_words(now ? now : "");
		return arena_fmt(a, _("TLS to other servers: %s."), words ? words : now);
	}
	if (strcmp(c->screen, "aliases") == 0)
		return c->is_off  ? arena_fmt(a, _("The alias %s is off."), c->name)
		       : c->after ? arena_fmt(a, _("Mail for %s goes to %s."), c->name,
					    c->after)
				  : arena_fmt(a, _("The alias %s is gone."), c->name);
	return arena_fmt(a, "%s: %s", c->name, c->text);
}

/* A login's settings are told by the login. */
static void
tell_different(struct session *s, struct applying *ap)
{
	const struct ses_change *c;
	size_t n = ses_changes(s, &c);
	bool login = false;

	for (size_t i = 0; i < n; i++)
		login = login || c[i].is_login;
	ap->different =
		arena_new(&ap->texts, (n + ap->nfiles + 1) * sizeof(*ap->different));
	for (size_t i = 0; i < n; i++)
		if (!login || strncmp(c[i].name, "smtp_sasl_", 10) != 0)
			ap->different[ap->ndifferent++] =
				different_line(&ap->texts, &c[i]);
	for (size_t i = 0; i < ap->nfiles; i++)
		if (file_is_emptied(ap->files[i]))
			ap->different[ap->ndifferent++] = arena_fmt(&ap->texts,
				_("%s is an empty file now."), ap->files[i]->path);
}

/* --- start, progress, end
 * --------------------------------------------------------------------- */

static bool
may_start(struct session *s, const struct ses_apply_opts *o, int *status,
	enum ses_service_act *act, struct diags *d)
{
	const struct ses_change *unused;
	struct ses_review review;

	ses_review(s, o->no_act, &review);
	*act = review.act;
	*status = 3;
	if (s->read_only)
		return edit_allowed(s, s->files[0], d);
	if (s->dry_run)
		return diag_add(d, SEV_ERROR, DIAG_READ_ONLY, NULL,
			_("Start postrelay without -n to apply."),
			_("This is a dry run: nothing is written."));
	if (s->ap && !s->ap->taken)
		return diag_add(d, SEV_ERROR, DIAG_FILE_BUSY, NULL, NULL,
			_("The changes are being applied already."));
	*status = 0;
	if (ses_changes(s, &unused) == 0 && review.act == SES_ACT_NONE)
		return diag_add(d, SEV_NOTE, DIAG_NOT_FOUND, NULL, NULL,
			_("Nothing to do: the files say this already."));
	*status = 1;
	return !is_held(&review, o, d);
}

bool
ses_apply_start(
	struct session *s, const struct ses_apply_opts *o, int *status, struct diags *d)
{
	struct applying *ap;
	enum ses_service_act act;
	const struct apply_table *tables;
	struct apply_lookup *look;
	struct plan_input changed;
	struct hist_about about;
	struct svc svc;
	struct apply_req req;

	if (!may_start(s, o, status, &act, d))
		return false;
	applying_free(s);
	ap = s->ap = mem_new(1, sizeof(*ap));
	session_svc(s, &svc);
	look = arena_new(&ap->texts, LOOKUPS_MAX * sizeof(*look));
	changed = review_input(s, o->no_act);
	req = (struct apply_req){
		.svc = &svc,
		.state_dir = s->state_dir,
		.changed = &changed,
		.want = wanted(s, ap),
		.before = place(s, ap, true),
		.after = place(s, ap, false),
		.lookups = look,
		.nlookups = lookups(s, ap, look),
		.ntables = session_tables(s, &ap->texts, &tables),
		.log_ms = s->set->log_ms,
		.in_place = is_consented(o, DIAG_FILE_MOUNT),
		.skip_judge = is_consented(o, DIAG_PF_SAYS),
	};
	if (s->probe_way && s->rv->probe_to) {
		req.before.probe_to = s->rv->probe_before;
		req.after.probe_to = s->rv->probe_to;
		req.sendmail = way_sendmail(s, &ap->texts);
	}
	req.nwant = ap->nfiles;
	history_note(s, &ap->texts, ap->files, ap->nfiles, &about);
	req.history = ap->nfiles ? &about : NULL;
	req.tables = tables;
	tell_different(s, ap);
	ap->act = act;
	ap->is_way = way_changes(s);
	ap->from = s->world.clock.ops->mono_ms(s->world.clock.self);
	svc_log_mark(&svc, req.before.maillog_file, &ap->log);
	ap->run = apply_start(&req, d);
	*status = 3;
	if (ap->run)
		return true;
	applying_free(s);
	return false;
}

int
applying_fds(struct session *s, int *fds, int max)
{
	if (!s->ap || s->ap->taken || max < 1)
		return 0;
	fds[0] = apply_fd(s->ap->run);
	return 1;
}

/* Messages that the old way could not deliver: the new one may. */
static void
count_deferred(struct session *s, struct applying *ap)
{
	struct svc svc;
	time_t since;

	if (!ap->is_way || ap->status != 0 || ap->act == SES_ACT_NONE ||
		service_now(s, &since) != SES_RUNNING)
		return;
	session_svc(s, &svc);
	ap->deferred = svc_deferred(&svc, DEFERRED_MOST);
	if (ap->deferred >= DEFERRED_MOST)
		ap->waits = arena_fmt(&ap->texts,
			_("%zu messages or more wait: they could not leave so far."),
			ap->deferred);
	else if (ap->deferred)
		ap->waits = arena_fmt(&ap->texts,
			P_("%zu message waits: it could not leave so far.",
				"%zu messages wait: they could not leave so far.",
				ap->deferred),
			ap->deferred);
}

bool
ses_apply_flush(struct session *s, struct diags *d)
{
	struct svc svc;

	session_svc(s, &svc);
	if (!svc_flush(&svc, d))
		return false;
	s->ap->flushed = true;
	s->ap->waits = _("Postfix tries the messages that waited.");
	return true;
}

/* What was written is what is loaded now. */
static void
take_result(struct session *s, struct applying *ap)
{
	const struct apply_result *r = apply_result(ap->run);

	ap->taken = true;
	ap->status = r->status;
	ap->until = s->world.clock.ops->mono_ms(s->world.clock.self);
	changed_tell(s, &r->findings, &ap->found);
	put_back_tell(s, r, &ap->texts, &ap->told);
	for (size_t i = 0; r->written && i < ap->nfiles && i < r->nids; i++)
		file_mark_saved(ap->files[i], &r->ids[i]);
	ses_history_again(s);
	if (r->written) {
		merge_applied(s);
		setup_applied(s);
		draft_applied(s);
	}
	ask_again(s, SES_ASK_DERIVED);
	facts_forget(s); /* of tables that were built, too */
	s->service_looked = 0;
	if (r->written || (ap->status == 0 && ap->act != SES_ACT_NONE))
		ses_verify_forget(s); /* a proof of what ran before */
	count_deferred(s, ap);
	session_touch(s);
}

bool
applying_step(struct session *s)
{
	struct applying *ap = s->ap;

	if (!ap || ap->taken || !apply_read(ap->run))
		return false;
	if (apply_is_done(ap->run))
		take_result(s, ap);
	return true;
}

void
ses_apply_view(struct session *s, struct ses_apply_view *out)
{
	static const enum ses_step_state states[] = {[APPLY_WAITS] = SES_STEP_WAITS,
		[APPLY_RUNS] = SES_STEP_RUNS,
		[APPLY_OK] = SES_STEP_OK,
		[APPLY_DOUBT] = SES_STEP_DOUBT,
		[APPLY_BAD] = SES_STEP_BAD,
		[APPLY_BACK] = SES_STEP_BACK};
	struct applying *ap = s->ap;
	const struct apply_step *steps;

	*out = ap ? ap->told : (struct ses_apply_view){0};
	if (!ap)
		return;
	steps = apply_steps(ap->run, &ap->nsteps);
	ap->steps =
		mem_resize(ap->steps, ap->nsteps ? ap->nsteps : 1, sizeof(*ap->steps));
	for (size_t i = 0; i < ap->nsteps; i++)
		ap->steps[i] = (struct ses_step_view){states[steps[i].state],
			steps[i].text, steps[i].said, steps[i].ms};
	out->running = !ap->taken;
	out->act = ap->act;
	out->status = ap->status;
	out->steps = ap->steps;
	out->nsteps = ap->nsteps;
	out->ms = (ap->taken ? ap->until
			     : s->world.clock.ops->mono_ms(s->world.clock.self)) -
		  ap->from;
	if (!ap->taken)
		return;
	out->findings = &ap->found;
	out->history = apply_result(ap->run)->history;
	out->has_log =
		ap->log.path && (ap->told.put_back || ap->status == APPLY_NEEDS_PERSON);
	for (size_t i = 0; ap->status == 3 && i < ap->found.n; i++)
		out->changed =
			out->changed || (ap->found.v[i].code == DIAG_FILE_CHANGED &&
						ap->found.v[i].sev == SEV_ERROR);
	out->written = apply_result(ap->run)->written;
	if (out->written) {
		out->different = ap->different;
		out->ndifferent = ap->ndifferent;
	}
	if (ap->deferred) {
		out->waits = ap->waits;
		out->deferred = ap->deferred;
		out->can_flush = !ap->flushed;
	}
}

bool
applying_runs(const struct session *s)
{
	return s->ap && !s->ap->taken;
}

void
ses_apply_log(struct session *s, struct str *out)
{
	struct svc svc;

	session_svc(s, &svc);
	if (s->ap)
		svc_log_since(&svc, &s->ap->log, out);
}

void
ses_apply_cancel(struct session *s, bool late)
{
	if (s->ap && !s->ap->taken)
		apply_put_back(s->ap->run, late);
}

/* Tell each step whose state differs from what was told. */
static void
tell_steps(const struct ses_apply_view *v, enum ses_step_state **told, size_t *ntold,
	void (*on_step)(void *ctx, const struct ses_step_view *v), void *ctx)
{
	*told = mem_resize(*told, v->nsteps ? v->nsteps : 1, sizeof(**told));
	for (; *ntold < v->nsteps; (*ntold)++)
		(*told)[*ntold] = SES_STEP_WAITS;
	for (size_t i = 0; i < v->nsteps; i++) {
		if ((*told)[i] == v->steps[i].state)
			continue;
		(*told)[i] = v->steps[i].state;
		on_step(ctx, &v->steps[i]);
	}
}

int
ses_apply_wait(struct session *s,
	void (*on_step)(void *ctx, const struct ses_step_view *v), void *ctx)
{
	enum ses_step_state *told = NULL;
	size_t ntold = 0;
	struct ses_apply_view v;
	int fd;

	do {
		if (applying_fds(s, &fd, 1))
			poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 1000);
		ses_step(s);
		ses_apply_view(s, &v);
		if (on_step)
			tell_steps(&v, &told, &ntold, on_step, ctx);
	} while (v.running);
	free(told);
	return v.status;
}
