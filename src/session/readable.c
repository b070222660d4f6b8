/* SPDX-License-Identifier: MIT
 *
 * Could the files be read? The answer of a command that prints one value must not cost
 * the judging of everything, so only what reading itself found is looked at.
 */
#include "base/i18n.h"
#include "session/internal.h"

static bool
kept_from_reading(const struct diag *d)
{
	return d->sev == SEV_ERROR &&
	       (d->code == DIAG_FILE_MISSING || d->code == DIAG_FILE_ACCESS ||
		       d->code == DIAG_FILE_KIND || d->code == DIAG_FILE_TOO_BIG);
}

static bool
file_readable(const struct ses_file *f, struct diags *d)
{
	bool good = true;

	for (size_t i = 0; i < f->load.n; i++) {
		const struct diag *found = &f->load.v[i];

		if (kept_from_reading(found))
			good = diag_add(d, found->sev, found->code, &found->loc,
				found->hint, "%s", found->text);
	}
	return good;
}

bool
ses_readable(struct session *s, bool aliases, struct diags *d)
{
	bool good = file_readable(s->files[0], d);
	struct ses_file *f;

	if (!aliases)
		return good;
	f = aliases_file(s);
	if (!f)
		return diag_add(d, SEV_ERROR, DIAG_AL_NO_FILE, NULL,
			_("Set alias_database, or name the file with -A."),
			_("There are no aliases to work on: alias_database names no "
			  "file."));
	return file_readable(f, d) && good;
}
