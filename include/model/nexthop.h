/* SPDX-License-Identifier: MIT
 *
 * Next hops: relayhost and its relatives. A text is read as strictly as Postfix's
 * host_port() and the smtp client read it, for one that they can't read kills the client
 * and stops the whole queue. nh_from_typed() is the kind reader for what a person types.
 * A struct nexthop owns host and service; free it with nh_free().
 */
#ifndef PR_MODEL_NEXTHOP_H
#define PR_MODEL_NEXTHOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"

enum nh_kind { NH_NAME, NH_IPV4, NH_IPV6 };

struct nexthop {
	char *host;     /* without brackets and "IPv6:"; owned */
	bool bracketed; /* no MX lookup */
	enum nh_kind kind;
	uint16_t port; /* as a number in the text; 0: none there */
	char *service; /* as a name in the text ("submission"); owned; NULL: none */
};

struct nexthops {
	struct nexthop *v;
	size_t n, cap;
};

enum nh_fault {
	NH_FINE,
	NH_EMPTY,
	NH_OPEN_BRACKET,    /* [mail */
	NH_GARBAGE,         /* [mail]x */
	NH_PORT_INSIDE,     /* [mail:25] */
	NH_NO_HOST,         /* :25 */
	NH_TRAILING_DOT,    /* mail.test. */
	NH_BARE_IPV6,       /* ::1 */
	NH_HOST,            /* any other text that is no host */
	NH_TRANSPORT,       /* smtp:[mail] */
	NH_URL,             /* smtp://mail */
	NH_SERVICE_GARBAGE, /* :0x19 */
	NH_SERVICE_UNKNOWN, /* :nosuch */
	NH_PORT_RANGE,      /* :0, :99999 */
	NH_COMMENT,         /* # */
	NH_MANY             /* more than one where the version takes one */
};

void nh_free(struct nexthop *nh);
void nh_list_free(struct nexthops *list);

/* Read one next hop (no blanks or commas in it), by Postfix's rules. On a fault nothing
 * is left in *out. */
enum nh_fault nh_parse(struct sv text, struct nexthop *out);

/* Say what the fault of text costs and how to get out. Always false. */
bool nh_tell(struct sv text, enum nh_fault fault, const struct diag_loc *loc,
	struct diags *diags);

/* nh_parse() and nh_tell() in one. */
bool nh_judge(struct sv text, const struct diag_loc *loc, struct diags *diags);

/* "[mail.test.co.jp]:587" appended to out. */
void nh_print(const struct nexthop *nh, struct str *out);

/* Read a value: next hops with blanks or commas between. Those that can be read are
 * appended to list (may be NULL); of the others each fault is told. False if there was
 * any. many_ok: this Postfix takes several (3.5 or newer); else more than one is a fault
 * that kills every Postfix program. A "#" and what follows counts as next hops, too. */
bool nh_list_parse(struct sv value, bool many_ok, struct nexthops *list,
	const struct diag_loc *loc, struct diags *diags);

/* Is text, as it is written, one of the next hops of a value? */
bool nh_list_has(struct sv value, struct sv text);

/* "[a]:587, [b]:587" appended to out. */
void nh_list_print(const struct nexthops *list, struct str *out);

/* What a person types, made into a proposal: "mail.test.co.jp:587", "[mail]:25", "mail",
 * "smtp://h:587", "smtps://h", "h 587", "[h:587]", "2001:db8::1", "h.". Names get
 * brackets unless mx is asked; addresses always. False with a finding for a text that
 * can't be one host. */
bool nh_from_typed(struct sv typed, bool mx, struct nexthop *out, struct diags *diags);

/* Is the typed text only not finished yet ("", "[", "[mail", "mail:")? */
bool nh_is_incomplete(struct sv typed);

/* The port that is connected to: number, known service, or 25 when none is given; 0 if
 * the service's port isn't known. */
uint16_t nh_port(const struct nexthop *nh);

/* Set the port by number (0: none). */
void nh_set_port(struct nexthop *nh, uint16_t port);

/* "submission" for 587, "smtp" for 25, "submissions" for 465; NULL for others. */
const char *nh_service_of(uint16_t port);

/* Port of a service name that every Postfix machine knows; 0 for others. */
uint16_t nh_port_of(struct sv service);

/* Same host, brackets and port (names without regard to case)? */
bool nh_equal(const struct nexthop *a, const struct nexthop *b);

/* A warning if MX lookup meets a port for submission (587, 465), which is rarely meant;
 * true when not. The repair is to set bracketed. */
bool nh_judge_mx(
	const struct nexthop *nh, const struct diag_loc *loc, struct diags *diags);

/* Would Postfix take v for a host name? (valid_hostname(): letters, digits, '_', '-',
 * '.', labels of at most 63; UTF-8 names pass.) */
bool nh_is_hostname(struct sv v);

#endif
