/* SPDX-License-Identifier: MIT
 *
 * Aliases that lead to each other: Tarjan's algorithm with a stack of its own, since a
 * chain may have a million steps. Components come out with those that they lead to before
 * them, so the length of the longest chain is known on the way. An edge of an alias to
 * itself means the user and is never in the graph.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/alias_parts.h"

/* local(8) nests four levels a name and gives up past 100: the 26th name bounces, be it
 * an alias or the user at the end. */
#define CHAIN_MAX 25

struct frame {
	uint32_t id, next; /* the edge to look at */
};

struct tarjan {
	struct al_run *run;
	uint32_t *index; /* 0: not seen */
	uint32_t *low;   /* at the end: the number of the component */
	uint32_t *depth; /* aliases in the longest chain; 0: not done, or a loop */
	bool *on_stack;
	uint32_t *stack;
	size_t nstack;
	struct frame *frame;
	size_t nframe, frame_cap;
	uint32_t count;
	bool *in_loop;
	bool *too_long;
};

static void
enter(struct tarjan *t, uint32_t id)
{
	t->index[id] = t->low[id] = ++t->count;
	t->stack[t->nstack++] = id;
	t->on_stack[id] = true;
	t->frame = mem_grow(t->frame, &t->frame_cap, t->nframe + 1, sizeof(*t->frame));
	t->frame[t->nframe++] = (struct frame){id, 0};
}

static void
note_depth(struct tarjan *t, uint32_t id)
{
	const struct al_graph *g = &t->run->graph;
	uint32_t depth = g->user[id];

	for (uint32_t k = 0; k < g->n[id]; k++) {
		uint32_t to = g->to[g->from[id] + k];

		if (t->depth[to] > depth)
			depth = t->depth[to];
	}
	t->depth[id] = depth + 1;
	t->too_long[id] = depth == CHAIN_MAX;
}

/* All edges of id are done: is it the head of a component? */
static void
leave(struct tarjan *t, uint32_t id)
{
	size_t n = t->nstack;

	if (t->low[id] != t->index[id])
		return;
	while (t->stack[n - 1] != id)
		n--;
	n--;
	if (t->nstack - n == 1)
		note_depth(t, id);
	for (size_t i = n; i < t->nstack; i++) {
		t->on_stack[t->stack[i]] = false;
		t->low[t->stack[i]] = t->index[id];
		t->in_loop[t->stack[i]] = t->nstack - n > 1;
	}
	t->nstack = n;
}

static void
walk_from(struct tarjan *t, uint32_t root)
{
	const struct al_graph *g = &t->run->graph;

	enter(t, root);
	while (t->nframe) {
		struct frame *f = &t->frame[t->nframe - 1];
		uint32_t id = f->id;

		if (f->next < g->n[id]) {
			uint32_t to = g->to[g->from[id] + f->next++];

			if (!t->index[to])
				enter(t, to);
			else if (t->on_stack[to] && t->index[to] < t->low[id])
				t->low[id] = t->index[to];
			continue;
		}
		t->nframe--;
		leave(t, id);
		if (t->nframe) {
			uint32_t up = t->frame[t->nframe - 1].id;

			if (t->low[id] < t->low[up])
				t->low[up] = t->low[id];
		}
	}
}

/* The next alias of the circle that id is in. */
static uint32_t
next_in_loop(const struct tarjan *t, uint32_t id)
{
	const struct al_graph *g = &t->run->graph;

	for (uint32_t k = 0; k < g->n[id]; k++) {
		uint32_t to = g->to[g->from[id] + k];

		if (t->low[to] == t->low[id])
			return to;
	}
	return id;
}

static void
tell_loop(struct tarjan *t, uint32_t id, uint32_t line)
{
	struct diag_loc loc = {
		.file = t->run->env->file, .line = line, .col = 1, .entry = id + 1};
	struct str to = {0};

	if (!al_run_room(t->run, &loc))
		return;
	if (t->in_loop[id]) {
		al_key(t->run->al, next_in_loop(t, id), &to);
		diag_add(t->run->out, t->run->env->other_tables ? SEV_WARN : SEV_ERROR,
			DIAG_AL_LOOP, &loc,
			_("Give one of the aliases in this circle a target outside of "
			  "it."),
			_("Mail for this alias goes back to its sender: the way by "
			  "\"%s\" leads back here."),
			str_c(&to));
	} else {
		diag_add(t->run->out, t->run->env->other_tables ? SEV_WARN : SEV_ERROR,
			DIAG_AL_LOOP, &loc, _("Name the last alias of the chain itself."),
			_("Mail for this alias goes back to its sender: Postfix follows "
			  "a chain of %d names at the most."),
			CHAIN_MAX);
	}
	str_free(&to);
}

static void
tell_all(struct tarjan *t)
{
	const struct doc *d = &t->run->al->doc;
	uint32_t line = 1;
	struct sv text, one;

	for (size_t i = 0; i < d->norder; i++) {
		uint32_t id = d->order[i];

		if (!doc_alive(d, id))
			continue;
		if (t->in_loop[id] || t->too_long[id])
			tell_loop(t, id, line);
		text = doc_text(d, id);
		while (sv_line(&text, &one))
			line++;
	}
}

void
al_check_loops(struct al_run *run)
{
	size_t n = run->al->doc.npool + 1;
	struct tarjan t = {.run = run};

	if (run->graph.nto == 0)
		return;
	t.index = mem_new(n, sizeof(*t.index));
	t.low = mem_new(n, sizeof(*t.low));
	t.depth = mem_new(n, sizeof(*t.depth));
	t.stack = mem_new(n, sizeof(*t.stack));
	t.on_stack = mem_new(n, sizeof(bool));
	t.in_loop = mem_new(n, sizeof(bool));
	t.too_long = mem_new(n, sizeof(bool));
	for (uint32_t id = 0; id + 1 < n; id++)
		if (run->graph.n[id] && !t.index[id])
			walk_from(&t, id);
	tell_all(&t);
	free(t.index);
	free(t.low);
	free(t.depth);
	free(t.stack);
	free(t.on_stack);
	free(t.in_loop);
	free(t.too_long);
	free(t.frame);
}
