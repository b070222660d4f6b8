/* SPDX-License-Identifier: MIT
 *
 * The parts of "may this address relay?", for src/session/ only: the question with what
 * has been asked of Postfix for it, and one look at the files (now or as loaded, with one
 * service's own settings).
 */
#ifndef PR_SESSION_NETTEST_VIEW_H
#define PR_SESSION_NETTEST_VIEW_H

#include "model/cfexpr.h"
#include "model/mastercf.h"
#include "model/relaytest.h"
#include "model/restrict.h"
#include "session/internal.h"
#include "session/nettest.h"

/* One `postmap -q`, running or done. */
struct nt_lookup {
	char *table;
	struct job *job;
	enum rel_hit hit; /* REL_WAIT while it runs */
};

struct nt_file {
	const char *path;
	bool before;
	enum rel_file got;
	struct sv bytes;
};

struct net_question {
	char *who, *name; /* name NULL: not given */
	struct ipaddr addr;
	bool good;
	struct nt_lookup *lookup;
	size_t nlookup, lookup_cap;
	bool looked_safe, safe; /* may postmap run on this folder? */
	/* Of one evaluation: */
	struct arena texts;
	struct nt_file *file;
	size_t nfile, file_cap;
	struct ses_net_says_of *others;
	size_t nothers, others_cap;
};

/* The files as one service sees them. */
struct nt_look {
	struct session *s;
	struct net_question *q;
	bool before;
	const struct mcs_service *service;
};

/* nettest_values.c: the value of a parameter, references filled in, in the question's
 * arena; NULL and *why: nobody but Postfix can tell, or Postfix dies of it. */
const char *nt_value(const struct nt_look *l, const char *name, enum cfx_result *why);
/* Is it set, in main.cf or for the service? */
bool nt_is_set(const struct nt_look *l, const char *name);
enum nt_words { NT_WORDS_OK, NT_WORDS_DEAD, NT_WORDS_UNKNOWN };
/* mynetworks as words; the array is the caller's. */
enum nt_words nt_words(const struct nt_look *l, struct rel_word **v, size_t *n);
/* The lists of restrictions; false: out says why there are none. */
bool nt_policy(struct nt_look *l, struct rel_policy *p, struct rel_answer *out);

/* nettest_tables.c: callbacks of struct rel_source; ctx is a struct nt_look. */
enum rel_file nt_file(void *ctx, const char *path, struct sv *bytes);
enum rel_hit nt_table(void *ctx, struct sv table, const struct rel_client *c);
bool nt_kills(void *ctx, struct sv table);
void nt_lookups_free(struct session *s, struct net_question *q);

/* nettest.c: ses_net_test() with a question of the caller's own, which it keeps and frees
 * (*q NULL: none yet). before: only the files as loaded count, which is what runs. */
bool nt_question_ask(struct session *s, struct net_question **q, const char *who,
	bool before, struct ses_net_answer *out);
void nt_question_free(struct session *s, struct net_question **q);
bool nt_question_step(struct session *s, struct net_question *q);
int nt_question_fds(struct session *s, struct net_question *q, int *fds, int max);

#endif
