/* SPDX-License-Identifier: MIT
 *
 * A recursive expander. Depth stands for Postfix's own limit on nesting: a value that
 * refers to itself reaches it, nothing sensible does.
 */
#include "model/cfexpr.h"

#define MAX_DEPTH 50

struct walk {
	const struct cfx_source *src;
	struct str *out;
	int depth;
};

static enum cfx_result expand(struct walk *w, struct sv raw);

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

static enum cfx_result
expand_name(struct walk *w, struct sv name)
{
	struct sv value;

	if (!w->src->lookup(w->src->ctx, name, &value))
		return CFX_UNKNOWN;
	return expand(w, value);
}

/* The text of a conditional, without the braces and blanks that may stand around it. */
static struct sv
branch(struct sv v)
{
	struct sv t = sv_trim(v);

	if (t.n >= 2 && t.p[0] == '{' && bracket_length(t, '{', '}') == t.n)
		return sv_trim(sv_sub(t, 1, t.n - 2));
	return v;
}

static enum cfx_result
expand_conditional(struct walk *w, struct sv name, char op, struct sv rest)
{
	struct sv value, yes = rest, no = {"", 0};
	size_t n;

	if (!w->src->lookup(w->src->ctx, name, &value))
		return CFX_UNKNOWN;
	rest = sv_trim(rest);
	if (rest.n && rest.p[0] == '{' && (n = bracket_length(rest, '{', '}')) < rest.n) {
		struct sv after = sv_trim(sv_sub(rest, n, rest.n));

		if (op != '?' || n == 0 || after.p[0] != ':')
			return CFX_SYNTAX;
		yes = sv_sub(rest, 0, n);
		no = sv_sub(after, 1, after.n);
	}
	if (op == '?')
		return expand(w, branch(value.n ? yes : no));
	return value.n ? CFX_OK : expand(w, branch(yes));
}

static enum cfx_result
expand_bracketed(struct walk *w, struct sv body)
{
	struct sv v = sv_trim(body);
	size_t n;

	if (v.n && v.p[0] == '{')
		return CFX_UNKNOWN;
	n = name_length(v);
	if (n == 0)
		return CFX_SYNTAX;
	if (n == v.n)
		return expand_name(w, v);
	if (v.p[n] == '?' || v.p[n] == ':')
		return expand_conditional(
			w, sv_sub(v, 0, n), v.p[n], sv_sub(v, n + 1, v.n));
	return CFX_SYNTAX;
}

/* One reference at v, which begins after the '$'; *used is how much of v it takes. */
static enum cfx_result
expand_reference(struct walk *w, struct sv v, size_t *used)
{
	char close;

	*used = 1;
	if (v.n && v.p[0] == '$') {
		str_add_char(w->out, '$');
		return CFX_OK;
	}
	if (v.n && (v.p[0] == '{' || v.p[0] == '(')) {
		close = v.p[0] == '{' ? '}' : ')';
		*used = bracket_length(v, v.p[0], close);
		if (*used == 0)
			return CFX_SYNTAX;
		return expand_bracketed(w, sv_sub(v, 1, *used - 2));
	}
	*used = name_length(v);
	return *used ? expand_name(w, sv_sub(v, 0, *used)) : CFX_SYNTAX;
}

static enum cfx_result
expand(struct walk *w, struct sv raw)
{
	enum cfx_result r = CFX_OK;

	if (++w->depth > MAX_DEPTH)
		return CFX_NESTING;
	for (size_t i = 0; i < raw.n && r == CFX_OK;) {
		size_t used;

		if (raw.p[i] != '$') {
			str_add_char(w->out, raw.p[i++]);
			continue;
		}
		r = expand_reference(w, sv_sub(raw, i + 1, raw.n), &used);
		i += 1 + used;
	}
	w->depth--;
	return r;
}

enum cfx_result
cfx_expand(struct sv raw, const struct cfx_source *src, struct str *out)
{
	struct walk w = {.src = src, .out = out};

	return expand(&w, raw);
}
