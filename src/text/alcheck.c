/* SPDX-License-Identifier: MIT
 *
 * What postalias would say of the file, with lines: one pass over the order, duplicates
 * from the index. postalias itself ends with 0 whatever it drops, and names no line for
 * a duplicate.
 */
#include "text/aliases.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "text/alentry.h"

/* The pass: where it is, and what it has to tell of. */
struct pass {
	struct aliases *al;
	const char *file;
	struct diags *d;
	struct al_ids shadowed; /* sorted */
	uint32_t line;
	size_t found;
};

static int
by_id(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static bool
is_shadowed(const struct pass *p, uint32_t id)
{
	return p->shadowed.n && bsearch(&id, p->shadowed.v, p->shadowed.n,
					sizeof *p->shadowed.v, by_id) != NULL;
}

static void
tell_bad(struct pass *p, const struct diag_loc *loc, enum al_fault fault)
{
	const char *no_colon = _(
		"Write it as \"name: target\", or put # before it to make it a comment.");
	switch (fault) {
	case AL_NO_COLON:
		diag_add(p->d, SEV_WARN, DIAG_AL_NO_COLON, loc, no_colon,
			_("Postfix ignores this line: it has no colon behind a name."));
		break;
	case AL_NO_NAME:
		diag_add(p->d, SEV_WARN, DIAG_AL_NAME, loc, no_colon,
			_("Postfix ignores this line: it has no name before the colon."));
		break;
	case AL_NAME_QUOTE:
		diag_add(p->d, SEV_WARN, DIAG_AL_NAME, loc,
			_("Put a \" behind the name, before the colon."),
			_("Postfix ignores this line: the quote around the name never "
			  "ends."));
		break;
	case AL_NAME_LIST:
		diag_add(p->d, SEV_WARN, DIAG_AL_NAME, loc,
			_("Write one line for each name."),
			_("Postfix ignores this line: it names several addresses before "
			  "the "
			  "colon."));
		break;
	case AL_NAME_DOMAIN:
		diag_add(p->d, SEV_WARN, DIAG_AL_NAME, loc,
			_("Take the @ and what follows it away. Whole addresses belong "
			  "in "
			  "virtual_alias_maps."),
			_("Postfix ignores this line: a name here is local and has no "
			  "domain."));
		break;
	case AL_NO_TARGET:
		diag_add(p->d, SEV_WARN, DIAG_AL_EMPTY, loc,
			_("Name who gets the mail, behind the colon."),
			_("Postfix ignores this line: nobody is named behind the "
			  "colon."));
		break;
	case AL_NOT_UTF8:
		diag_add(p->d, SEV_WARN, DIAG_AL_UTF8, loc,
			_("Write it again, or save the file as UTF-8."),
			_("Postfix ignores this line: it holds bytes that are not "
			  "UTF-8."));
		break;
	case AL_OK:
		break;
	}
}

static void
tell_shadowed(struct pass *p, const struct diag_loc *loc, uint32_t id)
{
	struct str key = {0};
	al_key(p->al, id, &key);
	diag_add(p->d, SEV_WARN, DIAG_AL_DUPLICATE, loc,
		_("Remove one of the two, or join their targets in the first."),
		_("This alias counts for nothing: an earlier line gives \"%s\" already."),
		str_c(&key));
	str_free(&key);
}

static bool
is_finding(const struct pass *p, uint32_t id)
{
	const struct entry *e = doc_entry(&p->al->doc, id);
	return e->kind == ENTRY_BAD || e->kind == ENTRY_ORPHAN ||
	       (e->kind == ENTRY_ALIAS && is_shadowed(p, id));
}

static void
tell(struct pass *p, uint32_t id)
{
	const struct diag_loc loc = {.file = p->file, .line = p->line, .entry = id + 1};
	uint8_t kind = doc_entry(&p->al->doc, id)->kind;
	if (++p->found > AL_CHECK_MAX) {
		diag_add(p->d, SEV_NOTE, DIAG_AL_DUPLICATE, &loc, NULL,
			_("There are more such lines behind this one; they are not "
			  "listed."));
	} else if (kind == ENTRY_BAD) {
		tell_bad(p, &loc, al_fault_of(p->al, id));
	} else if (kind == ENTRY_ORPHAN) {
		diag_add(p->d, SEV_WARN, DIAG_AL_ORPHAN, &loc,
			_("Take the blanks at its start away, or put # before it."),
			_("Postfix ignores this line: it starts with a blank, but there "
			  "is "
			  "no line before it that it could go on with."));
	} else {
		tell_shadowed(p, &loc, id);
	}
}

static uint32_t
line_count(const struct doc *d, uint32_t id)
{
	struct sv rest = doc_text(d, id), line;
	uint32_t n = 0;
	while (sv_line(&rest, &line))
		n++;
	return n;
}

void
al_check(struct aliases *al, const char *file, struct diags *d)
{
	struct pass p = {.al = al, .file = file, .d = d, .line = 1};
	const struct doc *doc = &al->doc;
	al_index_shadowed(al, &p.shadowed);
	if (p.shadowed.n)
		qsort(p.shadowed.v, p.shadowed.n, sizeof *p.shadowed.v, by_id);
	for (size_t i = 0; i < doc->norder && p.found <= AL_CHECK_MAX; i++) {
		uint32_t id = doc->order[i];
		if (!doc_alive(doc, id))
			continue;
		if (doc->gen == 0)
			p.line = doc_entry(doc, id)->line;
		if (is_finding(&p, id))
			tell(&p, id);
		if (doc->gen != 0)
			p.line += line_count(doc, id);
	}
	free(p.shadowed.v);
}
