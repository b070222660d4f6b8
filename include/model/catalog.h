/* SPDX-License-Identifier: MIT
 *
 * The catalogue: what postrelay knows about the parameters that matter to a relay, one
 * const row each, sorted by name. Everything that depends on a parameter follows from its
 * row: how it is edited, judged and helped, and whether a change needs a reload or a
 * restart. Default values are not here: they are the installed Postfix's, asked for by
 * `postconf -d`. All other names are known by name only.
 */
#ifndef PR_MODEL_CATALOG_H
#define PR_MODEL_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"

enum cat_type {
	CAT_TEXT,
	CAT_BOOL,
	CAT_INT,
	CAT_TIME,
	CAT_SIZE,
	CAT_ENUM, /* with CAT_LIST: several of the choices */
	CAT_HOST,
	CAT_NEXTHOP,
	CAT_ADDR_LIST, /* inet_interfaces, proxy_interfaces */
	CAT_NET_LIST,
	CAT_MAP_LIST,
	CAT_RESTRICTIONS,
	CAT_LISTING, /* any other list: domains, files, tables */
	CAT_PATH,
	CAT_ADDRESS, /* a mail address */
	CAT_IP,      /* one address of this machine */
	CAT_LEVEL,   /* compatibility_level: 2, 3.6, 3.6.1 */
	CAT_TYPES
};

enum cat_section {
	CAT_LISTEN,
	CAT_CLIENTS,
	CAT_UPSTREAM,
	CAT_LOGIN,
	CAT_TLS,
	CAT_IDENTITY,
	CAT_DELIVERY,
	CAT_QUEUE,
	CAT_LIMITS,
	CAT_REWRITING,
	CAT_LOG,
	CAT_OTHER,
	CAT_SECTIONS
};

enum {
	CAT_LIST = 1,        /* several words */
	CAT_RESTART = 2,     /* a change needs stop and start */
	CAT_NO_ACTION = 4,   /* a change needs neither reload nor restart */
	CAT_ALIASDB = 8,     /* a change needs newaliases */
	CAT_NOT_EMPTY = 16,  /* Postfix refuses an empty value */
	CAT_ANY_CASE = 32,   /* choices in capitals are taken, too */
	CAT_DAYS = 64,       /* CAT_TIME: a bare number means days */
	CAT_HOURS = 128,     /* CAT_TIME: a bare number means hours */
	CAT_UNTYPED = 256,   /* CAT_MAP_LIST: a path without type is taken */
	CAT_ONE_WORD = 1024, /* Postfix refuses a blank or comma in it */
	CAT_LAX = 2048,      /* Postfix logs a wrong value and goes on without it */
	CAT_SECRET = 512     /* may hold a password: masked on screens */
};

struct cat_def {
	const char *name;
	enum cat_type type;
	enum cat_section section;
	unsigned flags;
	const char *label;   /* untranslated: _() at use, as help */
	const char *help;    /* one or two sentences */
	const char *example; /* a value, NULL: none */
	const char *choices; /* with blanks between; CAT_ENUM only */
	int64_t min, max;    /* CAT_INT, CAT_SIZE, CAT_TIME (seconds); 0, 0: no limits */
};

enum cat_needs { CAT_NEEDS_NOTHING, CAT_NEEDS_RELOAD, CAT_NEEDS_RESTART };

/* What the installed Postfix can do; NULL or zero: any version. */
struct cat_env {
	const char *const *map_types; /* NULL-terminated, from `postconf -m` */
	bool old_smtpd;               /* 2.8 or older: see struct net_env */
	bool one_relayhost;           /* older than 3.5: no lists of next hops */
};

/* The row of a parameter, NULL for names without one. */
const struct cat_def *cat_find(struct sv name);

/* All rows in name order; *n is their number. */
const struct cat_def *cat_all(size_t *n);

/* "yes or no", "time", ...: translated. */
const char *cat_type_name(enum cat_type type);

/* "Listening", "Clients", ...: translated. */
const char *cat_section_name(enum cat_section section);

/* What a change of this parameter needs so that it takes effect everywhere; any name. */
enum cat_needs cat_needs(struct sv name);

/* Is the value possibly a password ("static:" and "inline:" maps, *_password*)? */
bool cat_is_secret(struct sv name, struct sv value);

/* Judge a value by its type exactly as Postfix would; a value with '$' isn't judged (its
 * items with '$', for lists of nets, addresses and maps). env may be NULL. loc gives file
 * and line, and its param is what the finding names (NULL: def's name). True: fine. */
bool cat_judge(const struct cat_def *def, struct sv value, const struct cat_env *env,
	const struct diag_loc *loc, struct diags *diags);

/* Is it a name that some Postfix knows, or makes for a transport or service? */
bool cat_is_known_name(struct sv name);

/* The known name that differs least (at most two letters put in, left out, changed or
 * swapped), or NULL. */
const char *cat_nearest_name(struct sv name);

/* The same among any names. */
const char *cat_nearest_of(struct sv name, const char *const *names, size_t n);

/* Is it exactly a parameter of some version, not one made of a service's name? */
bool cat_is_own_name(struct sv name);

/* Seconds that Postfix takes a time for ("5d", "30m"); unit is that of a bare number
 * ('s', 'h', 'd'). False: Postfix refuses it. */
bool cat_parse_time(struct sv value, char unit, int64_t *seconds);

#endif
