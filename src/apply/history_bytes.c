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

/* A file of an entry. */
struct place {
	const struct hist_entry *e;
	size_t file;
};

/* Where the copies of file i of an entry begin; the new bytes stand behind the old. */
static uint64_t
place_of(const struct hist_entry *e, size_t i, bool new)
{
	uint64_t at = e->copies;

	for (size_t k = 0; k < i; k++)
		at += hist_old_bytes(&e->files[k]) + hist_new_bytes(&e->files[k]);
	return at + (new ? hist_old_bytes(&e->files[i]) : 0);
}

/* That part of it, n bytes. */
static bool
read_copy(const struct maker *m, const struct place *p, bool new, struct str *out)
{
	const struct hist_file *f = &p->e->files[p->file];
	size_t n = (size_t)(new ? hist_new_bytes(f) : hist_old_bytes(f));
	const struct fs_port *fs = m->fs;
	uint64_t size;
	int fd = hist_open_entry(fs, m->top, p->e->no, O_RDONLY, &size);
	bool ok = fd >= 0 && size == p->e->stored &&
		  fs->ops->lseek(fs->self, fd, (off_t)place_of(p->e, p->file, new)) >= 0;
	ssize_t got = 1;

	out->p = mem_grow(out->p, &out->cap, n + 1, 1);
	while (ok && out->n < n &&
		(got = fs->ops->read(fs->self, fd, out->p + out->n, n - out->n)) > 0)
		out->n += (size_t)got;
	out->p[out->n] = '\0';
	if (fd >= 0)
		fs->ops->close(fs->self, fd);
	return ok && out->n == n;
}

static bool
is_right(const struct str *s, const struct fileid *id)
{
	if (!id->exists)
		return s->n == 0;
	return s->n == id->size &&
	       readfile_hash_end(readfile_hash_add(0, str_c(s), s->n), s->n) == id->hash;
}

/* The file of that path in an entry; false: it has none. */
static bool
find_file(const struct hist_entry *e, const char *path, struct place *out)
{
	*out = (struct place){e, 0};
	for (; out->file < e->nfiles; out->file++)
		if (strcmp(e->files[out->file].path, path) == 0)
			return true;
	return false;
}

static const struct hist_entry *
find_entry(const struct hist_list *l, unsigned no)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].no == no)
			return &l->v[i];
	return NULL;
}

static bool make_after(
	const struct maker *m, const struct place *p, int steps, struct str *out);

static bool
make_before(const struct maker *m, const struct place *p, int steps, struct str *out)
{
	const struct hist_file *f = &p->e->files[p->file];
	const struct hist_entry *e;
	struct place source;

	if (!f->before.exists)
		return true;
	if (steps > STEPS_MAX || f->before.size > READFILE_MAX_BYTES)
		return false;
	if (f->from == 0)
		return read_copy(m, p, false, out);
	e = f->from < p->e->no ? find_entry(m->l, f->from) : NULL;
	return e && find_file(e, f->path, &source) &&
	       readfile_is_same(&e->files[source.file].after, &f->before) &&
	       make_after(m, &source, steps + 1, out);
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
make_after(const struct maker *m, const struct place *p, int steps, struct str *out)
{
	const struct hist_file *f = &p->e->files[p->file];
	struct str middle = {0};
	bool ok;

	if (!f->after.exists)
		return true;
	if (!f->differs_kept || f->after.size > READFILE_MAX_BYTES)
		return false;
	ok = make_before(m, p, steps, out) && read_copy(m, p, true, &middle) &&
	     exchange_middle(f, out, str_sv(&middle));
	str_wipe(&middle);
	return ok;
}

/* A later entry may have kept them as its old bytes. */
static bool
find_after(const struct maker *m, const struct place *p, struct str *out)
{
	const struct hist_file *f = &p->e->files[p->file], *next;
	struct place later;

	for (const struct hist_entry *e = p->e + 1; e < m->l->v + m->l->n; e++) {
		if (!find_file(e, f->path, &later))
			continue;
		next = &e->files[later.file];
		str_clear(out);
		return readfile_is_same(&next->before, &f->after) && next->from == 0 &&
		       make_before(m, &later, 0, out);
	}
	return false;
}

static bool
make(const struct maker *m, const struct place *p, bool after, struct str *out)
{
	const struct hist_file *f = &p->e->files[p->file];

	if (!after)
		return make_before(m, p, 0, out) && is_right(out, &f->before);
	if (make_after(m, p, 0, out) && is_right(out, &f->after))
		return true;
	return find_after(m, p, out) && is_right(out, &f->after);
}

/* The same from the folders on; false too when they can't be opened. */
static bool
make_in(const struct hist_which *w, struct str *out, struct diags *d)
{
	const struct place p = {&w->list->v[w->entry], w->file};
	struct txn *t = txn_new(w->env);
	struct maker m = {.fs = &t->fs, .top = -1, .l = w->list};
	bool ok = false;

	if (txn_state_open(t, w->env->state, false, d) && t->state >= 0)
		m.top = hist_open_top(&t->fs, t->state, false);
	if (m.top >= 0) {
		ok = make(&m, &p, w->after, out);
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
