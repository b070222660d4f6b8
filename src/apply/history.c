/* SPDX-License-Identifier: MIT
 *
 * The notes of the history, read and written. What stands in the folder may be damaged or
 * somebody's bait: folder and files are opened without following links, must be ours
 * alone, notes and end carry a sum each, and a file must be exactly as long as its notes
 * say.
 */
#include "apply/history_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "apply/fields.h"
#include "apply/txn_parts.h"
#include "base/i18n.h"
#include "base/mem.h"

#define HEAD "postrelay-history 1"
#define HEAD_END "postrelay-history-end 1"
#define SUM "\nsum " /* where notes end; texts hold no line feed */

enum { NUMBER_MAX = 999999999, NOTES_MAX = 1 << 24 };

const char *
hist_number_name(char buf[HIST_NAME_MAX], unsigned no)
{
	snprintf(buf, HIST_NAME_MAX, "%u", no);
	return buf;
}

/* --- folders -----------------------------------------------------------------------
 */

int
hist_open_top(const struct fs_port *fs, int state, bool make)
{
	return txn_open_own(fs, state, "history", make);
}

int
hist_open_entry(const struct fs_port *fs, int top, unsigned no, int mode, uint64_t *size)
{
	char name[HIST_NAME_MAX];
	int fd = fs->ops->openat(fs->self, top, hist_number_name(name, no),
		mode | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fs->ops->fstat(fs->self, fd, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_uid == geteuid() && !(st.st_mode & 077)) {
		*size = (uint64_t)st.st_size;
		return fd;
	}
	fs->ops->close(fs->self, fd);
	errno = EPERM;
	return -1;
}

struct numbers {
	unsigned *v;
	size_t n, cap;
};

static bool
take_number(void *ctx, const char *name)
{
	struct numbers *l = ctx;
	uint64_t no;

	/* 017 isn't a name of ours. */
	if (name[0] == '0' || !sv_to_uint(sv_of(name), NUMBER_MAX, &no))
		return true;
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = (unsigned)no;
	return true;
}

static int
by_number(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

bool
hist_numbers(const struct fs_port *fs, int top, unsigned **v, size_t *n)
{
	struct numbers l = {0};
	bool ok = fs->ops->names(fs->self, top, take_number, &l) == 0;

	if (l.n)
		qsort(l.v, l.n, sizeof(*l.v), by_number);
	*v = l.v;
	*n = l.n;
	return ok;
}

/* --- writing notes -----------------------------------------------------------------
 */

static void
add_text_line(struct str *s, const char *word, const char *text)
{
	str_addf(s, "%s ", word);
	fields_add_text(s, text ? text : "");
	str_add_char(s, '\n');
}

static void
add_file(struct str *s, const struct hist_file *f)
{
	str_add_cstr(s, "file");
	fields_add_id(s, &f->before);
	fields_add_id(s, &f->after);
	str_addf(s, " %" PRIx64 " %x %x %x %" PRIx64 " %" PRIx64 " ",
		(uint64_t)(f->before.mtime_s > 0 ? f->before.mtime_s : 0), f->from,
		f->depth, f->differs_kept ? 1U : 0U, f->prefix, f->suffix);
	fields_add_text(s, f->kind);
	str_add_char(s, ' ');
	fields_add_text(s, f->path);
	str_add_char(s, '\n');
}

void
hist_encode(const struct hist_entry *e, struct str *out)
{
	str_addf(out, HEAD "\nwhen %" PRIx64 "\nuid %x\ntotal %zx\n", (uint64_t)e->when,
		e->uid, e->total);
	add_text_line(out, "who", e->who);
	add_text_line(out, "terminal", e->terminal);
	add_text_line(out, "actions", e->actions);
	if (e->as && e->as[0])
		add_text_line(out, "as", e->as);
	for (size_t i = 0; i < e->nchanges; i++) {
		str_addf(out, "change %c ", (char)e->changes[i].kind);
		fields_add_text(out, e->changes[i].name);
		str_add_char(out, '\n');
	}
	for (size_t i = 0; i < e->nfiles; i++)
		add_file(out, &e->files[i]);
	fields_seal(out);
}

void
hist_encode_end(enum hist_end end, int64_t ms, struct str *out)
{
	str_addf(out, HEAD_END "\nend %x %" PRIx64 "\n", (unsigned)end, (uint64_t)ms);
	fields_seal(out);
	while (out->n < HIST_END_BYTES)
		str_add_char(out, '\n');
}

/* --- reading notes -----------------------------------------------------------------
 */

/* A text field kept in the arena; NULL when it is none. */
static const char *
keep_text(struct arena *a, struct sv field)
{
	char *text = fields_text(field);
	const char *kept = arena_str(a, text);

	free(text);
	return kept;
}

static bool
next_number(struct sv *line, uint64_t max, uint64_t *out)
{
	struct sv word;

	return sv_token(line, " ", &word) && fields_number(word, out) && *out <= max;
}

static bool
read_file_line(struct arena *a, struct sv line, struct hist_file *f)
{
	struct sv before, after, kind, path;
	uint64_t from, depth, kept, mtime;

	if (!sv_token(&line, " ", &before) || !sv_token(&line, " ", &after) ||
		!fields_id(before, &f->before) || !fields_id(after, &f->after) ||
		!next_number(&line, INT64_MAX, &mtime) ||
		!next_number(&line, NUMBER_MAX, &from) ||
		!next_number(&line, NUMBER_MAX, &depth) ||
		!next_number(&line, 1, &kept) ||
		!next_number(&line, INT64_MAX, &f->prefix) ||
		!next_number(&line, INT64_MAX, &f->suffix) ||
		!sv_token(&line, " ", &kind) || !sv_token(&line, " ", &path))
		return false;
	f->before.mtime_s = (int64_t)mtime;
	f->from = (unsigned)from;
	f->depth = (unsigned)depth;
	f->differs_kept = kept == 1;
	f->kind = keep_text(a, kind);
	f->path = keep_text(a, path);
	return f->kind && f->path && f->path[0] == '/' &&
	       (!f->differs_kept || f->prefix + f->suffix <= f->after.size);
}

static bool
read_change_line(struct arena *a, struct sv line, struct hist_change *c)
{
	struct sv kind, name;

	if (!sv_token(&line, " ", &kind) || !sv_token(&line, " ", &name) || kind.n != 1)
		return false;
	c->kind = (enum hist_kind)kind.p[0];
	c->name = keep_text(a, name);
	return c->name && (c->kind == HIST_PARAM || c->kind == HIST_ALIAS ||
				  c->kind == HIST_ROW || c->kind == HIST_LOGIN);
}

/* The lists of an entry while it is read. */
struct reading {
	struct arena *a;
	struct hist_entry *e;
	struct hist_change *changes;
	struct hist_file *files;
};

static bool
read_line(struct reading *r, struct sv line)
{
	struct hist_entry *e = r->e;
	struct sv word;
	uint64_t n = 0;

	if (!sv_token(&line, " ", &word))
		return false;
	if (sv_eq_str(word, "change"))
		return read_change_line(r->a, line, &r->changes[e->nchanges++]);
	if (sv_eq_str(word, "file"))
		return read_file_line(r->a, line, &r->files[e->nfiles++]);
	line = sv_trim(line);
	if (sv_eq_str(word, "when") || sv_eq_str(word, "uid") ||
		sv_eq_str(word, "total")) {
		bool ok = fields_number(line, &n) && n <= INT64_MAX;

		e->when = word.p[0] == 'w' ? (int64_t)n : e->when;
		e->uid = word.p[0] == 'u' ? (unsigned)n : e->uid;
		e->total = word.p[0] == 't' ? (size_t)n : e->total;
		return ok;
	}
	if (sv_eq_str(word, "who"))
		return (e->who = keep_text(r->a, line)) != NULL;
	if (sv_eq_str(word, "terminal"))
		return (e->terminal = keep_text(r->a, line)) != NULL;
	if (sv_eq_str(word, "as"))
		return (e->as = keep_text(r->a, line)) != NULL;
	return sv_eq_str(word, "actions") && (e->actions = keep_text(r->a, line)) != NULL;
}

static bool
decode(struct arena *a, struct sv text, struct hist_entry *e)
{
	struct reading r = {.a = a, .e = e};
	struct sv line;
	size_t most;

	if (!fields_sealed(&text, HEAD))
		return false;
	most = sv_count_lines(text);
	r.changes = arena_new(a, (most + 1) * sizeof(*r.changes));
	r.files = arena_new(a, (most + 1) * sizeof(*r.files));
	e->changes = r.changes;
	e->files = r.files;
	e->who = e->terminal = e->actions = e->as = "";
	while (sv_line(&text, &line))
		if (!read_line(&r, line))
			return false;
	return true;
}

static void
decode_end(struct sv text, struct hist_entry *e)
{
	struct sv word;
	uint64_t end, ms;

	text = sv_trim(text);
	if (!fields_sealed(&text, HEAD_END) || !sv_token(&text, " ", &word) ||
		!sv_eq_str(word, "end") || !next_number(&text, HIST_PUT_BACK, &end) ||
		!fields_number(sv_trim(text), &ms) || ms > INT64_MAX)
		return;
	e->end = (enum hist_end)end;
	e->ms = (int64_t)ms;
}

static bool
tell_damaged(unsigned no, int err, struct diags *d)
{
	const char *hint =
		_("Nothing else depends on it. It goes by itself when it is the "
		  "oldest.");

	if (err == EPERM || err == ELOOP || err == ENOTDIR)
		return diag_add(d, SEV_WARN, DIAG_APPLY_STATE, NULL,
			_("Look who put it into postrelay's own folder, and remove it."),
			_("History no. %u is left out: it isn't a file of yours alone."),
			no);
	return diag_add(d, SEV_WARN, DIAG_APPLY_STATE, NULL, hint,
		_("History no. %u is left out: what is written there is damaged."), no);
}

uint64_t
hist_old_bytes(const struct hist_file *f)
{
	return f->before.exists && !f->from ? f->before.size : 0;
}

uint64_t
hist_new_bytes(const struct hist_file *f)
{
	return f->differs_kept ? f->after.size - f->prefix - f->suffix : 0;
}

/* Is the file as long as its notes say? One that was torn is not. */
static bool
is_whole(const struct hist_entry *e)
{
	uint64_t left = e->stored - e->copies;

	for (size_t i = 0; i < e->nfiles; i++) {
		const uint64_t parts[] = {
			hist_old_bytes(&e->files[i]), hist_new_bytes(&e->files[i])};

		for (size_t k = 0; k < 2; k++) {
			if (parts[k] > left)
				return false;
			left -= parts[k];
		}
	}
	return left == 0;
}

/* The beginning of an entry's file, to the line feed after the sum of its notes or a bit
 * further; where the notes end. 0: they don't. */
static size_t
read_notes(const struct fs_port *fs, int fd, struct str *out)
{
	char buf[4096];
	ssize_t got, at, lf;
	size_t seen = HIST_END_BYTES;

	while (out->n < NOTES_MAX &&
		(got = fs->ops->read(fs->self, fd, buf, sizeof(buf))) > 0) {
		str_add(out, buf, (size_t)got);
		if (out->n <= seen)
			continue;
		at = sv_find_sv(sv_sub(str_sv(out), seen, out->n), sv_of(SUM));
		if (at < 0) {
			if (out->n - seen >= strlen(SUM))
				seen = out->n - strlen(SUM) + 1;
			continue;
		}
		seen += (size_t)at;
		lf = sv_find(sv_sub(str_sv(out), seen + 1, out->n), '\n');
		if (lf >= 0)
			return seen + 1 + (size_t)lf + 1;
	}
	return 0;
}

static bool
read_entry(const struct fs_port *fs, int fd, struct arena *a, struct hist_entry *e)
{
	struct str text = {0};
	size_t end = read_notes(fs, fd, &text);
	struct sv notes = sv_sub(str_sv(&text), HIST_END_BYTES, end - HIST_END_BYTES);
	bool ok = end > 0 && end <= e->stored && decode(a, notes, e);

	if (ok)
		/* Half an end is what a process leaves that died while it wrote it. */
		decode_end(sv_sub(str_sv(&text), 0, HIST_END_BYTES), e);
	e->copies = end;
	str_free(&text);
	return ok && is_whole(e);
}

bool
hist_read_entry(const struct fs_port *fs, int top, unsigned no, struct hist_list *l,
	struct diags *d)
{
	struct hist_entry e = {.no = no};
	int fd = hist_open_entry(fs, top, no, O_RDONLY, &e.stored);
	bool ok;

	if (fd < 0)
		return errno == ENOENT || tell_damaged(no, errno, d);
	ok = read_entry(fs, fd, &l->texts, &e);
	fs->ops->close(fs->self, fd);
	if (!ok)
		return tell_damaged(no, 0, d);
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = e;
	return true;
}

/* Does a process hold the lock of an apply of this folder? */
static bool
is_applying(const struct txn *t)
{
	int fd = t->fs.ops->openat(t->fs.self, t->state, "apply.lock",
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	bool held;

	if (fd < 0)
		return false;
	held = t->fs.ops->flock(t->fs.self, fd, LOCK_SH | LOCK_NB) < 0 &&
	       errno == EWOULDBLOCK;
	t->fs.ops->close(t->fs.self, fd);
	return held;
}

static void
load(const struct txn *t, int top, bool only_newest, struct hist_list *out,
	struct diags *d)
{
	unsigned *no;
	size_t n;

	if (!hist_numbers(&t->fs, top, &no, &n))
		diag_errno(d, DIAG_APPLY_STATE, NULL, errno, NULL,
			_("The history can't be read"));
	for (size_t i = 0; i < n && !only_newest; i++)
		hist_read_entry(&t->fs, top, no[i], out, d);
	/* A damaged one at the end shall not hide the others. */
	for (size_t i = n; i > 0 && only_newest && out->n == 0; i--)
		hist_read_entry(&t->fs, top, no[i - 1], out, d);
	if (out->n && out->v[out->n - 1].end == HIST_OPEN)
		out->v[out->n - 1].runs = is_applying(t);
	free(no);
}

void
hist_load(const struct txn_env *env, bool only_newest, struct hist_list *out,
	struct diags *d)
{
	struct txn *t = txn_new(env);
	int top = -1;

	*out = (struct hist_list){0};
	if (txn_state_open(t, env->state, false, d) && t->state >= 0) {
		top = hist_open_top(&t->fs, t->state, false);
		if (top < 0 && errno != ENOENT)
			diag_errno(d, DIAG_APPLY_STATE, NULL, errno,
				_("The folder history in postrelay's own folder must be "
				  "yours alone (chmod 0700)."),
				_("The history can't be read"));
	}
	if (top >= 0) {
		load(t, top, only_newest, out, d);
		t->fs.ops->close(t->fs.self, top);
	}
	txn_free(t);
}

void
hist_free(struct hist_list *l)
{
	arena_free(&l->texts);
	free(l->v);
	*l = (struct hist_list){0};
}
