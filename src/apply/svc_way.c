/* SPDX-License-Identifier: MIT
 *
 * The probe of the way out, and what its end counts for. Three rules keep it from taking
 * back a right change: who is silent for 10 seconds proves nothing, for Postfix itself
 * waits 30 for a connection; an upstream that can't be reached counts only where the old
 * way could be gone just before; and words that came before the change, too, don't count.
 */
#include "apply/svc_way.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { LIMIT_MS = 10000, STEP_MS = 100, JOURNAL_EVERY = 4 };

static int64_t
now_ms(const struct svc *svc)
{
	return svc->world->clock.ops->mono_ms(svc->world->clock.self);
}

/* False with words: sendmail doesn't take it. */
static bool
hand_over(const struct svc *svc, const struct svc_way_req *req, char **words)
{
	const char *path = req->sendmail ? req->sendmail : "/usr/sbin/sendmail";
	const char *const args[] = {
		"-C", svc->config_dir, "-bv", "-f", "", "--", req->to, NULL};
	struct diags d = {0};
	struct run_res res;
	bool ran = svc_run_path(svc, path, args, 0, &res, &d);
	bool ok = ran && res.code == 0;

	if (!ok)
		*words = ran ? sv_dup(svc_said_first(str_sv(&res.err)))
			     : mem_strdup(d.n ? d.v[0].text : NULL);
	run_res_free(&res);
	diag_clear(&d);
	return ok;
}

static void
ask_journal(const struct svc *svc, struct svc_trace *t)
{
	const char *argv[SVC_JOURNAL_WORDS];
	struct run_res res;
	char *owned;

	svc_trace_journal(t, argv, &owned);
	if (svc_run_path(svc, argv[0], argv + 1, 0, &res, NULL))
		svc_trace_take(t, str_sv(&res.out));
	run_res_free(&res);
	free(owned);
}

static void
follow(const struct svc *svc, struct svc_trace *t)
{
	const struct clock_port *clock = &svc->world->clock;
	int64_t end = now_ms(svc) + LIMIT_MS;

	for (unsigned i = 1; !svc_trace_read(t, svc) && now_ms(svc) < end; i++) {
		if (!t->mark.path && i % JOURNAL_EVERY == 0)
			ask_journal(svc, t);
		clock->ops->sleep_ms(clock->self, STEP_MS);
	}
}

/* --- nothing stays in the queue --------------------------------------------------------
 */

static bool
has_line(struct sv text, const char *wanted)
{
	struct sv line;

	while (sv_line(&text, &line))
		if (sv_eq_str(line, wanted))
			return true;
	return false;
}

/* A program of Postfix for one message; its output to out, if wanted. */
static void
run_for(const struct svc *svc, const char *name, const char *options, struct sv qid,
	struct str *out)
{
	char *path = str_format("%s/%s", svc_command_dir(svc), name), *id = sv_dup(qid);
	const char *const args[] = {"-c", svc->config_dir, options, id, NULL};
	struct run_res res;

	if (svc_run_path(svc, path, args, 0, &res, NULL) && out)
		str_add_sv(out, str_sv(&res.out));
	run_res_free(&res);
	free(path);
	free(id);
}

/* A number may be that of anybody's mail from this uid: only what is a probe of that
 * receiver goes. 512 is Postfix's DEL_REQ_FLAG_USR_VRFY, alone: it has no text to lose.
 */
static void
withdraw(const struct svc *svc, const struct svc_trace *t)
{
	char *rcpt = str_format("recipient: %s", t->rcpt);
	struct sv rest = str_sv(&t->qids), qid;

	while (sv_token(&rest, " ", &qid)) {
		struct str envelope = {0};

		run_for(svc, "postcat", "-eq", qid, &envelope);
		if (has_line(str_sv(&envelope), "named_attribute: trace_flags=512") &&
			has_line(str_sv(&envelope), rcpt))
			run_for(svc, "postsuper", "-d", qid, NULL);
		str_free(&envelope);
	}
	free(rcpt);
}

/* --- asking ----------------------------------------------------------------------------
 */

static void
take_end(const struct svc_trace *t, struct svc_way_res *out)
{
	out->way = svc_trace_way(t);
	if (t->died.n)
		out->words = sv_dup(str_sv(&t->died));
	else if (t->status.n)
		out->words = sv_dup(str_sv(&t->reason));
	if (t->relay.n)
		out->relay = sv_dup(str_sv(&t->relay));
}

void
svc_way_ask(const struct svc *svc, const struct svc_way_req *req, struct svc_way_res *out)
{
	struct svc_trace t = {0};

	*out = (struct svc_way_res){.asked = true};
	svc_trace_begin(&t, svc, req->maillog_file, NULL, req->to);
	if (!svc_trace_has_log(&t)) {
		out->words = mem_strdup(_("no log was found that could tell"));
	} else if (hand_over(svc, req, &out->words)) {
		follow(svc, &t);
		take_end(&t, out);
		/* Postfix removes a probe that has ended; one that its client died of
		 * would be tried for days. */
		if (!t.status.n)
			withdraw(svc, &t);
	}
	svc_trace_free(&t);
}

void
svc_way_free(struct svc_way_res *w)
{
	free(w->words);
	free(w->relay);
	*w = (struct svc_way_res){0};
}

const char *
svc_way_ill(const struct svc_way_res *w)
{
	bool ill = w->way == SVC_WAY_UNREACHED || w->way == SVC_WAY_REFUSED ||
		   w->way == SVC_WAY_DIES;

	return ill ? w->words : NULL;
}

/* --- telling ---------------------------------------------------------------------------
 */

/* The same words, but for their numbers: process ids and queue numbers differ. */
static bool
same_words(const char *a, const char *b)
{
	while (*a || *b) {
		if (is_digit_char(*a))
			a++;
		else if (is_digit_char(*b))
			b++;
		else if (*a++ != *b++)
			return false;
	}
	return true;
}

static bool
was_so(const struct svc_way_res *now, const struct svc_way_res *before)
{
	return before->asked && before->way == now->way && before->words && now->words &&
	       same_words(before->words, now->words);
}

/* Did the upstream answer, and would it take mail, whoever the receiver may be? */
static bool
went(const struct svc_way_res *w)
{
	return w->asked && (w->way == SVC_WAY_GOES || w->way == SVC_WAY_RECEIVER ||
				   w->way == SVC_WAY_SENDER);
}

/* What mail of all receivers meets. */
static bool
tell_ill(const struct svc_way_res *now, enum sev sev, const char *hint, struct diags *d)
{
	const char *words = now->words ? now->words : "";

	if (now->way == SVC_WAY_DIES)
		diag_add(d, sev, DIAG_PF_NO_WAY, NULL, hint,
			_("No mail leaves, for Postfix's smtp client dies: %s"), words);
	else if (now->way == SVC_WAY_UNREACHED)
		diag_add(d, sev, DIAG_PF_NO_WAY, NULL, hint,
			_("The upstream can't be reached: %s"), words);
	else
		diag_add(d, sev, DIAG_PF_NO_WAY, NULL, hint,
			_("Mail doesn't leave this way: %s"), words);
	return sev != SEV_ERROR;
}

/* Doubts that say nothing against the change. */
static bool
tell_doubt(const struct svc_way_res *now, const char *to, struct diags *d)
{
	const char *words = now->words ? now->words
				       : _("the log didn't say how it ended within 10 "
					   "seconds");

	if (now->way == SVC_WAY_RECEIVER)
		diag_add(d, SEV_WARN, DIAG_PF_NO_WAY, NULL,
			_("It lets this relay in; only that receiver is refused."),
			_("The upstream takes no mail for %s: %s"), to, words);
	else if (now->way == SVC_WAY_SENDER)
		diag_add(d, SEV_WARN, DIAG_PF_NO_WAY, NULL,
			_("It lets this relay in. Verify asks again, with a real "
			  "sender."),
			_("The upstream refuses the probe, which has no sender: %s"),
			words);
	else
		diag_add(d, SEV_WARN, DIAG_PF_NO_WAY, NULL, _("Verify asks again."),
			_("Whether mail leaves is not known: %s"), words);
	return true;
}

static bool
tell_good(const struct svc_way_res *now, struct diags *d)
{
	/* A delivery over the network names host and address. */
	if (!now->relay || !strchr(now->relay, '['))
		diag_add(d, SEV_WARN, DIAG_PF_NO_WAY, NULL,
			_("transport_maps or mydestination goes before the relay host "
			  "there."),
			_("The probe did not leave this machine (%s): it proves nothing "
			  "of the upstream."),
			now->relay ? now->relay : "-");
	return true;
}

bool
svc_way_tell(const struct svc_way_res *now, const struct svc_way_res *before,
	const char *to, struct diags *d)
{
	switch (now->way) {
	case SVC_WAY_GOES:
		return tell_good(now, d);
	case SVC_WAY_UNREACHED:
		if (!went(before))
			return tell_ill(now, SEV_WARN,
				_("It could not be reached before either, or wasn't "
				  "asked. Verify asks again."),
				d);
		return tell_ill(now, SEV_ERROR, NULL, d);
	case SVC_WAY_REFUSED:
	case SVC_WAY_DIES:
		if (was_so(now, before))
			return tell_ill(
				now, SEV_WARN, _("It was so before this change."), d);
		return tell_ill(now, SEV_ERROR, NULL, d);
	case SVC_WAY_UNKNOWN:
	case SVC_WAY_RECEIVER:
	case SVC_WAY_SENDER:
	default:
		return tell_doubt(now, to, d);
	}
}
