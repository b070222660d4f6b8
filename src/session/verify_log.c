/* SPDX-License-Identifier: MIT
 *
 * A message followed in Postfix's log file, or in the journal, which is asked by a job of
 * the ladder's.
 */
#include "session/verify_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { JOURNAL_MS = 400 };

static void
took_journal(struct session *s, struct verify *v, struct run_res *res)
{
	(void)s;
	svc_trace_take(&v->trace, str_sv(&res->out));
}

static void
ask_journal(struct session *s, struct verify *v)
{
	int64_t now = s->world.clock.ops->mono_ms(s->world.clock.self);
	const char *argv[SVC_JOURNAL_WORDS];
	const struct run_req req = {.argv = argv};
	char *owned;

	if (v->job || (v->journal_ms && now - v->journal_ms < JOURNAL_MS))
		return;
	v->journal_ms = now ? now : 1;
	svc_trace_journal(&v->trace, argv, &owned);
	(void)vr_run(s, v, &req, took_journal);
	free(owned);
}

bool
vr_trace_follow(struct session *s, struct verify *v)
{
	struct svc svc;

	session_svc(s, &svc);
	if (svc_trace_read(&v->trace, &svc))
		return true;
	if (!v->trace.mark.path && v->trace.journalctl)
		ask_journal(s, v);
	return false;
}

void
vr_trace_begin(struct session *s, struct verify *v, const char *id, const char *rcpt)
{
	struct svc svc;

	session_svc(s, &svc);
	svc_trace_begin(&v->trace, &svc, vr_value(v, "maillog_file"), id, rcpt);
	v->journal_ms = 0;
}

void
vr_word_of_server(struct verify *v)
{
	struct sv said = svc_trace_server(&v->trace);

	if (said.n)
		vr_word(v, _("server: %.*s"), (int)said.n, said.p);
}
