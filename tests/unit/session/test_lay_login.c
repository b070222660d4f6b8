/* SPDX-License-Identifier: MIT
 *
 * Changed rows of the table of passwords as a draft keeps them: through JSON, over the
 * table as it was and as somebody else made it, and never with a password.
 */
#include "session/lay.h"
#include "session/login_view.h"
#include "scratch.h"

static const char relay_cf[] = "relayhost = [a.test]:25\nsmtp_sasl_auth_enable = yes\n"
			       "smtp_sasl_password_maps = "
			       "texthash:$config_directory/nets\n";

static bool
move(struct session *s)
{
	return ses_relay_set_port(s, 0, "587", NULL);
}

static bool
other_user(struct session *s)
{
	return ses_login_set(s, "v", NULL, NULL);
}

static bool
other_password(struct session *s)
{
	return ses_login_set(s, NULL, "geheim", NULL);
}

static bool
all_three(struct session *s)
{
	return move(s) && ses_login_set(s, "v", "geheim", NULL);
}

static bool
off(struct session *s)
{
	return ses_login_off(s, NULL);
}

struct login_case {
	bool (*edit)(struct session *);
	const char *mine;         /* as a person reads it */
	const char *base, *found; /* the table at the edit, and when it is laid over */
	enum lay_verdict verdict;
	const char *result;
};

#define ROW "# n\n[a.test]:25  u:alt:1\n[b.test]\tw:x\n"
#define NO_ROW "# n\n[b.test]\tw:x\n"
#define KEPT "u, with the password of [a.test]:25"
#define ANEW "u, its password is to be typed again"

static const struct login_case cases[] = {
	{move, KEPT, ROW, ROW, LAY_DONE, "# n\n[a.test]:587  u:alt:1\n[b.test]\tw:x\n"},
	{move, KEPT, ROW, "[a.test]:25 u:neu\n", LAY_DONE, "[a.test]:587 u:neu\n"},
	{move, KEPT, ROW, "[a.test]:25 v:neu\n", LAY_CLASH, "[a.test]:25 v:neu\n"},
	{move, KEPT, ROW, "[a.test]:587 u:alt:1\n", LAY_THERE, "[a.test]:587 u:alt:1\n"},
	{move, KEPT, ROW, ROW "[a.test]:587 w:x\n", LAY_CLASH, ROW "[a.test]:587 w:x\n"},
	{move, KEPT, ROW, NO_ROW, LAY_CLASH, NO_ROW},
	{move, "****", "[a.test]:25 alt\n", "[a.test]:25 alt\n", LAY_DONE,
		"[a.test]:587 alt\n"},
	{move, "****", "[a.test]:25 alt\n", "[a.test]:25 u:alt\n", LAY_CLASH,
		"[a.test]:25 u:alt\n"},
	{other_user, "v, its password stays", ROW, ROW, LAY_DONE,
		"# n\n[a.test]:25  v:alt:1\n[b.test]\tw:x\n"},
	{other_user, "v, its password stays", ROW, "[a.test]:25 v:alt\n", LAY_THERE,
		"[a.test]:25 v:alt\n"},
	{other_user, "v, its password stays", ROW, "[a.test]:25 w:alt\n", LAY_CLASH,
		"[a.test]:25 w:alt\n"},
	{other_password, ANEW, ROW, ROW, LAY_DONE,
		"# n\n[a.test]:25  u:\n[b.test]\tw:x\n"},
	{other_password, ANEW, ROW, "[a.test]:25 v:alt\n", LAY_CLASH,
		"[a.test]:25 v:alt\n"},
	{other_password, ANEW, ROW, NO_ROW, LAY_CLASH, NO_ROW},
	{all_three, "v, its password is to be typed again", ROW, ROW, LAY_DONE,
		"# n\n[a.test]:587  v:\n[b.test]\tw:x\n"},
	{all_three, "v, its password is to be typed again", ROW, "[a.test]:587 v:y\n",
		LAY_THERE, "[a.test]:587 v:y\n"},
	{off, NULL, ROW, ROW, LAY_DONE, NO_ROW},
	{off, NULL, ROW, "[a.test]:25 u:neu\n[b.test]\tv:x\n", LAY_DONE,
		"[b.test]\tv:x\n"},
	{off, NULL, ROW, NO_ROW, LAY_THERE, NO_ROW},
	{off, NULL, ROW, "[a.test]:25 v:neu\n", LAY_CLASH, "[a.test]:25 v:neu\n"},
	/* The last row: main.cf names the table no more. */
	{off, NULL, "[a.test]:25 u:alt\n", "[a.test]:25 u:alt\n", LAY_DONE, ""},
};

/* What waits in s, as a draft keeps it and the next process reads it. */
static void
draft_of(struct session *s, struct lay_list *out)
{
	struct lay_list mine = {0};
	json_t *json;
	char *text;

	*out = (struct lay_list){0};
	lay_take_open(s, &mine);
	assert_int_equal(mine.left_out, 0);
	json = lay_to_json(&mine);
	text = json_dumps(json, 0);
	assert_null(strstr(text, "alt"));
	assert_null(strstr(text, "geheim"));
	assert_true(lay_from_json(json, out));
	assert_int_equal(out->n, mine.n);
	json_decref(json);
	free(text);
	lay_free(&mine);
}

static struct lay_change *
login_change(struct lay_list *l)
{
	struct lay_change *found = NULL;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].kind == LAY_LOGIN)
			found = &l->v[i];
	assert_non_null(found);
	return found;
}

static void
open_over(struct scratch *y, const char *table, struct lay_list *l)
{
	scratch_open(y, relay_cf, "");
	scratch_write(y->dir, "nets", table);
	for (size_t i = 0; i < l->n; i++)
		l->v[i].file = arena_fmt(&l->texts, "%s/%s", y->dir,
			l->v[i].kind == LAY_LOGIN ? "nets" : "main.cf");
}

static void
assert_table(struct scratch *y, const char *want)
{
	char path[200];
	struct str now = {0};

	(void)snprintf(path, sizeof(path), "%s/nets", y->dir);
	doc_bytes(&file_find(y->s, path)->doc, &now);
	assert_string_equal(str_c(&now), want);
	str_free(&now);
}

static void
changed_logins_are_laid_over_by_a_draft(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct login_case *c = &cases[i];
		struct scratch x, y;
		struct lay_list l;
		struct lay_outcome out[8];
		const struct lay_change *login;
		const char *mine;

		print_message("case %zu\n", i);
		scratch_open(&x, relay_cf, "");
		scratch_write(x.dir, "nets", c->base);
		assert_true(c->edit(x.s));
		draft_of(x.s, &l);
		open_over(&y, c->found, &l);
		lay_over(y.s, &l, &l.texts, out);
		login = login_change(&l);
		assert_int_equal(out[login - l.v].verdict, c->verdict);
		mine = lay_mine(&l.texts, login);
		assert_string_equal(mine ? mine : "", c->mine ? c->mine : "");
		assert_table(&y, c->result);
		lay_free(&l);
		scratch_close(&x);
		scratch_close(&y);
	}
}

struct force_case {
	bool (*edit)(struct session *);
	const char *found, *theirs, *result;
};

static const struct force_case forced[] = {
	{move, "[a.test]:25 v:neu\n", "v:****", "[a.test]:587 u:neu\n"},
	{move, ROW "[a.test]:587 w:x\n", "w:****",
		"# n\n[b.test]\tw:x\n[a.test]:587 u:alt:1\n"},
	{move, NO_ROW, NULL, "# n\n[b.test]\tw:x\n[a.test]:587\tu:\n"},
	{other_password, "[a.test]:25 v:neu\n", "v:****", "[a.test]:25 u:\n"},
	{off, "[a.test]:25 v:neu\n", "v:****", ""},
};

static void
clashing_login_shows_both_and_takes_mine(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forced) / sizeof(forced[0]); i++) {
		const struct force_case *c = &forced[i];
		struct scratch x, y;
		struct lay_list l;
		struct lay_outcome out[8];
		const struct lay_change *login;

		print_message("case %zu\n", i);
		scratch_open(&x, relay_cf, "");
		scratch_write(x.dir, "nets", ROW);
		assert_true(c->edit(x.s));
		draft_of(x.s, &l);
		open_over(&y, c->found, &l);
		lay_over(y.s, &l, &l.texts, out);
		login = login_change(&l);
		assert_int_equal(out[login - l.v].verdict, LAY_CLASH);
		if (c->theirs)
			assert_string_equal(out[login - l.v].theirs, c->theirs);
		else
			assert_null(out[login - l.v].theirs);
		assert_true(lay_force(y.s, login, NULL));
		assert_table(&y, c->result);
		lay_free(&l);
		scratch_close(&x);
		scratch_close(&y);
	}
}

/* A draft whose row has a password, or nothing to tell it by, is none of ours. */
static void
draft_with_a_password_is_refused(void **state)
{
	static const char *const texts[] = {
		"{\"text\": \"[a.test]\", \"value\": \"u:geheim\"}",
		"{\"text\": \"[a.test]\", \"value\": \"geheim\"}",
		"{\"text\": \"[a.test]\"}", "{\"text\": \"a b\", \"value\": \"u:\"}",
		"{\"text\": \"#a\", \"value\": \"u:\"}",
		"{\"text\": \"[a.test]\", \"value\": \"u\\nv:\"}", "{}"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *text = str_format("[{\"kind\": \"login\", \"file\": \"/p\", "
					"\"name\": \"x\", \"before\": {}, \"after\": %s, "
					"\"keeps_password\": %s}]",
			texts[i], i == 6 ? "true" : "false");
		json_t *json = json_loads(text, 0, NULL);
		struct lay_list l = {0};

		assert_non_null(json);
		assert_false(lay_from_json(json, &l));
		json_decref(json);
		lay_free(&l);
		free(text);
	}
}

/* Two people in one process's terms: the new key is somebody else's row by now. */
static void
moved_login_spares_a_row_of_others(void **state)
{
	struct scratch x;
	const struct ses_clash *clash;

	(void)state;
	scratch_open(&x, relay_cf, "");
	scratch_write(x.dir, "nets", ROW);
	assert_true(move(x.s));
	scratch_write(x.dir, "nets", ROW "[a.test]:587 theirs:x\n");
	assert_true(ses_reread(x.s, false, NULL));
	assert_int_equal(ses_clashes(x.s, &clash), 1);
	assert_table(&x, ROW "[a.test]:587 theirs:x\n");
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changed_logins_are_laid_over_by_a_draft),
		cmocka_unit_test(clashing_login_shows_both_and_takes_mine),
		cmocka_unit_test(draft_with_a_password_is_refused),
		cmocka_unit_test(moved_login_spares_a_row_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
