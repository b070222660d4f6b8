/* SPDX-License-Identifier: MIT
 *
 * The questions: which are asked, and what is proposed to whom.
 */
#include <errno.h>
#include <sys/stat.h>

#include "session/internal.h"
#include "setup_rig.h"

static void
stock_file_gets_proposals_from_the_machine(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	assert_true(ses_setup_offered(x.s));
	begin(&x);
	assert_int_equal(ses_setup_role(x.s), SES_ROLE_LAN);
	assert_from(&x, SES_ANS_ROLE, SES_Q_PROPOSED);
	assert_from(&x, SES_ANS_HOSTNAME, SES_Q_KEPT);
	assert_from(&x, SES_ANS_LISTEN, SES_Q_PROPOSED);
	assert_string_equal(question(&x, SES_ANS_LISTEN).now, "localhost");
	assert_true(is_on(&x, SES_ANS_LISTEN, "127.0.0.1"));
	assert_true(is_on(&x, SES_ANS_LISTEN, "192.168.1.1"));
	assert_false(is_on(&x, SES_ANS_LISTEN, "203.0.113.5"));
	assert_false(is_on(&x, SES_ANS_LISTEN, "all"));
	assert_true(is_on(&x, SES_ANS_CLIENTS, "127.0.0.1/32"));
	assert_true(is_on(&x, SES_ANS_CLIENTS, "192.168.2.0/24"));
	assert_false(is_on(&x, SES_ANS_CLIENTS, "203.0.113.0/24"));
	assert_int_equal(scratch_changes(&x), 0);
	end(&x);
}

struct nics_case {
	const char *nics[6];
	const char *inet, *role, *diff;
};

/* An address of DHCP may go, and then no program of Postfix runs: better listen to all.
 */
static void
addresses_that_may_go_are_not_proposed(void **state)
{
	static const struct nics_case all[] = {
		{{"lo 127.0.0.1/8 up loopback", "eth0 10.0.0.5/24 up transient", NULL},
			"inet_interfaces = localhost\n", "relay",
			"-inet_interfaces = localhost\n+inet_interfaces = all\n"},
		{{"lo 127.0.0.1/8 up loopback", "eth0 10.0.0.5/24 up transient",
			 "eth1 10.1.0.5/24 up", "eth2 10.2.0.5/24", NULL},
			"inet_interfaces = localhost\n", "relay",
			"-inet_interfaces = localhost\n"
			"+inet_interfaces = localhost, 10.1.0.5\n"},
		{{"lo 127.0.0.1/8 up loopback", "eth0 10.0.0.5/24 up", NULL}, "", "relay",
			""},
		{{"lo 127.0.0.1/8 up loopback", "eth0 10.0.0.5/24 up",
			 "eth1 192.0.2.5/24 up", NULL},
			"", "relay", "+inet_interfaces = 127.0.0.1, 10.0.0.5\n"},
		{{"lo 127.0.0.1/8 up loopback", "eth1 192.0.2.5/24 up", NULL}, "", "host",
			"+inet_interfaces = loopback-only\n"},
		{{"lo 127.0.0.1/8 up loopback", "eth0 10.0.0.5/24 up",
			 "eth0 fd00::5/64 up", NULL},
			"inet_interfaces = loopback-only\ninet_protocols = ipv4\n",
			"relay",
			"-inet_interfaces = loopback-only\n"
			"+inet_interfaces = 127.0.0.1, 10.0.0.5\n"},
	};
	struct scratch x;

	(void)state;
	for (size_t i = 0; i < N(all); i++) {
		start(&x, all[i].inet);
		x.nic.rows = all[i].nics;
		begin(&x);
		assert_value(&x, SES_ANS_ROLE, all[i].role);
		ses_setup_go(x.s, SES_SETUP_LISTEN);
		assert_diff(&x, all[i].diff);
		end(&x);
	}
}

static void
clients_follow_the_addresses_that_are_ticked(void **state)
{
	struct scratch x;

	(void)state;
	begin_on(&x, "inet_interfaces = loopback-only\n");
	ses_setup_go(x.s, SES_SETUP_LISTEN);
	tick(&x, SES_ANS_LISTEN, "192.168.2.1", false);
	assert_false(is_on(&x, SES_ANS_CLIENTS, "192.168.2.0/24"));
	assert_true(is_on(&x, SES_ANS_CLIENTS, "192.168.1.0/24"));
	tick(&x, SES_ANS_LISTEN, "all", true);
	tick(&x, SES_ANS_LISTEN, "203.0.113.5", false);
	assert_false(is_on(&x, SES_ANS_LISTEN, "all"));
	assert_true(is_on(&x, SES_ANS_LISTEN, "192.168.1.1"));
	ses_setup_go(x.s, SES_SETUP_CLIENTS);
	tick(&x, SES_ANS_CLIENTS, "[::1]/128", false);
	add(&x, SES_ANS_CLIENTS, "10.1.0.0/16, 10.2.0.0/16");
	assert_true(ses_setup_remove(
		x.s, SES_ANS_CLIENTS, item(&x, SES_ANS_CLIENTS, "10.2.0.0/16")));
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	assert_diff(&x, "-inet_interfaces = loopback-only\n"
			"+inet_interfaces = 127.0.0.1, ::1, 192.168.1.1, 192.168.2.1\n"
			"+mynetworks = 127.0.0.1/32, 192.168.1.0/24, 192.168.2.0/24,\n"
			"+    10.1.0.0/16\n");
	end(&x);
}

static void
other_role_proposes_anew(void **state)
{
	struct scratch x;

	(void)state;
	begin_on(&x, "inet_interfaces = loopback-only\nrelayhost = [mail.test.co.jp]\n"
		     "mynetworks = 127.0.0.0/8\n");
	assert_value(&x, SES_ANS_ROLE, "host");
	answer(&x, SES_ANS_ROLE, "direct");
	assert_value(&x, SES_ANS_RELAYHOST, "");
	assert_string_equal(question(&x, SES_ANS_RELAYHOST).now, "mail.test.co.jp");
	ses_setup_go(x.s, SES_SETUP_STEPS);
	assert_diff(&x, "-inet_interfaces = loopback-only\n"
			"-relayhost = [mail.test.co.jp]\n"
			"-mynetworks = 127.0.0.0/8\n"
			"+inet_interfaces = 127.0.0.1, ::1, 192.168.1.1, 192.168.2.1\n"
			"+mynetworks = 127.0.0.0/8, 192.168.1.0/24, 192.168.2.0/24\n");
	ses_setup_go(x.s, SES_SETUP_ROLE);
	answer(&x, SES_ANS_ROLE, "host");
	ses_setup_go(x.s, SES_SETUP_STEPS);
	assert_diff(&x, "");
	end(&x);
}

static void
login_and_port_set_tls_and_an_answer_has_the_last_word(void **state)
{
	struct scratch x;
	enum ses_setup_ask which = SES_ANS_ROLE;

	(void)state;
	begin_on(&x, STOCK);
	ses_setup_go(x.s, SES_SETUP_UPSTREAM);
	assert_false(ses_setup_ready(x.s, SES_SETUP_UPSTREAM, &which, NULL));
	assert_int_equal(which, SES_ANS_RELAYHOST);
	answer(&x, SES_ANS_RELAYHOST, "mail.test.co.jp:465");
	assert_value(&x, SES_ANS_TLS, "encrypt");
	assert_from(&x, SES_ANS_TLS, SES_Q_PROPOSED);
	answer(&x, SES_ANS_RELAYHOST, "mail.test.co.jp");
	assert_value(&x, SES_ANS_TLS, "none");
	answer(&x, SES_ANS_USER, "u");
	assert_false(ses_setup_ready(x.s, SES_SETUP_UPSTREAM, &which, NULL));
	assert_int_equal(which, SES_ANS_PASSWORD);
	assert_value(&x, SES_ANS_TLS, "encrypt");
	assert_from(&x, SES_ANS_TLS, SES_Q_PROPOSED);
	answer(&x, SES_ANS_PASSWORD, "p");
	assert_true(ses_setup_ready(x.s, SES_SETUP_UPSTREAM, &which, NULL));
	assert_value(&x, SES_ANS_TLS, "encrypt");
	assert_value(&x, SES_ANS_PASSWORD, "yes");
	answer(&x, SES_ANS_TLS, "may");
	assert_value(&x, SES_ANS_TLS, "may");
	answer(&x, SES_ANS_USER, "");
	answer(&x, SES_ANS_PASSWORD, "");
	answer(&x, SES_ANS_TLS, "none");
	assert_diff(&x, "-inet_interfaces = localhost\n"
			"+inet_interfaces = localhost, 192.168.1.1, 192.168.2.1\n"
			"+mynetworks = 127.0.0.1/32, [::1]/128, 192.168.1.0/24, "
			"192.168.2.0/24\n"
			"+relayhost = [mail.test.co.jp]\n");
	end(&x);
}

static void
log_is_asked_where_postfix_can_keep_its_own(void **state)
{
	struct ses_setup_question q;
	struct scratch x;

	(void)state;
	begin_on(&x, BY_HAND);
	assert_false(is_asked(&x, SES_ANS_LOG, &q));
	end(&x);
	start(&x, BY_HAND);
	scratch_write(x.dir, "master.cf", POSTLOG);
	scratch_reopen(&x);
	scratch_ask_all(&x);
	begin(&x);
	assert_value(&x, SES_ANS_LOG, "system");
	assert_false(is_asked(&x, SES_ANS_LOGFILE, &q));
	ses_setup_go(x.s, SES_SETUP_LOG);
	answer(&x, SES_ANS_LOG, "file");
	assert_value(&x, SES_ANS_LOGFILE, "/var/log/postfix.log");
	assert_diff(&x, "+maillog_file = /var/log/postfix.log\n");
	end(&x);
}

static const struct fs_ops *real_fs;

static int
no_system_log(void *self, int dir, const char *path, struct stat *st, int flags)
{
	if (strcmp(path, "/dev/log") == 0 || strstr(path, "/journal/") ||
		sv_starts(sv_of(path), "/var/log/")) {
		errno = ENOENT;
		return -1;
	}
	return real_fs->fstatat(self, dir, path, st, flags);
}

static void
own_log_is_proposed_where_the_system_keeps_none(void **state)
{
	struct fs_ops ops;
	struct scratch x;

	(void)state;
	start(&x, STOCK);
	real_fs = x.world.fs.ops;
	ops = *real_fs;
	ops.fstatat = no_system_log;
	x.s->world.fs.ops = &ops;
	scratch_write(x.dir, "master.cf", POSTLOG);
	begin(&x);
	assert_from(&x, SES_ANS_LOG, SES_Q_PROPOSED);
	assert_value(&x, SES_ANS_LOG, "file");
	answer(&x, SES_ANS_ROLE, "host");
	ses_setup_go(x.s, SES_SETUP_LOG);
	assert_diff(&x, "+maillog_file = /var/log/postfix.log\n");
	end(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stock_file_gets_proposals_from_the_machine),
		cmocka_unit_test(addresses_that_may_go_are_not_proposed),
		cmocka_unit_test(clients_follow_the_addresses_that_are_ticked),
		cmocka_unit_test(other_role_proposes_anew),
		cmocka_unit_test(login_and_port_set_tls_and_an_answer_has_the_last_word),
		cmocka_unit_test(log_is_asked_where_postfix_can_keep_its_own),
		cmocka_unit_test(own_log_is_proposed_where_the_system_keeps_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
