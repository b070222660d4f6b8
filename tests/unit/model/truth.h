/* SPDX-License-Identifier: MIT
 *
 * Reads a table of what a real Postfix did (tab separated, a header line). The tables are
 * not part of the project: PR_TRUTH names their folder, else the test is skipped.
 */
#ifndef PR_TESTS_TRUTH_H
#define PR_TESTS_TRUTH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define TRUTH_COLUMNS 12

/* Open $PR_TRUTH/name and skip its header; NULL when PR_TRUTH isn't set. */
static inline FILE *
truth_open(const char *name)
{
	const char *dir = getenv("PR_TRUTH");
	char path[4096], line[4096];
	FILE *f;

	if (!dir)
		return NULL;
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "re");
	if (f && !fgets(line, sizeof(line), f))
		fclose(f), f = NULL;
	return f;
}

/* The next row, cut into columns inside buf; false at the end. */
static inline bool
truth_row(FILE *f, char *buf, size_t n, struct sv col[TRUTH_COLUMNS])
{
	char *p = buf;

	if (!fgets(buf, (int)n, f))
		return false;
	buf[strcspn(buf, "\n")] = '\0';
	for (size_t i = 0; i < TRUTH_COLUMNS; i++) {
		size_t len = p ? strcspn(p, "\t") : 0;

		col[i] = sv_make(p ? p : "", len);
		p = p && p[len] ? p + len + 1 : NULL;
	}
	return true;
}

/* "\t" and "\n" of the tables' inputs made real, in place; returns the length. */
static inline size_t
truth_unescape(char *p, size_t n)
{
	size_t o = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\' && i + 1 < n && (p[i + 1] == 't' || p[i + 1] == 'n'))
			p[o++] = p[++i] == 't' ? '\t' : '\n';
		else
			p[o++] = p[i];
	}
	return o;
}

#endif
