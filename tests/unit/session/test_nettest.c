/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "fake/fake_postfix.h"
#include "session/networks.h"
#include "session/nettest.h"
#include "session/review.h"
#include "scratch.h"
#include "unit/model/truth.h"

#define DEFAULTS                                                                         \
	"compatibility_level = 0\nenable_long_queue_ids = no\nmail_version = 3.7.11\n"   \
	"mydestination = $myhostname, localhost.$mydomain, localhost\n"                  \
	"myhostname = machine.example\nmynetworks_style = ${{$compatibility_level} "     \
	"<level {2} ? {subnet} : {host}}\n"                                              \
	"parent_domain_matches_subdomains = debug_peer_list,fast_flush_domains,"         \
	"mynetworks,relay_domains\nqueue_directory = /nonexistent\n"                     \
	"smtpd_client_restrictions = \nsmtpd_recipient_restrictions = \n"                \
	"smtpd_peername_lookup = yes\nsmtpd_relay_before_recipient_restrictions = "      \
	"${{$compatibility_level} <level {3.6} ? {no} : {yes}}\n"                        \
	"smtpd_relay_restrictions = ${{$compatibility_level} <level {1} ? {} : "         \
	"{permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}\n"    \
	"smtpd_restriction_classes = \n"

static const struct fake_cmd postconf[] = {
	{.argv = "/usr/sbin/postconf -d", .out = DEFAULTS, .always = true},
	{.argv = "/usr/sbin/postconf -c * mynetworks",
		.out = "mynetworks = 127.0.0.0/8 192.168.1.0/24 [::1]/128\n",
		.always = true},
};

static void
open_with(struct scratch *x, const char *main_cf, const char *master_cf)
{

	scratch_open(x, main_cf, "");
	scratch_write(x->dir, "master.cf", master_cf);
	x->run.script = postconf;
	x->run.n = sizeof(postconf) / sizeof(postconf[0]);
	scratch_reopen(x);
}

static void
done(struct scratch *x)
{
	static const char *const names[] = {"master.cf", "nets", "nets2", "nets3",
		"netsbad", "netskv", "netsempty", "cidrf", "cidrbad", "textf", "pcref",
		"t", "t.db"};
	char path[160];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", x->dir, names[i]);
		unlink(path);
	}
	scratch_close(x);
}

#define LEVEL "compatibility_level = 3.6\n"
#define SMTP "smtp inet n - y - - smtpd\n"

/* "says;row;line;why" of one answer. */
static void
assert_says(struct scratch *x, const char *who, const char *says, const char *row)
{
	struct ses_net_answer a;

	ses_net_test_wait(x->s, who, &a);
	if (strcmp(ses_net_word(a.is.says), says) != 0 ||
		strcmp(a.is.row ? a.is.row : "-", row) != 0)
		print_message("%s: %s %s (%s)\n", who, ses_net_word(a.is.says),
			a.is.row ? a.is.row : "-", a.is.why);
	assert_string_equal(ses_net_word(a.is.says), says);
	assert_string_equal(a.is.row ? a.is.row : "-", row);
}

static void
first_row_that_matches_decides(void **state)
{
	static const char *const asked[][3] = {
		{"192.168.1.250", "denied", "!192.168.1.250"},
		{"192.168.1.7", "allowed", "192.168.1.0/24"},
		{"::ffff:192.168.1.7", "allowed", "192.168.1.0/24"},
		{"10.21.4.9", "allowed", "10.21.4.9"},
		{"203.0.113.77", "can't tell", "printers.test"},
		{"unknown[203.0.113.77]", "denied", "-"},
		{"a.printers.test[203.0.113.7]", "allowed", "printers.test"},
		{"172.16.0.1", "can't tell", "printers.test"},
		{"10.99.0.1", "allowed", "$lan"},
		{"::1", "can't tell", "printers.test"},
	};
	struct ses_net_answer a;
	struct scratch x;

	(void)state;
	open_with(&x,
		LEVEL "lan = 10.99.0.0/16\n"
		      "mynetworks = !192.168.1.250, 192.168.1.0/24\n"
		      "    # a comment\n    #10.0.0.0/8\n"
		      "    $config_directory/nets $lan\n",
		SMTP);
	scratch_write(x.dir, "nets", "# top\n10.20.0.0/16\n10.21.4.9, printers.test\n");
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		assert_says(&x, asked[i][0], asked[i][1], asked[i][2]);
	ses_net_test_wait(x.s, "10.21.4.9", &a);
	assert_int_equal(a.is.line, 3);
	assert_int_equal(a.is.before, 3);
	assert_non_null(strstr(a.is.file, "/nets"));
	assert_false(a.is_new);
	done(&x);
}

/* mydomain comes from myhostname, which must not come from mydomain again. */
static void
name_made_of_the_domain_made_of_it_ends(void **state)
{
	struct scratch x;

	(void)state;
	open_with(&x,
		LEVEL "myhostname = mail.$mydomain\nmynetworks = x$mydomain 10.0.0.0/8\n",
		SMTP);
	assert_says(&x, "a.test[10.0.0.1]", "allowed", "10.0.0.0/8");
	done(&x);
}

static void
waiting_edits_answer_now_and_tell_what_runs(void **state)
{
	struct ses_net_new new = {.text = "192.168.3.0/24", .before = SIZE_MAX};
	struct ses_net_answer a;
	struct scratch x;

	(void)state;
	open_with(&x, LEVEL "mynetworks = 127.0.0.0/8\n", SMTP);
	ses_net_test_wait(x.s, "192.168.3.7", &a);
	assert_int_equal(a.is.says, SES_NET_DENIED);
	assert_true(ses_net_add(x.s, &new, NULL, NULL));
	ses_net_test_wait(x.s, "192.168.3.7", &a);
	assert_int_equal(a.is.says, SES_NET_ALLOWED);
	assert_true(a.is_new);
	assert_int_equal(a.running, SES_NET_DENIED);
	assert_string_equal(a.is.row, "192.168.3.0/24");
	done(&x);
}

static void
unset_mynetworks_goes_by_derived_rows(void **state)
{
	struct ses_net_answer a;
	struct scratch x;

	(void)state;
	open_with(&x, LEVEL, SMTP);
	assert_false(ses_net_test(x.s, "192.168.1.9", false, &a));
	assert_says(&x, "192.168.1.9", "allowed", "192.168.1.0/24");
	assert_says(&x, "203.0.113.1", "denied", "-");
	done(&x);
}

static const struct {
	const char *main_cf, *who, *says, *row;
} restrictions[] = {
	{"", "203.0.113.7", "no greeting", "-"},
	{"smtpd_relay_restrictions = permit_mynetworks\n", "10.0.0.1", "no greeting",
		"-"},
	{"smtpd_relay_restrictions = permit, reject_unauth_destination\n", "10.0.0.1",
		"no greeting", "-"},
	{LEVEL, "203.0.113.7", "denied", "-"},
	{LEVEL, "10.0.0.1", "allowed", "10.0.0.0/8"},
	{"smtpd_recipient_restrictions = permit_mynetworks reject\n", "10.0.0.1",
		"allowed", "10.0.0.0/8"},
	{LEVEL "smtpd_recipient_restrictions = permit_mynetwork, reject\n", "10.0.0.1",
		"451", "-"},
	{LEVEL "smtpd_recipient_restrictions = check_policy_service "
	       "inet:127.0.0.1:10023, permit_mynetworks\n",
		"10.0.0.1", "can't tell", "-"},
	{LEVEL "smtpd_recipient_restrictions = check_policy_service "
	       "inet:127.0.0.1:10023, permit_mynetworks\n",
		"203.0.113.7", "denied", "-"},
	{LEVEL "smtpd_recipient_restrictions = permit_mynetworks, "
	       "check_policy_service inet:127.0.0.1:10023\n",
		"10.0.0.1", "allowed", "10.0.0.0/8"},
	{LEVEL "smtpd_client_restrictions = permit_mynetworks, reject\n", "203.0.113.7",
		"denied", "-"},
	{LEVEL "smtpd_client_restrictions = reject_rbl_client bl.test\n", "10.0.0.1",
		"can't tell", "-"},
	{LEVEL "smtpd_restriction_classes = office\noffice = permit_mynetworks, reject\n"
	       "smtpd_recipient_restrictions = office\n",
		"203.0.113.7", "denied", "-"},
	{LEVEL "smtpd_recipient_restrictions = warn_if_reject reject, "
	       "permit_mynetworks\n",
		"10.0.0.1", "allowed", "10.0.0.0/8"},
	{LEVEL "smtpd_recipient_restrictions = check_client_access\n", "10.0.0.1", "451",
		"-"},
	{LEVEL "smtpd_relay_restrictions = permit_sasl_authenticated, reject\n",
		"10.0.0.1", "denied", "-"},
	{LEVEL "smtpd_relay_restrictions = permit_mynetworks, defer_if_permit\n",
		"203.0.113.7", "denied", "-"},
	{"compatibility_level = abc\n", "10.0.0.1", "no greeting", "-"},
	{"smtpd_relay_restrictions = Reject_Unauth_Destination\n", "10.0.0.1", "denied",
		"-"},
	{"smtpd_relay_restrictions = Permit, reject\n", "10.0.0.1", "no greeting", "-"},
	{LEVEL "smtpd_sender_restrictions = permit_sasl_authenticated, reject\n",
		"10.0.0.1", "denied", "-"},
	{LEVEL "smtpd_helo_restrictions = permit_mynetworks, nonsense\n", "203.0.113.7",
		"451", "-"},
	{LEVEL "smtpd_helo_restrictions = check_policy_service unix:p\n", "10.0.0.1",
		"can't tell", "-"},
	/* what a table says of a sender, in a list that lets nobody relay */
	{LEVEL "smtpd_sender_restrictions = check_sender_access hash:/nowhere\n",
		"10.0.0.1", "allowed", "10.0.0.0/8"},
	{LEVEL "smtpd_sender_restrictions = check_sender_access hash:/nowhere, reject\n",
		"10.0.0.1", "can't tell", "-"},
	/* denied by the table, 451 behind it, and no more is looked at */
	{LEVEL "smtpd_client_restrictions = check_client_access hash:/nowhere\n"
	       "smtpd_helo_restrictions = nonsense\n",
		"203.0.113.7", "can't tell", "-"},
	{LEVEL "smtpd_restriction_classes = gone\n", "10.0.0.1", "no greeting", "-"},
	{LEVEL "smtpd_restriction_classes = c\nc = $nothing\n", "10.0.0.1", "no greeting",
		"-"},
};

static void
restrictions_are_consulted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(restrictions) / sizeof(restrictions[0]); i++) {
		char text[600];
		struct scratch x;

		snprintf(text, sizeof(text), "mynetworks = 10.0.0.0/8\n%s",
			restrictions[i].main_cf);
		open_with(&x, text, SMTP);
		print_message("%zu ", i);
		assert_says(&x, restrictions[i].who, restrictions[i].says,
			restrictions[i].row);
		done(&x);
	}
	print_message("\n");
}

static void
each_service_with_its_own_settings(void **state)
{
	struct ses_net_answer a;
	struct scratch x;

	(void)state;
	open_with(&x,
		LEVEL "mynetworks = 10.0.0.0/8\nmua = permit_sasl_authenticated,reject\n",
		"smtp inet n - y - 1 postscreen\n"
		"smtpd pass - - y - - smtpd\n  -o mynetworks=10.1.0.0/16\n"
		"submission inet n - y - - smtpd\n"
		"  -o smtpd_tls_security_level=encrypt\n"
		"  -o smtpd_relay_restrictions=$mua\n"
		"#smtps inet n - y - - smtpd\n"
		"10026 inet n - n - - smtpd\n"
		"  -o { smtpd_client_restrictions = permit_mynetworks, reject }\n"
		"relay unix - - y - - smtp\n");
	ses_net_test_wait(x.s, "10.1.2.3", &a);
	assert_int_equal(a.is.says, SES_NET_ALLOWED);
	assert_string_equal(a.is.service, "smtp");
	assert_string_equal(a.is.row, "10.1.0.0/16");
	assert_int_equal(a.is.line, 2);
	assert_int_equal(a.nothers, 1);
	assert_string_equal(a.others[0].service, "submission");
	assert_int_equal(a.others[0].says, SES_NET_DENIED);
	ses_net_test_wait(x.s, "10.2.2.3", &a);
	assert_int_equal(a.is.says, SES_NET_DENIED);
	assert_int_equal(a.nothers, 1);
	assert_string_equal(a.others[0].service, "10026");
	done(&x);
}

static void
bad_address_is_told(void **state)
{
	struct ses_net_answer a;
	struct scratch x;

	(void)state;
	open_with(&x, LEVEL, SMTP);
	assert_true(ses_net_test(x.s, "10.0.0.256", false, &a));
	assert_true(a.bad_address);
	assert_true(ses_net_test(x.s, "", false, &a));
	assert_true(a.bad_address);
	done(&x);
}

/* Where postmap may not run, the source tells as long as it isn't newer. */
static void
indexed_table_without_postmap_goes_by_its_source(void **state)
{
	char text[200];
	struct scratch x;

	(void)state;
	open_with(&x, LEVEL "mynetworks = hash:$config_directory/t\n", SMTP);
	scratch_write(x.dir, "t", "10.0.0.1 x\nhost.test x\n");
	assert_says(&x, "unknown[10.0.0.1]", "451", "hash:$config_directory/t");
	scratch_write(x.dir, "t.db", "");
	assert_says(&x, "10.0.0.1", "allowed", "hash:$config_directory/t");
	assert_says(&x, "a.host.test[10.0.0.2]", "allowed", "hash:$config_directory/t");
	assert_says(&x, "10.0.0.2", "can't tell", "hash:$config_directory/t");
	assert_says(&x, "unknown[10.0.0.2]", "denied", "-");
	snprintf(text, sizeof(text), "touch -d 2001-01-01 %s/t.db", x.dir);
	assert_int_equal(system(text), 0);
	assert_says(&x, "unknown[10.0.0.1]", "can't tell", "hash:$config_directory/t");
	done(&x);
}

/* --- every row of truth/mynetworks.tsv ---------------------------------------- */

static void
write_truth_files(struct scratch *x)
{
	scratch_write(x->dir, "nets", "127.0.0.2\n127.0.0.3 # not a comment??\n");
	scratch_write(x->dir, "nets2", "# c\n127.0.0.2,127.0.0.3\n");
	scratch_write(x->dir, "nets3", "127.0.0.2\n\t127.0.0.3\n");
	scratch_write(x->dir, "netsbad", "127.0.0.5/24\n");
	scratch_write(x->dir, "netskv", "key 127.0.0.2\n");
	scratch_write(x->dir, "netsempty", "");
	scratch_write(x->dir, "cidrf", "127.0.0.2/32 OK\n");
	scratch_write(x->dir, "cidrbad", "127.0.0.5/24 OK\n127.0.0.2/32 OK\n");
	scratch_write(x->dir, "textf", "127.0.0.2 OK\n");
	scratch_write(x->dir, "pcref", "/^127\\.0\\.0\\.2$/ OK\n");
}

static const char *
word_of_truth(struct sv verdict, struct sv cell)
{
	if (sv_eq_str(verdict, "fatal"))
		return "no greeting";
	if (sv_starts(cell, "451"))
		return "451";
	return sv_eq_str(cell, "relay") ? "allowed" : "denied";
}

static void
truth_every_row_agrees(void **state)
{
	static const char *const clients[] = {"unknown[127.0.0.2]",
		"client3.pf.test[127.0.0.3]", "localhost[::1]",
		"gw.pf.test[2001:db8::10]"};
	FILE *f = truth_open("mynetworks.tsv");
	size_t rows = 0, bad = 0, asked = 0;
	char line[4096], text[4300];
	struct sv col[TRUTH_COLUMNS];

	(void)state;
	if (!f)
		skip();
	while (truth_row(f, line, sizeof(line), col)) {
		char *p = (char *)(uintptr_t)col[0].p;
		size_t n = truth_unescape(p, col[0].n);
		struct scratch x;

		snprintf(text, sizeof(text),
			LEVEL "myhostname = host.pf.test\nmynetworks = %.*s\n", (int)n,
			p);
		for (char *c = text; (c = strstr(c, "D3/etc")); c++)
			memcpy(c, "/D3/et", 6);
		open_with(&x, text, SMTP);
		write_truth_files(&x);
		rows++;
		for (size_t i = 0; i < 4; i++) {
			const char *want = word_of_truth(col[1], col[2 + i]), *got;
			struct ses_net_answer a;

			ses_net_test_wait(x.s, clients[i], &a);
			got = ses_net_word(a.is.says);
			/* regexp: and pcre: are Postfix's to answer. */
			if (a.is.says == SES_NET_CANT_TELL &&
				(strstr(text, "regexp:") || strstr(text, "pcre:"))) {
				asked++;
				continue;
			}
			if (strcmp(got, want) != 0 && ++bad)
				print_message("%.*s %s: %s, want %s\n", (int)n, p,
					clients[i], got, want);
		}
		done(&x);
	}
	(void)fclose(f);
	print_message("%zu rows, %zu answers left to Postfix\n", rows, asked);
	assert_int_equal(bad, 0);
	assert_true(rows > 60);
	assert_int_equal(asked, 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_row_that_matches_decides),
		cmocka_unit_test(name_made_of_the_domain_made_of_it_ends),
		cmocka_unit_test(waiting_edits_answer_now_and_tell_what_runs),
		cmocka_unit_test(unset_mynetworks_goes_by_derived_rows),
		cmocka_unit_test(restrictions_are_consulted),
		cmocka_unit_test(each_service_with_its_own_settings),
		cmocka_unit_test(bad_address_is_told),
		cmocka_unit_test(indexed_table_without_postmap_goes_by_its_source),
		cmocka_unit_test(truth_every_row_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
