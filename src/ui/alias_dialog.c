/* SPDX-License-Identifier: MIT
 *
 * There is always one empty target field at the end. A comma or a blank ends a target and
 * opens the next one, unless the text begins with | or ", where blanks belong to it. What
 * is unchanged is not written.
 */
#include "ui/alias_dialog.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/form.h"
#include "ui/scrkit.h"

enum {
	F_NAME = 1,
	F_USE,
	F_NOTE,
	F_BLANK,
	F_HEAD,
	F_WRITTEN,
	F_TARGET = 100, /* and above: targets, fresh ids */
	B_SAVE = 1,
	B_KEEP,
	B_CANCEL
};

enum { WIDTH = 76, NAME_W = 25, NOTE_W = 44, TARGET_W = 36, USE_X = 42 };

struct dialog {
	struct alias_dialog opts;
	int next_id;
	char *name, *note; /* as loaded, for what is unchanged */
	char *targets;     /* joined, as loaded */
	bool off;
	bool quote;    /* a command needs quotes */
	bool switched; /* the name was there: its entry was opened instead */
};

/* --- the list of targets -------------------------------------------------------------
 */

static bool
is_target(int id)
{
	return id >= F_TARGET;
}

/* The id of the field behind this one. */
static int
id_after(const struct ui_form *f, int id)
{
	size_t n = ui_form_count(f);

	for (size_t i = 0; i + 1 < n; i++) {
		if (ui_form_id_at(f, i) == id) {
			return ui_form_id_at(f, i + 1);
		}
	}
	return -1;
}

static int
first_target(const struct ui_form *f)
{
	return id_after(f, F_HEAD);
}

static int
last_target(const struct ui_form *f)
{
	int id = first_target(f);

	while (is_target(id_after(f, id))) {
		id = id_after(f, id);
	}
	return id;
}

static int
add_target(struct dialog *g, struct ui_form *f, const char *text, int before)
{
	int id = g->next_id++;

	ui_form_add(f,
		&(struct ui_field){.id = id,
			.kind = UI_FIELD_INPUT,
			.flags = UI_FIELD_LIST,
			.text = text,
			.width = TARGET_W,
			.indent = 3},
		before);
	return id;
}

static void
ensure_empty_end(struct dialog *g, struct ui_form *f)
{
	if (ui_form_text(f, last_target(f)).n > 0) {
		(void)add_target(g, f, NULL, F_WRITTEN);
	}
}

static bool
ends_in_separator(struct sv text)
{
	return text.n > 0 && (text.p[text.n - 1] == ',' || text.p[text.n - 1] == ' ');
}

/* How many targets are in this text, as Postfix takes it apart? */
static size_t
count_targets(struct sv text)
{
	char *typed = sv_dup(text);
	struct ses_targets t = {0};

	ses_targets_parse(typed, &t);
	size_t n = t.n;
	ses_targets_free(&t);
	free(typed);
	return n;
}

/* Does this text hold more than one target, or the end of one? Behind an opening quote
 * only once it is left, for the quote may still be open. */
static bool
is_several(struct sv text, bool left)
{
	struct sv v = sv_trim(text);

	if (v.n > 0 && v.p[0] == '|') {
		return false;
	}
	if (v.n > 0 && v.p[0] == '"') {
		return left && count_targets(v) > 1;
	}
	return sv_find(text, ',') >= 0 || sv_find(text, ' ') >= 0;
}

/* Give each target a field of its own. */
static void
split(struct dialog *g, struct ui_form *f, int id)
{
	char *text = sv_dup(ui_form_text(f, id));
	bool more = ends_in_separator(sv_of(text));
	struct ses_targets t = {0};
	int at = id;

	ses_targets_parse(text, &t);
	ui_form_set_text(f, id, sv_of(t.n > 0 ? t.v[0].text : ""));
	for (size_t i = 1; i < t.n; i++) {
		at = add_target(g, f, t.v[i].text, id_after(f, at));
	}
	if (more && t.n > 0) {
		int next = id_after(f, at);
		bool free_one = is_target(next) && ui_form_text(f, next).n == 0;
		at = free_one ? next : add_target(g, f, NULL, next);
	}
	ui_form_focus(f, at);
	ses_targets_free(&t);
	free(text);
}

/* Empty fields go, but for the last one. */
static void
drop_empty(struct ui_form *f)
{
	int id = first_target(f), last = last_target(f);

	while (is_target(id) && id != last) {
		int next = id_after(f, id);
		if (sv_trim(ui_form_text(f, id)).n == 0) {
			ui_form_remove(f, id);
		}
		id = next;
	}
}

/* All targets in one line, as they would stand in the file. */
static void
join_targets(const struct ui_form *f, struct str *out)
{
	for (int id = first_target(f); is_target(id); id = id_after(f, id)) {
		struct sv text = sv_trim(ui_form_text(f, id));
		if (text.n > 0) {
			str_add_cstr(out, out->n ? ", " : "");
			str_add_sv(out, text);
		}
	}
}

/* --- judging -------------------------------------------------------------------------
 */

enum ask { NOT_ASKED, ASKED };

/* Kind and mark of one target; what is wrong with it goes to the two rows of words. */
static bool
judge_target(struct dialog *g, struct ui_form *f, int id, enum ask ask, bool tell)
{
	char *text = sv_dup(ui_form_text(f, id));
	struct ses_target_verdict v;

	if (ask == ASKED) {
		ses_target_ask(g->opts.s, text, &v);
	} else {
		ses_target_judge(g->opts.s, text, &v);
	}
	const char *kind = v.kind == SES_T_EMPTY ? "" : ses_target_kind_name(v.kind);
	bool fine = v.kind != SES_T_EMPTY && ask == ASKED && !v.text[0];
	char *note = fine ? str_format(_("%s, ok"), kind) : mem_strdup(kind);
	char mark = !v.text[0]                      ? 0
		    : !v.good || v.sev == SEV_ERROR ? '!'
		    : v.sev == SEV_WARN             ? '?'
						    : 0;
	ui_form_set_note(f, id, note);
	ui_form_set_mark(f, id, mark);
	g->quote = g->quote || v.quoted;
	if (v.text[0] && tell) {
		ui_form_words(f, mark, v.text, v.hint);
	}
	free(note);
	free(text);
	return v.good;
}

/* The one that is being typed can't be asked for: that takes a whole name. */
static void
judge_targets(struct dialog *g, struct ui_form *f, int typed)
{
	bool good = true;

	g->quote = false;
	for (int id = first_target(f); is_target(id); id = id_after(f, id)) {
		good = judge_target(g, f, id, id == typed ? NOT_ASKED : ASKED, good) &&
		       good;
	}
}

static void
judge_name(struct dialog *g, struct ui_form *f, bool left)
{
	char *name = sv_dup(ui_form_text(f, F_NAME));
	const char *why =
		name[0] ? ses_alias_name_judge(g->opts.s, name, g->opts.id) : "";

	ui_form_set_mark(f, F_NAME, why[0] ? '!' : 0);
	if (why[0]) {
		ui_form_words(f, '!', why,
			g->opts.id == SES_ALIAS_NEW && !left
				? _("Enter or Tab opens that entry, if it has this name.")
				: NULL);
	}
	free(name);
}

static void
set_written(const struct dialog *g, struct ui_form *f)
{
	struct str targets = {0}, out = {0};
	char *name = sv_dup(ui_form_text(f, F_NAME));

	join_targets(f, &targets);
	str_add_cstr(&out, ses_alias_name_written(g->opts.s, name));
	free(name);
	if (out.n > 0 || targets.n > 0) {
		str_addf(&out, ": %s", str_c(&targets));
	}
	ui_form_set_text(f, F_WRITTEN, str_sv(&out));
	str_free(&targets);
	str_free(&out);
}

static void
set_buttons(const struct dialog *g, struct ui_form *f)
{
	ui_form_button(f, B_SAVE,
		g->quote                      ? _("Put in quotes")
		: g->opts.id == SES_ALIAS_NEW ? _("Add")
					      : _("Keep"),
		0, NULL);
	ui_form_button(f, B_KEEP, g->quote ? _("Keep all") : NULL, 0, NULL);
}

/* --- an entry in the fields ----------------------------------------------------------
 */

static void
remember(struct dialog *g, const struct ui_form *f, const struct ses_alias *a)
{
	struct str joined = {0};

	join_targets(f, &joined);
	mem_keep(&g->name, a->name);
	mem_keep(&g->note, a->note ? a->note : "");
	mem_keep(&g->targets, str_c(&joined));
	g->off = a->off;
	str_free(&joined);
}

static void
fill(struct dialog *g, struct ui_form *f, uint32_t id)
{
	struct ses_targets t = {0};
	struct ses_alias a;

	if (!ses_alias_by_id(g->opts.s, id, &a)) {
		return;
	}
	g->opts.id = id;
	ui_form_load_text(f, F_NAME, sv_of(a.name));
	ui_form_load_text(f, F_NOTE, sv_of(a.note ? a.note : ""));
	ui_form_set_on(f, F_USE, !a.off);
	int last = last_target(f);
	if (ses_alias_targets(g->opts.s, id, &t)) {
		for (size_t i = 0; i < t.n; i++) {
			(void)add_target(g, f, t.v[i].text, last);
		}
	}
	ses_targets_free(&t);
	remember(g, f, &a);
}

/* A new alias whose name is there already: that entry is opened in its place. */
static bool
open_existing(struct dialog *g, struct ui_form *f)
{
	char *name = sv_dup(sv_trim(ui_form_text(f, F_NAME)));
	struct str typed = {0};
	uint32_t id;
	bool there = g->opts.id == SES_ALIAS_NEW && name[0] &&
		     ses_alias_find(g->opts.s, name, &id);

	join_targets(f, &typed);
	if (there && typed.n == 0) {
		fill(g, f, id);
		g->switched = true;
	}
	there = there && typed.n == 0;
	str_free(&typed);
	free(name);
	return there;
}

static void
judge(void *self, struct ui_form *f, int id, bool left)
{
	struct dialog *g = self;

	if (id == F_NAME && left && open_existing(g, f)) {
		ui_form_focus(f, F_NAME);
	}
	if (is_target(id) && ui_form_has(f, id) &&
		is_several(ui_form_text(f, id), left)) {
		split(g, f, id);
	}
	if (left) {
		drop_empty(f);
	}
	ensure_empty_end(g, f);
	ui_form_words(f, 0, NULL, NULL);
	if (g->switched) {
		char *text =
			str_format(_("%s is there already: this is its entry."), g->name);
		ui_form_words(
			f, '?', text, _("What you change here changes that entry."));
		free(text);
	}
	judge_name(g, f, left);
	judge_targets(g, f, left ? -1 : id);
	set_written(g, f);
	set_buttons(g, f);
}

/* --- writing -------------------------------------------------------------------------
 */

static void
quote_commands(struct dialog *g, struct ui_form *f)
{
	for (int id = first_target(f); is_target(id); id = id_after(f, id)) {
		char *text = sv_dup(ui_form_text(f, id));
		struct ses_target_verdict v;
		ses_target_judge(g->opts.s, text, &v);
		if (v.quoted) {
			ui_form_set_text(f, id, sv_of(v.quoted));
		}
		free(text);
	}
}

/* The field that holds the buttons back, told; false when there is none. */
static bool
is_held(struct dialog *g, struct ui_form *f, bool keep_all)
{
	char *name = sv_dup(sv_trim(ui_form_text(f, F_NAME)));
	const char *why = ses_alias_name_judge(g->opts.s, name, g->opts.id);
	struct str targets = {0};
	bool held = true;

	join_targets(f, &targets);
	if (why[0]) {
		ui_form_hold(f, F_NAME, why, NULL);
	} else if (targets.n == 0) {
		ui_form_hold(f, first_target(f), _("Nobody would get this mail yet."),
			_("Type a user, an address, /a/file, |a command or "
			  ":include:/a/list."));
	} else {
		held = false;
	}
	for (int id = first_target(f); !held && !keep_all && is_target(id);
		id = id_after(f, id)) {
		if (!judge_target(g, f, id, ASKED, true)) {
			held = true;
			ui_form_focus(f, id);
		}
	}
	str_free(&targets);
	free(name);
	return held;
}

static bool
is_unchanged(const struct dialog *g, const struct ui_form *f, const char *joined)
{
	return g->opts.id != SES_ALIAS_NEW &&
	       sv_eq_str(sv_trim(ui_form_text(f, F_NAME)), g->name) &&
	       sv_eq_str(ui_form_text(f, F_NOTE), g->note) &&
	       ui_form_on(f, F_USE) == !g->off && strcmp(joined, g->targets) == 0;
}

static bool
write_entry(struct dialog *g, struct ui_form *f)
{
	size_t n = 0, fields = ui_form_count(f);
	char **targets = mem_new(fields, sizeof(*targets));
	char *name = sv_dup(sv_trim(ui_form_text(f, F_NAME)));
	char *note = sv_dup(sv_trim(ui_form_text(f, F_NOTE)));
	bool same_note = g->note ? sv_eq_str(ui_form_text(f, F_NOTE), g->note) : !note[0];
	struct diags d = {0};

	for (int id = first_target(f); is_target(id); id = id_after(f, id)) {
		if (sv_trim(ui_form_text(f, id)).n > 0) {
			targets[n++] = sv_dup(sv_trim(ui_form_text(f, id)));
		}
	}
	struct ses_alias_edit e = {.name = name,
		.targets = (const char *const *)targets,
		.n = n,
		.note = same_note ? NULL : note,
		.off = !ui_form_on(f, F_USE)};
	uint32_t id = g->opts.id;
	bool done = ses_alias_set(g->opts.s, &id, &e, &d);
	if (done) {
		g->opts.done(g->opts.self, id);
		scr_say(g->opts.app, &d);
	} else if (d.n > 0) {
		ui_form_hold(f, F_NAME, d.v[0].text, d.v[0].hint);
	}
	diag_clear(&d);
	for (size_t i = 0; i < n; i++) {
		free(targets[i]);
	}
	free(targets);
	free(note);
	free(name);
	return done;
}

static bool
press(void *self, struct ui_form *f, int button)
{
	struct dialog *g = self;
	struct str joined = {0};

	if (button == B_CANCEL) {
		return true;
	}
	if (button == B_SAVE && g->quote) {
		quote_commands(g, f);
	}
	if (is_held(g, f, button == B_KEEP)) {
		return false;
	}
	join_targets(f, &joined);
	bool done = is_unchanged(g, f, str_c(&joined)) || write_entry(g, f);
	str_free(&joined);
	return done;
}

/* Enter or Tab on the name with no target yet goes to the targets. */
static bool
key(void *self, struct ui_form *f, int id, const struct ui_event *ev)
{
	struct dialog *g = self;
	bool enter = ui_event_is(ev, UI_KEY_ENTER);
	struct str targets = {0};

	if (id != F_NAME || !(enter || ui_event_is(ev, UI_KEY_TAB))) {
		return false;
	}
	join_targets(f, &targets);
	bool empty = targets.n == 0;
	str_free(&targets);
	if (!empty || (enter && sv_trim(ui_form_text(f, F_NAME)).n == 0)) {
		return false;
	}
	judge(g, f, F_NAME, true);
	ui_form_focus(f, last_target(f)); /* the empty one, also of an opened entry */
	return true;
}

static void
close_dialog(void *self)
{
	struct dialog *g = self;

	free(g->name);
	free(g->note);
	free(g->targets);
	free(g);
}

/* --- making --------------------------------------------------------------------------
 */

static void
add_fields(struct ui_form *f)
{
	const struct ui_field fields[] = {
		{.id = F_NAME,
			.kind = UI_FIELD_INPUT,
			.label = _("Name"),
			.width = NAME_W},
		{.id = F_USE,
			.kind = UI_FIELD_TICK,
			.flags = UI_FIELD_SAME_ROW,
			.label = _("in use"),
			.indent = USE_X,
			.on = true},
		{.id = F_NOTE,
			.kind = UI_FIELD_INPUT,
			.label = _("Comment"),
			.width = NOTE_W},
		{.id = F_BLANK, .kind = UI_FIELD_BLANK},
		{.id = F_HEAD,
			.kind = UI_FIELD_TEXT,
			.flags = UI_FIELD_HEADING,
			.label = _("Targets")},
		{.id = F_WRITTEN,
			.kind = UI_FIELD_TEXT,
			.label = _("Written"),
			.text = ""},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		ui_form_add(f, &fields[i], -1);
	}
}

void
alias_dialog_push(const struct alias_dialog *opts)
{
	static const struct ui_form_ops ops = {
		.judge = judge, .press = press, .key = key, .close = close_dialog};
	struct dialog *g = mem_new(1, sizeof(*g));
	bool is_new = opts->id == SES_ALIAS_NEW;

	g->opts = *opts;
	g->next_id = F_TARGET;
	struct ui_form *f = ui_form_new(&ops, g, _("Alias"), WIDTH, UI_FORM_AT_FOCUS);
	add_fields(f);
	(void)add_target(g, f, NULL, F_WRITTEN);
	ui_form_button(f, B_SAVE, is_new ? _("Add") : _("Keep"), 0, NULL);
	ui_form_button(f, B_KEEP, NULL, 0, NULL);
	ui_form_button(f, B_CANCEL, _("Cancel"), UI_KEY_ESC, NULL);
	if (is_new && opts->pasted.n > 0) {
		ui_form_paste(f, F_NAME, opts->pasted);
	} else if (!is_new) {
		fill(g, f, opts->id);
	}
	ui_form_open(f, opts->app);
}
