/* SPDX-License-Identifier: MIT
 *
 * Messages that wait, and trying them.
 */
#include <unistd.h>

#include "svc_rig.h"

/* A file of the queue, with the folders above it. */
static void
put_in_queue(struct fixture *x, const char *name)
{
	struct str path = {0};

	str_addf(&path, "%s/", x->pf.queue);
	for (; *name; name++) {
		if (*name == '/')
			mkdir(str_c(&path), 0700);
		str_add_char(&path, *name);
	}
	close(open(str_c(&path), O_WRONLY | O_CREAT | O_CLOEXEC, 0700));
	str_free(&path);
}

static void
deferred_counts_messages_at_any_depth(void **state)
{
	static const char *const files[] = {"deferred/9/98BE91184",
		"deferred/A/3fdTrR2nGWz5Y", "deferred/A/F/ABCDEF0123",
		"deferred/0123456789", "defer/9/98BE91184", "active/98BE91185"};
	struct fixture *x = *state;

	assert_int_equal(svc_deferred(&x->svc, 100), 0);
	for (size_t i = 0; i < N(files); i++)
		put_in_queue(x, files[i]);
	assert_int_equal(svc_deferred(&x->svc, 100), 4);
	assert_int_equal(svc_deferred(&x->svc, 3), 3);
}

static void
flush_tells_why_it_did_not_begin(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postqueue -c %C -f"},
		{.argv = "%B/postqueue -c %C -f",
			.status = 69,
			.err = "postqueue: warning: Mail system is down -- accessing "
			       "queue directly\npostqueue: fatal: queue is shut\n"},
		{.argv = "%B/postqueue -c %C -f", .status = 75}};

	script(x, cmds, N(cmds));
	assert_true(svc_flush(&x->svc, &x->d));
	assert_int_equal(x->d.n, 0);
	assert_false(svc_flush(&x->svc, &x->d));
	assert_string_equal(x->d.v[1].text, "Postfix says: queue is shut");
	assert_false(svc_flush(&x->svc, &x->d));
	assert_non_null(strstr(x->d.v[2].text, "(exit status 75)"));
	drop_script(x, cmds, N(cmds));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(deferred_counts_messages_at_any_depth),
		T(flush_tells_why_it_did_not_begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
