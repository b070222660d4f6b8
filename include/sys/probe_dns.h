/* SPDX-License-Identifier: MIT
 *
 * A name asked as Postfix's smtp client asks it; for src/sys/probe.c only.
 */
#ifndef PR_SYS_PROBE_DNS_H
#define PR_SYS_PROBE_DNS_H

/* Tell the answer on stdout; see sys/probe.h. Returns 0. */
int probe_dns(const char *name, const char *flags);

#endif
