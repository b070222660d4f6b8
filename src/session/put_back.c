/* SPDX-License-Identifier: MIT
 *
 * What an apply that was put back comes to for a person: why, how it stands now, what is
 * kept, and which of the waiting changes Postfix most likely complains of: the one whose
 * name its words hold, else one of the file that they name, else all of one screen.
 */
#include "session/review_view.h"

#include "apply/apply.h"
#include "base/i18n.h"

static bool
is_name_char(char c)
{
	return is_alpha_char(c) || is_digit_char(c) || c == '_' || c == '-' || c == '.';
}

/* Does text hold name, not as a part of a longer one? */
static bool
names_word(const char *text, const char *name)
{
	struct sv v = sv_of(text);
	size_t n = strlen(name);
	ptrdiff_t at;

	while (n > 0 && v.p && (at = sv_find_sv(v, sv_of(name))) >= 0) {
		size_t i = (size_t)at, end = i + n;

		if ((i == 0 || !is_name_char(v.p[i - 1])) &&
			(end == v.n || !is_name_char(v.p[end])))
			return true;
		v = sv_sub(v, end, v.n - end);
	}
	return false;
}

static bool
is_about(const struct diag *d, const struct ses_change *c, const char *main_cf)
{
	if (d->code == DIAG_PF_NO_WAY)
		return strcmp(c->screen, "relayhost") == 0;
	return names_word(d->text, c->name) ||
	       (d->loc.file && strcmp(d->loc.file, main_cf) != 0 &&
		       strcmp(d->loc.file, c->file) == 0);
}

/* NULL: it can't be told. */
static const struct ses_change *
culprit(struct session *s, const struct diags *found)
{
	const struct ses_change *v;
	size_t n = ses_changes(s, &v), same = 0;

	for (size_t i = 0; i < found->n; i++)
		for (size_t k = 0; found->v[i].sev == SEV_ERROR && k < n; k++)
			if (is_about(&found->v[i], &v[k], s->files[0]->path))
				return &v[k];
	while (same < n && strcmp(v[same].screen, v[0].screen) == 0)
		same++;
	return n && same == n ? &v[0] : NULL;
}

static const struct diag *
first_error(const struct diags *found)
{
	for (size_t i = 0; i < found->n; i++)
		if (found->v[i].sev == SEV_ERROR)
			return &found->v[i];
	return NULL;
}

static const char *
how_it_stands(struct arena *a, int64_t cut_off_ms)
{
	size_t seconds = (size_t)((cut_off_ms + 999) / 1000);

	if (seconds == 0)
		return _("The old files are in place.");
	return arena_fmt(a,
		P_("The old settings run. Clients were cut off for %zu second at most; "
		   "no mail is lost.",
			"The old settings run. Clients were cut off for %zu seconds at "
			"most; no mail is lost.",
			seconds),
		seconds);
}

void
put_back_tell(struct session *s, const struct apply_result *r, struct arena *a,
	struct ses_apply_view *out)
{
	const struct ses_change *unused, *c;
	const struct diag *first = first_error(&r->findings);
	size_t n = ses_changes(s, &unused);

	out->put_back = r->put_back;
	if (!r->put_back || r->status == APPLY_NEEDS_PERSON)
		return;
	out->why = arena_str(a, first ? first->text : NULL);
	out->no_way = first && first->code == DIAG_PF_NO_WAY;
	out->now = how_it_stands(a, r->cut_off_ms);
	out->kept = arena_fmt(a,
		P_("Your %zu change still waits here; nothing has to be typed again.",
			"Your %zu changes still wait here; nothing has to be typed "
			"again.",
			n),
		n);
	c = r->status == APPLY_PUT_BACK ? culprit(s, &r->findings) : NULL;
	if (!c)
		return;
	out->screen = c->screen;
	out->name = arena_str(a, c->name);
	out->file = arena_str(a, c->file);
}
