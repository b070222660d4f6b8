/* SPDX-License-Identifier: MIT
 *
 * master.cf as far as it decides who may relay, and how mail leaves: its smtpd services
 * that listen on a socket of their own or get their clients from postscreen, and its smtp
 * clients, with their `-o name=value`.
 * Read as master(5) says: logical lines as in main.cf, seven fields, then the command
 * with its arguments; {} keep blanks together. Lines that master would refuse are left
 * out.
 */
#ifndef PR_MODEL_MASTERCF_H
#define PR_MODEL_MASTERCF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct mcs_option {
	const char *name, *value;
};

struct mcs_service {
	const char *name; /* as written: "smtp", "192.168.1.1:10025" */
	uint32_t line;    /* where its options stand */
	bool port_25;     /* where mail relays are spoken to */
	bool postscreen;  /* postscreen stands before it */
	struct mcs_option *option;
	size_t noptions;
};

struct mcs_list {
	struct mcs_service *v;
	size_t n, cap;
};

/* All that answers SMTP on a socket, in the order of the file; everything but the array
 * lives in the arena. Free the array with free(). */
void mcs_parse(struct sv text, struct arena *texts, struct mcs_list *out);

/* The smtp client that is the transport `name` (a service of type unix; of several the
 * last one counts). False: there is none. */
bool mcs_client(
	struct sv text, struct arena *texts, const char *name, struct mcs_service *out);

/* The value that counts (the last one) of name, or NULL. */
const char *mcs_option(const struct mcs_service *s, struct sv name);

#endif
