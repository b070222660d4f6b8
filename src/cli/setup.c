/* SPDX-License-Identifier: MIT
 *
 * setup --answers, --print-answers: the guided set-up without a screen. What a file of
 * answers names is written as any other change; the same state is printed as such a file.
 */
#include <string.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/setup.h"

static json_t *
json_items(const struct ses_setup_state *q)
{
	json_t *list = json_array();
	bool bad;

	for (size_t i = 0; i < q->nitems; i++)
		(void)json_array_append_new(list, out_json_text(q->items[i], &bad));
	return list;
}

static void
put_json(json_t *obj, const struct ses_setup_state *q)
{
	if (q->kind == SES_Q_YESNO)
		(void)json_object_set_new(
			obj, q->id, json_boolean(strcmp(q->value, "yes") == 0));
	else if (q->kind == SES_Q_TICKS)
		(void)json_object_set_new(
			obj, q->id, q->more ? json_null() : json_items(q));
	else
		out_json_set(obj, q->id, q->value);
}

/* What is set, and what holds by default only. */
static int
print_json(struct cli *c)
{
	json_t *doc = json_object(), *set = json_object(), *unset = json_object();
	const struct ses_setup_state *v;
	size_t n = ses_setup_states(c->s, &v);

	for (size_t i = 0; i < n; i++)
		put_json(v[i].is_set ? set : unset, &v[i]);
	(void)json_object_set_new(doc, "answers", set);
	(void)json_object_set_new(doc, "defaults", unset);
	out_json_end(doc);
	return CLI_DONE;
}

static int
print(struct cli *c)
{
	struct str text = {0};

	if (c->o->json)
		return print_json(c);
	ses_setup_print(c->s, &text);
	out_text(stdout, str_sv(&text));
	str_free(&text);
	return CLI_DONE;
}

static int
answer(struct cli *c)
{
	struct diags d = {0};
	int status;

	if (!ses_setup_read(c->s, c->o->answers, &d))
		return cli_refuse(&d);
	ses_setup_end(c->s);
	cli_warn(&d);
	status = cli_write(c, _("Nothing to do: the answers change nothing."));
	if (status == CLI_DONE && !c->o->dry_run && !c->o->no_act && !c->o->json)
		out_say(_("Prove it with a test message: postrelay verify run --to "
			  "ADDR"));
	return status;
}

int
cmd_setup(struct cli *c)
{
	if (c->o->answers && c->o->print_answers) {
		out_say(_("--answers and --print-answers don't go together."));
		return CLI_USAGE;
	}
	return c->o->print_answers ? print(c) : answer(c);
}
