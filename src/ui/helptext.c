/* SPDX-License-Identifier: MIT
 *
 * One row a code, or a step of the set-up. What is here is background; consequence and
 * way out stand in the finding itself.
 */
#include "ui/helptext.h"

#include "base/i18n.h"

static const struct {
	enum diag_code code;
	const char *text;
} texts[] = {
	{DIAG_FILE_CHANGED, N_("Changes are laid over the file as it is now, so that "
			       "nothing of anybody is lost. Only where two people "
			       "changed the same thing must one of them decide.")},
	{DIAG_CF_NO_EQUALS, N_("Each line of main.cf is \"name = value\"; a line that "
			       "begins with a blank "
			       "continues the one above it. Postfix refuses every other "
			       "line, and with it "
			       "all of its programs.")},
	{DIAG_CF_DUPLICATE, N_("When a parameter stands in main.cf twice, the last line "
			       "counts and the "
			       "others do nothing.")},
	{DIAG_CF_UNKNOWN, N_("Postfix ignores names that it doesn't know, so a slip of "
			     "the pen changes "
			     "nothing and says nothing.")},
	{DIAG_NET_SYNTAX, N_("Postfix reads this list item by item for each client. What "
			     "it can't read "
			     "stops it there, or matches nobody.")},
	{DIAG_NET_MASK, N_("The number after / says how many bits of the address are the "
			   "network's: "
			   "at most 32 for IPv4, 128 for IPv6.")},
	{DIAG_NET_BRACKETS, N_("IPv6 addresses stand in brackets, because a : otherwise "
			       "makes a lookup "
			       "table of the item.")},
	{DIAG_NET_HOSTBITS, N_("A network ends where its mask ends: /24 leaves the last "
			       "number to the "
			       "clients, so it must be 0.")},
	{DIAG_NET_FILE, N_("A file or table that can't be read answers nobody: its "
			   "clients are told "
			   "to try again later, for ever.")},
	{DIAG_NET_PUBLIC, N_("Whoever has an address in a range that is listed here may "
			     "send any mail "
			     "through this relay.")},
	{DIAG_IF_GONE, N_("Postfix looks for each listed address among those of the "
			  "machine. If one "
			  "is missing, none of its programs run, not even stop.")},
	{DIAG_IF_TRANSIENT, N_("Addresses from DHCP or router advertisements may change; "
			       "then Postfix "
			       "would not start again with the old one written down.")},
	{DIAG_NH_SYNTAX, N_("A relay host is a name or an address, perhaps with a port: "
			    "[mail.example.com]:587. Brackets mean: this very host, no "
			    "MX lookup.")},
	{DIAG_NH_PORT, N_("Ports 465 and 587 take mail from those who log in; MX hosts "
			  "take mail on "
			  "port 25.")},
	{DIAG_AUTH_KEY, N_("Postfix looks a password up under the server's name and "
			   "under the relay host exactly as it is written, brackets and "
			   "port included.")},
	{DIAG_AUTH_OPTIONS, N_("Nearly every provider wants PLAIN or LOGIN, which send "
			       "the password readable; inside TLS nobody can read it.")},
	{DIAG_AUTH_PLUGIN, N_("The methods of a login are small libraries of Cyrus SASL, "
			      "which come in a package of their own.")},
	{DIAG_AUTH_MODE, N_("Postfix reads the passwords as root, before it gives its "
			    "rights away, so nobody else needs to.")},
	{DIAG_AUTH_PLAIN, N_("Without TLS everybody on the way can read the password; "
			     "at \"if offered\" it is enough to hide the offer.")},
	{DIAG_TLS_PORT, N_("Port 465 speaks TLS from the first byte; on 25 and 587 the "
			   "two sides first agree on it.")},
	{DIAG_TLS_DIRECT,
		N_("A level that can't be skipped suits one server that is known "
		   "to speak TLS. Sent directly, mail goes to hosts of all "
		   "kinds, and some of them can't.")},
	{DIAG_AL_DUPLICATE,
		N_("When a name stands in the file twice, the first entry counts.")},
	{DIAG_AL_NO_COLON, N_("Each entry is \"name: targets\"; a line that begins with "
			      "a blank continues "
			      "the one above it.")},
	{DIAG_PF_DOWN, N_("While Postfix is down, clients can't send; they try again by "
			  "themselves.")},
};

const char *
ui_help_code(enum diag_code code)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].code == code) {
			return _(texts[i].text);
		}
	}
	return NULL;
}

const char *
ui_help_setup(enum ses_setup_step step)
{
	static const char *const of[SES_SETUP_STEPS] = {
		[SES_SETUP_ROLE] =
			N_("Most relays take mail from the machines of the LAN and hand "
			   "all of it to one upstream server, that of a provider or of "
			   "the head office. A relay for this host only takes mail from "
			   "its own programs. Without an upstream mail goes straight to "
			   "each receiver's server, which many of them refuse from "
			   "office lines."),
		[SES_SETUP_NAME] =
			N_("The host name is what this relay calls itself when it greets "
			   "other servers, so it should be its full name in DNS. Mail "
			   "without a domain gets the one of the second line; mail for "
			   "the names of the third stays on this machine."),
		[SES_SETUP_LISTEN] =
			N_("Postfix takes mail only on the addresses that are ticked. "
			   "This host's own programs need lo. An address that the "
			   "Internet can reach is better left out of a relay for the "
			   "LAN."),
		[SES_SETUP_CLIENTS] =
			N_("Whoever has an address in one of these networks may send "
			   "any mail through this relay, without a login. A segment "
			   "behind a router counts only when it is named here."),
		[SES_SETUP_UPSTREAM] =
			N_("All mail for other places is handed to this server. Port 587 "
			   "and 465 take mail from those who log in, 25 from other "
			   "servers. The user and password are those that the provider "
			   "gave for sending; they stay in a file that only root can "
			   "read."),
		[SES_SETUP_PEOPLE] =
			N_("System programs send their complaints to root, and the whole "
			   "world may write to postmaster. Somebody should read both. "
			   "An alias gives mail for a local name to other people."),
		[SES_SETUP_LOG] =
			N_("Postfix writes a line for each step of each message. The "
			   "system's own log is where everybody looks; a file of its own "
			   "is needed only where no log service runs."),
	};

	return step < SES_SETUP_STEPS ? _(of[step]) : "";
}
