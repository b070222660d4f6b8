/* SPDX-License-Identifier: MIT
 *
 * The files of a session: read into documents, and for each entry that was ever edited
 * what it was when loaded. From that the changes, the diff and "is it edited" are
 * derived; the loaded bytes themselves stay in the document.
 */
#include "session/internal.h"

#include <stdlib.h>

#include "apply/readfile.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "session/facts.h"
#include "text/aliases.h"
#include "text/maincf.h"
#include "text/table.h"

static void
note_edit(void *ctx, struct doc *d, const struct doc_edit *e)
{
	struct ses_file *f = ctx;
	size_t i = 0;

	(void)d;
	while (i < f->nbase && f->base[i].id != e->id)
		i++;
	if (i == f->nbase) {
		f->base = mem_grow(f->base, &f->base_cap, f->nbase + 1, sizeof(*f->base));
		f->base[f->nbase++] = (struct ses_base){e->id, e->before};
	}
	undo_record_edit(f->s, f, e);
	f->s->edits++;
	session_touch(f->s);
}

static void
load_document(struct ses_file *f, struct readfile *r)
{
	char *bytes = r->bytes;
	size_t n = r->n;

	switch (f->role) {
	case ROLE_MAIN_CF:
		mcf_load(&f->doc, bytes, n, r->free_bytes);
		break;
	case ROLE_ALIASES:
		al_load(&f->al, bytes, n, r->free_bytes);
		break;
	case ROLE_NETS:
		tbl_load(&f->doc, TBL_NETS, bytes, n, r->free_bytes);
		break;
	case ROLE_CIDR:
	case ROLE_INDEXED:
	case ROLE_LOGIN:
		tbl_load(&f->doc, TBL_MAP, bytes, n, r->free_bytes);
		break;
	}
	f->doc.on_edit = note_edit;
	f->doc.edit_ctx = f;
}

static void
read_in(struct ses_file *f)
{
	struct readfile r = {0};
	struct diag_loc loc = {.file = f->path};

	switch (readfile_load(&f->s->world.fs, f->path, &r, &f->load)) {
	case READFILE_OK:
		break;
	case READFILE_MISSING:
		if (f->role != ROLE_LOGIN) /* made when it is needed */
			readfile_tell_missing(f->path, &f->load);
		f->frozen = f->role != ROLE_ALIASES && f->role != ROLE_LOGIN;
		break;
	case READFILE_REFUSED:
		f->frozen = true;
		break;
	}
	if (r.has_nul) {
		diag_add(&f->load, SEV_WARN, DIAG_FILE_BINARY, &loc,
			_("Find the NUL byte with an editor that shows it, remove it, "
			  "and read the file again."),
			_("Postfix cuts lines of this file at a NUL byte, so it can only "
			  "be looked at here."));
		f->frozen = true;
	}
	f->loaded = r.id;
	f->saved = false;
	load_document(f, &r);
}

struct ses_file *
file_find(struct session *s, const char *path)
{
	for (size_t i = 0; i < s->nfiles; i++)
		if (strcmp(s->files[i]->path, path) == 0)
			return s->files[i];
	return NULL;
}

struct ses_file *
file_open(struct session *s, enum ses_role role, const char *path, const char *map_type)
{
	struct ses_file *f = file_find(s, path);

	if (f)
		return f;
	f = mem_new(1, sizeof(*f));
	f->s = s;
	f->role = role;
	f->path = mem_strdup(path);
	f->map_type = mem_strdup(map_type);
	s->files = mem_grow(s->files, &s->files_cap, s->nfiles + 1, sizeof(*s->files));
	s->files[s->nfiles++] = f;
	read_in(f);
	return f;
}

static void
wipe(struct doc *d)
{
	if (d->orig)
		explicit_bzero(d->orig, d->orig_len);
	str_wipe(&d->added);
}

static void
drop_document(struct ses_file *f)
{
	if (f->role == ROLE_LOGIN)
		wipe(&f->doc);
	if (f->role == ROLE_ALIASES)
		al_free(&f->al);
	else
		doc_free(&f->doc);
	free(f->base);
	f->base = NULL;
	f->nbase = f->base_cap = 0;
	diag_clear(&f->load);
}

void
file_close(struct ses_file *f)
{
	drop_document(f);
	free(f->path);
	free(f->map_type);
	free(f);
}

struct entry
file_base_entry(const struct ses_file *f, uint32_t id)
{
	for (size_t i = 0; i < f->nbase; i++)
		if (f->base[i].id == id)
			return f->base[i].e;
	return *doc_entry(&f->doc, id);
}

uint32_t
file_param_before(const struct ses_file *f, struct sv name, struct entry *out)
{
	for (size_t i = f->doc.norder; i > 0; i--) {
		uint32_t id = f->doc.order[i - 1];

		*out = file_base_entry(f, id);
		if (out->kind == ENTRY_PARAM && !(out->flags & ENTRY_DELETED) &&
			sv_eq(sv_sub(file_entry_text(f, out), 0, out->key_len), name))
			return id;
	}
	return DOC_NO_ID;
}

struct sv
file_entry_text(const struct ses_file *f, const struct entry *e)
{
	uint32_t off = e->text.off & ~DOC_SPAN_ADDED;

	if (e->text.off & DOC_SPAN_ADDED)
		return sv_make(f->doc.added.p + off, e->text.len);
	return sv_make(f->doc.orig + off, e->text.len);
}

bool
file_entry_same(const struct ses_file *f, const struct entry *a, const struct entry *b)
{
	if ((a->flags ^ b->flags) & ENTRY_DELETED)
		return false;
	return (a->flags & ENTRY_DELETED) ||
	       (a->kind == b->kind &&
		       sv_eq(file_entry_text(f, a), file_entry_text(f, b)));
}

static uint64_t
sum_of(const struct ses_file *f, const struct entry *e)
{
	return e->flags & ENTRY_DELETED ? 0 : hash_bytes(file_entry_text(f, e), false, 0);
}

static bool
stop(void *ctx, const char *p, size_t n)
{
	(void)ctx, (void)p;
	return n == 0;
}

bool
file_is_emptied(const struct ses_file *f)
{
	return f->loaded.exists && f->loaded.size > 0 && doc_write(&f->doc, stop, NULL);
}

/* Entries may differ and the bytes be the same: one went and its like came. Looking at
 * all bytes is worth it only where the texts that went are those that came. */
bool
file_is_edited(struct ses_file *f)
{
	struct str before = {0}, now = {0};
	uint64_t sum = 0;
	bool differs = false;

	for (size_t i = 0; i < f->nbase; i++) {
		const struct entry *was = &f->base[i].e,
				   *is = doc_entry(&f->doc, f->base[i].id);

		differs = differs || !file_entry_same(f, was, is);
		sum += sum_of(f, was) - sum_of(f, is);
	}
	if (!differs || sum != 0)
		return differs;
	file_base_bytes(f, &before);
	doc_bytes(&f->doc, &now);
	differs = !sv_eq(str_sv(&before), str_sv(&now));
	str_free(&before);
	str_free(&now);
	return differs;
}

static bool
add_to_str(void *ctx, const char *p, size_t n)
{
	str_add(ctx, p, n);
	return true;
}

void
file_swap_base(struct ses_file *f)
{
	for (size_t i = 0; i < f->nbase; i++) {
		struct entry *now = &f->doc.pool[f->base[i].id], keep = *now;

		*now = f->base[i].e;
		f->base[i].e = keep;
	}
}

void
file_base_bytes(struct ses_file *f, struct str *out)
{
	file_swap_base(f);
	doc_write(&f->doc, add_to_str, out);
	file_swap_base(f);
}

void
file_mark_saved(struct ses_file *f, const struct fileid *id)
{
	for (size_t i = 0; i < f->nbase; i++) {
		struct entry *e = &f->doc.pool[f->base[i].id];

		if (e->flags & ENTRY_DELETED) /* no row that waits to go any more */
			e->flags |= ENTRY_NEW;
	}
	f->nbase = 0;
	f->loaded = *id;
	f->saved = true;
	f->s->edits++;
	session_touch(f->s);
}

bool
file_changed_on_disk(struct session *s, const struct ses_file *f)
{
	return !readfile_is_current(&s->world.fs, f->path, &f->loaded);
}

void
file_read_again(struct ses_file *f)
{
	drop_document(f);
	f->frozen = false;
	read_in(f);
	facts_forget(f->s);
	f->s->edits++;
	session_touch(f->s);
}
