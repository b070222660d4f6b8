/* SPDX-License-Identifier: MIT
 *
 * See the header; nothing here knows what the rows are.
 */
#include "ui/scrkit.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "ui/glyph.h"

enum { USUAL_COLS = 80, USUAL_ROWS = 20, FRAME_ROWS = 5 };

char
scr_state(const struct diag *finding)
{
	if (!finding || finding->sev == SEV_NOTE) {
		return 0;
	}
	return finding->sev == SEV_ERROR ? '!' : '?';
}

char
scr_edit(bool is_new, bool removed, bool edited)
{
	return removed ? '-' : is_new ? '+' : edited ? '*' : 0;
}

void
scr_message(struct ui_message *m, const struct diag *finding)
{
	if (finding) {
		ui_message_set(m, scr_state(finding), finding->text, finding->hint);
	}
}

void
scr_message_mend(struct ui_message *m, const struct diag *finding)
{
	if (!finding || finding->mend == DIAG_MEND_NONE) {
		scr_message(m, finding);
		return;
	}
	char *way = finding->hint ? str_format(_("%s (r mends it)"), finding->hint)
				  : str_format("%s", _("r mends it."));
	ui_message_set(m, scr_state(finding), finding->text, way);
	free(way);
}

void
scr_mend(struct ui_app *app, struct session *s, const struct diag *finding)
{
	const char *what = ses_repair_text(s, finding);
	char *done = what ? str_format(_("Mended: %s. u takes it back."), what) : NULL;
	bool build = finding && finding->mend == DIAG_MEND_BUILD;
	struct diags d = {0};
	bool mended = ses_mend(s, finding, &d);

	if (mended && build) {
		ui_app_command(app, UI_CMD_REVIEW);
	} else if (mended) {
		ui_app_say(app, 0, done, NULL);
	}
	free(done);
	scr_say(app, &d);
}

void
scr_message_unread(struct ui_message *m, struct session *s)
{
	struct ses_status st;

	ses_status(s, &st);
	if (st.unread && m->line[0].n == 0) {
		ui_message_set(m, '?',
			_("Not this relay's values: its main.cf can't be read, so "
			  "Postfix's defaults stand here."),
			NULL);
	}
}

void
scr_say(struct ui_app *app, struct diags *d)
{
	const struct diag *worst = d->n ? &d->v[0] : NULL;

	for (size_t i = 1; i < d->n; i++) {
		worst = d->v[i].sev > worst->sev ? &d->v[i] : worst;
	}
	if (worst) {
		ui_app_say(app, scr_state(worst), worst->text, worst->hint);
	}
	diag_clear(d);
}

void
scr_heading(const struct ui_canvas *body, int y, const char *left, const char *right)
{
	int need = ui_width(sv_of(left)) + 2 + ui_width(sv_of(right));

	ui_put(body, ui_at(y, 0, 0), UI_STRONG, left);
	if (need <= body->w) {
		ui_put_right(body, ui_at(y, 0, body->w - (body->w >= USUAL_COLS)),
			UI_TEXT, right);
	}
}

void
scr_heading_list(const struct ui_canvas *body, int y, const char *left, const char *right,
	const struct ui_list *list, int h)
{
	int l = ui_width(sv_of(left)), r = ui_width(sv_of(right)), end = body->w - 1;
	size_t n = list->ops->count(list->self);
	char *place = str_format(_("row %zu of %zu"), list->focus + 1, n);
	int p = n > (size_t)h ? ui_width(sv_of(place)) : 0;
	bool all = l + 2 + p + 2 + r <= end;

	scr_heading(body, y, left, all || p == 0 ? right : "");
	if (p > 0 && l + 2 + p <= end) {
		ui_list_position(
			list, body, ui_at(y, l + 2, end - l - 2 - (all ? r + 4 : 0)), h);
	}
	free(place);
}

bool
scr_is_low(const struct ui_canvas *body)
{
	return ui_usual_h(body) < USUAL_ROWS - FRAME_ROWS;
}

bool
scr_is_narrow(const struct ui_canvas *body)
{
	return body->w < USUAL_COLS;
}

bool
scr_to_bad(
	struct ui_list *l, int dir, bool from_edge, bool (*is_bad)(void *self, size_t i))
{
	size_t n = l->ops->count(l->self), step = dir > 0 ? 1 : (size_t)-1;
	size_t i = !from_edge ? l->focus + step : dir > 0 ? 0 : n - 1;

	for (; i < n; i += step) {
		if (is_bad(l->self, i)) {
			ui_list_select(l, i);
			return true;
		}
	}
	return false;
}

void
scr_list_settle(struct ui_list *l, bool (*can_stop)(void *self, size_t i), int dir)
{
	size_t n = l->ops->count(l->self), at = l->focus < n ? l->focus : n ? n - 1 : 0;

	for (int turn = 0; turn < 2; turn++, dir = -dir) {
		for (size_t i = at; i<n; i += dir> 0 ? 1 : (size_t)-1) {
			if (can_stop(l->self, i)) {
				ui_list_select(l, i);
				return;
			}
		}
	}
}

enum ui_list_result
scr_list_event(struct ui_list *l, const struct ui_event *ev,
	bool (*can_stop)(void *self, size_t i))
{
	size_t before = l->focus;
	enum ui_list_result r = ui_list_event(l, ev);

	if (r == UI_LIST_MOVED) {
		scr_list_settle(l, can_stop, l->focus >= before ? 1 : -1);
		if (ev->kind == UI_EV_KEY && l->focus == before && before > 0 &&
			(ev->key == UI_KEY_UP || ev->key == 'k')) {
			ui_list_select(l, before); /* what stands above is a heading */
			l->top = 0;
		}
	}
	return r;
}

void
scr_untab(struct sv text, struct str *out)
{
	size_t from = out->n;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '\t') {
			str_add_char(out, text.p[i]);
			continue;
		}
		do {
			str_add_char(out, ' ');
		} while ((out->n - from) % 8 != 0);
	}
}
