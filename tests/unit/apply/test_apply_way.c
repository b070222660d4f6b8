/* SPDX-License-Identifier: MIT
 *
 * The probe of the way out within an apply: when it is made, what takes a change back and
 * what only is told, and that nothing of it stays in the queue.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply_rig.h"

#define TO "postmaster@mail.test"
#define GOES "deliverable (250 2.1.5 Ok)"
#define LOGIN                                                                            \
	"undeliverable (SASL authentication failed; server mail.test[192.0.2.1] said: "  \
	"535 5.7.8 no)"
#define CLOSED "undeliverable (connect to mail.test[192.0.2.1]:587: Connection refused)"
#define LOCAL "deliverable (delivers to mailbox)"
#define RELAY "mail.test[192.0.2.1]:587"
#define BV "sendmail -C ..."

static char *sendmail;
/* How the probes end, the old files' first: STATUS (REASON), "" not at all. */
static const char *ends[2];
static int probes;

static void
log_line(struct fake_postfix *pf, const char *text)
{
	FILE *f = fopen(pf->log, "ae");

	assert_non_null(f);
	fprintf(f, "Nov 27 16:49:18 relay %s\n", text);
	fclose(f);
}

/* Somebody else's mail of the same uid, then the probe. */
static void
probe(void *ctx, const struct run_req *req)
{
	const char *end = ends[probes++];
	char *lines[] = {
		str_format("postfix/pickup[9]: AAAA%d: uid=%u from=<root>", probes,
			(unsigned)geteuid()),
		str_format("postfix/pickup[9]: BBBB%d: uid=%u from=<>", probes,
			(unsigned)geteuid()),
		str_format("postfix/smtp[9]: BBBB%d: to=<" TO ">, relay=%s, status=%s",
			probes, sv_starts(sv_of(end), LOCAL) ? "local" : RELAY, end),
	};

	assert_string_equal(req->argv[3], "-bv");
	assert_string_equal(req->argv[4], "-f");
	assert_string_equal(req->argv[5], "");
	assert_string_equal(req->argv[7], TO);
	for (size_t i = 0; i < 2; i++)
		log_line(ctx, lines[i]);
	if (sv_starts(sv_of(end), "fatal: "))
		log_line(ctx, "postfix/smtp[9]: fatal: Invalid TLS level \"x\"");
	else if (end[0])
		log_line(ctx, lines[2]);
	for (size_t i = 0; i < 3; i++)
		free(lines[i]);
}

static int
setup_way(void **state)
{
	struct fixture *x;
	char *path;

	setup(state);
	x = *state;
	fake_postfix_write(&x->pf, "bin/sendmail", "");
	path = str_format("%s/sendmail", x->pf.bin);
	chmod(path, 0755);
	x->change.name = "relayhost";
	x->req.sendmail = sendmail = path;
	x->req.before.probe_to = x->req.after.probe_to = TO;
	probes = 0;
	return 0;
}

static int
teardown_way(void **state)
{
	free(sendmail);
	return teardown(state);
}

/* Both probes, and nothing is put back. */
static void
run_kept(struct fixture *x, const char *before, const char *after)
{
	struct fake_cmd cmds[] = {JUDGE, {.argv = BV, .act = probe},
		{.argv = "postfix -c * reload"}, {.argv = BV, .act = probe}};

	ends[0] = before;
	ends[1] = after;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_main_cf(x, NEW);
}

static void
run_undone(struct fixture *x, const char *before, const char *after)
{
	struct fake_cmd cmds[] = {JUDGE, {.argv = BV, .act = probe},
		{.argv = "postfix -c * reload"}, {.argv = BV, .act = probe},
		{.argv = "postfix -c * reload"}};

	ends[0] = before;
	ends[1] = after;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_main_cf(x, OLD);
	assert_int_equal(x->r.findings.v[0].code, DIAG_PF_NO_WAY);
	assert_int_equal(x->r.findings.v[0].sev, SEV_ERROR);
}

static void
assert_doubt(struct fixture *x, const char *words)
{
	assert_int_equal(x->r.findings.n, 1);
	assert_int_equal(x->r.findings.v[0].code, DIAG_PF_NO_WAY);
	assert_int_equal(x->r.findings.v[0].sev, SEV_WARN);
	assert_non_null(strstr(x->r.findings.v[0].text, words));
	/* lock, judge, look, swap, reload, ask, upstream, log */
	assert_string_equal(str_c(&x->steps) + 5, "o?o");
}

static void
way_that_goes_is_a_step(void **state)
{
	struct fixture *x = *state;

	run_kept(x, GOES, GOES);
	assert_int_equal(x->r.findings.n, 0);
	assert_string_equal(str_c(&x->steps), "oooooooo");
	assert_int_equal(probes, 2);
}

static void
way_is_not_probed_unless_asked_for(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE, {.argv = "postfix -c * reload"}};

	x->req.after.probe_to = NULL;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(probes, 0);
}

static void
way_is_not_probed_of_a_stopped_postfix(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE};

	fake_postfix_stop(&x->pf, 4711);
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_int_equal(probes, 0);
}

static void
way_refused_login_puts_back(void **state)
{
	struct fixture *x = *state;

	run_undone(x, GOES, LOGIN);
	assert_non_null(strstr(x->r.findings.v[0].text, "said: 535 5.7.8 no"));
	/* ... upstream, log; files, reload, ask, log */
	assert_string_equal(str_c(&x->steps), "oooooo!o<oooo");
}

static void
way_refused_before_does_not_count(void **state)
{
	struct fixture *x = *state;

	run_kept(x, LOGIN, LOGIN);
	assert_int_equal(x->r.findings.v[0].sev, SEV_WARN);
	assert_non_null(strstr(x->r.findings.v[0].text, "535"));
}

static void
way_refused_otherwise_than_before_counts(void **state)
{
	struct fixture *x = *state;

	run_undone(x, CLOSED, LOGIN);
}

static void
way_unreached_counts_where_it_was_gone(void **state)
{
	struct fixture *x = *state;

	run_undone(x, GOES, CLOSED);
	assert_non_null(strstr(x->r.findings.v[0].text, "Connection refused"));
}

static void
way_unreached_before_and_after_is_told(void **state)
{
	struct fixture *x = *state;

	run_kept(x, CLOSED, CLOSED);
	assert_doubt(x, "Connection refused");
}

static void
way_unreached_is_told_where_nothing_was_asked_before(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		JUDGE, {.argv = "postfix -c * reload"}, {.argv = BV, .act = probe}};

	x->req.before.probe_to = NULL;
	ends[0] = CLOSED;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_doubt(x, "Connection refused");
}

static void
way_refused_empty_sender_is_told(void **state)
{
	struct fixture *x = *state;

	run_kept(x, GOES,
		"undeliverable (host mail.test[192.0.2.1] said: 550 5.7.1 <>: Access "
		"denied (in reply to MAIL FROM command))");
	assert_doubt(x, "no sender");
}

static void
way_that_stays_here_proves_nothing(void **state)
{
	struct fixture *x = *state;

	run_kept(x, GOES, LOCAL);
	assert_doubt(x, "did not leave this machine");
}

/* Of two messages of this uid only the probe goes. */
#define LEFT                                                                             \
	{.argv = "postcat -c * -eq AAAA2",                                               \
		.out = "named_attribute: trace_flags=1\nrecipient: " TO "\n"},           \
		{.argv = "postcat -c * -eq BBBB2",                                       \
			.out = "named_attribute: trace_flags=512\nrecipient: " TO "\n"}, \
	{                                                                                \
		.argv = "postsuper -c * -d BBBB2"                                        \
	}

static void
way_silence_is_no_illness(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE, {.argv = BV, .act = probe},
		{.argv = "postfix -c * reload"}, {.argv = BV, .act = probe}, LEFT};
	int64_t from = x->pf.clock.ms;

	ends[0] = GOES;
	ends[1] = "";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_doubt(x, "10 seconds");
	assert_true(x->pf.clock.ms - from >= 10000);
}

static void
way_dead_client_puts_back_and_leaves_no_probe(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE, {.argv = BV, .act = probe},
		{.argv = "postfix -c * reload"}, {.argv = BV, .act = probe}, LEFT,
		{.argv = "postfix -c * reload"}};

	ends[0] = GOES;
	ends[1] = "fatal: ";
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_PUT_BACK);
	assert_main_cf(x, OLD);
	assert_non_null(strstr(x->r.findings.v[0].text, "Invalid TLS level"));
}

static void
way_not_taken_is_told(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {JUDGE, {.argv = BV, .act = probe},
		{.argv = "postfix -c * reload"},
		{.argv = BV,
			.status = 75,
			.err = "sendmail: fatal: Queue report unavailable\n"}};

	ends[0] = GOES;
	run(x, cmds, N(cmds));
	assert_int_equal(x->r.status, APPLY_DONE);
	assert_doubt(x, "Queue report unavailable");
}

/* --- killed while it is asked -------------------------------------------------------
 */

static void
dies(void *ctx, const struct run_req *req)
{
	(void)ctx;
	(void)req;
	_exit(9);
}

static void
die_asking(struct fixture *x, const char *before)
{
	struct fake_cmd cmds[] = {JUDGE, {.argv = BV, .act = probe},
		{.argv = "postfix -c * reload"}, {.argv = BV, .act = dies}};
	int status = 0;
	pid_t pid;

	ends[0] = before;
	pid = fork();
	if (pid == 0) {
		run(x, cmds, N(cmds));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 9);
	assert_main_cf(x, NEW);
	probes = 1;
}

static void
recover(struct fixture *x, const char *after, bool back)
{
	struct fake_cmd cmds[] = {{.argv = "postfix -c * reload"},
		{.argv = BV, .act = probe}, {.argv = "postfix -c * reload"}};
	const struct apply_recovery how = {
		.svc = &x->svc, .state_dir = x->pf.state, .sendmail = sendmail};

	ends[1] = after;
	script(x, cmds, N(cmds) - !back);
	assert_int_equal(apply_recover(&how, &x->r.findings), APPLY_DONE);
	assert_true(fake_run_done(&x->pf.run));
	unscript(cmds, N(cmds) - !back);
	assert_main_cf(x, back ? OLD : NEW);
	assert_no_litter(x);
}

static void
killed_while_asking_is_asked_again_and_put_back(void **state)
{
	struct fixture *x = *state;

	die_asking(x, GOES);
	recover(x, CLOSED, true);
	assert_int_equal(x->r.findings.v[0].code, DIAG_APPLY_UNDONE);
	assert_int_equal(x->r.findings.v[1].code, DIAG_PF_NO_WAY);
}

static void
killed_while_asking_stays_where_it_goes(void **state)
{
	struct fixture *x = *state;

	die_asking(x, LOGIN);
	recover(x, GOES, false);
}

static void
killed_while_asking_remembers_what_was_refused_before(void **state)
{
	struct fixture *x = *state;

	die_asking(x, LOGIN);
	recover(x, LOGIN, false);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup_way, teardown_way)
	const struct CMUnitTest tests[] = {
		T(way_that_goes_is_a_step),
		T(way_is_not_probed_unless_asked_for),
		T(way_is_not_probed_of_a_stopped_postfix),
		T(way_refused_login_puts_back),
		T(way_refused_before_does_not_count),
		T(way_refused_otherwise_than_before_counts),
		T(way_unreached_counts_where_it_was_gone),
		T(way_unreached_before_and_after_is_told),
		T(way_unreached_is_told_where_nothing_was_asked_before),
		T(way_refused_empty_sender_is_told),
		T(way_that_stays_here_proves_nothing),
		T(way_silence_is_no_illness),
		T(way_dead_client_puts_back_and_leaves_no_probe),
		T(way_not_taken_is_told),
		T(killed_while_asking_is_asked_again_and_put_back),
		T(killed_while_asking_stays_where_it_goes),
		T(killed_while_asking_remembers_what_was_refused_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
