/* SPDX-License-Identifier: MIT
 *
 * Addresses: every form that Postfix reads, and what is made of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/addr.h"

static struct ipaddr
net(const char *text)
{
	struct ipaddr a;

	assert_int_equal(addr_parse_net(sv_of(text), &a), ADDR_FINE);
	return a;
}

static void
parse_net_forms_print_in_both_forms(void **state)
{
	static const struct {
		const char *in, *bare, *bracketed;
	} rows[] = {
		{"192.168.1.0/24", "192.168.1.0/24", "192.168.1.0/24"},
		{"192.168.1.5", "192.168.1.5", "192.168.1.5"},
		{"[127.0.0.0]/8", "127.0.0.0/8", "127.0.0.0/8"},
		{"127.0.0.2/032", "127.0.0.2", "127.0.0.2"},
		{"[::1]", "::1", "[::1]"},
		{"[::1]/128", "::1", "[::1]"},
		{"[::1/128]", "::1", "[::1]"},
		{"::1", "::1", "[::1]"},
		{"[2001:db8::]/32", "2001:db8::/32", "[2001:db8::]/32"},
		{"2001:DB8:0:0::10", "2001:db8::10", "[2001:db8::10]"},
		{"0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0"},
		{"[::ffff:127.0.0.2]", "::ffff:127.0.0.2", "[::ffff:127.0.0.2]"},
	};
	char buf[ADDR_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ipaddr a = net(rows[i].in);

		assert_string_equal(addr_format(&a, ADDR_BARE, buf), rows[i].bare);
		assert_string_equal(
			addr_format(&a, ADDR_BRACKETED, buf), rows[i].bracketed);
	}
}

static void
parse_net_malformed_tells_postfix_reason(void **state)
{
	static const struct {
		const char *in;
		enum addr_fault fault;
	} rows[] = {
		{"127.0.0.0/", ADDR_MASK_VALUE},
		{"127.0.0.0/255.0.0.0", ADDR_MASK_VALUE},
		{"127.0.0.0/8x", ADDR_MASK_VALUE},
		{"127.0.0.0/-1", ADDR_MASK_VALUE},
		{"10.0.0.0/33", ADDR_MASK_LENGTH},
		{"[::1]/129", ADDR_MASK_LENGTH},
		{"10.0.0.0/99999999999999999999", ADDR_MASK_LENGTH},
		{"0/0", ADDR_VALUE},
		{"127.0.0.02", ADDR_VALUE},
		{"127.0.0.256", ADDR_VALUE},
		{"127.1", ADDR_VALUE},
		{"", ADDR_VALUE},
		{"[]", ADDR_VALUE},
		{"[::1", ADDR_NO_BRACKET},
		{"[::1]x", ADDR_GARBAGE},
		{"fe80::1%eth0", ADDR_VALUE},
	};
	struct ipaddr a;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(addr_parse_net(sv_of(rows[i].in), &a), rows[i].fault);
	assert_int_equal(addr_parse_net(sv_make("1.2.3.4\0", 8), &a), ADDR_VALUE);
}

static void
network_of_host_bits_clears_them(void **state)
{
	static const struct {
		const char *in, *net, *first, *last, *count;
	} rows[] = {
		{"192.168.3.5/24", "192.168.3.0/24", "192.168.3.0", "192.168.3.255",
			"256"},
		{"10.1.2.3/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255", "4294967296"},
		{"10.20.255.9/13", "10.16.0.0/13", "10.16.0.0", "10.23.255.255",
			"524288"},
		{"2001:db8::10/32", "2001:db8::/32",
			"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2^96"},
		{"fd00::1/64", "fd00::/64", "fd00::", "fd00::ffff:ffff:ffff:ffff",
			"2^64"},
		{"fd00::1/100", "fd00::/100", "fd00::", "fd00::fff:ffff", "268435456"},
	};
	char buf[ADDR_TEXT_MAX], count[ADDR_COUNT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ipaddr a = net(rows[i].in), n = addr_network(&a);
		struct ipaddr first = addr_first(&a), last = addr_last(&a);

		assert_true(addr_has_host_bits(&a));
		assert_false(addr_has_host_bits(&n));
		assert_string_equal(addr_format(&n, ADDR_BARE, buf), rows[i].net);
		assert_string_equal(addr_format(&first, ADDR_BARE, buf), rows[i].first);
		assert_string_equal(addr_format(&last, ADDR_BARE, buf), rows[i].last);
		assert_string_equal(addr_count(&a, count), rows[i].count);
	}
}

static void
contains_and_overlaps_know_nesting(void **state)
{
	struct ipaddr a = net("192.168.0.0/16"), b = net("192.168.2.64/27"),
		      c = net("192.169.0.0/16"), d = net("::/0"), e = net("0.0.0.0/0");

	(void)state;
	assert_true(addr_contains(&a, &b));
	assert_false(addr_contains(&b, &a));
	assert_true(addr_overlaps(&b, &a));
	assert_false(addr_overlaps(&a, &c));
	assert_false(addr_contains(&d, &a));
	assert_true(addr_contains(&e, &a));
	assert_true(addr_contains(&a, &a));
	assert_true(addr_cmp(&a, &b) < 0);
	assert_true(addr_cmp(&e, &a) < 0);
	assert_true(addr_cmp(&c, &d) < 0);
	assert_int_equal(addr_cmp(&a, &a), 0);
}

static void
class_of_known_ranges(void **state)
{
	static const struct {
		const char *in;
		enum addr_class class;
	} rows[] = {
		{"127.0.0.1", ADDR_LOOPBACK},
		{"::1", ADDR_LOOPBACK},
		{"10.255.0.1", ADDR_PRIVATE},
		{"172.16.0.1", ADDR_PRIVATE},
		{"172.31.255.255", ADDR_PRIVATE},
		{"172.32.0.1", ADDR_PUBLIC},
		{"192.168.1.1", ADDR_PRIVATE},
		{"192.169.1.1", ADDR_PUBLIC},
		{"100.64.0.1", ADDR_SHARED},
		{"100.128.0.1", ADDR_PUBLIC},
		{"169.254.1.1", ADDR_LINK_LOCAL},
		{"fe80::5054:ff:1", ADDR_LINK_LOCAL},
		{"fec0::1", ADDR_PUBLIC},
		{"fd00::1", ADDR_UNIQUE_LOCAL},
		{"203.0.113.5", ADDR_DOCUMENTATION},
		{"2001:db8::1", ADDR_DOCUMENTATION},
		{"224.0.0.1", ADDR_MULTICAST},
		{"ff02::1", ADDR_MULTICAST},
		{"0.0.0.0", ADDR_UNSPECIFIED},
		{"::", ADDR_UNSPECIFIED},
		{"8.8.8.8", ADDR_PUBLIC},
		{"::ffff:10.0.0.1", ADDR_PRIVATE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ipaddr a = net(rows[i].in);

		assert_int_equal(addr_class_of(&a), rows[i].class);
		assert_int_equal(
			addr_is_public(&a), rows[i].class == ADDR_PUBLIC ||
						    rows[i].class == ADDR_DOCUMENTATION);
	}
}

static void
public_range_needs_two_outside_addresses(void **state)
{
	static const struct {
		const char *in;
		bool public;
	} rows[] = {
		{"0.0.0.0/0", true},
		{"::/0", true},
		{"203.0.113.0/24", true},
		{"203.0.113.4/31", true},
		{"203.0.113.5", false},
		{"10.0.0.0/8", false},
		{"10.0.0.0/7", true},
		{"192.168.0.0/15", true},
		{"127.0.0.0/8", false},
		{"100.64.0.0/10", false},
		{"100.0.0.0/8", true},
		{"fe80::/64", false},
		{"fd00::/8", false},
		{"2001:db8::/64", true},
		{"::1/128", false},
		{"::/127", false},
		{"::/126", true},
		{"::ffff:10.0.0.0/104", false},
		{"172.16.0.0/12", false},
		{"172.16.0.0/11", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ipaddr a = net(rows[i].in);

		assert_int_equal(addr_is_public_range(&a), rows[i].public);
	}
}

static void
hosts_file_gives_a_name_its_addresses(void **state)
{
	static const char hosts[] = "127.0.0.1\tlocalhost\n# 192.0.2.9 relay\n"
				    "192.0.2.1 RELAY.test relay relay # relay2\n"
				    "no-address relay\n::1 localhost relay\r\n"
				    "192.0.2.2 relay";
	static const struct {
		const char *name;
		size_t max, n;
		const char *last;
	} rows[] = {
		{"relay", 9, 3, "192.0.2.2"},
		{"relay", 2, 2, "::1"},
		{"Relay.Test", 9, 1, "192.0.2.1"},
		{"localhost", 9, 2, "::1"},
		{"relay2", 9, 0, NULL},
		{"192.0.2.1", 9, 0, NULL},
	};
	struct ipaddr out[9];
	char text[ADDR_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = addr_in_hosts(sv_of(hosts), rows[i].name, out, rows[i].max);

		assert_int_equal(n, rows[i].n);
		if (n == 0)
			continue;
		addr_format(&out[n - 1], ADDR_BARE, text);
		assert_string_equal(text, rows[i].last);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_net_forms_print_in_both_forms),
		cmocka_unit_test(parse_net_malformed_tells_postfix_reason),
		cmocka_unit_test(network_of_host_bits_clears_them),
		cmocka_unit_test(contains_and_overlaps_know_nesting),
		cmocka_unit_test(class_of_known_ranges),
		cmocka_unit_test(public_range_needs_two_outside_addresses),
		cmocka_unit_test(hosts_file_gives_a_name_its_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
