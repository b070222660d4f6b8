/* SPDX-License-Identifier: MIT
 *
 * The History screen on scratch files: rows, the strip that follows the focus, the whole
 * diff, and the ways back from here, from the Overview and from a result. The scratch
 * folder lies where others can write, so no service is ever touched.
 */
#include "tui/scratch.h"

enum { DOWN_MOST = 60 };

/* Run a command of the product on the scratch files, as another session would. */
static void
command(struct scratch *s, const char *words)
{
	const char *build = getenv("PR_BUILD");
	char cmd[1024];

	(void)snprintf(cmd, sizeof(cmd),
		"%s/postrelay -c %s -A %s/aliases -f %s/settings --state %s/state %s "
		">/dev/null 2>&1",
		build ? build : "build", s->dir, s->dir, s->dir, s->dir, words);
	assert_int_equal(system(cmd), 0);
}

#define SET "set --no-act --force PR-PF-002 "

/* Three changes, and one by hand between the second and the third. */
static void
fill(struct scratch *s)
{
	char *text;

	scratch_new(s, &(struct scratch_files){.main_cf = "relayhost = [a.example]\n",
			       .aliases = "root: hanako\n"});
	command(s, SET "relayhost='[b.example]'");
	command(s, SET "relayhost='[c.example]' delay_warning_time=4h");
	text = scratch_read(s, "main.cf");
	text = realloc(text, strlen(text) + 100);
	assert_non_null(text);
	strcat(text, "# by hand\nx = y\n");
	scratch_write(s, "main.cf", text, 0644);
	free(text);
	command(s, "alias set --no-act --force PR-PF-002 sales hanako");
}

#define BY_HAND "relayhost = [c.example]\ndelay_warning_time = 4h\n# by hand\nx = y\n"

static void
rows_and_strip_tell_what_was_applied(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	fill(&s);
	v = scratch_start(&s, "history", NULL, (struct vt_opts){0});
	vt_assert_row(v, 2, "[9History]");
	vt_assert_row(v, 4, "What was applied");
	vt_assert_row(v, 6, "> ?  --  ");
	vt_assert_row(v, 6, "unknown   main.cf outside postrelay      2 lines");
	vt_assert_row(v, 7, "      3  ");
	vt_assert_row(v, 7, "alias sales                    written");
	vt_assert_row(v, 8, "relayhost, delay_warning_time  written");
	vt_assert_row(v, 9, "      1  ");
	vt_assert_row(v, 0, "  main.cf 3    +# by hand");
	vt_keys(v, "Down");
	vt_wait_text(v, 0, "No. 3, 1 change in 1 file");
	vt_assert_row(v, 0, "  aliases 2    +sales:");
	vt_assert_row(v, 22, "Going back to a state is a change like any other");
	vt_assert_row(v, 23, "u takes the newest change back.");
	vt_count_reset(v);
	vt_keys(v, "Down");
	assert_true(vt_count(v) <= DOWN_MOST);
	vt_wait_text(v, 0, "No. 2, 2 changes in 1 file");
	vt_wait_text(v, 0, "  main.cf 1    -relayhost = [b.example]");
	vt_wait_text(v, 0, "               +relayhost = [c.example]");
	vt_wait_text(v, 23,
		"Restoring 2 would also take back what came after it, that is no. 3.");
	vt_keys(v, "/");
	vt_type(v, "sales");
	vt_wait_text(v, 0, "1 shown");
	vt_assert_row(v, 7, ">     3  ");
	vt_keys(v, "Esc");
	scratch_close(&s, v);
}

static void
enter_shows_the_whole_diff(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	fill(&s);
	v = scratch_start(&s, "history", NULL, (struct vt_opts){0});
	vt_keys(v, "Down Down Enter");
	vt_assert_row(v, 4, "No. 2, 2 changes in 1 file");
	vt_assert_row(v, 7, "    -relayhost = [b.example]");
	vt_assert_row(v, 8, "    +relayhost = [c.example]");
	vt_keys(v, "Esc");
	vt_assert_row(v, 8, ">     2  ");
	scratch_close(&s, v);
}

/* Back to no. 1: what came later goes, and what was done by hand, which is said. */
static void
back_to_a_state_is_reviewed_and_applied(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	fill(&s);
	v = scratch_start(&s, "history", NULL, (struct vt_opts){0});
	vt_keys(v, "Down Down Down b");
	vt_assert_row(v, 3, "nothing is written yet");
	vt_assert_row(v, 0, "    -x = y");
	vt_assert_row(v, 0, "    -sales:");
	vt_assert_row(v, 0, "This also takes back what was changed in");
	scratch_assert(&s, "main.cf", BY_HAND);
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "To be read again: 9 History, no. 4");
	scratch_assert(&s, "main.cf", "relayhost = [b.example]\n");
	scratch_assert(&s, "aliases", "root: hanako\n");
	vt_assert_row(v, 0, "[ Undo all of it ]");
	/* And all of that back again. */
	vt_keys(v, "Tab Enter");
	vt_assert_row(v, 3, "nothing is written yet");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "To be read again: 9 History, no. 5");
	scratch_assert(&s, "main.cf", BY_HAND);
	vt_keys(v, "9");
	vt_wait_text(v, 0, "undo of no. 4: ");
	scratch_close(&s, v);
}

static void
overview_undoes_the_newest_in_two_keys(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	fill(&s);
	v = scratch_start(&s, "overview", NULL, (struct vt_opts){0});
	vt_assert_row(v, 0, "   none, last applied 20");
	vt_assert_row(v, 0, ": alias sales");
	vt_assert_row(v, 0, "9 History");
	vt_assert_row(v, 24, "u undo the last applied change");
	vt_keys(v, "u");
	vt_assert_row(v, 0, "    -sales:");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "To be read again: 9 History, no. 4");
	scratch_assert(&s, "aliases", "root: hanako\n");
	scratch_assert(&s, "main.cf", BY_HAND);
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "none, last applied");
	scratch_close(&s, v);
}

/* With something waiting, u is the undo of edits, and b says why it can't. */
static void
what_waits_goes_first(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	fill(&s);
	v = scratch_start(&s, "params", NULL, (struct vt_opts){0});
	vt_keys(v, "o d 9 Down b");
	vt_assert_row(v, 0, "Changes wait; going back would mix with them.");
	vt_keys(v, "u");
	vt_assert_row(v, 0, "Taken back:");
	scratch_close(&s, v);
}

static void
nothing_applied_and_read_only_are_told(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = "x = y\n"});
	v = scratch_start(&s, "history", NULL, (struct vt_opts){0});
	vt_assert_row(v, 5, "nothing yet, by postrelay");
	vt_keys(v, "Down Enter b");
	scratch_close(&s, v);
	fill(&s);
	v = scratch_start(&s, "history", "-R", (struct vt_opts){0});
	vt_keys(v, "u");
	vt_assert_row(v, 0, "This session only looks: nothing can be changed.");
	scratch_close(&s, v);
}

static void
small_terminals_keep_the_changes(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	fill(&s);
	v = scratch_start(&s, "history", NULL, (struct vt_opts){.rows = 20, .cols = 60});
	vt_assert_row(v, 7, "alias sales");
	vt_assert_row(v, 7, "written");
	vt_resize(v, 12, 40);
	vt_assert_row(v, 5, "      3  20");
	vt_assert_row(v, 5, "  alias sales");
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_strip_tell_what_was_applied),
		cmocka_unit_test(enter_shows_the_whole_diff),
		cmocka_unit_test(back_to_a_state_is_reviewed_and_applied),
		cmocka_unit_test(overview_undoes_the_newest_in_two_keys),
		cmocka_unit_test(what_waits_goes_first),
		cmocka_unit_test(nothing_applied_and_read_only_are_told),
		cmocka_unit_test(small_terminals_keep_the_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
