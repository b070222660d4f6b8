/* SPDX-License-Identifier: MIT
 *
 * Who this machine says it is, what it keeps for itself, and where it logs.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/maincf.h"

/* --- names --- */

static void
judge_host(struct chk_run *run)
{
	struct chk_param p;
	struct diag_loc loc;
	char *name;

	/* Unset it is the machine's own name, made whole by mydomain. */
	if (!chk_get(run, "myhostname", &p) || !p.def || !p.value.n ||
		sv_find(p.value, '.') >= 0)
		return;
	loc = chk_at(run, &p);
	name = sv_dup(p.value);
	diag_add(run->out, SEV_WARN, DIAG_ID_HOST, &loc,
		_("Write the full name, such as relay.example.com."),
		_("Other servers may refuse this relay: \"%s\" is not a full host name."),
		name);
	free(name);
}

static void
judge_domain(struct chk_run *run)
{
	struct chk_param p;
	struct diag_loc loc;

	if (!chk_get(run, "mydomain", &p) || !p.def)
		return;
	if (!sv_eq_fold(p.value, sv_of("localdomain")) &&
		!sv_eq_fold(p.value, sv_of("localhost")))
		return;
	loc = chk_at(run, &p);
	diag_add(run->out, SEV_WARN, DIAG_ID_DOMAIN, &loc,
		_("Write your domain, or remove the line."),
		_("Other servers may refuse mail from this host: its domain is %s."),
		sv_eq_fold(p.value, sv_of("localhost")) ? "localhost" : "localdomain");
}

static bool
is_company(struct sv word, struct sv domain)
{
	return domain.n && sv_eq_fold(word, domain) && sv_find(word, '.') >= 0 &&
	       !sv_starts(word, "localhost.");
}

/* Mail for one's own domain ends here instead of going to the relay host. */
static void
judge_destination(struct chk_run *run)
{
	struct sv domain = chk_value_of(run, "mydomain");
	struct chk_item *items;
	struct chk_param p;
	size_t n;

	if (!chk_get(run, "mydestination", &p) || !p.def ||
		!chk_value_of(run, "relayhost").n ||
		sv_eq_fold(domain, chk_value_of(run, "myhostname")))
		return;
	n = chk_items(run, &p, &items, NULL);
	for (size_t i = 0; i < n; i++) {
		char *text;

		if (!is_company(items[i].text, domain))
			continue;
		text = sv_dup(items[i].text);
		diag_add(run->out, SEV_NOTE, DIAG_ID_LOCAL, &items[i].loc,
			_("Remove it if the mailboxes are at the relay host or "
			  "elsewhere."),
			_("Mail for %s stays on this host; it doesn't go to the relay "
			  "host."),
			text);
		diag_offer(run->out, DIAG_MEND_ITEM, "");
		free(text);
	}
}

/* A path stands for the first line of that file, which all programs read. */
static void
judge_origin(struct chk_run *run)
{
	struct chk_param p;
	struct chk_stat st;
	struct diag_loc loc;
	const char *path;

	if (!chk_get(run, "myorigin", &p) || !p.def || !sv_starts(p.value, "/"))
		return;
	path = arena_sv(&run->texts, p.value);
	if (!chk_stat_of(run, path, &st) || (st.exists && !st.is_folder))
		return;
	loc = chk_at(run, &p);
	diag_add(run->out, SEV_WARN, DIAG_ID_ORIGIN, &loc,
		_("Make the file with one domain in it, or write the domain here."),
		_("No Postfix program can run: %s isn't there, and myorigin is read from "
		  "it."),
		path);
	diag_offer(run->out, DIAG_MEND_PARAMS, "myorigin = $myhostname");
}

void
rule_identity(struct chk_run *run)
{
	judge_origin(run);
	judge_host(run);
	judge_domain(run);
	judge_destination(run);
}

/* --- sizes --- */

/* local(8) refuses to run; its mail is deferred. */
void
rule_limits(struct chk_run *run)
{
	struct chk_param message, mailbox;
	int64_t most, box;
	struct diag_loc loc;
	char *repair;

	chk_get(run, "message_size_limit", &message);
	chk_get(run, "mailbox_size_limit", &mailbox);
	if (!chk_number(run, "message_size_limit", &most) ||
		!chk_number(run, "mailbox_size_limit", &box) || box <= 0 ||
		(most > 0 && most <= box))
		return;
	loc = chk_at(run, message.def ? &message : &mailbox);
	diag_add(run->out, SEV_ERROR, DIAG_ID_LIMITS, &loc,
		_("Raise mailbox_size_limit (0 is no limit), or lower "
		  "message_size_limit."),
		_("No mail reaches local mailboxes: mailbox_size_limit (%lld) is smaller "
		  "than message_size_limit."),
		(long long)box);
	repair =
		str_format("mailbox_size_limit = %lld", (long long)(most > 0 ? most : 0));
	diag_offer(run->out, DIAG_MEND_PARAMS, repair);
	free(repair);
}

/* --- the log --- */

static bool
has_prefix(struct chk_run *run, struct sv path, bool *known)
{
	struct sv rest, prefix;
	struct chk_param p;

	chk_get(run, "maillog_file_prefixes", &p);
	*known = p.how == CFX_OK || !p.known;
	rest = p.known ? p.value : sv_of("/var, /dev/stdout");
	while (sv_token(&rest, ", \t\r\n", &prefix))
		if (path.n >= prefix.n && sv_eq(sv_sub(path, 0, prefix.n), prefix) &&
			(path.n == prefix.n || path.p[prefix.n] == '/'))
			return true;
	return false;
}

void
rule_maillog(struct chk_run *run)
{
	struct chk_param p;
	struct diag_loc loc;
	bool known;
	char *path;

	if (!chk_get(run, "maillog_file", &p) || !p.def || !p.value.n ||
		!chk_has(run, "maillog_file", true))
		return;
	loc = chk_at(run, &p);
	path = sv_dup(p.value);
	if (!has_prefix(run, p.value, &known) && known) {
		diag_add(run->out, SEV_ERROR, DIAG_ID_LOG, &loc,
			_("Write a file below /var, or add its folder to "
			  "maillog_file_prefixes."),
			_("No Postfix command runs: %s isn't below "
			  "maillog_file_prefixes."),
			path);
		diag_offer(run->out, DIAG_MEND_PARAMS,
			"maillog_file = /var/log/postfix.log");
	}
	if (run->env->services_known && !run->env->has_postlog)
		diag_add(run->out, SEV_ERROR, DIAG_ID_POSTLOG, &loc,
			_("Add to master.cf: postlog unix-dgram n - n - 1 postlogd"),
			_("Nothing is logged to %s: master.cf has no postlog service."),
			path);
	free(path);
}
