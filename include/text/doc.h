/* SPDX-License-Identifier: MIT
 *
 * A lossless document: the bytes of a file cut into entries that tile it. Fresh entries
 * cover the file in order without gap or overlap, so an unedited save is the same bytes
 * by construction. An edit appends new text to `added` and swaps one 16-byte entry;
 * nothing is ever moved or freed before doc_free(), so ids stay valid for ever and undo
 * is swapping entries back. Deleting is a flag; a deleted entry keeps its place in the
 * order.
 */
#ifndef PR_TEXT_DOC_H
#define PR_TEXT_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define DOC_MAX_BYTES (1u << 30) /* larger files are refused by the caller */
#define DOC_NO_ID UINT32_MAX
#define DOC_SPAN_ADDED 0x80000000u /* set in span.off: the text is in `added` */

struct span {
	uint32_t off, len;
};

/* What an entry is. One enum for every document, so that screens can tell kinds apart. */
enum entry_kind {
	ENTRY_BLANK,     /* empty or white space only */
	ENTRY_COMMENT,   /* '#' is the first sign that isn't blank */
	ENTRY_ORPHAN,    /* indented text with nothing before it: Postfix ignores it */
	ENTRY_PARAM,     /* main.cf: name = value */
	ENTRY_ALIAS,     /* aliases: name: targets */
	ENTRY_ALIAS_OFF, /* aliases: #name: targets, a disabled alias */
	ENTRY_ROW,       /* table: key, or key and value */
	ENTRY_ROW_OFF,   /* table: #key, a disabled row */
	ENTRY_BAD,       /* Postfix refuses or drops this logical line */
	ENTRY_RAW        /* key over 65535 bytes: shown, never edited */
};

enum { ENTRY_DELETED = 1, ENTRY_NEW = 2, ENTRY_EDITED = 4 };

struct entry {
	struct span text; /* whole lines with their line ends and inner comments */
	uint32_t line;    /* first line in the loaded file, from 1; 0: new */
	uint16_t key_len; /* bytes of the key as written; where it starts follows from
			     kind */
	uint8_t kind;     /* enum entry_kind */
	uint8_t flags;    /* ENTRY_DELETED ... */
};

/* One change of one entry: doc_restore() of before undoes it, of after redoes it. For a
 * new entry before is the same record with ENTRY_DELETED. */
struct doc_edit {
	uint32_t id;
	struct entry before, after;
};

struct doc {
	char *orig; /* loaded bytes, never changed; mmap'ed anonymous or malloc'ed, see
		       doc_init */
	size_t orig_len;
	struct str added;
	struct entry *pool;
	size_t npool, pool_cap;
	uint32_t *order; /* ids in file sequence, deleted ones included */
	size_t norder, order_cap;
	uint64_t gen; /* grows with every change */
	bool crlf; /* most lines (of the first 64 KiB) end in CR LF: new lines do too */
	/* Told of every change, undo included; may be NULL. */
	void (*on_edit)(void *ctx, struct doc *d, const struct doc_edit *e);
	void *edit_ctx;
	void (*free_orig)(char *orig, size_t n); /* NULL: free() */
};

/* Take n loaded bytes (freed by doc_free through free_orig). No entries yet: a scanner
 * adds them. */
void doc_init(
	struct doc *d, char *take_bytes, size_t n, void (*free_orig)(char *, size_t));
void doc_free(struct doc *d);

/* Append a loaded entry (scanners only): text at off..off+len of the loaded bytes.
 * Returns its id. */
uint32_t doc_add_loaded(struct doc *d, const struct entry *e);

/* The bytes of entry id, whole lines; valid until the next edit. */
struct sv doc_text(const struct doc *d, uint32_t id);

/* The bytes of a span of this document; valid until the next edit. */
struct sv doc_span(const struct doc *d, struct span s);

static inline const struct entry *
doc_entry(const struct doc *d, uint32_t id)
{
	return &d->pool[id];
}

static inline bool
doc_alive(const struct doc *d, uint32_t id)
{
	return !(d->pool[id].flags & ENTRY_DELETED);
}

/* Give entry id other text (whole lines), kind and key length; flagged ENTRY_EDITED. A
 * deleted entry comes back by it. Giving a loaded entry its loaded text again makes it
 * unedited again. text may be a slice of this document. */
void doc_replace(
	struct doc *d, uint32_t id, struct sv text, enum entry_kind kind, size_t key_len);

/* A new entry at position pos of the order (0 .. norder). Returns its id. */
uint32_t doc_insert(
	struct doc *d, size_t pos, struct sv text, enum entry_kind kind, size_t key_len);

/* Flag id deleted; nothing happens when it is already. */
void doc_delete(struct doc *d, uint32_t id);

/* The record of id as it was loaded, before every edit; false for a new entry. */
bool doc_loaded(const struct doc *d, uint32_t id, struct entry *out);

/* Put an entry record back (undo, redo); on_edit is told of it as of any change. */
void doc_restore(struct doc *d, uint32_t id, const struct entry *e);

/* Position of id in the order; norder if it is nowhere. */
size_t doc_position(const struct doc *d, uint32_t id);

/* Line of id in the file as it would be saved now, from 1; counts line ends before it. */
uint32_t doc_line_now(const struct doc *d, uint32_t id);

/* "\n" or "\r\n", as new lines of this document end. */
const char *doc_eol(const struct doc *d);

/* Hand the bytes of the document to sink in few long runs; false as soon as sink says
 * false. A line end is put between an entry without one (the file's last line) and what
 * follows it. */
bool doc_write(
	const struct doc *d, bool (*sink)(void *ctx, const char *p, size_t n), void *ctx);

/* The same for the entries at positions from..to of the order. */
bool doc_write_part(const struct doc *d, size_t from, size_t to,
	bool (*sink)(void *ctx, const char *p, size_t n), void *ctx);

/* The whole document appended to out. */
void doc_bytes(const struct doc *d, struct str *out);

/* Does saving give the loaded bytes again? */
bool doc_is_unchanged(const struct doc *d);

#endif
