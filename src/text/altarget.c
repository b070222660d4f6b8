/* SPDX-License-Identifier: MIT
 *
 * Values cut into targets the way local(8) does it (tok822_parse(3)): from right to left,
 * two words with nothing but blanks between them are two targets, an operator glues, ';'
 * ends a named group whose name goes to nobody, and of "Name" <addr> only addr counts.
 * Comments in brackets count for nothing.
 */
#include "text/altok.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

struct tokens {
	struct al_tok *v;
	size_t n, cap;
};

/* One target: tokens lo..hi make the address, those from raw_lo to raw_hi write it. */
struct cut {
	size_t lo, hi, raw_lo, raw_hi;
};

/* Where the walk from right to left is. Indexes are shifted by one, so that 0 is before
 * the first token. */
struct walk {
	const struct tokens *t;
	size_t at, right;
	bool word, group;
	struct cut *cuts;
	size_t n, cap;
};

static bool
is_op(const struct walk *w, const char *ops)
{
	const struct al_tok *tok = &w->t->v[w->at - 1];
	return tok->kind == AL_TOK_OP && strchr(ops, tok->op) != NULL;
}

static void
skip_to(struct walk *w, const char *ops)
{
	while (w->at > 0 && !is_op(w, ops))
		w->at--;
}

/* All tokens between left and right are one target. */
static struct cut *
take(struct walk *w, size_t left, size_t right)
{
	if (left + 1 >= right)
		return NULL;
	w->cuts = mem_grow(w->cuts, &w->cap, w->n + 1, sizeof *w->cuts);
	w->cuts[w->n] = (struct cut){left, right - 2, left, right - 2};
	return &w->cuts[w->n++];
}

/* At '>': the address is what the angle brackets hold, the words before them name it. */
static void
take_route(struct walk *w)
{
	size_t close = w->at;
	take(w, w->at, w->right);
	skip_to(w, "<");
	struct cut *cut = take(w, w->at, close);
	skip_to(w, ">;,:");
	if (cut) {
		cut->raw_lo = w->at;
		cut->raw_hi = close - 1;
	}
	w->right = w->at;
	w->word = true;
}

/* Deal with the token at w->at; false when w->at has been moved already. */
static bool
step(struct walk *w)
{
	const struct al_tok *tok = &w->t->v[w->at - 1];
	if (tok->kind != AL_TOK_OP) {
		if (!w->word) {
			take(w, w->at, w->right);
			w->right = w->at + 1;
		}
		w->word = false;
	} else if (tok->op == '>') {
		take_route(w);
		return false;
	} else if (tok->op == ':' && w->group) {
		take(w, w->at, w->right);
		skip_to(w, ",");
		w->right = w->at;
		return false;
	} else {
		w->word = true;
		w->group = w->group || tok->op == ';';
		if (tok->op == ';' || tok->op == ',') {
			take(w, w->at, w->right);
			w->right = w->at;
		}
	}
	return true;
}

static void
scan(struct sv text, struct tokens *t)
{
	struct al_tok tok;
	size_t pos = 0;
	while (al_tok_next(text, &pos, &tok)) {
		if (tok.kind == AL_TOK_COMMENT)
			continue;
		t->v = mem_grow(t->v, &t->cap, t->n + 1, sizeof *t->v);
		t->v[t->n++] = tok;
	}
}

/* A name that no user can have, or an address without one of its parts. */
static bool
is_hopeless(const struct al_tok *v, size_t n, bool remote)
{
	if (v[0].op == '@' || v[n - 1].op == '@')
		return true;
	for (size_t i = 0; i < n; i++)
		if (v[i].kind == AL_TOK_OP &&
			strchr(remote ? "|()<>,;\\\"]" : "|()<>,;:\\\"]", v[i].op))
			return true;
	return false;
}

static enum al_kind
kind_of(struct sv text, const struct al_tok *v, size_t n, struct sv plain)
{
	bool remote = false;
	for (size_t i = 0; i < n; i++) {
		if (!v[i].closed)
			return AL_BAD;
		remote = remote || v[i].op == '@' || v[i].op == '%' || v[i].op == '!';
	}
	if (plain.n == 0)
		return AL_BAD;
	if (plain.p[0] == '/')
		return AL_FILE;
	if (plain.p[0] == '|')
		return sv_trim(sv_sub(plain, 1, plain.n)).n ? AL_PIPE : AL_BAD;
	if (plain.n >= 9 && strncasecmp(plain.p, ":include:", 9) == 0)
		return plain.n > 9 && plain.p[9] == '/' ? AL_INCLUDE : AL_BAD;
	if (text.p[v[0].start] == '#' || is_hopeless(v, n, remote))
		return AL_BAD;
	if (remote)
		return AL_ADDRESS;
	return text.p[v[0].start] == '\\' ? AL_BACKSLASH : AL_USER;
}

static void
push(struct al_targets *list, const struct al_target *t)
{
	list->v = mem_grow(list->v, &list->cap, list->n + 1, sizeof *list->v);
	list->v[list->n++] = *t;
}

static void
push_cut(struct sv text, const struct tokens *t, const struct cut *c,
	struct al_targets *out)
{
	struct al_target target = {
		.start = t->v[c->raw_lo].start, .end = t->v[c->raw_hi].end};
	struct str plain = {0};
	for (size_t i = c->lo; i <= c->hi; i++)
		al_tok_plain(text, &t->v[i], &plain);
	target.kind = kind_of(text, t->v + c->lo, c->hi - c->lo + 1, str_sv(&plain));
	target.raw = mem_strndup(text.p + target.start, target.end - target.start);
	target.plain = str_take(&plain);
	push(out, &target);
}

void
al_targets_parse(struct sv value, struct al_targets *out)
{
	struct tokens t = {0};
	scan(value, &t);
	struct walk w = {.t = &t, .at = t.n, .right = t.n + 1, .word = true};
	while (w.at > 0)
		if (step(&w))
			w.at--;
	take(&w, 0, w.right);
	for (size_t i = w.n; i-- > 0;)
		push_cut(value, &t, &w.cuts[i], out);
	free(w.cuts);
	free(t.v);
}

/* Offset of an unquoted '|' that starts a target and no quote follows; n if none. */
static size_t
bare_command(struct sv typed)
{
	struct al_tok tok;
	size_t pos = 0;
	bool fresh = true;
	while (al_tok_next(typed, &pos, &tok)) {
		bool quoted = tok.end < typed.n && typed.p[tok.end] == '"';
		if (tok.start > 0 && is_blank_char(typed.p[tok.start - 1]))
			fresh = true;
		if (fresh && tok.op == '|' && !quoted)
			return tok.start;
		fresh = tok.op == ',' || tok.op == ';';
	}
	return typed.n;
}

void
al_targets_typed(struct sv typed, struct al_targets *out)
{
	size_t at = bare_command(typed);
	al_targets_parse(sv_sub(typed, 0, at), out);
	if (at < typed.n) {
		struct str quoted = {0};
		al_target_quote(sv_sub(typed, at, typed.n), &quoted);
		al_targets_parse(str_sv(&quoted), out);
		str_free(&quoted);
	}
}

/* Is typed one target already, that means what a person sees? A command, file or list
 * must come out letter for letter, unless the person has quoted it. */
static bool
stands_alone(struct sv typed)
{
	struct al_targets list = {0};
	al_targets_parse(typed, &list);
	bool ok = list.n == 1;
	if (ok && strchr("|/:", typed.p[0])) {
		bool own_quotes = typed.n > 2 && typed.p[0] == '|' && typed.p[1] == '"';
		ok = own_quotes || sv_eq_str(typed, list.v[0].plain);
	}
	ok = ok && list.v[0].kind != AL_BAD && list.v[0].start == 0 &&
	     list.v[0].end == typed.n;
	al_targets_free(&list);
	return ok;
}

void
al_target_quote(struct sv typed, struct str *out)
{
	typed = sv_trim(typed);
	if (typed.n == 0 || typed.p[0] == '"' || stands_alone(typed)) {
		str_add_sv(out, typed);
		return;
	}
	const char *at = memrchr(typed.p, '@', typed.n);
	if (at && at > typed.p && !strchr("|/:", typed.p[0]) &&
		!memchr(typed.p, '<', typed.n)) {
		size_t local = (size_t)(at - typed.p);
		al_add_quoted(sv_sub(typed, 0, local), out);
		str_add_sv(out, sv_sub(typed, local, typed.n));
	} else {
		al_add_quoted(typed, out);
	}
}

void
al_targets_add(struct al_targets *list, struct sv raw)
{
	struct al_targets one = {0};
	al_targets_parse(raw, &one);
	struct al_target t = {.kind = AL_BAD, .end = raw.n};
	if (one.n == 1)
		t.kind = one.v[0].kind;
	t.raw = sv_dup(raw);
	t.plain = one.n == 1 ? mem_strdup(one.v[0].plain) : sv_dup(raw);
	push(list, &t);
	al_targets_free(&one);
}

bool
al_targets_equal(const struct al_targets *a, const struct al_targets *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i].raw, b->v[i].raw) != 0)
			return false;
	return true;
}

void
al_targets_free(struct al_targets *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].raw);
		free(list->v[i].plain);
	}
	free(list->v);
	*list = (struct al_targets){0};
}
