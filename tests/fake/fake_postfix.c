/* SPDX-License-Identifier: MIT
 *
 * The folder of a pretended machine, made with mkdtemp and removed at the end.
 */
#include "fake/fake_postfix.h"

#include <assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "sys/fs.h"

static int
kind_fstatat(void *self, int dir, const char *path, struct stat *st, int flags)
{
	/* self is the counting file system, a part of ours */
	struct fake_postfix *f =
		(void *)((char *)self - offsetof(struct fake_postfix, fs));
	int rc = f->fs.real.ops->fstatat(f->fs.real.self, dir, path, st, flags);

	if (rc == 0 && dir == AT_FDCWD) {
		bool open = f->open && sv_ends(sv_of(path), f->open);

		st->st_uid = 0;
		st->st_mode = open ? st->st_mode | 022 : st->st_mode & ~(mode_t)022;
	}
	return rc;
}

/* The other calls go to the counting file system, whose self is another one. */
static struct fs_port
port(struct fake_postfix *f)
{
	struct fs_port p = fake_fs_port(&f->fs);

	f->ops = *p.ops;
	f->ops.fstatat = kind_fstatat;
	return (struct fs_port){&f->ops, p.self};
}

static char *
make_folder(const struct fake_postfix *f, const char *name)
{
	char *path = str_format("%s/%s", f->root, name);
	int rc = mkdir(path, 0700);

	assert(rc == 0);
	(void)rc;
	return path;
}

static void
make_programs(const struct fake_postfix *f)
{
	static const char *const names[] = {"postconf", "postfix", "postalias", "postmap",
		"newaliases", "postqueue", "systemctl"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *name = str_format("bin/%s", names[i]);
		char *path = str_format("%s/%s", f->root, name);

		fake_postfix_write(f, name, "");
		chmod(path, 0755);
		free(name);
		free(path);
	}
}

void
fake_postfix_init(struct fake_postfix *f)
{
	/* Nothing here needs to reach a disk. */
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	char *made;

	*f = (struct fake_postfix){0};
	snprintf(f->root, sizeof f->root, "%s/postrelay-test-XXXXXX", base);
	made = mkdtemp(f->root);
	assert(made);
	(void)made;
	f->conf = make_folder(f, "conf");
	f->queue = make_folder(f, "queue");
	f->bin = make_folder(f, "bin");
	f->proc = make_folder(f, "proc");
	f->state = str_format("%s/state", f->root);
	f->log = str_format("%s/maillog", f->root);
	free(make_folder(f, "queue/pid"));
	make_programs(f);
	f->clock.now = 1790000000;
	fake_fs_init(&f->fs, sys_fs());
	fake_fs_trust(&f->fs, base);
	f->world.fs = port(f);
	f->run.clock = &f->clock;
	f->run.ctx = f;
	f->world.run = fake_run_port(&f->run);
	f->world.clock = fake_clock_port(&f->clock);
	f->world.net = fake_net_port(&f->net);
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *w)
{
	(void)st;
	(void)kind;
	(void)w;
	return remove(path);
}

void
fake_postfix_free(struct fake_postfix *f)
{
	nftw(f->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(f->conf);
	free(f->queue);
	free(f->bin);
	free(f->proc);
	free(f->state);
	free(f->log);
	fake_run_free(&f->run);
	fake_net_free(&f->net);
}

void
fake_postfix_write(const struct fake_postfix *f, const char *name, const char *text)
{
	char *path = str_format("%s/%s", f->root, name);
	FILE *file = fopen(path, "wbe");

	assert(file);
	fwrite(text, 1, strlen(text), file);
	fclose(file);
	free(path);
}

char *
fake_postfix_read(const struct fake_postfix *f, const char *name)
{
	char *path = str_format("%s/%s", f->root, name);
	FILE *file = fopen(path, "rbe");
	struct str s = {0};
	char buf[1024];
	size_t n;

	free(path);
	if (!file)
		return NULL;
	while ((n = fread(buf, 1, sizeof buf, file)) > 0)
		str_add(&s, buf, n);
	fclose(file);
	return str_take(&s);
}

static void
write_proc(const struct fake_postfix *f, int pid, const char *name, const char *text)
{
	char *path = str_format("proc/%d/%s", pid, name);

	fake_postfix_write(f, path, text);
	free(path);
}

void
fake_postfix_start(const struct fake_postfix *f, int pid, const char *folder)
{
	char *dir = str_format("%s/proc/%d", f->root, pid);
	char *net = str_format("%s/net", dir);
	char *stat = str_format("%d (master) S 1 1\n", pid);
	char *env = str_format("MAIL_CONFIG=%s", folder ? folder : f->conf);
	char *number = str_format("%16d\n", pid);
	char *locks = str_format("1: POSIX  ADVISORY  WRITE 1 00:17:2 0 EOF\n"
				 "1: -> POSIX  ADVISORY  WRITE 4 00:17:2 0 EOF\n"
				 "2: FLOCK  ADVISORY  WRITE %d 00:17:3 0 EOF\n",
		pid);

	mkdir(dir, 0700);
	mkdir(net, 0700);
	write_proc(f, pid, "stat", stat);
	write_proc(f, pid, "environ", env);
	write_proc(f, pid, "net/tcp",
		"  sl  local_address rem_address   st\n"
		"   0: 0100007F:0019 00000000:0000 0A 0\n");
	fake_postfix_write(f, "queue/pid/master.pid", number);
	fake_postfix_write(f, "proc/locks", locks);
	free(locks);
	free(dir);
	free(net);
	free(stat);
	free(env);
	free(number);
}

/* A folder that may be there by now. */
static void
make_again(const struct fake_postfix *f, const char *part, int pid)
{
	char *path = str_format("%s/proc/%d%s", f->root, pid, part);

	(void)mkdir(path, 0700);
	free(path);
}

void
fake_postfix_reloaded(const struct fake_postfix *f, int master, time_t when)
{
	const time_t boot = 1700000000;
	char *children = str_format("task/%d/children", master);
	char *inner = str_format("/task/%d", master);
	char *stat = str_format("9002 (qmgr) S %d 1 1 0 -1 1077936384 1 0 0 0 0 0 0 0 20 "
				"0 1 0 %lld 1 1\n",
		master, (long long)(when - boot) * sysconf(_SC_CLK_TCK));

	make_again(f, "/task", master);
	make_again(f, inner, master);
	make_again(f, "", 9001);
	make_again(f, "", 9002);
	write_proc(f, master, children, "9001 9002 9003 ");
	free(children);
	free(inner);
	write_proc(f, 9001, "stat", "9001 (pickup) S 1 1\n");
	write_proc(f, 9002, "stat", stat);
	fake_postfix_write(f, "proc/stat", "cpu  1 2 3\nbtime 1700000000\nprocesses 9\n");
	free(stat);
}

void
fake_postfix_stop(const struct fake_postfix *f, int pid)
{
	char *dir = str_format("%s/proc/%d", f->root, pid);

	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(dir);
}

void
fake_postfix_script(struct fake_postfix *f, const struct fake_cmd *script, size_t n)
{
	f->run.script = script;
	f->run.n = n;
	f->run.next = 0;
	str_clear(&f->run.log);
	str_clear(&f->run.mismatch);
}
