/* SPDX-License-Identifier: MIT
 *
 * The file of an entry of the history: any bytes may stand there, and it may have any
 * length. What is read as whole is written again as the same entry.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "apply/fields.h"
#include "apply/history_parts.h"
#include "fuzz_file.h"

static size_t length; /* that the file is said to have */

static int
stat_it(void *self, int fd, struct stat *st)
{
	(void)self, (void)fd;
	*st = (struct stat){
		.st_mode = S_IFREG | 0600, .st_uid = geteuid(), .st_size = (off_t)length};
	return 0;
}

static bool
read_entry(struct sv bytes, size_t copies, struct hist_list *l)
{
	static const struct fs_ops ops = {.openat = fuzz_open,
		.close = fuzz_close,
		.read = fuzz_read,
		.fstat = stat_it};
	const struct fs_port fs = {&ops, NULL};

	fuzz_file = bytes;
	length = bytes.n + copies;
	return hist_read_entry(&fs, 3, 17, l, NULL) && l->n == 1;
}

static void
read_back(struct sv bytes, size_t copies)
{
	struct hist_list l = {0}, again = {0};
	struct str notes = {0}, once = {0}, twice = {0};
	uint64_t kept = 0;

	if (read_entry(bytes, copies, &l)) {
		const struct hist_entry *e = &l.v[0];

		for (size_t i = 0; i < e->nfiles; i++) {
			FUZZ_HOLDS(e->files[i].path[0] == '/');
			kept += hist_old_bytes(&e->files[i]) +
				hist_new_bytes(&e->files[i]);
		}
		FUZZ_HOLDS(e->copies + kept == e->stored);
		hist_encode_end(e->end, e->ms, &once);
		hist_encode(e, &notes);
		str_add_sv(&once, str_sv(&notes));
		FUZZ_HOLDS(read_entry(str_sv(&once), (size_t)kept, &again));
		FUZZ_HOLDS(again.v[0].end == e->end && again.v[0].ms == e->ms);
		hist_encode(&again.v[0], &twice);
		FUZZ_HOLDS(sv_eq(str_sv(&notes), str_sv(&twice)));
	}
	hist_free(&l);
	hist_free(&again);
	str_free(&notes);
	str_free(&once);
	str_free(&twice);
}

/* head, the text and the right sum behind it: else only luck gets by. */
static void
seal(struct str *out, const char *head, struct sv text)
{
	str_add_cstr(out, head);
	str_add_sv(out, text);
	str_add_char(out, '\n');
	fields_seal(out);
}

/* The bytes as they are; as notes behind an end; as an end before notes. The first two
 * bytes are how many those of the copies are. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sv text = fuzz_sv(data, n), rest = sv_sub(text, 2, n);
	size_t copies = n < 2 ? 0 : (size_t)data[0] | (size_t)data[1] << 8;
	struct str end = {0}, notes = {0};

	read_back(text, 0);
	hist_encode_end(HIST_HEALTHY, 7800, &end);
	seal(&notes, "postrelay-history 1\n", rest);
	str_add_sv(&end, str_sv(&notes));
	read_back(str_sv(&end), copies);
	str_clear(&end);
	str_clear(&notes);
	seal(&end, "postrelay-history-end 1\n", rest);
	while (end.n < HIST_END_BYTES)
		str_add_char(&end, '\n');
	seal(&notes, "postrelay-history 1\n", sv_of(""));
	str_add_sv(&end, str_sv(&notes));
	read_back(str_sv(&end), 0);
	str_free(&end);
	str_free(&notes);
	return 0;
}
