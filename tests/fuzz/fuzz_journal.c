/* SPDX-License-Identifier: MIT
 *
 * The note and the journal of an apply that died: any bytes may stand there. What is read
 * as whole names absolute paths only.
 */
#include "fuzz.h"

#include <errno.h>

#include "apply/readfile.h"
#include "apply/txn_parts.h"

static struct sv left; /* of the one file that there is */

static int
open_it(void *self, int dir, const char *path, int flags, mode_t mode)
{
	(void)self, (void)dir, (void)path, (void)flags, (void)mode;
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

static void
read_back(struct sv text)
{
	static const struct fs_ops ops = {
		.openat = open_it, .close = close_it, .read = read_it};
	const struct txn_env env = {.fs = {&ops, NULL}, .conf_dir = "/etc/postfix"};
	struct txn *t = txn_new(&env);

	left = text;
	if (txn_journal_read(t) == TXN_READ_OK)
		for (size_t i = 0; i < t->n; i++) {
			FUZZ_HOLDS(t->v[i].path[0] == '/' && t->v[i].at.real[0] == '/');
			txn_name_target(t, &t->v[i]);
		}
	txn_free(t);
}

/* The bytes as they are, and with the right sum behind them: else only luck gets by. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sv text = fuzz_sv(data, n);
	struct str whole = {0};

	read_back(text);
	str_add_cstr(&whole, "postrelay-journal 1\n");
	str_add_sv(&whole, text);
	str_add_char(&whole, '\n');
	str_addf(&whole, "sum %llx\n",
		(unsigned long long)readfile_hash_end(
			readfile_hash_add(0, whole.p, whole.n), whole.n));
	read_back(str_sv(&whole));
	str_free(&whole);
	return 0;
}
