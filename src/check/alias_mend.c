/* SPDX-License-Identifier: MIT
 *
 * Safe repairs of an alias: quotes around a command and its words, and words behind '#'
 * moved into a comment. Both leave what was meant and nothing else.
 */
#include <string.h>

#include "check/alias_parts.h"

size_t
al_comment_start(const struct al_targets *list)
{
	size_t i = 0;

	while (i < list->n && list->v[i].raw[0] != '#')
		i++;
	return i;
}

size_t
al_command_words(const struct al_targets *list, struct sv value, size_t i)
{
	size_t n = 0;

	if (list->v[i].kind != AL_PIPE || list->v[i].raw[0] != '|' ||
		strpbrk(list->v[i].raw, "\"\\"))
		return 0;
	for (size_t k = i + 1; k < list->n; k++, n++) {
		struct sv gap = sv_sub(
			value, list->v[k - 1].end, list->v[k].start - list->v[k - 1].end);

		if (list->v[k].raw[0] == '#' || sv_trim(gap).n)
			break;
	}
	return n;
}

static void
add_command(const struct al_targets *from, struct sv value, size_t i, size_t words,
	struct al_targets *to)
{
	size_t start = from->v[i].start, end = from->v[i + words].end;
	struct str raw = {0};

	al_target_quote(sv_sub(value, start, end - start), &raw);
	al_targets_add(to, str_sv(&raw));
	str_free(&raw);
}

bool
chk_al_mend(const struct aliases *al, uint32_t id, enum diag_code code,
	struct al_targets *targets, struct str *comment)
{
	struct al_targets list = {0};
	struct str line = {0};
	size_t at, end, words;
	struct sv value;
	bool good;

	al_value_line(al, id, &line, &at);
	value = sv_sub(str_sv(&line), at, line.n);
	al_targets_parse(value, &list);
	end = code == DIAG_AL_COMMENT ? al_comment_start(&list) : list.n;
	good = (code == DIAG_AL_COMMENT && end > 0 && end < list.n) ||
	       code == DIAG_AL_WORDS;
	for (size_t i = 0; good && i < end; i++) {
		words = code == DIAG_AL_WORDS ? al_command_words(&list, value, i) : 0;
		if (words)
			add_command(&list, value, i, words, targets);
		else
			al_targets_add(targets, sv_of(list.v[i].raw));
		i += words;
	}
	if (good && end < list.n) {
		struct sv text = sv_sub(value, list.v[end].start, value.n);

		while (text.n && text.p[0] == '#')
			text = sv_sub(text, 1, text.n);
		str_add_sv(comment, sv_trim(text));
	}
	al_targets_free(&list);
	str_free(&line);
	return good;
}
