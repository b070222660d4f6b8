/* SPDX-License-Identifier: MIT
 *
 * Net changes laid over files: the same ones, files that somebody else changed, and
 * clashes. Every list goes through JSON first.
 */
#include "random_view.h"
#include "lay_rig.h"

struct lay_case {
	const char *base, *theirs, *result; /* of main.cf */
	const char *set, *value;            /* mine; value NULL: unset */
	bool clash;
};

static const struct lay_case cases[] = {
	{"a = 1\n", "a = 1\nb = 2\n", "a = 9\nb = 2\n", "a", "9", false},
	{"a = 1\n", "a   =   1\n", "a   =   9\n", "a", "9", false},
	{"a = 1\n", "a = 9\n", "a = 9\n", "a", "9", false},
	{"a = 1\n", "a = 2\n", "a = 2\n", "a", "9", true},
	{"a = 1\n", "", "", "a", "9", true},
	{"a = 1\n", "", "", "a", NULL, false},
	{"a = 1\n", "a = 2\n", "a = 2\n", "a", NULL, true},
	{"", "a = 2\n", "a = 2\n", "a", "9", true},
	{"x = 1\n", "x = 1\n# more\n", "x = 1\n# more\na = 9\n", "a", "9", false},
	{"mynetworks = 10.0.0.0/8, 10.1.1.1\n", "mynetworks = 10.0.0.0/8, 10.2.2.2\n",
		"mynetworks = 10.0.0.0/8, 10.3.3.3, 10.2.2.2\n", "mynetworks",
		"10.0.0.0/8, 10.3.3.3, 10.1.1.1", false},
	{"mynetworks = 10.0.0.1 10.0.0.2\n", "mynetworks = 10.0.0.1 10.0.0.2 10.0.0.3\n",
		"mynetworks = 10.0.0.1 10.0.0.3\n", "mynetworks", "10.0.0.1", false},
	{"mynetworks = 10.0.0.1 10.0.0.2\n", "mynetworks = 10.0.0.1 10.0.0.5\n",
		"mynetworks = 10.0.0.1 10.0.0.5\n", "mynetworks", "10.0.0.1 10.0.0.6",
		true},
	{"relayhost = [a.test]\n", "relayhost = [b.test]\n", "relayhost = [b.test]\n",
		"relayhost", "[c.test]", true},
	{"inet_interfaces = localhost\n", "inet_interfaces = localhost, 10.0.0.1\n",
		"inet_interfaces = localhost, 10.0.0.1\n", "inet_interfaces", "all",
		true},
	{"inet_interfaces = localhost\n", "inet_interfaces = localhost, 10.0.0.1\n",
		"inet_interfaces = localhost, 10.0.0.2, 10.0.0.1\n", "inet_interfaces",
		"localhost, 10.0.0.2", false},
	{"smtpd_relay_restrictions = permit_mynetworks, reject\n",
		"smtpd_relay_restrictions = permit_mynetworks, defer, reject\n",
		"smtpd_relay_restrictions = permit_mynetworks, defer, reject\n",
		"smtpd_relay_restrictions",
		"permit_mynetworks, permit_sasl_authenticated, reject", true},
};

static void
main_cf_of(struct session *s, struct str *out)
{
	str_clear(out);
	doc_bytes(main_cf(s), out);
}

static void
lay_case_holds(const struct lay_case *c)
{
	struct scratch x, y;
	struct lay_list mine;
	struct lay_outcome out[4];
	struct str got = {0};

	scratch_open(&x, c->base, "");
	scratch_open(&y, c->theirs, "");
	if (c->value)
		assert_true(ses_param_set(x.s, c->set, c->value, NULL));
	else
		assert_true(ses_param_unset(x.s, c->set, NULL));
	take(x.s, &mine);
	assert_int_equal(mine.n, 1);
	mine.v[0].file = y.s->files[0]->path;
	lay_over(y.s, &mine, &mine.texts, out);
	main_cf_of(y.s, &got);
	assert_string_equal(str_c(&got), c->result);
	assert_int_equal(out[0].verdict == LAY_CLASH, c->clash);
	if (c->clash) { /* what I wanted can still be had */
		const char *want = lay_mine(&mine.texts, &mine.v[0]);

		assert_true(lay_force(y.s, &mine.v[0], NULL));
		lay_over(y.s, &mine, &mine.texts, out);
		assert_int_equal(out[0].verdict, LAY_THERE);
		assert_true((want == NULL) ==
			    (mcf_find(main_cf(y.s), sv_of(c->set)) == DOC_NO_ID));
	}
	str_free(&got);
	lay_free(&mine);
	scratch_close(&x);
	scratch_close(&y);
}

static void
parameters_are_laid_over_or_clash(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		lay_case_holds(&cases[i]);
}

static void
clash_tells_both_sides(void **state)
{
	struct scratch x, y;
	struct lay_list mine;
	struct lay_outcome out[2];

	(void)state;
	scratch_open(&x, "relayhost = [a.test]\n", "root: taro\n");
	scratch_open(&y, "relayhost = [b.test]\n", "root: jiro\n");
	assert_true(ses_param_set(x.s, "relayhost", "[c.test]", NULL));
	struct ses_alias_edit e = {
		.name = "root", .targets = (const char *const[]){"hanako"}, .n = 1};
	uint32_t id;
	assert_true(ses_alias_find(x.s, "root", &id));
	assert_true(ses_alias_set(x.s, &id, &e, NULL));
	take(x.s, &mine);
	assert_int_equal(mine.n, 2);
	mine.v[0].file = y.s->files[0]->path;
	mine.v[1].file = y.aliases;
	lay_over(y.s, &mine, &mine.texts, out);
	assert_int_equal(clashes(&mine, out), 2);
	assert_string_equal(out[0].theirs, "[b.test]");
	assert_string_equal(lay_mine(&mine.texts, &mine.v[0]), "[c.test]");
	assert_string_equal(out[1].theirs, "jiro");
	assert_string_equal(lay_mine(&mine.texts, &mine.v[1]), "hanako");
	assert_true(lay_force(y.s, &mine.v[1], NULL));
	struct ses_alias a;
	assert_true(ses_alias_find(y.s, "root", &id) && ses_alias_by_id(y.s, id, &a));
	assert_string_equal(a.targets, "hanako");
	lay_free(&mine);
	scratch_close(&x);
	scratch_close(&y);
}

/* Changed once more while it waits: what is told and asked is what is there now; and what
 * is as it was before waits no longer. */
static void
clash_that_waits_follows_the_file(void **state)
{
	static const char *const theirs[] = {"relayhost = b\n", "relayhost = c\n"};
	const struct ses_clash *clash;
	const struct ses_change *change;
	const struct diags *told;
	struct scratch x;

	(void)state;
	scratch_open(&x, "relayhost = a\n", "");
	assert_true(ses_param_set(x.s, "relayhost", "mine", NULL));
	for (size_t i = 0; i < 2; i++) {
		/* something else waits, too, so that both are told */
		assert_true(ses_param_set(x.s, "myhostname", "h.example", NULL));
		scratch_write(x.dir, "main.cf", theirs[i]);
		assert_true(ses_reread(x.s, false, NULL));
		assert_int_equal(ses_clashes(x.s, &clash), 1);
		assert_string_equal(clash[0].theirs, i == 0 ? "b" : "c");
		told = ses_others(x.s);
		assert_string_equal(told->v[told->n - 1].text,
			i == 0 ? "Line 1 is now: relayhost = b"
			       : "Line 1 is now: relayhost = c");
		assert_int_equal(told->n, 2); /* and what a became */
	}
	scratch_write(x.dir, "main.cf", "relayhost = a\n");
	assert_true(ses_reread(x.s, false, NULL));
	assert_int_equal(ses_clashes(x.s, &clash), 0);
	assert_int_equal(ses_changes(x.s, &change), 2);
	scratch_close(&x);
}

/* Such as taking back an old change that had remarks leaves. */
static void
remark_that_is_not_carried_over_is_told(void **state)
{
	struct scratch x;
	const struct ses_change *unused;

	(void)state;
	scratch_open(&x, "relayhost = a\n\nmyhostname = b\n", "");
	doc_insert(&x.s->files[0]->doc, 1, sv_of("# mine\n"), ENTRY_COMMENT, 0);
	assert_int_equal(ses_changes(x.s, &unused), 1);
	scratch_write(x.dir, "main.cf", "relayhost = a\n\nmyhostname = theirs\n");
	assert_true(ses_reread(x.s, false, NULL));
	assert_int_equal(ses_changes(x.s, &unused), 0);
	assert_non_null(ses_others(x.s));
	assert_non_null(strstr(
		ses_others(x.s)->v[ses_others(x.s)->n - 1].text, "1 change of a remark"));
	scratch_close(&x);
}

/* A file that the configuration doesn't name isn't touched, whatever a list says. */
static void
other_files_are_never_touched(void **state)
{
	static const char *const texts[] = {
		"[{\"kind\":\"item\",\"file\":\"/etc/"
		"passwd\",\"name\":\"x\",\"before\":{},"
		"\"after\":{\"text\":\"10.0.0.1\",\"note\":\"\"}}]",
		"[{\"kind\":\"alias\",\"file\":\"/etc/"
		"passwd\",\"name\":\"x\",\"before\":{},"
		"\"after\":{\"name\":\"x\",\"text\":\"y\",\"note\":\"\"}}]",
		"[{\"kind\":\"param\",\"file\":\"/etc/"
		"passwd\",\"name\":\"x\",\"before\":{},"
		"\"after\":{\"text\":\"x = y\\n\"}}]",
	};
	struct scratch x;

	(void)state;
	scratch_open(&x, "a = 1\n", "");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *array = json_loads(texts[i], 0, NULL);
		const struct ses_change *unused;
		struct lay_list l = {0};
		struct lay_outcome out[1];

		assert_true(lay_from_json(array, &l));
		lay_over(x.s, &l, &l.texts, out);
		assert_int_equal(out[0].verdict, LAY_CLASH);
		assert_int_equal(ses_changes(x.s, &unused), 0);
		lay_free(&l);
		json_decref(array);
	}
	scratch_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_laid_over_or_clash),
		cmocka_unit_test(clash_tells_both_sides),
		cmocka_unit_test(clash_that_waits_follows_the_file),
		cmocka_unit_test(remark_that_is_not_carried_over_is_told),
		cmocka_unit_test(other_files_are_never_touched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
