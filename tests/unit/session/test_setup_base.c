/* SPDX-License-Identifier: MIT
 *
 * What the guided set-up finds: what a person made by hand is kept, and in no file of
 * other people is anything changed by Enter alone or by the set-up's own answers.
 */
#include <dirent.h>

#include "setup_rig.h"

static void
relay_made_by_hand_is_kept(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, BY_HAND);
	scratch_write(x.dir, "sasl_passwd", "mail.test.co.jp:587 me:SECRET\n");
	assert_false(ses_setup_offered(x.s));
	enter_through(&x);
	assert_diff(&x, "");
	assert_true(read_back(&x));
	assert_diff(&x, "");
	begin(&x);
	assert_value(&x, SES_ANS_ROLE, "relay");
	assert_value(&x, SES_ANS_MX, "yes");
	assert_value(&x, SES_ANS_USER, "me");
	assert_value(&x, SES_ANS_TLS, "verify");
	assert_int_equal(question(&x, SES_ANS_TLS).nchoices, 5);
	assert_value(&x, SES_ANS_ORIGIN, "/etc/mailname");
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	answer(&x, SES_ANS_RELAYHOST, "mail.other.jp:587");
	answer(&x, SES_ANS_MX, "no");
	ses_setup_go(x.s, SES_SETUP_STEPS);
	assert_diff(&x, "-relayhost = mail.test.co.jp:587\n"
			"+relayhost = [mail.other.jp]:587\n"
			"-mail.test.co.jp:587 me:****\n"
			"+[mail.other.jp]:587 me:****\n");
	end(&x);
}

static void
long_list_is_cut_and_kept(void **state)
{
	struct str cf = {0};
	struct ses_setup_question q;
	struct scratch x;

	(void)state;
	str_add_cstr(&cf, "relayhost = [a.test]\nmynetworks = 127.0.0.0/8");
	for (int i = 0; i < 5000; i++)
		str_addf(&cf, ",\n 10.%d.%d.0/24", i / 256, i % 256);
	str_add_char(&cf, '\n');
	start(&x, str_c(&cf));
	enter_through(&x);
	assert_diff(&x, "");
	assert_true(read_back(&x));
	assert_diff(&x, "");
	begin(&x);
	q = question(&x, SES_ANS_CLIENTS);
	assert_int_equal(q.more, 5001 - 200);
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	add(&x, SES_ANS_CLIENTS, "172.16.0.0/24");
	assert_int_equal(scratch_changes(&x), 1);
	str_free(&cf);
	end(&x);
}

static void
addresses_that_postfix_cannot_use_are_left_out(void **state)
{
	static const char *const nics[] = {"lo 127.0.0.1/8 up loopback",
		"eth0 10.0.0.5/24 up", "eth0 fe80::5/64 up", NULL};
	struct ses_setup_question q;
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	x.nic.rows = nics;
	begin(&x);
	q = question(&x, SES_ANS_LISTEN);
	for (size_t i = 0; i < q.nitems; i++)
		assert_null(strstr(q.items[i].text, "fe80"));
	assert_int_equal(q.nitems, 3);
	end(&x);
}

static void
judge_file(const char *path)
{
	struct scratch x;
	static char text[1 << 20];
	FILE *f = fopen(path, "re");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	(void)fclose(f);
	if (memchr(text, '\0', n))
		return;
	text[n] = '\0';
	start(&x, text);
	if (ses_setup_begin(x.s, NULL)) {
		bool stock = ses_setup_offered(x.s);

		ses_setup_end(x.s);
		if (!stock)
			enter_through(&x);
		if (scratch_changes(&x) || !read_back(&x) || scratch_changes(&x)) {
			char *diff = scratch_diff(&x);

			fail_msg("%s:\n%s", path, diff);
		}
	}
	end(&x);
}

static void
enter_and_its_own_answers_change_no_file_of_others(void **state)
{
	const char *corpus = getenv("PR_CORPUS");
	char *dir = corpus ? str_format("%s/main.cf", corpus) : NULL;
	struct dirent **v;
	int n = dir ? scandir(dir, &v, NULL, alphasort) : -1;

	(void)state;
	if (n < 0) {
		free(dir);
		print_message("skipped: PR_CORPUS is not set\n");
		skip();
	}
	for (int i = 0; i < n; i++) {
		char *path = str_format("%s/%s", dir, v[i]->d_name);

		if (v[i]->d_name[0] != '.')
			judge_file(path);
		free(path);
		free(v[i]);
	}
	free(v);
	free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relay_made_by_hand_is_kept),
		cmocka_unit_test(long_list_is_cut_and_kept),
		cmocka_unit_test(addresses_that_postfix_cannot_use_are_left_out),
		cmocka_unit_test(enter_and_its_own_answers_change_no_file_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
