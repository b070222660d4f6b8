/* SPDX-License-Identifier: MIT
 *
 * Findings that are kept from one edit to the next: only what an edit touches runs again,
 * and after any sequence of edits they are those of a fresh check.
 */
#include "rules_rows.h"

static void
only_what_an_edit_touches_runs_again(void **state)
{
	static const char text[] = "# c\n" LEVEL "mynetworks = 10.0.0.1/8\n"
				   "net = 1\nrelayhost = [a.example]\n";
	struct rules_kept kept = {0};
	struct diags d = {0};
	size_t all, lines, once;
	struct doc doc;

	(void)state;
	mcf_load(&doc, mem_strdup(text), strlen(text), NULL);
	rules_run(&doc, &relay, &kept, &d);
	all = kept.ran;
	diag_clear(&d);
	rules_run(&doc, &relay, &kept, &d);
	lines = kept.ran;
	assert_true(lines < all);
	assert_int_equal(must_find(&d, "PR-NET-004")->loc.line, 3);
	diag_clear(&d);

	mcf_set(&doc, sv_of("message_size_limit"), sv_of("1000000000"));
	rules_run(&doc, &relay, &kept, &d);
	once = kept.ran;
	assert_int_equal(once, lines + 1);
	assert_non_null(find(&d, "PR-ID-004"));
	diag_clear(&d);

	/* a line above goes: the finding is the same one, its line is not */
	doc_delete(&doc, doc.order[0]);
	rules_run(&doc, &relay, &kept, &d);
	assert_int_equal(kept.ran, lines);
	assert_int_equal(must_find(&d, "PR-NET-004")->loc.line, 2);
	diag_clear(&d);

	mcf_set(&doc, sv_of("mynetworks"), sv_of("$net"));
	mcf_set(&doc, sv_of("net"), sv_of("10.0.0.0/8"));
	rules_run(&doc, &relay, &kept, &d);
	assert_null(find(&d, "PR-NET-004"));
	diag_clear(&d);
	mcf_set(&doc, sv_of("net"), sv_of("10.0.0.5/8"));
	rules_run(&doc, &relay, &kept, &d);
	assert_non_null(find(&d, "PR-NET-004"));
	diag_clear(&d);
	rules_kept_free(&kept);
	doc_free(&doc);
}

static uint64_t
next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

/* One line of the rows above put into the document, or one entry taken out of it. */
static void
edit_at_random(struct doc *doc, uint64_t *seed, struct str *story)
{
	size_t row = next(seed) % (sizeof(rules) / sizeof(*rules));
	struct sv text = sv_of(next(seed) % 2 ? rules[row].text : rules[row].miss), line;
	uint32_t gone = doc->order[next(seed) % doc->norder];
	ptrdiff_t at;

	if (next(seed) % 4 == 0) {
		str_addf(story, "entry %u goes\n", gone);
		if (doc_alive(doc, gone))
			doc_delete(doc, gone);
		return;
	}
	while (sv_line(&text, &line)) {
		struct sv name, value;

		if ((at = sv_find(line, '=')) <= 0 || is_blank_char(line.p[0]))
			continue;
		name = sv_trim(sv_sub(line, 0, (size_t)at));
		value = sv_trim(sv_sub(line, (size_t)at + 1, line.n));
		if (!mcf_is_name(name) || next(seed) % 4 == 0)
			continue;
		str_add_sv(story, line);
		str_add_cstr(story, "\n");
		mcf_set(doc, name, value);
	}
}

static void
print_all(const struct diags *d, struct str *out)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *f = &d->v[i];

		str_addf(out, "%c%c %s:%u:%u %s %s: %s %s %d %s\n", "NWE"[f->sev],
			f -> danger ? '!' : ' ', f->loc.file ? f->loc.file : "",
			f->loc.line, f->loc.col, f->loc.param ? f->loc.param : "",
			diag_code_name(f->code), f->text, f->hint ? f->hint : "",
			(int)f->mend, f->repair ? f->repair : "");
	}
}

static bool
add_bytes(void *ctx, const char *p, size_t n)
{
	str_add(ctx, p, n);
	return true;
}

/* Findings that were kept, those of all rules run anew, and those of the file as it
 * would be read again are the same. */
static void
assert_same_findings(struct doc *doc, struct rules_kept *kept, const struct str *story)
{
	struct diags a = {0}, b = {0}, c = {0};
	struct str mine = {0}, anew = {0}, again = {0}, bytes = {0};
	struct doc reread;

	rules_run(doc, &relay, kept, &a);
	rules_run(doc, &relay, NULL, &b);
	doc_write(doc, add_bytes, &bytes);
	mcf_load(&reread, mem_strdup(str_c(&bytes)), bytes.n, NULL);
	rules_run(&reread, &relay, NULL, &c);
	print_all(&a, &mine);
	print_all(&b, &anew);
	print_all(&c, &again);
	if (!sv_eq(str_sv(&mine), str_sv(&anew)) || !sv_eq(str_sv(&anew), str_sv(&again)))
		fail_msg("%s--- file\n%s--- kept\n%s--- anew\n%s--- read again\n%s",
			str_c(story), str_c(&bytes), str_c(&mine), str_c(&anew),
			str_c(&again));
	doc_free(&reread);
	str_free(&mine);
	str_free(&anew);
	str_free(&again);
	str_free(&bytes);
	diag_clear(&a);
	diag_clear(&b);
	diag_clear(&c);
}

static void
kept_findings_are_those_of_a_fresh_check(void **state)
{
	static const char start[] = "# c\n" LEVEL "\nmynetworks = 10.0.0.0/8\n";
	const char *rounds = getenv("PR_FUZZ_ROUNDS");

	(void)state;
	for (long i = 0; i < (rounds ? strtol(rounds, NULL, 10) : 60); i++) {
		uint64_t seed = (uint64_t)i;
		struct rules_kept kept = {0};
		struct str story = {0};
		struct doc doc;

		mcf_load(&doc, mem_strdup(start), strlen(start), NULL);
		for (int step = 0; step < 20; step++) {
			edit_at_random(&doc, &seed, &story);
			assert_same_findings(&doc, &kept, &story);
		}
		rules_kept_free(&kept);
		str_free(&story);
		doc_free(&doc);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_an_edit_touches_runs_again),
		cmocka_unit_test(kept_findings_are_those_of_a_fresh_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
