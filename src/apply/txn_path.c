/* SPDX-License-Identifier: MIT
 *
 * Following a path by hand, folder by folder, each opened inside the one before it, so
 * that what was looked at is what is used. A link is followed only where nobody but root
 * or we could have made it, or could swap what it leads through: every folder passed on
 * the way must be safe as soon as one link was met.
 */
#include "apply/txn_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { MAX_LINKS = 40, MOUNTINFO_MAX = 4 << 20 };

struct walk {
	const struct fs_port *fs;
	const char *path;
	struct diags *d;
	int dir;
	int first;       /* folder in which path itself, link or not, stands */
	struct str at;   /* path of dir; empty: the root */
	struct str rest; /* what is still to be followed */
	char *part;      /* owned; the current part of rest */
	unsigned links;
	char *unsafe; /* owned; the first folder that others can write */
};

static bool
refuse_walk(const struct walk *w, int err)
{
	struct diag_loc loc = {.file = w->path};

	if (err == ENOENT || err == ENOTDIR)
		return diag_add(w->d, SEV_ERROR, DIAG_FILE_MISSING, &loc,
			_("Make the folder first, or correct the path."),
			_("Nothing was written: the folder of %s is not there."),
			w->path);
	if (err == ELOOP)
		return diag_add(w->d, SEV_ERROR, DIAG_FILE_KIND, &loc,
			_("Correct the link."),
			_("Nothing was written: the links of %s lead in a circle."),
			w->path);
	return diag_errno(w->d, DIAG_FILE_ACCESS, w->path, err,
		_("Start postrelay as root."),
		_("Nothing was written: the folder of %s can't be opened."), w->path);
}

static bool
note_safety(struct walk *w)
{
	struct stat st;

	if (w->fs->ops->fstat(w->fs->self, w->dir, &st) < 0)
		return refuse_walk(w, errno);
	/* An ACL that lets others write shows in the group bits: they are its mask. */
	if (!w->unsafe && ((st.st_uid != 0 && st.st_uid != geteuid()) ||
				  (st.st_mode & (S_IWGRP | S_IWOTH))))
		w->unsafe = mem_strdup(w->at.n ? w->at.p : "/");
	return true;
}

static bool
go_into(struct walk *w, const char *part)
{
	int fd = w->fs->ops->openat(w->fs->self, w->dir, part,
		O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);

	if (fd < 0)
		return refuse_walk(w, errno);
	if (w->dir >= 0)
		w->fs->ops->close(w->fs->self, w->dir);
	w->dir = fd;
	if (strcmp(part, "/") == 0) {
		str_clear(&w->at);
	} else if (strcmp(part, "..") == 0) {
		while (w->at.n > 0 && w->at.p[--w->at.n] != '/')
			continue;
		if (w->at.p)
			w->at.p[w->at.n] = '\0';
	} else {
		str_add_char(&w->at, '/');
		str_add_cstr(&w->at, part);
	}
	return note_safety(w);
}

/* The next part of rest; *last when nothing but slashes follows it. False at the end. */
static bool
next_part(struct walk *w, bool *last)
{
	struct sv v = str_sv(&w->rest), part, more;
	char *rest;

	if (!sv_token(&v, "/", &part))
		return false;
	free(w->part);
	w->part = sv_dup(part);
	more = v;
	*last = !sv_token(&more, "/", &part);
	rest = sv_dup(v);
	str_clear(&w->rest);
	str_add_cstr(&w->rest, rest);
	free(rest);
	return true;
}

/* The part is a link: what it says takes its place. */
static bool
follow(struct walk *w)
{
	char text[PATH_MAX];
	struct str rest = {0};
	ssize_t n =
		w->fs->ops->readlinkat(w->fs->self, w->dir, w->part, text, sizeof(text));

	if (n < 0)
		return refuse_walk(w, errno);
	if (n == 0 || (size_t)n == sizeof(text) || ++w->links > MAX_LINKS)
		return refuse_walk(w, ELOOP);
	str_add(&rest, text, (size_t)n);
	str_add_char(&rest, '/');
	str_add_sv(&rest, str_sv(&w->rest));
	str_free(&w->rest);
	w->rest = rest;
	return text[0] != '/' || go_into(w, "/");
}

/* A folder can be synced only through a descriptor for reading. */
static bool
open_for_reading(struct walk *w, int *fd)
{
	*fd = w->fs->ops->openat(
		w->fs->self, w->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	return *fd >= 0 || refuse_walk(w, errno);
}

/* Walk until the last part that is no link; its name is left in w->part. */
static bool
walk_to_end(struct walk *w)
{
	struct stat st;
	bool last = false;

	while (next_part(w, &last)) {
		if (strcmp(w->part, ".") == 0 && !last)
			continue;
		if (last && w->first < 0 && !open_for_reading(w, &w->first))
			return false;
		if (w->fs->ops->fstatat(
			    w->fs->self, w->dir, w->part, &st, AT_SYMLINK_NOFOLLOW) < 0) {
			if (last && errno == ENOENT)
				return true;
			return refuse_walk(w, errno);
		}
		if (S_ISLNK(st.st_mode)) {
			if (!follow(w))
				return false;
			continue;
		}
		if (last)
			return true;
		if (!go_into(w, w->part))
			return false;
	}
	return refuse_walk(w, ENOENT); /* no name at all: "/" */
}

static bool
is_link_safe(const struct walk *w)
{
	struct diag_loc loc = {.file = w->path};

	if (w->links == 0 || !w->unsafe)
		return true;
	return diag_add(w->d, SEV_ERROR, DIAG_FILE_UNSAFE, &loc,
		_("Name the file itself instead of a link, or take the right to write "
		  "from "
		  "the others."),
		_("Nothing was written: %s is reached through a link, and others than "
		  "root "
		  "can change the folder %s on the way."),
		w->path, w->unsafe);
}

bool
txn_resolve(const struct fs_port *fs, const char *path, struct txn_place *out,
	struct diags *d)
{
	struct walk w = {.fs = fs, .path = path, .d = d, .dir = -1, .first = -1};
	bool ok;

	*out = (struct txn_place){.dir = -1, .first = -1};
	str_add_cstr(&w.rest, path);
	ok = path[0] == '/' ? go_into(&w, "/") && walk_to_end(&w) && is_link_safe(&w)
			    : refuse_walk(&w, ENOENT);
	if (ok && (strcmp(w.part, ".") == 0 || strcmp(w.part, "..") == 0))
		ok = refuse_walk(&w, ENOENT);
	ok = ok && open_for_reading(&w, &out->dir);
	out->first = w.first;
	if (ok) {
		out->name = mem_strdup(w.part);
		out->real = str_format("%s/%s", str_c(&w.at), w.part);
	}
	if (w.dir >= 0)
		fs->ops->close(fs->self, w.dir);
	str_free(&w.at);
	str_free(&w.rest);
	free(w.part);
	free(w.unsafe);
	return ok;
}

void
txn_place_free(const struct fs_port *fs, struct txn_place *p)
{
	if (p->dir >= 0)
		fs->ops->close(fs->self, p->dir);
	if (p->first >= 0)
		fs->ops->close(fs->self, p->first);
	free(p->real);
	free(p->name);
	*p = (struct txn_place){.dir = -1, .first = -1};
}

static bool
read_text(const struct fs_port *fs, const char *path, struct str *out)
{
	char buf[8192];
	ssize_t got;
	int fd = fs->ops->openat(fs->self, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);

	if (fd < 0)
		return false;
	while ((got = fs->ops->read(fs->self, fd, buf, sizeof(buf))) > 0 &&
		out->n < MOUNTINFO_MAX)
		str_add(out, buf, (size_t)got);
	fs->ops->close(fs->self, fd);
	return got == 0;
}

/* Does the mount point v, written with \040 for a blank and so on, name path? */
static bool
is_mount_point(struct sv v, const char *path)
{
	size_t i = 0;

	for (; i < v.n && *path; path++) {
		unsigned char c = (unsigned char)v.p[i++];

		if (c == '\\' && v.n - i >= 3) {
			c = (unsigned char)((v.p[i] - '0') << 6 |
					    (v.p[i + 1] - '0') << 3 | (v.p[i + 2] - '0'));
			i += 3;
		}
		if (c != (unsigned char)*path)
			return false;
	}
	return i == v.n && !*path;
}

bool
txn_path_is_mount(const struct fs_port *fs, const char *path)
{
	struct txn_place place;
	struct diags unused = {0};
	bool is_mount =
		txn_resolve(fs, path, &place, &unused) && txn_is_mount(fs, place.real);

	txn_place_free(fs, &place);
	diag_clear(&unused);
	return is_mount;
}

/* Is a single file mounted there? Such a file can't be renamed over, which the kernel
 * says only when it is tried: too late. Unknown counts as no. */
bool
txn_is_mount(const struct fs_port *fs, const char *real)
{
	struct str text = {0};
	struct sv rest, line, word;
	bool found = false;

	if (!read_text(fs, "/proc/self/mountinfo", &text)) {
		str_free(&text);
		return false;
	}
	rest = str_sv(&text);
	while (!found && sv_line(&rest, &line)) {
		int k = 0; /* the fifth word is the mount point */

		while (k < 5 && sv_token(&line, " ", &word))
			k++;
		found = k == 5 && is_mount_point(word, real);
	}
	str_free(&text);
	return found;
}
