/* SPDX-License-Identifier: MIT
 *
 * The draft of this run. It is written half a second after the first edit that it doesn't
 * hold, so typing costs no writes and rest no wake-ups. The run is registered with its
 * first draft: before that it has nothing that anybody could miss.
 */
#include "session/draft_view.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { DRAFT_MS = 500 };

struct draft *
draft_of(struct session *s)
{
	if (!s->df)
		s->df = mem_new(1, sizeof(*s->df));
	return s->df;
}

void
draft_forget(struct draft *df)
{
	free(df->id);
	df->id = NULL;
	lay_free(&df->found);
	free(df->out);
	free(df->lines);
	df->out = NULL;
	df->lines = NULL;
	arena_reset(&df->texts);
}

void
draft_free(struct session *s)
{
	struct draft *df = s->df;

	if (!df)
		return;
	run_end(df->run, true);
	draft_forget(df);
	runs_free(&df->others);
	arena_free(&df->texts);
	free(df);
	s->df = NULL;
}

bool
ses_draft_can(const struct session *s)
{
	return !s->only_looks && !s->dry_run;
}

struct txn_env
draft_env(const struct session *s)
{
	return (struct txn_env){s->world.fs, s->world.clock, s->state_dir, s->config_dir};
}

const struct users_who *
draft_me(struct session *s, struct draft *df)
{
	if (!df->knows_me && s->world.users.ops)
		s->world.users.ops->who(s->world.users.self, &df->me);
	df->knows_me = true;
	return &df->me;
}

/* --- writing -------------------------------------------------------------------------
 */

static json_t *
head_of(struct session *s, struct draft *df)
{
	const struct users_who *who = draft_me(s, df);
	json_t *obj = json_object();

	lay_json_set(obj, "user", who->name);
	lay_json_set(obj, "terminal", who->terminal);
	(void)json_object_set_new(obj, "uid", json_integer((json_int_t)who->uid));
	(void)json_object_set_new(obj, "pid", json_integer(getpid()));
	(void)json_object_set_new(obj, "when",
		json_integer((json_int_t)s->world.clock.ops->now(s->world.clock.self)));
	return obj;
}

static void
dump(json_t *take, struct str *out)
{
	char *text = json_dumps(take, JSON_COMPACT);

	str_add_cstr(out, text ? text : "");
	free(text);
	json_decref(take);
}

/* The draft as it is now; empty when nothing waits. */
static void
draft_text(struct session *s, struct draft *df, bool by_hand, struct str *out)
{
	const struct lay_list *pending = merge_pending(s);
	struct lay_list l = {0};
	json_t *obj;

	lay_take_open(s, &l);
	if (pending)
		lay_copy_open(&l, pending);
	if (l.n + l.left_out) {
		json_t *changes = lay_to_json(&l);

		l.left_out += l.n - json_array_size(changes);
		obj = head_of(s, df);
		(void)json_object_set_new(obj, "by_hand", json_boolean(by_hand));
		(void)json_object_set_new(
			obj, "left_out", json_integer((json_int_t)l.left_out));
		(void)json_object_set_new(obj, "changes", changes);
		dump(obj, out);
	}
	lay_free(&l);
}

bool
draft_is_registered(struct session *s, struct draft *df, struct diags *d)
{
	struct txn_env env = draft_env(s);
	struct str about = {0};

	if (df->run)
		return true;
	dump(head_of(s, df), &about);
	df->run = run_begin(&env, str_c(&about), d);
	str_free(&about);
	return df->run != NULL;
}

static bool
write_draft(struct session *s, bool by_hand, struct diags *d)
{
	struct draft *df = draft_of(s);
	struct str text = {0};
	bool good = true;

	draft_text(s, df, by_hand, &text);
	if (text.n || df->run)
		good = draft_is_registered(s, df, d) &&
		       run_keep(df->run, str_sv(&text), d);
	df->kept = good ? s->edits : df->kept;
	df->tried = s->edits;
	df->due = 0;
	str_free(&text);
	return good;
}

int
ses_draft_due(struct session *s)
{
	struct draft *df = draft_of(s);
	int64_t now;

	if (!ses_draft_can(s) || df->kept == s->edits || df->tried == s->edits)
		return -1;
	now = s->world.clock.ops->mono_ms(s->world.clock.self);
	if (!df->due)
		df->due = now + DRAFT_MS;
	return df->due > now ? (int)(df->due - now) : 0;
}

bool
ses_draft_save(struct session *s, struct diags *d)
{
	if (!ses_draft_can(s) || draft_of(s)->kept == s->edits)
		return true;
	return write_draft(s, false, d);
}

void
draft_applied(struct session *s)
{
	if (s->df && s->df->run)
		(void)ses_draft_save(s, NULL);
}

bool
ses_draft_keep(struct session *s, struct diags *d)
{
	const struct lay_list *pending = merge_pending(s);
	struct lay_list l = {0};
	bool any;

	lay_take_open(s, &l);
	if (pending)
		lay_copy_open(&l, pending);
	any = l.n > 0;
	lay_free(&l);
	if (!any)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL,
			_("Apply them, or discard them."),
			_("These changes hold passwords, which are never kept in a "
			  "draft."));
	return write_draft(s, true, d);
}

void
ses_draft_end(struct session *s, bool keep)
{
	struct draft *df = draft_of(s);

	if (keep)
		(void)ses_draft_save(s, NULL);
	run_end(df->run, keep);
	df->run = NULL;
	df->kept = df->tried = s->edits;
}
