/* SPDX-License-Identifier: MIT
 *
 * No relay host any more: TLS becomes what it was before there was one, where the history
 * knows that, and nothing that somebody else has decided is touched.
 */
#include "session/login.h"
#include "session/params.h"
#include "session/relay.h"
#include "session/review.h"
#include "scratch.h"

static void
start(struct scratch *x, const char *main_cf)
{
	scratch_open(x, main_cf, "");
	scratch_keep_history(x);
}

static void
apply(struct scratch *x)
{
	static const char *const consent[] = {"PR-NH-001", NULL};
	const struct ses_apply_opts o = {.no_act = true, .consent = consent};
	struct diags d = {0};
	int status = 0;

	if (!ses_apply_start(x->s, &o, &status, &d))
		fail_msg("refused: %s", d.n ? d.v[0].text : "");
	assert_int_equal(ses_apply_wait(x->s, NULL, NULL), 0);
}

static void
set_relay(struct scratch *x, const char *host, const char *level)
{
	assert_true(ses_relay_put(x->s, host, NULL));
	assert_true(ses_tls_set_ca(x->s, "/etc/hosts", NULL));
	assert_true(ses_tls_set_level(x->s, level, NULL));
	apply(x);
}

static void
assert_strict(struct scratch *x, bool told)
{
	struct diags d = {0};

	assert_true(ses_relay_unset(x->s, &d));
	assert_int_equal(d.n, told);
	assert_true(!told || d.v[0].code == DIAG_TLS_DIRECT);
	diag_clear(&d);
}

static void
tls_becomes_what_it_was(void **state)
{
	static const char *const was[] = {"", "smtp_tls_security_level=may\n",
		"smtp_tls_CAfile = /mine\nsmtp_tls_security_level =  none\n"};
	char path[200], text[400];

	(void)state;
	for (size_t i = 0; i < sizeof(was) / sizeof(was[0]); i++) {
		struct scratch x;
		FILE *f;
		size_t n;

		start(&x, was[i]);
		set_relay(&x, "[a.test]", "may"); /* in several steps */
		set_relay(&x, "[a.test]:587", "encrypt");
		set_relay(&x, "[b.test]:587", "secure");
		assert_strict(&x, false);
		apply(&x);
		snprintf(path, sizeof(path), "%s/main.cf", x.dir);
		f = fopen(path, "r");
		assert_non_null(f);
		n = fread(text, 1, sizeof(text) - 1, f);
		text[n] = '\0';
		assert_int_equal(fclose(f), 0);
		assert_string_equal(text, was[i]);
		scratch_close_all(&x);
	}
}

static void
what_others_decided_stays(void **state)
{
	static const char by_hand[] = "relayhost = [a.test]\n"
				      "smtp_tls_CAfile = /etc/hosts\n"
				      "smtp_tls_security_level = dane-only\n";
	struct scratch x;

	(void)state;
	start(&x, "relayhost = [a.test]\nsmtp_tls_security_level = encrypt\n");
	assert_strict(&x, true); /* nothing is known of it */
	assert_diff(&x, "-relayhost = [a.test]\n");
	scratch_close_all(&x);
	start(&x, "relayhost = [a.test]\n");
	set_relay(&x, "[b.test]", "encrypt"); /* the history has no time without one */
	assert_strict(&x, true);
	scratch_close_all(&x);
	start(&x, "# x\n");
	set_relay(&x, "[a.test]", "secure");
	scratch_write(x.dir, "main.cf", by_hand);
	assert_true(ses_reread(x.s, false, NULL));
	assert_strict(&x, true);
	assert_diff(&x, "-relayhost = [a.test]\n");
	scratch_close_all(&x);
	start(&x, "smtp_tls_security_level = encrypt\n"); /* it was so before */
	set_relay(&x, "[a.test]", "secure");
	assert_strict(&x, true);
	assert_diff(&x, "-smtp_tls_security_level = secure\n"
			"-smtp_tls_CAfile = /etc/hosts\n-relayhost = [a.test]\n"
			"+smtp_tls_security_level = encrypt\n");
	scratch_close_all(&x);
}

/* By hand, but something else. */
static void
other_lines_by_hand_do_not_matter(void **state)
{
	struct scratch x;

	(void)state;
	start(&x, "smtp_tls_security_level = may\n");
	set_relay(&x, "[a.test]", "secure");
	scratch_write(x.dir, "main.cf",
		"# mine\nrelayhost = [c.test]\nsmtp_tls_security_level = secure\n");
	assert_true(ses_reread(x.s, false, NULL));
	assert_strict(&x, false);
	assert_diff(&x, "-relayhost = [c.test]\n-smtp_tls_security_level = secure\n"
			"+smtp_tls_security_level = may\n");
	scratch_close_all(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tls_becomes_what_it_was),
		cmocka_unit_test(what_others_decided_stays),
		cmocka_unit_test(other_lines_by_hand_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
