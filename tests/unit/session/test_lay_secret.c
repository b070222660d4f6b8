/* SPDX-License-Identifier: MIT
 *
 * Passwords in what is laid over: never written into a list, and nothing shows one.
 */
#include "random_view.h"
#include "session/login_view.h"
#include "text/table.h"
#include "lay_rig.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_left_out_and_counted),
		cmocka_unit_test(clash_of_a_line_shows_no_password),
		cmocka_unit_test(new_login_leaves_without_its_password),
		cmocka_unit_test(passwords_are_laid_over_but_never_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
