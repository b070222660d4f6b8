/* SPDX-License-Identifier: MIT
 *
 * The plan: which actions, in which order, for each kind of change and each state of the
 * service. An expected plan is one word an action: S stop, W write, M postmap, A
 * postalias, N newaliases, R reload, B start.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "apply/plan.h"

static enum plan_need
needs(const char *param)
{
	if (strcmp(param, "inet_interfaces") == 0 || strcmp(param, "inet_protocols") == 0)
		return PLAN_NEED_RESTART;
	if (strcmp(param, "command_directory") == 0)
		return PLAN_NEED_NOTHING;
	return PLAN_NEED_RELOAD;
}

static const struct plan_file files[] = {
	{PLAN_MAIN_CF, "/etc/postfix/main.cf", NULL, false, false},
	{PLAN_ALIASES, "/etc/aliases", "hash", true, true},
	{PLAN_PLAIN_FILE, "/etc/postfix/nets", NULL, false, false},
	{PLAN_TABLE, "/etc/postfix/transport", "lmdb", false, false},
	{PLAN_ALIASES, "/srv/aliases", "hash", false, true},
	{PLAN_ALIASES, "/srv/unread", NULL, false, false},
};

struct row {
	const char *what;
	const char *files;  /* indices into files[] */
	const char *params; /* changed parameters, blank between; all in the first file */
	enum svc_state state;
	bool no_act;
	const char *acts;
	size_t warnings;
	bool note;
};

static const struct row rows[] = {
	{"reload for relayhost", "0", "relayhost", SVC_RUNNING, false, "WR", 0, false},
	{"restart for inet_interfaces", "0", "inet_interfaces", SVC_RUNNING, false, "SWB",
		0, true},
	{"restart beats reload", "01", "relayhost inet_protocols", SVC_RUNNING, false,
		"SWWNB", 0, true},
	{"comments only", "0", "", SVC_RUNNING, false, "W", 0, false},
	{"nothing needed", "0", "command_directory", SVC_RUNNING, false, "W", 0, false},
	{"aliases need no reload", "1", "", SVC_RUNNING, false, "WN", 0, false},
	{"alias_database too", "0", "alias_database", SVC_RUNNING, false, "WNR", 0,
		false},
	{"alias_maps too", "0", "alias_maps", SVC_RUNNING, false, "WNR", 0, false},
	{"plain file needs reload", "2", "", SVC_RUNNING, false, "WR", 0, false},
	{"built table needs none", "3", "", SVC_RUNNING, false, "WM", 0, false},
	{"maps before aliases", "031", "myorigin", SVC_RUNNING, false, "WWWMNR", 0,
		false},
	{"other aliases file", "4", "", SVC_RUNNING, false, "WA", 0, false},
	{"aliases nobody reads", "5", "", SVC_RUNNING, false, "WA", 1, false},
	{"down stays down", "01", "inet_interfaces", SVC_STOPPED, false, "WWN", 0, true},
	{"down, reload", "0", "relayhost", SVC_STOPPED, false, "W", 0, true},
	{"foreign", "01", "relayhost", SVC_FOREIGN, false, "WW", 0, true},
	{"unsafe", "03", "relayhost", SVC_UNSAFE, false, "WW", 0, true},
	{"absent", "01", "relayhost", SVC_ABSENT, false, "WW", 0, true},
	{"no_act", "01", "inet_interfaces", SVC_RUNNING, true, "WW", 0, true},
};

/* The same, where more is known of the service. */
static const struct {
	struct row row;
	bool start, elsewhere;
} more[] = {
	{{"down, its start asked for", "01", "inet_interfaces", SVC_STOPPED, false,
		 "WWNB", 0, true},
		true, false},
	{{"start asked for, nothing to write", "", "", SVC_STOPPED, false, "B", 0, true},
		true, false},
	{{"start asked for, but it runs", "0", "relayhost", SVC_RUNNING, false, "WR", 0,
		 false},
		true, false},
	{{"start of a foreign one", "0", "relayhost", SVC_FOREIGN, false, "W", 0, true},
		true, false},
	{{"start where nothing may be done", "0", "relayhost", SVC_STOPPED, true, "W", 0,
		 true},
		true, false},
	{{"sockets elsewhere: no reload", "0", "relayhost", SVC_RUNNING, false, "SWB", 0,
		 true},
		false, true},
	{{"sockets elsewhere: aliases don't care", "1", "", SVC_RUNNING, false, "WN", 0,
		 false},
		false, true},
	{{"sockets elsewhere, nothing to write", "", "", SVC_RUNNING, false, "SB", 0,
		 true},
		false, true},
	{{"sockets of one that is down", "0", "relayhost", SVC_STOPPED, false, "W", 0,
		 true},
		false, true},
};

static void
build_with(
	struct plan *p, const struct row *r, bool start, bool elsewhere, struct diags *d)
{
	struct plan_file f[8];
	struct change c[8];
	struct plan_input in = {.files = f,
		.changes = c,
		.needs = needs,
		.service = r->state,
		.no_act = r->no_act,
		.start = start,
		.elsewhere = elsewhere};
	struct sv rest = sv_of(r->params), word;
	char *names[8];

	for (const char *i = r->files; *i; i++)
		f[in.nfiles++] = files[*i - '0'];
	while (sv_token(&rest, " ", &word)) {
		names[in.nchanges] = sv_dup(word);
		c[in.nchanges] =
			(struct change){CHANGE_PARAM, 0, names[in.nchanges], "a", "b"};
		in.nchanges++;
	}
	plan_make(p, &in, d);
	for (size_t i = 0; i < in.nchanges; i++)
		free(names[i]);
}

static void
build(struct plan *p, const struct row *r, struct diags *d)
{
	build_with(p, r, false, false, d);
}

static void
assert_row(const struct row *r, bool start, bool elsewhere)
{
	struct plan p;
	struct diags d = {0};
	char acts[16] = "";

	build_with(&p, r, start, elsewhere, &d);
	for (size_t a = 0; a < p.n; a++)
		acts[a] = "SWMANRB"[p.v[a].act];
	if (strcmp(acts, r->acts) != 0)
		print_error("%s: %s, not %s\n", r->what, acts, r->acts);
	assert_string_equal(acts, r->acts);
	assert_int_equal(diag_count(&d, SEV_WARN), r->warnings);
	assert_int_equal(p.note != NULL, r->note);
	assert_int_equal(p.interrupts, acts[0] == 'S');
	plan_free(&p);
	diag_clear(&d);
}

static void
make_changes_give_ordered_actions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_row(&rows[i], false, false);
	for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
		assert_row(&more[i].row, more[i].start, more[i].elsewhere);
}

static void
make_restart_tells_reason(void **state)
{
	struct plan p;
	struct plan_row *r;
	size_t n;

	(void)state;
	build(&p, &rows[2], NULL);
	r = plan_rows(&p, &n);
	assert_int_equal(n, 3);
	assert_string_equal(r[0].label, "stop, start");
	assert_string_equal(
		r[0].reason, "because inet_protocols changed; a reload would ignore it");
	assert_string_equal(r[1].label, "newaliases");
	assert_string_equal(r[1].reason, "because /etc/aliases changed");
	assert_string_equal(r[2].label, "look");
	plan_rows_free(r, n);
	plan_free(&p);
}

static void
make_restart_for_sockets_tells_reason(void **state)
{
	struct plan_input in = {.files = files,
		.needs = needs,
		.service = SVC_RUNNING,
		.newer = "main.cf",
		.elsewhere = true};
	struct plan p;
	struct plan_row *r;
	size_t n;

	(void)state;
	plan_make(&p, &in, NULL);
	r = plan_rows(&p, &n);
	assert_string_equal(r[0].label, "stop, start");
	assert_string_equal(r[0].reason,
		"because it doesn't listen where main.cf says; a reload would leave it "
		"so");
	plan_rows_free(r, n);
	plan_free(&p);
}

/* The same table isn't built twice where its text changes as well. */
static void
make_table_is_built_as_it_is(void **state)
{
	struct plan_input in = {.files = &files[3],
		.needs = needs,
		.service = SVC_RUNNING,
		.build = "lmdb:/etc/postfix/transport"};
	struct plan p;

	(void)state;
	plan_make(&p, &in, NULL);
	assert_int_equal(p.n, 2);
	assert_int_equal(p.v[0].act, PLAN_POSTMAP);
	assert_string_equal(p.v[0].target, "lmdb:/etc/postfix/transport");
	assert_int_equal(p.v[1].act, PLAN_RELOAD);
	plan_free(&p);
	in.nfiles = 1;
	plan_make(&p, &in, NULL);
	assert_int_equal(p.n, 3);
	assert_int_equal(p.v[1].act, PLAN_POSTMAP);
	assert_int_equal(p.v[2].act, PLAN_RELOAD);
	plan_free(&p);
}

/* It is looked at although it doesn't run yet. */
static void
make_start_is_looked_at(void **state)
{
	struct plan_input in = {.files = files,
		.nfiles = 1,
		.needs = needs,
		.service = SVC_STOPPED,
		.start = true,
		.greetings = 2};
	struct plan p;

	(void)state;
	plan_make(&p, &in, NULL);
	assert_string_equal(
		p.look, "greeting on 2 addresses, log; all put back if not well");
	assert_string_equal(
		p.note, "Postfix is not running; it is started with these files.");
	assert_true(plan_ends_running(&p, &in));
	plan_free(&p);
}

static void
make_list_items_count_as_one_parameter(void **state)
{
	const struct change c[] = {
		{CHANGE_LIST_ITEM, 0, "mynetworks", NULL, "10.0.0.0/8"},
		{CHANGE_LIST_ITEM, 0, "mynetworks", "10.1.0.0/16", NULL}};
	struct plan_input in = {.files = files,
		.nfiles = 1,
		.changes = c,
		.nchanges = 2,
		.needs = needs,
		.service = SVC_RUNNING,
		.greetings = 3};
	struct plan p;

	(void)state;
	plan_make(&p, &in, NULL);
	assert_int_equal(p.n, 2);
	assert_string_equal(p.v[1].reason, "because mynetworks changed");
	assert_string_equal(
		p.look, "greeting on 3 addresses, log; all put back if not well");
	plan_free(&p);
}

static void
make_older_settings_are_reloaded_where_nothing_else_is(void **state)
{
	struct plan_input in = {.files = files,
		.needs = needs,
		.service = SVC_RUNNING,
		.newer = "main.cf"};
	struct plan p;

	(void)state;
	plan_make(&p, &in, NULL);
	assert_int_equal(p.n, 1);
	assert_int_equal(p.v[0].act, PLAN_RELOAD);
	assert_string_equal(
		p.v[0].reason, "because main.cf is newer than what Postfix runs with");
	assert_string_equal(p.look, "greeting on each address, log");
	plan_free(&p);
	in.service = SVC_STOPPED;
	plan_make(&p, &in, NULL);
	assert_int_equal(p.n, 0);
	plan_free(&p);
	in.service = SVC_RUNNING;
	in.files = &files[1];
	in.nfiles = 1; /* aliases: their change is no reason to reload */
	plan_make(&p, &in, NULL);
	assert_false(plan_has(&p, PLAN_RELOAD));
	plan_free(&p);
}

static void
type_is_built_knows_indexed_types(void **state)
{
	(void)state;
	assert_true(plan_type_is_built(sv_of("hash")));
	assert_true(plan_type_is_built(sv_of("lmdb")));
	assert_false(plan_type_is_built(sv_of("cidr")));
	assert_false(plan_type_is_built(sv_of("texthash")));
	assert_false(plan_type_is_built(sv_of("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(make_changes_give_ordered_actions),
		cmocka_unit_test(make_restart_tells_reason),
		cmocka_unit_test(make_restart_for_sockets_tells_reason),
		cmocka_unit_test(make_table_is_built_as_it_is),
		cmocka_unit_test(make_start_is_looked_at),
		cmocka_unit_test(make_list_items_count_as_one_parameter),
		cmocka_unit_test(make_older_settings_are_reloaded_where_nothing_else_is),
		cmocka_unit_test(type_is_built_knows_indexed_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
