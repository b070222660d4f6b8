/* SPDX-License-Identifier: MIT
 *
 * The defaults of the Postfix to which the tests of the guided set-up set a relay up.
 */
#ifndef PR_TEST_SETUP_POSTFIX_H
#define PR_TEST_SETUP_POSTFIX_H

static const char setup_defaults[] =
	"default_database_type = hash\nmail_version = 3.7.11\n"
	"inet_interfaces = all\nmydestination = $myhostname, localhost\n"
	"myhostname = relay.example.com\nmyorigin = $myhostname\n"
	"maillog_file = \nmynetworks = \nrelayhost = \n"
	"info_log_address_format = external\n"
	"smtp_sasl_auth_enable = no\nsmtp_sasl_password_maps = \n"
	"smtp_sasl_security_options = noplaintext, noanonymous\n"
	"smtp_sasl_tls_security_options = $smtp_sasl_security_options\n"
	"smtp_tls_CAfile = \nsmtp_tls_CApath = \n"
	"smtp_tls_security_level = \nsmtp_tls_wrappermode = no\n";

#endif
