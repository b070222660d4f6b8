/* SPDX-License-Identifier: MIT
 *
 * The real users: root is one on every machine, and the odd names are nobody's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sys/users.h"

static void
find_knows_root_with_its_home(void **state)
{
	struct users_port port = sys_users();
	struct users_entry e;

	(void)state;
	assert_int_equal(port.ops->find(port.self, "root", &e), USERS_YES);
	assert_int_equal(e.uid, 0);
	assert_int_equal(e.home[0], '/');
}

static void
find_knows_no_odd_names(void **state)
{
	static const char *const names[] = {
		"no such user", "#", "-x", "", "postrelay-nobody-has-this-name"};
	struct users_port port = sys_users();
	struct users_entry e;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_not_equal(port.ops->find(port.self, names[i], &e), USERS_YES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(find_knows_root_with_its_home),
		cmocka_unit_test(find_knows_no_odd_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
