/* SPDX-License-Identifier: MIT
 *
 * Rungs of the ladder on a pretended machine: going up, and looking at how one came out.
 * A table of cases has a row for each thing that a rung can say.
 */
#ifndef PR_VERIFY_RUNGS_H
#define PR_VERIFY_RUNGS_H

#include "verify_machine.h"

#define N(v) (sizeof(v) / sizeof(v)[0])

/* To whom a message goes where that doesn't matter. */
#define TARO "taro@example.com"

/* Encryption and login, as posttls-finger and Postfix's smtp client word them. */
#define FINGER(lines)                                                                    \
	"posttls-finger: Connected to mail[1]:587\nposttls-finger: < 220 mail "          \
	"ESMTP\n" lines
#define UNTRUSTED                                                                        \
	"posttls-finger: Untrusted TLS connection established to mail[1]:587: TLSv1.3 "  \
	"with cipher X\n"
#define NO_AUTH                                                                          \
	FINGER("posttls-finger: Verified TLS connection established to mail[1]:587: "    \
	       "TLSv1.3 with cipher X\n"                                                 \
	       "posttls-finger: > EHLO x\nposttls-finger: < 250 DSN\n")
#define SAID "undeliverable (host mail.test.co.jp[198.51.100.25] said: "

static inline void
ladder_run(struct machine *x, const char *to, bool probe)
{
	struct diags d = {0};

	if (!x->is.stopped)
		machine_listen(x, LO_25);
	assert_true(ses_verify_start(
		x->s, &(struct ses_verify_opts){.to = to, .probe = probe}, &d));
	ses_verify_wait(x->s, NULL, NULL);
}

static inline void
ladder_open(struct machine *x, const struct says *is)
{
	machine_open(x, is);
	ladder_run(x, is->to ? is->to : TARO, false);
}

/* A rung is tried again, and what waited for it. */
static inline void
ladder_again(struct machine *x, size_t row)
{
	ses_verify_again(x->s, row);
	ses_verify_wait(x->s, NULL, NULL);
}

static inline struct ses_verify
ladder_view(struct machine *x)
{
	struct ses_verify v;

	ses_verify_view(x->s, &v);
	return v;
}

static inline void
ladder_print(struct machine *x)
{
	struct ses_verify v = ladder_view(x);

	for (size_t i = 0; i < v.n; i++) {
		print_message("%s %d: %s | %s | %s\n", v.rungs[i].id,
			(int)v.rungs[i].state, v.rungs[i].text, v.rungs[i].says,
			v.rungs[i].hint);
		for (size_t k = 0; k < v.rungs[i].nwords; k++)
			print_message("   %s\n", v.rungs[i].words[k]);
	}
}

static inline struct ses_rung
ladder_rung(struct machine *x, const char *id)
{
	struct ses_verify v = ladder_view(x);

	for (size_t i = 0; i < v.n; i++)
		if (strcmp(v.rungs[i].id, id) == 0)
			return v.rungs[i];
	fail_msg("no rung %s", id);
	return (struct ses_rung){0};
}

static inline bool
rung_tells(const struct ses_rung *r, const char *part)
{
	bool found =
		strstr(r->text, part) || strstr(r->says, part) || strstr(r->hint, part);

	for (size_t i = 0; i < r->nwords; i++)
		found = found || strstr(r->words[i], part);
	return found;
}

/* How a rung came out, and a part of what it tells; if not, all of the ladder is shown.
 */
#define assert_rung(x, id, state, part)                                                  \
	assert_rung_at(x, id, state, part, "", __FILE__, __LINE__)

static inline void
assert_rung_at(struct machine *x, const char *id, enum ses_rung_state state,
	const char *part, const char *what, const char *file, int line)
{
	struct ses_rung r = ladder_rung(x, id);

	if (r.state == state && rung_tells(&r, part))
		return;
	ladder_print(x);
	print_message("%s:%d: %s%sthe rung %s is %d; wanted is %d with \"%s\"\n", file,
		line, what, *what ? ": " : "", id, (int)r.state, (int)state, part);
	fail();
}

/* How many rungs there are, and how many of them are good. */
#define assert_ladder(x, rungs, good) assert_ladder_at(x, rungs, good, __FILE__, __LINE__)

static inline void
assert_ladder_at(struct machine *x, size_t rungs, size_t good, const char *file, int line)
{
	struct ses_verify v = ladder_view(x);

	if (v.n == rungs && v.ok == good)
		return;
	ladder_print(x);
	print_message("%s:%d: %zu rungs of %zu are good; wanted are %zu of %zu\n", file,
		line, v.ok, v.n, good, rungs);
	fail();
}

struct rung_case {
	const char *what; /* of the case, for whoever reads its failure */
	struct says is;
	const char *rung;
	enum ses_rung_state state;
	const char *tells, *and;
};

#define assert_rungs(cases) assert_rungs_at(cases, N(cases), __FILE__, __LINE__)

static inline void
assert_rungs_at(const struct rung_case *v, size_t n, const char *file, int line)
{
	for (const struct rung_case *c = v; c < v + n; c++) {
		struct machine x;

		ladder_open(&x, &c->is);
		assert_rung_at(&x, c->rung, c->state, c->tells, c->what, file, line);
		assert_rung_at(&x, c->rung, c->state, c->and, c->what, file, line);
		machine_close(&x);
	}
}

#endif
