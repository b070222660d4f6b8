/* SPDX-License-Identifier: MIT
 *
 * ID.run is made and locked before anything else of a run stands there, and is the last
 * to go; so a draft without a locked ID.run belongs to nobody alive. Whoever looks may
 * find ID.run between its making and its locking and take it for a dead one's: the maker
 * sees that its file has lost its name, and makes another.
 */
#include "apply/runs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "apply/fields.h"
#include "apply/txn_parts.h"
#include "base/i18n.h"
#include "base/mem.h"

#define HEAD_RUN "postrelay-run 1"
#define HEAD_DRAFT "postrelay-draft 1"

enum { NAME_MAX_ = 64, ID_MAX = 40, TRIES = 8, DRAFT_MAX = (1 << 24) - 256 };

struct run {
	struct fs_port fs;
	int dir, lock;
	char id[NAME_MAX_];
};

static const char *
name_of(char buf[NAME_MAX_], const char *id, const char *end)
{
	(void)snprintf(buf, NAME_MAX_, "%.40s.%s", id, end);
	return buf;
}

/* The folder runs/; -1 without finding where there is none and none is to be made. */
static int
open_runs(const struct txn_env *env, bool make, struct diags *d)
{
	struct txn *t = txn_new(env);
	int dir = -1;

	if (txn_state_open(t, env->state, make, d) && t->state >= 0) {
		dir = txn_open_own(&t->fs, t->state, "runs", make);
		if (dir < 0 && (make || errno != ENOENT))
			(void)diag_errno(d, DIAG_APPLY_STATE, env->state, errno,
				_("The folder must be yours alone: look at its owner and "
				  "its rights."),
				_("No draft of unsaved changes can be kept."));
	}
	txn_free(t);
	return dir;
}

/* --- one's own run ------------------------------------------------------------------ */

static bool
is_named(const struct fs_port *fs, int fd)
{
	struct stat st;

	return fs->ops->fstat(fs->self, fd, &st) == 0 && st.st_nlink > 0;
}

/* Make and lock ID.run. */
static bool
make_run(struct run *r, const char *about, int64_t now)
{
	struct str text = {0};
	char name[NAME_MAX_];
	bool good = false;

	for (int i = 0; !good && i < TRIES; i++) {
		(void)snprintf(r->id, sizeof(r->id), "%lld-%d-%d", (long long)now,
			(int)getpid(), i);
		r->lock = r->fs.ops->openat(r->fs.self, r->dir,
			name_of(name, r->id, "run"),
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (r->lock < 0 && errno != EEXIST)
			return false;
		good = r->lock >= 0 &&
		       r->fs.ops->flock(r->fs.self, r->lock, LOCK_EX | LOCK_NB) == 0 &&
		       is_named(&r->fs, r->lock);
		if (!good && r->lock >= 0)
			r->fs.ops->close(r->fs.self, r->lock);
	}
	str_add_cstr(&text, HEAD_RUN "\n");
	fields_add_text(&text, about);
	str_add_char(&text, '\n');
	fields_seal(&text);
	good = good && fields_write_all(&r->fs, r->lock, str_sv(&text));
	str_free(&text);
	return good;
}

struct run *
run_begin(const struct txn_env *env, const char *about, struct diags *d)
{
	struct run *r;
	int dir = open_runs(env, true, d);

	if (dir < 0)
		return NULL;
	r = mem_new(1, sizeof(*r));
	r->fs = env->fs;
	r->dir = dir;
	r->lock = -1;
	if (make_run(r, about, (int64_t)env->clock.ops->now(env->clock.self)))
		return r;
	(void)diag_errno(d, DIAG_APPLY_STATE, env->state, errno,
		_("Apply soon, or make room on that disk."),
		_("No draft of unsaved changes can be kept."));
	run_end(r, false);
	return NULL;
}

static bool
not_kept(const struct run *r, struct diags *d)
{
	int err = errno;
	char name[NAME_MAX_];

	r->fs.ops->unlinkat(r->fs.self, r->dir, name_of(name, r->id, "new"), 0);
	return diag_errno(d, DIAG_FILE_WRITE, NULL, err,
		_("Apply soon, or make room on that disk."),
		_("The draft of your unsaved changes can't be written."));
}

bool
run_keep(struct run *r, struct sv draft, struct diags *d)
{
	char name[NAME_MAX_], temp[NAME_MAX_];
	struct str text = {0};
	bool good;

	name_of(name, r->id, "draft");
	name_of(temp, r->id, "new");
	if (draft.n == 0)
		return r->fs.ops->unlinkat(r->fs.self, r->dir, name, 0) == 0 ||
		       errno == ENOENT || not_kept(r, d);
	if (draft.n > DRAFT_MAX) {
		errno = EFBIG;
		return not_kept(r, d);
	}
	str_add_cstr(&text, HEAD_DRAFT "\n");
	str_add_sv(&text, draft);
	str_add_char(&text, '\n');
	fields_seal(&text);
	good = fields_write(&r->fs, r->dir, temp, str_sv(&text), true) &&
	       r->fs.ops->renameat2(r->fs.self, r->dir, temp, r->dir, name, 0) == 0 &&
	       r->fs.ops->fsync(r->fs.self, r->dir) == 0;
	str_free(&text);
	return good || not_kept(r, d);
}

bool
run_take(struct run *r, const char *id, struct diags *d)
{
	char from[NAME_MAX_], to[NAME_MAX_];

	if (r->fs.ops->renameat2(r->fs.self, r->dir, name_of(from, id, "draft"), r->dir,
		    name_of(to, r->id, "draft"), 0) == 0)
		return true;
	return diag_add(d, SEV_WARN, DIAG_NOT_FOUND, NULL, NULL,
		_("The draft is gone: somebody else has taken it up meanwhile."));
}

void
run_end(struct run *r, bool keep)
{
	char name[NAME_MAX_];

	if (!r)
		return;
	if (!keep)
		(void)run_keep(r, sv_make("", 0), NULL);
	if (r->lock >= 0) {
		r->fs.ops->unlinkat(r->fs.self, r->dir, name_of(name, r->id, "run"), 0);
		r->fs.ops->close(r->fs.self, r->lock);
	}
	r->fs.ops->close(r->fs.self, r->dir);
	free(r);
}

/* --- the others ----------------------------------------------------------------------
 */

struct looking {
	const struct fs_port *fs;
	int dir;
	const struct run *self;
	const char *state;
	struct run_list *out;
	struct diags *d;
};

/* The id in a name of ours that ends so; false: another name. */
static bool
is_ours(const char *name, const char *end, struct sv *id)
{
	if (!sv_ends(sv_of(name), end))
		return false;
	*id = sv_sub(sv_of(name), 0, strlen(name) - strlen(end));
	for (size_t i = 0; i < id->n; i++)
		if (!is_digit_char(id->p[i]) && id->p[i] != '-')
			return false;
	return id->n > 0 && id->n <= ID_MAX;
}

static struct run_other *
other_of(struct run_list *l, struct sv id)
{
	for (size_t i = 0; i < l->n; i++)
		if (sv_eq_str(id, l->v[i].id))
			return &l->v[i];
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	l->v[l->n] = (struct run_other){.id = arena_sv(&l->texts, id), .about = ""};
	return &l->v[l->n++];
}

/* The text between heading and sum, kept in the list; NULL: there is none. */
static const char *
sealed_text(struct looking *l, const char *name, const char *head, bool *bad)
{
	struct str text = {0};
	struct sv v;
	enum fields_got got = fields_read(l->fs, l->dir, name, &text);
	const char *kept = NULL;

	v = str_sv(&text);
	*bad = got == FIELDS_BAD || (got == FIELDS_OK && !fields_sealed(&v, head));
	if (got == FIELDS_OK && !*bad)
		kept = arena_sv(&l->out->texts, sv_trim(v));
	str_free(&text);
	return kept;
}

/* A locked one lives; a dead one's file is removed. */
static bool
look_at_run(void *ctx, const char *name)
{
	struct looking *l = ctx;
	struct run_other *o;
	struct sv id;
	const char *about;
	bool bad;
	int fd;

	if (!is_ours(name, ".run", &id) || (l->self && sv_eq_str(id, l->self->id)))
		return true;
	fd = l->fs->ops->openat(l->fs->self, l->dir, name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (fd < 0)
		return true;
	if (l->fs->ops->flock(l->fs->self, fd, LOCK_EX | LOCK_NB) == 0) {
		char temp[NAME_MAX_];

		l->fs->ops->unlinkat(l->fs->self, l->dir, name, 0);
		(void)snprintf(temp, sizeof(temp), "%.*s.new", (int)id.n, id.p);
		l->fs->ops->unlinkat(l->fs->self, l->dir, temp, 0);
	} else if (errno == EWOULDBLOCK) {
		o = other_of(l->out, id);
		o->lives = true;
		about = sealed_text(l, name, HEAD_RUN, &bad);
		if (about) {
			char *plain = fields_text(sv_of(about));

			o->about = plain ? arena_str(&l->out->texts, plain) : "";
			free(plain);
		}
	}
	l->fs->ops->close(l->fs->self, fd);
	return true;
}

static bool
is_own_file(struct looking *l, const char *name)
{
	struct stat st;

	return l->fs->ops->fstatat(l->fs->self, l->dir, name, &st, AT_SYMLINK_NOFOLLOW) ==
		       0 &&
	       S_ISREG(st.st_mode) && st.st_uid == geteuid() && st.st_size <= (1 << 24);
}

static bool
look_at_draft(void *ctx, const char *name)
{
	struct looking *l = ctx;
	struct run_other *o;
	struct sv id;
	bool bad = true;

	if (!is_ours(name, ".draft", &id) || (l->self && sv_eq_str(id, l->self->id)))
		return true;
	o = other_of(l->out, id);
	if (is_own_file(l, name))
		o->draft = sealed_text(l, name, HEAD_DRAFT, &bad);
	if (bad)
		diag_add(l->d, SEV_WARN, DIAG_FILE_KIND,
			&(struct diag_loc){.file = l->state},
			_("Look at the file in the folder runs, and remove it."),
			_("The draft %s can't be used: it is damaged, or not a file of "
			  "yours."),
			name);
	return true;
}

static int
by_id(const void *a, const void *b)
{
	return strcmp(
		((const struct run_other *)a)->id, ((const struct run_other *)b)->id);
}

/* Drafts first: the run of one that is there lives, or is dead for good. */
void
runs_list(const struct txn_env *env, const struct run *self, struct run_list *out,
	struct diags *d)
{
	struct looking l = {
		.fs = &env->fs, .self = self, .state = env->state, .out = out, .d = d};

	*out = (struct run_list){0};
	l.dir = open_runs(env, false, d);
	if (l.dir < 0)
		return;
	(void)env->fs.ops->names(env->fs.self, l.dir, look_at_draft, &l);
	(void)env->fs.ops->names(env->fs.self, l.dir, look_at_run, &l);
	env->fs.ops->close(env->fs.self, l.dir);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_id);
}

void
runs_free(struct run_list *l)
{
	arena_free(&l->texts);
	free(l->v);
	*l = (struct run_list){0};
}

bool
runs_drop(const struct txn_env *env, const char *id, struct diags *d)
{
	char name[NAME_MAX_];
	int dir = open_runs(env, false, d), err;
	bool gone;

	if (dir < 0)
		return false;
	gone = env->fs.ops->unlinkat(env->fs.self, dir, name_of(name, id, "draft"), 0) ==
	       0;
	err = errno;
	env->fs.ops->close(env->fs.self, dir);
	return gone || err == ENOENT ||
	       diag_errno(d, DIAG_FILE_WRITE, env->state, err, NULL,
		       _("The draft can't be removed."));
}
