/* SPDX-License-Identifier: MIT
 *
 * network test: may these addresses relay, and which row decides.
 */
#include <string.h>

#include "base/i18n.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "session/nettest.h"

/* "10.20.0.0/16 (/etc/postfix/mynetworks:2)", or why there is no row. */
static void
add_reason(const struct ses_net_says_of *a, struct str *out)
{
	if (a->row)
		str_add_cstr(out, a->row);
	if (a->row && a->file)
		str_addf(out, " (%s:%u)", a->file, a->line);
	if (a->row && !a->file)
		str_addf(out, " (%s)", _("mynetworks is not set"));
	if (a->why[0])
		str_addf(out, "%s%s", a->row ? ": " : "", a->why);
}

static void
show_line(const char *indent, const char *who, const struct ses_net_says_of *a)
{
	struct str text = {0};

	str_addf(&text, "%s%s: %s  ", indent, who, ses_net_word(a->says));
	add_reason(a, &text);
	out_line("%s", str_c(&text));
	str_free(&text);
}

static void
show(const char *who, const struct ses_net_answer *a)
{
	show_line("", who, &a->is);
	if (a->is_new)
		out_line(_("  running Postfix: %s"), ses_net_word(a->running));
	for (size_t i = 0; i < a->nothers; i++)
		show_line("  ", a->others[i].service, &a->others[i]);
}

static json_t *
json_of(const struct ses_net_says_of *a)
{
	json_t *obj = json_object();

	out_json_set(obj, "service", a->service);
	out_json_set(obj, "answer", ses_net_word(a->says));
	out_json_set(obj, "row", a->row);
	out_json_set(obj, "file", a->file);
	(void)json_object_set_new(obj, "line", json_integer(a->line));
	(void)json_object_set_new(obj, "before", json_integer((json_int_t)a->before));
	out_json_set(obj, "restriction", a->restriction);
	out_json_set(obj, "list", a->list);
	out_json_set(obj, "why", a->why);
	return obj;
}

static json_t *
json_answer(const char *who, const struct ses_net_answer *a)
{
	json_t *obj = json_of(&a->is), *others = json_array();

	out_json_set(obj, "client", who);
	out_json_set(obj, "running", ses_net_word(a->running));
	for (size_t i = 0; i < a->nothers; i++)
		(void)json_array_append_new(others, json_of(&a->others[i]));
	(void)json_object_set_new(obj, "others", others);
	return obj;
}

static bool
all_are_addresses(struct cli *c)
{
	struct ses_net_answer a;

	for (int i = 0; i < c->n; i++) {
		(void)ses_net_test(c->s, c->v[i], false, &a);
		if (a.bad_address) {
			struct str text = {0};

			out_escape(&text, sv_of(c->v[i]), false);
			out_say(_("\"%s\" is not an address. Write 192.168.3.7, or "
				  "NAME[192.168.3.7] as it stands in the log."),
				str_c(&text));
			str_free(&text);
			return false;
		}
	}
	return true;
}

int
cmd_network_test(struct cli *c)
{
	json_t *list = c->o->json ? json_array() : NULL;
	bool all = true;

	if (!all_are_addresses(c)) {
		json_decref(list);
		return CLI_USAGE;
	}
	for (int i = 0; i < c->n; i++) {
		struct ses_net_answer a;

		ses_net_test_wait(c->s, c->v[i], &a);
		all = all && a.is.says == SES_NET_ALLOWED;
		if (list)
			(void)json_array_append_new(list, json_answer(c->v[i], &a));
		else
			show(c->v[i], &a);
	}
	if (list) {
		json_t *doc = json_object();

		(void)json_object_set_new(doc, "clients", list);
		out_json_end(doc);
	}
	return all ? CLI_DONE : CLI_NO;
}
