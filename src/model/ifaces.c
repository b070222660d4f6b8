/* SPDX-License-Identifier: MIT
 *
 * Rows out of the machine's addresses and the value's words, and words out of rows.
 * Invariant: every word but IF_WORD_MODE has a row (`localhost`: the loopback rows), so a
 * word is written again exactly as long as what it stands for is ticked.
 */
#include "model/ifaces.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "base/mem.h"

#define MAX_ADDRS 32

static enum if_reach
reach_of(const struct ipaddr *a)
{
	switch (addr_class_of(a)) {
	case ADDR_LOOPBACK:
		return IF_SELF;
	case ADDR_PRIVATE:
	case ADDR_UNIQUE_LOCAL:
	case ADDR_SHARED:
		return IF_PRIVATE;
	case ADDR_LINK_LOCAL:
		return IF_LINK;
	case ADDR_DOCUMENTATION:
	case ADDR_PUBLIC:
		return IF_PUBLIC;
	case ADDR_UNSPECIFIED:
	case ADDR_MULTICAST:
		break;
	}
	return IF_NO_REACH;
}

static struct if_row *
add_row(struct if_set *set, enum if_kind kind)
{
	struct if_row *row;

	set->rows =
		mem_grow(set->rows, &set->rows_cap, set->nrows + 1, sizeof(*set->rows));
	row = &set->rows[set->nrows++];
	*row = (struct if_row){.kind = kind, .state = IF_NO_STATE, .reach = IF_NO_REACH};
	return row;
}

static void
add_nic_rows(struct if_set *set, const struct nic_list *nics, uint8_t fam, bool loopback)
{
	char buf[ADDR_TEXT_MAX];

	for (size_t i = 0; i < nics->n; i++) {
		const struct nic_addr *n = &nics->v[i];
		struct if_row *row;
		struct ipaddr host;

		if (n->fam != fam || n->loopback != loopback)
			continue;
		row = add_row(set, IF_NIC);
		row->nic = mem_strdup(n->name);
		row->addr = addr_from_bytes(fam, n->addr, n->plen);
		host = addr_host(&row->addr);
		row->text = mem_strdup(addr_format(&host, ADDR_BARE, buf));
		row->state = n->up ? IF_UP : IF_DOWN;
		row->reach = n->loopback     ? IF_SELF
			     : n->link_local ? IF_LINK
					     : reach_of(&host);
		row->transient = n->transient;
	}
}

bool
if_literal(struct sv word, struct ipaddr *out)
{
	char buf[64];
	struct in_addr in;

	if (addr_parse(word, out))
		return true;
	if (word.n == 0 || word.n >= sizeof(buf) || !is_digit_char(word.p[0]))
		return false;
	memcpy(buf, word.p, word.n);
	buf[word.n] = '\0';
	if (strlen(buf) != word.n || strpbrk(buf, " \t") || inet_aton(buf, &in) != 1)
		return false;
	*out = addr_from_bytes(4, (const uint8_t *)&in.s_addr, 32);
	return true;
}

/* Row of the machine's (or a lost) address; nrows if there is none. */
static size_t
find_address(const struct if_set *set, const struct ipaddr *a)
{
	for (size_t i = 0; i < set->nrows; i++) {
		struct ipaddr own = addr_host(&set->rows[i].addr);

		if (set->rows[i].kind != IF_NAME && addr_cmp(&own, a) == 0)
			return i;
	}
	return set->nrows;
}

static struct if_word *
add_word(struct if_set *set, struct sv raw, enum if_word_kind kind, size_t row)
{
	struct if_word *word;

	set->words = mem_grow(
		set->words, &set->words_cap, set->nwords + 1, sizeof(*set->words));
	word = &set->words[set->nwords++];
	*word = (struct if_word){.raw = sv_dup(raw), .kind = kind, .row = row};
	return word;
}

static size_t
address_row(struct if_set *set, const struct ipaddr *a)
{
	char buf[ADDR_TEXT_MAX];
	size_t i = find_address(set, a);
	struct if_row *row;

	if (i < set->nrows)
		return i;
	row = add_row(set, IF_LOST);
	row->addr = *a;
	row->text = mem_strdup(addr_format(a, ADDR_BARE, buf));
	row->state = IF_GONE;
	return i;
}

static bool
is_loopback_row(const struct if_row *row)
{
	return row->kind == IF_NIC && row->reach == IF_SELF;
}

/* The rows that `localhost` stands for: the loopback addresses that the name resolves to,
 * all of them when nobody can tell. */
static bool
tick_localhost(struct if_set *set, const struct if_world *world)
{
	struct ipaddr addrs[MAX_ADDRS];
	size_t n = world->resolve
			   ? world->resolve(world->ctx, "localhost", addrs, MAX_ADDRS)
			   : 0;
	bool any = false;

	for (size_t i = 0; i < set->nrows; i++) {
		bool meant = n == 0;

		if (!is_loopback_row(&set->rows[i]))
			continue;
		for (size_t k = 0; k < n && k < MAX_ADDRS; k++) {
			struct ipaddr own = addr_host(&set->rows[i].addr);

			meant = meant || addr_cmp(&own, &addrs[k]) == 0;
		}
		set->rows[i].localhost = meant;
		set->rows[i].ticked = set->rows[i].ticked || meant;
		any = any || meant;
	}
	return any;
}

/* Look at one address that a name stands for. */
static void
note_address(struct if_set *set, size_t row, const struct ipaddr *a)
{
	size_t found = find_address(set, a);
	struct if_row *r = &set->rows[row];

	if (r->addr.fam == 0) {
		r->addr = *a;
		r->reach = reach_of(a);
	}
	if (found < set->nrows)
		set->rows[found].named = true;
	if (found >= set->nrows || set->rows[found].kind != IF_NIC ||
		set->rows[found].state != IF_UP)
		r->foreign = true;
	else if (set->rows[found].transient)
		r->transient = true;
}

static size_t
name_row(struct if_set *set, const struct if_world *world, const struct if_input *word)
{
	size_t row = set->nrows;
	struct sv rest = word->expanded, token;
	struct ipaddr addrs[MAX_ADDRS];

	for (size_t i = 0; i < set->nrows; i++)
		if (set->rows[i].kind == IF_NAME &&
			sv_eq_str(word->raw, set->rows[i].text))
			return i;
	add_row(set, IF_NAME)->text = sv_dup(word->raw);
	while (sv_token(&rest, ", \t\r\n", &token)) {
		char *name = sv_dup(token);
		size_t n = 1;

		if (!if_literal(token, &addrs[0]))
			n = world->resolve
				    ? world->resolve(world->ctx, name, addrs, MAX_ADDRS)
				    : 0;
		for (size_t i = 0; i < n && i < MAX_ADDRS; i++)
			note_address(set, row, &addrs[i]);
		free(name);
	}
	return row;
}

/* Take one word in; returns the row that it ticks (for localhost the first). */
static size_t
take_word(struct if_set *set, const struct if_world *world, const struct if_input *word)
{
	struct ipaddr a;
	size_t row;

	if (sv_eq_str(word->raw, "localhost") && tick_localhost(set, world)) {
		add_word(set, word->raw, IF_WORD_LOCALHOST, 0);
		for (row = 0; !is_loopback_row(&set->rows[row]);)
			row++;
		return row;
	}
	if (if_literal(word->raw, &a)) {
		row = address_row(set, &a);
		add_word(set, word->raw, IF_WORD_ADDR, row);
	} else {
		row = name_row(set, world, word);
		add_word(set, word->raw, IF_WORD_NAME, row);
	}
	set->rows[row].ticked = true;
	return row;
}

void
if_build(struct if_set *set, const struct if_world *world, const struct if_input *words,
	size_t n)
{
	*set = (struct if_set){.mode = IF_CHOSEN};
	add_nic_rows(set, world->nics, 4, true);
	add_nic_rows(set, world->nics, 4, false);
	add_nic_rows(set, world->nics, 6, true);
	add_nic_rows(set, world->nics, 6, false);
	if (n == 1 && sv_eq_str(sv_trim(words[0].expanded), "all"))
		set->mode = IF_ALL;
	else if (n == 1 && sv_eq_str(sv_trim(words[0].expanded), "loopback-only"))
		set->mode = IF_LOOPBACK_ONLY;
	if (set->mode == IF_CHOSEN) {
		for (size_t i = 0; i < n; i++)
			take_word(set, world, &words[i]);
		return;
	}
	add_word(set, words[0].raw, IF_WORD_MODE, 0)->mode = set->mode;
	for (size_t i = 0; i < set->nrows; i++)
		set->rows[i].ticked = if_row_listens(set, i);
}

void
if_free(struct if_set *set)
{
	for (size_t i = 0; i < set->nrows; i++) {
		free(set->rows[i].nic);
		free(set->rows[i].text);
	}
	for (size_t i = 0; i < set->nwords; i++)
		free(set->words[i].raw);
	free(set->rows);
	free(set->words);
	*set = (struct if_set){0};
}

bool
if_row_can_tick(const struct if_set *set, size_t row)
{
	return set->rows[row].reach != IF_LINK || set->rows[row].kind != IF_NIC;
}

bool
if_row_listens(const struct if_set *set, size_t row)
{
	const struct if_row *r = &set->rows[row];

	switch (set->mode) {
	case IF_ALL:
		return r->kind == IF_NIC && r->state == IF_UP &&
		       if_row_can_tick(set, row);
	case IF_LOOPBACK_ONLY:
		return is_loopback_row(r) && r->state == IF_UP;
	case IF_CHOSEN:
		break;
	}
	return r->ticked;
}

/* Make the ticks say what listens now. */
static void
choose(struct if_set *set)
{
	if (set->mode == IF_CHOSEN)
		return;
	for (size_t i = 0; i < set->nrows; i++)
		set->rows[i].ticked = if_row_listens(set, i);
	set->mode = IF_CHOSEN;
}

bool
if_tick(struct if_set *set, size_t row, bool on)
{
	if (on && !if_row_can_tick(set, row))
		return false;
	choose(set);
	set->rows[row].ticked = on;
	return true;
}

size_t
if_add(struct if_set *set, const struct if_world *world, const struct if_input *word)
{
	struct ipaddr a;
	size_t row;

	choose(set);
	if (!if_literal(word->raw, &a))
		return take_word(set, world, word);
	row = address_row(set, &a);
	set->rows[row].ticked = if_row_can_tick(set, row);
	return row;
}

void
if_set_mode(struct if_set *set, enum if_mode mode)
{
	set->mode = mode;
}

struct out_list {
	struct if_out *v;
	size_t n, cap;
};

static void
put(struct out_list *out, const char *text, ptrdiff_t was)
{
	out->v = mem_grow(out->v, &out->cap, out->n + 1, sizeof(*out->v));
	out->v[out->n++] = (struct if_out){mem_strdup(text), was};
}

/* `localhost` stays while all rows that it ticked still are; else those that are left are
 * written by address in its place. */
static bool
localhost_holds(const struct if_set *set)
{
	bool any = false;

	for (size_t i = 0; i < set->nrows; i++) {
		if (!set->rows[i].localhost)
			continue;
		if (!set->rows[i].ticked)
			return false;
		any = true;
	}
	return any;
}

static void
put_localhost(const struct if_set *set, size_t word, bool *done, struct out_list *out)
{
	bool holds = localhost_holds(set);

	if (holds)
		put(out, set->words[word].raw, (ptrdiff_t)word);
	for (size_t i = 0; i < set->nrows; i++) {
		const struct if_row *row = &set->rows[i];

		if (!row->localhost || !row->ticked || done[i])
			continue;
		if (!holds)
			put(out, row->text, -1);
		done[i] = true;
	}
}

const char *
if_mode_word(enum if_mode mode)
{
	return mode == IF_ALL ? "all" : mode == IF_LOOPBACK_ONLY ? "loopback-only" : "";
}

size_t
if_words(const struct if_set *set, struct if_out **words)
{
	struct out_list out = {0};
	bool *done = mem_new(set->nrows + 1, sizeof(*done));

	if (set->mode != IF_CHOSEN) {
		bool same = set->nwords == 1 && set->words[0].kind == IF_WORD_MODE &&
			    set->words[0].mode == set->mode;

		put(&out, same ? set->words[0].raw : if_mode_word(set->mode),
			same ? 0 : -1);
	}
	for (size_t i = 0; i < set->nwords && set->mode == IF_CHOSEN; i++) {
		const struct if_word *w = &set->words[i];

		if (w->kind == IF_WORD_LOCALHOST)
			put_localhost(set, i, done, &out);
		else if (w->kind != IF_WORD_MODE && set->rows[w->row].ticked) {
			put(&out, w->raw, (ptrdiff_t)i);
			done[w->row] = true;
		}
	}
	for (size_t i = 0; i < set->nrows && set->mode == IF_CHOSEN; i++)
		if (set->rows[i].ticked && !done[i])
			put(&out, set->rows[i].text, -1);
	free(done);
	*words = out.v;
	return out.n;
}

void
if_words_free(struct if_out *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(words[i].text);
	free(words);
}

void
if_print(const struct if_set *set, struct str *out)
{
	struct if_out *words;
	size_t n = if_words(set, &words);

	for (size_t i = 0; i < n; i++) {
		if (i)
			str_add_cstr(out, ", ");
		str_add_cstr(out, words[i].text);
	}
	if_words_free(words, n);
}
