/* SPDX-License-Identifier: MIT
 *
 * Tokens, and what postalias makes of a line (postalias.c and tok822(3)). The name ends
 * at the first colon token; quotes, brackets, comments and backslashes hide colons.
 * Nothing is copied while scanning: a token is a place in the text.
 */
#include "text/altok.h"

#include <string.h>

#define OPERATORS "|%!()<>@,;:\\\".[]"

static bool
is_tok_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_operator(char c)
{
	return c != '\0' && strchr(OPERATORS, c) != NULL;
}

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* Offset of the first `close` from at on that no backslash hides; text.n if none. */
static size_t
closing(struct sv text, size_t at, char close)
{
	while (at < text.n && text.p[at] != close)
		at += text.p[at] == '\\' ? 2 : 1;
	return at < text.n ? at : text.n;
}

static size_t
atom_end(struct sv text, size_t at)
{
	while (at < text.n) {
		char c = text.p[at];
		if (c == '\\')
			at++;
		else if (is_tok_blank(c) || is_operator(c))
			break;
		at++;
	}
	return at < text.n ? at : text.n;
}

/* Comments nest. */
static size_t
comment_end(struct sv text, size_t at, bool *closed)
{
	int level = 1;
	*closed = false;
	while (at < text.n) {
		char c = text.p[at++];
		if (c == '\\') {
			at += at < text.n;
		} else if (c == '(') {
			level++;
		} else if (c == ')' && --level == 0) {
			*closed = true;
			break;
		}
	}
	return at;
}

static void
scan_enclosed(struct sv text, struct al_tok *tok, char close)
{
	size_t end = closing(text, tok->start + 1, close);
	tok->closed = end < text.n;
	tok->end = end + tok->closed;
}

bool
al_tok_next(struct sv text, size_t *pos, struct al_tok *tok)
{
	size_t at = *pos;
	while (at < text.n && is_tok_blank(text.p[at]))
		at++;
	*pos = at;
	if (at >= text.n)
		return false;
	*tok = (struct al_tok){AL_TOK_ATOM, '\0', true, at, at};
	char c = text.p[at];
	if (c == '(') {
		tok->kind = AL_TOK_COMMENT;
		tok->end = comment_end(text, at + 1, &tok->closed);
	} else if (c == '[') {
		tok->kind = AL_TOK_DOMAIN;
		scan_enclosed(text, tok, ']');
	} else if (c == '"') {
		tok->kind = AL_TOK_QUOTED;
		scan_enclosed(text, tok, '"');
	} else if (c != '\\' && is_operator(c)) {
		tok->kind = AL_TOK_OP;
		tok->op = c;
		tok->end = at + 1;
	} else {
		tok->end = atom_end(text, at);
	}
	*pos = tok->end;
	return true;
}

/* Append part without its backslashes, blanks of any kind as spaces. */
static void
add_unescaped(struct sv part, struct str *out)
{
	for (size_t i = 0; i < part.n; i++) {
		if (part.p[i] == '\\' && ++i == part.n)
			break;
		str_add_char(out, is_tok_blank(part.p[i]) ? ' ' : part.p[i]);
	}
}

static struct sv
inner_text(struct sv text, const struct al_tok *tok)
{
	size_t from = tok->start, to = tok->end;
	if (tok->kind == AL_TOK_QUOTED || tok->kind == AL_TOK_DOMAIN) {
		from++;
		to -= tok->closed;
	}
	return sv_make(text.p + from, to - from);
}

void
al_tok_plain(struct sv text, const struct al_tok *tok, struct str *out)
{
	struct sv inner = inner_text(text, tok);
	switch (tok->kind) {
	case AL_TOK_ATOM:
	case AL_TOK_QUOTED:
		add_unescaped(inner, out);
		break;
	case AL_TOK_DOMAIN:
		str_add_char(out, '[');
		add_unescaped(inner, out);
		str_add_char(out, ']');
		break;
	case AL_TOK_COMMENT:
	case AL_TOK_OP:
		str_add_sv(out, inner);
		break;
	}
}

/* Append inner without its backslashes, then with those that the enclosed form needs. */
static void
add_enclosed(struct sv inner, const char *ends, struct str *out)
{
	struct str plain = {0};
	add_unescaped(inner, &plain);
	str_add_char(out, ends[0]);
	for (size_t i = 0; i < plain.n; i++) {
		if (plain.p[i] == '\\' || (plain.p[i] == '"' && ends[1] == '"'))
			str_add_char(out, '\\');
		str_add_char(out, plain.p[i]);
	}
	str_add_char(out, ends[1]);
	str_free(&plain);
}

/* Can an atom stand without quotes once its backslashes are gone? */
static bool
is_bare(struct sv plain)
{
	for (size_t i = 0; i < plain.n; i++)
		if (is_operator(plain.p[i]) || is_control(plain.p[i]) ||
			plain.p[i] == ' ')
			return false;
	return true;
}

static void
add_stored(struct sv text, const struct al_tok *tok, struct str *out)
{
	struct sv inner = inner_text(text, tok);
	if (tok->kind == AL_TOK_DOMAIN) {
		add_enclosed(inner, "[]", out);
	} else if (tok->kind == AL_TOK_QUOTED) {
		add_enclosed(inner, "\"\"", out);
	} else if (tok->kind == AL_TOK_ATOM) {
		struct str plain = {0};
		add_unescaped(inner, &plain);
		if (is_bare(str_sv(&plain)))
			str_add_sv(out, str_sv(&plain));
		else
			add_enclosed(inner, "\"\"", out);
		str_free(&plain);
	} else {
		str_add_sv(out, inner);
	}
}

static bool
wants_space(const struct al_tok *tok, const struct al_tok *next)
{
	if (tok->kind == AL_TOK_OP && tok->op == ',')
		return true;
	if (next->kind == AL_TOK_OP)
		return next->op == '<';
	return tok->kind != AL_TOK_OP;
}

static void
add_tokens(struct sv text, bool stored, struct str *out)
{
	struct al_tok tok = {0}, next;
	size_t pos = 0;
	bool more = al_tok_next(text, &pos, &tok);
	while (more) {
		if (stored)
			add_stored(text, &tok, out);
		else
			al_tok_plain(text, &tok, out);
		more = al_tok_next(text, &pos, &next);
		if (more && wants_space(&tok, &next))
			str_add_char(out, ' ');
		if (more)
			tok = next;
	}
}

void
al_value_stored(struct sv value, struct str *out)
{
	add_tokens(value, true, out);
}

void
al_name_plain(struct sv written, struct str *out)
{
	add_tokens(written, false, out);
}

/* Bytes of the UTF-8 sign at p, 0 when it isn't one: RFC 3629, no surrogates, nothing
 * overlong. */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned char first, last, low, high;
		size_t n;
	} rows[] = {
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	if (p[0] < 0x80)
		return 1;
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		if (p[0] < rows[r].first || p[0] > rows[r].last || n < rows[r].n)
			continue;
		if (p[1] < rows[r].low || p[1] > rows[r].high)
			return 0;
		for (size_t i = 2; i < rows[r].n; i++)
			if ((p[i] & 0xc0) != 0x80)
				return 0;
		return rows[r].n;
	}
	return 0;
}

static bool
is_utf8(struct sv text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	for (size_t i = 0, step; i < text.n; i += step) {
		step = utf8_length(p + i, text.n - i);
		if (step == 0)
			return false;
	}
	return true;
}

/* What the tokens before the colon say about the name. */
struct name_scan {
	size_t end; /* of the last token */
	bool named; /* anything but empty quotes */
	bool open;  /* a quote without end */
	bool colon;
	enum al_fault fault;
};

static void
scan_name(struct sv line, size_t *pos, struct name_scan *ns)
{
	struct al_tok tok;
	while (al_tok_next(line, pos, &tok)) {
		if (tok.kind == AL_TOK_OP && tok.op == ':') {
			ns->colon = true;
			return;
		}
		ns->end = tok.end;
		if (tok.kind == AL_TOK_QUOTED && !tok.closed)
			ns->open = true;
		if (tok.kind != AL_TOK_QUOTED || tok.end - tok.start > 2)
			ns->named = true;
		if (tok.op == ',')
			ns->fault = AL_NAME_LIST;
		else if ((tok.op == '@' || tok.op == '%') && ns->fault == AL_OK)
			ns->fault = AL_NAME_DOMAIN;
	}
}

enum al_fault
al_line_judge(struct sv line, size_t *key_end, size_t *value)
{
	struct name_scan ns = {.fault = AL_OK};
	struct al_tok tok;
	size_t pos = 0;

	*key_end = *value = 0;
	if (!is_utf8(line))
		return AL_NOT_UTF8;
	scan_name(line, &pos, &ns);
	if (!ns.colon)
		return ns.open ? AL_NAME_QUOTE : AL_NO_COLON;
	*key_end = ns.end;
	*value = pos;
	if (!ns.named)
		return AL_NO_NAME;
	if (!al_tok_next(line, &pos, &tok))
		return AL_NO_TARGET;
	return ns.fault;
}

static bool
is_name_char(char c)
{
	return is_alpha_char(c) || is_digit_char(c) || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr("-_.+=/&'*~^$?{}", c) != NULL);
}

void
al_add_quoted(struct sv plain, struct str *out)
{
	str_add_char(out, '"');
	for (size_t i = 0; i < plain.n; i++) {
		if (plain.p[i] == '"' || plain.p[i] == '\\')
			str_add_char(out, '\\');
		str_add_char(out, plain.p[i]);
	}
	str_add_char(out, '"');
}

void
al_name_quote(struct sv plain, struct str *out)
{
	bool bare = plain.n > 0;
	for (size_t i = 0; i < plain.n; i++)
		bare = bare && is_name_char(plain.p[i]);
	if (bare) {
		str_add_sv(out, plain);
		return;
	}
	al_add_quoted(plain, out);
}

/* The small letter of a two-byte capital; other signs stay. Latin-1, Latin Extended-A,
 * Greek and Cyrillic: what names are made of. */
static unsigned
fold_sign(unsigned c)
{
	if ((c >= 0xc0 && c <= 0xde && c != 0xd7) ||
		(c >= 0x391 && c <= 0x3ab && c != 0x3a2) || (c >= 0x410 && c <= 0x42f))
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40f)
		return c + 0x50;
	if (c == 0x178)
		return 0xff;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c + (c & 1);
	if (c >= 0x100 && c <= 0x177 && c != 0x130 && c != 0x131 && c != 0x138 &&
		c != 0x149)
		return c | 1;
	return c;
}

void
al_name_fold(struct sv plain, struct str *out)
{
	for (size_t i = 0; i < plain.n; i++) {
		unsigned char c = (unsigned char)plain.p[i];
		if (c < 0xc3 || c > 0xd0 || i + 1 == plain.n) {
			str_add_char(out, fold_char(plain.p[i]));
			continue;
		}
		unsigned sign = (c & 0x1fu) << 6 | ((unsigned char)plain.p[++i] & 0x3fu);
		if (sign == 0xdf) {
			str_add_cstr(out, "ss"); /* full case folding, as ICU has it */
			continue;
		}
		sign = fold_sign(sign);
		str_add_char(out, (char)(0xc0 | sign >> 6));
		str_add_char(out, (char)(0x80 | (sign & 0x3f)));
	}
}
