/* SPDX-License-Identifier: MIT
 *
 * Net changes laid over files: the same ones, files that somebody else changed, clashes;
 * and a random walk of two people over odd files. Every list goes through JSON first.
 * PR_FUZZ_ROUNDS and PR_FUZZ_SEED as in test_random.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <time.h>

#include "base/b64.h"
#include "base/mem.h"
#include "random_gen.h"
#include "random_view.h"
#include "session/lay.h"
#include "session/login_view.h"
#include "text/table.h"

/* What waits in s, as another process would read it. */
static void
take(struct session *s, struct lay_list *out)
{
	struct lay_list mine = {0};
	json_t *array;
	char *text;

	*out = (struct lay_list){0};
	lay_take(s, NULL, &mine);
	array = lay_to_json(&mine);
	text = json_dumps(array, 0);
	assert_non_null(text);
	json_decref(array);
	array = json_loads(text, 0, NULL);
	assert_non_null(array);
	if (!lay_from_json(array, out)) {
		fprintf(stderr, "%s\n", json_dumps(array, 0));
		fail();
	}
	assert_int_equal(out->n, mine.n);
	json_decref(array);
	free(text);
	lay_free(&mine);
}

static size_t
clashes(const struct lay_list *l, const struct lay_outcome *out)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += out[i].verdict == LAY_CLASH;
	return n;
}

/* --- by example ----------------------------------------------------------------------
 */

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

static bool
has_error(const struct diags *d, enum diag_code code)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].code == code && d->v[i].sev == SEV_ERROR)
			return true;
	return false;
}

static void
secrets_are_left_out_and_counted(void **state)
{
	struct scratch x;
	struct lay_list l = {0};

	(void)state;
	scratch_open(&x,
		"smtp_sasl_password_maps = static:u:geheim\n"
		"#tls_key_password = geheim\n= geheim\n",
		"");
	assert_true(ses_param_set(
		x.s, "smtp_sasl_password_maps", "hash:/etc/postfix/p", NULL));
	assert_true(ses_param_set(x.s, "lmtp_tls_key_password", "geheim", NULL));
	assert_true(ses_param_set(x.s, "myhostname", "relay.test", NULL));
	lay_take_open(x.s, &l);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.v[0].name, "myhostname");
	assert_int_equal(l.left_out, 2);
	lay_free(&l);
	scratch_close(&x);
}

/* A line that counts for nothing is named by its text. */
static void
clash_of_a_line_shows_no_password(void **state)
{
	static const char cf[] = "smtp_sasl_password_maps = static:u:geheim\n"
				 "smtp_sasl_password_maps = hash:/etc/postfix/p\n";
	char path[256];
	struct scratch x;
	const struct ses_clash *c;
	FILE *f;

	(void)state;
	scratch_open(&x, cf, "");
	assert_true(ses_line_comment_out(x.s, 1, NULL));
	(void)snprintf(path, sizeof(path), "%s/main.cf", x.dir);
	f = fopen(path, "a");
	assert_non_null(f);
	assert_int_equal(fputc('\0', f), 0); /* now it can only be looked at */
	assert_int_equal(fclose(f), 0);
	assert_true(ses_reread(x.s, false, NULL));
	assert_int_equal(ses_clashes(x.s, &c), 1);
	assert_string_equal(c[0].name, "smtp_sasl_password_maps = ****");
	scratch_close(&x);
}

static const char pw_cf[] = "smtp_sasl_password_maps = texthash:$config_directory/nets\n";

static struct ses_file *
passwords(struct session *s)
{
	struct login_maps m;

	login_maps_of(s, &m);
	assert_int_equal(m.n, 1);
	return m.v[0];
}

/* A new login leaves without its password; laid over it is one that a rule finds. */
static void
new_login_leaves_without_its_password(void **state)
{
	static const char cf[] = "relayhost = [a.test]\nsmtp_sasl_auth_enable = yes\n"
				 "smtp_sasl_password_maps = "
				 "texthash:$config_directory/nets\n";
	struct scratch x, y;
	struct lay_list open = {0}, back = {0};
	struct lay_outcome out[2];
	struct str now = {0};
	json_t *json;

	(void)state;
	scratch_open(&x, cf, "");
	scratch_write(x.dir, "nets", "[b.test] v:old\n");
	assert_true(ses_login_set(x.s, "u", "geheim", NULL));
	lay_take_open(x.s, &open);
	assert_int_equal(open.left_out, 0);
	json = lay_to_json(&open);
	char *text = json_dumps(json, 0);
	assert_null(strstr(text, "geheim"));
	free(text);
	assert_true(lay_from_json(json, &back));
	json_decref(json);
	assert_int_equal(back.n, open.n);
	assert_string_equal(lay_mine(&back.texts, &back.v[back.n - 1]),
		"u, its password is to be typed again");
	for (int there = 0; there < 2; there++) {
		struct ses_login login;

		scratch_open(&y, cf, "");
		scratch_write(y.dir, "nets",
			there ? "[a.test] u:theirs\n" : "[b.test] v:old\n");
		back.v[back.n - 1].file = passwords(y.s)->path;
		lay_over(y.s, &(struct lay_list){.v = &back.v[back.n - 1], .n = 1},
			&back.texts, out);
		assert_int_equal(out[0].verdict, there ? LAY_THERE : LAY_DONE);
		ses_login_get(y.s, &login);
		assert_string_equal(login.user, "u");
		assert_int_equal(login.has_password, there);
		assert_int_equal(has_error(ses_findings(y.s), DIAG_AUTH_EMPTY), !there);
		scratch_close(&y);
	}
	str_free(&now);
	lay_free(&open);
	lay_free(&back);
	scratch_close(&x);
}

static void
set_password(struct session *s, const char *key, const char *value)
{
	ses_begin(s, "x");
	assert_int_not_equal(
		tbl_set(&passwords(s)->doc, sv_of(key), sv_of(value)), DOC_NO_ID);
	ses_end(s);
}

/* Within the process passwords are laid over, too; what leaves it has none. */
static void
passwords_are_laid_over_but_never_leave(void **state)
{
	struct scratch x;
	struct lay_list open = {0};
	const struct ses_clash *clash;
	struct str now = {0};

	(void)state;
	scratch_open(&x, pw_cf, "");
	scratch_write(x.dir, "nets", "[a.test] u:old\n[b.test] v:old\n");
	set_password(x.s, "[a.test]", "u:geheim");
	scratch_write(x.dir, "nets", "# theirs\n[a.test] u:old\n[b.test] v:theirs\n");
	lay_take_open(x.s, &open);
	assert_int_equal(open.n, 1);
	assert_string_equal(open.v[0].before.value, "u:");
	assert_string_equal(open.v[0].after.value, "u:");
	assert_true(ses_reread(x.s, false, NULL));
	assert_int_equal(ses_clashes(x.s, &clash), 0);
	doc_bytes(&passwords(x.s)->doc, &now);
	assert_string_equal(
		str_c(&now), "# theirs\n[a.test] u:geheim\n[b.test] v:theirs\n");
	set_password(x.s, "[b.test]", "v:mine");
	scratch_write(x.dir, "nets", "[a.test] u:geheim\n[b.test] v:other\n");
	assert_true(ses_reread(x.s, false, NULL));
	assert_int_equal(ses_clashes(x.s, &clash), 1);
	assert_string_equal(clash[0].name, "[b.test]");
	assert_string_equal(clash[0].mine, "****");
	assert_string_equal(clash[0].theirs, "****");
	for (size_t i = 0; i < ses_others(x.s)->n; i++)
		assert_null(strstr(ses_others(x.s)->v[i].text, "other"));
	assert_true(ses_clash_settle(x.s, 0, true, NULL));
	str_clear(&now);
	doc_bytes(&passwords(x.s)->doc, &now);
	assert_string_equal(str_c(&now), "[a.test] u:geheim\n[b.test] v:mine\n");
	str_free(&now);
	lay_free(&open);
	scratch_close(&x);
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

static void
bent_lists_are_refused(void **state)
{
	static const char *const texts[] = {"{}", "[1]", "[{}]", "[{\"kind\":\"param\"}]",
		"[{\"kind\":\"what\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{\"text\":\"n = 1\"}}]",
		"[{\"kind\":\"param\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{\"text\":\"other = 1\"}}]",
		"[{\"kind\":\"param\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{\"text_base64\":\"bg=\"}}]",
		"[{\"kind\":\"param\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{\"text\":7}}]",
		"[{\"kind\":\"alias\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{\"name\":\"n\",\"text\":\"a\\nroot: evil\"}}]",
		"[{\"kind\":\"item\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{}}]"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *root = json_loads(texts[i], 0, NULL);
		struct lay_list l = {0};

		assert_false(lay_from_json(root, &l));
		lay_free(&l);
		json_decref(root);
	}
}

static void
base64_reads_what_it_writes(void **state)
{
	static const char *const bad[] = {
		"a", "ab==c===", "a===", "=aaa", "a b=", "ab=c"};
	struct str text = {0}, back = {0};

	(void)state;
	for (size_t n = 0; n < 40; n++) {
		char bytes[40];

		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)(i * 37 + n * 11);
		str_clear(&text);
		str_clear(&back);
		b64_encode(sv_make(bytes, n), &text);
		assert_true(b64_decode(str_sv(&text), &back));
		assert_true(sv_eq(str_sv(&back), sv_make(bytes, n)));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(b64_decode(sv_of(bad[i]), &back));
	str_free(&text);
	str_free(&back);
}

/* --- two people at random ------------------------------------------------------------
 */

static const char *const fresh[2][6] = {
	{"10.61.0.0/16", "10.62.0.1", "!10.63.1.1", "[fd0a::]/64", "a.people.test",
		"10.64.0.0/16"},
	{"10.71.0.0/16", "10.72.0.1", "!10.73.1.1", "[fd0b::]/64", "b.people.test",
		"10.74.0.0/16"}};

static void
edit_networks(struct session *s, struct rng *r, int who)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(s, &rows), row = n ? rng_below(r, n) : 0;
	struct ses_net_new new = {.before = SIZE_MAX, .text = RNG_PICK(r, fresh[who])};
	bool there = false;

	for (size_t i = 0; i < n; i++)
		there = there || strcmp(rows[i].text, new.text) == 0;
	switch (there ? rng_below(r, 2) : rng_below(r, 5)) {
	case 0:
		ses_net_remove(s, row, NULL);
		break;
	case 1:
		ses_net_toggle(s, row, NULL);
		break;
	case 2:
		ses_net_edit(s, row, new.text, NULL, NULL);
		break;
	default:
		new.note = rng_one_in(r, 3) ? "who" : NULL;
		new.before = rng_one_in(r, 2) ? row : SIZE_MAX;
		ses_net_add(s, &new, NULL, NULL);
		break;
	}
}

static void
edit_alias(struct session *s, struct rng *r, int who)
{
	const char *targets[] = {who ? "jiro" : "taro", "root"};
	struct ses_alias_edit e = {.name = who ? "neu2" : "neu1",
		.targets = targets,
		.n = 1 + rng_below(r, 2)};
	size_t shown = ses_alias_shown(s);
	uint32_t id = SES_ALIAS_NEW;
	struct ses_alias a;

	if (shown && ses_alias_at(s, rng_below(r, shown), &a) && !a.removed) {
		if (rng_one_in(r, 4)) {
			ses_alias_remove(s, a.id, NULL);
			return;
		}
		if (rng_one_in(r, 4)) {
			ses_alias_enable(s, a.id, rng_one_in(r, 2), NULL);
			return;
		}
		if (rng_one_in(r, 2)) {
			id = a.id;
			e.name = a.name;
			e.note = rng_one_in(r, 2) ? "a note" : NULL;
		}
	}
	if (id != SES_ALIAS_NEW || !ses_alias_find(s, e.name, &(uint32_t){0}))
		ses_alias_set(s, &id, &e, NULL);
}

static void
edit_param(struct session *s, struct rng *r, int who)
{
	static const char *const values[2][3] = {
		{"one", "$mydomain one", ""}, {"two", "two, $mydomain", "x"}};
	const char *name = view_params[rng_below(r, VIEW_PARAMS)];

	switch (rng_below(r, 5)) {
	case 0:
		ses_param_unset(s, name, NULL);
		break;
	case 1:
		ses_param_toggle(s, name, NULL);
		break;
	case 2:
		ses_line_comment_out(s, (uint32_t)rng_below(r, 20), NULL);
		break;
	default:
		ses_param_set(s, name, RNG_PICK(r, values[who]), NULL);
		break;
	}
}

static void
edit_some(struct session *s, struct rng *r, int who)
{
	const struct ses_net_row *rows;

	for (size_t i = 0; i < ses_net_rows(s, &rows); i++)
		ses_net_open(s, i, true);
	for (size_t n = 1 + rng_below(r, 6); n > 0; n--)
		switch (rng_below(r, 3)) {
		case 0:
			edit_networks(s, r, who);
			break;
		case 1:
			edit_alias(s, r, who);
			break;
		default:
			edit_param(s, r, who);
			break;
		}
}

static void
tell(const char *what, const struct lay_list *l, const struct lay_outcome *out)
{
	static const char *const words[] = {"done", "there", "clash"};

	fprintf(stderr, "--- %s\n", what);
	for (size_t i = 0; i < l->n; i++)
		fprintf(stderr, "%s kind %u %s: [%s]%s (%s) -> [%s]%s (%s)\n",
			out ? words[out[i].verdict] : "", l->v[i].kind, l->v[i].name,
			l->v[i].before.text ? l->v[i].before.text : "",
			l->v[i].before.off ? " off" : "", l->v[i].before.note,
			l->v[i].after.text ? l->v[i].after.text : "",
			l->v[i].after.off ? " off" : "", l->v[i].after.note);
}

struct people {
	struct image files;
	struct lay_list mine, theirs;
	struct lay_outcome *out;
	uint64_t seed;
};

static void
wrong(struct people *p, struct session *s, const char *what)
{
	struct image now;

	image_take(s, &now);
	for (size_t i = 0; i < IMAGE_FILES; i++)
		fprintf(stderr, "=== %s\n%s=== now\n%s", image_names[i],
			str_c(&p->files.file[i]), str_c(&now.file[i]));
	tell("mine", &p->mine, p->out);
	tell("theirs", &p->theirs, NULL);
	fprintf(stderr, "seed %llu: %s\n", (unsigned long long)p->seed, what);
	image_free(&now);
	fail();
}

static void
to_folder(struct lay_list *l, const char *dir)
{
	for (size_t i = 0; i < l->n; i++)
		l->v[i].file =
			arena_fmt(&l->texts, "%s%s", dir, strrchr(l->v[i].file, '/'));
}

static void
lay(struct people *p, struct session *s, struct lay_list *l)
{
	free(p->out);
	p->out = mem_new(l->n + 1, sizeof(*p->out));
	lay_over(s, l, &l->texts, p->out);
}

/* Laid over the very files they were made on, changes are all there, and undo takes them
 * away as one. */
static void
same_files_take_all(struct people *p, const struct image *edited)
{
	struct scratch x;
	struct image now;

	image_open(&x, &p->files);
	to_folder(&p->mine, x.dir);
	lay(p, x.s, &p->mine);
	image_take(x.s, &now);
	if (clashes(&p->mine, p->out))
		wrong(p, x.s, "a clash with nobody");
	(void)edited;
	lay(p, x.s, &p->mine);
	for (size_t i = 0; i < p->mine.n; i++)
		if (p->out[i].verdict != LAY_THERE)
			wrong(p, x.s, "laid, but not there");
	if (!image_same(&now, &p->files) && !ses_undo(x.s))
		wrong(p, x.s, "nothing to undo");
	image_free(&now);
	image_take(x.s, &now);
	if (!image_same(&now, &p->files))
		wrong(p, x.s, "undo isn't one step");
	image_free(&now);
	image_close(&x);
}

/* Where they put a list in another order, laying can't tell; its items are all there. */
static bool
has_their_items(struct session *s, const struct lay_change *c)
{
	uint32_t id = mcf_find(main_cf(s), sv_of(c->name));
	struct lay_items is = {0}, want = {0};
	struct arena a = {0};
	bool all = c->kind == LAY_PARAM && c->after.there && id != DOC_NO_ID;

	if (all) {
		items_of_lines(&a, doc_text(main_cf(s), id), id, &is);
		items_of_lines(&a, sv_of(c->after.text), id, &want);
	}
	for (size_t i = 0; all && i < want.n; i++) {
		size_t at = items_find(&is, want.v[i].text, want.v[i].off);

		all = at < is.n && is.v[at].off == want.v[i].off;
	}
	free(is.v);
	free(want.v);
	arena_free(&a);
	return all;
}

/* Laid over files that somebody else changed, what doesn't clash is there, and so is all
 * that the other one did. */
static void
both_are_there(struct people *p, const struct image *edited)
{
	struct scratch x;
	struct lay_outcome *first;

	image_open(&x, edited);
	to_folder(&p->mine, x.dir);
	to_folder(&p->theirs, x.dir);
	lay(p, x.s, &p->theirs);
	for (size_t i = 0; i < p->theirs.n; i++)
		if (p->out[i].verdict != LAY_THERE)
			wrong(p, x.s, "their own file doesn't say what they did");
	lay(p, x.s, &p->mine);
	first = p->out;
	p->out = NULL;
	lay(p, x.s, &p->mine);
	for (size_t i = 0; i < p->mine.n; i++)
		if (first[i].verdict != LAY_CLASH && p->out[i].verdict != LAY_THERE)
			wrong(p, x.s, "mine is laid, but not there");
	free(p->out);
	p->out = first;
	first = mem_new(p->theirs.n + 1, sizeof(*first));
	lay_over(x.s, &p->theirs, &p->theirs.texts, first);
	for (size_t i = 0; i < p->theirs.n; i++)
		if (first[i].verdict != LAY_THERE &&
			!(first[i].verdict == LAY_CLASH &&
				has_their_items(x.s, &p->theirs.v[i])))
			wrong(p, x.s, p->theirs.v[i].name);
	free(first);
	image_close(&x);
}

static bool
has_equal_items(const struct lay_items *l)
{
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(l->v[i].text, l->v[k].text) == 0)
				return true;
	return false;
}

static bool
has_equal_lines(const struct doc *d)
{
	for (uint32_t i = 0; i < d->npool; i++)
		for (uint32_t k = 0; k < i; k++) {
			uint8_t kind = d->pool[i].kind;

			if ((kind == ENTRY_BAD || kind == ENTRY_PARAM) &&
				sv_eq(sv_trim(doc_text(d, i)), sv_trim(doc_text(d, k))))
				return true;
		}
	return false;
}

/* Of two equal things nobody can say later which one was meant. */
static bool
has_twins(struct session *s)
{
	static const char *const lists[] = {"mynetworks", "inet_interfaces"};
	struct arena a = {0};
	struct str name = {0};
	bool twins = has_equal_lines(main_cf(s)) || has_equal_lines(&s->aliases->doc);

	for (size_t i = 0; i < s->nfiles + 2; i++) {
		struct lay_items l = {0};
		uint32_t id = i < 2 ? mcf_find(main_cf(s), sv_of(lists[i])) : DOC_NO_ID;

		if (i >= 2 && s->files[i - 2]->role >= ROLE_NETS)
			items_of_file(&a, s->files[i - 2], &l);
		else if (id != DOC_NO_ID)
			items_of_lines(&a, doc_text(main_cf(s), id), id, &l);
		twins = twins || has_equal_items(&l);
		free(l.v);
	}
	for (uint32_t id = 0; id < s->aliases->doc.npool; id++) {
		struct al_ids ids = {0};

		if (!al_is_row(&s->aliases->al, id))
			continue;
		str_clear(&name);
		al_name_plain(al_name(&s->aliases->al, id), &name);
		al_find_all(&s->aliases->al, str_sv(&name), &ids);
		twins = twins || ids.n > 1;
		free(ids.v);
	}
	str_free(&name);
	arena_free(&a);
	return twins;
}

/* False: these files can't be used. */
static bool
two_people(uint64_t seed)
{
	struct people p = {.seed = seed};
	struct rng r = {seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
	struct scratch x;
	struct image edited;

	for (int i = 0; i < 8; i++)
		rng_next(&r);
	gen_main_cf(&r, &p.files.file[0]);
	gen_aliases(&r, &p.files.file[1]);
	gen_nets_file(&r, &p.files.file[2]);
	gen_table(&r, &p.files.file[3]);
	image_open(&x, &p.files);
	if (has_twins(x.s)) {
		image_close(&x);
		image_free(&p.files);
		return false;
	}
	edit_some(x.s, &r, 0);
	take(x.s, &p.mine);
	image_take(x.s, &edited);
	image_close(&x);
	same_files_take_all(&p, &edited);
	image_free(&edited);
	image_open(&x, &p.files);
	edit_some(x.s, &r, 1);
	take(x.s, &p.theirs);
	image_take(x.s, &edited);
	image_close(&x);
	both_are_there(&p, &edited);
	image_free(&edited);
	image_free(&p.files);
	lay_free(&p.mine);
	lay_free(&p.theirs);
	free(p.out);
	return true;
}

static void
two_people_lose_nothing(void **state)
{
	const char *rounds = getenv("PR_FUZZ_ROUNDS"), *first = getenv("PR_FUZZ_SEED");
	uint64_t n = rounds ? strtoull(rounds, NULL, 10) : 150,
		 seed = first ? strtoull(first, NULL, 10) : 1;

	(void)state;
	while (n > 0)
		n -= two_people(seed++);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_laid_over_or_clash),
		cmocka_unit_test(clash_tells_both_sides),
		cmocka_unit_test(clash_that_waits_follows_the_file),
		cmocka_unit_test(secrets_are_left_out_and_counted),
		cmocka_unit_test(new_login_leaves_without_its_password),
		cmocka_unit_test(clash_of_a_line_shows_no_password),
		cmocka_unit_test(passwords_are_laid_over_but_never_leave),
		cmocka_unit_test(remark_that_is_not_carried_over_is_told),
		cmocka_unit_test(other_files_are_never_touched),
		cmocka_unit_test(bent_lists_are_refused),
		cmocka_unit_test(base64_reads_what_it_writes),
		cmocka_unit_test(two_people_lose_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
