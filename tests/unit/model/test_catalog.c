/* SPDX-License-Identifier: MIT
 *
 * The catalogue: its table is sound, values are judged as Postfix judges them, names are
 * known and guessed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/catalog.h"
#include "model/names.h"

static void
table_is_sorted_known_and_complete(void **state)
{
	size_t n;
	const struct cat_def *v = cat_all(&n);

	(void)state;
	assert_true(n >= 80);
	for (size_t i = 0; i < n; i++) {
		assert_true(i == 0 || strcmp(v[i - 1].name, v[i].name) < 0);
		assert_ptr_equal(cat_find(sv_of(v[i].name)), &v[i]);
		if (!cat_is_known_name(sv_of(v[i].name)))
			fail_msg("%s is in no Postfix", v[i].name);
		assert_true(v[i].label && v[i].help && v[i].section < CAT_SECTIONS);
		assert_true(v[i].help[strlen(v[i].help) - 1] == '.');
		assert_int_equal(v[i].choices != NULL, v[i].type == CAT_ENUM);
		assert_non_null(cat_type_name(v[i].type));
		assert_non_null(cat_section_name(v[i].section));
	}
	assert_null(cat_find(sv_of("nosuch")));
	for (size_t i = 1; i < names_count; i++)
		assert_true(strcmp(names_all[i - 1], names_all[i]) < 0);
}

static void
examples_pass_their_own_judgement(void **state)
{
	size_t n;
	const struct cat_def *v = cat_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct diags d = {0};

		if (v[i].example &&
			!cat_judge(&v[i], sv_of(v[i].example), NULL, NULL, &d))
			fail_msg("%s = %s: %s", v[i].name, v[i].example, d.v[0].text);
		diag_clear(&d);
	}
}

static void
judge_agrees_with_postfix(void **state)
{
	static const struct {
		const char *name, *value;
		int code; /* -1: fine */
	} rows[] = {
		{"soft_bounce", "YES", -1},
		{"soft_bounce", "maybe", DIAG_TYPE_BOOL},
		{"soft_bounce", "", DIAG_TYPE_BOOL},
		{"soft_bounce", "$x", -1},
		{"message_size_limit", "10240000", -1},
		{"message_size_limit", "999999999999", -1},
		{"message_size_limit", "+5", -1},
		{"message_size_limit", "10MB", DIAG_TYPE_SIZE},
		{"message_size_limit", "", DIAG_TYPE_SIZE},
		{"message_size_limit", "1e3", DIAG_TYPE_SIZE},
		{"header_size_limit", "0", DIAG_TYPE_RANGE},
		{"header_size_limit", "5", -1},
		{"smtp_tls_loglevel", "1", -1},
		{"smtp_tls_loglevel", "one", DIAG_TYPE_ENUM},
		{"smtpd_client_connection_count_limit", "one", DIAG_TYPE_INT},
		{"smtpd_client_connection_count_limit", "99999999999", DIAG_TYPE_INT},
		{"queue_run_delay", "300s", -1},
		{"queue_run_delay", "300", -1},
		{"queue_run_delay", "1dd", -1},
		{"queue_run_delay", "0", DIAG_TYPE_RANGE},
		{"queue_run_delay", "1D", DIAG_TYPE_TIME},
		{"queue_run_delay", "1 d", DIAG_TYPE_TIME},
		{"queue_run_delay", "-1s", DIAG_TYPE_TIME},
		{"queue_run_delay", "1.5h", DIAG_TYPE_TIME},
		{"queue_run_delay", "30000d", DIAG_TYPE_TIME},
		{"queue_run_delay", "abc", DIAG_TYPE_TIME},
		{"queue_run_delay", "24854d", -1},
		{"queue_run_delay", "24855d", DIAG_TYPE_TIME},
		{"queue_run_delay", "3550w", DIAG_TYPE_TIME},
		{"queue_run_delay", "2147483647s", -1},
		{"delay_warning_time", "h", -1},
		{"delay_warning_time", "", DIAG_TYPE_TIME},
		{"delay_warning_time", "+", DIAG_TYPE_TIME},
		{"maximal_queue_lifetime", "5", -1},
		{"maximal_queue_lifetime", "101", DIAG_TYPE_RANGE},
		{"inet_protocols", "ipv4, ipv6", -1},
		{"inet_protocols", "", -1},
		{"inet_protocols", "IPV4", DIAG_TYPE_ENUM},
		{"inet_protocols", "ipv5", DIAG_TYPE_ENUM},
		{"smtp_tls_security_level", "Encrypt", -1},
		{"smtp_tls_security_level", "", -1},
		{"smtp_tls_security_level", "bogus", DIAG_TYPE_ENUM},
		{"smtpd_tls_security_level", "Verify", DIAG_TYPE_ENUM},
		{"smtp_host_lookup", "", DIAG_TYPE_EMPTY},
		{"smtpd_banner", " ", DIAG_TYPE_EMPTY},
		{"bounce_notice_recipient", "", DIAG_TYPE_EMPTY},
		{"error_notice_recipient", "", DIAG_TYPE_EMPTY},
		{"mydestination", "a.test, ::1", DIAG_TYPE_MAP},
		{"mydestination", "hash:", DIAG_TYPE_MAP},
		{"mydestination", "a.test, [IPv6:::1], /x:y, !hash:/x, $z:", -1},
		{"relay_domains", "nosuch:/x", DIAG_TYPE_MAP},
		{"masquerade_domains", "x:", -1},
		{"myhostname", "a_b", -1},
		{"myhostname", "a b", DIAG_TYPE_HOST},
		{"myhostname", "a.test.", DIAG_TYPE_HOST},
		{"myhostname", "-a", DIAG_TYPE_HOST},
		{"myhostname", "1.2.3.4", DIAG_TYPE_HOST},
		{"myhostname", "\xe3\x83\x9b", DIAG_TYPE_HOST},
		{"myhostname", "", DIAG_TYPE_EMPTY},
		{"myorigin", "a b", DIAG_TYPE_HOST},
		{"myorigin", "a.test.", -1},
		{"myorigin", "/etc/mailname", -1},
		{"compatibility_level", "2", -1},
		{"compatibility_level", "3.6", -1},
		{"compatibility_level", "abc", DIAG_TYPE_INT},
		{"relayhost", "", -1},
		{"relayhost", "[a]:587, [b]", -1},
		{"relayhost", "[a", DIAG_NH_SYNTAX},
		{"relayhost", "a:0", DIAG_NH_PORT},
		{"mynetworks", "127.0.0.0/8 $config_directory/x $lan", -1},
		{"mynetworks", "$lan 10.0.0.1/8", DIAG_NET_HOSTBITS},
		{"inet_interfaces", "all", -1},
		{"inet_interfaces", "$myhostname, localhost", -1},
		{"inet_interfaces", "all, 127.0.0.1", DIAG_IF_SYNTAX},
		{"alias_maps", "hash:/etc/aliases, nis:mail.aliases", -1},
		{"alias_maps", "/etc/aliases", DIAG_TYPE_MAP},
		{"alias_database", "/etc/aliases", -1},
		{"alias_maps", "nosuch:/etc/aliases", DIAG_TYPE_MAP},
		{"alias_maps", "$alias_database", -1},
		{"smtp_bind_address", "192.0.2.1", -1},
		{"smtp_bind_address", "::1", DIAG_TYPE_ADDR},
		{"smtp_bind_address6", "::1", -1},
		{"smtp_bind_address6", "[::1]", DIAG_TYPE_ADDR},
		{"maillog_file", "x.log", DIAG_TYPE_PATH},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct cat_def *def = cat_find(sv_of(rows[i].name));
		struct diag_loc loc = {.file = "main.cf", .line = 7};
		struct diags d = {0};
		bool fine = cat_judge(def, sv_of(rows[i].value), NULL, &loc, &d);

		if (fine != (rows[i].code < 0) || d.n != !fine ||
			(d.n && (int)d.v[0].code != rows[i].code))
			fail_msg("%s = %s: %zu findings", rows[i].name, rows[i].value,
				d.n);
		if (d.n)
			assert_string_equal(d.v[0].loc.param, rows[i].name);
		diag_clear(&d);
	}
}

/* What Postfix goes on with is no error. */
static void
milder_than_an_error(void **state)
{
	static const char *const rows[][2] = {{"smtp_tls_loglevel", "one"},
		{"smtpd_tls_security_level", "secure"}, {"maillog_file", "x"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct diags d = {0};

		assert_false(cat_judge(
			cat_find(sv_of(rows[i][0])), sv_of(rows[i][1]), NULL, NULL, &d));
		assert_int_equal(d.v[0].sev, SEV_WARN);
		diag_clear(&d);
	}
}

static void
judge_depends_on_installed_postfix(void **state)
{
	static const char *const types[] = {"hash", NULL};
	struct cat_env env = {.map_types = types, .one_relayhost = true};
	struct diags d = {0};

	(void)state;
	assert_false(cat_judge(
		cat_find(sv_of("relayhost")), sv_of("[a] [b]"), &env, NULL, &d));
	assert_int_equal(d.v[0].code, DIAG_NH_LIST);
	assert_true(cat_judge(cat_find(sv_of("smtp_fallback_relay")), sv_of("[a] [b]"),
		&env, NULL, &d));
	assert_false(cat_judge(
		cat_find(sv_of("alias_maps")), sv_of("lmdb:/x"), &env, NULL, &d));
	assert_int_equal(d.n, 2);
	diag_clear(&d);
}

static void
size_with_unit_hints_at_bytes(void **state)
{
	struct diags d = {0};

	(void)state;
	cat_judge(cat_find(sv_of("message_size_limit")), sv_of("10MB"), NULL, NULL, &d);
	cat_judge(cat_find(sv_of("message_size_limit")), sv_of("2 g"), NULL, NULL, &d);
	assert_non_null(strstr(d.v[0].hint, "10485760"));
	assert_non_null(strstr(d.v[1].hint, "2147483648"));
	diag_clear(&d);
}

static void
needs_follow_postfix(void **state)
{
	(void)state;
	assert_int_equal(cat_needs(sv_of("inet_interfaces")), CAT_NEEDS_RESTART);
	assert_int_equal(cat_needs(sv_of("inet_protocols")), CAT_NEEDS_RESTART);
	assert_int_equal(cat_needs(sv_of("queue_directory")), CAT_NEEDS_RESTART);
	assert_int_equal(cat_needs(sv_of("mynetworks")), CAT_NEEDS_RELOAD);
	assert_int_equal(cat_needs(sv_of("whatever")), CAT_NEEDS_RELOAD);
	assert_int_equal(cat_needs(sv_of("alias_database")), CAT_NEEDS_NOTHING);
	assert_int_equal(cat_needs(sv_of("readme_directory")), CAT_NEEDS_NOTHING);
	assert_true(cat_find(sv_of("alias_database"))->flags & CAT_ALIASDB);
}

static void
secrets_are_recognised(void **state)
{
	(void)state;
	assert_true(cat_is_secret(
		sv_of("smtp_sasl_password_maps"), sv_of("static:user:pass")));
	assert_false(cat_is_secret(
		sv_of("smtp_sasl_password_maps"), sv_of("hash:/etc/postfix/pw")));
	assert_true(cat_is_secret(sv_of("my_password"), sv_of("x")));
	assert_false(cat_is_secret(sv_of("relayhost"), sv_of("static:x")));
}

static void
names_are_known_or_guessed(void **state)
{
	static const struct {
		const char *name;
		bool known;
		const char *guess;
	} rows[] = {
		{"relayhost", true, NULL},
		{"smtp_tls_CAfile", true, NULL},
		{"smtp_destination_concurrency_limit", true, NULL},
		{"slow_destination_recipient_limit", true, NULL},
		{"policy_time_limit", true, NULL},
		{"_time_limit", false, NULL},
		{"relay_host", false, "relayhost"},
		{"Relayhost", false, "relayhost"},
		{"erlayhots", false, "relayhost"},
		{"relahyost", false, "relayhost"},
		{"mynetwork", false, "mynetworks"},
		{"my-networks", false, "mynetworks"},
		{"smtp_tls_CAFile", false, "smtp_tls_CAfile"},
		{"smtpd_relay_restriction", false, "smtpd_relay_restrictions"},
		{"smtp_destination_concurency_limit", false,
			"smtp_destination_concurrency_limit"},
		{"completely_different", false, NULL},
		{"lan", false, NULL},
		{"", false, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *guess;

		assert_int_equal(cat_is_known_name(sv_of(rows[i].name)), rows[i].known);
		if (rows[i].known)
			continue;
		guess = cat_nearest_name(sv_of(rows[i].name));
		if (!guess != !rows[i].guess)
			fail_msg("%s: %s", rows[i].name, guess ? guess : "none");
		if (guess)
			assert_string_equal(guess, rows[i].guess);
	}
}

/* Each name that a real postconf -d printed. */
static void
samples_names_are_all_known(void **state)
{
	const char *dir = getenv("PR_SAMPLES");
	struct dirent *e;
	char path[4096], line[8192];
	int names = 0;
	DIR *versions;

	(void)state;
	if (!dir) {
		print_message("PR_SAMPLES is not set: left out\n");
		skip();
	}
	versions = opendir(dir);
	assert_non_null(versions);
	while ((e = readdir(versions))) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s/postconf-d.txt", dir, e->d_name);
		f = e->d_name[0] == '.' ? NULL : fopen(path, "re");
		while (f && fgets(line, sizeof(line), f)) {
			struct sv name = sv_make(line, strcspn(line, " ="));

			if (!cat_is_known_name(name))
				fail_msg("%s: %.*s", path, (int)name.n, name.p);
			names++;
		}
		if (f)
			fclose(f);
	}
	closedir(versions);
	print_message("%d names are known\n", names);
	assert_true(names > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_sorted_known_and_complete),
		cmocka_unit_test(examples_pass_their_own_judgement),
		cmocka_unit_test(judge_agrees_with_postfix),
		cmocka_unit_test(milder_than_an_error),
		cmocka_unit_test(judge_depends_on_installed_postfix),
		cmocka_unit_test(size_with_unit_hints_at_bytes),
		cmocka_unit_test(needs_follow_postfix),
		cmocka_unit_test(secrets_are_recognised),
		cmocka_unit_test(names_are_known_or_guessed),
		cmocka_unit_test(samples_names_are_all_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
