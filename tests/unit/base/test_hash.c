/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* Values are indices into words; the key of a value is its word. */
struct words {
	const char *const *v;
	const char *sought;
	uint64_t (*sum)(const char *word);
	size_t calls;
};

static uint64_t
sum_good(const char *word)
{
	return hash_bytes(sv_of(word), true, 7);
}

static uint64_t
sum_constant(const char *word)
{
	(void)word;
	return 5;
}

static bool
same_word(void *ctx, uint32_t v)
{
	struct words *w = ctx;
	w->calls++;
	return sv_eq_fold(sv_of(w->v[v]), sv_of(w->sought));
}

static uint64_t
word_sum(void *ctx, uint32_t v)
{
	struct words *w = ctx;
	return w->sum(w->v[v]);
}

static uint32_t
put(struct hash *h, struct words *w, uint32_t v)
{
	struct hash_ops ops = {same_word, word_sum, w};
	w->sought = w->v[v];
	return hash_put(h, w->sum(w->v[v]), v, &ops);
}

static uint32_t
find(struct hash *h, struct words *w, const char *word)
{
	struct hash_ops ops = {same_word, word_sum, w};
	w->sought = word;
	return hash_find(h, w->sum(word), &ops);
}

static const char *const few[] = {"root", "postmaster", "Root", "abuse"};

static void
find_in_empty_gives_none(void **state)
{
	(void)state;
	struct hash h = {0};
	struct words w = {few, NULL, sum_good, 0};
	assert_int_equal(find(&h, &w, "root"), HASH_NONE);
	hash_free(&h);
}

static void
put_same_key_returns_former(void **state)
{
	(void)state;
	uint64_t (*sums[])(const char *) = {sum_good, sum_constant};
	for (size_t i = 0; i < 2; i++) {
		struct hash h = {0};
		struct words w = {few, NULL, sums[i], 0};
		assert_int_equal(put(&h, &w, 0), HASH_NONE);
		assert_int_equal(put(&h, &w, 1), HASH_NONE);
		assert_int_equal(put(&h, &w, 2), 0);
		assert_int_equal(h.n, 2);
		assert_int_equal(find(&h, &w, "ROOT"), 2);
		assert_int_equal(find(&h, &w, "postmaster"), 1);
		assert_int_equal(find(&h, &w, "abuse"), HASH_NONE);
		hash_free(&h);
	}
}

static void
put_many_grows_and_finds_all(void **state)
{
	(void)state;
	enum { N = 20000 };
	char **words = calloc(N, sizeof *words);
	struct hash h = {0};
	struct words w = {(const char *const *)words, NULL, sum_good, 0};
	for (uint32_t i = 0; i < N; i++) {
		struct str s = {0};
		str_addf(&s, "name-%u", i);
		words[i] = str_take(&s);
		assert_int_equal(put(&h, &w, i), HASH_NONE);
	}
	w.calls = 0;
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(find(&h, &w, words[i]), i);
	/* Tags keep nearly all strangers away: one call a word, and a few more. */
	assert_true(w.calls < N + N / 10);
	assert_int_equal(find(&h, &w, "name-"), HASH_NONE);
	hash_free(&h);
	for (size_t i = 0; i < N; i++)
		free(words[i]);
	free(words);
}

static void
hash_bytes_folds_ascii_capitals_only(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool fold, equal;
	} rows[] = {
		{"Root", "rOOT", true, true},
		{"Root", "root", false, false},
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", true, true},
		{"@[", "`{", true, false},
		{"\xc3\x89", "\xc3\xa9", true, false},
		{"a", "ab", true, false},
		{"", "a", true, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t a = hash_bytes(sv_of(rows[i].a), rows[i].fold, 1);
		uint64_t b = hash_bytes(sv_of(rows[i].b), rows[i].fold, 1);
		assert_true((a == b) == rows[i].equal);
	}
	assert_true(hash_bytes(sv_of("a"), true, 1) != hash_bytes(sv_of("a"), true, 2));
}

/* Every byte counts, whatever the length: whole words, a tail, less than a word. */
static void
hash_bytes_every_byte_counts(void **state)
{
	char text[] = "abcdefghijklmnopqrstuvwx";
	uint64_t folded[sizeof text];
	(void)state;
	for (size_t n = 1; n < sizeof text; n++)
		folded[n] = hash_bytes(sv_make(text, n), true, 3);
	for (size_t n = 1; n < sizeof text; n++)
		for (size_t i = 0; i < n; i++) {
			uint64_t before = hash_bytes(sv_make(text, n), false, 3);
			text[i] ^= 1;
			assert_true(hash_bytes(sv_make(text, n), false, 3) != before);
			text[i] ^= 1;
			text[i] ^= 0x20;
			assert_true(hash_bytes(sv_make(text, n), true, 3) == folded[n]);
			text[i] ^= 0x20;
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(find_in_empty_gives_none),
		cmocka_unit_test(put_same_key_returns_former),
		cmocka_unit_test(put_many_grows_and_finds_all),
		cmocka_unit_test(hash_bytes_folds_ascii_capitals_only),
		cmocka_unit_test(hash_bytes_every_byte_counts),
	};
	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
