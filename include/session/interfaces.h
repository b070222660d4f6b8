/* SPDX-License-Identifier: MIT
 *
 * inet_interfaces as ticks on the machine's addresses.
 */
#ifndef PR_SESSION_INTERFACES_H
#define PR_SESSION_INTERFACES_H

#include "session/session.h"

enum ses_if_mode { SES_IF_ALL, SES_IF_LOOPBACK, SES_IF_CHOSEN };

struct ses_if_row {
	const char *nic;   /* "lan0", "(none)", "(name)" */
	const char *addr;  /* address or word as written */
	const char *state; /* "up", "down", "gone", "-" (translated) */
	const char *reach; /* "self", "private", "PUBLIC", "link", "-" */
	const char *note;
	bool ticked, can_tick, edited, removable;
	bool named;   /* a name in the list stands for it */
	bool unknown; /* a name, and nobody knows yet what for */
	bool listens; /* ticked or named, and inet_protocols uses its family */
	const struct diag *finding;
};
size_t ses_if_rows(struct session *s, const struct ses_if_row **rows);
enum ses_if_mode ses_if_mode(struct session *s);
bool ses_if_set_mode(struct session *s, enum ses_if_mode mode, struct diags *d);
/* Tick or untick; the mode becomes "chosen". */
bool ses_if_tick(struct session *s, size_t row, bool on, struct diags *d);
/* Add an address or host name that is on no row. */
bool ses_if_add(struct session *s, const char *word, struct diags *d);
bool ses_if_remove(struct session *s, size_t row, struct diags *d);
/* Write a whole choice (the command): "all", "loopback-only" or addresses. */
bool ses_if_set(struct session *s, const char *const *words, size_t n, struct diags *d);
/* What will be written, as it will stand in the file; "" when nothing changes. */
const char *ses_if_preview(struct session *s);
const char *ses_if_place(struct session *s); /* "main.cf line 132" */

#endif
