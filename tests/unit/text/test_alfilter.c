/* SPDX-License-Identifier: MIT
 *
 * The filter over aliases.
 */
#include "aliases_rig.h"

static void
filter_finds_names_and_targets(void **state)
{
	static const struct {
		const char *needle, *want;
	} rows[] = {
		{"root", "2 4 6 8 "},
		{"ROOT", "2 4 6 8 "},
		{"roo", "2 4 6 8 "},
		{"", "2 3 4 5 6 7 8 9 "},
		{"games", "8 "},
		{"in", "7 "},
		{"head", ""},
		{"off", "5 "},
		{"bad", "7 "},
		{"x", "5 9 "},
		{"zzz", ""},
		{"#", ""},
		{"a b", "3 "},
		{"news: games", ""},
		{"\xc3\x89va", "9 "},
		{"this needle is longer than the whole of the sample text, by far, so "
		 "there is "
		 "no place for it at all in this file of aliases, which has few lines "
		 "only",
			""},
	};
	struct aliases al;
	struct al_filter grown = {0};
	(void)state;
	load_bytes(&al, sv_of(sample));
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct al_filter f = {0};
		struct str got = {0};
		al_filter(&al, sv_of(rows[i].needle), &f);
		for (size_t k = 0; k < f.hits.n; k++)
			str_addf(&got, "%u ", f.hits.v[k]);
		assert_string_equal(str_c(&got), rows[i].want);
		al_filter(&al, sv_of(rows[i].needle), &grown);
		assert_int_equal(grown.hits.n, f.hits.n);
		str_free(&got);
		al_filter_free(&f);
	}
	al_filter_free(&grown);
	al_free(&al);
}

/* Letter by letter, the kept answer is that of a fresh question; also after edits. */
static void
filter_grown_equals_fresh(void **state)
{
	struct aliases al;
	struct al_filter grown = {0};
	struct str text = {0};
	struct al_targets t = {0};
	(void)state;
	for (int i = 0; i < 3000; i++)
		str_addf(&text, "n%d: user%d,\n  Q%d@x\n# c%d\n", i, i * 7 % 1000, i % 13,
			i);
	load_bytes(&al, str_sv(&text));
	al_targets_add(&t, sv_of("needle@x"));
	for (uint32_t id = 100; id < 2000; id += 37)
		if (doc_entry(&al.doc, id)->kind == ENTRY_ALIAS)
			assert_true(al_add_targets(&al, id, &t, NULL));
	static const char *const words[] = {"n", "ne", "needle", "user99", "user999",
		"q12", "q12@", "n2999", "c5", ","};
	for (size_t w = 0; w < N_OF(words); w++)
		for (size_t n = 1; n <= strlen(words[w]); n++) {
			struct al_filter f = {0};
			struct sv needle = sv_make(words[w], n);
			size_t hits = 0;
			al_filter(&al, needle, &grown);
			al_filter(&al, needle, &f);
			assert_int_equal(grown.hits.n, f.hits.n);
			for (uint32_t id = 0; id < al.doc.npool; id++) {
				struct str line = {0}, low = {0};
				if (!al_is_row(&al, id))
					continue;
				al_value(&al, id, &line);
				str_add_char(&line, '\1');
				str_add_sv(&line, al_name(&al, id));
				al_name_fold(str_sv(&line), &low);
				hits += sv_find_sv(str_sv(&low), needle) >= 0;
				str_free(&line);
				str_free(&low);
			}
			assert_int_equal(f.hits.n, hits);
			al_filter_free(&f);
		}
	al_filter_free(&grown);
	al_targets_free(&t);
	str_free(&text);
	al_free(&al);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter_finds_names_and_targets),
		cmocka_unit_test(filter_grown_equals_fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
