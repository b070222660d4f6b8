/* SPDX-License-Identifier: MIT
 *
 * One change of main.cf on a pretended machine whose Postfix runs, ready to be applied.
 */
#ifndef PR_APPLY_RIG_H
#define PR_APPLY_RIG_H

#include <fts.h>

#include "apply/apply.h"
#include "apply/readfile.h"
#include "base/mem.h"
#include "fake/fake_postfix.h"

#define OLD "inet_interfaces = localhost\n"
#define NEW "inet_interfaces = all\n"
#define N(v) (sizeof(v) / sizeof(v)[0])

struct fixture {
	struct fake_postfix pf;
	struct svc svc;
	struct apply_req req;
	struct plan_input in;
	struct plan_file file;
	struct change change;
	struct txn_want want;
	struct fileid loaded;
	struct svc_listen addr;
	struct apply_table table;
	char *path;
	struct apply_result r;
	struct str steps; /* one sign a step that ended: o ok, ? doubt, ! bad */
	int backs;        /* asked so often whether it is wished back */
	int back_at;
	bool late; /* the wish counts after the swap, too */
};

static inline enum plan_need
needs(const char *param)
{
	return strcmp(param, "inet_interfaces") == 0 ? PLAN_NEED_RESTART
						     : PLAN_NEED_RELOAD;
}

static inline bool
emit(const void *src, txn_sink *sink, void *ctx)
{
	return sink(ctx, src, strlen(src));
}

static const char *const well[] = {"S:220 a ESMTP\r\n", "C:EHLO *", "S:250 a\r\n",
	"C:MAIL *", "S:250 Ok\r\n", "C:RCPT *", "S:250 Ok\r\n", "C:RCPT *",
	"S:550 5.1.1 unknown\r\n", "C:RSET\r\n", "S:250 Ok\r\n", "C:QUIT\r\n",
	"S:221 Bye\r\n", NULL};
static const struct fake_service service = {"127.0.0.1", 25, 0, well};

static inline void
load(struct fixture *x)
{
	struct readfile f;

	assert_int_equal(readfile_load(&x->pf.world.fs, x->path, &f, NULL), READFILE_OK);
	x->loaded = f.id;
	readfile_free(&f);
}

static inline int
setup(void **state)
{
	struct fixture *x = mem_new(1, sizeof *x);

	fake_postfix_init(&x->pf);
	x->path = str_format("%s/main.cf", x->pf.conf);
	x->svc = (struct svc){.world = &x->pf.world,
		.config_dir = x->pf.conf,
		.command_dir = x->pf.bin,
		.queue_dir = x->pf.queue,
		.proc = x->pf.proc,
		.run_systemd = "/proc/none"};
	fake_postfix_write(&x->pf, "conf/main.cf", OLD);
	fake_postfix_write(&x->pf, "conf/master.cf", "smtp inet n - n - - smtpd\n");
	fake_postfix_write(&x->pf, "maillog", "");
	x->pf.net = (struct fake_net){.services = &service, .n = 1};
	fake_postfix_start(&x->pf, 4711, NULL);
	load(x);
	x->file = (struct plan_file){.role = PLAN_MAIN_CF, .path = x->path};
	x->change =
		(struct change){CHANGE_PARAM, 0, "inet_interfaces", "localhost", "all"};
	x->in = (struct plan_input){.files = &x->file,
		.nfiles = 1,
		.changes = &x->change,
		.nchanges = 1,
		.needs = needs};
	x->want = (struct txn_want){.path = x->path,
		.loaded = &x->loaded,
		.emit = emit,
		.src = NEW,
		.main_cf = true};
	x->addr = (struct svc_listen){.fam = 4, .addr = {127, 0, 0, 1}};
	x->req = (struct apply_req){.svc = &x->svc,
		.state_dir = x->pf.state,
		.changed = &x->in,
		.want = &x->want,
		.nwant = 1,
		.before = {&x->addr, 1, x->pf.log},
		.after = {&x->addr, 1, x->pf.log}};
	*state = x;
	return 0;
}

static inline int
teardown(void **state)
{
	struct fixture *x = *state;

	apply_result_free(&x->r);
	str_free(&x->steps);
	free(x->path);
	fake_postfix_free(&x->pf);
	free(x);
	return 0;
}

static inline void
assert_main_cf(struct fixture *x, const char *want)
{
	char *text = fake_postfix_read(&x->pf, "conf/main.cf");

	assert_string_equal(text, want);
	free(text);
}

/* Programs as they are on disk while they run: stop sees the old file, the others the
 * new. */
static inline void
sees_old_and_stops(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *text = fake_postfix_read(pf, "conf/main.cf");

	(void)req;
	assert_string_equal(text, OLD);
	fake_postfix_stop(pf, 4711);
	free(text);
}

static inline void
sees_new_and_starts(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *text = fake_postfix_read(pf, "conf/main.cf");

	(void)req;
	assert_string_equal(text, NEW);
	fake_postfix_start(pf, 4712, NULL);
	free(text);
}

static inline void
starts_old(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *text = fake_postfix_read(pf, "conf/main.cf");

	(void)req;
	assert_string_equal(text, OLD);
	fake_postfix_start(pf, 4711, NULL);
	free(text);
}

static inline void
says_fatal_in_log(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_write(ctx, "maillog",
		"Nov 24 03:26:09 a postfix/smtpd[77]: fatal: open dictionary\n");
}

/* inet_interfaces was edited by hand, and the reload for something else tells so: that
 * was so before. */
static inline void
says_ignored_in_log(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_write(ctx, "maillog",
		"Nov 24 03:26:07 relay postfix/master[620]: reload -- version 3.7.11\n"
		"Nov 24 03:26:07 relay postfix/master[620]: warning: service smtp: "
		"ignoring inet_interfaces change\n");
}

/* The change is one of conf/al instead, whose table is of that type. */
static inline void
change_aliases(struct fixture *x, const char *type)
{
	free(x->path);
	x->path = str_format("%s/al", x->pf.conf);
	fake_postfix_write(&x->pf, "conf/al", OLD);
	load(x);
	x->file = (struct plan_file){.role = PLAN_ALIASES,
		.path = x->path,
		.type = type,
		.in_database = true,
		.in_maps = true};
	x->in.nchanges = 0;
	x->want.path = x->path;
	x->want.main_cf = false;
	x->table = (struct apply_table){PLAN_NEWALIASES, type, x->path, 0};
	x->req.tables = &x->table;
	x->req.ntables = 1;
}

/* As postalias would: the text's own bytes are the table. argv: postalias -c DIR
 * TYPE:FILE. */
static inline void
builds(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	const char *file = strchr(req->argv[3], ':') + 1;
	const char *name = file + strlen(pf->root) + 1;
	char *text = fake_postfix_read(pf, name), *db = str_format("%s.db", name);

	fake_postfix_write(pf, db, text);
	free(text);
	free(db);
}

static inline void
assert_file(struct fixture *x, const char *name, const char *want)
{
	char *text = fake_postfix_read(&x->pf, name);

	assert_string_equal(text, want);
	free(text);
}

/* Nothing of ours, and nothing of a builder's, stands beside the files. */
static inline void
assert_no_litter(struct fixture *x)
{
	char *names[] = {x->pf.conf, NULL};
	FTS *t = fts_open(names, FTS_PHYSICAL, NULL);
	FTSENT *e;

	while ((e = fts_read(t)) != NULL)
		assert_false(e->fts_name[0] == '.' && e->fts_level > 0);
	fts_close(t);
}

static inline void
see_step(void *ctx, size_t i, const struct apply_step *s)
{
	struct fixture *x = ctx;

	(void)i;
	if (s->state >= APPLY_OK)
		str_add_char(&x->steps, "wro?!<"[s->state]);
}

static inline bool
wish_back(void *ctx, bool swapped)
{
	struct fixture *x = ctx;

	return ++x->backs == x->back_at && (!swapped || x->late);
}

/* Run with this script; argv[0] gets the programs' folder before it. */
static inline void
script(struct fixture *x, struct fake_cmd *cmds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cmds[i].argv = str_format("%s/%s", x->pf.bin, cmds[i].argv);
	fake_postfix_script(&x->pf, cmds, n);
}

static inline void
unscript(struct fake_cmd *cmds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((char *)cmds[i].argv);
}

static inline void
run(struct fixture *x, struct fake_cmd *cmds, size_t n)
{
	const struct apply_watch watch = {.ctx = x, .step = see_step, .back = wish_back};

	script(x, cmds, n);
	apply_run(&x->req, &watch, &x->r);
	assert_true(fake_run_done(&x->pf.run));
	unscript(cmds, n);
}

#define JUDGE                                                                            \
	{.argv = "postconf -c * -n"},                                                    \
	{                                                                                \
		.argv = "postmap -c * -q x static:x"                                     \
	}

/* All is as before: bytes, inode, and nothing of ours beside it. */
static inline void
assert_back(struct fixture *x)
{
	assert_main_cf(x, OLD);
	assert_false(x->r.written);
	assert_true(x->r.put_back);
	assert_true(readfile_is_current(&x->pf.world.fs, x->path, &x->loaded));
	assert_no_litter(x);
}

#define APPLY_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
