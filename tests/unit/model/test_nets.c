/* SPDX-License-Identifier: MIT
 *
 * Items of mynetworks: kinds, faults, verdicts, repairs, labels and overlaps, and (with
 * PR_TRUTH) the answers that a real smtpd gave to four clients.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/nets.h"
#include "unit/model/truth.h"

static void
parse_item_tells_kind_fault_verdict_and_repair(void **state)
{
	static const struct {
		const char *in;
		enum net_kind kind;
		enum net_fault fault;
		enum net_verdict verdict;
		const char *fix;
	} rows[] = {
		{"192.168.1.0/24", NET_NET, NET_FINE, NET_OK, NULL},
		{"127.0.0.2", NET_HOST, NET_FINE, NET_OK, NULL},
		{"[127.0.0.2]", NET_HOST, NET_FINE, NET_OK, NULL},
		{"127.0.0.2/032", NET_HOST, NET_FINE, NET_OK, NULL},
		{"[::1/128]", NET_HOST, NET_FINE, NET_OK, NULL},
		{"[2001:db8::]/32", NET_NET, NET_FINE, NET_OK, NULL},
		{"!10.0.0.0/8", NET_NET, NET_FINE, NET_OK, NULL},
		{"192.168.3.5/24", NET_NET, NET_HOST_BITS, NET_451, "192.168.3.0/24"},
		{"!192.168.3.5/24", NET_NET, NET_HOST_BITS, NET_451, "!192.168.3.0/24"},
		{"!!192.168.3.5/24", NET_NET, NET_HOST_BITS, NET_451, "192.168.3.0/24"},
		{"[2001:db8::10]/32", NET_NET, NET_HOST_BITS, NET_451, "[2001:db8::]/32"},
		{"::1", NET_HOST, NET_NO_BRACKETS, NET_NO_GREETING, "[::1]"},
		{"::1/128", NET_HOST, NET_NO_BRACKETS, NET_NO_GREETING, "[::1]"},
		{"::/0", NET_NET, NET_NO_BRACKETS, NET_NO_GREETING, "[::]/0"},
		{"2001:db8::1", NET_HOST, NET_NO_BRACKETS, NET_451, "[2001:db8::1]"},
		{"2001:db8::1/32", NET_NET, NET_NO_BRACKETS, NET_451, "[2001:db8::]/32"},
		{"2001:db8::/200", NET_BAD, NET_NO_BRACKETS, NET_451, NULL},
		{"fd00:1::", NET_HOST, NET_NO_BRACKETS, NET_451, "[fd00:1::]"},
		{"2001:", NET_BAD, NET_NO_TYPE, NET_NO_GREETING, NULL},
		{"127.0.0.1:25", NET_BAD, NET_UNKNOWN_TYPE, NET_451, NULL},
		{"hash:", NET_BAD, NET_NO_TYPE, NET_NO_GREETING, NULL},
		{"HASH:/x", NET_BAD, NET_UNKNOWN_TYPE, NET_451, NULL},
		{"hash:/etc/postfix/nets", NET_TABLE, NET_FINE, NET_OK, NULL},
		{"cidr:$config_directory/x", NET_TABLE, NET_FINE, NET_OK, NULL},
		{"/etc/postfix/nets", NET_FILE, NET_FINE, NET_OK, NULL},
		{"$config_directory/mynetworks", NET_FILE, NET_FINE, NET_OK, NULL},
		{"!${config_directory}/x", NET_FILE, NET_FINE, NET_OK, NULL},
		{"$lan", NET_REF, NET_FINE, NET_OK, NULL},
		{"${x:127.0.0.1}", NET_REF, NET_FINE, NET_OK, NULL},
		{"10.0.0.0/33", NET_BAD, NET_MASK_LENGTH, NET_451, NULL},
		{"127.0.0.0/", NET_BAD, NET_MASK_VALUE, NET_451, NULL},
		{"127.0.0.0/255.0.0.0", NET_BAD, NET_MASK_VALUE, NET_451, "127.0.0.0/8"},
		{"127.0.0.0/255.0.255.0", NET_BAD, NET_MASK_VALUE, NET_451, NULL},
		{"0/0", NET_BAD, NET_NETWORK, NET_451, NULL},
		{"[::1", NET_BAD, NET_OPEN_BRACKET, NET_451, NULL},
		{"[::1]5", NET_BAD, NET_GARBAGE, NET_451, NULL},
		{"!", NET_BAD, NET_LONE_MARK, NET_NO_GREETING, NULL},
		{"localhost", NET_NAME, NET_FINE, NET_OK, NULL},
		{"pf.test", NET_NAME, NET_FINE, NET_OK, NULL},
		{".pf.test", NET_BAD, NET_NOBODY, NET_NO_MATCH, NULL},
		{"127.0.0", NET_BAD, NET_SHORT, NET_NO_MATCH, "127.0.0.0/24"},
		{"192.168.1.*", NET_BAD, NET_SHORT, NET_NO_MATCH, "192.168.1.0/24"},
		{"127", NET_BAD, NET_SHORT, NET_NO_MATCH, NULL},
		{"127.0.0.02", NET_BAD, NET_SHORT, NET_NO_MATCH, "127.0.0.2"},
		{"127.0.0.256", NET_BAD, NET_SHORT, NET_NO_MATCH, NULL},
		{"10.0.0.1-10.0.0.9", NET_BAD, NET_RANGE, NET_NO_MATCH, NULL},
		{"10.0.0.1;10.0.0.2", NET_BAD, NET_SEMICOLON, NET_NO_MATCH, NULL},
		{"127.0.0.0/8x", NET_BAD, NET_NOBODY, NET_NO_MATCH, NULL},
		{"relative/path", NET_BAD, NET_NOBODY, NET_NO_MATCH, NULL},
		{"{127.0.0.2}", NET_BAD, NET_NOBODY, NET_NO_MATCH, NULL},
		{"*", NET_BAD, NET_SHORT, NET_NO_MATCH, NULL},
		{"[::ffff:10.0.0.2]", NET_HOST, NET_MAPPED, NET_NO_MATCH, "10.0.0.2"},
		{"#", NET_COMMENT, NET_HASH, NET_NO_MATCH, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct net_item item;
		struct diags d = {0};
		struct str fix = {0};

		net_item_parse(sv_of(rows[i].in), &item);
		if (item.kind != rows[i].kind || item.fault != rows[i].fault ||
			item.verdict != rows[i].verdict)
			fail_msg("%s: kind %d fault %d verdict %d", rows[i].in,
				(int)item.kind, (int)item.fault, (int)item.verdict);
		assert_int_equal(net_item_repair(&item, &fix), rows[i].fix != NULL);
		assert_string_equal(str_c(&fix), rows[i].fix ? rows[i].fix : "");
		assert_int_equal(
			net_item_judge(&item, NULL, NULL, &d), rows[i].fault == NET_FINE);
		assert_int_equal(d.n, rows[i].fault != NET_FINE);
		if (d.n)
			assert_int_equal(d.v[0].sev,
				rows[i].fault == NET_MAPPED       ? SEV_NOTE
				: rows[i].verdict == NET_NO_MATCH ? SEV_WARN
								  : SEV_ERROR);
		diag_clear(&d);
		str_free(&fix);
	}
}

static void
repair_parsed_again_is_fine(void **state)
{
	static const char *const in[] = {"192.168.3.5/24", "::1", "!2001:db8::1/64",
		"[2001:db8::1]/64", "10.1.2.3/255.255.255.0", "192.168.1.", "10.0.0.01"};

	(void)state;
	for (size_t i = 0; i < sizeof(in) / sizeof(*in); i++) {
		struct str fix = {0}, again = {0};
		struct net_item item, mended;

		net_item_parse(sv_of(in[i]), &item);
		assert_true(net_item_repair(&item, &fix));
		net_item_parse(str_sv(&fix), &mended);
		assert_int_equal(mended.fault, NET_FINE);
		assert_int_equal(mended.except, item.except);
		net_item_print(&mended, &again);
		assert_string_equal(str_c(&again), str_c(&fix));
		str_free(&fix);
		str_free(&again);
	}
}

static void
judge_distributions_own_loopback_is_silent(void **state)
{
	struct net_item item;
	struct diags d = {0};

	(void)state;
	net_item_parse(sv_of("[::ffff:127.0.0.0]/104"), &item);
	assert_int_equal(item.verdict, NET_NO_MATCH);
	assert_true(net_item_judge(&item, NULL, NULL, &d));
	assert_int_equal(d.n, 0);
}

static void
judge_knows_installed_types_and_old_smtpd(void **state)
{
	static const char *const types[] = {"hash", "cidr", NULL};
	struct net_env env = {.map_types = types};
	struct net_item item;
	struct diags d = {0};

	(void)state;
	net_item_parse(sv_of("pcre:/x"), &item);
	assert_true(net_item_judge(&item, NULL, NULL, &d));
	assert_false(net_item_judge(&item, &env, NULL, &d));
	net_item_parse(sv_of("cidr:/x"), &item);
	assert_true(net_item_judge(&item, &env, NULL, &d));
	net_item_parse(sv_of("192.168.3.5/24"), &item);
	assert_false(net_item_judge(&item, NULL, NULL, &d));
	env.fatal = true;
	assert_false(net_item_judge(&item, &env, NULL, &d));
	assert_int_equal(d.n, 3);
	assert_int_equal(d.v[1].code, DIAG_NET_HOSTBITS);
	assert_string_not_equal(d.v[1].text, d.v[2].text);
	diag_clear(&d);
}

static void
incomplete_text_is_told_from_wrong(void **state)
{
	static const struct {
		const char *in;
		bool incomplete;
	} rows[] = {
		{"", true},
		{"1", true},
		{"192", true},
		{"192.", true},
		{"192.168.", true},
		{"192.168.3", true},
		{"192.168.3.", true},
		{"192.168.3.5", false},
		{"192.168.3.0/", true},
		{"192.168.3.5/2", true},
		{"192.168.3.5/24", false},
		{"192.168.3.5/8", false},
		{"192.168.3.0/2", true},
		{"!", true},
		{"!10.", true},
		{"[", true},
		{"[2001:db8:", true},
		{"[::1]", false},
		{"[::1]/", true},
		{"[fd00::1]/6", true},
		{"256.", false},
		{"1..2", false},
		{"1.2.3.4.", false},
		{"cidr:", true},
		{"nosuch:", false},
		{"2001:db8::1", false},
		{"foo", false},
		{"[zz", false},
		{"01", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (net_is_incomplete(sv_of(rows[i].in)) != rows[i].incomplete)
			fail_msg("%s", rows[i].in);
}

static void
items_parse_splits_like_postfix(void **state)
{
	struct net_items list = {0};

	(void)state;
	net_items_parse(
		sv_of(" 10.0.0.0/8,\t[::1]\n!pf.test inline:{a=b, c=d} ,"), &list);
	assert_int_equal(list.n, 4);
	assert_int_equal(list.v[0].kind, NET_NET);
	assert_int_equal(list.v[1].kind, NET_HOST);
	assert_true(list.v[2].except);
	assert_int_equal(list.v[3].kind, NET_TABLE);
	assert_true(sv_eq_str(list.v[3].text, "inline:{a=b, c=d}"));
	net_items_free(&list);
}

static void
labels_of_items_say_kind_count_and_range(void **state)
{
	static const struct {
		const char *in, *kind, *count, *range;
	} rows[] = {
		{"127.0.0.0/8", "net", "16777216",
			"127.0.0.0 - 127.255.255.255, 16777216 addresses"},
		{"192.168.3.5/24", "net", "256",
			"192.168.3.0 - 192.168.3.255, 256 addresses"},
		{"[::1]", "host", "1", "::1, 1 address"},
		{"!192.168.1.250", "except", "1", "192.168.1.250, 1 address"},
		{"$config_directory/x", "file", "?", NULL},
		{"cidr:/x", "table", "?", NULL},
		{"printers.test", "name", "?", NULL},
		{"0/0", "?", "?", NULL},
		{"[fd00::]/64", "net", "2^64",
			"fd00:: - fd00::ffff:ffff:ffff:ffff, 2^64 addresses"},
	};
	char buf[ADDR_COUNT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct net_item item;
		struct str range = {0};

		net_item_parse(sv_of(rows[i].in), &item);
		assert_string_equal(net_kind_label(&item), rows[i].kind);
		assert_string_equal(net_count_label(&item, buf), rows[i].count);
		assert_int_equal(net_range_label(&item, &range), rows[i].range != NULL);
		assert_string_equal(str_c(&range), rows[i].range ? rows[i].range : "");
		str_free(&range);
	}
}

static void
danger_of_items_names_the_open_door(void **state)
{
	static const struct {
		const char *in;
		enum net_danger danger;
	} rows[] = {
		{"0.0.0.0/0", NET_WORLD},
		{"[::]/0", NET_WORLD},
		{"static:all", NET_WORLD},
		{"203.0.113.0/24", NET_PUBLIC},
		{"203.0.113.5", NET_SAFE},
		{"!0.0.0.0/0", NET_SAFE},
		{"unknown", NET_UNKNOWN},
		{"Unknown", NET_UNKNOWN},
		{"test", NET_TOP},
		{"localhost", NET_SAFE},
		{"pf.test", NET_SAFE},
		{"10.0.0.0/8", NET_SAFE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct net_item item;

		net_item_parse(sv_of(rows[i].in), &item);
		assert_int_equal(net_item_danger(&item), rows[i].danger);
	}
}

static void
overlaps_find_what_changes_nothing(void **state)
{
	static const struct {
		const char *in;
		struct net_overlap want[6];
	} rows[] = {
		{"192.168.2.0/24 192.168.2.64/27", {{NET_ALONE, 0}, {NET_WITHIN, 0}}},
		{"192.168.2.64/27 192.168.2.0/24", {{NET_WITHIN, 1}, {NET_ALONE, 0}}},
		{"10.0.0.0/8 [::1] 10.0.0.0/8",
			{{NET_ALONE, 0}, {NET_ALONE, 0}, {NET_DUPLICATE, 0}}},
		{"!10.1.0.0/16 10.0.0.0/8", {{NET_ALONE, 0}, {NET_ALONE, 0}}},
		{"10.0.0.0/8 !10.1.0.0/16", {{NET_ALONE, 0}, {NET_SHADOWED, 0}}},
		{"10.0.0.0/8 !10.1.0.0/16 10.1.2.0/24",
			{{NET_ALONE, 0}, {NET_SHADOWED, 0}, {NET_WITHIN, 0}}},
		{"!10.1.0.0/16 10.1.2.0/24", {{NET_ALONE, 0}, {NET_SHADOWED, 0}}},
		{"localhost cidr:/x localhost cidr:/y !cidr:/x",
			{{NET_ALONE, 0}, {NET_ALONE, 0}, {NET_DUPLICATE, 0},
				{NET_ALONE, 0}, {NET_SHADOWED, 1}}},
		{"192.168.1.0/24 192.168.2.0/24 [fd00::]/64",
			{{NET_ALONE, 0}, {NET_ALONE, 0}, {NET_ALONE, 0}}},
		{"127.0.0.1 [::1] 10.0.0.0/8 10.1.0.0/16 127.0.0.0/8 [::]/0",
			{{NET_WITHIN, 4}, {NET_WITHIN, 5}, {NET_ALONE, 0},
				{NET_WITHIN, 2}, {NET_ALONE, 0}, {NET_ALONE, 0}}},
		{"127.0.0.0/8 192.168.2.64/27 10.0.0.0/8 192.168.2.0/24 10.1.0.0/16 "
		 "127.0.0.1",
			{{NET_ALONE, 0}, {NET_WITHIN, 3}, {NET_ALONE, 0}, {NET_ALONE, 0},
				{NET_WITHIN, 2}, {NET_WITHIN, 0}}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct net_items list = {0};
		struct net_overlap *got;

		net_items_parse(sv_of(rows[i].in), &list);
		got = mem_new(list.n, sizeof(*got));
		net_overlaps(list.v, list.n, got);
		for (size_t k = 0; k < list.n; k++) {
			struct diags d = {0};

			if (got[k].relation != rows[i].want[k].relation ||
				got[k].other != rows[i].want[k].other)
				fail_msg("%s, item %zu: %d %u", rows[i].in, k,
					(int)got[k].relation, got[k].other);
			net_overlap_judge(list.v, k, &got[k], NULL, &d);
			assert_int_equal(d.n, got[k].relation != NET_ALONE);
			diag_clear(&d);
		}
		free(got);
		net_items_free(&list);
	}
}

/* What smtpd says to one client: the first item that doesn't say no decides. */
static enum net_answer
ask(const struct net_items *list, const char *addr, const char *name)
{
	struct ipaddr client;

	assert_true(addr_parse(sv_of(addr), &client));
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].verdict == NET_NO_GREETING)
			return NET_DEAD;
	for (size_t i = 0; i < list->n && list->v[i].kind != NET_COMMENT; i++) {
		enum net_answer a = net_item_match(&list->v[i], &client, name);

		if (a == NET_YES && list->v[i].except)
			return NET_NO;
		if (a != NET_NO)
			return a;
	}
	return NET_NO;
}

static bool
needs_others(const struct net_items *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].kind == NET_FILE || list->v[i].kind == NET_TABLE ||
			list->v[i].kind == NET_REF)
			return true;
	return false;
}

static void
truth_every_row_without_files_agrees(void **state)
{
	static const char *const clients[][2] = {{"127.0.0.2", "unknown"},
		{"127.0.0.3", "client3.pf.test"}, {"::1", "localhost"},
		{"2001:db8::10", "six.pf.test"}};
	FILE *f = truth_open("mynetworks.tsv");
	struct sv col[TRUTH_COLUMNS];
	char line[8192];
	int agreed = 0, others = 0;

	(void)state;
	if (!f) {
		print_message("PR_TRUTH is not set: left out\n");
		skip();
	}
	while (truth_row(f, line, sizeof(line), col)) {
		struct net_items list = {0};
		size_t n = truth_unescape(line, col[0].n);
		bool dead = sv_starts(col[2], "EXC");

		net_items_parse(sv_make(line, n), &list);
		if (needs_others(&list)) {
			others++;
			net_items_free(&list);
			continue;
		}
		for (size_t i = 0; i < 4; i++) {
			enum net_answer a = ask(&list, clients[i][0], clients[i][1]);
			enum net_answer want = dead                             ? NET_DEAD
					       : sv_eq_str(col[2 + i], "relay") ? NET_YES
					       : sv_starts(col[2 + i], "451")
						       ? NET_TEMPFAIL
						       : NET_NO;

			if (a != want)
				fail_msg("%.*s, client %s: %d, Postfix %d", (int)n, line,
					clients[i][0], (int)a, (int)want);
		}
		agreed++;
		net_items_free(&list);
	}
	fclose(f);
	print_message("%d rows agree, %d need other files\n", agreed, others);
	assert_true(agreed > 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_item_tells_kind_fault_verdict_and_repair),
		cmocka_unit_test(repair_parsed_again_is_fine),
		cmocka_unit_test(judge_distributions_own_loopback_is_silent),
		cmocka_unit_test(judge_knows_installed_types_and_old_smtpd),
		cmocka_unit_test(incomplete_text_is_told_from_wrong),
		cmocka_unit_test(items_parse_splits_like_postfix),
		cmocka_unit_test(labels_of_items_say_kind_count_and_range),
		cmocka_unit_test(danger_of_items_names_the_open_door),
		cmocka_unit_test(overlaps_find_what_changes_nothing),
		cmocka_unit_test(truth_every_row_without_files_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
