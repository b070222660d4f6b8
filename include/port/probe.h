/* SPDX-License-Identifier: MIT
 *
 * What may be said to us by strangers on the network is read by a process without rights:
 * this program (PROBE_SELF) once more, with PROBE_OPTION as its first argument. It gives
 * up root, sets itself limits, asks, and tells on stdout in lines "name=value", which is
 * all that the caller ever reads. Its questions:
 *
 *	dns NAME FLAGS     m: MX first, d: DNS, n: the system's resolver, 4 6: families
 *	                   mx=PREF HOST, addr=ADDRESS, error=notfound|again|nullmx|noaddr
 *	tcp PORT ADDR...   failed=ADDR REASON for each, connected=ADDR for the first that
 *	                   answers
 *	smtp PORT ADDR HELO
 *	                   greeting=LINE..., ehlo=LINE..., error=REASON; REASON is
 *	                   "timeout", "closed", or the system's words
 *	run PROGRAM ARG... becomes that program
 */
#ifndef PR_PORT_PROBE_H
#define PR_PORT_PROBE_H

#define PROBE_SELF "/proc/self/exe"
#define PROBE_OPTION "--net-probe"

#endif
