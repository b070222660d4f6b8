/* SPDX-License-Identifier: MIT
 *
 * The entries and the gaps between them. A file's story is the list of entries that touch
 * it; where one didn't find what the one before it left, or the disk doesn't hold what
 * the last one left, somebody changed it by other means. Invariant: a gap lies between
 * two neighbours of one file's story, so bytes of both sides can be told apart.
 */
#include "session/history_view.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "apply/readfile.h"
#include "base/mem.h"

struct txn_env
history_env(const struct session *s)
{
	return (struct txn_env){s->world.fs, s->world.clock, s->state_dir, s->config_dir};
}

static void
drop(struct history_view *v)
{
	hist_free(&v->list);
	diag_clear(&v->said);
	arena_reset(&v->texts);
	arena_reset(&v->diff_texts);
	free(v->last);
	v->last = NULL;
	v->ngaps = v->nrows = v->nlines = 0;
	v->read = v->last_read = false;
}

void
history_free(struct session *s)
{
	struct history_view *v = s->hv;

	if (!v)
		return;
	drop(v);
	arena_free(&v->texts);
	arena_free(&v->diff_texts);
	free(v->gap);
	free(v->row);
	free(v->row_gap);
	free(v->shown);
	free(v->line);
	free(v);
	s->hv = NULL;
}

struct history_view *
history_view_of(struct session *s)
{
	if (!s->hv)
		s->hv = mem_new(1, sizeof(*s->hv));
	return s->hv;
}

void
ses_history_again(struct session *s)
{
	drop(history_view_of(s));
}

/* --- a file's story ----------------------------------------------------------------
 */

size_t
history_find(const struct history_view *v, unsigned no)
{
	size_t i = 0;

	while (i < v->list.n && v->list.v[i].no != no)
		i++;
	return i;
}

size_t
history_file(const struct history_view *v, size_t i, const char *path)
{
	const struct hist_entry *e = &v->list.v[i];

	for (size_t k = 0; k < e->nfiles; k++)
		if (strcmp(e->files[k].path, path) == 0)
			return k;
	return HISTORY_NOWHERE;
}

static const struct hist_file *
file_at(const struct history_view *v, struct history_at at)
{
	return &v->list.v[at.entry].files[at.file];
}

/* The next entry that touches the same file. */
static struct history_at
next_of(const struct history_view *v, struct history_at at)
{
	const char *path = file_at(v, at)->path;

	for (size_t i = at.entry + 1; i < v->list.n; i++) {
		size_t k = history_file(v, i, path);

		if (k != HISTORY_NOWHERE)
			return (struct history_at){i, k};
	}
	return (struct history_at){HISTORY_NOWHERE, 0};
}

bool
history_now(struct session *s, const char *path, struct fileid *out)
{
	const struct ses_file *f = file_find(s, path);
	bool ok;
	int fd;

	*out = (struct fileid){0};
	if (f && f->loaded.exists && !file_changed_on_disk(s, f)) {
		*out = f->loaded;
		return true;
	}
	fd = s->world.fs.ops->openat(s->world.fs.self, AT_FDCWD, path,
		O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (fd < 0)
		return errno == ENOENT;
	ok = readfile_identify(&s->world.fs, fd, out);
	s->world.fs.ops->close(s->world.fs.self, fd);
	return ok;
}

/* What the next entry found in that file, or what it holds now. */
static bool
found_behind(struct session *s, struct history_at at, struct fileid *out)
{
	const struct history_view *v = s->hv;
	struct history_at next = next_of(v, at);

	if (next.entry == HISTORY_NOWHERE)
		return history_now(s, file_at(v, at)->path, out);
	*out = file_at(v, next)->before;
	return true;
}

/* An entry without an end says nothing itself: what came after it does. */
bool
history_took(struct session *s, struct history_at at)
{
	const struct history_view *v = s->hv;
	struct fileid found;

	if (v->list.v[at.entry].end != HIST_OPEN)
		return v->list.v[at.entry].end != HIST_PUT_BACK;
	return found_behind(s, at, &found) &&
	       !readfile_is_same(&found, &file_at(v, at)->before);
}

bool
history_was_written(struct session *s, size_t i)
{
	const struct hist_entry *e = &s->hv->list.v[i];
	struct fileid found;

	return e->end == HIST_OPEN && !e->runs && e->nfiles == 1 && !e->actions[0] &&
	       found_behind(s, (struct history_at){i, 0}, &found) &&
	       readfile_is_same(&found, &e->files[0].after);
}

const struct fileid *
history_left(struct session *s, struct history_at at)
{
	const struct hist_file *f = file_at(s->hv, at);

	return history_took(s, at) ? &f->after : &f->before;
}

bool
history_bytes(struct session *s, struct history_at at, bool after, struct str *out,
	struct diags *d)
{
	struct txn_env env = history_env(s);
	const struct hist_which w = {&env, &s->hv->list, at.entry, at.file, after};

	return hist_bytes(&w, out, d);
}

bool
history_left_bytes(
	struct session *s, struct history_at at, struct str *out, struct diags *d)
{
	return history_bytes(s, at, history_took(s, at), out, d);
}

/* --- gaps --------------------------------------------------------------------------
 */

static void
look_behind(struct session *s, struct history_at at)
{
	struct history_view *v = s->hv;
	const struct fileid *left = history_left(s, at);
	struct fileid now;

	if (!found_behind(s, at, &now))
		return;
	if (readfile_is_same(left, &now))
		return;
	v->gap = mem_grow(v->gap, &v->gaps_cap, v->ngaps + 1, sizeof(*v->gap));
	v->gap[v->ngaps++] =
		(struct history_gap){at, next_of(v, at), (time_t)now.mtime_s};
}

struct history_view *
history_open(struct session *s)
{
	struct history_view *v = history_view_of(s);
	struct txn_env env = history_env(s);

	if (v->read)
		return v;
	drop(v);
	hist_load(&env, false, &v->list, &v->said);
	for (size_t i = 0; i < v->list.n; i++)
		for (size_t k = 0; k < v->list.v[i].nfiles; k++)
			look_behind(s, (struct history_at){i, k});
	v->read = true;
	return v;
}
