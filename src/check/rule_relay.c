/* SPDX-License-Identifier: MIT
 *
 * Who may relay: smtpd refuses to run at all unless one of two lists holds a working
 * check of the receiver (has_required() of smtpd_check.c), answers 451 at a word that it
 * doesn't know, and looks at nothing behind a plain permit.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/nets.h"
#include "model/catalog.h"
#include "model/restrict.h"

#define MAX_DEPTH 10
#define MAX_WORDS 256

static const char *const RELAY = "smtpd_relay_restrictions";
static const char *const RECIPIENT = "smtpd_recipient_restrictions";

static bool
find_word(struct sv name, struct rel_restriction *out)
{
	for (size_t i = 0; rel_restriction(i, out); i++)
		if (sv_eq_fold(name, sv_of(out->name)))
			return true;
	return false;
}

static bool
is_class(struct chk_run *run, struct sv name)
{
	struct sv rest = chk_value_of(run, "smtpd_restriction_classes"), word;

	while (sv_token(&rest, ", \t\r\n", &word))
		if (sv_eq(word, name))
			return true;
	return false;
}

enum has { HAS_NOT, HAS_CHECK, HAS_UNKNOWN };

static enum has list_has(struct chk_run *run, const char *name, int depth);

/* One word of a list; ends is set behind a plain permit. */
static enum has
word_has(struct chk_run *run, struct sv word, int depth, bool *ends)
{
	struct rel_restriction r;
	char *name;
	enum has has;

	if (find_word(word, &r)) {
		*ends = sv_eq_fold(word, sv_of("permit"));
		return r.checks ? HAS_CHECK : HAS_NOT;
	}
	if (!is_class(run, word) || depth >= MAX_DEPTH)
		return HAS_NOT;
	name = arena_sv(&run->texts, word);
	has = list_has(run, name, depth + 1);
	return has;
}

static enum has
list_has(struct chk_run *run, const char *name, int depth)
{
	struct chk_item *items;
	struct chk_param p;
	bool whole, ends = false;
	size_t n;

	chk_get(run, name, &p);
	if (!p.known)
		return HAS_UNKNOWN;
	n = chk_items(run, &p, &items, &whole);
	for (size_t i = 0; i < n && !ends; i++) {
		enum has has;

		if (sv_eq_fold(items[i].text, sv_of("warn_if_reject")) && i + 1 < n) {
			i++;
			continue;
		}
		has = word_has(run, items[i].text, depth, &ends);
		if (has != HAS_NOT)
			return has;
	}
	return whole ? HAS_NOT : HAS_UNKNOWN;
}

/* Append the check to a list of the file, where what is appended counts. */
static void
offer_check(struct chk_run *run, const struct chk_param *p)
{
	struct sv rest = p->value, word;
	char *text;

	if (!p->def) {
		diag_offer(run->out, DIAG_MEND_PARAMS,
			"smtpd_relay_restrictions = permit_mynetworks, "
			"permit_sasl_authenticated, defer_unauth_destination");
		return;
	}
	while (sv_token(&rest, ", \t\r\n", &word))
		if (sv_eq_fold(word, sv_of("permit")) ||
			sv_eq_fold(word, sv_of("warn_if_reject")))
			return;
	text = str_format("%s = %.*s%s%s", p->name, (int)p->raw.n, p->raw.p,
		p->raw.n ? ", " : "", "reject_unauth_destination");
	diag_offer(run->out, DIAG_MEND_PARAMS, text);
	free(text);
}

static void
tell_no_check(struct chk_run *run, const struct chk_param *list, bool old_level)
{
	struct diag_loc loc = chk_at(run, list);

	diag_add(run->out, SEV_ERROR, DIAG_REL_NO_CHECK, &loc,
		old_level ? _("Set smtpd_relay_restrictions, or compatibility_level.")
			  : _("Add reject_unauth_destination, not behind permit."),
		old_level
			? _("The mail server dies at every start: compatibility_level is "
			    "0, so nothing refuses strangers.")
			: _("The mail server dies at every start, nobody gets through: "
			    "nothing refuses strangers."));
	offer_check(run, list);
}

void
rule_relay(struct chk_run *run)
{
	struct chk_param relay, recipient;
	bool has_relay_list = chk_has(run, RELAY, true);
	enum has first = HAS_NOT, second;

	chk_get(run, RELAY, &relay);
	chk_get(run, RECIPIENT, &recipient);
	if (has_relay_list)
		first = list_has(run, RELAY, 0);
	second = list_has(run, RECIPIENT, 0);
	if (!recipient.known) /* its default is empty since there is a relay list */
		second = has_relay_list ? HAS_NOT : HAS_UNKNOWN;
	if (first != HAS_NOT || second != HAS_NOT)
		return;
	tell_no_check(
		run, has_relay_list ? &relay : &recipient, !relay.def && has_relay_list);
}

/* --- words --- */

static void
tell_word(struct chk_run *run, const struct chk_item *item)
{
	const char *names[MAX_WORDS], *nearest;
	struct rel_restriction r;
	char *word = sv_dup(item->text);
	size_t n = 0;

	while (n < MAX_WORDS && rel_restriction(n, &r))
		names[n++] = r.name;
	nearest = cat_nearest_of(item->text, names, n);
	diag_add(run->out, SEV_ERROR, DIAG_REL_WORD, &item->loc,
		nearest ? arena_fmt(&run->texts, _("Did you mean %s?"), nearest)
			: _("Look at how it is spelt, or remove it."),
		_("Clients that get this far are answered \"451 Server configuration "
		  "error\": there is no restriction \"%s\"."),
		word);
	if (nearest && sv_eq(item->raw, item->text))
		diag_offer(run->out, DIAG_MEND_ITEM, nearest);
	free(word);
}

static void
tell_early(struct chk_run *run, const struct chk_item *item, const char *list,
	const char *first)
{
	diag_add(run->out, SEV_WARN, DIAG_REL_EARLY, &item->loc,
		_("Move it to the end, or remove what stands behind it."),
		_("Nothing behind \"%s\" in %s counts."), first, list);
}

static void
judge_words(struct chk_run *run, const char *list)
{
	struct chk_item *items;
	struct chk_param p;
	size_t n;

	chk_get(run, list, &p);
	if (!p.def)
		return;
	n = chk_items(run, &p, &items, NULL);
	for (size_t i = 0; i < n; i++) {
		struct rel_restriction r;
		struct sv word = items[i].text;

		if (find_word(word, &r)) {
			if (r.ends && i + 1 < n &&
				(i == 0 || !sv_eq_fold(items[i - 1].text,
						   sv_of("warn_if_reject")))) {
				tell_early(run, &items[i], list, r.name);
				return;
			}
			i += r.argument;
		} else if (sv_find(word, ':') < 0 && !is_class(run, word) &&
			   !sv_starts(word, "#") && !sv_starts(word, "{")) {
			tell_word(run, &items[i]);
		}
	}
}

void
rule_relay_words(struct chk_run *run)
{
	static const char *const lists[] = {"smtpd_client_restrictions",
		"smtpd_helo_restrictions", "smtpd_sender_restrictions",
		"smtpd_relay_restrictions", "smtpd_recipient_restrictions",
		"smtpd_data_restrictions", "smtpd_end_of_data_restrictions",
		"smtpd_etrn_restrictions"};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		judge_words(run, lists[i]);
}

/* --- classes --- */

static void
tell_class(struct chk_run *run, const struct chk_item *item)
{
	char *word = sv_dup(item->text);

	diag_add(run->out, SEV_ERROR, DIAG_REL_CLASS, &item->loc,
		_("Set it to its restrictions, or remove it here."),
		_("The mail server dies at every start, nobody gets through: the class "
		  "\"%s\" has no value."),
		word);
	if (sv_eq(item->raw, item->text))
		diag_offer(run->out, DIAG_MEND_ITEM, "");
	free(word);
}

/* smtpd looks every class up when it starts, in main.cf, its own -o and the defaults. */
void
rule_relay_classes(struct chk_run *run)
{
	const struct chk_env *env = run->env;
	struct chk_item *items;
	struct chk_param p;
	size_t n;

	chk_get(run, "smtpd_restriction_classes", &p);
	if (!p.def)
		return;
	n = chk_items(run, &p, &items, NULL);
	for (size_t i = 0; i < n; i++) {
		struct chk_param class;

		chk_get(run, arena_sv(&run->texts, items[i].text), &class);
		if (class.value.n || (class.known && class.how != CFX_OK))
			continue;
		if (!class.def && env->known_name &&
			env->known_name(env->known_ctx, items[i].text))
			continue;
		tell_class(run, &items[i]);
	}
}

/* --- relay_domains --- */

void
rule_relay_domains(struct chk_run *run)
{
	struct chk_item *items;
	struct chk_param p;
	size_t n;

	chk_get(run, "relay_domains", &p);
	if (!p.def)
		return;
	n = chk_items(run, &p, &items, NULL);
	for (size_t i = 0; i < n; i++) {
		struct sv word = items[i].text;
		bool all = sv_starts(word, "static:");
		char *text;

		if (!all && !nets_is_top_domain(word))
			continue;
		text = sv_dup(word);
		diag_add(run->out, SEV_ERROR, DIAG_REL_DOMAINS, &items[i].loc,
			_("Write the domains whose mail this relay hands on."),
			all ? _("Strangers can send to everywhere: \"%s\" fits every "
				"domain.")
			    : _("Strangers can send to every domain below \"%s\"."),
			text);
		diag_endanger(run->out);
		free(text);
	}
}
