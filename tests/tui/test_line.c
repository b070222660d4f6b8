/* SPDX-License-Identifier: MIT
 *
 * What a person at the keyboard does, and what becomes of the line, for
 * tests/e2e/test_line.sh, which runs this inside of its sandbox once a case, holds the
 * apply in the middle and judges what is there in the end; elsewhere it skips. PR_LINE:
 *
 *	close   two changes are made and applied; in the middle the terminal goes away
 *	term    ... the screen is asked to end (SIGTERM)
 *	kill    ... the screen is killed
 *	child   ... the process that applies is killed
 *	next    the next start: nothing is told, nothing is offered
 *	offer   the next start: the changes are offered, nothing is told
 *	undone  the next start: they are offered, and it is told that they were undone
 *	done    the next start: it is told that an apply was cut off when it was done
 *
 * PR_LINE_HELD: there once the apply has come to its middle. PR_LINE_PID: gets the number
 * of the process that applies.
 */
#include <signal.h>

#include "tui/scratch.h"

static struct vt *
start(void)
{
	static char bin[4096];
	const char *build = getenv("PR_BUILD"), *argv[] = {bin, NULL};

	(void)snprintf(bin, sizeof(bin), "%s/postrelay", build ? build : "build");
	return vt_start(&(struct vt_opts){.argv = argv});
}

static void
apply_two_changes(struct vt *v)
{
	vt_keys(v, "2 Down Space");
	vt_assert_row(v, 11, ">* [x] lan0      192.168.1.1");
	vt_keys(v, "5 a");
	vt_type(v, "sweep");
	vt_keys(v, "Tab");
	vt_type(v, "root");
	vt_keys(v, "Enter w");
	vt_assert_row(v, 0, "Review: 2 changes in 2 files");
	vt_send(v, "\r", 1);
}

/* Until the file or folder is there, whatever the screen shows meanwhile. */
static void
wait_for(struct vt *v, const char *path)
{
	const struct timespec nap = {.tv_nsec = 5 * 1000 * 1000};

	for (int i = 0; i < 4000 && access(path, F_OK) != 0; i++) {
		(void)nanosleep(&nap, NULL);
		vt_settle(v);
	}
	assert_int_equal(access(path, F_OK), 0);
}

/* Its arguments, with their NULs. */
static void
command_line(pid_t pid, char text[4096])
{
	char path[64];
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	(void)memset(text, 0, 4096);
	f = fopen(path, "r");
	if (f) {
		assert_int_not_equal(fread(text, 1, 4095, f), 0);
		(void)fclose(f);
	}
}

static bool
same_program(pid_t a, pid_t b)
{
	char text[2][4096];

	command_line(a, text[0]);
	command_line(b, text[1]);
	return memcmp(text[0], text[1], sizeof(text[0])) == 0;
}

/* The child of the screen that is no other program. */
static pid_t
applier(const struct vt *v)
{
	char path[64];
	int pid, found = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)vt_pid(v),
		(int)vt_pid(v));
	f = fopen(path, "r");
	assert_non_null(f);
	while (fscanf(f, "%d", &pid) == 1) {
		if (same_program(pid, vt_pid(v))) {
			found = pid;
		}
	}
	(void)fclose(f);
	assert_int_not_equal(found, 0);
	return found;
}

static void
tell(pid_t pid)
{
	FILE *f = fopen(getenv("PR_LINE_PID"), "w");

	assert_non_null(f);
	(void)fprintf(f, "%d\n", (int)pid);
	assert_int_equal(fclose(f), 0);
}

static void
lose(const char *what)
{
	struct vt *v = start();
	pid_t child;

	apply_two_changes(v);
	wait_for(v, getenv("PR_LINE_HELD"));
	child = applier(v);
	tell(child);
	if (strcmp(what, "close") == 0) {
		vt_hang_up(v);
	} else if (strcmp(what, "child") == 0) {
		assert_int_equal(kill(child, SIGKILL), 0);
		vt_wait_text(v, 0, "Nobody knows how far this change came");
	} else {
		assert_int_equal(
			kill(vt_pid(v), strcmp(what, "kill") == 0 ? SIGKILL : SIGTERM),
			0);
	}
	if (strcmp(what, "child") != 0) {
		(void)vt_wait_exit(v);
		assert_int_equal(kill(child, 0), 0); /* it goes on */
	}
	(void)vt_close(v);
}

static void
look(const char *what)
{
	const bool offered = strcmp(what, "offer") == 0 || strcmp(what, "undone") == 0;
	const bool told = strcmp(what, "done") == 0 || strcmp(what, "undone") == 0;
	struct vt *v = start();

	vt_wait_text(v, 2, "Overview");
	if (offered) {
		vt_wait_text(v, 0, "A draft of yours waits");
		vt_assert_row(v, 0, "2 changes were kept");
		vt_keys(v, "Esc");
	}
	vt_wait_gone(v, 0, "A draft of yours");
	vt_assert_row(v, 1, "*0");
	assert_int_equal(vt_has(v, 0, "An earlier apply was cut off"), told);
	vt_keys(v, "q");
	assert_int_equal(vt_wait_exit(v), 0);
	(void)vt_close(v);
}

static void
line_drops(void **state)
{
	const char *what = getenv("PR_LINE");

	(void)state;
	if (!what) {
		print_message("skipped: it needs the sandbox; tests/e2e/test_line.sh "
			      "runs it\n");
		skip();
	}
	if (strcmp(what, "close") == 0 || strcmp(what, "term") == 0 ||
		strcmp(what, "kill") == 0 || strcmp(what, "child") == 0) {
		lose(what);
	} else {
		look(what);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_drops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
