/* SPDX-License-Identifier: MIT
 *
 * The guided set-up as a whole: what a walk writes, that going back leaves nothing
 * behind, that it can be left and taken up again, and who has none.
 */
#include "session/draft.h"
#include "session/params.h"
#include "session/review.h"
#include "setup_rig.h"

static void
lan_walk(struct scratch *x)
{
	begin(x);
	ses_setup_go(x->s, SES_SETUP_NAME);
	ses_setup_go(x->s, SES_SETUP_LISTEN);
	ses_setup_go(x->s, SES_SETUP_CLIENTS);
	add(x, SES_ANS_CLIENTS, "192.168.3.0/24");
	ses_setup_go(x->s, SES_SETUP_UPSTREAM);
	answer(x, SES_ANS_RELAYHOST, "mail.test.co.jp:587");
	ses_setup_go(x->s, SES_SETUP_PEOPLE);
	add(x, SES_ANS_ALIASES, "test-str-001: root");
	ses_setup_go(x->s, SES_SETUP_LOG);
	ses_setup_go(x->s, SES_SETUP_STEPS);
}

static const char LAN_DIFF[] =
	"-inet_interfaces = localhost\n"
	"+inet_interfaces = localhost, 192.168.1.1, 192.168.2.1\n"
	"+mynetworks = 127.0.0.1/32, [::1]/128, 192.168.1.0/24, 192.168.2.0/24,\n"
	"+    192.168.3.0/24\n"
	"+relayhost = [mail.test.co.jp]:587\n"
	"+test-str-001: root\n";

static void
walk_through_the_steps_writes_what_was_answered(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	lan_walk(&x);
	assert_diff(&x, LAN_DIFF);
	ses_setup_end(x.s);
	assert_diff(&x, LAN_DIFF);
	assert_string_equal(ses_undo(x.s), "set-up");
	assert_int_equal(scratch_changes(&x), 0);
	assert_null(ses_undo(x.s));
	assert_string_equal(ses_redo(x.s), "set-up");
	assert_diff(&x, LAN_DIFF);
	end(&x);
}

static void
going_back_leaves_nothing_behind(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	lan_walk(&x);
	ses_setup_go(x.s, SES_SETUP_UPSTREAM); /* open: still in the picture */
	assert_int_equal(scratch_changes(&x), 3);
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	assert_int_equal(scratch_changes(&x), 2);
	ses_setup_go(x.s, SES_SETUP_ROLE);
	assert_int_equal(scratch_changes(&x), 0);
	assert_null(ses_redo(x.s));
	answer(&x, SES_ANS_ROLE, "host");
	assert_value(&x, SES_ANS_RELAYHOST, "mail.test.co.jp:587");
	answer(&x, SES_ANS_ROLE, "relay");
	ses_setup_go(x.s, SES_SETUP_STEPS);
	assert_diff(&x, LAN_DIFF);
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	ses_setup_end(x.s); /* the open step goes */
	assert_int_equal(scratch_changes(&x), 2);
	assert_string_equal(ses_undo(x.s), "set-up");
	assert_int_equal(scratch_changes(&x), 0);
	end(&x);
}

static void
change_dropped_in_the_review_comes_back_with_its_step(void **state)
{
	struct scratch x;
	const struct ses_change *v;
	size_t n;

	(void)state;
	start(&x, STOCK);
	lan_walk(&x);
	n = ses_changes(x.s, &v);
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name, "relayhost") == 0) {
			assert_true(ses_change_drop(x.s, i, NULL));
			break;
		}
	assert_true(is_on(&x, SES_ANS_CLIENTS, "192.168.1.0/24")); /* a look */
	assert_int_equal(scratch_changes(&x), n - 1);
	ses_setup_go(x.s, SES_SETUP_LOG);
	ses_setup_go(x.s, SES_SETUP_STEPS);
	assert_diff(&x, LAN_DIFF);
	end(&x);
}

static void
die_and_take_the_draft(struct scratch *x)
{
	struct ses_draft draft;

	ses_setup_end(x->s);
	assert_true(ses_draft_keep(x->s, NULL));
	ses_draft_end(x->s, true);
	scratch_reopen(x);
	scratch_ask_all(x);
	assert_true(ses_draft_waits(x->s, &draft, NULL));
	assert_true(ses_draft_take(x->s, NULL));
}

static void
left_in_the_middle_and_taken_up_again(void **state)
{
	struct scratch x;

	(void)state;
	begin_on(&x, STOCK);
	ses_setup_go(x.s, SES_SETUP_LISTEN);
	tick(&x, SES_ANS_LISTEN, "192.168.2.1", false);
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	die_and_take_the_draft(&x);
	assert_true(ses_setup_offered(x.s));
	begin(&x);
	assert_from(&x, SES_ANS_LISTEN, SES_Q_KEPT);
	assert_false(is_on(&x, SES_ANS_LISTEN, "192.168.2.1"));
	assert_true(is_on(&x, SES_ANS_CLIENTS, "192.168.1.0/24"));
	assert_false(is_on(&x, SES_ANS_CLIENTS, "192.168.2.0/24"));
	ses_setup_end(x.s);
	assert_int_equal(scratch_changes(&x), 1);
	ses_draft_end(x.s, false);
	end(&x);
}

/* A draft holds no password: the user stays, and nothing goes on without it. */
static void
password_that_a_draft_lost_is_asked_for(void **state)
{
	enum ses_setup_ask which = SES_ANS_ROLE;
	struct ses_review review;
	struct scratch x;

	(void)state;
	begin_on(&x, STOCK);
	answer(&x, SES_ANS_ROLE, "host");
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	answer(&x, SES_ANS_RELAYHOST, "mail.test.co.jp:587");
	answer(&x, SES_ANS_USER, "relay@test.co.jp");
	answer(&x, SES_ANS_PASSWORD, "SECRET");
	ses_setup_go(x.s, SES_SETUP_PEOPLE);
	die_and_take_the_draft(&x);
	ses_review(x.s, false, &review);
	assert_int_equal(review.nholds, 1);
	assert_int_equal(review.holds[0]->code, DIAG_AUTH_EMPTY);
	begin(&x);
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	assert_value(&x, SES_ANS_USER, "relay@test.co.jp");
	assert_value(&x, SES_ANS_PASSWORD, "");
	assert_int_equal(question(&x, SES_ANS_PASSWORD).said.mark, '!');
	assert_int_equal(question(&x, SES_ANS_RELAYHOST).said.mark, 0);
	assert_false(ses_setup_ready(x.s, SES_SETUP_UPSTREAM, &which, NULL));
	assert_int_equal(which, SES_ANS_PASSWORD);
	answer(&x, SES_ANS_PASSWORD, "SECRET");
	assert_true(ses_setup_ready(x.s, SES_SETUP_UPSTREAM, &which, NULL));
	ses_setup_go(x.s, SES_SETUP_STEPS);
	ses_review(x.s, false, &review);
	assert_int_equal(review.nholds, 0);
	assert_int_equal(scratch_changes(&x), 6);
	ses_draft_end(x.s, false);
	end(&x);
}

static void
read_only_session_has_no_set_up(void **state)
{
	struct ses_setup_verdict v;
	struct ses_setup_view view;
	struct diags d = {0};
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	scratch_reopen_with(&x, (struct ses_opts){.read_only = true});
	assert_false(ses_setup_offered(x.s));
	assert_false(ses_setup_begin(x.s, &d));
	assert_int_equal(d.v[0].code, DIAG_READ_ONLY);
	assert_false(ses_setup_runs(x.s));
	assert_false(ses_setup_answer(x.s, SES_ANS_ROLE, "host", NULL));
	assert_false(ses_setup_tick(x.s, SES_ANS_LISTEN, 0, true, NULL));
	assert_false(ses_setup_remove(x.s, SES_ANS_CLIENTS, 0));
	ses_setup_judge(x.s, SES_ANS_RELAYHOST, "a.test", &v);
	ses_setup_view(x.s, SES_SETUP_ROLE, &view);
	assert_int_equal(view.n, 0);
	ses_setup_go(x.s, SES_SETUP_LOG);
	ses_setup_end(x.s);
	assert_false(ses_setup_read(x.s, x.dir, NULL));
	diag_clear(&d);
	end(&x);
}

static void
set_up_is_the_next_step_until_there_is_a_relay_host(void **state)
{
	struct ses_next next;
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	ses_next(x.s, &next);
	assert_string_equal(next.screen, "setup");
	assert_true(ses_param_set(x.s, "inet_interfaces", "all", NULL));
	ses_next(x.s, &next);
	assert_string_equal(next.screen, "setup");
	assert_true(ses_param_set(x.s, "relayhost", "[mail.test.co.jp]", NULL));
	assert_false(ses_setup_offered(x.s));
	ses_next(x.s, &next);
	assert_string_not_equal(next.screen, "setup");
	end(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walk_through_the_steps_writes_what_was_answered),
		cmocka_unit_test(going_back_leaves_nothing_behind),
		cmocka_unit_test(change_dropped_in_the_review_comes_back_with_its_step),
		cmocka_unit_test(left_in_the_middle_and_taken_up_again),
		cmocka_unit_test(password_that_a_draft_lost_is_asked_for),
		cmocka_unit_test(read_only_session_has_no_set_up),
		cmocka_unit_test(set_up_is_the_next_step_until_there_is_a_relay_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
