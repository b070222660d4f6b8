/* SPDX-License-Identifier: MIT
 *
 * For the random walk: the rows of mynetworks, or of one followed file, as an edit must
 * leave them. Derived rows have no model: the first edit writes them down.
 */
#ifndef PR_TEST_RANDOM_MODEL_H
#define PR_TEST_RANDOM_MODEL_H

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/nets.h"
#include "session/networks.h"

#define MODEL_MAX 60

struct model {
	char *text[MODEL_MAX];
	bool off[MODEL_MAX];
	size_t n, at; /* at: the edited row */
	uint8_t depth;
	char file[160];
	bool known, is_add;
};

static inline void
model_free(struct model *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->text[i]);
	m->n = 0;
}

/* The living rows of a file at a depth; a file that is shown twice counts once. */
static inline void
model_take(
	struct session *s, const char *file, uint8_t depth, size_t row, struct model *m)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(s, &rows);
	bool begun = false;

	*m = (struct model){.known = true, .depth = depth};
	snprintf(m->file, sizeof(m->file), "%s", file);
	for (size_t i = 0; i < n && m->n < MODEL_MAX; i++) {
		if (rows[i].depth != depth || strcmp(rows[i].file, file) != 0) {
			if (begun && depth > 0) {
				if (row < i)
					return;
				model_free(m); /* shown once more, and there it is */
				begun = false;
			}
			continue;
		}
		begun = true;
		if (rows[i].removed)
			continue;
		if (i <= row)
			m->at = m->n;
		m->text[m->n] = mem_strdup(rows[i].text);
		m->off[m->n++] = rows[i].off;
	}
}

static inline void
model_take_row(struct session *s, size_t row, struct model *m)
{
	const struct ses_net_row *rows;

	if (row < ses_net_rows(s, &rows) && !rows[row].removed && !rows[row].derived)
		model_take(s, rows[row].file, rows[row].depth, row, m);
}

/* The rows of the value; the place is where a new row before `before` goes. */
static inline void
model_take_value(struct session *s, size_t before, struct model *m)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(s, &rows), place = 0;

	if (n == 0 || rows[0].derived)
		return;
	model_take(s, rows[0].file, 0, 0, m);
	m->is_add = true;
	for (size_t i = 0; i < n && i < before; i++)
		place += rows[i].depth == 0 && !rows[i].removed;
	m->at = place;
}

static inline void
model_insert(struct model *m, const char *text)
{
	struct sv rest = sv_of(text), item;

	while (m->known && net_token(&rest, &item) && m->n + 1 < MODEL_MAX) {
		for (size_t i = m->n; i > m->at; i--) {
			m->text[i] = m->text[i - 1];
			m->off[i] = m->off[i - 1];
		}
		m->text[m->at] = sv_dup(item);
		m->off[m->at++] = false;
		m->n++;
	}
}

static inline void
model_set(struct model *m, const char *text)
{
	if (!m->known)
		return;
	free(m->text[m->at]);
	m->text[m->at] = sv_dup(sv_trim(sv_of(text)));
}

static inline void
model_drop(struct model *m)
{
	if (!m->known)
		return;
	free(m->text[m->at]);
	for (size_t i = m->at + 1; i < m->n; i++) {
		m->text[i - 1] = m->text[i];
		m->off[i - 1] = m->off[i];
	}
	m->n--;
}

static inline void
model_toggle(struct model *m)
{
	if (m->known)
		m->off[m->at] = !m->off[m->at];
}

static inline void
model_move(struct model *m, int by)
{
	size_t a = m->at, b = by < 0 ? a - 1 : a + 1;
	char *text;
	bool off;

	if (!m->known || (by < 0 ? a == 0 : b >= m->n))
		return;
	text = m->text[a];
	off = m->off[a];
	m->text[a] = m->text[b];
	m->off[a] = m->off[b];
	m->text[b] = text;
	m->off[b] = off;
}

static inline bool
model_equals(const struct model *a, const struct model *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (strcmp(a->text[i], b->text[i]) != 0 || a->off[i] != b->off[i])
			return false;
	return a->n == b->n;
}

static inline void
model_print(const char *title, const struct model *m)
{
	fprintf(stderr, "%s, depth %d:\n", title, m->depth);
	for (size_t i = 0; i < m->n; i++)
		fprintf(stderr, "    %s%s\n", m->off[i] ? "#" : "", m->text[i]);
}

/* What is added to a file that is all of the value isn't seen here. */
static inline bool
model_holds(struct session *s, const struct model *want)
{
	struct model now;
	bool holds;

	if (!want->known)
		return true;
	model_take(s, want->file, want->depth, 0, &now);
	holds = model_equals(&now, want) || (want->is_add && now.n < want->n) ||
		(want->depth > 0 && now.n == 0);
	if (!holds) {
		model_print("is", &now);
		model_print("should be", want);
	}
	model_free(&now);
	return holds;
}

#endif
