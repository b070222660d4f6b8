/* SPDX-License-Identifier: MIT
 *
 * verify run, relay probe: the ladder of proof, a line a rung as it ends, with the words
 * of servers below where something is wrong.
 */
#include <string.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/verify.h"

/* For programs: never translated. */
static const char *
state_word(enum ses_rung_state state)
{
	switch (state) {
	case SES_RUNG_OK:
		return "ok";
	case SES_RUNG_WARN:
		return "warning";
	case SES_RUNG_FAILED:
		return "failed";
	case SES_RUNG_WAITS:
		return "waits";
	case SES_RUNG_NONE:
		return "none";
	case SES_RUNG_NOT_YET:
	case SES_RUNG_RUNS:
		break;
	}
	return "stopped";
}

static const char *
state_mark(enum ses_rung_state state)
{
	switch (state) {
	case SES_RUNG_OK:
		return "ok";
	case SES_RUNG_WARN:
		return "? ";
	case SES_RUNG_FAILED:
		return "! ";
	case SES_RUNG_NONE:
		return "- ";
	case SES_RUNG_WAITS:
	case SES_RUNG_NOT_YET:
	case SES_RUNG_RUNS:
		break;
	}
	return "--";
}

/* The way out, as far as it is one from here. */
static const char *
hint_of(const struct ses_rung *r)
{
	if (!r->hint_has_keys)
		return r->hint;
	return strcmp(r->id, "message") == 0 ? _("--to names a receiver elsewhere.") : "";
}

static void
show_rung(void *ctx, const struct ses_rung *r)
{
	bool good = r->state == SES_RUNG_OK || r->state == SES_RUNG_WAITS ||
		    r->state == SES_RUNG_NONE;

	(void)ctx;
	if (good)
		out_line("%s %s%s%s", state_mark(r->state), r->name,
			r->text[0] ? ": " : "", r->text);
	else
		out_line("%s %s%s%s  %lld.%lld s", state_mark(r->state), r->name,
			r->text[0] ? ": " : "", r->text, (long long)r->ms / 1000,
			(long long)r->ms / 100 % 10);
	for (size_t i = 0; (!good || r->state == SES_RUNG_WAITS) && i < r->nwords; i++)
		out_line("      %s", r->words[i]);
	if (r->says[0] && r->state != SES_RUNG_NONE)
		out_line("      %s", r->says);
	if (hint_of(r)[0])
		out_line("      %s", hint_of(r));
	(void)fflush(stdout); /* a rung may take ten seconds */
}

static json_t *
json_rung(const struct ses_rung *r)
{
	json_t *obj = json_object(), *words = json_array();
	bool bad;

	out_json_set(obj, "id", r->id);
	out_json_set(obj, "state", state_word(r->state));
	out_json_set(obj, "text", r->text);
	for (size_t i = 0; i < r->nwords; i++)
		(void)json_array_append_new(words, out_json_text(r->words[i], &bad));
	(void)json_object_set_new(obj, "words", words);
	out_json_set(obj, "says", r->says);
	out_json_set(obj, "hint", hint_of(r));
	out_json_set(obj, "parameter", r->param);
	(void)json_object_set_new(obj, "ms", json_integer(r->ms));
	return obj;
}

static void
show_json(const struct ses_verify *v)
{
	json_t *doc = json_object(), *list = json_array();

	for (size_t i = 0; i < v->n; i++)
		(void)json_array_append_new(list, json_rung(&v->rungs[i]));
	(void)json_object_set_new(doc, "rungs", list);
	(void)json_object_set_new(doc, "ok", json_integer((json_int_t)v->ok));
	(void)json_object_set_new(doc, "warnings", json_integer((json_int_t)v->warned));
	(void)json_object_set_new(doc, "failed", json_integer((json_int_t)v->failed));
	(void)json_object_set_new(doc, "waits", json_integer((json_int_t)v->waits));
	(void)json_object_set_new(doc, "ms", json_integer(v->ms));
	out_json_end(doc);
}

static void
show_sum(const struct ses_verify *v)
{
	out_line(_("%zu ok, %zu doubtful, %zu failed, %zu wait, in %lld.%lld s"), v->ok,
		v->warned, v->failed, v->waits, (long long)v->ms / 1000,
		(long long)v->ms / 100 % 10);
}

static int
run(struct cli *c, const struct ses_verify_opts *o)
{
	struct ses_verify v;
	struct diags d = {0};

	if (!ses_verify_start(c->s, o, &d))
		return cli_refuse(&d);
	ses_verify_wait(c->s, c->o->json ? NULL : show_rung, NULL);
	ses_verify_view(c->s, &v);
	if (c->o->json)
		show_json(&v);
	else
		show_sum(&v);
	return v.failed ? CLI_NO : CLI_DONE;
}

int
cmd_verify_run(struct cli *c)
{
	return run(c, &(struct ses_verify_opts){.from = c->o->from, .to = c->o->to_addr});
}

int
cmd_relay_probe(struct cli *c)
{
	return run(c, &(struct ses_verify_opts){.probe = true});
}
