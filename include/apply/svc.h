/* SPDX-License-Identifier: MIT
 *
 * Postfix itself: what is installed, whose master runs, whether it may be touched, what
 * it says about a candidate file, and the actions. Everything goes through the ports; no
 * shell, absolute paths, no program but postconf for a folder that others can write.
 *
 * A svc holds borrowed strings and no state: fill it once, keep it as long as the calls.
 * Failures are findings in Postfix's own words (DIAG_PF_SAYS) or ours (DIAG_PF_...).
 */
#ifndef PR_APPLY_SVC_H
#define PR_APPLY_SVC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "apply/plan.h"
#include "apply/svc_parse.h"
#include "base/diag.h"
#include "base/str.h"
#include "port/world.h"

struct svc {
	const struct world *world;
	const char *config_dir;  /* absolute */
	const char *command_dir; /* where postfix, postconf ... are; NULL: /usr/sbin */
	const char *systemctl;   /* NULL: /usr/bin/systemctl */
	const char *queue_dir;   /* queue_directory, expanded; NULL: /var/spool/postfix */
	const char *proc;        /* NULL: /proc */
	const char *run_systemd; /* there while systemd runs; NULL: /run/systemd/system */
	bool is_hasty; /* a master is looked for only on its own queue: the list of locks
			  takes the kernel milliseconds */
	int limit_ms;  /* time limit of one program; 0: 60 s. A main.cf written just
			  now makes each program wait 2.4 s, so not below 10 s */
	int held; /* > 0: a lock that every program keeps while it is at work, but for a
		     start, whose daemons stay */
	/* Send SIGTERM; NULL: the kernel's own. For tests. */
	bool (*terminate)(void *ctx, pid_t pid);
	void *terminate_ctx;
};

enum svc_program {
	SVC_POSTCONF,
	SVC_POSTFIX,
	SVC_POSTALIAS,
	SVC_POSTMAP,
	SVC_NEWALIASES,
	SVC_POSTQUEUE,
	SVC_PROGRAMS
};

/* What the installed Postfix is and can do. Freed by svc_probe_free(). */
struct svc_probe {
	char *path[SVC_PROGRAMS];    /* NULL: not found */
	char *version;               /* "3.7.11"; "" not known */
	char *default_database_type; /* "hash"; "" not known */
	char *types;                 /* `postconf -m`, one a line */
	bool relay_list;             /* relayhost may name several (3.5) */
	bool masters_listed;         /* `postconf -M` gives the services (2.9) */
};

/* Find the programs and ask postconf (three runs; works with a broken main.cf). False,
 * with a finding, when postconf isn't there or doesn't run. */
bool svc_probe(const struct svc *svc, struct svc_probe *out, struct diags *d);
void svc_probe_free(struct svc_probe *p);

/* The absolute path of a program, or NULL; the caller frees it. No finding. */
char *svc_find(const struct svc *svc, enum svc_program program);

/* Values from `postconf -d` output alone: gates and version. Pure. */
void svc_probe_defaults(struct svc_probe *p, struct sv defaults);

/* Value of NAME as Postfix sees it, expanded (`postconf -c DIR`); NULL when it can't say.
 * The caller frees it. */
char *svc_value(const struct svc *svc, const char *name);

/* The master of a queue. */
struct svc_master {
	enum svc_state state; /* RUNNING, STOPPED or FOREIGN */
	pid_t pid;
	time_t since;      /* when it started */
	bool verified;     /* its folder could be read and is ours */
	bool hidden;       /* STOPPED, but its pid file is not ours to read: it may run */
	char folder[1024]; /* FOREIGN: its configuration folder, "" not known */
};

/* Look at master.pid and /proc; runs no program. A pid file without its process is
 * STOPPED, unless a master of root's with this very folder holds another queue, that of
 * before a change of queue_directory: that is RUNNING. Where /proc/PID can't be read (not
 * root) a running master counts as RUNNING, not verified. */
void svc_quick_state(const struct svc *svc, struct svc_master *out);

/* A file of /proc/PID, appended to out; false when it can't be read. */
bool svc_proc_read(const struct svc *svc, pid_t pid, const char *name, struct str *out);

/* When this master's daemons read the files last, by a start or a reload; 0: not known.
 */
time_t svc_settings_read(const struct svc *svc, pid_t master);

/* "main.cf" or "master.cf", the first that was written after that; NULL: none. */
const char *svc_newer_file(const struct svc *svc, time_t read);

/* Do the folder, main.cf, master.cf and all folders above (links followed and judged)
 * belong to root, and can nobody else write them? Else a finding that names the path, a
 * copy of which goes to *which (NULL: not wanted). */
bool svc_folder_safe(const struct svc *svc, char **which, struct diags *d);

/* The same for one path; what isn't there is safe. */
bool svc_path_safe(const struct svc *svc, const char *path);

/* svc_quick_state, with UNSAFE and ABSENT put over it: the state for a plan. *whose is
 * the text for plan_input.whose, or NULL; the caller frees it. */
enum svc_state svc_state(
	const struct svc *svc, struct svc_master *m, char **whose, struct diags *d);

/* Let Postfix read a candidate main.cf: copies in a fresh folder in state_dir (which must
 * be private), `postconf -n`, and with `act` also `postmap -q`. Errors and warnings come
 * as findings with the real file's name and line. True when Postfix takes it. */
bool svc_judge(const struct svc *svc, const char *state_dir, struct sv main_cf, bool act,
	struct diags *d);

/* The folder in state_dir in which svc_judge lets Postfix read main_cf, with what Postfix
 * wants beside it; NULL with a finding. The caller removes it (txn_judge_remove) and
 * frees the name. */
char *svc_candidate(
	const struct svc *svc, const char *state_dir, struct sv main_cf, struct diags *d);

enum svc_verb { SVC_STOP, SVC_START, SVC_RELOAD };

/* The systemd unit that owns this master, or NULL; the caller frees it. */
char *svc_unit(const struct svc *svc, const struct svc_master *m);

/* The unit that starts the main Postfix of this machine while none runs, or NULL; the
 * caller frees it. */
char *svc_unit_down(const struct svc *svc);

/* Do it, by systemd if unit is given, else by `postfix -c DIR` on a terminal of its own.
 * STOP ends only when the master is gone (by SIGTERM to the verified master where
 * `postfix stop` dies), START only when it is there. m is the master as it was before. */
bool svc_act(const struct svc *svc, enum svc_verb verb, const struct svc_master *m,
	const char *unit, struct diags *d);

/* Rebuild what alias_database names; true also with warnings, which become findings. */
bool svc_newaliases(const struct svc *svc, struct diags *d);

/* `postalias -c DIR TYPE:FILE` and `postmap -c DIR TYPE:FILE` (typefile: either form).
 * map may be NULL. */
bool svc_build(const struct svc *svc, enum svc_program program, const char *typefile,
	const struct svc_said_map *map, struct diags *d);

/* Does the built table answer for key? Absent answers are a finding when `want` is true,
 * present ones when it is false. shown: what it is called there. */
bool svc_table_has(const struct svc *svc, const char *typefile, const char *shown,
	const char *key, bool want, struct diags *d);

/* How many entries it has, SIZE_MAX when it can't tell or they are too many to list;
 * false with a finding when it can't be asked at all. */
bool svc_table_count(const struct svc *svc, enum svc_program program,
	const char *typefile, size_t *n, struct diags *d);

/* How many messages are deferred; counting ends at `most`. 0 also where the queue can't
 * be read. */
size_t svc_deferred(const struct svc *svc, size_t most);

/* Let Postfix try all of them now (`postqueue -f`): it begins, and goes on by itself. */
bool svc_flush(const struct svc *svc, struct diags *d);

/* Run a program of Postfix with these arguments ({"-c", dir, ..., NULL} follow the path);
 * false with a finding when it isn't there, can't be started or passes its time limit. */
bool svc_run(const struct svc *svc, enum svc_program program, const char *const *args,
	struct run_res *res, struct diags *d);

/* As svc_run for any absolute path. tty: stderr on a terminal; keep: never killed. */
bool svc_run_path(const struct svc *svc, const char *path, const char *const *args,
	unsigned flags, struct run_res *res, struct diags *d);

enum { SVC_RUN_TTY = 1, SVC_RUN_KEEP = 2, SVC_RUN_STAYS = 4 };

/* A small file's bytes (at most 1 MiB) appended to out; false when it can't be read. */
bool svc_slurp(const struct svc *svc, const char *path, struct str *out);

const char *svc_command_dir(const struct svc *svc);
const char *svc_proc(const struct svc *svc);

#endif
