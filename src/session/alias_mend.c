/* SPDX-License-Identifier: MIT
 *
 * The safe repair of an alias, as one edit that undo takes back.
 */
#include "base/i18n.h"
#include "check/aliases.h"
#include "session/internal.h"

/* The finding on this entry that has a repair, or NULL. */
static const struct diag *
mendable(struct session *s, const char *path, uint32_t id)
{
	const struct diags *all = ses_findings(s);

	for (size_t i = 0; i < all->n; i++) {
		const struct diag *f = &all->v[i];

		if (f->mend == DIAG_MEND_ALIAS && f->loc.entry == id + 1 && f->loc.file &&
			strcmp(f->loc.file, path) == 0)
			return f;
	}
	return NULL;
}

const char *
ses_alias_repair(struct session *s, uint32_t id)
{
	struct ses_file *f = aliases_file(s);
	const struct diag *found = f ? mendable(s, f->path, id) : NULL;

	return found ? found->repair : NULL;
}

static bool
write_mended(struct ses_file *f, uint32_t id, const struct al_targets *targets,
	const struct str *comment, struct diags *d)
{
	struct str name = {0}, note = {0};
	struct al_edit e = {.targets = targets};
	struct sv raw = al_name(&f->al, id);
	bool done;

	if (raw.n && raw.p[0] == '"')
		str_add_sv(&name, raw);
	else
		al_name_plain(raw, &name);
	e.name = str_sv(&name);
	if (comment->n) {
		if (al_description(&f->al, id, &note))
			str_add_char(&note, ' ');
		str_add_sv(&note, str_sv(comment));
		e.comment = str_sv(&note);
	}
	done = al_set(&f->al, &id, &e, d);
	str_free(&name);
	str_free(&note);
	return done;
}

bool
ses_alias_mend(struct session *s, uint32_t id, struct diags *d)
{
	struct ses_file *f = aliases_file(s);
	const struct diag *found = f ? mendable(s, f->path, id) : NULL;
	struct al_targets targets = {0};
	struct str comment = {0};
	bool done = false;
	size_t mark;

	if (!edit_allowed(s, f, d))
		return false;
	if (found && chk_al_mend(&f->al, id, found->code, &targets, &comment)) {
		mark = edit_begin(s, _("alias mended"));
		done = edit_end(s, mark, write_mended(f, id, &targets, &comment, d));
	} else {
		diag_add(d, SEV_NOTE, DIAG_NOT_FOUND, NULL, NULL,
			_("There is nothing here that can be mended without asking."));
	}
	al_targets_free(&targets);
	str_free(&comment);
	return done;
}
