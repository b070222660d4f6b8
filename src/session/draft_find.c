/* SPDX-License-Identifier: MIT
 *
 * Runs of others, and drafts that the dead have left. A draft is tried out over the files
 * as they are now before it is offered. Its text may be anything: what it names is looked
 * at again where it is laid.
 */
#include "session/draft_view.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

static const char *
text_of(const json_t *obj, const char *key, struct arena *a)
{
	const char *text;

	return lay_json_get(obj, key, a, &text) && text ? text : "";
}

static size_t
count_of(const json_t *obj, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(obj, key));

	return n > 0 && n < UINT32_MAX ? (size_t)n : 0;
}

static json_t *
parse(const char *text)
{
	json_t *obj = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (obj && !json_is_object(obj)) {
		json_decref(obj);
		obj = NULL;
	}
	return obj;
}

/* When a key was pressed there last: the terminal's own access time. */
static time_t
last_key_on(const struct session *s, const char *terminal)
{
	char *path = str_format("/dev/%s", terminal);
	struct stat st;
	bool known = terminal[0] && !strstr(terminal, "..") &&
		     s->world.fs.ops->fstatat(s->world.fs.self, AT_FDCWD, path, &st,
			     AT_SYMLINK_NOFOLLOW) == 0 &&
		     S_ISCHR(st.st_mode);

	free(path);
	return known ? st.st_atime : 0;
}

static bool
fill_person(struct session *s, const struct run_other *o, struct ses_person *out)
{
	struct draft *df = s->df;
	json_t *about = parse(o->about), *draft = parse(o->draft);
	size_t changes = json_array_size(json_object_get(draft, "changes")) +
			 count_of(draft, "left_out");

	*out = (struct ses_person){.user = text_of(about, "user", &df->texts),
		.terminal = text_of(about, "terminal", &df->texts),
		.pid = (int)count_of(about, "pid"),
		.since = (time_t)count_of(about, "when"),
		.changes = changes};
	out->last_key = last_key_on(s, out->terminal);
	json_decref(about);
	json_decref(draft);
	return changes > 0;
}

static void
look_at_others(struct session *s, struct diags *d)
{
	struct draft *df = draft_of(s);
	struct txn_env env = draft_env(s);

	draft_forget(df);
	runs_free(&df->others);
	runs_list(&env, df->run, &df->others, d);
}

bool
ses_person(struct session *s, struct ses_person *out)
{
	struct draft *df = draft_of(s);

	if (!ses_draft_can(s))
		return false;
	look_at_others(s, NULL);
	for (size_t i = df->others.n; i-- > 0;)
		if (df->others.v[i].lives && fill_person(s, &df->others.v[i], out))
			return true;
	return false;
}

void
ses_look_only(struct session *s)
{
	s->read_only = s->only_looks = true;
	free(s->why_read_only);
	s->why_read_only = mem_strdup(
		_("Somebody else is changing this relay: you chose to only look."));
	session_touch(s);
}

/* --- offering ------------------------------------------------------------------------
 */

/* How the files would take it, without changing them. */
static void
try_out(struct session *s, struct draft *df)
{
	size_t mark = edit_begin(s, "");

	df->out = mem_new(df->found.n + 1, sizeof(*df->out));
	lay_over(s, &df->found, &df->texts, df->out);
	edit_end(s, mark, false);
}

static const char *
line_text(struct draft *df, const struct lay_change *c)
{
	struct arena *a = &df->texts;
	const char *after = lay_mine(a, c), *before = NULL;

	if (c->before.there && c->kind == LAY_PARAM)
		before = param_text_value(a, sv_of(c->before.text));
	else if (c->before.there && c->kind != LAY_LOGIN)
		before = c->before.text;
	if (!after)
		return _("removed");
	return before && strcmp(before, after) != 0
		       ? arena_fmt(a, "%s -> %s", before, after)
		       : after;
}

static void
fill_lines(struct draft *df, struct ses_draft *out)
{
	df->lines = mem_new(df->found.n + 1, sizeof(*df->lines));
	for (size_t i = 0; i < df->found.n; i++) {
		const struct lay_change *c = &df->found.v[i];
		bool clash = df->out[i].verdict == LAY_CLASH;

		df->lines[out->n++] =
			(struct ses_draft_line){clash ? '!' : lay_mark(c), c->name,
				clash ? _("changed on disk, too, by somebody else")
				      : line_text(df, c)};
		out->clash += clash;
		out->fit += !clash;
	}
	out->lines = df->lines;
}

static bool
all_done(const struct draft *df)
{
	for (size_t i = 0; i < df->found.n; i++)
		if (df->out[i].verdict != LAY_THERE)
			return false;
	return true;
}

/* Read one; false: it isn't worth an offer, and is gone where nothing of it is left.
 * While an apply goes on, or is unsettled, what it wrote may yet be put back: then the
 * draft is all that is left of it, and stays. */
static bool
consider(struct session *s, const struct run_other *o, struct ses_draft *out,
	struct diags *d)
{
	struct draft *df = s->df;
	json_t *obj = parse(o->draft);
	bool good = obj && lay_from_json(json_object_get(obj, "changes"), &df->found);

	*out = (struct ses_draft){.user = text_of(obj, "user", &df->texts),
		.own = draft_me(s, df)->uid == (uid_t)count_of(obj, "uid"),
		.by_hand = json_is_true(json_object_get(obj, "by_hand")),
		.when = (time_t)count_of(obj, "when"),
		.left_out = count_of(obj, "left_out")};
	json_decref(obj);
	if (!good)
		return diag_add(d, SEV_WARN, DIAG_FILE_KIND,
			&(struct diag_loc){.file = s->state_dir},
			_("Look at the file in the folder runs, and remove it."),
			_("The draft %s can't be used: it is damaged, or not a file of "
			  "yours."),
			o->id);
	df->id = mem_strdup(o->id);
	try_out(s, df);
	if (all_done(df) && s->start_status != 0)
		return false;
	if (all_done(df)) {
		if (out->left_out)
			diag_add(d, SEV_NOTE, DIAG_NOT_FOUND, NULL,
				_("Make it again; passwords are never kept."),
				P_("%zu change with a password was not kept when the "
				   "connection was lost.",
					"%zu changes with passwords were not kept when "
					"the connection was lost.",
					out->left_out),
				out->left_out);
		(void)ses_draft_discard(s, d);
		return false;
	}
	fill_lines(df, out);
	return true;
}

bool
ses_draft_waits(struct session *s, struct ses_draft *out, struct diags *d)
{
	struct draft *df = draft_of(s);

	if (!ses_draft_can(s) || s->read_only)
		return false;
	look_at_others(s, d);
	for (size_t i = df->others.n; i-- > 0;) {
		const struct run_other *o = &df->others.v[i];

		if (o->lives || !o->draft)
			continue;
		if (consider(s, o, out, d))
			return true;
		draft_forget(df);
	}
	return false;
}

/* The file is taken first: of two who take it up at once, one gets it. */
bool
ses_draft_take(struct session *s, struct diags *d)
{
	struct draft *df = draft_of(s);

	if (!df->id || !draft_is_registered(s, df, d) || !run_take(df->run, df->id, d))
		return false;
	lay_over(s, &df->found, &df->texts, df->out);
	for (size_t i = 0; i < df->found.n; i++)
		if (df->out[i].verdict == LAY_CLASH)
			merge_add(s, &df->found.v[i], df->out[i].theirs);
	s->edits++;
	draft_forget(df);
	return true;
}

bool
ses_draft_discard(struct session *s, struct diags *d)
{
	struct draft *df = draft_of(s);
	struct txn_env env = draft_env(s);
	bool gone = df->id && runs_drop(&env, df->id, d);

	draft_forget(df);
	return gone;
}
