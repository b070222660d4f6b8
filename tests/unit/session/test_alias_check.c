/* SPDX-License-Identifier: MIT
 *
 * Findings on aliases through the session: what main.cf and the users say, kept and made
 * anew when they should be, and repairs as edits that undo takes back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/aliases.h"
#include "session/params.h"
#include "session/review.h"

#include "scratch.h"

#define CF                                                                               \
	"mydestination = here.test, localhost\nmyorigin = here.test\n"                   \
	"default_privs = nobody\n"

static int asked;

static enum users_found
find_user(void *self, const char *name, struct users_entry *out)
{
	(void)self;
	asked++;
	*out = (struct users_entry){.uid = 1000, .gid = 1000};
	if (strcmp(name, "ldap") == 0)
		return USERS_CANT_TELL;
	return strcmp(name, "alice") == 0 || strcmp(name, "nobody") == 0 ? USERS_YES
									 : USERS_NO;
}

static bool
no_nis(void *self)
{
	(void)self;
	return false;
}

static void
open_with_users(struct scratch *x, const char *cf, const char *aliases)
{
	static const struct users_ops ops = {.find = find_user, .nis_domain = no_nis};
	struct str text = {0};

	scratch_open(x, "", aliases);
	str_addf(&text, "%salias_maps = hash:%s\nalias_database = hash:%s\n", cf,
		x->aliases, x->aliases);
	scratch_write(x->dir, "main.cf", str_c(&text));
	str_free(&text);
	asked = 0;
	x->world.users = (struct users_port){&ops, NULL};
	scratch_reopen(x);
}

/* The codes of the findings on the aliases file: "E 009, W 010". */
static char *
codes(struct scratch *x)
{
	const struct diags *d = ses_findings(x->s);
	struct str got = {0};

	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].loc.file && strcmp(d->v[i].loc.file, x->aliases) == 0)
			str_addf(&got, "%s%c %s", got.n ? ", " : "", "NWE"[d->v[i].sev],
				diag_code_name(d->v[i].code) + 6);
	return str_take(&got);
}

static void
assert_codes(struct scratch *x, const char *want)
{
	char *got = codes(x);

	assert_string_equal(got, want);
	free(got);
}

static void
findings_follow_main_cf_and_users(void **state)
{
	static const struct {
		const char *cf, *aliases, *want;
	} rows[] = {
		{CF, "root: alice\npostmaster: alice\na: alice\n", ""},
		{CF, "root: alice\npostmaster: alice\na: nosuch\n", "W 010"},
		{CF, "root: alice\npostmaster: alice\na: ldap\n", ""},
		{CF "luser_relay = x@there.test\n",
			"root: alice\npostmaster: alice\na: nosuch\n", ""},
		{CF "transport_maps = hash:/x\n",
			"root: alice\npostmaster: alice\na: nosuch\n", ""},
		{CF "local_transport = error:no\n", "root: nosuch\na: b\nb: a\n", ""},
		{"mydestination = there.test\nmyorigin = x.test\n",
			"a: nosuch, nosuch@there.test\n", "W 010"},
		{"mydestination = hash:/x\nmyorigin = x.test\n", "a: nosuch\n", ""},
		{CF, "root: alice\npostmaster: alice\na: b\nb: a\n", "E 009, E 009"},
		{CF, "root: nosuch, alice\npostmaster: root\n", "W 010"},
		{CF, "postmaster: root\nroot: root\n", "W 010"},
		{CF "allow_mail_to_commands =\n",
			"root: alice\npostmaster: root\na: |true\n", "E 019"},
		{CF "recipient_delimiter = -\n", "root: alice-x\npostmaster: alice\n",
			""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scratch x;
		char *got;

		open_with_users(&x, rows[i].cf, rows[i].aliases);
		got = codes(&x);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("row %zu: got %s, want %s", i, got, rows[i].want);
		free(got);
		scratch_close(&x);
	}
}

static uint32_t
id_of(struct scratch *x, const char *name)
{
	uint32_t id = 0;

	assert_true(ses_alias_find(x->s, name, &id));
	return id;
}

static void
mend_writes_what_was_meant_and_undo_takes_it_back(void **state)
{
	static const struct {
		const char *line, *repair, *diff;
	} rows[] = {
		{"a: |/bin/true -x y, alice", "\"|/bin/true -x y\", alice",
			"-a: |/bin/true -x y, alice\n+a: \"|/bin/true -x y\", alice\n"},
		{"a: alice # for the copier", "alice",
			"-a: alice # for the copier\n+# for the copier\n+a: alice\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *aliases = str_format(
			"root: alice\npostmaster: alice\n\n%s\n", rows[i].line);
		struct diags d = {0};
		struct scratch x;

		open_with_users(&x, CF, aliases);
		assert_string_equal(
			ses_alias_repair(x.s, id_of(&x, "a")), rows[i].repair);
		assert_true(ses_alias_mend(x.s, id_of(&x, "a"), &d));
		assert_int_equal(d.n, 0);
		assert_codes(&x, "");
		assert_diff(&x, rows[i].diff);
		assert_non_null(ses_undo(x.s));
		assert_diff(&x, "");
		assert_null(ses_alias_repair(x.s, id_of(&x, "root")));
		assert_false(ses_alias_mend(x.s, id_of(&x, "root"), &d));
		assert_int_equal(d.n, 1);
		diag_clear(&d);
		scratch_close(&x);
		free(aliases);
	}
}

static void
users_are_asked_for_once(void **state)
{
	const char *targets[] = {"alice"};
	struct ses_alias_edit e = {.name = "c", .targets = targets, .n = 1};
	uint32_t id = SES_ALIAS_NEW;
	struct diags d = {0};
	struct scratch x;
	int before;

	(void)state;
	open_with_users(
		&x, CF, "root: alice\npostmaster: alice\na: nosuch, alice\nb: nosuch\n");
	assert_codes(&x, "W 010, W 010");
	before = asked;
	assert_true(ses_alias_set(x.s, &id, &e, &d));
	assert_codes(&x, "W 010, W 010");
	assert_int_equal(asked, before);
	assert_true(ses_reread(x.s, true, &d));
	assert_codes(&x, "W 010, W 010");
	assert_true(asked > before);
	scratch_close(&x);
}

static void
a_change_of_main_cf_is_a_change_here(void **state)
{
	struct diags d = {0};
	struct scratch x;

	(void)state;
	open_with_users(&x, CF, "root: alice\npostmaster: alice\na: nosuch\n");
	assert_codes(&x, "W 010");
	assert_true(ses_param_set(x.s, "luser_relay", "x@there.test", &d));
	assert_codes(&x, "");
	assert_non_null(ses_undo(x.s));
	assert_codes(&x, "W 010");
	scratch_close(&x);
}

/* An error that was there before holds nothing back, in the edited alias either; a new
 * one does. */
static void
error_of_an_edited_alias_is_an_old_one(void **state)
{
	const char *targets[] = {"|/no/such/program", "alice", "|/no/such/other"};
	struct ses_alias_edit e = {.name = "a", .targets = targets, .n = 2};
	struct ses_review r;
	struct scratch x;
	uint32_t id;

	(void)state;
	open_with_users(&x, CF, "root: alice\npostmaster: alice\na: |/no/such/program\n");
	assert_codes(&x, "E 013");
	assert_true(ses_alias_find(x.s, "a", &id));
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	ses_review(x.s, true, &r);
	assert_int_equal(r.nholds, 0);
	e = (struct ses_alias_edit){.name = "root", .targets = targets + 2, .n = 1};
	assert_true(ses_alias_find(x.s, "root", &id));
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	ses_review(x.s, true, &r);
	assert_int_equal(r.nholds, 1);
	scratch_close(&x);
}

static void
typed_target_is_asked_for(void **state)
{
	static const struct {
		const char *typed;
		int sev; /* -1: nothing to say */
	} rows[] = {{"alice", -1}, {"nosuch", SEV_WARN}, {"ldap", -1}, {"team", -1},
		{"nosuch@here.test", SEV_WARN}, {"nosuch@there.test", -1},
		{"|/no/such/program", SEV_ERROR}, {":include:/no/such/list", SEV_ERROR}};
	struct ses_target_verdict v;
	struct scratch x;

	(void)state;
	open_with_users(&x, CF, "root: alice\npostmaster: alice\nteam: alice\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ses_target_ask(x.s, rows[i].typed, &v);
		assert_true(v.good);
		assert_int_equal(v.text[0] ? (int)v.sev : -1, rows[i].sev);
	}
	asked = 0;
	ses_target_judge(x.s, "never", &v);
	assert_int_equal(asked, 0);
	assert_codes(&x, "");
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typed_target_is_asked_for),
		cmocka_unit_test(error_of_an_edited_alias_is_an_old_one),
		cmocka_unit_test(findings_follow_main_cf_and_users),
		cmocka_unit_test(mend_writes_what_was_meant_and_undo_takes_it_back),
		cmocka_unit_test(users_are_asked_for_once),
		cmocka_unit_test(a_change_of_main_cf_is_a_change_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
