/* SPDX-License-Identifier: MIT
 *
 * Where the relay would listen, for the rules of the check layer: inet_interfaces and
 * inet_protocols with their references filled in, laid over the machine's NICs.
 */
#ifndef PR_CHECK_LISTEN_H
#define PR_CHECK_LISTEN_H

#include "check/maincf.h"
#include "model/ifaces.h"

enum { LISTEN_V4 = 1, LISTEN_V6 = 2 };

/* The families of inet_protocols; 0: all, or not known. */
unsigned listen_families(struct chk_run *run);

/* Fill set, which the caller frees in any case. False: not known for certain (NICs or a
 * reference). */
bool listen_set(struct chk_run *run, struct if_set *set);

#endif
