/* SPDX-License-Identifier: MIT
 *
 * Suggestions and public rows are ticks; everything that is ticked is added with what is
 * typed, by one call. Whatever the session lent is copied when the dialog opens.
 */
#include "ui/net_dialog.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/nets.h"
#include "ui/form.h"
#include "ui/scrkit.h"

enum { OFFERS = 8, HINTS = 4 };

enum {
	F_NET = 1,
	F_COVERS,
	F_NOTE,
	F_BLANK,
	F_HEAD,
	F_HEAD_PUBLIC,
	F_OFFER = 100,
	B_ADD = 1,
	B_OTHER,
	B_CANCEL
};

struct dialog {
	struct net_dialog opts;
	char *offer[OFFERS]; /* hints, then public derived rows */
	size_t nhints, n, npublic;
	char *repair, *other; /* of what is typed now */
	bool bad;
};

/* --- what is typed -------------------------------------------------------------------
 */

static bool
is_ticked(const struct dialog *g, const struct ui_form *f, size_t i)
{
	return i < g->n && ui_form_on(f, F_OFFER + (int)i);
}

static bool
any_ticked(const struct dialog *g, const struct ui_form *f)
{
	for (size_t i = 0; i < g->n; i++) {
		if (is_ticked(g, f, i)) {
			return true;
		}
	}
	return false;
}

static void
set_buttons(const struct dialog *g, struct ui_form *f)
{
	const char *plain = g->opts.edit ? _("Keep") : _("Add");
	char *use = g->repair ? str_format(_("Use %s"), g->repair) : mem_strdup(plain);
	char *only = g->other ? str_format(_("Only host %s"), g->other) : NULL;

	ui_form_button(f, B_ADD, use, 0, NULL);
	ui_form_button(f, B_OTHER, only, 0, NULL);
	free(use);
	free(only);
}

static void
judge(void *self, struct ui_form *f, int id, bool left)
{
	struct dialog *g = self;
	char *typed = sv_dup(ui_form_text(f, F_NET));
	struct ses_net_verdict v;

	(void)id;
	ses_net_judge(g->opts.s, typed, &v);
	bool quiet = v.empty || (v.incomplete && !left);
	char mark = quiet || !v.text[0]  ? 0
		    : v.sev == SEV_ERROR ? '!'
		    : v.sev == SEV_WARN  ? '?'
					 : 0;
	g->bad = !v.empty && !v.good;
	mem_keep(&g->repair, quiet ? NULL : v.repair);
	mem_keep(&g->other, quiet ? NULL : v.other);
	ui_form_set_mark(f, F_NET, mark);
	ui_form_set_text(f, F_COVERS, sv_of(quiet || !v.covers ? "" : v.covers));
	if (!quiet && v.text[0]) {
		ui_form_words(f, mark, v.text, v.hint);
	} else if (g->opts.derived) {
		ui_form_words(f, 0,
			_("mynetworks is not set: the rows marked default are written "
			  "along."),
			_("So nobody who could send through this relay is cut off."));
	} else {
		ui_form_words(f, 0, NULL, NULL);
	}
	set_buttons(g, f);
	free(typed);
}

/* --- buttons -------------------------------------------------------------------------
 */

static void
join(struct str *to, const char *text)
{
	str_add_cstr(to, to->n ? ", " : "");
	str_add_cstr(to, text);
}

static bool
commit(struct dialog *g, struct ui_form *f, const char *network)
{
	char *note = sv_dup(sv_trim(ui_form_text(f, F_NOTE)));
	struct str all = {0};
	struct diags d = {0};
	size_t wanted = 0;

	if (network[0]) {
		join(&all, network);
	}
	for (size_t i = 0; i < g->n; i++) {
		if (is_ticked(g, f, i)) {
			join(&all, g->offer[i]);
			wanted += i >= g->nhints;
		}
	}
	struct ses_net_new typed = {.text = str_c(&all),
		.note = note,
		.before = SIZE_MAX,
		.with_public = false};
	bool done = g->opts.done(g->opts.self, &typed, &d);
	if (!done && d.n > 0) {
		ui_form_hold(f, F_NET, d.v[0].text, d.v[0].hint);
	} else if (wanted < g->npublic && d.n > 0) {
		scr_say(g->opts.app, &d);
	}
	diag_clear(&d);
	str_free(&all);
	free(note);
	return done;
}

static bool
press(void *self, struct ui_form *f, int button)
{
	struct dialog *g = self;
	char *typed = sv_dup(sv_trim(ui_form_text(f, F_NET)));
	bool done = button == B_CANCEL;

	if (done) {
		/* nothing */
	} else if (!typed[0] && !any_ticked(g, f)) {
		ui_form_hold(f, F_NET,
			_("Nothing to add yet: type a network or an address."),
			_("Such as 192.168.3.0/24, 192.168.3.5 or [2001:db8::]/64."));
	} else if (button == B_OTHER && g->other) {
		done = commit(g, f, g->other);
	} else if (g->repair) {
		done = commit(g, f, g->repair);
	} else if (g->bad && typed[0]) {
		judge(self, f, F_NET, true);
		ui_form_focus(f, F_NET);
	} else {
		done = commit(g, f, typed);
	}
	free(typed);
	return done;
}

static void
close_dialog(void *self)
{
	struct dialog *g = self;

	for (size_t i = 0; i < g->n; i++) {
		free(g->offer[i]);
	}
	free(g->repair);
	free(g->other);
	free(g);
}

/* --- making --------------------------------------------------------------------------
 */

static void
add_tick(struct dialog *g, struct ui_form *f, const char *text, const char *why)
{
	ui_form_add(f,
		&(struct ui_field){.id = F_OFFER + (int)g->n,
			.kind = UI_FIELD_TICK,
			.label = text,
			.text = why},
		-1);
	g->offer[g->n++] = mem_strdup(text);
}

static void
add_heading(struct ui_form *f, int id, const char *text)
{
	ui_form_add(f, &(struct ui_field){.id = F_BLANK, .kind = UI_FIELD_BLANK}, -1);
	ui_form_add(f,
		&(struct ui_field){.id = id,
			.kind = UI_FIELD_TEXT,
			.flags = UI_FIELD_HEADING,
			.label = text},
		-1);
}

static void
add_hints(struct dialog *g, struct ui_form *f)
{
	const struct ses_net_hint *h;
	size_t n = ses_net_hints(g->opts.s, &h);

	for (size_t i = 0; i < n && i < HINTS; i++) {
		char *why = h[i].is_public ? str_format(_("%s, PUBLIC"), h[i].why)
					   : mem_strdup(h[i].why);
		if (i == 0) {
			add_heading(f, F_HEAD, _("Suggested"));
		}
		add_tick(g, f, h[i].text, why);
		free(why);
	}
	g->nhints = g->n;
}

/* Public ranges that may relay only because mynetworks is unset. */
static void
add_public(struct dialog *g, struct ui_form *f)
{
	const struct ses_net_row *r;
	size_t n = ses_net_rows(g->opts.s, &r);

	for (size_t i = 0; i < n && g->n < OFFERS; i++) {
		struct net_item item;
		net_item_parse(sv_of(r[i].text), &item);
		if (!r[i].derived || !net_item_is_public(&item)) {
			continue;
		}
		if (g->n == g->nhints) {
			add_heading(f, F_HEAD_PUBLIC,
				_("Could relay so far, but public: tick to keep"));
		}
		add_tick(g, f, r[i].text, r[i].who);
		g->npublic++;
	}
}

static void
add_fields(const struct net_dialog *opts, struct ui_form *f)
{
	const struct ui_field fields[] = {
		{.id = F_NET,
			.kind = UI_FIELD_INPUT,
			.flags = opts->edit ? 0 : UI_FIELD_LIST,
			.label = _("Network"),
			.text = opts->text,
			.width = 39},
		{.id = F_COVERS, .kind = UI_FIELD_TEXT, .label = _("Covers"), .text = ""},
		{.id = F_NOTE,
			.kind = UI_FIELD_INPUT,
			.label = _("Note"),
			.text = opts->note,
			.width = 39},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		ui_form_add(f, &fields[i], -1);
	}
}

void
net_dialog_push(const struct net_dialog *opts)
{
	static const struct ui_form_ops ops = {
		.judge = judge, .press = press, .close = close_dialog};
	struct dialog *g = mem_new(1, sizeof(*g));

	g->opts = *opts;
	g->opts.text = g->opts.note = NULL;
	struct ui_form *f = ui_form_new(&ops, g,
		opts->edit ? _("Change this row") : _("Add client segments"), 70,
		UI_FORM_AT_FOCUS);
	add_fields(opts, f);
	if (!opts->edit) {
		add_hints(g, f);
	}
	if (!opts->edit && opts->derived) {
		add_public(g, f);
	}
	ui_form_button(f, B_ADD, opts->edit ? _("Keep") : _("Add"), 0, NULL);
	ui_form_button(f, B_OTHER, NULL, 0, NULL);
	ui_form_button(f, B_CANCEL, _("Cancel"), 0, NULL);
	if (opts->pasted.n > 0) {
		ui_form_paste(f, F_NET, opts->pasted);
	}
	ui_form_open(f, opts->app);
}
