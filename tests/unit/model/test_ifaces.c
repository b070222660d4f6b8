/* SPDX-License-Identifier: MIT
 *
 * inet_interfaces: rows out of words and NICs, ticks, the words written back, findings,
 * and (with PR_TRUTH) agreement with what a real Postfix said to each value.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/ifaces.h"
#include "unit/model/truth.h"

static const char *const machine[][3] = {
	/* NIC, address, flags: u(p) t(ransient) l(oopback) k(link-local) */
	{"lan0", "192.168.1.1/24", "u"},
	{"lan0", "fe80::1/64", "uk"},
	{"lo", "127.0.0.1/8", "ul"},
	{"lo", "::1/128", "ul"},
	{"lan1", "192.168.2.1/24", "u"},
	{"wan0", "203.0.113.5/24", "ut"},
	{"wan0", "2001:db8::5/64", "u"},
	{"off0", "192.168.8.1/24", ""},
};

static struct nic_list
make_nics(const char *const (*rows)[3], size_t n, struct nic_addr *v)
{
	for (size_t i = 0; i < n; i++) {
		struct ipaddr a;

		assert_int_equal(addr_parse_net(sv_of(rows[i][1]), &a), ADDR_FINE);
		v[i] = (struct nic_addr){.fam = a.fam, .plen = a.plen};
		snprintf(v[i].name, sizeof(v[i].name), "%s", rows[i][0]);
		memcpy(v[i].addr, a.b, 16);
		v[i].up = strchr(rows[i][2], 'u') != NULL;
		v[i].transient = strchr(rows[i][2], 't') != NULL;
		v[i].loopback = strchr(rows[i][2], 'l') != NULL;
		v[i].link_local = strchr(rows[i][2], 'k') != NULL;
	}
	return (struct nic_list){v, n};
}

static const char *const hosts[][2] = {
	{"localhost", "127.0.0.1"},
	{"localhost", "::1"},
	{"relay.test", "192.168.1.1"},
	{"away.test", "198.51.100.9"},
	{"host.pf.test", "192.0.2.10"},
	{"six.pf.test", "2001:db8::10"},
	{"ip6-localhost", "::1"},
	{"dual.pf.test", "127.0.0.1"},
	{"dual.pf.test", "198.51.100.9"},
	{"mx1.pf.test", "127.0.0.21"},
};

static size_t
resolve(void *ctx, const char *name, struct ipaddr *out, size_t max)
{
	size_t n = 0;

	(void)ctx;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts) && n < max; i++)
		if (strcmp(hosts[i][0], name) == 0)
			assert_true(addr_parse(sv_of(hosts[i][1]), &out[n++]));
	return n;
}

static void
build(struct if_set *set, const struct if_world *world, const char *value)
{
	struct if_input words[16];
	struct sv rest = sv_of(value), token;
	size_t n = 0;

	while (sv_token(&rest, ", \t", &token)) {
		words[n].raw = words[n].expanded = token;
		if (sv_eq_str(token, "$myhostname"))
			words[n].expanded = sv_of("relay.test");
		if (sv_eq_str(token, "$nothing"))
			words[n].expanded = sv_of("");
		n++;
	}
	if_build(set, world, words, n);
}

static void
assert_prints(const struct if_set *set, const char *want)
{
	struct str out = {0};

	if_print(set, &out);
	assert_string_equal(str_c(&out), want);
	str_free(&out);
}

static size_t
row_of(const struct if_set *set, const char *text)
{
	for (size_t i = 0; i < set->nrows; i++)
		if (strcmp(set->rows[i].text, text) == 0)
			return i;
	fail_msg("no row %s", text);
	return 0;
}

struct fixture {
	struct nic_addr v[16];
	struct nic_list nics;
	struct if_world world;
	struct if_set set;
};

static void
start(struct fixture *f, const char *value)
{
	f->nics = make_nics(machine, sizeof(machine) / sizeof(*machine), f->v);
	f->world = (struct if_world){&f->nics, resolve, NULL};
	build(&f->set, &f->world, value);
}

static void
rows_are_ordered_and_described(void **state)
{
	static const struct {
		const char *text, *nic;
		bool ticked;
		enum if_state st;
		enum if_reach reach;
		const char *note;
	} want[] = {
		{"127.0.0.1", "lo", true, IF_UP, IF_SELF, "local programs send here"},
		{"192.168.1.1", "lan0", true, IF_UP, IF_PRIVATE, "net 192.168.1.0/24"},
		{"192.168.2.1", "lan1", false, IF_UP, IF_PRIVATE, "net 192.168.2.0/24"},
		{"203.0.113.5", "wan0", false, IF_UP, IF_PUBLIC,
			"may change by itself (DHCP)"},
		{"192.168.8.1", "off0", false, IF_DOWN, IF_PRIVATE, "this NIC is down"},
		{"::1", "lo", true, IF_UP, IF_SELF, "local programs send here"},
		{"fe80::1", "lan0", false, IF_UP, IF_LINK,
			"Postfix can't use link-local"},
		{"2001:db8::5", "wan0", false, IF_UP, IF_PUBLIC,
			"the Internet could connect"},
		{"192.168.9.1", NULL, true, IF_GONE, IF_NO_REACH,
			"no NIC has this address"},
		{"$myhostname", NULL, true, IF_NO_STATE, IF_PRIVATE,
			"= 192.168.1.1, kept as is"},
	};
	struct fixture f;

	(void)state;
	start(&f, "localhost, 192.168.1.1 192.168.9.1,$myhostname");
	assert_int_equal(f.set.mode, IF_CHOSEN);
	assert_int_equal(f.set.nrows, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < f.set.nrows; i++) {
		char *note = if_note(&f.set, i);

		assert_string_equal(f.set.rows[i].text, want[i].text);
		assert_int_equal(f.set.rows[i].nic != NULL, want[i].nic != NULL);
		if (want[i].nic)
			assert_string_equal(f.set.rows[i].nic, want[i].nic);
		assert_int_equal(f.set.rows[i].ticked, want[i].ticked);
		assert_int_equal(f.set.rows[i].state, want[i].st);
		assert_int_equal(f.set.rows[i].reach, want[i].reach);
		assert_string_equal(note, want[i].note);
		free(note);
	}
	assert_true(f.set.rows[row_of(&f.set, "192.168.1.1")].named);
	assert_false(f.set.rows[row_of(&f.set, "127.0.0.1")].named);
	if_free(&f.set);
	start(&f, "localhost, $myhostname");
	size_t by_name = row_of(&f.set, "192.168.1.1");
	char *note = if_note(&f.set, by_name);
	assert_false(f.set.rows[by_name].ticked);
	assert_string_equal(note, "listens, by a name");
	free(note);
	if_free(&f.set);
}

static void
words_untouched_print_as_they_were(void **state)
{
	static const char *const values[] = {"all", "loopback-only", "localhost",
		"127.0.0.1", "$myhostname, localhost", "127.1, [::1]",
		"192.168.2.1, 192.168.1.1, 127.0.0.1, 127.0.0.1",
		"192.168.9.1, localhost", "127.0.0.1, localhost, ::1",
		"localhost, localhost", "eth9", "$nothing", "all, 127.0.0.1",
		"2001:DB8::5"};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct fixture f;

		start(&f, values[i]);
		assert_prints(&f.set, values[i]);
		if_free(&f.set);
	}
}

static void
ticks_change_only_their_words(void **state)
{
	static const struct {
		const char *value, *row;
		bool on;
		const char *want;
	} rows[] = {
		{"localhost", "192.168.1.1", true, "localhost, 192.168.1.1"},
		{"localhost", "::1", false, "127.0.0.1"},
		{"192.168.2.1, localhost, $myhostname", "127.0.0.1", false,
			"192.168.2.1, ::1, $myhostname"},
		{"$myhostname, 192.168.9.1", "192.168.9.1", false, "$myhostname"},
		{"$myhostname, 192.168.9.1", "$myhostname", false, "192.168.9.1"},
		{"192.168.2.1", "2001:db8::5", true, "192.168.2.1, 2001:db8::5"},
		{"192.168.2.1", "127.0.0.1", true, "192.168.2.1, 127.0.0.1"},
		{"127.0.0.1", "127.0.0.1", false, ""},
		{"loopback-only", "192.168.1.1", true, "127.0.0.1, 192.168.1.1, ::1"},
		{"all", "203.0.113.5", false,
			"127.0.0.1, 192.168.1.1, 192.168.2.1, ::1, 2001:db8::5"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;

		start(&f, rows[i].value);
		assert_true(if_tick(&f.set, row_of(&f.set, rows[i].row), rows[i].on));
		assert_int_equal(f.set.mode, IF_CHOSEN);
		assert_prints(&f.set, rows[i].want);
		if_tick(&f.set, row_of(&f.set, rows[i].row), !rows[i].on);
		if (f.set.words[0].kind != IF_WORD_MODE)
			assert_prints(&f.set, rows[i].value);
		if_free(&f.set);
	}
}

static void
link_local_cannot_be_ticked(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "all");
	assert_false(if_row_listens(&f.set, row_of(&f.set, "fe80::1")));
	assert_false(if_tick(&f.set, row_of(&f.set, "fe80::1"), true));
	assert_int_equal(f.set.mode, IF_ALL);
	if_free(&f.set);
}

static void
mode_switched_there_and_back_keeps_ticks(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "localhost, 192.168.1.1");
	if_set_mode(&f.set, IF_ALL);
	assert_prints(&f.set, "all");
	assert_true(if_row_listens(&f.set, row_of(&f.set, "192.168.2.1")));
	if_set_mode(&f.set, IF_LOOPBACK_ONLY);
	assert_prints(&f.set, "loopback-only");
	if_set_mode(&f.set, IF_CHOSEN);
	assert_prints(&f.set, "localhost, 192.168.1.1");
	if_free(&f.set);
}

static void
added_word_ticks_its_row_or_makes_one(void **state)
{
	struct fixture f;
	struct if_input nic = {sv_of("192.168.2.1"), sv_of("192.168.2.1")};
	struct if_input lost = {sv_of("10.9.9.9"), sv_of("10.9.9.9")};
	struct if_input name = {sv_of("relay.test"), sv_of("relay.test")};
	size_t n;

	(void)state;
	start(&f, "localhost");
	n = f.set.nrows;
	assert_int_equal(if_add(&f.set, &f.world, &nic), row_of(&f.set, "192.168.2.1"));
	assert_int_equal(if_add(&f.set, &f.world, &lost), n);
	assert_int_equal(if_add(&f.set, &f.world, &name), n + 1);
	assert_prints(&f.set, "localhost, relay.test, 192.168.2.1, 10.9.9.9");
	if_free(&f.set);
}

static void
judge_tells_each_mistake(void **state)
{
	static const struct {
		const char *value;
		int code; /* -1: fine */
		enum sev sev;
	} rows[] = {
		{"all", -1, 0},
		{"loopback-only", -1, 0},
		{"localhost, 192.168.1.1", -1, 0},
		{"$myhostname", -1, 0},
		{"$nothing", -1, 0},
		{"192.168.9.1", DIAG_IF_GONE, SEV_ERROR},
		{"192.168.8.1", DIAG_IF_GONE, SEV_ERROR},
		{"away.test", DIAG_IF_GONE, SEV_ERROR},
		{"203.0.113.5", DIAG_IF_TRANSIENT, SEV_WARN},
		{"", DIAG_IF_NONE, SEV_ERROR},
		{"lan0", DIAG_IF_SYNTAX, SEV_ERROR},
		{"ALL", DIAG_IF_SYNTAX, SEV_ERROR},
		{"Loopback-only", DIAG_IF_SYNTAX, SEV_ERROR},
		{"all, 127.0.0.1", DIAG_IF_SYNTAX, SEV_ERROR},
		{"127.0.0.1:25", DIAG_IF_SYNTAX, SEV_ERROR},
		{"127.0.0.1/8", DIAG_IF_SYNTAX, SEV_ERROR},
		{"0.0.0.0", DIAG_IF_SYNTAX, SEV_ERROR},
		{"::", DIAG_IF_SYNTAX, SEV_ERROR},
		{"fe80::9", DIAG_IF_SYNTAX, SEV_ERROR},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		struct diags d = {0};

		start(&f, rows[i].value);
		if (if_judge(&f.set, NULL, &d) != (rows[i].code < 0) ||
			d.n != (rows[i].code < 0 ? 0 : 1))
			fail_msg("%s: %zu findings", rows[i].value, d.n);
		if (d.n) {
			assert_int_equal(d.v[0].code, rows[i].code);
			assert_int_equal(d.v[0].sev, rows[i].sev);
		}
		diag_clear(&d);
		if_free(&f.set);
	}
}

static void
truth_every_row_agrees(void **state)
{
	static const char *const pf[][3] = {{"lo", "127.0.0.1/8", "ul"},
		{"lo", "::1/128", "ul"}, {"eth0", "192.0.2.10/24", "u"},
		{"eth0", "2001:db8::10/64", "u"}};
	FILE *f = truth_open("inet_interfaces.tsv");
	struct sv col[TRUTH_COLUMNS];
	struct nic_addr v[4];
	struct nic_list nics = make_nics(pf, 4, v);
	struct if_world world = {&nics, resolve, NULL};
	char line[8192];
	int rows = 0;

	(void)state;
	if (!f) {
		print_message("PR_TRUTH is not set: left out\n");
		skip();
	}
	while (truth_row(f, line, sizeof(line), col)) {
		char *value = sv_dup(col[0]);
		struct if_set set;
		struct diags d = {0};
		bool unknown = false, fatal = sv_eq_str(col[1], "fatal");

		build(&set, &world, value);
		if_judge(&set, NULL, &d);
		/* What a resolver must tell counts as it would: no address, no start. */
		for (size_t i = 0; i < set.nrows; i++)
			unknown = unknown || (set.rows[i].kind == IF_NAME &&
						     set.rows[i].addr.fam == 0);
		if ((diag_has_error(&d) || unknown) != fatal && !strchr(value, '{') &&
			!strchr(value, '$'))
			fail_msg("%s: %zu findings, Postfix %.*s", value, d.n,
				(int)col[1].n, col[1].p);
		rows++;
		diag_clear(&d);
		if_free(&set);
		free(value);
	}
	fclose(f);
	print_message("%d rows agree\n", rows);
	assert_true(rows > 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_ordered_and_described),
		cmocka_unit_test(words_untouched_print_as_they_were),
		cmocka_unit_test(ticks_change_only_their_words),
		cmocka_unit_test(link_local_cannot_be_ticked),
		cmocka_unit_test(mode_switched_there_and_back_keeps_ticks),
		cmocka_unit_test(added_word_ticks_its_row_or_makes_one),
		cmocka_unit_test(judge_tells_each_mistake),
		cmocka_unit_test(truth_every_row_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
