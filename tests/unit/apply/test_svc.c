/* SPDX-License-Identifier: MIT
 *
 * Postfix as a service, over a pretended machine: whose master, may it be touched, what
 * it says, and whether the actions really did it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/svc.h"
#include "apply/svc_health.h"
#include "apply/txn.h"
#include "base/mem.h"
#include "fake/fake_postfix.h"

struct fixture {
	struct fake_postfix pf;
	struct svc svc;
	struct diags d;
	int terminated;
	bool dies; /* SIGTERM ends it */
};

static bool
terminate(void *ctx, pid_t pid)
{
	struct fixture *x = ctx;

	x->terminated = pid;
	if (x->dies)
		fake_postfix_stop(&x->pf, pid);
	return true;
}

static int
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

static int
teardown(void **state)
{
	struct fixture *x = *state;

	diag_clear(&x->d);
	fake_postfix_free(&x->pf);
	free(x);
	return 0;
}

/* argv pattern with %B for the programs' folder and %C for the configuration's. */
static char *
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
static void
script(struct fixture *x, struct fake_cmd *cmds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cmds[i].argv = pattern(x, cmds[i].argv);
	fake_postfix_script(&x->pf, cmds, n);
}

static void
drop_script(struct fixture *x, struct fake_cmd *cmds, size_t n)
{
	assert_true(fake_run_done(&x->pf.run));
	for (size_t i = 0; i < n; i++)
		free((char *)cmds[i].argv);
}

#define N(v) (sizeof(v) / sizeof(v)[0])

static void
probe_asks_postconf_and_not_the_number(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "%B/postconf -d mail_version default_database_type "
			 "info_log_address_format enable_long_queue_ids",
			.out = "mail_version = 3.4.23\ndefault_database_type = hash\n"
			       "enable_long_queue_ids = no\n",
			.err = "postconf: warning: info_log_address_format: unknown "
			       "parameter\n"},
		{.argv = "%B/postconf -c %C -m", .out = "btree\nhash\nstatic\n"}};
	struct svc_probe p;

	script(x, cmds, N(cmds));
	assert_true(svc_probe(&x->svc, &p, &x->d));
	assert_string_equal(p.version, "3.4.23");
	assert_string_equal(p.default_database_type, "hash");
	assert_false(p.relay_list);
	assert_true(p.masters_listed);
	assert_true(svc_list_has(sv_of(p.types), "btree"));
	assert_non_null(p.path[SVC_NEWALIASES]);
	svc_probe_free(&p);
	drop_script(x, cmds, N(cmds));
}

static void
probe_without_postfix_is_a_finding(void **state)
{
	struct fixture *x = *state;
	struct svc_probe p;

	x->svc.command_dir = x->pf.queue;
	assert_false(svc_probe(&x->svc, &p, &x->d));
	assert_int_equal(x->d.v[0].code, DIAG_PF_MISSING);
	svc_probe_free(&p);
}

static void
quick_state_knows_whose_master(void **state)
{
	struct fixture *x = *state;
	struct svc_master m;

	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	fake_postfix_start(&x->pf, 4711, NULL);
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_RUNNING);
	assert_int_equal(m.pid, 4711);
	assert_true(m.verified);
	assert_true(m.since > 0);
	fake_postfix_start(&x->pf, 4711, "/srv/other");
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_FOREIGN);
	assert_string_equal(m.folder, "/srv/other");
	/* its environment can't be read: somebody's master, not known whose */
	fake_postfix_write(&x->pf, "proc/4711/environ", "");
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_RUNNING);
	assert_false(m.verified);
	/* dead but not yet collected; another program with that number; nothing */
	fake_postfix_write(&x->pf, "proc/4711/stat", "4711 (master) Z 1 1\n");
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	fake_postfix_write(&x->pf, "proc/4711/stat", "4711 (bash) S 1 1\n");
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	fake_postfix_stop(&x->pf, 4711);
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	assert_int_equal(m.pid, 0);
	assert_false(m.hidden);
}

/* The file names another queue since it started. */
static void
quick_state_finds_a_master_on_another_queue(void **state)
{
	struct fixture *x = *state;
	char *root = str_format("%s/4711/root", x->pf.proc);
	struct svc_master m;

	fake_postfix_start(&x->pf, 4711, NULL);
	x->svc.queue_dir = x->pf.bin; /* no master.pid there */
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED); /* it can't be seen that it is ours */
	assert_int_equal(symlink("/", root), 0);
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_RUNNING);
	assert_int_equal(m.pid, 4711);
	assert_true(m.verified);
	x->svc.is_hasty = true;
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	x->svc.is_hasty = false;
	/* a container's: the same name, but another folder */
	assert_int_equal(unlink(root), 0);
	assert_int_equal(symlink(x->pf.conf, root), 0);
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	assert_int_equal(unlink(root), 0);
	assert_int_equal(symlink("/", root), 0);
	fake_postfix_start(&x->pf, 4711, "/srv/other");
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_STOPPED);
	free(root);
}

static void
touch(const struct fixture *x, const char *name, time_t when)
{
	char *path = str_format("%s/%s", x->pf.root, name);
	const struct timespec t[2] = {{.tv_sec = when}, {.tv_sec = when}};

	assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
	free(path);
}

static void
settings_are_as_old_as_the_queue_manager(void **state)
{
	enum { READ = 1790000000 };
	struct fixture *x = *state;

	fake_postfix_write(&x->pf, "conf/main.cf", "");
	fake_postfix_write(&x->pf, "conf/master.cf", "");
	fake_postfix_start(&x->pf, 4711, NULL);
	assert_int_equal(svc_settings_read(&x->svc, 4711), 0); /* not known */
	fake_postfix_reloaded(&x->pf, 4711, READ);
	assert_int_equal(svc_settings_read(&x->svc, 4711), READ);
	touch(x, "conf/main.cf", READ + 2); /* it was read anew until then */
	touch(x, "conf/master.cf", READ - 100);
	assert_null(svc_newer_file(&x->svc, READ));
	touch(x, "conf/master.cf", READ + 60);
	assert_string_equal(svc_newer_file(&x->svc, READ), "master.cf");
	touch(x, "conf/master.cf", READ + 3600); /* the clock was set back since */
	assert_null(svc_newer_file(&x->svc, READ));
	touch(x, "conf/main.cf", READ + 4);
	assert_string_equal(svc_newer_file(&x->svc, READ), "main.cf");
}

/* master.pid is 0600 root: others can't say that Postfix is down. */
static void
quick_state_without_right_to_read_is_hidden(void **state)
{
	struct fixture *x = *state;
	struct svc_master m;

	fake_postfix_start(&x->pf, 4711, NULL);
	x->pf.fs.fail_at = x->pf.fs.calls + 1;
	x->pf.fs.fail_errno = EACCES;
	svc_quick_state(&x->svc, &m);
	assert_true(m.hidden);
	assert_int_equal(m.state, SVC_STOPPED);
}

static void
quick_state_same_folder_by_another_name_is_ours(void **state)
{
	struct fixture *x = *state;
	char *link = str_format("%s/link", x->pf.root);
	struct svc_master m;

	assert_int_equal(symlink(x->pf.conf, link), 0);
	fake_postfix_start(&x->pf, 4711, link);
	svc_quick_state(&x->svc, &m);
	assert_int_equal(m.state, SVC_RUNNING);
	assert_true(m.verified);
	free(link);
}

static void
folder_safe_names_what_others_can_write(void **state)
{
	struct fixture *x = *state;
	char *base =
		mem_strndup(x->pf.root, (size_t)(strrchr(x->pf.root, '/') - x->pf.root));
	const char *const open[] = {"/conf", "/conf/main.cf", "/conf/master.cf", base};
	char *which = NULL;

	assert_true(svc_folder_safe(&x->svc, NULL, &x->d));
	assert_int_equal(x->d.n, 0);
	for (size_t i = 0; i < N(open); i++) {
		x->pf.open = open[i];
		assert_false(svc_folder_safe(&x->svc, &which, &x->d));
		assert_true(sv_ends(sv_of(which), open[i]));
		assert_int_equal(x->d.v[i].code, DIAG_FILE_UNSAFE);
		free(which);
	}
	free(base);
}

static void
folder_safe_judges_what_links_lead_to(void **state)
{
	struct fixture *x = *state;
	char *file = str_format("%s/conf/main.cf", x->pf.root);
	char *loop = str_format("%s/loop", x->pf.root);

	unlink(file);
	assert_int_equal(symlink("../queue/main.cf", file), 0);
	fake_postfix_write(&x->pf, "queue/main.cf", "a = b\n");
	assert_true(svc_folder_safe(&x->svc, NULL, &x->d));
	x->pf.open = "/queue/main.cf";
	assert_false(svc_folder_safe(&x->svc, NULL, NULL));
	x->pf.open = NULL;
	assert_int_equal(symlink("loop", loop), 0);
	x->svc.config_dir = loop;
	assert_false(svc_folder_safe(&x->svc, NULL, NULL));
	free(file);
	free(loop);
}

static void
look_at_staging(void *ctx, const struct run_req *req)
{
	struct fake_postfix *pf = ctx;
	char *path = str_format("%s/main.cf", req->argv[2]);
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mtime, pf->clock.now + pf->clock.ms / 1000 - 60);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(path);
}

static void
judge_errors_name_the_real_file(void **state)
{
	struct fixture *x = *state;
	char *left = txn_judge_folder(x->pf.state, x->pf.conf);
	char *err = str_format("postconf: fatal: %s/main.cf, line 2: missing '=' "
			       "after attribute name: \"junk\"\n",
		left);
	struct fake_cmd cmds[] = {{.argv = "%B/postconf -c * -n",
		.err = err,
		.status = 1,
		.act = look_at_staging}};
	char *main_cf = str_format("%s/main.cf", x->pf.conf);

	script(x, cmds, N(cmds));
	assert_false(
		svc_judge(&x->svc, x->pf.state, sv_of("a = b\njunk\n"), true, &x->d));
	assert_int_equal(x->d.n, 1);
	assert_string_equal(x->d.v[0].loc.file, main_cf);
	assert_int_equal(x->d.v[0].loc.line, 2);
	assert_int_equal(access(left, F_OK), -1);
	drop_script(x, cmds, N(cmds));
	free(err);
	free(main_cf);
	free(left);
}

static void
judge_takes_the_place_of_a_dead_one(void **state)
{
	struct fixture *x = *state;
	char *left = txn_judge_folder(x->pf.state, x->pf.conf);
	char *file = str_format("%s/main.cf", left);
	struct fake_cmd cmds[] = {
		{.argv = "%B/postconf -c * -n", .act = look_at_staging}};
	FILE *f;

	assert_int_equal(mkdir(left, 0700), 0);
	f = fopen(file, "w");
	assert_non_null(f);
	fputs("my_password = x\n", f);
	fclose(f);
	script(x, cmds, N(cmds));
	assert_true(svc_judge(&x->svc, x->pf.state, sv_of("a = b\n"), false, &x->d));
	assert_int_equal(access(left, F_OK), -1);
	drop_script(x, cmds, N(cmds));
	free(file);
	free(left);
}

static void
judge_without_act_runs_postconf_alone(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postconf -c * -n", .out = "a = b\n"}};

	script(x, cmds, N(cmds));
	assert_true(svc_judge(&x->svc, x->pf.state, sv_of("a = b\n"), false, &x->d));
	assert_int_equal(x->d.n, 0);
	drop_script(x, cmds, N(cmds));
}

static void
judge_postmap_sees_more(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postconf -c * -n"},
		{.argv = "%B/postmap -c * -q x static:x",
			.status = 1,
			.err = "postmap: fatal: config variable inet_interfaces: host "
			       "not "
			       "found: eth0\n"}};

	script(x, cmds, N(cmds));
	assert_false(svc_judge(&x->svc, x->pf.state, sv_of("a = b\n"), true, &x->d));
	assert_int_equal(x->d.n, 1);
	assert_non_null(strstr(x->d.v[0].text, "host not found: eth0"));
	drop_script(x, cmds, N(cmds));
}

static void
stops(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_stop(ctx, 4711);
}

static void
starts(void *ctx, const struct run_req *req)
{
	(void)req;
	fake_postfix_start(ctx, 4712, NULL);
}

static void
act_stop_waits_for_the_end(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postfix -c %C stop", .act = stops}};
	struct svc_master m;

	fake_postfix_start(&x->pf, 4711, NULL);
	svc_quick_state(&x->svc, &m);
	script(x, cmds, N(cmds));
	assert_true(svc_act(&x->svc, SVC_STOP, &m, NULL, &x->d));
	assert_int_equal(x->pf.run.tty, 1);
	assert_int_equal(x->terminated, 0);
	drop_script(x, cmds, N(cmds));
}

static void
act_stop_that_dies_ends_the_verified_master(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postfix -c %C stop",
		.status = 1,
		.err = "postfix: fatal: parameter inet_interfaces: no local "
		       "interface found "
		       "for 192.0.2.1\n"}};
	struct svc_master m;

	fake_postfix_start(&x->pf, 4711, NULL);
	svc_quick_state(&x->svc, &m);
	x->dies = true;
	script(x, cmds, N(cmds));
	assert_true(svc_act(&x->svc, SVC_STOP, &m, NULL, &x->d));
	assert_int_equal(x->terminated, 4711);
	assert_int_equal(x->d.n, 0);
	drop_script(x, cmds, N(cmds));
}

static void
act_stop_that_never_ends_is_told(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postfix -c %C stop"}};
	struct svc_master m;

	fake_postfix_start(&x->pf, 4711, NULL);
	svc_quick_state(&x->svc, &m);
	script(x, cmds, N(cmds));
	assert_false(svc_act(&x->svc, SVC_STOP, &m, NULL, &x->d));
	assert_int_equal(x->d.v[0].code, DIAG_PF_TIMEOUT);
	drop_script(x, cmds, N(cmds));
}

static void
act_start_is_believed_only_with_a_master(void **state)
{
	struct fixture *x = *state;
	/* 2.6 says 0 with the port taken */
	struct fake_cmd cmds[] = {{.argv = "%B/postfix -c %C start"},
		{.argv = "%B/postfix -c %C start", .act = starts}};
	struct svc_master m;

	svc_quick_state(&x->svc, &m);
	script(x, cmds, N(cmds));
	assert_false(svc_act(&x->svc, SVC_START, &m, NULL, &x->d));
	assert_int_equal(x->d.v[0].code, DIAG_PF_DOWN);
	diag_clear(&x->d);
	assert_true(svc_act(&x->svc, SVC_START, &m, NULL, &x->d));
	assert_int_equal(x->pf.run.never_kill, 2);
	drop_script(x, cmds, N(cmds));
}

static void
act_by_systemd_where_it_owns_the_master(void **state)
{
	struct fixture *x = *state;
	char *systemctl = str_format("%s/systemctl", x->pf.bin);
	struct fake_cmd cmds[] = {{.argv = "%B/systemctl reload postfix@-.service"}};
	struct svc_master m;
	char *unit;

	fake_postfix_start(&x->pf, 4711, NULL);
	fake_postfix_write(&x->pf, "proc/4711/cgroup",
		"0::/system.slice/system-postfix.slice/postfix@-.service\n");
	svc_quick_state(&x->svc, &m);
	assert_null(svc_unit(&x->svc, &m));
	x->svc.run_systemd = x->pf.queue;
	x->svc.systemctl = systemctl;
	unit = svc_unit(&x->svc, &m);
	assert_string_equal(unit, "postfix@-.service");
	script(x, cmds, N(cmds));
	assert_true(svc_act(&x->svc, SVC_RELOAD, &m, unit, &x->d));
	drop_script(x, cmds, N(cmds));
	free(unit);
	/* started by hand from a shell of sshd's unit */
	fake_postfix_write(&x->pf, "proc/4711/cgroup", "0::/system.slice/ssh.service\n");
	assert_null(svc_unit(&x->svc, &m));
	free(systemctl);
}

static void
newaliases_warnings_are_findings_though_it_exits_0(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/newaliases -C %C",
		.err = "postalias: warning: /etc/aliases, line 3: name must be "
		       "local and "
		       "have no domain\npostalias: warning: /etc/aliases.db: "
		       "duplicate "
		       "entry: \"root\"\n"}};

	script(x, cmds, N(cmds));
	assert_true(svc_newaliases(&x->svc, &x->d));
	assert_int_equal(diag_count(&x->d, SEV_WARN), 2);
	assert_int_equal(x->d.v[0].loc.line, 3);
	assert_string_equal(x->d.v[1].loc.file, "/etc/aliases");
	assert_int_equal(x->pf.run.never_kill, 1);
	drop_script(x, cmds, N(cmds));
}

static void
table_has_finds_the_empty_database(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {
		{.argv = "%B/postalias -c %C -q root hash:/etc/aliases", .status = 1},
		{.argv = "%B/postalias -c %C -q root hash:/etc/aliases", .out = "x\n"}};

	script(x, cmds, N(cmds));
	assert_false(svc_table_has(
		&x->svc, "hash:/etc/aliases", "hash:/a", "root", true, &x->d));
	assert_int_equal(x->d.v[0].code, DIAG_PF_UNHEALTHY);
	assert_true(svc_table_has(
		&x->svc, "hash:/etc/aliases", "hash:/a", "root", true, &x->d));
	drop_script(x, cmds, N(cmds));
}

/* A file of the queue, with the folders above it. */
static void
put_in_queue(struct fixture *x, const char *name)
{
	struct str path = {0};

	str_addf(&path, "%s/", x->pf.queue);
	for (; *name; name++) {
		if (*name == '/')
			mkdir(str_c(&path), 0700);
		str_add_char(&path, *name);
	}
	close(open(str_c(&path), O_WRONLY | O_CREAT | O_CLOEXEC, 0700));
	str_free(&path);
}

static void
deferred_counts_messages_at_any_depth(void **state)
{
	static const char *const files[] = {"deferred/9/98BE91184",
		"deferred/A/3fdTrR2nGWz5Y", "deferred/A/F/ABCDEF0123",
		"deferred/0123456789", "defer/9/98BE91184", "active/98BE91185"};
	struct fixture *x = *state;

	assert_int_equal(svc_deferred(&x->svc, 100), 0);
	for (size_t i = 0; i < N(files); i++)
		put_in_queue(x, files[i]);
	assert_int_equal(svc_deferred(&x->svc, 100), 4);
	assert_int_equal(svc_deferred(&x->svc, 3), 3);
}

static void
flush_tells_why_it_did_not_begin(void **state)
{
	struct fixture *x = *state;
	struct fake_cmd cmds[] = {{.argv = "%B/postqueue -c %C -f"},
		{.argv = "%B/postqueue -c %C -f",
			.status = 69,
			.err = "postqueue: warning: Mail system is down -- accessing "
			       "queue directly\npostqueue: fatal: queue is shut\n"},
		{.argv = "%B/postqueue -c %C -f", .status = 75}};

	script(x, cmds, N(cmds));
	assert_true(svc_flush(&x->svc, &x->d));
	assert_int_equal(x->d.n, 0);
	assert_false(svc_flush(&x->svc, &x->d));
	assert_string_equal(x->d.v[1].text, "Postfix says: queue is shut");
	assert_false(svc_flush(&x->svc, &x->d));
	assert_non_null(strstr(x->d.v[2].text, "(exit status 75)"));
	drop_script(x, cmds, N(cmds));
}

/* --- health ----------------------------------------------------------------------------
 */

struct greet_row {
	const char *lines[16];
	const char *words; /* NULL: well */
};

#define HELLO "S:220 a.test ESMTP\r\n", "C:EHLO [127.0.0.1]\r\n"
#define OTHER "C:RCPT TO:<abuse@[127.0.0.1]>\r\n"
#define BYE "C:RSET\r\n", "S:250 Ok\r\n", "C:QUIT\r\n", "S:221 Bye\r\n"

static const struct greet_row greet_rows[] = {
	{{HELLO, "S:250-a.test\r\n250 SIZE\r\n", "C:MAIL FROM:<>\r\n", "S:250 Ok\r\n",
		 "C:RCPT TO:<postmaster@[127.0.0.1]>\r\n", "S:250 Ok\r\n", OTHER,
		 "S:550 5.1.1 unknown\r\n", BYE, NULL},
		NULL},
	{{HELLO, "S:250 a.test\r\n", "C:MAIL FROM:<>\r\n", "S:250 Ok\r\n",
		 "C:RCPT TO:<postmaster@[127.0.0.1]>\r\n", "S:554 5.7.1 no\r\n", OTHER,
		 "S:554 5.7.1 no\r\n", BYE, NULL},
		NULL},
	{{HELLO, "S:250 a.test\r\n", "C:MAIL FROM:<>\r\n", "S:250 Ok\r\n",
		 "C:RCPT TO:<postmaster@[127.0.0.1]>\r\n", "S:250 Ok\r\n", OTHER,
		 "S:451 4.3.0 <abuse>: Temporary lookup failure\r\n", NULL},
		"451 4.3.0 <abuse>: Temporary lookup failure"},
	{{HELLO, "S:250 a.test\r\n", "C:MAIL FROM:<>\r\n", "S:250 Ok\r\n",
		 "C:RCPT TO:<postmaster@[127.0.0.1]>\r\n",
		 "S:451 4.3.0 <postmaster>: Temporary lookup failure\r\n", NULL},
		"451 4.3.0 <postmaster>: Temporary lookup failure"},
	{{"S:421 too busy\r\n", NULL}, "421 too busy"},
	{{NULL}, "no greeting"},
	{{HELLO, NULL}, "the line was cut after EHLO [127.0.0.1]"},
};

static void
greet_dialogues_give_verdict(void **state)
{
	struct fixture *x = *state;

	for (size_t i = 0; i < N(greet_rows); i++) {
		struct fake_service s = {"127.0.0.1", 25, 0, greet_rows[i].lines};
		struct svc_listen at = {.fam = 4, .addr = {127, 0, 0, 1}, .port = 25};
		char *words = NULL;

		fake_net_free(&x->pf.net);
		x->pf.net = (struct fake_net){.services = &s, .n = 1};
		assert_int_equal(svc_greet(&x->svc, &at, NULL, &words),
			greet_rows[i].words == NULL);
		if (greet_rows[i].words)
			assert_string_equal(words, greet_rows[i].words);
		assert_int_equal(x->pf.net.mismatch.n, 0);
		free(words);
	}
}

static void
health_counts_only_what_is_new(void **state)
{
	struct fixture *x = *state;
	const struct svc_listen addrs[] = {
		{.fam = 4, .addr = {127, 0, 0, 1}}, {.fam = 4, .addr = {192, 0, 2, 1}}};
	struct fake_service s = {"127.0.0.1", 25, 0, greet_rows[3].lines};
	struct svc_health_req req = {
		.addrs = addrs, .naddrs = 2, .maillog_file = x->pf.log, .log_ms = 1000};
	struct svc_health before, after;
	struct svc_log mark;

	fake_postfix_start(&x->pf, 4711, NULL);
	fake_postfix_write(
		&x->pf, "maillog", "Nov 24 03:26:07 a postfix/smtpd[1]: fatal: x\n");
	x->pf.net = (struct fake_net){.services = &s, .n = 1};
	svc_log_mark(&x->svc, x->pf.log, &mark);
	svc_health_ask(&x->svc, &req, &mark, &before);
	svc_health_log(&x->svc, &req, &mark, &before);
	/* the greeting is bad, the other address isn't listened on, the old line is old
	 */
	assert_int_equal(before.n, 2);
	assert_int_equal(before.asked, 1);
	fake_postfix_write(&x->pf, "maillog",
		"Nov 24 03:26:07 a postfix/smtpd[1]: fatal: x\n"
		"Nov 24 03:26:09 a postfix/smtpd[77]: fatal: open dictionary\n");
	svc_health_ask(&x->svc, &req, &mark, &after);
	svc_health_log(&x->svc, &req, &mark, &after);
	assert_int_equal(after.n, 3);
	assert_int_equal(svc_health_diags(&after, &before, SVC_HALF_ASKED, &x->d), 0);
	assert_int_equal(svc_health_diags(&after, &before, SVC_HALF_LOG, &x->d), 1);
	assert_int_equal(diag_count(&x->d, SEV_WARN), 2);
	assert_int_equal(svc_health_diags(&after, NULL, SVC_HALF_ASKED, NULL), 2);
	svc_health_free(&before);
	svc_health_free(&after);
	svc_log_free(&mark);
}

static void
health_down_is_ill_and_no_log_is_told(void **state)
{
	struct fixture *x = *state;
	struct svc_health_req req = {.log_ms = 1000};
	struct svc_log mark = {0};
	struct svc_health h;

	svc_health_ask(&x->svc, &req, &mark, &h);
	svc_health_log(&x->svc, &req, &mark, &h);
	assert_int_equal(h.n, 1);
	assert_int_equal(h.v[0].kind, SVC_SICK_MASTER);
	assert_false(h.log_read);
	svc_health_free(&h);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(probe_asks_postconf_and_not_the_number),
		T(probe_without_postfix_is_a_finding),
		T(quick_state_knows_whose_master),
		T(quick_state_finds_a_master_on_another_queue),
		T(settings_are_as_old_as_the_queue_manager),
		T(quick_state_without_right_to_read_is_hidden),
		T(quick_state_same_folder_by_another_name_is_ours),
		T(folder_safe_names_what_others_can_write),
		T(folder_safe_judges_what_links_lead_to),
		T(judge_errors_name_the_real_file),
		T(judge_takes_the_place_of_a_dead_one),
		T(judge_without_act_runs_postconf_alone),
		T(judge_postmap_sees_more),
		T(act_stop_waits_for_the_end),
		T(act_stop_that_dies_ends_the_verified_master),
		T(act_stop_that_never_ends_is_told),
		T(act_start_is_believed_only_with_a_master),
		T(act_by_systemd_where_it_owns_the_master),
		T(newaliases_warnings_are_findings_though_it_exits_0),
		T(table_has_finds_the_empty_database),
		T(deferred_counts_messages_at_any_depth),
		T(flush_tells_why_it_did_not_begin),
		T(greet_dialogues_give_verdict),
		T(health_counts_only_what_is_new),
		T(health_down_is_ill_and_no_log_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
