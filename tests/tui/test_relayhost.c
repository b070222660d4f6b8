/* SPDX-License-Identifier: MIT
 *
 * The Relay host screen on scratch files: a typed host:port is taken apart, MX and port
 * by Space, further hosts, the repair, and what can't be taken apart; login and TLS.
 */
#include "tui/scratch.h"

enum { FIRST_MOST = 2400, DOWN_MOST = 60, CHAR_MOST = 25 };

static const char head[] = "myhostname = relay.example.co.jp\n";

static struct vt *
start(struct scratch *s, const char *rest, const char *more)
{
	char main_cf[1024];

	(void)snprintf(main_cf, sizeof(main_cf), "%s%s", head, rest);
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf});
	return scratch_start(s, "relayhost", more, (struct vt_opts){0});
}

static void
typed_host_and_port_are_taken_apart(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "", NULL);

	(void)state;
	assert_true(vt_count(v) <= FIRST_MOST);
	vt_assert_row(v, 4, "Where all mail to other places goes");
	vt_assert_row(v, 4, "relayhost, main.cf, not set");
	vt_assert_row(v, 5, ">    Host             none");
	vt_keys(v, "Enter");
	vt_type(v, "mail.test.co.jp:58");
	vt_count_reset(v);
	vt_type(v, "7");
	assert_true(vt_count(v) <= CHAR_MOST);
	vt_wait_text(v, 21, " Will be written: relayhost = [mail.test.co.jp]:587");
	vt_keys(v, "Enter");
	assert_string_equal(vt_row(v, 5), ">*   Host             mail.test.co.jp");
	vt_assert_row(v, 6, "     Port             587  submission");
	vt_assert_row(v, 7, "     Look up MX       no ");
	vt_assert_row(v, 1, "*1");
	vt_keys(v, "u");
	vt_assert_row(v, 5, ">    Host             none");
	scratch_close(&s, v);
}

static void
mx_on_a_submission_port_is_doubtful_and_r_mends_it(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost = mail.test.co.jp:587\n", NULL);

	(void)state;
	vt_assert_row(v, 5, ">");
	vt_assert_row(v, 5, " ?  Host             mail.test.co.jp");
	vt_assert_row(v, 7, "     Look up MX       yes");
	vt_assert_row(v, 22, "? Mail goes to the MX hosts of mail.test.co.jp");
	vt_wait_text(v, 0, "r writes [mail.test.co.jp]:587.");
	vt_count_reset(v);
	vt_keys(v, "Down");
	assert_true(vt_count(v) <= DOWN_MOST);
	vt_keys(v, "r");
	vt_assert_row(v, 7, "     Look up MX       no");
	assert_string_equal(vt_row(v, 22), "");
	vt_assert_row(v, 21, "relayhost = [mail.test.co.jp]:587");
	scratch_close(&s, v);
}

static void
space_goes_through_ports_and_mx(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost = [mail.test.co.jp]\n", NULL);

	(void)state;
	vt_keys(v, "Down");
	vt_assert_row(v, 6, ">    Port             25");
	vt_keys(v, "Space");
	vt_assert_row(v, 6, "587  submission");
	vt_keys(v, "Space");
	vt_assert_row(v, 6, "465  submissions");
	vt_keys(v, "Space");
	vt_assert_row(v, 6, "25  smtp, the default");
	assert_false(vt_has(v, 21, "Will be written")); /* as it was */
	vt_keys(v, "Enter");
	vt_type(v, "70000");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, "A port is a number from 1 to 65535");
	vt_assert_row(v, 5, ">*!  relayhost        [mail.test.co.jp]:70000");
	vt_keys(v, "u");
	vt_assert_row(v, 6, "25  smtp, the default");
	vt_keys(v, "g Down Down Space");
	vt_assert_row(v, 7, ">    Look up MX       yes");
	vt_assert_row(v, 21, "relayhost = mail.test.co.jp");
	scratch_close(&s, v);
}

/* Half-done work is kept as it was typed, marked, and held back at apply. */
static void
what_is_no_host_is_kept_and_marked(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "", NULL);

	(void)state;
	vt_keys(v, "Enter");
	vt_type(v, "mail_test/jp");
	vt_keys(v, "Enter");
	vt_assert_row(v, 5, ">*!  relayhost        mail_test/jp");
	vt_assert_row(v, 0, "neither a host name nor an address");
	vt_assert_row(v, 1, "*1");
	vt_keys(v, "w");
	vt_wait_text(v, 0, "Holds the apply back");
	vt_assert_row(v, 0, "+relayhost = mail_test/jp");
	vt_keys(v, "Esc Enter Ctrl-U"); /* typed anew, it is taken apart as ever */
	vt_type(v, "mail.test.co.jp:99999");
	vt_keys(v, "Enter");
	vt_assert_row(v, 5, ">*!  relayhost        mail.test.co.jp:99999");
	vt_keys(v, "Enter Ctrl-U");
	vt_type(v, "mail.test.co.jp:587");
	vt_wait_text(v, 0, "Will be written: relayhost = [mail.test.co.jp]:587");
	vt_keys(v, "Enter");
	vt_assert_row(v, 5, ">*   Host             mail.test.co.jp");
	vt_keys(v, "Down Enter Ctrl-U");
	vt_type(v, "x7");
	vt_keys(v, "Enter");
	vt_assert_row(v, 0, "*!  relayhost        [mail.test.co.jp]:x7");
	vt_keys(v, "u");
	vt_assert_row(v, 0, "Port             587  submission");
	scratch_close(&s, v);
}

/* What would be read as two hosts stays in the field. */
static void
what_would_be_something_else_stays_in_the_field(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "", NULL);

	(void)state;
	vt_keys(v, "Enter");
	vt_type(v, "a.test b.test");
	vt_keys(v, "Enter");
	vt_assert_row(v, 5, ">    Host            [a.test b.test ");
	vt_keys(v, "F2");
	vt_assert_row(v, 5, ">    Host            [a.test b.test ");
	vt_assert_row(v, 1, "*0");
	vt_keys(v, "Esc");
	vt_assert_row(v, 1, "*0");
	scratch_close(&s, v);
}

static void
further_hosts_are_added_moved_and_removed(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost = [a.test.co.jp]:587\n", NULL);

	(void)state;
	vt_keys(v, "a");
	vt_assert_row(v, 8, ">    Further hosts   [");
	vt_type(v, "b.test.co.jp");
	vt_keys(v, "Enter");
	vt_assert_row(v, 8, "Further hosts    [b.test.co.jp]  no MX");
	vt_assert_row(v, 21, "relayhost = [a.test.co.jp]:587, [b.test.co.jp]");
	vt_keys(v, "K");
	vt_assert_row(v, 5, ">*   Host             b.test.co.jp");
	vt_assert_row(v, 6, "25  smtp, the default");
	vt_assert_row(v, 21, "relayhost = [b.test.co.jp], [a.test.co.jp]:587");
	vt_keys(v, "u");
	vt_assert_row(v, 5, "a.test.co.jp");
	vt_keys(v, "g d");
	vt_assert_row(v, 22, "ok Removed; u brings it back.");
	vt_assert_row(v, 5, "b.test.co.jp");
	vt_assert_row(v, 8, "Further hosts    none");
	vt_keys(v, "d");
	vt_assert_row(v, 5, "none: mail leaves");
	vt_assert_row(v, 21, " Will be written: no relayhost");
	scratch_close(&s, v);
}

/* Another upstream in four presses: Enter, the name, Enter, w, Enter. */
static void
typed_name_replaces_the_old_one_unless_it_is_edited(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost = [a.test.co.jp]:587\n", NULL);

	(void)state;
	vt_keys(v, "Enter");
	vt_assert_row(v, 22, "What you type replaces it.");
	vt_type(v, "b.test");
	vt_keys(v, "Enter");
	vt_assert_row(v, 21, " Will be written: relayhost = [b.test]:587");
	vt_keys(v, "Enter Backspace");
	vt_type(v, "s");
	vt_keys(v, "Enter");
	vt_assert_row(v, 5, ">*   Host             b.tess");
	vt_keys(v, "Enter");
	vt_type(v, ":25");
	vt_keys(v, "Enter");
	vt_assert_row(v, 5, ">*   Host             b.tess");
	vt_assert_row(v, 6, "     Port             25");
	vt_keys(v, "Enter");
	vt_type(v, "c");
	vt_keys(v, "Esc");
	vt_assert_row(v, 5, ">*   Host             b.tess");
	scratch_close(&s, v);
}

static void
what_cannot_be_taken_apart_is_edited_as_it_stands(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost = [mail.test.co.jp\n", NULL);

	(void)state;
	vt_assert_row(v, 5, " !  relayhost        [mail.test.co.jp");
	assert_false(vt_has(v, 0, "Port"));
	vt_keys(v, "Enter End");
	vt_type(v, "]");
	vt_keys(v, "Enter");
	vt_assert_row(v, 5, ">*   Host             mail.test.co.jp");
	scratch_close(&s, v);
}

static void
what_overrules_is_named(void **state)
{
	struct scratch s;
	struct vt *v = start(&s,
		"relayhost = [a.test.co.jp]\ntransport_maps = "
		"hash:/etc/postfix/transport\n"
		"default_transport = smtp:[b.test.co.jp]\n",
		NULL);

	(void)state;
	vt_assert_row(v, 17, "  ?  Overruled by     transport_maps, default_transport");
	scratch_close(&s, v);
}

static void
session_that_looks_refuses_kindly(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost = [a.test.co.jp]\n", "-R");

	(void)state;
	vt_keys(v, "Enter");
	vt_assert_row(v, 22, "This session only looks: nothing can be changed.");
	vt_keys(v, "d");
	vt_assert_row(v, 22, "This session only looks: nothing can be changed.");
	vt_assert_row(v, 5, "a.test.co.jp");
	scratch_close(&s, v);
}

static void
narrow_and_low_keep_everything(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost = mail.test.co.jp:587\n", NULL);

	(void)state;
	vt_keys(v, "Enter End");
	vt_type(v, "x");
	vt_resize(v, 20, 60);
	vt_assert_row(v, 5, " ?  Host           [mail.test.co.jpx");
	vt_resize(v, 12, 40);
	vt_assert_row(v, 4, " ?  Host           <st.co.jpx");
	vt_assert_row(v, 5, "     Port            587");
	vt_keys(v, "Esc");
	vt_assert_row(v, 8, "? Mail goes to the MX hosts"); /* grows upwards */
	vt_assert_row(v, 11, "[mail.test.co.jp]:587.");
	vt_resize(v, 24, 80);
	vt_assert_row(v, 5, " ?  Host             mail.test.co.jp");
	scratch_close(&s, v);
}

/* --- login and TLS --- */

static const char by_hand[] =
	"relayhost = [mail.test.co.jp]:587\nsmtp_sasl_auth_enable = yes\n"
	"smtp_sasl_password_maps = hash:$config_directory/sasl_passwd\n"
	"smtp_sasl_tls_security_options = noanonymous\n"
	"smtp_tls_security_level = dane-only\n";

static const char two_keys[] =
	"compatibility_level = 3.6\nrelayhost = [127.0.0.1]:submission\n"
	"smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = "
	"texthash:$config_directory/pw, texthash:$config_directory/pw2\n"
	"smtp_sasl_security_options = noanonymous\nsmtp_tls_security_level = may\n";

static struct vt *
start_login(struct scratch *s, const char *rest, const char *passwords)
{
	char main_cf[1024];

	(void)snprintf(main_cf, sizeof(main_cf), "%s%s", head, rest);
	scratch_new(s, &(struct scratch_files){.main_cf = main_cf});
	scratch_write(s, "sasl_passwd", passwords, 0600);
	scratch_write(s, "sasl_passwd.db", "", 0600);
	return scratch_start(s, "relayhost", NULL, (struct vt_opts){0});
}

static void
login_made_by_hand_is_shown(void **state)
{
	struct scratch s;
	struct vt *v = start_login(&s, by_hand, "[mail.test.co.jp]:587 relay:Geheim\n");

	(void)state;
	vt_assert_row(v, 10, "Login at that host");
	vt_assert_row(v, 11, "     Log in           yes");
	vt_assert_row(v, 12, "     User             relay");
	vt_assert_row(v, 13, "     Password         ********  (v shows it)");
	vt_assert_row(v, 14, "     Kept for         [mail.test.co.jp]:587  in ");
	vt_assert_row(v, 16, "Encryption (TLS)");
	vt_assert_row(v, 17, "     TLS              dane-only"); /* Postfix's word */
	vt_assert_row(v, 20, "     Overruled by     nothing");
	assert_false(vt_has(v, 0, "Geheim"));
	vt_keys(v, "Down Down Down Down Down Down");
	vt_assert_row(v, 13, ">    Password");
	vt_keys(v, "v");
	vt_assert_row(v, 13, "Password         Geheim");
	vt_keys(v, "Down");
	vt_assert_row(v, 13, "********");
	assert_false(vt_has(v, 0, "Geheim"));
	vt_keys(v, "Up Enter");
	vt_type(v, "Neues");
	vt_keys(v, "Enter");
	vt_assert_row(v, 13, ">*   Password         ********");
	vt_assert_row(v, 11, "     Log in           yes");
	vt_assert_row(v, 21, "Will be written: [mail.test.co.jp]:587 relay:****");
	scratch_close(&s, v);
}

static void
login_is_typed_and_taken_back(void **state)
{
	struct scratch s;
	struct vt *v = start(&s, "relayhost = [mail.test.co.jp]:587\n", NULL);

	(void)state;
	vt_assert_row(v, 11, "     Log in           no");
	vt_keys(v, "Down Down Down Down Space");
	vt_assert_row(v, 12, ">    User            [");
	vt_type(v, "relay");
	vt_keys(v, "Enter");
	vt_assert_row(v, 13, "> !  Password        ["); /* no mail would leave */
	vt_type(v, "Geheim");
	vt_assert_row(v, 13, "[******  ");
	assert_false(vt_has(v, 0, "Geheim"));
	vt_keys(v, "Ctrl-T");
	vt_assert_row(v, 13, "[Geheim ");
	vt_keys(v, "Enter");
	vt_assert_row(v, 11, " *");
	vt_assert_row(v, 11, "Log in           yes");
	vt_assert_row(v, 13, ">    Password         ********");
	vt_assert_row(v, 14, "     Kept for         [mail.test.co.jp]:587  in ");
	vt_assert_row(v, 17, " *   TLS              required (encrypt)");
	vt_assert_row(v, 21, "smtp_sasl_password_maps = hash:$config_directory");
	assert_false(vt_has(v, 0, "Geheim"));
	/* who comes because of the passwords is at the password */
	vt_keys(v, "Up Up 1");
	for (int i = 0; i < 16 && !vt_has(v, 0, ">+ smtp_sasl_password_maps"); i++) {
		vt_keys(v, "Down");
	}
	vt_keys(v, "Enter");
	vt_assert_row(v, 13, ">    Password         ********");
	vt_keys(v, "d");
	vt_assert_row(v, 22, "ok No login; u brings it back.");
	vt_assert_row(v, 11, ">    Log in           no");
	vt_assert_row(v, 14, "     TLS              none");
	assert_false(vt_has(v, 21, "Will be written"));
	scratch_close(&s, v);
}

static void
password_goes_along_or_is_mended(void **state)
{
	struct scratch s;
	struct vt *v = start_login(&s, by_hand, "[mail.test.co.jp] relay:Geheim\n");

	(void)state;
	vt_assert_row(v, 14, "  !  Kept for         [mail.test.co.jp]  in ");
	vt_keys(v, "n");
	vt_assert_row(v, 14, "> !  Kept for");
	vt_keys(v, "r");
	vt_assert_row(v, 14, ">*   Kept for         [mail.test.co.jp]:587  in ");
	vt_keys(v, "g Down Space");
	vt_assert_row(v, 6, "465  submissions");
	vt_assert_row(v, 14, " *   Kept for         [mail.test.co.jp]:465  in ");
	vt_assert_row(v, 18, " *   From first byte  yes");
	vt_keys(v, "Enter");
	vt_type(v, "2525");
	vt_keys(v, "Enter");
	vt_assert_row(v, 14, " *   Kept for         [mail.test.co.jp]:2525  in ");
	vt_assert_row(v, 18, "     From first byte  no");
	scratch_close(&s, v);
}

static void
space_goes_through_levels(void **state)
{
	struct scratch s;
	struct vt *v = start(
		&s, "relayhost = [127.0.0.1]\nsmtp_tls_CAfile = /etc/hosts\n", NULL);

	(void)state;
	vt_keys(v, "Down Down Down Down Down");
	vt_assert_row(v, 14, ">    TLS              none");
	vt_keys(v, "Space");
	vt_assert_row(v, 14, ">*   TLS              if offered (may)");
	vt_keys(v, "Enter");
	vt_assert_row(v, 14, "required (encrypt)");
	vt_keys(v, "Space");
	vt_assert_row(v, 14, "required, certificate checked (secure)");
	vt_keys(v, "Space");
	vt_assert_row(v, 14, ">    TLS              none");
	assert_false(vt_has(v, 21, "Will be written"));
	vt_keys(v, "Down Space");
	vt_assert_row(v, 15, ">*");
	vt_assert_row(v, 15, "From first byte  yes");
	vt_assert_row(v, 14, " *   TLS              required (encrypt)");
	scratch_close(&s, v);
}

static void
login_kept_elsewhere_is_shown_and_switched_off(void **state)
{
	struct scratch s;
	struct vt *v = start(&s,
		"relayhost = [mail.test.co.jp]\nsmtp_sasl_auth_enable = yes\n"
		"smtp_sasl_password_maps = static:relay:Geheim\n"
		"smtp_sasl_security_options = noanonymous\n",
		NULL);

	(void)state;
	vt_assert_row(v, 11, "Log in           yes");
	vt_assert_row(v, 13, "     Password         not shown here");
	vt_assert_row(v, 14, "Kept for         main.cf");
	vt_keys(v, "Down Down Down Down Down Enter");
	vt_type(v, "other");
	vt_keys(v, "Enter");
	vt_wait_text(v, 0, "The login is not kept in a text file (static)");
	vt_keys(v, "Esc Up Space");
	vt_assert_row(v, 11, "Log in           no");
	assert_false(vt_has(v, 0, "Geheim"));
	vt_keys(v, "u");
	vt_assert_row(v, 14, "Kept for         main.cf");
	scratch_close(&s, v);
}

/* All keys of the host go, in whatever tables; master.cf's own of the client is named. */
static void
login_is_off_for_good_and_what_overrules_it_is_named(void **state)
{
	struct scratch s;
	struct vt *v;

	(void)state;
	scratch_new(&s, &(struct scratch_files){.main_cf = two_keys});
	scratch_write(&s, "pw", "127.0.0.1 u:Geheim\n127.0.0.1:587 x:Geheim\n", 0600);
	scratch_write(&s, "pw2", "[127.0.0.1]:submission u:Geheim\n[b]:25 o:p\n", 0600);
	scratch_write(&s, "master.cf",
		"smtp unix - - y - - smtp -o smtp_sasl_auth_enable=no\n", 0644);
	v = scratch_start(&s, "relayhost", NULL, (struct vt_opts){0});
	vt_assert_row(v, 11, "     Log in           yes");
	vt_assert_row(v, 20, "  ?  Overruled by     master.cf");
	vt_keys(v, "G Enter");
	vt_wait_text(v, 0, "postconf -PX smtp/unix/NAME");
	vt_keys(v, "Up Up Up Up d");
	vt_wait_text(v, 22, "ok No login; u brings it back.");
	vt_assert_row(v, 11, ">*   Log in           no");
	vt_assert_row(v, 21, " Will be written: no login");
	assert_false(vt_has(v, 21, "no login, "));
	vt_keys(v, "w");
	vt_wait_text(v, 0, "Review: ");
	assert_false(vt_has(v, 0, "without login"));
	assert_false(vt_has(v, 0, "unencrypted"));
	scratch_close(&s, v);
}

/* The password that stands in main.cf doesn't follow, and Postfix doesn't find it. */
static void
login_in_the_value_does_not_follow_the_host(void **state)
{
	struct scratch s;
	struct vt *v = start(&s,
		"relayhost = [127.0.0.1]:587\nsmtp_sasl_auth_enable = yes\n"
		"smtp_sasl_password_maps = inline:{[127.0.0.1]:587=relay:Geheim}\n"
		"smtp_sasl_security_options = noanonymous\n",
		NULL);

	(void)state;
	vt_assert_row(v, 11, "     Log in           yes");
	assert_false(vt_has(v, 11, "not found"));
	vt_keys(v, "Enter");
	vt_type(v, "127.0.0.2");
	vt_keys(v, "Enter");
	vt_assert_row(v, 11, "     Log in           yes  but not found");
	vt_assert_row(v, 14, "  ?  Kept for         main.cf");
	assert_false(vt_has(v, 0, "Geheim"));
	scratch_close(&s, v);
}

static void
folded_rows_are_all_reached(void **state)
{
	struct scratch s;
	struct vt *v = start_login(&s, by_hand, "[mail.test.co.jp]:587 relay:Geheim\n");

	(void)state;
	vt_click(v, 10, 3); /* a heading is no row */
	vt_click(v, 10, 3);
	vt_assert_row(v, 24, "Enter edit");
	vt_resize(v, 12, 40);
	vt_keys(v, "G");
	vt_wait_text(v, 0, ">    Overruled by");
	vt_keys(v, "Up Up Up Up");
	vt_wait_text(v, 0, ">    Kept for");
	vt_keys(v, "Up Enter");
	vt_wait_text(v, 0, ">    Password       [********");
	vt_keys(v, "Esc");
	vt_resize(v, 24, 80);
	vt_assert_row(v, 13, ">    Password         ********");
	scratch_close(&s, v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typed_host_and_port_are_taken_apart),
		cmocka_unit_test(mx_on_a_submission_port_is_doubtful_and_r_mends_it),
		cmocka_unit_test(space_goes_through_ports_and_mx),
		cmocka_unit_test(what_is_no_host_is_kept_and_marked),
		cmocka_unit_test(what_would_be_something_else_stays_in_the_field),
		cmocka_unit_test(further_hosts_are_added_moved_and_removed),
		cmocka_unit_test(typed_name_replaces_the_old_one_unless_it_is_edited),
		cmocka_unit_test(what_cannot_be_taken_apart_is_edited_as_it_stands),
		cmocka_unit_test(what_overrules_is_named),
		cmocka_unit_test(session_that_looks_refuses_kindly),
		cmocka_unit_test(narrow_and_low_keep_everything),
		cmocka_unit_test(login_made_by_hand_is_shown),
		cmocka_unit_test(login_is_typed_and_taken_back),
		cmocka_unit_test(password_goes_along_or_is_mended),
		cmocka_unit_test(space_goes_through_levels),
		cmocka_unit_test(login_kept_elsewhere_is_shown_and_switched_off),
		cmocka_unit_test(login_is_off_for_good_and_what_overrules_it_is_named),
		cmocka_unit_test(login_in_the_value_does_not_follow_the_host),
		cmocka_unit_test(folded_rows_are_all_reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
