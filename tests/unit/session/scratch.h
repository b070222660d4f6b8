/* SPDX-License-Identifier: MIT
 *
 * A session over files that a test writes into a folder of its own, with a scripted
 * postconf, NICs from a table, and the real file system.
 */
#ifndef PR_TEST_SCRATCH_H
#define PR_TEST_SCRATCH_H

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake/fake_clock.h"
#include "fake/fake_net.h"
#include "fake/fake_nic.h"
#include "fake/fake_run.h"
#include "session/review.h"
#include "session/session.h"
#include "session/settings.h"
#include "sys/fs.h"

struct scratch {
	char dir[64], aliases[96], state[96];
	struct fake_run run;
	struct fake_nic nic;
	struct fake_clock clock;
	struct fake_net net;
	struct settings set;
	struct world world;
	struct session *s;
};

static const char *const scratch_nics[] = {"lo 127.0.0.1/8 up loopback",
	"lo ::1/128 up loopback", "lan0 192.168.1.1/24 up", "lan1 192.168.2.1/24 up",
	"wan0 203.0.113.5/24 up", NULL};

static const struct fake_cmd scratch_postconf[] = {
	{.argv = "/usr/sbin/postconf -d",
		.out = "alias_database = hash:/etc/aliases\nalias_maps = "
		       "hash:/etc/aliases\n"
		       "inet_interfaces = all\ninfo_log_address_format = external\n"
		       "mail_version = 3.7.11\nmynetworks = \nqueue_directory = "
		       "/nonexistent\n"
		       "relayhost = \nsmtp_tls_wrappermode = no\n",
		.always = true},
	{.argv = "/usr/sbin/postconf -c * mynetworks",
		.out = "mynetworks = 127.0.0.0/8 192.168.1.0/24 203.0.113.0/24 "
		       "[::1]/128\n",
		.always = true},
	/* the judge of an apply */
	{.argv = "/usr/sbin/postconf -c * -n", .always = true},
};

static inline void
scratch_write(const char *dir, const char *name, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

/* A session over what is there now; o: what else than the folder differs. */
static inline void
scratch_reopen_with(struct scratch *x, struct ses_opts o)
{
	o.config_dir = x->dir;
	o.aliases_file = x->aliases;
	o.state_dir = x->state;
	ses_close(x->s);
	x->s = ses_open(&o, &x->set, &x->world);
}

static inline void
scratch_reopen(struct scratch *x)
{
	scratch_reopen_with(x, (struct ses_opts){0});
}

/* Postfix has answered everything. */
static inline void
scratch_ask_all(struct scratch *x)
{
	for (int i = 0; i < SES_ASKS; i++)
		(void)ses_wait(x->s, (enum ses_ask)i, NULL);
}

static inline void
scratch_open(struct scratch *x, const char *main_cf, const char *aliases)
{
	memset(x, 0, sizeof(*x));
	strncpy(x->dir, "/tmp/postrelay-test-XXXXXX", sizeof(x->dir) - 1);
	if (!mkdtemp(x->dir))
		abort();
	snprintf(x->aliases, sizeof(x->aliases), "%s/aliases", x->dir);
	snprintf(x->state, sizeof(x->state), "%s/state", x->dir);
	scratch_write(x->dir, "main.cf", main_cf);
	scratch_write(x->dir, "aliases", aliases);
	x->run.script = scratch_postconf;
	x->run.n = sizeof(scratch_postconf) / sizeof(scratch_postconf[0]);
	x->nic.rows = scratch_nics;
	x->world = (struct world){.run = fake_run_port(&x->run),
		.fs = sys_fs(),
		.nic = fake_nic_port(&x->nic),
		.clock = fake_clock_port(&x->clock)};
	x->set = (struct settings){.config_dir = x->dir,
		.command_dir = (char *)(uintptr_t) "/usr/sbin",
		.systemctl = (char *)(uintptr_t) "/usr/bin/systemctl",
		.getent = (char *)(uintptr_t) "/usr/bin/getent",
		.program_seconds = 60};
	scratch_reopen(x);
}

static inline void
scratch_close(struct scratch *x)
{
	char path[200];

	ses_close(x->s);
	snprintf(path, sizeof(path), "%s/main.cf", x->dir);
	unlink(path);
	unlink(x->aliases);
	snprintf(path, sizeof(path), "%s/nets", x->dir);
	unlink(path);
	rmdir(x->dir);
	fake_run_free(&x->run);
}

/* --- applies and their history, in the state folder --- */

static inline void
scratch_keep_history(struct scratch *x)
{
	x->set.history_keep = 100;
	x->set.history_days = 1000;
	x->set.history_megabytes = 100;
}

static inline int
scratch_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static inline void
scratch_close_all(struct scratch *x)
{
	nftw(x->state, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
	scratch_close(x);
}

/* The unified diff of what waits, without its two heading lines and its context. */
static inline char *
scratch_diff(struct scratch *x)
{
	struct str diff = {0}, out = {0};
	struct sv rest, line;

	ses_review_diff(x->s, &diff);
	rest = str_sv(&diff);
	while (sv_line(&rest, &line)) {
		if (!sv_starts(line, "-") && !sv_starts(line, "+"))
			continue;
		if (sv_starts(line, "---") || sv_starts(line, "+++"))
			continue;
		str_addf(&out, "%.*s\n", (int)line.n, line.p);
	}
	str_free(&diff);
	return str_take(&out);
}

#define assert_diff(x, want)                                                             \
	do {                                                                             \
		char *diff_ = scratch_diff(x);                                           \
                                                                                         \
		assert_string_equal(diff_, want);                                        \
		free(diff_);                                                             \
	} while (0)

static inline size_t
scratch_changes(struct scratch *x)
{
	const struct ses_change *v;

	return ses_changes(x->s, &v);
}

#endif
