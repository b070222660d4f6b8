/* SPDX-License-Identifier: MIT
 *
 * The net list of changes as data, for src/session/ only: what a person changed, in a
 * form that can leave the process and be laid over other versions of the same files. In
 * lists it is their items that come and go, so changes of different items never clash. A
 * clash is where somebody else changed the same thing to something else.
 */
#ifndef PR_SESSION_LAY_H
#define PR_SESSION_LAY_H

#include <jansson.h>

#include "session/internal.h"

enum lay_kind {
	LAY_PARAM, /* a parameter of main.cf; a list is laid over item by item */
	LAY_LINE,  /* a line of main.cf that doesn't count and was taken out */
	LAY_ALIAS,
	LAY_ITEM, /* a network in a file of networks, a row of a table of networks */
	LAY_LOGIN /* a row of the table of passwords, whole or open */
};

/* What something is on one side of a change. Strings are the list's. */
struct lay_form {
	bool there;
	bool off;          /* commented out */
	bool bad;          /* LAY_ALIAS: a line that postalias drops; text is the line */
	const char *name;  /* LAY_ALIAS: its name, without quotes */
	const char *text;  /* PARAM, LINE: whole lines; ALIAS: targets; else it, or key */
	const char *value; /* rows of tables: what stands behind the key, or NULL */
	const char *note;  /* ALIAS, ITEM; "": none */
};

struct lay_change {
	enum lay_kind kind;
	const char *file;  /* path */
	const char *name;  /* for a person, and of a parameter */
	const char *above; /* LAY_ITEM: text of the item that it stands behind, or NULL */
	bool moved;        /* LAY_ITEM: to there, from elsewhere */
	bool open;         /* LAY_LOGIN: values end behind their users, "USER:", and are
			      NULL where no user can be told from a password */
	bool keeps; /* ... and the password in the file stays; else it is to be typed
		       again */
	struct lay_form before, after;
};

struct lay_list {
	struct arena texts;
	struct lay_change *v;
	size_t n, cap;
	size_t remarks;  /* changes of remarks or layout alone: they aren't in it */
	size_t left_out; /* changes that hold a secret, and are not in it */
};

void lay_free(struct lay_list *l);
struct lay_change *lay_push(struct lay_list *l, const struct lay_change *c);
/* A copy of everything that c points to, appended to l. */
void lay_copy(struct lay_list *l, const struct lay_change *c);

/* What waits in file only (NULL: in all files), appended to l. */
void lay_take(struct session *s, struct ses_file *only, struct lay_list *l);
/* The same of all files, for what leaves the process: without what may hold a password,
 * which is counted; of a login key and user stay. */
void lay_take_open(struct session *s, struct lay_list *l);
/* Add those of from that hold no password, count the others. */
void lay_copy_open(struct lay_list *l, const struct lay_list *from);

enum lay_verdict { LAY_DONE, LAY_THERE, LAY_CLASH };

struct lay_outcome {
	enum lay_verdict verdict;
	const char
		*theirs; /* LAY_CLASH: what is there now, for a person; NULL: nothing */
};

/* Lay the changes over the files as they are now, as one undo group; out has l->n
 * elements, its strings live in a. */
void lay_over(struct session *s, const struct lay_list *l, struct arena *a,
	struct lay_outcome *out);
/* One of them, whatever is there now. False: it can't be written. */
bool lay_force(struct session *s, const struct lay_change *c, struct diags *d);
/* What the person wanted it to be, for a person; NULL: nothing, it goes. */
const char *lay_mine(struct arena *a, const struct lay_change *c);
/* The change as a line of a list. The mark is '+', '-' or '*'. */
char lay_mark(const struct lay_change *c);

static inline bool
lay_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static inline enum lay_verdict
lay_done_if(bool good)
{
	return good ? LAY_DONE : LAY_CLASH;
}

/* --- lay_alias.c --- */

enum lay_verdict lay_alias(struct session *s, const struct lay_change *c, bool force);
const char *lay_alias_theirs(
	struct session *s, struct arena *a, const struct lay_change *c);

/* --- lay_login.c --- */

enum lay_verdict lay_login(struct ses_file *f, const struct lay_change *c, bool force);
const char *lay_login_mine(struct arena *a, const struct lay_change *c);
const char *lay_login_theirs(
	const struct ses_file *f, struct arena *a, const struct lay_change *c);
/* Is it a row with a user, whose password was left out and is asked for anew? */
bool lay_lacks_password(const struct lay_change *c);
/* Take the passwords out of it. False: what it says can't be told from a password. */
bool lay_login_open(struct arena *a, struct lay_change *c);
/* Holds it no password, and all that laying it reads? */
bool lay_login_is_open(const struct lay_change *c);

/* --- lay_items.c: items of lists --- */

struct lay_item {
	const char *text, *value, *note;
	bool off;
	uint32_t id; /* where it stands: entry, and number in it */
	size_t at;
};

struct lay_items {
	struct lay_item *v;
	size_t n, cap;
};

/* The items of a parameter's whole lines. */
void items_of_lines(struct arena *a, struct sv lines, uint32_t id, struct lay_items *out);
/* The rows of a file of networks or of a table, as it is now. */
void items_of_file(struct arena *a, const struct ses_file *f, struct lay_items *out);
/* What makes after of before, as LAY_ITEM changes appended to l. */
void items_diff(const struct lay_items *before, const struct lay_items *after,
	const char *file, struct lay_list *l);
/* Have two parameters' lines the same items, with the same notes, on or off? */
bool items_same(struct sv a, struct sv b);
/* The first item with this text, one of that state preferred; items->n: none. */
size_t items_find(const struct lay_items *items, const char *text, bool off);

/* --- lay_item.c --- */

/* What an edit is made on: one definition of a list parameter, or a whole file. */
struct lay_target {
	struct session *s;
	struct ses_file *f;
	uint32_t id; /* DOC_NO_ID: the file */
	bool force;
};

enum lay_verdict lay_item(const struct lay_target *t, const struct lay_change *c);
void lay_items_now(const struct lay_target *t, struct arena *a, struct lay_items *out);

/* --- lay_json.c --- */

/* The changes as a JSON array; what isn't UTF-8 stands there in base64. */
json_t *lay_to_json(const struct lay_list *l);
/* Read such an array. False: it isn't one; what was read is in l all the same. */
bool lay_from_json(const json_t *array, struct lay_list *l);
/* obj[key] = text, or obj[key_base64]; NULL: neither. And back. */
void lay_json_set(json_t *obj, const char *key, const char *text);
bool lay_json_get(const json_t *obj, const char *key, struct arena *a, const char **out);

#endif
