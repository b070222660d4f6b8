/* SPDX-License-Identifier: MIT
 *
 * From what is kept to bytes. The old bytes are a copy, or what an earlier entry has made
 * of its own; the new ones are the old ones with their middle exchanged. What comes out
 * in the end must have the size and the hash that the notes give, else it isn't handed
 * out.
 */
#include "apply/history_parts.h"

#include <errno.h>
#include <fcntl.h>

#include "apply/readfile.h"
#include "apply/txn_parts.h"
#include "base/i18n.h"
#include "base/mem.h"

enum { STEPS_MAX = 64 };

struct maker {
	const struct fs_port *fs;
	int top;
	const struct hist_list *l;
};

/* The whole of a file in an entry's folder, at most `most` bytes. */
static bool
read_copy(const struct maker *m, unsigned no, const char *name, uint64_t most,
	struct str *out)
{
	const struct fs_port *fs = m->fs;
	char number[HIST_NAME_MAX];
	int dir = hist_open_inner(fs, m->top, hist_number_name(number, no));
	int fd = dir < 0 ? -1
			 : fs->ops->openat(fs->self, dir, name,
				   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
					   O_CLOEXEC,
				   0);
	ssize_t got = -1;

	/* One byte more is asked for, to see its end. */
	out->p = mem_grow(out->p, &out->cap, (size_t)most + 2, 1);
	while (fd >= 0 && out->n <= most &&
		(got = fs->ops->read(
			 fs->self, fd, out->p + out->n, (size_t)most + 1 - out->n)) > 0)
		out->n += (size_t)got;
	out->p[out->n] = '\0';
	if (fd >= 0)
		fs->ops->close(fs->self, fd);
	if (dir >= 0)
		fs->ops->close(fs->self, dir);
	return got == 0 && out->n <= most;
}

static bool
is_right(const struct str *s, const struct fileid *id)
{
	if (!id->exists)
		return s->n == 0;
	return s->n == id->size &&
	       readfile_hash_end(readfile_hash_add(0, str_c(s), s->n), s->n) == id->hash;
}

/* File of that path in the entry with that number. */
static const struct hist_file *
file_of(const struct hist_list *l, unsigned no, const char *path)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].no != no)
			continue;
		for (size_t k = 0; k < l->v[i].nfiles; k++)
			if (strcmp(l->v[i].files[k].path, path) == 0)
				return &l->v[i].files[k];
	}
	return NULL;
}

static size_t
place_of(const struct hist_list *l, unsigned no, const struct hist_file *f)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].no == no)
			return (size_t)(f - l->v[i].files);
	return 0;
}

static bool make_after(const struct maker *m, unsigned no, const struct hist_file *f,
	int steps, struct str *out);

static bool
make_before(const struct maker *m, unsigned no, const struct hist_file *f, int steps,
	struct str *out)
{
	char name[HIST_NAME_MAX];
	const struct hist_file *source;

	if (!f->before.exists)
		return true;
	if (steps > STEPS_MAX || f->before.size > READFILE_MAX_BYTES)
		return false;
	if (f->from == 0)
		return read_copy(m, no,
			hist_copy_name(name, place_of(m->l, no, f), false),
			f->before.size, out);
	source = file_of(m->l, f->from, f->path);
	return source && f->from < no && readfile_is_same(&source->after, &f->before) &&
	       make_after(m, f->from, source, steps + 1, out);
}

/* The bytes before become those after. */
static bool
exchange_middle(const struct hist_file *f, struct str *s, struct sv middle)
{
	size_t front = (size_t)f->prefix, back = (size_t)f->suffix, n = s->n;

	if (front > n || back > n - front)
		return false;
	s->n = front + middle.n + back;
	s->p = mem_grow(s->p, &s->cap, s->n + 1, 1);
	memmove(s->p + front + middle.n, s->p + n - back, back);
	memcpy(s->p + front, middle.p, middle.n);
	s->p[s->n] = '\0';
	return true;
}

static bool
make_after(const struct maker *m, unsigned no, const struct hist_file *f, int steps,
	struct str *out)
{
	char name[HIST_NAME_MAX];
	uint64_t ends = f->prefix + f->suffix;
	struct str middle = {0};
	bool ok;

	if (!f->after.exists)
		return true;
	if (!f->differs_kept || f->after.size > READFILE_MAX_BYTES ||
		ends > f->after.size)
		return false;
	ok = make_before(m, no, f, steps, out) &&
	     read_copy(m, no, hist_copy_name(name, place_of(m->l, no, f), true),
		     f->after.size - ends, &middle) &&
	     exchange_middle(f, out, str_sv(&middle));
	str_wipe(&middle);
	return ok;
}

/* A later entry may have kept them as its old bytes. */
static bool
find_after(
	const struct maker *m, size_t entry, const struct hist_file *f, struct str *out)
{
	for (size_t i = entry + 1; i < m->l->n; i++) {
		const struct hist_entry *e = &m->l->v[i];
		const struct hist_file *next = file_of(m->l, e->no, f->path);

		if (!next)
			continue;
		str_clear(out);
		return readfile_is_same(&next->before, &f->after) && next->from == 0 &&
		       make_before(m, e->no, next, 0, out);
	}
	return false;
}

static bool
make(const struct maker *m, size_t entry, const struct hist_file *f, bool after,
	struct str *out)
{
	unsigned no = m->l->v[entry].no;

	if (!after)
		return make_before(m, no, f, 0, out) && is_right(out, &f->before);
	if (make_after(m, no, f, 0, out) && is_right(out, &f->after))
		return true;
	return find_after(m, entry, f, out) && is_right(out, &f->after);
}

/* The same from the folders on; false too when they can't be opened. */
static bool
make_in(const struct hist_which *w, struct str *out, struct diags *d)
{
	const struct hist_file *f = &w->list->v[w->entry].files[w->file];
	struct txn *t = txn_new(w->env);
	struct maker m = {.fs = &t->fs, .top = -1, .l = w->list};
	bool ok = false;

	if (txn_state_open(t, w->env->state, false, d) && t->state >= 0)
		m.top = hist_open_top(&t->fs, t->state, false);
	if (m.top >= 0) {
		ok = make(&m, w->entry, f, w->after, out);
		t->fs.ops->close(t->fs.self, m.top);
	}
	txn_free(t);
	return ok;
}

bool
hist_bytes(const struct hist_which *w, struct str *out, struct diags *d)
{
	const struct hist_entry *e = &w->list->v[w->entry];
	struct diag_loc loc = {.file = e->files[w->file].path};
	struct str bytes = {0};

	if (make_in(w, &bytes, d)) {
		str_free(out);
		*out = bytes;
		return true;
	}
	str_wipe(&bytes);
	return diag_add(d, SEV_ERROR, DIAG_APPLY_STATE, &loc,
		_("The file itself is untouched. A state before or after this one may "
		  "still be whole."),
		_("What no. %u kept of %s is damaged or gone."), e->no, loc.file);
}
