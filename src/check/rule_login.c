/* SPDX-License-Identifier: MIT
 *
 * Login at the relay host: is there a password, who else can read it, and may it be used
 * at all?
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/tables.h"
#include "model/tlslevel.h"

static const char *const ENABLE = "smtp_sasl_auth_enable";
static const char *const MAPS = "smtp_sasl_password_maps";

static bool
has_word(struct sv list, const char *word)
{
	struct sv rest = list, token;

	while (sv_token(&rest, ", \t\r\n", &token))
		if (sv_eq_fold(token, sv_of(word)))
			return true;
	return false;
}

/* TLS to the relay host that can't be skipped. */
static bool
is_encrypted(struct chk_run *run)
{
	struct sv level = chk_value_of(run, "smtp_tls_security_level");

	if (tls_is_strong(level))
		return true;
	return !level.n && chk_is_yes(run, "smtp_enforce_tls", false);
}

/* Is the level known, and no table of exceptions there? */
static bool
knows_tls(struct chk_run *run)
{
	struct chk_param level;

	chk_get(run, "smtp_tls_security_level", &level);
	return (level.how == CFX_OK || !level.known) &&
	       !chk_value_of(run, "smtp_tls_policy_maps").n &&
	       !chk_value_of(run, "smtp_tls_per_site").n;
}

/* PLAIN and LOGIN are what relay hosts offer; by default Postfix doesn't use them. */
static void
judge_options(struct chk_run *run, const struct chk_param *enable)
{
	struct diag_loc loc = chk_at(run, enable);
	struct chk_param plain, tls;
	const struct chk_param *used = &plain;

	chk_get(run, "smtp_sasl_security_options", &plain);
	chk_get(run, "smtp_sasl_tls_security_options", &tls);
	if (is_encrypted(run) && tls.how == CFX_OK)
		used = &tls;
	if (used->how != CFX_OK || !has_word(used->value, "noplaintext"))
		return;
	if (used->def)
		loc = chk_at(run, used);
	if (used == &plain && tls.how == CFX_OK && !has_word(tls.value, "noplaintext") &&
		sv_eq_fold(chk_value_of(run, "smtp_tls_security_level"), sv_of("may")))
		return; /* works wherever TLS is spoken */
	diag_add(run->out, SEV_WARN, DIAG_AUTH_OPTIONS, &loc,
		_("Write smtp_sasl_security_options = noanonymous, and require TLS."),
		_("The login hardly works: %s forbids PLAIN and LOGIN, which nearly "
		  "every relay host wants."),
		used->name);
	diag_offer(
		run->out, DIAG_MEND_PARAMS, "smtp_sasl_security_options = noanonymous");
}

/* Other hosts than the relay host may get mail, or it another sender's password. */
static bool
has_other_ways(struct chk_run *run)
{
	static const char *const ways[] = {"transport_maps",
		"sender_dependent_relayhost_maps",
		"sender_dependent_default_transport_maps"};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (chk_value_of(run, ways[i]).n)
			return true;
	return chk_is_yes(run, "smtp_sender_dependent_authentication", false);
}

static void
judge_clear(struct chk_run *run, const struct chk_param *enable)
{
	struct diag_loc loc = chk_at(run, enable);
	struct sv host = chk_value_of(run, "relayhost");

	if (!knows_tls(run) || is_encrypted(run) || !host.n ||
		has_word(
			chk_value_of(run, "smtp_sasl_security_options"), "noplaintext") ||
		sv_starts(host, "[127.") || sv_starts(host, "[::1]") ||
		sv_starts(host, "[localhost]") ||
		(chk_no_password(run) && !has_other_ways(run)))
		return;
	diag_add(run->out, SEV_WARN, DIAG_AUTH_PLAIN, &loc,
		_("Write smtp_tls_security_level = encrypt."),
		_("The password can go over the network unencrypted: TLS isn't "
		  "required."));
	diag_offer(run->out, DIAG_MEND_PARAMS, "smtp_tls_security_level = encrypt");
}

static void
judge_no_map(struct chk_run *run, const struct chk_param *enable)
{
	struct diag_loc loc = chk_at(run, enable);

	diag_add(run->out, SEV_ERROR, DIAG_AUTH_NO_MAP, &loc,
		_("Name the table in smtp_sasl_password_maps, or write "
		  "smtp_sasl_auth_enable = no."),
		_("No mail leaves: the smtp client stops, because login is on and no "
		  "password is named."));
	diag_offer(run->out, DIAG_MEND_PARAMS, "smtp_sasl_auth_enable = no");
}

/* The file with the passwords, and its database. */
static void
judge_mode(struct chk_run *run, const struct chk_item *item, const char *path)
{
	const char *hint = _("chmod 600 keeps them for root; Postfix needs no more.");
	struct chk_stat st;

	if (!chk_stat_of(run, path, &st) || !st.exists || st.is_folder)
		return;
	if (st.mode & 0004)
		diag_add(run->out, SEV_WARN, DIAG_AUTH_MODE, &item->loc, hint,
			_("Everybody on this machine can read the passwords in %s."),
			path);
	else if (st.mode & 0040 && st.gid != 0) /* root's group is root */
		diag_add(run->out, SEV_WARN, DIAG_AUTH_MODE, &item->loc, hint,
			_("All members of its group can read the passwords in %s."),
			path);
}

static void
judge_map(struct chk_run *run, const struct chk_item *item)
{
	struct table t;
	struct chk_stat st;

	if (sv_starts(item->text, "static:") || sv_starts(item->text, "inline:")) {
		if (chk_stat_of(run, run->env->file, &st) && st.exists && st.mode & 0004)
			diag_add(run->out, SEV_WARN, DIAG_AUTH_MODE, &item->loc,
				_("Put the password into a table of its own with mode "
				  "600."),
				_("Everybody on this machine can read the password: it "
				  "stands in main.cf."));
		return;
	}
	if (!table_parse(run, item->text, &t))
		return;
	judge_mode(run, item, t.path);
	if (t.built)
		judge_mode(run, item, t.database);
}

/* Postfix asks Cyrus SASL for the methods, which are packages of their own. Nothing is
 * said where its library isn't in one of the usual places. */
static const struct {
	const char *lib, *package;
} sasl_places[] = {
	{"/usr/lib/x86_64-linux-gnu", "libsasl2-modules"},
	{"/usr/lib/aarch64-linux-gnu", "libsasl2-modules"},
	{"/usr/lib/arm-linux-gnueabihf", "libsasl2-modules"},
	{"/usr/lib/i386-linux-gnu", "libsasl2-modules"},
	{"/usr/lib/powerpc64le-linux-gnu", "libsasl2-modules"},
	{"/usr/lib/riscv64-linux-gnu", "libsasl2-modules"},
	{"/usr/lib/s390x-linux-gnu", "libsasl2-modules"},
	{"/usr/lib64", "cyrus-sasl-plain"},
};

static bool
is_there(struct chk_run *run, const char *folder, const char *name)
{
	struct chk_stat st;

	return chk_stat_of(run, arena_fmt(&run->texts, "%s/%s", folder, name), &st) &&
	       st.exists;
}

static void
judge_plugins(struct chk_run *run, const struct chk_param *enable)
{
	struct diag_loc loc = chk_at(run, enable);
	struct sv type = chk_value_of(run, "smtp_sasl_type");

	if (type.n && !sv_eq_fold(type, sv_of("cyrus")))
		return;
	for (size_t i = 0; i < sizeof(sasl_places) / sizeof(*sasl_places); i++) {
		const char *lib = sasl_places[i].lib;
		char *hint;

		if (!is_there(run, lib, "libsasl2.so.2") &&
			!is_there(run, lib, "libsasl2.so.3"))
			continue;
		if (is_there(run, lib, "sasl2/libplain.so") ||
			is_there(run, lib, "sasl2/libplain.so.2") ||
			is_there(run, lib, "sasl2/libplain.so.3"))
			return;
		hint = str_format(_("Install the package %s."), sasl_places[i].package);
		diag_add(run->out, SEV_WARN, DIAG_AUTH_PLUGIN, &loc, hint,
			_("The login will not work: the method PLAIN isn't installed on "
			  "this machine."));
		free(hint);
		return;
	}
}

void
rule_login(struct chk_run *run)
{
	struct chk_param enable, maps;
	struct chk_item *items;
	size_t n;

	chk_get(run, ENABLE, &enable);
	chk_get(run, MAPS, &maps);
	n = chk_items(run, &maps, &items, NULL);
	for (size_t i = 0; i < n; i++)
		judge_map(run, &items[i]);
	if (!chk_is_yes(run, ENABLE, false)) {
		if (maps.def && maps.value.n && enable.how == CFX_OK) {
			struct diag_loc loc = chk_at(run, &maps);

			diag_add(run->out, SEV_WARN, DIAG_AUTH_OFF, &loc,
				_("Write smtp_sasl_auth_enable = yes."),
				_("Mail goes out without login: the passwords are there, "
				  "but login is off."));
			diag_offer(run->out, DIAG_MEND_PARAMS,
				"smtp_sasl_auth_enable = yes");
		}
		return;
	}
	if (!maps.value.n && (maps.how == CFX_OK || !maps.known)) {
		judge_no_map(run, &enable);
		return;
	}
	judge_options(run, &enable);
	judge_clear(run, &enable);
	judge_plugins(run, &enable);
}
