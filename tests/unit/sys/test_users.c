/* SPDX-License-Identifier: MIT
 *
 * The real users: root is one on every machine, and the odd names are nobody's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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

/* A kernel that knows the login's user goes before what the environment says. */
static void
who_takes_sudo_uid_only_without_a_login(void **state)
{
	struct users_port port = sys_users();
	struct users_who before, with;
	char text[32] = "";
	FILE *f = fopen("/proc/self/loginuid", "r");
	bool login = f && fgets(text, sizeof(text), f) && strcmp(text, "4294967295") != 0;

	(void)state;
	if (f)
		fclose(f);
	port.ops->who(port.self, &before);
	setenv("SUDO_UID", "1", 1);
	port.ops->who(port.self, &with);
	assert_int_equal(with.uid, login ? before.uid : 1);
	setenv("SUDO_UID", "1x", 1);
	port.ops->who(port.self, &with);
	assert_int_equal(with.uid, before.uid);
	unsetenv("SUDO_UID");
	assert_null(strchr(with.terminal, '\n'));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(find_knows_root_with_its_home),
		cmocka_unit_test(find_knows_no_odd_names),
		cmocka_unit_test(who_takes_sudo_uid_only_without_a_login),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
