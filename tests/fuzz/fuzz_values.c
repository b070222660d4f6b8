/* SPDX-License-Identifier: MIT
 *
 * What stands in values: addresses and networks, next hops, words of inet_interfaces,
 * names, times, references; each line of the input is one value.
 */
#include "fuzz.h"

#include "model/catalog.h"
#include "model/cfexpr.h"
#include "model/ifaces.h"
#include "model/nets.h"
#include "model/nexthop.h"

/* A text that parses is printed as one that parses to the same. */
static void
addresses(struct sv v)
{
	struct ipaddr a, again;
	char text[ADDR_TEXT_MAX];

	if (addr_parse_net(v, &a) != ADDR_FINE)
		return;
	addr_format(&a, ADDR_BRACKETED, text);
	FUZZ_HOLDS(addr_parse_net(sv_of(text), &again) == ADDR_FINE);
	FUZZ_HOLDS(addr_cmp(&a, &again) == 0);
}

static void
networks(struct sv v)
{
	struct net_items list = {0};
	struct diags d = {0};
	struct ipaddr client;

	addr_parse(sv_of("192.168.3.7"), &client);
	net_items_parse(v, &list);
	for (size_t i = 0; i < list.n; i++) {
		struct str text = {0}, repair = {0};
		struct net_item fixed;

		net_item_judge(&list.v[i], NULL, NULL, &d);
		net_item_match(&list.v[i], &client, "a.test");
		net_item_print(&list.v[i], &text);
		if (net_item_repair(&list.v[i], &repair)) {
			net_item_parse(str_sv(&repair), &fixed);
			FUZZ_HOLDS(!net_item_is_wrong(&fixed));
		}
		str_free(&text);
		str_free(&repair);
	}
	if (list.n && list.n < 200) {
		struct net_overlap *o = mem_new(list.n, sizeof(*o));

		net_overlaps(list.v, list.n, o);
		for (size_t i = 0; i < list.n; i++)
			FUZZ_HOLDS(o[i].relation == NET_ALONE || o[i].other < list.n);
		free(o);
	}
	fuzz_are_whole(&d);
	diag_clear(&d);
	net_items_free(&list);
}

static void
next_hops(struct sv v)
{
	struct nexthop nh, again;
	struct diags d = {0};
	struct str text = {0};
	struct nexthops list = {0};

	if (nh_from_typed(v, false, &nh, &d)) {
		nh_print(&nh, &text);
		FUZZ_HOLDS(nh_parse(str_sv(&text), &again) == NH_FINE);
		FUZZ_HOLDS(nh_equal(&nh, &again));
		nh_free(&again);
		nh_free(&nh);
	}
	nh_list_parse(v, true, &list, NULL, &d);
	nh_list_free(&list);
	fuzz_are_whole(&d);
	diag_clear(&d);
	str_free(&text);
}

static bool
lookup(void *ctx, struct sv name, struct sv *value)
{
	*value = *(const struct sv *)ctx; /* refers to itself, and to whatever it likes */
	return name.n && name.p[0] == 'a';
}

static void
references(struct sv v)
{
	struct cfx_source src = {.lookup = lookup, .ctx = &v};
	struct cfx_report rep = {0};
	struct str out = {0};
	size_t work = 1 << 16; /* what is too much ends soon */

	src.work = &work;
	cfx_expand_report(v, &src, &out, &rep);
	FUZZ_HOLDS(rep.off <= v.n);
	cfx_report_free(&rep);
	rep = (struct cfx_report){0};
	cfx_scan(v, &src, &rep);
	FUZZ_HOLDS(rep.off <= v.n);
	cfx_report_free(&rep);
	str_free(&out);
}

static void
parameters(struct sv v)
{
	size_t n;
	const struct cat_def *def = cat_all(&n);
	struct diags d = {0};

	for (size_t i = 0; i < n; i++)
		cat_judge(&def[i], v, NULL, &(struct diag_loc){0}, &d);
	cat_nearest_name(v);
	cat_is_known_name(v);
	fuzz_are_whole(&d);
	diag_clear(&d);
}

static void
interfaces(struct sv v)
{
	const struct nic_list none = {0};
	const struct if_world world = {.nics = &none};
	struct if_input word = {.raw = v, .expanded = v};
	struct str text = {0};
	struct diags d = {0};
	struct if_set set = {0};

	if_build(&set, &world, &word, 1);
	if_word_judge(v, true, NULL, &(struct diag_loc){0}, &d);
	if_print(&set, &text);
	fuzz_are_whole(&d);
	diag_clear(&d);
	str_free(&text);
	if_free(&set);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sv rest = fuzz_sv(data, n), line;

	networks(rest);
	references(rest);
	for (int lines = 0; lines < 8 && sv_line(&rest, &line); lines++) {
		addresses(line);
		next_hops(line);
		interfaces(line);
		parameters(line);
	}
	return 0;
}
