/* SPDX-License-Identifier: MIT
 *
 * The real interfaces: whatever machine this is, lo is there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sys/nic.h"

static void
list_names_loopback(void **state)
{
	struct nic_port port = sys_nic();
	struct nic_list list;
	const struct nic_addr *lo = NULL;
	int why = 0;

	(void)state;
	assert_true(port.ops->list(port.self, &list, &why));
	for (size_t i = 0; i < list.n; i++)
		if (strcmp(list.v[i].name, "lo") == 0 && list.v[i].fam == 4)
			lo = &list.v[i];
	if (!lo) {
		free(list.v);
		print_message("SKIP: no IPv4 address on lo here\n");
		skip();
	}
	assert_memory_equal(lo->addr, ((const uint8_t[]){127, 0, 0, 1}), 4);
	assert_int_equal(lo->plen, 8);
	assert_true(lo->up && lo->loopback);
	assert_false(lo->link_local || lo->transient);
	free(list.v);
}

/* A NIC's rows stand together, IPv4 before IPv6. */
static void
list_groups_by_name_and_family(void **state)
{
	struct nic_port port = sys_nic();
	struct nic_list list;
	int why = 0;

	(void)state;
	assert_true(port.ops->list(port.self, &list, &why));
	for (size_t i = 1; i < list.n; i++) {
		const struct nic_addr *a = &list.v[i - 1], *b = &list.v[i];

		if (strcmp(a->name, b->name) == 0) {
			assert_true(a->fam <= b->fam);
			continue;
		}
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(list.v[k].name, b->name);
	}
	free(list.v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_names_loopback),
		cmocka_unit_test(list_groups_by_name_and_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
