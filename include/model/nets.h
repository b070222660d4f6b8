/* SPDX-License-Identifier: MIT
 *
 * One item of mynetworks, judged as smtpd judges it. An item borrows its text, owns
 * nothing, and always parses: what is wrong is told by `fault`, what smtpd makes of it by
 * `verdict`. `kind` stays what the person meant: 192.168.3.5/24 is a NET_NET whose fault
 * is NET_HOST_BITS. Sources of the rules: match_list_parse(), match_hostaddr(),
 * match_hostname() and cidr_match_parse() of Postfix 3.7, tried with real clients.
 */
#ifndef PR_MODEL_NETS_H
#define PR_MODEL_NETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"
#include "model/addr.h"

enum net_kind {
	NET_NET,
	NET_HOST,    /* a single address */
	NET_FILE,    /* /path or $config_directory/path: a list in a file */
	NET_TABLE,   /* type:name */
	NET_NAME,    /* matches the client's verified reverse name and names below it */
	NET_REF,     /* $name: known after expansion only */
	NET_COMMENT, /* '#': Postfix stops reading the line here, with a warning */
	NET_BAD
};

enum net_fault {
	NET_FINE,
	NET_HOST_BITS,    /* 192.168.3.5/24 */
	NET_MASK_VALUE,   /* 10.0.0.0/, 10.0.0.0/255.0.0.0 */
	NET_MASK_LENGTH,  /* 10.0.0.0/33 */
	NET_NETWORK,      /* 0/0 */
	NET_NO_BRACKETS,  /* 2001:db8::1: read as a table of type 2001 */
	NET_OPEN_BRACKET, /* [::1 */
	NET_GARBAGE,      /* [::1]x */
	NET_LONE_MARK,    /* ! */
	NET_NO_TYPE,      /* :x, hash: */
	NET_UNKNOWN_TYPE, /* 127.0.0.1:25, nosuch:x */
	NET_SHORT,        /* 192.168.1, 192.168.1.*, 127.0.0.02: matches nobody */
	NET_RANGE,        /* 192.168.1.1-192.168.1.9: matches nobody */
	NET_SEMICOLON,    /* a;b: one text, matches nobody */
	NET_MAPPED,       /* [::ffff:192.0.2.1]: Postfix uses the IPv4 form */
	NET_HASH,         /* # */
	NET_NOBODY        /* any other text that no client can match */
};

/* What smtpd does when it comes to this item. */
enum net_verdict {
	NET_OK,
	NET_NO_MATCH, /* silently matches nobody */
	NET_451, /* "451 Temporary lookup failure" for clients no earlier item allows */
	NET_NO_GREETING /* smtpd dies at start: nobody is served */
};

enum { NET_V4 = 1, NET_V6 = 2, NET_ALL = 3 };

struct net_item {
	struct sv text; /* the whole item, borrowed */
	struct sv body; /* without its leading '!' */
	enum net_kind kind;
	enum net_fault fault;
	enum net_verdict verdict;
	uint8_t families;   /* whose clients a NET_451 hits: NET_V4, NET_V6, NET_ALL */
	bool except;        /* an odd number of '!' in front */
	struct ipaddr addr; /* NET_NET and NET_HOST; with its host bits, if any */
};

struct net_items {
	struct net_item *v;
	size_t n, cap;
};

/* What the installed Postfix knows; NULL members: the union of all versions. */
struct net_env {
	const char *const *map_types; /* NULL-terminated; from `postconf -m` */
	bool fatal; /* Postfix up to 2.8: a bad entry kills smtpd instead of a 451 */
};

/* Read one item (no separators in it). */
void net_item_parse(struct sv text, struct net_item *item);

/* Take the next item of a value or file line: comma, blank and line end separate, but not
 * inside {}. False at the end. */
bool net_token(struct sv *rest, struct sv *token);

/* All items of "a, b c", appended to list; they borrow text. Free with net_items_free().
 */
void net_items_parse(struct sv text, struct net_items *list);
void net_items_free(struct net_items *list);

/* Does smtpd punish or ignore the item? A name, file, table or reference isn't wrong. */
static inline bool
net_item_is_wrong(const struct net_item *item)
{
	return item->fault != NET_FINE;
}

/* Is type ("hash") a table type of the installed Postfix (env NULL: of any version)? */
bool net_type_is_known(struct sv type, const struct net_env *env);

/* Is text the start of something that could still become right (typing goes on)? Such a
 * text gets no mark before the field is left. */
bool net_is_incomplete(struct sv text);

/* Tell what is wrong with the item, consequence first, hint = way out. True when nothing
 * is. env and loc may be NULL. */
bool net_item_judge(const struct net_item *item, const struct net_env *env,
	const struct diag_loc *loc, struct diags *diags);

/* The safe repair appended to out ("192.168.3.0/24"); false when there is none. */
bool net_item_repair(const struct net_item *item, struct str *out);

/* For NET_HOST_BITS: the one address meant perhaps ("192.168.3.5"). */
bool net_item_repair_host(const struct net_item *item, struct str *out);

/* The item as it should be written: canonical address, brackets, '!'; other kinds as they
 * are. Appended to out. */
void net_item_print(const struct net_item *item, struct str *out);

/* "net", "host", "except", "file", "table", "name", "?": translated. */
const char *net_kind_label(const struct net_item *item);

/* "256", "1", "2^64", or "?" where nobody can count. */
const char *net_count_label(const struct net_item *item, char buf[ADDR_COUNT_MAX]);

/* "192.168.3.0 - 192.168.3.255, 256 addresses"; false for kinds without addresses. */
bool net_range_label(const struct net_item *item, struct str *out);

/* Does the item (not an exception) let in more than one public address? */
bool net_item_is_public(const struct net_item *item);

/* Why an item may open the relay to strangers. */
enum net_danger {
	NET_SAFE,
	NET_WORLD,   /* 0.0.0.0/0, [::]/0, static: */
	NET_PUBLIC,  /* a public range */
	NET_UNKNOWN, /* the name "unknown": every client without reverse DNS */
	NET_TOP      /* a name without a dot other than localhost: a top-level domain? */
};

enum net_danger net_item_danger(const struct net_item *item);

/* One client asked against one item. name is its verified reverse name, or "unknown".
 * Files, tables and references: NET_ASK. */
enum net_answer { NET_NO, NET_YES, NET_TEMPFAIL, NET_DEAD, NET_ASK };

enum net_answer net_item_match(
	const struct net_item *item, const struct ipaddr *client, const char *name);

/* How an item relates to another one of the list. */
enum net_relation {
	NET_ALONE,
	NET_DUPLICATE, /* same addresses or text as an earlier item */
	NET_WITHIN,    /* all its addresses are in `other` as well */
	NET_SHADOWED   /* an earlier item decides for all its addresses, the other way */
};

struct net_overlap {
	enum net_relation relation;
	uint32_t other; /* index; meaningless for NET_ALONE */
};

/* Compare all n items: out[i] tells about v[i]. O(n log n). */
void net_overlaps(const struct net_item *v, size_t n, struct net_overlap *out);

/* A warning (PR-NET-006) for item i that overlaps v[o->other]; true when NET_ALONE. */
bool net_overlap_judge(const struct net_item *v, size_t i, const struct net_overlap *o,
	const struct diag_loc *loc, struct diags *diags);

#endif
