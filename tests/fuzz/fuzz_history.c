/* SPDX-License-Identifier: MIT
 *
 * The notes of an entry of the history and of its end: any bytes may stand there. What is
 * read as whole is written again as the same entry.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "apply/fields.h"
#include "apply/history_parts.h"

/* What each of the two files holds. */
static struct sv meta, end, left;

static int
open_it(void *self, int dir, const char *path, int flags, mode_t mode)
{
	(void)self, (void)dir, (void)flags, (void)mode;
	left = strcmp(path, "end") == 0 ? end : meta;
	return 3;
}

static int
close_it(void *self, int fd)
{
	(void)self, (void)fd;
	return 0;
}

static ssize_t
read_it(void *self, int fd, void *buf, size_t n)
{
	(void)self, (void)fd;
	if (n > left.n)
		n = left.n;
	memcpy(buf, left.p, n);
	left = sv_sub(left, n, left.n);
	return (ssize_t)n;
}

static int
stat_it(void *self, int fd, struct stat *st)
{
	(void)self, (void)fd;
	*st = (struct stat){.st_mode = S_IFDIR | 0700, .st_uid = geteuid()};
	return 0;
}

static bool
read_entry(struct sv meta_text, struct sv end_text, struct hist_list *l)
{
	static const struct fs_ops ops = {
		.openat = open_it, .close = close_it, .read = read_it, .fstat = stat_it};
	const struct fs_port fs = {&ops, NULL};

	meta = meta_text;
	end = end_text;
	return hist_read_entry(&fs, 3, 17, l, NULL) && l->n == 1;
}

static void
read_back(struct sv meta_text, struct sv end_text)
{
	struct hist_list l = {0}, again = {0};
	struct str once = {0}, twice = {0};

	if (read_entry(meta_text, end_text, &l)) {
		for (size_t i = 0; i < l.v[0].nfiles; i++)
			FUZZ_HOLDS(l.v[0].files[i].path[0] == '/');
		hist_encode(&l.v[0], &once);
		FUZZ_HOLDS(read_entry(str_sv(&once), end_text, &again));
		hist_encode(&again.v[0], &twice);
		FUZZ_HOLDS(sv_eq(str_sv(&once), str_sv(&twice)));
	}
	hist_free(&l);
	hist_free(&again);
	str_free(&once);
	str_free(&twice);
}

/* The bytes as they are, and with the right sum behind them: else only luck gets by. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sv text = fuzz_sv(data, n);
	struct str whole = {0}, closed = {0};

	read_back(text, text);
	str_add_cstr(&whole, "postrelay-history 1\n");
	str_add_sv(&whole, text);
	str_add_char(&whole, '\n');
	fields_seal(&whole);
	str_add_cstr(&closed, "postrelay-history-end 1\n");
	str_add_sv(&closed, text);
	str_add_char(&closed, '\n');
	fields_seal(&closed);
	read_back(str_sv(&whole), str_sv(&closed));
	str_free(&whole);
	str_free(&closed);
	return 0;
}
