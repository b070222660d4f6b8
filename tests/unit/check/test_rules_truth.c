/* SPDX-License-Identifier: MIT
 *
 * What was tried with a real Postfix (PR_TRUTH): nothing that it punishes passes, nothing
 * that works is an error.
 */
#include "rules_machine.h"

static struct nic_addr tried_on[] = {
	{.name = "lo",
		.fam = 4,
		.addr = {127, 0, 0, 1},
		.plen = 8,
		.up = true,
		.loopback = true},
	{.name = "lo",
		.fam = 6,
		.addr = {[15] = 1},
		.plen = 128,
		.up = true,
		.loopback = true},
	{.name = "eth0", .fam = 4, .addr = {192, 0, 2, 10}, .plen = 24, .up = true},
	{.name = "eth0",
		.fam = 6,
		.addr = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x10},
		.plen = 64,
		.up = true},
};

static const struct nic_list tried_nics = {tried_on, 4};

static bool
no_file(void *ctx, const char *path, struct chk_stat *out)
{
	(void)ctx;
	*out = (struct chk_stat){
		.exists = strstr(path, "missing") == NULL && strcmp(path, "/8") != 0,
		.is_folder = strcmp(path, "/etc/postfix") == 0};
	return true;
}

static bool
their_file(void *ctx, const char *path, struct sv *bytes)
{
	(void)ctx;
	*bytes = sv_of(strstr(path, "netsbad") ? "127.0.0.5/24\n" : "127.0.0.2\n");
	return true;
}

static bool
is_bad(struct sv verdict)
{
	static const char *const words[] = {"fatal", "tempfail", "smtp-fatal-queue-stuck",
		"mail-loop-undetected", "fatal-at-check"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sv_eq_str(verdict, words[i]))
			return true;
	return false;
}

static bool
is_good(struct sv verdict)
{
	return sv_eq_str(verdict, "ok") || sv_eq_str(verdict, "ok-no-match") ||
	       sv_eq_str(verdict, "delivered");
}

/* \t in an input stands for a tab. */
static char *
unescape(struct sv v)
{
	struct str out = {0};

	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] == '\\' && i + 1 < v.n && v.p[i + 1] == 't') {
			str_add_char(&out, '\t');
			i++;
		} else {
			str_add_char(&out, v.p[i]);
		}
	return str_take(&out);
}

/* Does a finding about the parameter hold the value back (errors), or say anything at all
 * that isn't a note? */
static void
weigh(const struct diags *d, bool *error, bool *warns)
{
	*error = *warns = false;
	for (size_t i = 0; i < d->n; i++) {
		*warns = *warns || d->v[i].sev != SEV_NOTE;
		*error = *error || (d->v[i].sev == SEV_ERROR && !d->v[i].danger);
	}
}

static size_t
judge_truth(const char *dir, const char *param)
{
	static const char base[] =
		LEVEL "myhostname = host.pf.test\nmydomain = pf.test\n"
		      "maillog_file =\ninet_interfaces = 127.0.0.1, 192.0.2.10\n"
		      "mynetworks = 127.0.0.0/8\n";
	struct chk_env env = relay;
	size_t n, bad = 0, rows = 0;
	char path[4096], *text;
	struct sv rest, line;

	env.nics = &tried_nics;
	env.stat = no_file;
	env.read = their_file;
	env.services_known = false;
	snprintf(path, sizeof(path), "%s/%s.tsv", dir, param);
	text = slurp(path, &n);
	rest = sv_make(text, n);
	sv_line(&rest, &line);
	while (sv_line(&rest, &line)) {
		ptrdiff_t tab = sv_find(line, '\t'), end;
		struct sv verdict = sv_sub(line, (size_t)tab + 1, line.n);
		char *input = unescape(sv_sub(line, 0, (size_t)tab)), *cf;
		struct diags d = {0};
		bool error, warns;

		end = sv_find(verdict, '\t');
		verdict = sv_sub(verdict, 0, (size_t)end);
		cf = str_format("%s%s = %s\n", base, param, input);
		run(cf, &env, &d);
		for (size_t i = d.n;
			i-- > 0;) /* the base is set twice where it is tried */
			if (d.v[i].code == DIAG_CF_DUPLICATE)
				d.v[i].sev = SEV_NOTE;
		weigh(&d, &error, &warns);
		if ((is_bad(verdict) && !warns) || (is_good(verdict) && error)) {
			print_message("%s = %s: Postfix says %.*s\n", param, input,
				(int)verdict.n, verdict.p);
			show(&d);
			bad++;
		}
		rows++;
		diag_clear(&d);
		free(cf);
		free(input);
	}
	free(text);
	print_message("%s: %zu rows, %zu not as Postfix\n", param, rows, bad);
	return bad;
}

static void
truth_and_rules_agree(void **state)
{
	const char *dir = getenv("PR_TRUTH");
	size_t bad = 0;

	(void)state;
	if (!dir) {
		print_message("PR_TRUTH is not set: left out\n");
		skip();
	}
	bad += judge_truth(dir, "inet_interfaces");
	bad += judge_truth(dir, "mynetworks");
	bad += judge_truth(dir, "relayhost");
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truth_and_rules_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
