/* SPDX-License-Identifier: MIT
 *
 * What the answers of the guided set-up write, and that they write nothing twice.
 */
#include "session/internal.h"
#include "session/login.h"
#include "session/relay.h"
#include "setup_rig.h"

/* What waits is written, as it would be by an apply. */
static void
reopen(struct scratch *x)
{
	for (size_t i = 0; i < x->s->nfiles; i++) {
		const struct ses_file *f = x->s->files[i];
		const char *name = strrchr(f->path, '/') + 1;
		struct str bytes = {0};

		doc_bytes(&f->doc, &bytes);
		if (sv_starts(sv_of(f->path), x->dir) && bytes.n)
			scratch_write(x->dir, name, str_c(&bytes));
		str_free(&bytes);
	}
	scratch_reopen(x);
	scratch_ask_all(x);
}

struct role_case {
	const char *role, *host, *user, *diff;
};

static const struct role_case roles[] = {
	{"relay", "mail.test.co.jp:587", NULL,
		"-inet_interfaces = localhost\n"
		"+inet_interfaces = localhost, 192.168.1.1, 192.168.2.1\n"
		"+mynetworks = 127.0.0.1/32, [::1]/128, 192.168.1.0/24, 192.168.2.0/24\n"
		"+relayhost = [mail.test.co.jp]:587\n"},
	{"host", "mail.test.co.jp:587", "relay@test.co.jp",
		"+relayhost = [mail.test.co.jp]:587\n"
		"+smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
		"+smtp_sasl_auth_enable = yes\n"
		"+smtp_sasl_tls_security_options = noanonymous\n"
		"+smtp_tls_security_level = encrypt\n"
		"+[mail.test.co.jp]:587\trelay@test.co.jp:****\n"},
	{"direct", NULL, NULL,
		"-inet_interfaces = localhost\n"
		"+inet_interfaces = localhost, 192.168.1.1, 192.168.2.1\n"
		"+mynetworks = 127.0.0.1/32, [::1]/128, 192.168.1.0/24, "
		"192.168.2.0/24\n"},
};

static void
each_role_writes_what_it_needs_and_nothing_the_second_time(void **state)
{
	struct scratch x;

	(void)state;
	for (size_t i = 0; i < N(roles); i++) {
		start(&x, STOCK);
		begin(&x);
		answer(&x, SES_ANS_ROLE, roles[i].role);
		ses_setup_go(x.s, SES_SETUP_UPSTREAM);
		if (roles[i].host)
			answer(&x, SES_ANS_RELAYHOST, roles[i].host);
		if (roles[i].user) {
			answer(&x, SES_ANS_USER, roles[i].user);
			answer(&x, SES_ANS_PASSWORD, "SECRET");
		}
		ses_setup_go(x.s, SES_SETUP_STEPS);
		assert_diff(&x, roles[i].diff);
		reopen(&x);
		assert_int_equal(scratch_changes(&x), 0);
		enter_through(&x);
		assert_diff(&x, "");
		assert_true(read_back(&x));
		assert_diff(&x, "");
		begin(&x);
		assert_value(&x, SES_ANS_ROLE, roles[i].role);
		ses_setup_end(x.s);
		end(&x);
	}
}

static void
login_of_before_is_taken_away_as_often_as_answered(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	assert_true(ses_relay_put(x.s, "[mail.test.co.jp]:587", NULL));
	assert_true(ses_login_set(x.s, "u", "p", NULL));
	begin(&x);
	answer(&x, SES_ANS_ROLE, "host");
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	for (int i = 0; i < 3; i++) {
		answer(&x, SES_ANS_USER, "");
		assert_diff(&x, "+relayhost = [mail.test.co.jp]:587\n");
		answer(&x, SES_ANS_USER, "u");
		assert_int_equal(scratch_changes(&x), 6);
	}
	end(&x);
}

/* The first row that decides counts. */
static void
exception_stands_before_what_it_is_taken_from(void **state)
{
	struct scratch x;

	(void)state;
	begin_on(&x, "relayhost = [a.test]\n"
		     "mynetworks = 127.0.0.0/8, 10.0.0.0/8, 10.0.0.0/16\n");
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	add(&x, SES_ANS_CLIENTS, "!10.0.0.1");
	assert_diff(&x,
		"-mynetworks = 127.0.0.0/8, 10.0.0.0/8, 10.0.0.0/16\n"
		"+mynetworks = 127.0.0.0/8, !10.0.0.1, 10.0.0.0/8, 10.0.0.0/16\n");
	assert_string_equal(question(&x, SES_ANS_CLIENTS)
				    .items[item(&x, SES_ANS_CLIENTS, "!10.0.0.1")]
				    .note,
		"excluded, 1 address");
	end(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_role_writes_what_it_needs_and_nothing_the_second_time),
		cmocka_unit_test(login_of_before_is_taken_away_as_often_as_answered),
		cmocka_unit_test(exception_stands_before_what_it_is_taken_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
