/* SPDX-License-Identifier: MIT
 *
 * Two small texts in our state folder. The note is written before anything is put beside
 * a file and only says what may stand there; if it can't be read, nothing stands there
 * yet. The journal is written when everything is staged and on disk; it gets its name
 * only once it is on disk itself, and a sum over it shows that it is whole.
 *
 *   postrelay-journal 1
 *   ran 1
 *   actions TEXT
 *   file KIND OLD NEW PATH REAL            KIND: 1 main.cf + 2 built + 4 in place; OLD
 *                                          and NEW: SIZE:HASH in hex, or - for none
 *   sum HASH
 *
 * Texts are escaped (%20), so a field never holds a blank.
 */
#include "apply/txn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "apply/fields.h"
#include "base/i18n.h"
#include "base/mem.h"

#define JOURNAL "journal"
#define JOURNAL_NEW "journal.new"
#define NOTE "note"
#define HEAD "postrelay-journal 1"

static void
encode(const struct txn *t, struct str *s)
{
	str_addf(s, HEAD "\nran %d\nactions ", t->ran ? 1 : 0);
	fields_add_text(s, t->actions ? t->actions : "");
	for (size_t i = 0; i < t->n; i++) {
		const struct txn_target *f = &t->v[i];

		str_addf(s, "\nfile %d",
			(f->main_cf ? 1 : 0) | (f->built ? 2 : 0) |
				(f->in_place ? 4 : 0));
		fields_add_id(s, &f->old_id);
		fields_add_id(s, &f->new_id);
		str_add_char(s, ' ');
		fields_add_text(s, f->path);
		str_add_char(s, ' ');
		fields_add_text(s, f->at.real);
	}
	str_add_char(s, '\n');
	fields_seal(s);
}

static bool
decode_file(struct txn *t, struct sv line)
{
	struct sv kind, old_id, new_id, path, real;
	struct txn_target *f;
	uint64_t bits = 0;

	if (!sv_token(&line, " ", &kind) || !sv_token(&line, " ", &old_id) ||
		!sv_token(&line, " ", &new_id) || !sv_token(&line, " ", &path) ||
		!sv_token(&line, " ", &real))
		return false;
	f = txn_add_target(t);
	if (!sv_to_uint(kind, 7, &bits))
		return false;
	f->main_cf = bits & 1;
	f->built = bits & 2;
	f->in_place = bits & 4;
	f->path = fields_text(path);
	f->at.real = fields_text(real);
	return f->path && f->path[0] == '/' && f->at.real && f->at.real[0] == '/' &&
	       fields_id(old_id, &f->old_id) && fields_id(new_id, &f->new_id);
}

static bool
decode_line(struct txn *t, struct sv line)
{
	struct sv word;

	if (!sv_token(&line, " ", &word))
		return false;
	if (sv_eq_str(word, "file"))
		return decode_file(t, line);
	if (!sv_eq_str(word, "ran") && !sv_eq_str(word, "actions"))
		return false;
	line = sv_trim(line);
	if (sv_eq_str(word, "ran")) {
		t->ran = sv_eq_str(line, "1");
		return true;
	}
	free(t->actions);
	t->actions = fields_text(line);
	return t->actions != NULL;
}

static bool
decode(struct txn *t, struct sv text)
{
	struct sv line;

	if (!fields_sealed(&text, HEAD))
		return false;
	while (sv_line(&text, &line))
		if (!decode_line(t, line))
			return false;
	return true;
}

static bool
refuse_journal(int err, struct diags *d)
{
	return diag_errno(d, DIAG_APPLY_STATE, NULL, err,
		_("Make room there, and look at the system's log."),
		_("Nothing was changed: postrelay's own folder takes no notes."));
}

bool
txn_note_write(struct txn *t, struct diags *d)
{
	struct str s = {0};
	bool ok;
	int err;

	encode(t, &s);
	t->noted = true; /* even half of it has to be removed again */
	/* One file's leftovers are found without it, by the next apply of that file. */
	ok = fields_write(&t->fs, t->state, NOTE, str_sv(&s), t->n > 1);
	err = errno;
	str_free(&s);
	return ok || refuse_journal(err, d);
}

bool
txn_journal_write(struct txn *t, struct diags *d)
{
	struct str s = {0};
	bool ok;
	int err;

	encode(t, &s);
	t->armed = true; /* even half of it has to be removed again */
	ok = fields_write(&t->fs, t->state, JOURNAL_NEW, str_sv(&s), true);
	if (ok)
		ok = t->fs.ops->renameat2(t->fs.self, t->state, JOURNAL_NEW, t->state,
			     JOURNAL, 0) == 0 &&
		     t->fs.ops->fsync(t->fs.self, t->state) == 0;
	err = errno;
	str_free(&s);
	return ok || refuse_journal(err, d);
}

static enum txn_read
read_named(struct txn *t, const char *name)
{
	struct str s = {0};
	enum fields_got got = fields_read(&t->fs, t->state, name, &s);
	bool ok = got == FIELDS_OK && decode(t, str_sv(&s));

	str_free(&s);
	if (got == FIELDS_NONE)
		return TXN_READ_NONE;
	return ok ? TXN_READ_OK : TXN_READ_BAD;
}

enum txn_read
txn_note_read(struct txn *t)
{
	enum txn_read got = read_named(t, NOTE);

	t->noted = got != TXN_READ_NONE;
	return got;
}

enum txn_read
txn_journal_read(struct txn *t)
{
	enum txn_read got = read_named(t, JOURNAL);

	t->armed = got != TXN_READ_NONE;
	return got;
}

static bool
remove_named(const struct txn *t, const char *name)
{
	return t->fs.ops->unlinkat(t->fs.self, t->state, name, 0) == 0 || errno == ENOENT;
}

bool
txn_journal_remove(struct txn *t)
{
	if (!remove_named(t, JOURNAL) || t->fs.ops->fsync(t->fs.self, t->state) < 0)
		return false;
	t->armed = false;
	return true;
}

bool
txn_note_remove(struct txn *t)
{
	/* There is no journal.new without a note. */
	if (!remove_named(t, JOURNAL_NEW) || !remove_named(t, NOTE))
		return false;
	t->noted = false;
	return true;
}
