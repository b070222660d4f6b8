/* SPDX-License-Identifier: MIT
 *
 * inet_interfaces as ticks on addresses, and back. The value's words and the machine's
 * addresses become rows; ticking and unticking changes rows; if_words() gives the words
 * to write: those that still hold are kept as they were written and in their order, new
 * ones follow in row order. Addresses are written, never NIC names, for Postfix knows
 * none. A set owns all its strings; free it with if_free().
 */
#ifndef PR_MODEL_IFACES_H
#define PR_MODEL_IFACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"
#include "model/addr.h"
#include "port/nic.h"

enum if_mode { IF_ALL, IF_LOOPBACK_ONLY, IF_CHOSEN };

enum if_kind {
	IF_NIC,  /* an address of this machine */
	IF_LOST, /* an address on no NIC */
	IF_NAME  /* a host name or $name, kept as written */
};

enum if_state { IF_UP, IF_DOWN, IF_GONE, IF_NO_STATE };
enum if_reach { IF_SELF, IF_PRIVATE, IF_PUBLIC, IF_LINK, IF_NO_REACH };

struct if_row {
	enum if_kind kind;
	char *nic;          /* "lan0"; NULL for IF_LOST and IF_NAME */
	char *text;         /* the address, or the name as written */
	struct ipaddr addr; /* of the machine: with its NIC's prefix; IF_NAME: the first
			       one that it stands for, fam 0 if unknown */
	enum if_state state;
	enum if_reach reach;
	bool transient; /* the address may go away by itself (DHCP, RA) */
	bool foreign;   /* IF_NAME: stands for an address that no NIC has */
	bool localhost; /* the word `localhost` stands for it, among others */
	bool named;     /* IF_NIC: a name of the list stands for it */
	bool ticked;    /* in IF_CHOSEN; see if_row_listens() */
};

enum if_word_kind { IF_WORD_ADDR, IF_WORD_LOCALHOST, IF_WORD_NAME, IF_WORD_MODE };

/* A word of the value as it stands in the file. */
struct if_word {
	char *raw;
	enum if_word_kind kind;
	size_t row;        /* IF_WORD_ADDR and IF_WORD_NAME: its row */
	enum if_mode mode; /* IF_WORD_MODE */
};

struct if_set {
	enum if_mode mode;
	struct if_row *rows; /* IPv4 of NICs (lo first), IPv6 of NICs, then the others */
	size_t nrows, rows_cap;
	struct if_word *words;
	size_t nwords, words_cap;
};

/* Where the facts come from. resolve fills at most max addresses of a name and returns
 * how many there are, 0 for an unknown name; NULL: nobody can tell. */
struct if_world {
	const struct nic_list *nics;
	size_t (*resolve)(void *ctx, const char *name, struct ipaddr *out, size_t max);
	void *ctx;
};

/* A word as written and after expansion ("$myhostname", "relay.test"). */
struct if_input {
	struct sv raw, expanded;
};

/* Fill an empty set from the value's words (none: an empty value). */
void if_build(struct if_set *set, const struct if_world *world,
	const struct if_input *words, size_t n);
void if_free(struct if_set *set);

/* Add a word that a person typed: ticks the address's row if there is one, else adds a
 * row of its own (its index is returned). Switches to IF_CHOSEN. */
size_t if_add(
	struct if_set *set, const struct if_world *world, const struct if_input *word);

/* Would the relay listen there with the mode as it is? */
bool if_row_listens(const struct if_set *set, size_t row);

/* Link-local addresses can't be ticked. */
bool if_row_can_tick(const struct if_set *set, size_t row);

/* Tick or untick a row; switches to IF_CHOSEN, taking along what listened before. False
 * if the row can't be ticked. */
bool if_tick(struct if_set *set, size_t row, bool on);

/* The ticks are kept, so that switching back and forth loses nothing. */
void if_set_mode(struct if_set *set, enum if_mode mode);

/* A word to write; was: its place among the words of if_build(), or -1 for a new one. */
struct if_out {
	char *text;
	ptrdiff_t was;
};

/* The words to write, in order; returns how many. The caller frees with if_words_free().
 */
size_t if_words(const struct if_set *set, struct if_out **out);
void if_words_free(struct if_out *words, size_t n);

/* "all", "loopback-only", "". */
const char *if_mode_word(enum if_mode mode);

/* "127.0.0.1, 192.168.1.1" appended to out. */
void if_print(const struct if_set *set, struct str *out);

/* What the Note column says of a row, translated; the caller frees it. */
char *if_note(const struct if_set *set, size_t row);

/* "up", "down", "gone", "-" and "self", "private", "PUBLIC", "link", "-": translated. */
const char *if_state_label(enum if_state state);
const char *if_reach_label(enum if_reach reach);

/* The findings of one row that listens (address gone, NIC down, may go away, a word that
 * Postfix refuses); true when there is none. */
bool if_row_judge(const struct if_set *set, size_t row, const struct diag_loc *loc,
	struct diags *diags);

/* All findings: those of the rows, and no address chosen at all. */
bool if_judge(const struct if_set *set, const struct diag_loc *loc, struct diags *diags);

/* An address as getaddrinfo() takes it: also 127.1 and 0x7f000001. */
bool if_literal(struct sv word, struct ipaddr *out);

/* The shape of one word, without looking at the machine except for NIC names (nics may be
 * NULL). alone: it is the only word. Words with '$' pass. */
bool if_word_judge(struct sv word, bool alone, const struct nic_list *nics,
	const struct diag_loc *loc, struct diags *diags);

#endif
