/* SPDX-License-Identifier: MIT
 *
 * A recursive walk. It works on slices of the values, never on copies, so that the place
 * of a mistake is always known. Postfix counts how deep references lie in each other, and
 * stops above 100; it doesn't count through the operands of comparisons, where it runs
 * out of stack instead: a limit of our own stands for that. Values that grow
 * exponentially end at the limit of work.
 */
#include "model/cfexpr.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/cfcmp.h"

#define MAX_LEVEL 100 /* Postfix's */
#define MAX_DEPTH 1000
#define REFERENCE_COST 16

struct value {
	struct sv text, name; /* name: empty for the value that was asked for */
	size_t ref;           /* the reference in that one which led here */
};

struct walk {
	const struct cfx_source *src;
	struct cfx_report *rep;
	const struct value *value;
	struct str *out;
	const char *dollar; /* of the innermost reference */
	int level, depth;
	size_t *work;
	bool scan, unknown;
};

enum truth { NO, YES, UNTOLD };

static bool walk_text(struct walk *w, struct sv v);

static bool
fail(struct walk *w, enum cfx_fault fault, const char *at)
{
	size_t off = (size_t)(at - w->value->text.p);
	bool nested = w->value->name.n > 0;

	w->rep->fault = fault;
	w->rep->off = nested ? w->value->ref : off;
	w->rep->in_off = off;
	if (nested)
		str_add_sv(&w->rep->in, w->value->name);
	return false;
}

static bool
spend(struct walk *w, size_t n)
{
	if (n <= *w->work) {
		*w->work -= n;
		return true;
	}
	w->unknown = true;
	return false;
}

static size_t
reference_offset(const struct walk *w)
{
	return w->value->name.n ? w->value->ref : (size_t)(w->dollar - w->value->text.p);
}

static void
add_undefined(struct walk *w, struct sv name)
{
	struct cfx_report *r = w->rep;

	for (size_t i = 0; i < r->n; i++)
		if (sv_eq_str(name, r->undefined[i].name))
			return;
	r->undefined = mem_grow(r->undefined, &r->cap, r->n + 1, sizeof(*r->undefined));
	r->undefined[r->n++] = (struct cfx_undefined){sv_dup(name), reference_offset(w)};
}

/* Postfix's own set, which is smaller than that of is_blank_char(). */
static struct sv
skip_blanks(struct sv v)
{
	size_t n = 0;

	while (n < v.n && v.p[n] && strchr(" \t\r\n", v.p[n]))
		n++;
	return sv_sub(v, n, v.n);
}

static bool
is_name_char(char c)
{
	return is_alpha_char(c) || is_digit_char(c) || c == '_';
}

static size_t
name_length(struct sv v)
{
	size_t n = 0;

	while (n < v.n && is_name_char(v.p[n]))
		n++;
	return n;
}

/* Length of the bracketed text at v, both brackets included; 0 when it isn't closed. */
static size_t
bracket_length(struct sv v, char open, char close)
{
	size_t depth = 0;

	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == open)
			depth++;
		else if (v.p[i] == close && --depth == 0)
			return i + 1;
	}
	return 0;
}

static bool
has_conditions(const struct walk *w)
{
	return w->src->version == 0 || w->src->version >= 300;
}

static bool
starts_brace(const struct walk *w, struct sv v)
{
	v = skip_blanks(v);
	return has_conditions(w) && v.n && v.p[0] == '{';
}

/* The {text} that *rest starts with, without its braces; *rest goes behind it and the
 * blanks that follow. */
static bool
take_braced(struct walk *w, struct sv *rest, struct sv *text)
{
	struct sv v = skip_blanks(*rest);
	size_t n = bracket_length(v, '{', '}');

	if (n == 0)
		return fail(w, CFX_UNBALANCED, v.p);
	*text = sv_sub(v, 1, n - 2);
	*rest = skip_blanks(sv_sub(v, n, v.n));
	return true;
}

static bool
add_literal(struct walk *w, struct sv v)
{
	if (w->level > MAX_LEVEL)
		return fail(w, CFX_LOOP, v.p);
	if (w->scan)
		return true;
	if (!spend(w, v.n))
		return false;
	str_add_sv(w->out, v);
	return true;
}

/* --- comparisons */

/* The text of an operand in a buffer of its own; *known: all of it could be told. */
static bool
expand_operand(struct walk *w, struct sv v, struct str *out, bool *known)
{
	struct str *keep_out = w->out;
	int keep_level = w->level;
	bool keep_unknown = w->unknown, good;

	w->out = out;
	w->level = 0;
	w->unknown = false;
	good = walk_text(w, v);
	*known = *known && !w->unknown;
	w->unknown = w->unknown || keep_unknown;
	w->level = keep_level;
	w->out = keep_out;
	return good;
}

static bool
evaluate(
	struct walk *w, struct sv op_text, struct sv left, struct sv right, enum truth *t)
{
	struct str a = {0}, b = {0};
	enum cfx_fault fault = CFX_FINE;
	bool known = true, yes = false;
	size_t n;
	enum cfc_op op = cfc_operator(op_text, &n);
	bool good = expand_operand(w, left, &a, &known) &&
		    expand_operand(w, right, &b, &known);

	if (good && known && !w->scan)
		fault = cfc_compare(str_sv(&a), op, str_sv(&b), n < op_text.n, &yes);
	str_free(&a);
	str_free(&b);
	if (fault != CFX_FINE)
		return fail(w, fault, left.p - 1);
	*t = !known ? UNTOLD : yes ? YES : NO;
	return good;
}

/* The letters behind an operator, which only 3.6 and newer take: "level". */
static bool
take_suffix(struct walk *w, struct sv *rest, struct sv *op)
{
	size_t n = 0;

	if (w->src->version && w->src->version < 306)
		return true;
	while (n < rest->n && (is_alpha_char(rest->p[n]) || is_digit_char(rest->p[n])))
		n++;
	if (n && !sv_eq_str(sv_sub(*rest, 0, n), "level"))
		return fail(w, CFX_BAD_SUFFIX, rest->p);
	op->n += n;
	*rest = sv_sub(*rest, n, rest->n);
	return true;
}

/* {a} == {b} at the start of *rest, which goes behind it. */
static bool
compare(struct walk *w, struct sv *rest, enum truth *t)
{
	struct sv left, right, op;
	size_t n;

	if (!take_braced(w, rest, &left))
		return false;
	if (cfc_operator(*rest, &n) == CFC_NONE)
		return fail(w, CFX_NO_OPERATOR, rest->p);
	op = sv_sub(*rest, 0, n);
	*rest = sv_sub(*rest, n, rest->n);
	if (!take_suffix(w, rest, &op))
		return false;
	if (!starts_brace(w, *rest))
		return fail(w, CFX_NO_OPERAND, skip_blanks(*rest).p);
	return take_braced(w, rest, &right) && evaluate(w, op, left, right, t);
}

/* --- references */

/* What ? or : is followed by: {text} or, as before 3.0, all that is left. */
static bool
take_arm(struct walk *w, struct sv *rest, struct sv *arm)
{
	if (starts_brace(w, *rest))
		return take_braced(w, rest, arm);
	*arm = *rest;
	*rest = sv_sub(*rest, rest->n, 0);
	return true;
}

/* rest starts with the operator, ? or :. */
static bool
walk_arms(struct walk *w, struct sv rest, enum truth t)
{
	struct sv arm = {0};
	char op = rest.p[0];

	rest = sv_sub(rest, 1, rest.n);
	if (op == '?') {
		if (!take_arm(w, &rest, &arm))
			return false;
		if ((t == YES || w->scan) && !walk_text(w, arm))
			return false;
		if (rest.n == 0)
			return true;
		if (rest.p[0] != ':')
			return fail(w, CFX_NO_COLON, rest.p);
		rest = sv_sub(rest, 1, rest.n);
	}
	if (!take_arm(w, &rest, &arm))
		return false;
	if ((t == NO || w->scan) && !walk_text(w, arm))
		return false;
	return rest.n == 0 || fail(w, CFX_TAIL, rest.p);
}

/* The value of a name, "" when it has none. False: can't tell. */
static bool
look_up(struct walk *w, struct sv name, struct sv *value)
{
	const struct cfx_source *src = w->src;

	if (src->lookup(src->ctx, name, value))
		return true;
	*value = sv_of("");
	if (src->undefined && src->undefined(src->ctx, name)) {
		add_undefined(w, name);
		return true;
	}
	w->unknown = true;
	return false;
}

/* 3.11 and newer leave the $names alone in values that are expanded only when used. */
static bool
stays_raw(struct walk *w, struct sv name)
{
	if (!cfx_is_raw(name) || (w->src->version && w->src->version < 311))
		return false;
	if (!w->src->version)
		w->unknown = true;
	return true;
}

static bool
walk_name(struct walk *w, struct sv name)
{
	const struct value *keep = w->value;
	struct value inner = {.name = name, .ref = reference_offset(w)};
	bool good;

	if (!look_up(w, name, &inner.text) || w->scan || inner.text.n == 0)
		return true;
	if (sv_find(inner.text, '$') >= 0 && stays_raw(w, name))
		return add_literal(w, inner.text);
	w->value = &inner;
	good = walk_text(w, inner.text);
	w->value = keep;
	return good;
}

/* ${name{text}}: a function. Which there are, only Postfix 3.11 and newer can tell. */
static bool
walk_function(struct walk *w, struct sv rest)
{
	struct sv text;

	if (w->src->version && w->src->version < 311)
		return fail(w, CFX_BAD_NAME, rest.p);
	w->unknown = true;
	if (!take_braced(w, &rest, &text) || !walk_text(w, text))
		return false;
	return rest.n == 0 || fail(w, CFX_TAIL, rest.p);
}

static bool
walk_named(struct walk *w, struct sv body)
{
	struct sv v = has_conditions(w) ? skip_blanks(body) : body;
	size_t n = name_length(v);
	struct sv name = sv_sub(v, 0, n), value, rest = sv_sub(v, n, v.n);
	struct sv next = has_conditions(w) ? skip_blanks(rest) : rest;
	bool known;

	if (next.n == 0)
		return walk_name(w, name);
	if (has_conditions(w) && next.p[0] == '{')
		return walk_function(w, next);
	if (next.p[0] != '?' && next.p[0] != ':')
		return fail(w, CFX_BAD_NAME, rest.p);
	known = look_up(w, name, &value);
	return walk_arms(w, next, !known ? UNTOLD : value.n ? YES : NO);
}

static bool
walk_expression(struct walk *w, struct sv body)
{
	struct sv rest = body;
	enum truth t = NO;

	if (!starts_brace(w, body))
		return walk_named(w, body);
	if (!compare(w, &rest, &t))
		return false;
	if (rest.n == 0)
		return t != YES || add_literal(w, sv_of("true"));
	if (rest.p[0] != '?' && rest.p[0] != ':')
		return fail(w, CFX_NO_QUESTION, rest.p);
	return walk_arms(w, rest, t);
}

/* One reference at v, which begins with the '$'; *used is how much of v it takes. */
static bool
walk_reference(struct walk *w, struct sv v, size_t *used)
{
	const char *keep = w->dollar;
	struct sv rest = sv_sub(v, 1, v.n), body;
	bool good;

	w->dollar = v.p;
	if (rest.n && (rest.p[0] == '{' || rest.p[0] == '(')) {
		*used = 1 + bracket_length(rest, rest.p[0], rest.p[0] == '{' ? '}' : ')');
		if (*used == 1)
			return fail(w, CFX_TRUNCATED, v.p);
		body = sv_sub(v, 2, *used - 3);
	} else {
		*used = 1 + name_length(rest);
		body = sv_sub(v, 1, *used - 1);
	}
	if (body.n == 0)
		return fail(w, CFX_NO_NAME, v.p);
	if (w->level > MAX_LEVEL)
		return fail(w, CFX_LOOP, v.p);
	if (!spend(w, *used + REFERENCE_COST))
		return false;
	w->level++;
	good = walk_expression(w, body);
	w->level--;
	w->dollar = keep;
	return good;
}

static bool
walk_pieces(struct walk *w, struct sv v)
{
	while (v.n) {
		ptrdiff_t at = sv_find(v, '$');
		size_t used = at < 0 ? v.n : (size_t)at;

		if (used && !add_literal(w, sv_sub(v, 0, used)))
			return false;
		v = sv_sub(v, used, v.n);
		if (v.n == 0)
			break;
		if (v.n > 1 && v.p[1] == '$') {
			used = 2;
			if (!add_literal(w, sv_sub(v, 1, 1)))
				return false;
		} else if (!walk_reference(w, v, &used)) {
			return false;
		}
		v = sv_sub(v, used, v.n);
	}
	return true;
}

static bool
walk_text(struct walk *w, struct sv v)
{
	bool good;

	if (w->depth >= MAX_DEPTH)
		return fail(w, CFX_LOOP, v.p);
	w->depth++;
	good = walk_pieces(w, v);
	w->depth--;
	return good;
}

static enum cfx_result
walk(struct sv raw, const struct cfx_source *src, struct str *out, struct cfx_report *rep)
{
	size_t enough = CFX_WORK;
	struct cfx_report own = {0};
	struct value top = {.text = raw};
	struct walk w = {.src = src,
		.rep = rep ? rep : &own,
		.value = &top,
		.out = out,
		.dollar = raw.p,
		.work = src->work ? src->work : &enough,
		.scan = out == NULL};
	enum cfx_fault fault;

	(void)walk_text(&w, raw);
	fault = w.rep->fault;
	cfx_report_free(&own);
	if (fault != CFX_FINE)
		return fault == CFX_LOOP ? CFX_NESTING : CFX_SYNTAX;
	return w.unknown ? CFX_UNKNOWN : CFX_OK;
}

enum cfx_result
cfx_expand(struct sv raw, const struct cfx_source *src, struct str *out)
{
	return walk(raw, src, out, NULL);
}

enum cfx_result
cfx_expand_report(struct sv raw, const struct cfx_source *src, struct str *out,
	struct cfx_report *rep)
{
	return walk(raw, src, out, rep);
}

bool
cfx_scan(struct sv raw, const struct cfx_source *src, struct cfx_report *rep)
{
	enum cfx_result r = walk(raw, src, NULL, rep);

	return r == CFX_OK || r == CFX_UNKNOWN;
}

void
cfx_report_free(struct cfx_report *rep)
{
	for (size_t i = 0; i < rep->n; i++)
		free(rep->undefined[i].name);
	free(rep->undefined);
	str_free(&rep->in);
	*rep = (struct cfx_report){0};
}
