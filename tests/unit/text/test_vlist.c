/* SPDX-License-Identifier: MIT
 *
 * Edits of one item of a list: exact bytes for each style, and on generated values that
 * Postfix would read exactly the expected items and no comment line is swallowed or
 * swallows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/lline.h"
#include "text/vlist.h"

static struct vl_text
text_of(const char *raw)
{
	const char *eq = strstr(raw, "n =");

	return (struct vl_text){sv_of(raw), eq ? (size_t)(eq - raw) + 3 : 0, NULL};
}

/* op: i insert, p replace, r remove, m move, f off, o on, n note */
struct edit_case {
	char op;
	size_t at, to;
	const char *item, *note;
};

static bool
run(const struct vl_text *t, const struct edit_case *c, struct str *out)
{
	struct sv item = sv_of(c->item), note = sv_of(c->note);

	switch (c->op) {
	case 'i':
		return vl_insert(t, c->at, item, note, out);
	case 'p':
		return vl_replace(t, c->at, item, out);
	case 'r':
		return vl_remove(t, c->at, out);
	case 'm':
		return vl_move(t, c->at, c->to, out);
	case 'f':
		return vl_set_on(t, c->at, false, out);
	case 'o':
		return vl_set_on(t, c->at, true, out);
	default:
		return vl_set_note(t, c->at, note, out);
	}
}

static void
check(const char *raw, const struct edit_case *c, const char *want)
{
	struct vl_text t = text_of(raw);
	struct str out = {0};

	assert_int_equal(run(&t, c, &out), want != NULL);
	assert_string_equal(str_c(&out), want ? want : "");
	str_free(&out);
}

static void
check_insert(
	const char *raw, size_t at, const char *item, const char *note, const char *want)
{
	struct edit_case c = {.op = 'i', .at = at, .item = item, .note = note};

	check(raw, &c, want);
}

static void
check_move(const char *raw, size_t from, size_t to, const char *want)
{
	struct edit_case c = {.op = 'm', .at = from, .to = to, .item = "", .note = ""};

	check(raw, &c, want);
}

static void
check_edit(const char *raw, char op, size_t at, const char *text, const char *want)
{
	struct edit_case c = {.op = op, .at = at, .item = text, .note = text};

	check(raw, &c, want);
}

#define LONG                                                                             \
	"n = 127.0.0.0/8, [::1]/128, 192.168.1.0/24, 192.168.2.0/24, 10.1.2.3, 10.1.2.4"

static void
insert_keeps_the_style(void **state)
{
	(void)state;

	check_insert("n =\n", 0, "x", "", "n = x\n");
	check_insert("n = \n", 0, "x", "", "n = x\n");
	check_insert("n =", 9, "x", "", "n = x");
	check_insert("n =\n", 0, "x", "why", "n =\n    # why\n    x\n");
	check_insert("n = a\n", 1, "x", "", "n = a, x\n");
	check_insert("n = a\n", 0, "x", "", "n = x, a\n");
	check_insert("n = a b\n", 9, "x", "", "n = a b x\n");
	check_insert("n = a,b\r\n", 1, "x", "", "n = a,x,b\r\n");
	check_insert("n = a, b\n", 1, "x", "w", "n = a,\n    # w\n    x,\n    b\n");
	check_insert("n = a, b\n", 2, "x", "w", "n = a, b,\n    # w\n    x\n");
	check_insert("n = a,\n\tb\n", 2, "x", "", "n = a,\n\tb,\n\tx\n");
	check_insert("n = a,\n\tb\n", 1, "x", "", "n = a,\n\tx,\n\tb\n");
	check_insert("n = a,\n\tb\n", 0, "x", "", "n = x,\n\ta,\n\tb\n");
	check_insert("n =\n  a\n  b\n", 2, "x", "", "n =\n  a\n  b\n  x\n");
	check_insert("n =\n  a,\n  b,\n", 2, "x", "", "n =\n  a,\n  b,\n  x,\n");
	check_insert("n =\n  a\n  b", 2, "x", "", "n =\n  a\n  b\n  x");
	check_insert("n =\r\n  a\r\n", 1, "x", "", "n =\r\n  a,\r\n  x\r\n");
	check_insert("n =\n  a,\n  # note\n  b\n", 1, "x", "",
		"n =\n  a,\n  x,\n  # note\n  b\n");
	check_insert("n = a, b,\n  c\n", 3, "x", "", "n = a, b,\n  c, x\n");
	check_insert("n = a,\n  #10.0.0.1\n", 2, "x", "", "n = a,\n  #10.0.0.1\n  x,\n");
	check_insert("n = a\n  #10.0.0.1\n", 1, "x", "", "n = a,\n  x\n  #10.0.0.1\n");
	check_insert(LONG "\n", 9, "10.9.9.9", "", LONG ",\n    10.9.9.9\n");
	check_insert(LONG "\n", 1, "10.9.9.9", "",
		"n = 127.0.0.0/8,\n    10.9.9.9, [::1]/128, 192.168.1.0/24, "
		"192.168.2.0/24, 10.1.2.3, 10.1.2.4\n");
	check_insert("n = a\n", 1, "x y", "", NULL);
	check_insert("n = a\n", 1, "#x", "", NULL);
	check_insert("n = a\n", 1, "", "", NULL);
	check_insert("n = a\n", 1, "x\ny", "", NULL);
	check_insert("n = a\n", 1, "inline:{b=c, d=e}", "", "n = a, inline:{b=c, d=e}\n");
	check_insert(
		"n = a, b #c\n", 2, "x", "w", "n = a, b\n    # w\n    x,\n    ,#c\n");
}

static void
replace_and_remove_touch_one_item(void **state)
{
	(void)state;

	check_edit("n = a,  b ,c\n", 'p', 1, "x", "n = a,  x ,c\n");
	check_edit("n = a\n", 'p', 1, "x", NULL);
	check_edit("n =\n #10.0.0.1\n a\n", 'p', 0, "10.0.0.2", "n =\n #10.0.0.2\n a\n");
	check_edit("n =\n #10.0.0.1\n a\n", 'p', 0, "x", NULL); /* a remark then */
	check_edit("n = a\n", 'r', 0, "", "n =\n");
	check_edit("n = a  \r\n", 'r', 0, "", "n =\r\n");
	check_edit("n = a", 'r', 0, "", "n =");
	check_edit("n = a, b, c\n", 'r', 0, "", "n = b, c\n");
	check_edit("n = a, b, c\n", 'r', 1, "", "n = a, c\n");
	check_edit("n = a, b, c\n", 'r', 2, "", "n = a, b\n");
	check_edit("n = a, b,\n  c\n", 'r', 1, "", "n = a,\n  c\n");
	check_edit("n = a,\n  b,\n  c\n", 'r', 2, "", "n = a,\n  b\n");
	check_edit("n = a,\n  b,\n  c\n", 'r', 1, "", "n = a,\n  c\n");
	check_edit("n = a,\n  b,\n  c\n", 'r', 0, "", "n = b,\n  c\n");
	check_edit("n = a,\n  # w\n  b\n", 'r', 1, "", "n = a\n");
	check_edit("n = a,\n  # w\n  b\n", 'r', 0, "", "n =\n  # w\n  b\n");
	check_edit("n = a,\n  #10.0.0.1\n  b\n", 'r', 1, "", "n = a,\n  b\n");
	check_edit("n =\n  b #c\n", 'r', 0, "", "n =\n  ,#c\n");
	check_edit("n = {a\n  b}, c\n", 'r', 0, "", "n = c\n");
	check_edit("n = {a\n# x\n  b}, c\n", 'r', 1, "", "n = {a\n# x\n  b}\n");
	check_edit("a, b\n", 'r', 0, "", "b\n");
	check_edit("a,\n  b\n", 'r', 0, "", "b\n");
	check_edit("a\n", 'r', 0, "", "");
}

static void
move_takes_note_and_state_along(void **state)
{
	(void)state;

	check_move("n = a, b, c\n", 0, 2, "n = b, c, a\n");
	check_move("n = a b c\n", 2, 0, "n = c a b\n");
	check_move("n = a b\n", 0, 1, "n = b a\n");
	check_move("n = a,\n  b,\n  c\n", 0, 2, "n = b,\n  c,\n  a\n");
	check_move("n = a,\n  b\n", 0, 1, "n = b,\n  a\n");
	check_move("n =\n  a,\n  # w\n  b\n", 1, 0, "n =\n  # w\n  b,\n  a\n");
	check_move(
		"n =\n  a,\n  #10.0.0.1\n  b\n", 1, 0, "n =\n  #10.0.0.1\n  a,\n  b\n");
	check_move("n =\n  a,\n  b\n", 1, 1, "n =\n  a,\n  b\n");
	check_move("n =\n  a,\n  b\n", 1, 2, NULL);
}

static void
off_is_an_indented_comment_line_inside(void **state)
{
	(void)state;

	check_edit("n = 1.0.0.0/8, 2.0.0.0/8, 3.0.0.0/8\n", 'f', 1, "",
		"n = 1.0.0.0/8,\n    #2.0.0.0/8\n    3.0.0.0/8\n");
	check_edit("n = 1.0.0.0/8, 2.0.0.0/8\n", 'f', 0, "",
		"n =\n    #1.0.0.0/8\n    2.0.0.0/8\n");
	check_edit("n = 1.0.0.0/8, 2.0.0.0/8\n", 'f', 1, "",
		"n = 1.0.0.0/8\n    #2.0.0.0/8\n");
	check_edit("n = 1.0.0.0/8\n", 'f', 0, "", "n =\n    #1.0.0.0/8\n");
	check_edit("n = 1.0.0.0/8 2.0.0.0/8\r\n", 'f', 0, "",
		"n =\r\n    #1.0.0.0/8\r\n    2.0.0.0/8\r\n");
	check_edit("n =\n\t1.0.0.0/8,\n\t2.0.0.0/8\n", 'f', 0, "",
		"n =\n\t#1.0.0.0/8\n\t2.0.0.0/8\n");
	check_edit("n =\n\t#1.0.0.0/8\n\t2.0.0.0/8\n", 'o', 0, "",
		"n =\n\t1.0.0.0/8,\n\t2.0.0.0/8\n");
	check_edit("n = 1.0.0.0/8\n    #2.0.0.0/8\n", 'o', 1, "",
		"n = 1.0.0.0/8,\n    2.0.0.0/8\n");
	check_edit("n = 1.0.0.0/8\n#2.0.0.0/8\n", 'o', 1, "",
		"n = 1.0.0.0/8,\n    2.0.0.0/8\n");
	check_edit("n = 1.0.0.0/8\n", 'o', 0, "", "n = 1.0.0.0/8\n");
	check_edit("n = word\n", 'f', 0, "", NULL);
	check_edit("1.0.0.0/8\n", 'f', 0, "", "#1.0.0.0/8\n");
	check_edit("1.0.0.0/8, 2.0.0.0/8\n", 'f', 0, "", "#1.0.0.0/8\n2.0.0.0/8\n");
	check_edit("1.0.0.0/8\n  2.0.0.0/8\n", 'f', 0, "", "#1.0.0.0/8\n2.0.0.0/8\n");
}

static void
note_stands_right_above_its_item(void **state)
{
	(void)state;

	check_edit("n = a, b\n", 'n', 1, "w", "n = a,\n    # w\n    b\n");
	check_edit("n = a, b\n", 'n', 0, "w", "n =\n    # w\n    a,\n    b\n");
	check_edit("n = a\n", 'n', 0, " w\nx ", "n =\n    # w x\n    a\n");
	check_edit("n =\n\ta\n", 'n', 0, "w", "n =\n\t# w\n\ta\n");
	check_edit("n =\n\t# v\n\ta\n", 'n', 0, "w", "n =\n\t# w\n\ta\n");
	check_edit("n =\n\t# v\n\ta\n", 'n', 0, "", "n =\n\ta\n");
	check_edit("n =\n\t#  v\n\ta\n", 'n', 0, "v", "n =\n\t#  v\n\ta\n");
	check_edit("n = a\n", 'n', 0, "", "n = a\n");
	check_edit("n = a\n  #10.0.0.1\n", 'n', 1, "w", "n = a\n  # w\n  #10.0.0.1\n");
}

static void
parse_tells_items_notes_and_what_is_off(void **state)
{
	const char *raw = "n = a, {b c}\n"
			  "  # is this\n"
			  "  [::1]/128, e,\n"
			  "# prose\n"
			  "  #10.0.0.0/8,\n"
			  "  #two words\n"
			  "\n"
			  "  !/etc/nets d\n";
	static const char *const want[] = {
		"a", "{b c}", "[::1]/128", "e", "10.0.0.0/8", "!/etc/nets", "d"};
	static const char *const notes[] = {"", "", "is this", "", "prose", "", ""};
	struct vl_text t = text_of(raw);
	struct vl_list l;
	(void)state;

	vl_parse(&t, &l);
	assert_int_equal(l.n, 7);
	for (size_t i = 0; i < 7; i++) {
		assert_true(sv_eq_str(sv_sub(t.raw, l.v[i].off, l.v[i].len), want[i]));
		assert_true(sv_eq_str(
			sv_sub(t.raw, l.v[i].note_off, l.v[i].note_len), notes[i]));
		assert_int_equal(l.v[i].is_off, i == 4);
	}
	assert_int_equal(l.v[6].line, 7);
	vl_free(&l);
}

static void
looks_like_net_takes_shapes_not_words(void **state)
{
	static const char *const yes[] = {"10.0.0.0/8", "192.168.1.5", "[::1]",
		"[::1]/128", "2001:db8::1", "/etc/nets", "$config_directory/nets",
		"cidr:/etc/x", "!10.0.0.1", "hash:/x", "[fe80::]/10"};
	static const char *const no[] = {"", "x", "word", "10", "note:x", "http://x",
		"a.b", "[mail]", "-----", "..x"};
	(void)state;

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		assert_true(vl_looks_like_net(sv_of(yes[i])));
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		assert_false(vl_looks_like_net(sv_of(no[i])));
}

/* --- generated values -------------------------------------------------------------- */

static void
generate(struct str *raw, bool rows, unsigned *seed)
{
	static const char *const seps[] = {", ", ",", " ", ",\n    ", "\n\t",
		",\n  # note\n  ", ",\n    #10.0.0.9\n    ", "\n# x\n \n  ", " ,\t",
		",\n  #10.8.0.0/16,\n  # y\n  "};
	size_t n = (size_t)rand_r(seed) % 6, fixed = (size_t)rand_r(seed) % 14;

	str_clear(raw);
	if (!rows)
		str_add_cstr(raw, rand_r(seed) % 2 ? "n =" : "n = ");
	for (size_t i = 0; i < n || (rows && i == 0); i++) {
		size_t k = fixed < 10 ? fixed : (size_t)rand_r(seed) % 10;

		if (i > 0)
			str_add_cstr(raw, seps[k]);
		else if (!rows && rand_r(seed) % 3 == 0)
			str_add_cstr(raw, "\n  ");
		if (rand_r(seed) % 12 == 0)
			str_addf(raw, "{10.1.%zu.0/24 q}", i);
		else
			str_addf(raw, "10.0.%zu.%zu", i, (size_t)rand_r(seed) % 250);
		if (i > 0 && rand_r(seed) % 20 == 0)
			str_add_cstr(raw, " #hash");
	}
	if (rand_r(seed) % 6 == 0)
		str_add_cstr(raw, ",");
	if (rand_r(seed) % 6 == 0)
		str_add_cstr(raw, "\n    #10.7.0.0/16");
	if (rand_r(seed) % 8)
		str_add_char(raw, '\n');
}

/* The items as Postfix reads them: logical text, split outside braces; "|" between. */
static void
postfix_items(struct sv raw, struct str *out)
{
	struct ll_scan scan;
	struct lline l;

	str_clear(out);
	ll_start(&scan, raw);
	while (ll_next(&scan, &l)) {
		struct str logical = {0};
		size_t depth = 0;

		if (l.kind == LL_TEXT)
			ll_logical(l.text, &logical);
		assert_true(l.kind != LL_ORPHAN);
		for (size_t i = 0; i < logical.n; i++) {
			char c = logical.p[i];

			depth += c == '{';
			depth -= c == '}' && depth > 0;
			if (depth == 0 && (c == ',' || is_blank_char(c)))
				c = '|';
			if (c != '|' || (out->n && out->p[out->n - 1] != '|'))
				str_add_char(out, c);
		}
		if (out->n && out->p[out->n - 1] != '|')
			str_add_char(out, '|');
		str_free(&logical);
	}
	if (sv_starts(str_sv(out), "n|=")) {
		size_t head = sv_starts(str_sv(out), "n|=|") ? 4 : 3;

		memmove(out->p, out->p + head, out->n - head + 1);
		out->n -= head;
	}
}

/* All items with note and state, and those that are on. */
static void
describe(struct sv raw, size_t off, struct str v[64], size_t *n)
{
	struct vl_text t = {raw, off, NULL};
	struct vl_list l;

	vl_parse(&t, &l);
	assert_true(l.n < 60);
	*n = l.n;
	for (size_t i = 0; i < l.n; i++) {
		str_clear(&v[i]);
		str_addf(&v[i], "%s%.*s", l.v[i].is_off ? "#" : "", (int)l.v[i].len,
			raw.p + l.v[i].off);
		if (l.v[i].note_len)
			str_addf(&v[i], " (%.*s)", (int)l.v[i].note_len,
				raw.p + l.v[i].note_off);
	}
	vl_free(&l);
}

static void
join_on(const struct str v[64], size_t n, struct str *out)
{
	str_clear(out);
	for (size_t i = 0; i < n; i++) {
		struct sv s = str_sv(&v[i]);
		ptrdiff_t note = sv_find_sv(s, sv_of(" ("));

		/* "#hash" behind another item is on: its text starts so */
		if (s.p[0] == '#' && !sv_starts(s, "#hash"))
			continue;
		str_add_sv(out, note < 0 ? s : sv_sub(s, 0, (size_t)note));
		str_add_char(out, '|');
	}
}

static void
apply_model(struct str v[64], size_t *n, const struct edit_case *c)
{
	struct str held = v[c->at < 63 ? c->at : 63];

	switch (c->op) {
	case 'i':
		str_free(&v[*n]);
		for (size_t i = *n; i > c->at; i--)
			v[i] = v[i - 1];
		v[c->at] = (struct str){0};
		str_add_cstr(&v[c->at], c->item);
		if (*c->note)
			str_addf(&v[c->at], " (%s)", c->note);
		(*n)++;
		break;
	case 'r':
		for (size_t i = c->at; i + 1 < *n; i++)
			v[i] = v[i + 1];
		v[--*n] = held;
		break;
	case 'm':
		for (size_t i = c->at; i + 1 < *n; i++)
			v[i] = v[i + 1];
		for (size_t i = *n - 1; i > c->to; i--)
			v[i] = v[i - 1];
		v[c->to] = held;
		break;
	default:
		break;
	}
}

static void
set_state(struct str *s, bool on)
{
	struct str new = {0};
	bool is_off = s->p[0] == '#';

	str_addf(&new, "%s%s", on ? "" : "#", s->p + is_off);
	str_free(s);
	*s = new;
}

static void
set_note(struct str *s, const char *note)
{
	ptrdiff_t at = sv_find_sv(str_sv(s), sv_of(" ("));

	if (at >= 0)
		s->n = (size_t)at;
	str_addf(s, " (%s)", note);
}

static void
edits_of_generated_values_do_exactly_what_they_say(void **state)
{
	static struct str before[64], after[64];
	struct str raw = {0}, on = {0}, seen = {0};
	unsigned seed = 42;
	int done = 0;
	(void)state;

	for (int round = 0; round < 20000; round++) {
		bool rows = rand_r(&seed) % 4 == 0;
		struct edit_case c = {.op = "irmfonp"[rand_r(&seed) % 6],
			.item = "10.99.0.1",
			.note = rand_r(&seed) % 2 ? "why" : ""};
		struct str out = {0};
		struct vl_text t;
		size_t n = 0, m = 0;

		generate(&raw, rows, &seed);
		t = (struct vl_text){str_sv(&raw), rows ? 0 : 3, NULL};
		describe(t.raw, t.off, before, &n);
		if (c.op == 'n')
			c.note = "why";
		if (n + (c.op == 'i') == 0)
			continue;
		c.at = (size_t)rand_r(&seed) % (n + (c.op == 'i'));
		c.to = n ? (size_t)rand_r(&seed) % n : 0;
		if (!run(&t, &c, &out)) {
			assert_int_equal(out.n, 0);
			str_free(&out);
			continue;
		}
		done++;
		apply_model(before, &n, &c);
		if (c.op == 'f' || c.op == 'o')
			set_state(&before[c.at], c.op == 'o');
		if (c.op == 'n')
			set_note(&before[c.at], c.note);
		describe(str_sv(&out), t.off, after, &m);
		if (m != n)
			print_message("op %c at %zu to %zu\n%s\n->\n%s\n", c.op, c.at,
				c.to, str_c(&raw), str_c(&out));
		assert_int_equal(m, n);
		for (size_t i = 0; i < n; i++) {
			if (strcmp(str_c(&before[i]), str_c(&after[i])) != 0)
				print_message("op %c at %zu to %zu\n%s\n->\n%s\n", c.op,
					c.at, c.to, str_c(&raw), str_c(&out));
			assert_string_equal(str_c(&before[i]), str_c(&after[i]));
		}
		join_on(after, m, &on);
		postfix_items(str_sv(&out), &seen);
		if (strcmp(str_c(&seen), str_c(&on)) != 0)
			print_message("op %c at %zu to %zu\n%s\n->\n%s\n", c.op, c.at,
				c.to, str_c(&raw), str_c(&out));
		assert_string_equal(str_c(&seen), str_c(&on));
		str_free(&out);
	}
	assert_true(done > 10000);
	for (size_t i = 0; i < 64; i++) {
		str_free(&before[i]);
		str_free(&after[i]);
	}
	str_free(&raw);
	str_free(&on);
	str_free(&seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(insert_keeps_the_style),
		cmocka_unit_test(replace_and_remove_touch_one_item),
		cmocka_unit_test(move_takes_note_and_state_along),
		cmocka_unit_test(off_is_an_indented_comment_line_inside),
		cmocka_unit_test(note_stands_right_above_its_item),
		cmocka_unit_test(parse_tells_items_notes_and_what_is_off),
		cmocka_unit_test(looks_like_net_takes_shapes_not_words),
		cmocka_unit_test(edits_of_generated_values_do_exactly_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
