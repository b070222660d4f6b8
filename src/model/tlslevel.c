/* SPDX-License-Identifier: MIT
 *
 * One table; what follows from a level is a column.
 */
#include "model/tlslevel.h"

static const struct {
	const char *word;
	bool strong, roots;
} levels[] = {
	{"none", false, false},
	{"may", false, false},
	{"encrypt", true, false},
	{"dane", false, false},
	{"dane-only", true, false},
	{"fingerprint", true, false},
	{"verify", true, true},
	{"secure", true, true},
};
enum { LEVELS = sizeof(levels) / sizeof(levels[0]) };

static size_t
find(struct sv word)
{
	size_t i = 0;

	while (i < LEVELS && !sv_eq_fold(word, sv_of(levels[i].word)))
		i++;
	return i;
}

bool
tls_is_level(struct sv word)
{
	return find(word) < LEVELS;
}

bool
tls_is_strong(struct sv word)
{
	size_t i = find(word);

	return i < LEVELS && levels[i].strong;
}

bool
tls_wants_roots(struct sv word)
{
	size_t i = find(word);

	return i < LEVELS && levels[i].roots;
}
