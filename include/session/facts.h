/* SPDX-License-Identifier: MIT
 *
 * What the rules are told of the machine, for src/session/ only: files, /etc/hosts,
 * master.cf and DNS, each looked at once until somebody reads the files again. DNS is
 * asked in the background, only where a front end steps the session: a name that a rule
 * wants to know is put on a list, and the next step starts asking.
 */
#ifndef PR_SESSION_FACTS_H
#define PR_SESSION_FACTS_H

#include "check/rules.h"
#include "session/internal.h"

/* The rules over main.cf, appended to out. before: the loaded entries stand in place of
 * the edited ones, and nothing is kept. */
void facts_run_rules(struct session *s, bool before, struct diags *out);

/* Files and names may be others now. */
void facts_forget(struct session *s);
void facts_free(struct session *s);

/* The background questions: true when an answer came. */
bool facts_step(struct session *s);
/* Let ms pass, or less when an answer is there; false: nothing was asked. */
bool facts_pause(struct session *s, int ms);
int facts_fds(struct session *s, int *fds, int max);

#endif
