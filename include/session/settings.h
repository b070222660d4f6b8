/* SPDX-License-Identifier: MIT
 *
 * postrelay.conf(5), read with libconfuse: /etc/postrelay.conf, then the user's own. A
 * mistake is a finding with file and line; that file is then ignored as a whole and the
 * defaults hold. As root, paths, commands and silencing come from /etc/postrelay.conf
 * only.
 */
#ifndef PR_SESSION_SETTINGS_H
#define PR_SESSION_SETTINGS_H

#include <stdbool.h>

#include "base/diag.h"

enum set_colour { SET_COLOUR_AUTO, SET_COLOUR_NEVER };

struct settings {
	char *config_dir;      /* /etc/postfix */
	char *state_dir;       /* NULL: by user */
	char *command_dir;     /* /usr/sbin: postfix, postconf, postmap, postalias, ... */
	char *systemctl;       /* /usr/bin/systemctl */
	char *getent;          /* /usr/bin/getent: asks DNS for host names */
	int program_seconds;   /* time limit of one program, 60 */
	int log_ms;            /* how long the log is read after applying, 2000 */
	int history_keep;      /* entries of the history, 100 */
	int history_days;      /* their age, 730 */
	int history_megabytes; /* their copies, 200 */
	enum set_colour colour;
	bool ascii;
	char **silence; /* codes of notes and warnings not shown; NULL-terminated */
};

/* Defaults, then the files. only: read this file instead of both (-f), or NULL. Never
 * fails: what is wrong is in d. */
void set_load(struct settings *set, const char *only, struct diags *d);
void set_free(struct settings *set);

#endif
