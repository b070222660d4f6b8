/* SPDX-License-Identifier: MIT
 *
 * Whether a Postfix runs, whose it is, how old its settings are, and whose folders it
 * lives in: without running a program.
 */
#include <unistd.h>
#include <errno.h>

#include "svc_rig.h"

static void
quick_state_knows_whose_master(void **state)
{
	struct fixture *x = *state;
	struct svc_master m;

	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	fake_postfix_start(&x->pf, 4711, NULL);
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_RUNNING);
	assert_int_equal(m.pid, 4711);
	assert_true(m.verified);
	assert_true(m.since > 0);
	fake_postfix_start(&x->pf, 4711, "/srv/other");
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_FOREIGN);
	assert_string_equal(m.folder, "/srv/other");
	/* its environment can't be read: somebody's master, not known whose */
	fake_postfix_write(&x->pf, "proc/4711/environ", "");
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_RUNNING);
	assert_false(m.verified);
	/* dead but not yet collected; another program with that number; nothing */
	fake_postfix_write(&x->pf, "proc/4711/stat", "4711 (master) Z 1 1\n");
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	fake_postfix_write(&x->pf, "proc/4711/stat", "4711 (bash) S 1 1\n");
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	fake_postfix_stop(&x->pf, 4711);
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	assert_int_equal(m.pid, 0);
	assert_false(m.hidden);
}

/* The file names another queue since it started. */
static void
quick_state_finds_a_master_on_another_queue(void **state)
{
	struct fixture *x = *state;
	char *root = str_format("%s/4711/root", x->pf.proc);
	struct svc_master m;

	fake_postfix_start(&x->pf, 4711, NULL);
	x->svc.queue_dir = x->pf.bin; /* no master.pid there */
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED); /* it can't be seen that it is ours */
	assert_int_equal(symlink("/", root), 0);
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_RUNNING);
	assert_int_equal(m.pid, 4711);
	assert_true(m.verified);
	x->svc.is_hasty = true;
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	x->svc.is_hasty = false;
	/* a container's: the same name, but another folder */
	assert_int_equal(unlink(root), 0);
	assert_int_equal(symlink(x->pf.conf, root), 0);
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	assert_int_equal(unlink(root), 0);
	assert_int_equal(symlink("/", root), 0);
	fake_postfix_start(&x->pf, 4711, "/srv/other");
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	free(root);
}

static void
touch(const struct fixture *x, const char *name, time_t when)
{
	char *path = str_format("%s/%s", x->pf.root, name);
	const struct timespec t[2] = {{.tv_sec = when}, {.tv_sec = when}};

	assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
	free(path);
}

static void
settings_are_as_old_as_the_queue_manager(void **state)
{
	enum { READ = 1790000000 };
	struct fixture *x = *state;

	fake_postfix_write(&x->pf, "conf/main.cf", "");
	fake_postfix_write(&x->pf, "conf/master.cf", "");
	fake_postfix_start(&x->pf, 4711, NULL);
	assert_int_equal(svc_settings_read(&x->svc, 4711), 0); /* not known */
	fake_postfix_reloaded(&x->pf, 4711, READ);
	assert_int_equal(svc_settings_read(&x->svc, 4711), READ);
	touch(x, "conf/main.cf", READ + 2); /* it was read anew until then */
	touch(x, "conf/master.cf", READ - 100);
	assert_null(svc_newer_file(&x->svc, READ));
	touch(x, "conf/master.cf", READ + 60);
	assert_string_equal(svc_newer_file(&x->svc, READ), "master.cf");
	touch(x, "conf/master.cf", READ + 3600); /* the clock was set back since */
	assert_null(svc_newer_file(&x->svc, READ));
	touch(x, "conf/main.cf", READ + 4);
	assert_string_equal(svc_newer_file(&x->svc, READ), "main.cf");
}

/* master.pid is 0600 root: others can't say that Postfix is down. */
static void
quick_state_without_right_to_read_is_hidden(void **state)
{
	struct fixture *x = *state;
	struct svc_master m;

	fake_postfix_start(&x->pf, 4711, NULL);
	x->pf.fs.fail_at = x->pf.fs.calls + 1;
	x->pf.fs.fail_errno = EACCES;
	svc_quick_state(&x->svc, &m);
	assert_true(m.hidden);
	assert_int_equal(m.state, SVC_STOPPED);
}

static void
quick_state_same_folder_by_another_name_is_ours(void **state)
{
	struct fixture *x = *state;
	char *link = str_format("%s/link", x->pf.root);
	struct svc_master m;

	assert_int_equal(symlink(x->pf.conf, link), 0);
	fake_postfix_start(&x->pf, 4711, link);
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_RUNNING);
	assert_true(m.verified);
	free(link);
}

static void
folder_safe_names_what_others_can_write(void **state)
{
	struct fixture *x = *state;
	char *base =
		mem_strndup(x->pf.root, (size_t)(strrchr(x->pf.root, '/') - x->pf.root));
	const char *const open[] = {"/conf", "/conf/main.cf", "/conf/master.cf", base};
	char *which = NULL;

	assert_true(svc_folder_safe(&x->svc, NULL, &x->d));
	assert_int_equal(x->d.n, 0);
	for (size_t i = 0; i < N(open); i++) {
		x->pf.open = open[i];
		assert_false(svc_folder_safe(&x->svc, &which, &x->d));
		assert_true(sv_ends(sv_of(which), open[i]));
		assert_int_equal(x->d.v[i].code, DIAG_FILE_UNSAFE);
		free(which);
	}
	free(base);
}

static void
folder_safe_judges_what_links_lead_to(void **state)
{
	struct fixture *x = *state;
	char *file = str_format("%s/conf/main.cf", x->pf.root);
	char *loop = str_format("%s/loop", x->pf.root);

	unlink(file);
	assert_int_equal(symlink("../queue/main.cf", file), 0);
	fake_postfix_write(&x->pf, "queue/main.cf", "a = b\n");
	assert_true(svc_folder_safe(&x->svc, NULL, &x->d));
	x->pf.open = "/queue/main.cf";
	assert_false(svc_folder_safe(&x->svc, NULL, NULL));
	x->pf.open = NULL;
	assert_int_equal(symlink("loop", loop), 0);
	x->svc.config_dir = loop;
	assert_false(svc_folder_safe(&x->svc, NULL, NULL));
	free(file);
	free(loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(quick_state_knows_whose_master),
		T(quick_state_finds_a_master_on_another_queue),
		T(settings_are_as_old_as_the_queue_manager),
		T(quick_state_without_right_to_read_is_hidden),
		T(quick_state_same_folder_by_another_name_is_ours),
		T(folder_safe_names_what_others_can_write),
		T(folder_safe_judges_what_links_lead_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
