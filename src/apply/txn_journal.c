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
 *   file MAIN_CF OLD NEW PATH REAL         OLD and NEW: SIZE:HASH in hex, or - for none
 *   sum HASH
 *
 * Texts are escaped (%20), so a field never holds a blank.
 */
#include "apply/txn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "apply/readfile.h"
#include "base/i18n.h"
#include "base/mem.h"

#define JOURNAL "journal"
#define JOURNAL_NEW "journal.new"
#define NOTE "note"
#define HEAD "postrelay-journal 1"

enum { JOURNAL_MAX = 1 << 20 };

static void
add_escaped(struct str *s, const char *text)
{
	if (!*text)
		str_add_char(s, '-');
	for (size_t i = 0; text[i]; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c <= ' ' || c == '%' || c >= 0x7f || (c == '-' && i == 0))
			str_addf(s, "%%%02x", c);
		else
			str_add_char(s, text[i]);
	}
}

static unsigned
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* NULL when it isn't what add_escaped writes; else the caller frees it. */
static char *
unescape(struct sv v)
{
	struct str s = {0};

	if (sv_eq_str(v, "-"))
		return mem_strdup("");
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];

		if (c == '%') {
			unsigned hi = i + 2 < v.n ? hex_digit(v.p[i + 1]) : 16;
			unsigned lo = hi < 16 ? hex_digit(v.p[i + 2]) : 16;

			if (lo == 16) {
				str_free(&s);
				return NULL;
			}
			c = (char)(hi << 4 | lo);
			i += 2;
		}
		str_add_char(&s, c);
	}
	return str_take(&s);
}

static bool
read_hex(struct sv v, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < v.n; i++) {
		unsigned digit = hex_digit(v.p[i]);

		if (digit == 16 || *out >> 60)
			return false;
		*out = *out << 4 | digit;
	}
	return v.n > 0;
}

static void
add_id(struct str *s, const struct fileid *id)
{
	if (id->exists)
		str_addf(s, " %" PRIx64 ":%" PRIx64, id->size, id->hash);
	else
		str_add_cstr(s, " -");
}

static bool
read_id(struct sv v, struct fileid *id)
{
	struct sv size, hash;

	*id = (struct fileid){.exists = !sv_eq_str(v, "-")};
	if (!id->exists)
		return true;
	return sv_token(&v, ":", &size) && sv_token(&v, ":", &hash) &&
	       read_hex(size, &id->size) && read_hex(hash, &id->hash);
}

static void
encode(const struct txn *t, struct str *s)
{
	str_addf(s, HEAD "\nran %d\nactions ", t->ran ? 1 : 0);
	add_escaped(s, t->actions ? t->actions : "");
	for (size_t i = 0; i < t->n; i++) {
		const struct txn_target *f = &t->v[i];

		str_addf(s, "\nfile %d", f->main_cf ? 1 : 0);
		add_id(s, &f->old_id);
		add_id(s, &f->new_id);
		str_add_char(s, ' ');
		add_escaped(s, f->path);
		str_add_char(s, ' ');
		add_escaped(s, f->at.real);
	}
	str_add_char(s, '\n');
	str_addf(s, "sum %" PRIx64 "\n",
		readfile_hash_end(readfile_hash_add(0, s->p, s->n), s->n));
}

static bool
decode_file(struct txn *t, struct sv line)
{
	struct sv main_cf, old_id, new_id, path, real;
	struct txn_target *f;

	if (!sv_token(&line, " ", &main_cf) || !sv_token(&line, " ", &old_id) ||
		!sv_token(&line, " ", &new_id) || !sv_token(&line, " ", &path) ||
		!sv_token(&line, " ", &real))
		return false;
	f = txn_add_target(t);
	f->main_cf = sv_eq_str(main_cf, "1");
	f->path = unescape(path);
	f->at.real = unescape(real);
	return f->path && f->path[0] == '/' && f->at.real && f->at.real[0] == '/' &&
	       read_id(old_id, &f->old_id) && read_id(new_id, &f->new_id);
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
	t->actions = unescape(line);
	return t->actions != NULL;
}

static bool
decode(struct txn *t, struct sv text)
{
	struct sv rest = text, line;
	uint64_t sum;

	if (!sv_line(&rest, &line) || !sv_eq_str(line, HEAD))
		return false;
	while (sv_line(&rest, &line)) {
		size_t before = (size_t)(line.p - text.p);

		if (sv_starts(line, "sum "))
			return rest.n == 0 && read_hex(sv_sub(line, 4, line.n), &sum) &&
			       sum == readfile_hash_end(
					      readfile_hash_add(0, text.p, before),
					      before);
		if (!decode_line(t, line))
			return false;
	}
	return false;
}

/* Write text into the state folder and, where asked, wait for the disk. */
static bool
write_text(const struct txn *t, const char *name, struct sv text, bool wait)
{
	int err = 0, fd = t->fs.ops->openat(t->fs.self, t->state, name,
			     O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	while (!err && text.n > 0) {
		ssize_t put = t->fs.ops->write(t->fs.self, fd, text.p, text.n);

		if (put <= 0)
			err = put < 0 ? errno : EIO;
		else
			text = sv_sub(text, (size_t)put, text.n);
	}
	if (!err && wait && t->fs.ops->fsync(t->fs.self, fd) < 0)
		err = errno;
	if (t->fs.ops->close(t->fs.self, fd) < 0 && !err)
		err = errno;
	errno = err;
	return !err;
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
	ok = write_text(t, NOTE, str_sv(&s), t->n > 1);
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
	ok = write_text(t, JOURNAL_NEW, str_sv(&s), true);
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
	char buf[4096];
	ssize_t got = -1;
	bool ok;
	int fd = t->fs.ops->openat(
		t->fs.self, t->state, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);

	if (fd < 0)
		return errno == ENOENT ? TXN_READ_NONE : TXN_READ_BAD;
	while (s.n < JOURNAL_MAX &&
		(got = t->fs.ops->read(t->fs.self, fd, buf, sizeof(buf))) > 0)
		str_add(&s, buf, (size_t)got);
	t->fs.ops->close(t->fs.self, fd);
	ok = got == 0 && decode(t, str_sv(&s));
	str_free(&s);
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
