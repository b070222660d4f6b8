/* SPDX-License-Identifier: MIT
 *
 * Login and TLS at the relay host on files made by hand: what is recognised, that an edit
 * changes what it is about and nothing else, and that undo gives the bytes back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sys/stat.h>

#include "base/str.h"
#include "session/login.h"
#include "session/params.h"
#include "session/relay.h"
#include "session/review.h"
#include "scratch.h"

static const struct fake_cmd postfix[] = {
	{.argv = "/usr/sbin/postconf -d",
		.out = "default_database_type = hash\nmail_version = 3.7.11\n"
		       "relayhost = \nsmtp_sasl_auth_enable = no\n"
		       "smtp_sasl_password_maps = \n"
		       "smtp_sasl_security_options = noplaintext, noanonymous\n"
		       "smtp_sasl_tls_security_options = $smtp_sasl_security_options\n"
		       "smtp_tls_CAfile = \nsmtp_tls_CApath = \n"
		       "smtp_tls_security_level = \nsmtp_tls_wrappermode = no\n",
		.always = true},
	{.argv = "/usr/sbin/postconf -c * -m",
		.out = "btree\ncidr\nhash\nstatic\ntexthash\n",
		.always = true},
};

static const char *const BY_HAND =
	"# upstream\nrelayhost = [mail.test.co.jp]:587\n"
	"smtp_sasl_auth_enable = yes\n"
	"smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
	"smtp_sasl_tls_security_options = noanonymous\n"
	"smtp_tls_security_level = encrypt\n";
static const char *const BY_HAND_PW =
	"# old [a]:1 x:OLDSECRET\n[other.example]:587\tother:SECRET1\n"
	"[mail.test.co.jp]:587   relay@test.co.jp:SEC:RET2\n#[off.example] u:OLDSECRET\n";

static void
start(struct scratch *x, const char *main_cf, const char *passwords)
{
	scratch_open(x, main_cf, "postmaster: root\n");
	x->run.script = postfix;
	x->run.n = sizeof(postfix) / sizeof(postfix[0]);
	if (passwords)
		scratch_write(x->dir, "sasl_passwd", passwords);
}

static void
end(struct scratch *x)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/sasl_passwd", x->dir);
	(void)unlink(path);
	scratch_close(x);
}

/* No word of a password in what people see of the changes. */
static void
expect_no_secret(struct scratch *x)
{
	const struct ses_change *v;
	struct ses_review r;
	struct str diff = {0};
	size_t n = ses_changes(x->s, &v);

	for (size_t i = 0; i < n; i++) {
		assert_null(strstr(v[i].text, "SEC"));
		assert_null(v[i].before ? strstr(v[i].before, "SEC") : NULL);
		assert_null(v[i].after ? strstr(v[i].after, "SEC") : NULL);
	}
	ses_review_diff(x->s, &diff);
	assert_null(strstr(str_c(&diff), "SEC"));
	str_free(&diff);
	ses_review(x->s, false, &r);
	for (size_t i = 0; i < r.nlines; i++)
		assert_null(strstr(r.lines[i].text, "SEC"));
}

static void
undo_all(struct scratch *x)
{
	const struct ses_change *v;

	while (ses_undo(x->s))
		;
	assert_int_equal(ses_changes(x->s, &v), 0);
}

static void
hand_made_login_is_read(void **state)
{
	struct scratch x;
	struct ses_login l;
	struct ses_tls t;
	struct str pw = {0};

	(void)state;
	start(&x, BY_HAND, BY_HAND_PW);
	ses_login_get(x.s, &l);
	assert_true(l.on && l.stored && l.fits && l.has_password && !l.is_new);
	assert_string_equal(l.host, "[mail.test.co.jp]:587");
	assert_string_equal(l.key, "[mail.test.co.jp]:587");
	assert_string_equal(l.user, "relay@test.co.jp");
	assert_int_equal(l.others, 1);
	assert_true(ses_login_password(x.s, &pw));
	assert_string_equal(str_c(&pw), "SEC:RET2");
	str_wipe(&pw);
	ses_tls_get(x.s, &t);
	assert_string_equal(t.level, "encrypt");
	assert_true(t.strong && !t.wraps);
	end(&x);
}

struct form {
	const char *maps, *passwords, *key;
	bool stored, fits;
};

static void
row_is_found_as_postfix_finds_it(void **state)
{
	static const struct form forms[] = {
		{"hash:$config_directory/sasl_passwd", "mail.test.co.jp u:p\n",
			"mail.test.co.jp", true, true},
		{"proxy:btree:$config_directory/sasl_passwd",
			"[MAIL.test.co.jp]:587 u:p\n", "[MAIL.test.co.jp]:587", true,
			true},
		{"texthash:$config_directory/sasl_passwd", "[mail.test.co.jp] u:p\n",
			"[mail.test.co.jp]", true, false},
		{"$config_directory/sasl_passwd", "mail.test.co.jp:587 u:p\n",
			"mail.test.co.jp:587", true, false},
		{"hash:$config_directory/sasl_passwd", "[other]:587 u:p\n", "", false,
			false},
		{"hash:$config_directory/sasl_passwd", "\"[mail.test.co.jp]:587\" u:p\n",
			"", false, false},
		{"static:u:p", "[mail.test.co.jp]:587 u:p\n", "", false, false},
		{"ldap:$config_directory/x.cf, hash:$config_directory/sasl_passwd",
			"[mail.test.co.jp]:587 u:p\n", "[mail.test.co.jp]:587", true,
			true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct scratch x;
		struct ses_login l;
		char *cf = str_format("relayhost = [mail.test.co.jp]:587\n"
				      "default_database_type = hash\n"
				      "smtp_sasl_auth_enable = yes\n"
				      "smtp_sasl_password_maps = %s\n",
			forms[i].maps);

		start(&x, cf, forms[i].passwords);
		ses_login_get(x.s, &l);
		assert_string_equal(l.key, forms[i].key);
		assert_int_equal(l.stored, forms[i].stored);
		assert_int_equal(l.fits, forms[i].fits);
		end(&x);
		free(cf);
	}
}

static void
new_login_writes_what_is_needed(void **state)
{
	struct scratch x;
	struct ses_login l;
	struct diags d = {0};

	(void)state;
	start(&x, "relayhost = [mail.test.co.jp]:587\n", NULL);
	assert_true(ses_login_set(x.s, "relay@test.co.jp", "SECRET", &d));
	assert_diff(&x, "+smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
			"+smtp_sasl_auth_enable = yes\n"
			"+smtp_sasl_tls_security_options = noanonymous\n"
			"+smtp_tls_security_level = encrypt\n"
			"+[mail.test.co.jp]:587\trelay@test.co.jp:****\n");
	expect_no_secret(&x);
	ses_login_get(x.s, &l);
	assert_true(l.on && l.fits && l.is_new && l.edited);
	assert_true(ses_login_set(x.s, NULL, "SECRET2", &d));
	expect_no_secret(&x);
	assert_true(ses_login_off(x.s, &d));
	assert_diff(&x, "");
	undo_all(&x);
	assert_int_equal(d.n, 0);
	end(&x);
}

static void
password_and_user_change_their_row_only(void **state)
{
	struct scratch x;
	struct diags d = {0};
	const struct ses_change *v;
	struct ses_login l;
	struct str pw = {0};

	(void)state;
	start(&x, BY_HAND, BY_HAND_PW);
	assert_true(ses_login_set(x.s, NULL, "SECnew", &d));
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_string_equal(v->name, "[mail.test.co.jp]:587");
	assert_string_equal(v->text, "another password");
	assert_string_equal(v->screen, "relayhost");
	expect_no_secret(&x);
	ses_login_get(x.s, &l);
	assert_true(l.password_edited);
	assert_false(l.edited || l.user_edited || l.key_edited);
	assert_true(ses_login_set(x.s, "me", NULL, &d));
	ses_login_get(x.s, &l);
	assert_true(l.password_edited && l.user_edited && !l.edited);
	assert_int_equal(ses_changes(x.s, &v), 1);
	assert_string_equal(v->after, "[mail.test.co.jp]:587 me:****");
	assert_diff(&x, "-[mail.test.co.jp]:587   relay@test.co.jp:****\n"
			"+[mail.test.co.jp]:587   me:****\n");
	assert_true(ses_login_password(x.s, &pw));
	assert_string_equal(str_c(&pw), "SECnew");
	assert_true(ses_login_set(x.s, "relay@test.co.jp", "SEC:RET2", &d));
	assert_diff(&x, "");
	str_wipe(&pw);
	end(&x);
}

static void
no_login_takes_its_own_away(void **state)
{
	struct scratch x;
	struct diags d = {0};

	(void)state;
	start(&x, BY_HAND, BY_HAND_PW); /* another host's row is left: so is the rest */
	assert_true(ses_login_off(x.s, &d));
	assert_diff(&x, "-[mail.test.co.jp]:587   relay@test.co.jp:****\n");
	undo_all(&x);
	end(&x);
	start(&x, BY_HAND, "[mail.test.co.jp]:587 u:SECRET\n");
	assert_true(ses_login_off(x.s, &d));
	assert_diff(&x, "-smtp_sasl_auth_enable = yes\n"
			"-smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
			"-smtp_sasl_tls_security_options = noanonymous\n"
			"-[mail.test.co.jp]:587 u:****\n");
	undo_all(&x);
	end(&x);
}

/* Postfix would find the next key, and one that it doesn't find would be told for ever.
 */
static void
no_login_takes_all_keys_of_the_host(void **state)
{
	struct scratch x;
	struct ses_login l;
	struct diags d = {0};
	char path[200];

	(void)state;
	start(&x,
		"relayhost = [mail.test.co.jp]:submission\nsmtp_sasl_auth_enable = yes\n"
		"smtp_sasl_password_maps = texthash:$config_directory/sasl_passwd, "
		"texthash:$config_directory/pw2\n",
		"mail.test.co.jp u:SECRET\nmail.test.co.jp:587 x:SECRET\n"
		"[other]:587 o:SECRET\n");
	snprintf(path, sizeof(path), "%s/pw2", x.dir);
	scratch_write(x.dir, "pw2",
		"[mail.test.co.jp]:submission u:SECRET\nmail.test.co.jp y:SECRET\n");
	assert_true(ses_login_off(x.s, &d));
	assert_diff(&x, "-mail.test.co.jp u:****\n-mail.test.co.jp:587 x:****\n"
			"-[mail.test.co.jp]:submission u:****\n"
			"-mail.test.co.jp y:****\n");
	ses_login_get(x.s, &l);
	assert_false(l.stored);
	assert_int_equal(l.others, 1);
	undo_all(&x);
	(void)unlink(path);
	end(&x);
	start(&x,
		"relayhost = [mail.test.co.jp]\nsmtp_sasl_auth_enable = yes\n"
		"smtp_sasl_password_maps = hash:$config_directory/sasl_passwd, "
		"static:u:SECRET\n",
		"[mail.test.co.jp] u:SECRET\n");
	assert_true(ses_login_off(x.s, &d)); /* not the whole truth */
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].sev, SEV_WARN);
	diag_clear(&d);
	undo_all(&x);
	end(&x);
}

static void
key_goes_along_with_host_and_port(void **state)
{
	struct scratch x;
	struct ses_login l;
	struct diags d = {0};

	(void)state;
	start(&x, BY_HAND, BY_HAND_PW);
	assert_true(ses_relay_set_typed(x.s, 0, "mx.test.co.jp", false, &d));
	assert_diff(&x, "-relayhost = [mail.test.co.jp]:587\n"
			"+relayhost = [mx.test.co.jp]:587\n"
			"-[mail.test.co.jp]:587   relay@test.co.jp:****\n"
			"+[mx.test.co.jp]:587   relay@test.co.jp:****\n");
	assert_true(ses_relay_set_port(x.s, 0, "25", &d));
	ses_login_get(x.s, &l);
	assert_string_equal(l.key, "[mx.test.co.jp]:25");
	assert_true(l.key_edited && !l.edited && !l.password_edited);
	assert_true(ses_relay_set_mx(x.s, 0, true, &d));
	ses_login_get(x.s, &l);
	assert_string_equal(l.key, "mx.test.co.jp:25");
	assert_true(l.fits);
	assert_true(ses_relay_put(x.s, "[mail.test.co.jp]:587", &d));
	assert_diff(&x, "");
	undo_all(&x);
	/* somebody else's password is neither overwritten nor given away */
	assert_true(ses_relay_set_typed(x.s, 0, "other.example", false, &d));
	assert_diff(&x, "-relayhost = [mail.test.co.jp]:587\n"
			"+relayhost = [other.example]:587\n");
	undo_all(&x);
	end(&x);
}

static void
hosts_that_change_places_keep_their_passwords(void **state)
{
	struct scratch x;
	struct ses_login l;
	struct diags d = {0};

	(void)state;
	start(&x,
		"relayhost = [a]:587, [b]\nsmtp_sasl_auth_enable = yes\n"
		"smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n",
		"[a]:587 ua:SECRET\n[b] ub:SECRET\n");
	assert_true(ses_relay_move(x.s, 1, -1, &d));
	assert_diff(&x, "-relayhost = [a]:587, [b]\n+relayhost = [b], [a]:587\n");
	ses_login_get(x.s, &l);
	assert_string_equal(l.user, "ub");
	assert_true(ses_relay_remove(x.s, 0, &d));
	ses_login_get(x.s, &l);
	assert_string_equal(l.user, "ua");
	undo_all(&x);
	end(&x);
	start(&x,
		"relayhost = [a]:587, [a]:25\nsmtp_sasl_auth_enable = yes\n"
		"smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n",
		"[a]:25 u:SECRET\n");
	ses_login_get(x.s, &l);
	assert_false(l.stored); /* it is the other one's */
	end(&x);
}

static const struct diag *
finding(struct scratch *x, enum diag_code code)
{
	const struct diags *f = ses_findings(x->s);

	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].code == code)
			return &f->v[i];
	return NULL;
}

static void
key_that_does_not_fit_is_mended(void **state)
{
	struct scratch x;
	struct ses_login l;
	struct diags d = {0};

	(void)state;
	start(&x, BY_HAND, "[mail.test.co.jp] u:SECRET\n");
	ses_login_get(x.s, &l);
	assert_true(l.stored && !l.fits);
	assert_string_equal(ses_repair_text(x.s, finding(&x, DIAG_AUTH_KEY)),
		"[mail.test.co.jp]:587");
	assert_true(ses_mend(x.s, finding(&x, DIAG_AUTH_KEY), &d));
	assert_diff(&x, "-[mail.test.co.jp] u:****\n+[mail.test.co.jp]:587 u:****\n");
	assert_null(finding(&x, DIAG_AUTH_KEY));
	undo_all(&x);
	assert_true(ses_login_mend(x.s, &d));
	ses_login_get(x.s, &l);
	assert_true(l.fits);
	assert_false(ses_login_mend(x.s, &d));
	diag_clear(&d);
	end(&x);
}

/* What was chosen is no news, and no password goes anywhere; unasked it is told. */
static void
no_login_is_not_told_as_a_fault(void **state)
{
	struct scratch x;
	struct diags d = {0};
	const char *cf =
		"relayhost = [mail.test.co.jp]:587\nsmtp_sasl_auth_enable = yes\n"
		"smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
		"smtp_sasl_security_options = noanonymous\n"
		"smtp_tls_security_level = may\n";

	(void)state;
	start(&x, cf, "[mail.test.co.jp]:587 u:SECRET\n[other]:587 o:SECRET\n");
	assert_non_null(finding(&x, DIAG_AUTH_PLAIN));
	assert_true(ses_login_off(x.s, &d));
	assert_null(finding(&x, DIAG_AUTH_KEY));
	assert_null(finding(&x, DIAG_AUTH_PLAIN));
	undo_all(&x);
	end(&x);
	start(&x, cf, "[other]:587 o:SECRET\n");
	assert_non_null(finding(&x, DIAG_AUTH_KEY));
	end(&x);
}

static void
port_465_is_tls_from_the_first_byte(void **state)
{
	struct scratch x;
	struct diags d = {0};

	(void)state;
	start(&x, "relayhost = [mail.test.co.jp]:587\nsmtp_tls_security_level = may\n",
		NULL);
	assert_true(ses_relay_set_port(x.s, 0, "465", &d));
	assert_diff(&x, "-relayhost = [mail.test.co.jp]:587\n"
			"-smtp_tls_security_level = may\n"
			"+relayhost = [mail.test.co.jp]:465\n"
			"+smtp_tls_security_level = encrypt\n"
			"+smtp_tls_wrappermode = yes\n");
	assert_true(ses_relay_set_port(x.s, 0, "587", &d));
	assert_diff(&x, "");
	assert_true(ses_relay_set_port(x.s, 0, "465", &d));
	assert_true(ses_tls_set_level(x.s, "encrypt", &d)); /* now it was chosen */
	assert_true(ses_relay_set_port(x.s, 0, "587", &d));
	assert_diff(&x, "-smtp_tls_security_level = may\n"
			"+smtp_tls_security_level = encrypt\n");
	undo_all(&x);
	end(&x);
	start(&x,
		"relayhost = [mail.test.co.jp]:465\nsmtp_tls_wrappermode = yes\n"
		"smtp_tls_security_level = encrypt\n",
		NULL);
	assert_true(ses_relay_set_port(x.s, 0, "587", &d));
	assert_diff(&x, "-relayhost = [mail.test.co.jp]:465\n"
			"-smtp_tls_wrappermode = yes\n"
			"+relayhost = [mail.test.co.jp]:587\n");
	undo_all(&x);
	end(&x);
}

static void
levels_are_kept_chosen_and_refused(void **state)
{
	struct scratch x;
	struct ses_tls t;
	struct diags d = {0};

	(void)state;
	start(&x, "smtp_tls_security_level = dane\n", NULL);
	ses_tls_get(x.s, &t);
	assert_string_equal(t.level, "dane");
	assert_true(ses_tls_set_level(x.s, "none", &d));
	assert_true(ses_tls_set_level(x.s, "dane", &d));
	assert_diff(&x, "");
	assert_false(ses_tls_set_level(x.s, "bogus", &d));
	assert_int_equal(d.v[0].code, DIAG_USAGE);
	diag_clear(&d);
	end(&x);
	start(&x, "# nothing\n", NULL);
	assert_true(ses_tls_set_level(x.s, "none", &d)); /* as it is */
	assert_diff(&x, "");
	assert_true(ses_tls_set_level(x.s, "may", &d));
	assert_true(ses_tls_set_level(x.s, "none", &d));
	assert_diff(&x, "");
	end(&x);
}

static void
password_never_goes_in_the_clear_unasked(void **state)
{
	struct scratch x;
	struct diags d = {0};

	(void)state;
	start(&x, "relayhost = [mail.test.co.jp]:25\n", NULL);
	assert_true(ses_login_set(x.s, "u", "SECRET", &d));
	assert_true(ses_tls_set_level(x.s, "none", &d));
	assert_diff(&x, "+smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
			"+smtp_sasl_auth_enable = yes\n"
			"+smtp_sasl_security_options = noanonymous\n"
			"+[mail.test.co.jp]:25\tu:****\n");
	assert_non_null(finding(&x, DIAG_AUTH_PLAIN));
	assert_true(ses_tls_set_level(x.s, "may", &d));
	assert_diff(&x, "+smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
			"+smtp_sasl_auth_enable = yes\n"
			"+smtp_sasl_tls_security_options = noanonymous\n"
			"+smtp_tls_security_level = may\n"
			"+[mail.test.co.jp]:25\tu:****\n");
	end(&x);
}

static void
no_relay_host_takes_its_login_along(void **state)
{
	struct scratch x;
	struct diags d = {0};

	(void)state;
	start(&x,
		"relayhost = [mail.test.co.jp]:465\nsmtp_sasl_auth_enable = yes\n"
		"smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
		"smtp_tls_wrappermode = yes\nsmtp_tls_security_level = encrypt\n"
		"mynetworks = 10.0.0.0/8\n",
		"[mail.test.co.jp]:465 u:SECRET\n");
	assert_true(ses_relay_unset(x.s, &d));
	assert_diff(&x, "-relayhost = [mail.test.co.jp]:465\n"
			"-smtp_sasl_auth_enable = yes\n"
			"-smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
			"-smtp_tls_wrappermode = yes\n-[mail.test.co.jp]:465 u:****\n");
	assert_int_equal(d.n, 1); /* TLS stays required */
	assert_int_equal(d.v[0].code, DIAG_TLS_DIRECT);
	undo_all(&x);
	diag_clear(&d);
	end(&x);
}

/* Chosen for the relay host and not applied yet: nothing of it is left. */
static void
no_relay_host_takes_back_what_waits(void **state)
{
	struct scratch x;
	struct diags d = {0};

	(void)state;
	start(&x, "smtp_tls_security_level = may\n", NULL);
	assert_true(ses_relay_put(x.s, "[mail.test.co.jp]:587", &d));
	assert_true(ses_login_set(x.s, "u", "p", &d));
	assert_true(ses_tls_set_level(x.s, "secure", &d));
	assert_true(ses_relay_unset(x.s, &d));
	assert_diff(&x, "");
	assert_int_equal(d.n, 0);
	undo_all(&x);
	/* a level that the file has is no matter of this relay host alone */
	end(&x);
	start(&x, "smtp_tls_security_level = encrypt\n", NULL);
	assert_true(ses_relay_put(x.s, "[mail.test.co.jp]:587", &d));
	assert_true(ses_tls_set_level(x.s, "secure", &d));
	assert_true(ses_relay_unset(x.s, &d));
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].code, DIAG_TLS_DIRECT);
	diag_clear(&d);
	undo_all(&x);
	end(&x);
}

static void
what_can_not_be_stored_is_refused(void **state)
{
	static const char *const users[] = {"", "a:b", " a", "a\n", NULL};
	static const char *const passwords[] = {"", "a ", "a\nb", NULL};
	struct scratch x;
	struct diags d = {0};

	(void)state;
	start(&x, "relayhost = [mail.test.co.jp]\n", NULL);
	for (size_t i = 0; users[i]; i++)
		assert_false(ses_login_set(x.s, users[i], "x", &d));
	for (size_t i = 0; passwords[i]; i++)
		assert_false(ses_login_set(x.s, "x", passwords[i], &d));
	assert_true(ses_relay_unset(x.s, &d));
	assert_false(ses_login_set(x.s, "u", "p", &d));
	undo_all(&x);
	diag_clear(&d);
	end(&x);
	start(&x,
		"relayhost = [mail.test.co.jp]\nsmtp_sasl_auth_enable = yes\n"
		"smtp_sasl_password_maps = ldap:/etc/x.cf\n",
		NULL);
	assert_false(ses_login_set(x.s, "u", "p", &d));
	assert_diff(&x, "");
	diag_clear(&d);
	end(&x);
}

static void
table_that_cannot_be_read_is_told(void **state)
{
	struct scratch x;
	struct ses_login l;
	struct diags d = {0};
	char path[200];

	(void)state;
	start(&x, BY_HAND, NULL);
	snprintf(path, sizeof(path), "%s/sasl_passwd", x.dir);
	assert_int_equal(mkdir(path, 0700), 0); /* root may read every file */
	ses_login_get(x.s, &l);
	assert_true(l.on && l.unread && !l.stored);
	assert_false(ses_login_set(x.s, "u", "p", &d));
	assert_diff(&x, "");
	diag_clear(&d);
	assert_int_equal(rmdir(path), 0);
	end(&x);
}

/* Odd tables: whatever is done, other rows stay, nothing tells a password, and undo gives
 * every byte back. */
static void
odd_tables_survive_every_edit(void **state)
{
	static const char *const tables[] = {"[mail.test.co.jp]:587 u:SECRET",
		"[other] o:SECRET\r\n[mail.test.co.jp]:587 u:SECRET\r\n",
		"  orphan SECRET:SECRET\n[mail.test.co.jp]:587 u:SECRET\n",
		"[mail.test.co.jp]:587\n\tu:SECRET\n# x y:SECRET\n",
		"[mail.test.co.jp]:587 u:SECRET\n  more SECRET\n\n# end",
		"[mail.test.co.jp]:587 u:SECRET1\n[MAIL.test.co.jp]:587 u:SECRET2\n",
		"\"[mail.test.co.jp]:587\" u:SECRET\n", "\xef\xbb\xbf# SECRET\n",
		"[mail.test.co.jp]:587 SECRETonly\n", "[mail.test.co.jp]:587\n",
		"#[mail.test.co.jp]:587 u:SECRET\n", "", "\n\n",
		"mail.test.co.jp \xff\xfe:SECRET\x01\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct scratch x;
		struct ses_login l;
		struct diags d = {0};

		start(&x, BY_HAND, tables[i]);
		ses_login_get(x.s, &l);
		(void)ses_relay_set_port(x.s, 0, "465", &d);
		expect_no_secret(&x);
		assert_true(ses_login_set(x.s, "new", "SECnew", &d));
		expect_no_secret(&x);
		ses_login_get(x.s, &l);
		assert_true(l.on && l.fits && l.has_password);
		assert_string_equal(l.user, "new");
		assert_true(ses_relay_set_mx(x.s, 0, true, &d));
		expect_no_secret(&x);
		assert_true(ses_login_off(x.s, &d));
		expect_no_secret(&x);
		ses_login_get(x.s, &l);
		undo_all(&x);
		diag_clear(&d);
		end(&x);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hand_made_login_is_read),
		cmocka_unit_test(row_is_found_as_postfix_finds_it),
		cmocka_unit_test(new_login_writes_what_is_needed),
		cmocka_unit_test(password_and_user_change_their_row_only),
		cmocka_unit_test(no_login_takes_its_own_away),
		cmocka_unit_test(no_login_takes_all_keys_of_the_host),
		cmocka_unit_test(key_goes_along_with_host_and_port),
		cmocka_unit_test(hosts_that_change_places_keep_their_passwords),
		cmocka_unit_test(key_that_does_not_fit_is_mended),
		cmocka_unit_test(no_login_is_not_told_as_a_fault),
		cmocka_unit_test(port_465_is_tls_from_the_first_byte),
		cmocka_unit_test(levels_are_kept_chosen_and_refused),
		cmocka_unit_test(password_never_goes_in_the_clear_unasked),
		cmocka_unit_test(no_relay_host_takes_its_login_along),
		cmocka_unit_test(no_relay_host_takes_back_what_waits),
		cmocka_unit_test(what_can_not_be_stored_is_refused),
		cmocka_unit_test(table_that_cannot_be_read_is_told),
		cmocka_unit_test(odd_tables_survive_every_edit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
