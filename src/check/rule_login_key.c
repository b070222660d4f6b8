/* SPDX-License-Identifier: MIT
 *
 * Is a password found under the relay host's very text? Postfix sends the mail without a
 * login where the key doesn't match, and says nothing.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/tables.h"
#include "model/nexthop.h"

static const char *const ENABLE = "smtp_sasl_auth_enable";
static const char *const MAPS = "smtp_sasl_password_maps";

struct keys {
	const struct nexthop *hop;
	struct sv text;      /* the relay host as written */
	struct sv all;       /* relayhost: a key of another one is not this one's */
	bool hit, whole;     /* whole: every table could be read */
	bool empty;          /* the row has a user, and no password */
	const char *missing; /* a table that isn't there */
	bool in_main_cf;     /* near stands there, in the value of the parameter */
	char *near;          /* a key for the same host in another form; owned */
};

static void
take_key(void *ctx, struct sv key, struct sv value)
{
	struct keys *k = ctx;
	struct sv host = sv_of(k->hop->host);
	struct nexthop other = {0};

	if (sv_eq_fold(key, k->text) || sv_eq_fold(key, host)) {
		k->empty =
			k->empty || (!k->hit && value.n && value.p[value.n - 1] == ':');
		k->hit = true;
		return;
	}
	if (nh_parse(key, &other) == NH_FINE && sv_eq_fold(sv_of(other.host), host) &&
		!k->near && !nh_list_has(k->all, key))
		k->near = sv_dup(key);
	nh_free(&other);
}

static bool
is_missing(struct chk_run *run, const struct table *t)
{
	struct chk_stat text, db;

	return chk_stat_of(run, t->path, &text) && !text.exists &&
	       (!t->built || (chk_stat_of(run, t->database, &db) && !db.exists));
}

static void
read_keys(struct chk_run *run, struct keys *k)
{
	struct chk_item *items;
	struct chk_param maps;
	size_t n;

	chk_get(run, MAPS, &maps);
	n = chk_items(run, &maps, &items, &k->whole);
	for (size_t i = 0; i < n; i++) {
		bool had = k->near != NULL;
		struct table t;

		if (table_each_inline(items[i].text, take_key, k)) {
			k->in_main_cf = k->in_main_cf || (!had && k->near);
			continue;
		}
		if (!table_parse(run, items[i].text, &t)) {
			k->whole = false;
			continue;
		}
		if (is_missing(run, &t))
			k->missing = t.path;
		if (!table_each_row(run, &t, take_key, k))
			k->whole = false;
	}
}

bool
chk_no_password(struct chk_run *run)
{
	struct sv rest = chk_value_of(run, "relayhost"), word, all = rest;
	bool none = true;

	while (none && sv_token(&rest, ", \t\r\n", &word)) {
		struct nexthop hop = {0};
		struct keys k = {.hop = &hop, .text = word, .all = all};

		none = nh_parse(word, &hop) == NH_FINE &&
		       (hop.bracketed || hop.kind != NH_NAME);
		if (none)
			read_keys(run, &k);
		none = none && k.whole && !k.hit && !k.near && !k.missing;
		free(k.near);
		nh_free(&hop);
	}
	return none;
}

static void
tell_near(struct chk_run *run, const struct keys *k, const char *text, bool mx,
	const struct diag_loc *loc)
{
	char *repair = str_format("%s\n%s", k->near, text);

	diag_add(run->out, mx ? SEV_WARN : SEV_ERROR, DIAG_AUTH_KEY, loc,
		_("Give the password row exactly the text of relayhost."),
		_("Mail goes out without login: the password is under \"%s\", not "
		  "\"%s\"."),
		k->near, text);
	if (!k->in_main_cf)
		diag_offer(run->out, DIAG_MEND_KEY, repair);
	free(repair);
}

static void
judge_key(struct chk_run *run, struct keys *k, const struct diag_loc *loc)
{
	char *text = sv_dup(k->text);
	bool mx = !k->hop->bracketed && k->hop->kind == NH_NAME;

	read_keys(run, k);
	if (k->hit && k->empty)
		diag_add(run->out, SEV_ERROR, DIAG_AUTH_EMPTY, loc,
			_("Store the password, or switch the login off."),
			_("No mail leaves: the login at \"%s\" has a user and no "
			  "password."),
			text);
	else if (k->missing)
		diag_add(run->out, SEV_ERROR, DIAG_AUTH_EMPTY, loc,
			_("Store the password, or switch the login off."),
			_("No mail leaves: login is on, and the table of its password, "
			  "%s, isn't there."),
			k->missing);
	else if (!k->whole || k->hit)
		;
	else if (k->near)
		tell_near(run, k, text, mx, loc);
	else if (!mx) /* by MX it may be under the name of one of those hosts */
		diag_add(run->out, SEV_WARN, DIAG_AUTH_KEY, loc,
			_("Add a row that begins with exactly the text of relayhost."),
			_("Mail goes out without login: there is no password for "
			  "\"%s\"."),
			text);
	free(text);
}

void
rule_login_key(struct chk_run *run)
{
	struct diag_loc loc;
	struct chk_param p;
	struct sv rest, word;

	if (!chk_is_yes(run, ENABLE, false) || !chk_get(run, "relayhost", &p) || !p.def ||
		chk_is_yes(run, "smtp_sender_dependent_authentication", false) ||
		chk_value_of(run, "sender_dependent_relayhost_maps").n)
		return;
	loc = chk_at(run, &p);
	rest = p.value;
	while (sv_token(&rest, ", \t\r\n", &word)) {
		struct nexthop hop = {0};
		struct keys k = {.hop = &hop, .text = word, .all = p.value};

		if (nh_parse(word, &hop) == NH_FINE)
			judge_key(run, &k, &loc);
		free(k.near);
		nh_free(&hop);
	}
}
