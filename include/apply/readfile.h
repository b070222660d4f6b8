/* SPDX-License-Identifier: MIT
 *
 * Reading a file whole, together with its identity: what it was when it was read, so that
 * a later write can see that somebody else changed it. The bytes are a copy in anonymous
 * memory, never a mapping of the file: a file cut short by another program would end the
 * process. What isn't an ordinary file, or is larger than DOC_MAX_BYTES allows, is
 * refused. Links are followed here; whether it is safe to write through them is txn's
 * question.
 */
#ifndef PR_APPLY_READFILE_H
#define PR_APPLY_READFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/diag.h"
#include "port/fs.h"

#define READFILE_MAX_BYTES (1u << 30)

enum readfile_got {
	READFILE_OK,
	READFILE_MISSING, /* nothing is there; nothing was added to the findings */
	READFILE_REFUSED  /* the findings say why */
};

struct readfile {
	char *bytes; /* NULL when empty; not NUL-terminated */
	size_t n;
	void (*free_bytes)(
		char *bytes, size_t n); /* never NULL once read; doc_init takes it */
	struct fileid id;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	bool has_nul; /* Postfix cuts such a line: to be shown, not edited */
};

/* Read path. READFILE_OK: the caller frees *out with readfile_free() or hands bytes and
 * free_bytes on. Otherwise *out is empty (id.exists false). */
enum readfile_got readfile_load(const struct fs_port *fs, const char *path,
	struct readfile *out, struct diags *d);

void readfile_free(struct readfile *f);

/* Say that path is missing, for callers that need it. Returns false. */
bool readfile_tell_missing(const char *path, struct diags *d);

/* Who and what is the open file fd now? Reads it from its beginning. False with errno. */
bool readfile_identify(const struct fs_port *fs, int fd, struct fileid *out);

/* The same content (or both missing)? Times and inode numbers don't count. */
bool readfile_is_same(const struct fileid *a, const struct fileid *b);

/* Is path still what was loaded? Its bytes are read only where inode, size or time
 * differ. False too when it can't be read. */
bool readfile_is_current(
	const struct fs_port *fs, const char *path, const struct fileid *loaded);

/* The hash of fileid: start with 0, add pieces whose lengths are multiples of 32 (the
 * last one may have any), end with the number of bytes. */
uint64_t readfile_hash_add(uint64_t hash, const char *p, size_t n);
uint64_t readfile_hash_end(uint64_t hash, uint64_t total);

#endif
