/* SPDX-License-Identifier: MIT
 *
 * A pretended Postfix, and the programs that a test lets it have.
 */
#ifndef PR_SVC_RIG_H
#define PR_SVC_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "apply/svc_health.h"
#include "base/mem.h"
#include "fake/fake_postfix.h"

struct fixture {
	struct fake_postfix pf;
	struct svc svc;
	struct diags d;
	int terminated;
	bool dies; /* SIGTERM ends it */
};

static inline bool
terminate(void *ctx, pid_t pid)
{
	struct fixture *x = ctx;

	x->terminated = pid;
	if (x->dies)
		fake_postfix_stop(&x->pf, pid);
	return true;
}

static inline int
setup(void **state)
{
	struct fixture *x = mem_new(1, sizeof *x);

	fake_postfix_init(&x->pf);
	x->svc = (struct svc){.world = &x->pf.world,
		.config_dir = x->pf.conf,
		.command_dir = x->pf.bin,
		.queue_dir = x->pf.queue,
		.proc = x->pf.proc,
		.run_systemd = "/proc/none",
		.terminate = terminate,
		.terminate_ctx = x};
	fake_postfix_write(&x->pf, "conf/main.cf", "myhostname = a.test\n");
	fake_postfix_write(&x->pf, "conf/master.cf", "smtp inet n - n - - smtpd\n");
	mkdir(x->pf.state, 0700);
	*state = x;
	return 0;
}

static inline int
teardown(void **state)
{
	struct fixture *x = *state;

	diag_clear(&x->d);
	fake_postfix_free(&x->pf);
	free(x);
	return 0;
}

/* argv pattern with %B for the programs' folder and %C for the configuration's. */
static inline char *
pattern(const struct fixture *x, const char *form)
{
	struct str s = {0};

	for (const char *p = form; *p; p++) {
		if (p[0] == '%' && p[1] == 'B')
			str_add_cstr(&s, x->pf.bin);
		else if (p[0] == '%' && p[1] == 'C')
			str_add_cstr(&s, x->pf.conf);
		else {
			str_add_char(&s, *p);
			continue;
		}
		p++;
	}
	return str_take(&s);
}

/* Install a script; the patterns are freed by drop_script. */
static inline void
script(struct fixture *x, struct fake_cmd *cmds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cmds[i].argv = pattern(x, cmds[i].argv);
	fake_postfix_script(&x->pf, cmds, n);
}

static inline void
drop_script(struct fixture *x, struct fake_cmd *cmds, size_t n)
{
	assert_true(fake_run_done(&x->pf.run));
	for (size_t i = 0; i < n; i++)
		free((char *)cmds[i].argv);
}

#define N(v) (sizeof(v) / sizeof(v)[0])

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
