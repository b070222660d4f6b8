/* SPDX-License-Identifier: MIT
 *
 * Several edits, one apply, without a screen: what no command does.
 *
 *	apply_once [-f FILE] EDIT...
 *
 *	p:NAME=VALUE    a parameter of main.cf
 *	a:NAME=TARGET   an alias; without =TARGET it goes
 *	n:FILE=ITEM     a network in a file that mynetworks names; with ITEM -X, X goes
 *
 * PR_TRACE names a program and its arguments (blanks between): it is started on the
 * process that applies, with "-p PID" behind, before that process has done anything.
 * Once it has written to the file PR_TRACE_LOG (of a call to getppid), the apply begins.
 * PR_LOG_MS: the log is read that long after an apply, less than a setting can say.
 * Prints what was found and ends with the apply's exit status.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "session/aliases.h"
#include "session/networks.h"
#include "session/params.h"
#include "session/review.h"
#include "session/session.h"
#include "session/settings.h"
#include "sys/world.h"

enum { MAX_WORDS = 32 };

static const char *trace;

/* --- the tracer ----------------------------------------------------------------------
 */

/* Has it written down a call of ours? Only then no later one can slip by. */
static bool
is_traced(const char *log)
{
	struct stat st;

	(void)getppid();
	return stat(log, &st) == 0 && st.st_size > 0;
}

static void
run_tracer(const char *command, pid_t pid)
{
	char *argv[MAX_WORDS + 3], number[16], option[] = "-p";
	char *words = strdup(command);
	size_t n = 0;

	for (char *w = strtok(words, " "); w && n < MAX_WORDS; w = strtok(NULL, " "))
		argv[n++] = w;
	snprintf(number, sizeof(number), "%d", (int)pid);
	argv[n++] = option;
	argv[n++] = number;
	argv[n] = NULL;
	execv(argv[0], argv);
	_exit(127);
}

/* In the process that will apply. The tracer is no child of it: it waits for its own. */
static void
get_traced(void)
{
	const char *command = trace;
	const char *log = getenv("PR_TRACE_LOG");
	pid_t me = getpid(), child;

	if (!command || !log)
		return;
	trace = NULL; /* not for the forks below */
	child = fork();
	if (child == 0) {
		if (fork() == 0)
			run_tracer(command, me);
		_exit(0);
	}
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	while (!is_traced(log))
		usleep(500);
}

/* --- edits ---------------------------------------------------------------------------
 */

static bool
edit_alias(struct session *s, const char *name, const char *target, struct diags *d)
{
	struct ses_alias_edit e = {.name = name, .targets = &target, .n = 1};
	struct ses_alias a;
	uint32_t id = SES_ALIAS_NEW;

	for (size_t i = 0; i < ses_alias_shown(s); i++)
		if (ses_alias_at(s, i, &a) && !a.removed && strcmp(a.name, name) == 0)
			id = a.id;
	if (!target)
		return ses_alias_remove(s, id, d);
	return ses_alias_set(s, &id, &e, d);
}

static void
open_files(struct session *s)
{
	const struct ses_net_row *rows;

	for (size_t i = 0; i < ses_net_rows(s, &rows); i++)
		if (rows[i].expandable && !rows[i].open)
			ses_net_open(s, i, true);
}

static bool
edit_net(struct session *s, const char *file, const char *item, struct diags *d)
{
	struct ses_net_new new = {.text = item, .to_file = file, .before = SIZE_MAX};

	open_files(s);
	return item[0] == '-' ? ses_net_remove_text(s, item + 1, d)
			      : ses_net_add(s, &new, NULL, d);
}

static bool
edit(struct session *s, const char *text, struct diags *d)
{
	char *name = strdup(text), *value = strchr(name, '=');
	bool ok = false;

	if (value)
		*value++ = '\0';
	if (strncmp(name, "p:", 2) == 0)
		ok = value ? ses_param_set(s, name + 2, value, d)
			   : ses_param_unset(s, name + 2, d);
	else if (strncmp(name, "a:", 2) == 0)
		ok = edit_alias(s, name + 2, value, d);
	else if (strncmp(name, "n:", 2) == 0 && value)
		ok = edit_net(s, name + 2, value, d);
	free(name);
	return ok;
}

/* --- the whole -----------------------------------------------------------------------
 */

static void
say(const struct diags *d)
{
	for (size_t i = 0; i < d->n; i++)
		fprintf(stderr, "%s %s %s\n", diag_sev_name(d->v[i].sev),
			diag_code_name(d->v[i].code), d->v[i].text);
}

static int
apply(struct session *s, struct diags *d)
{
	const struct ses_apply_opts opts = {0};
	struct ses_apply_view v;
	int status;

	trace = getenv("PR_TRACE");
	if (!ses_apply_start(s, &opts, &status, d))
		return status;
	trace = NULL;
	status = ses_apply_wait(s, NULL, NULL);
	ses_apply_view(s, &v);
	say(v.findings);
	return status;
}

int
main(int argc, char **argv)
{
	const char *only = argc > 2 && strcmp(argv[1], "-f") == 0 ? argv[2] : NULL;
	const char *log_ms = getenv("PR_LOG_MS");
	const struct ses_opts opts = {0};
	struct settings set;
	struct diags d = {0};
	struct world world;
	struct session *s;
	int status = 2;
	bool ok = true;

	if (pthread_atfork(NULL, NULL, get_traced) != 0)
		return 70;
	set_load(&set, only, &d);
	if (log_ms)
		set.log_ms = (int)strtol(log_ms, NULL, 10);
	sys_world(&world);
	s = ses_open(&opts, &set, &world);
	for (int i = only ? 3 : 1; ok && i < argc; i++)
		ok = edit(s, argv[i], &d);
	if (ok)
		status = apply(s, &d);
	say(&d);
	diag_clear(&d);
	ses_close(s);
	set_free(&set);
	return status;
}
