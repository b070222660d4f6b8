/* SPDX-License-Identifier: MIT
 *
 * Texts are escaped (%20), so that a field never holds a blank and a line never a line
 * feed; the sum is over everything before its own line.
 */
#include "apply/fields.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>

#include "apply/readfile.h"
#include "base/mem.h"

enum { TEXT_MAX = 1 << 24 };

void
fields_add_text(struct str *s, const char *text)
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

char *
fields_text(struct sv v)
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

bool
fields_number(struct sv v, uint64_t *out)
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

void
fields_add_id(struct str *s, const struct fileid *id)
{
	if (id->exists)
		str_addf(s, " %" PRIx64 ":%" PRIx64, id->size, id->hash);
	else
		str_add_cstr(s, " -");
}

bool
fields_id(struct sv v, struct fileid *id)
{
	struct sv size, hash;

	*id = (struct fileid){.exists = !sv_eq_str(v, "-")};
	if (!id->exists)
		return true;
	return sv_token(&v, ":", &size) && sv_token(&v, ":", &hash) &&
	       fields_number(size, &id->size) && fields_number(hash, &id->hash);
}

static uint64_t
sum_of(const char *p, size_t n)
{
	return readfile_hash_end(readfile_hash_add(0, p, n), n);
}

void
fields_seal(struct str *s)
{
	str_addf(s, "sum %" PRIx64 "\n", sum_of(s->p, s->n));
}

bool
fields_sealed(struct sv *text, const char *head)
{
	struct sv all = *text, rest = all, line, body;
	uint64_t sum;

	if (!sv_line(&rest, &line) || !sv_eq_str(line, head))
		return false;
	body = rest;
	while (sv_line(&rest, &line)) {
		size_t before = (size_t)(line.p - all.p);

		if (!sv_starts(line, "sum "))
			continue;
		*text = sv_sub(body, 0, (size_t)(line.p - body.p));
		return rest.n == 0 && fields_number(sv_sub(line, 4, line.n), &sum) &&
		       sum == sum_of(all.p, before);
	}
	return false;
}

bool
fields_write_all(const struct fs_port *fs, int fd, struct sv bytes)
{
	while (bytes.n > 0) {
		ssize_t put = fs->ops->write(fs->self, fd, bytes.p, bytes.n);

		if (put <= 0) {
			errno = put < 0 ? errno : EIO;
			return false;
		}
		bytes = sv_sub(bytes, (size_t)put, bytes.n);
	}
	return true;
}

bool
fields_write(
	const struct fs_port *fs, int dir, const char *name, struct sv text, bool wait)
{
	int err = 0, fd = fs->ops->openat(fs->self, dir, name,
			     O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK |
				     O_NOCTTY | O_CLOEXEC,
			     0600);

	if (fd < 0)
		return false;
	if (!fields_write_all(fs, fd, text) || (wait && fs->ops->fsync(fs->self, fd) < 0))
		err = errno;
	if (fs->ops->close(fs->self, fd) < 0 && !err)
		err = errno;
	errno = err;
	return !err;
}

enum fields_got
fields_read(const struct fs_port *fs, int dir, const char *name, struct str *out)
{
	char buf[4096];
	ssize_t got = -1;
	int fd = fs->ops->openat(fs->self, dir, name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

	if (fd < 0)
		return errno == ENOENT ? FIELDS_NONE : FIELDS_BAD;
	while (out->n < TEXT_MAX &&
		(got = fs->ops->read(fs->self, fd, buf, sizeof(buf))) > 0)
		str_add(out, buf, (size_t)got);
	fs->ops->close(fs->self, fd);
	return got == 0 ? FIELDS_OK : FIELDS_BAD;
}
