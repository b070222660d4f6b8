/* SPDX-License-Identifier: MIT
 *
 * Files that a person, a package and three other tools have been at: main.cf, aliases, a
 * networks file and a table, made from a seed. The same seed gives the same files.
 */
#ifndef PR_TEST_RANDOM_GEN_H
#define PR_TEST_RANDOM_GEN_H

#include <stdint.h>

#include "base/str.h"

struct rng {
	uint64_t state;
};

static inline uint32_t
rng_next(struct rng *r)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 7;
	r->state ^= r->state << 17;
	return (uint32_t)(r->state >> 16);
}

/* A number below n. */
static inline size_t
rng_below(struct rng *r, size_t n)
{
	return rng_next(r) % n;
}

static inline bool
rng_one_in(struct rng *r, size_t n)
{
	return rng_below(r, n) == 0;
}

#define RNG_PICK(r, list) ((list)[rng_below(r, sizeof(list) / sizeof((list)[0]))])

static const char *const gen_items[] = {"127.0.0.0/8", "192.168.1.0/24", "192.168.2.0/24",
	"10.0.0.1", "!10.1.1.1", "!192.168.1.250", "[::1]/128", "[2001:db8::]/32",
	"192.168.3.5/24", "$config_directory/nets", "!$config_directory/nets",
	"cidr:$config_directory/table", "$config_directory/missing", "$more_nets",
	"inline:{{a.test = OK}}", "printers.test", "10.0.0.0/33", "8.8.8.0/24",
	"127.0.0.1", "172.16.0.0/12", "10.20.0.0/16", "hash:$config_directory/table"};

static const char *const gen_notes[] = {
	"the copier team", "branch", "# odd", "x: y", "=", "10.9.9.9"};

static inline void
gen_separator(struct rng *r, struct str *out)
{
	static const char *const seps[] = {
		", ", " ", ",", "  ", "\t", ",\n    ", "\n\t", ",\n  ", " , "};

	str_add_cstr(out, RNG_PICK(r, seps));
}

/* A line break, with what may stand between the lines of a value. */
static inline void
gen_between(struct rng *r, struct str *out)
{
	str_add_cstr(out, "\n");
	if (rng_one_in(r, 3))
		str_addf(out, "    #%s\n", RNG_PICK(r, gen_items));
	if (rng_one_in(r, 3))
		str_addf(out, "    # %s\n", RNG_PICK(r, gen_notes));
	if (rng_one_in(r, 8))
		str_add_cstr(out, "#a word\n");
	str_add_cstr(out, "    ");
}

static inline void
gen_networks(struct rng *r, struct str *out)
{
	size_t n = rng_below(r, 7);

	str_add_cstr(out, rng_one_in(r, 4) ? "mynetworks=" : "mynetworks = ");
	for (size_t i = 0; i < n; i++) {
		str_add_cstr(out, RNG_PICK(r, gen_items));
		if (i + 1 == n && !rng_one_in(r, 6))
			break;
		if (rng_one_in(r, 3)) {
			str_add_cstr(out, rng_one_in(r, 2) ? "," : "");
			gen_between(r, out);
		} else {
			gen_separator(r, out);
		}
	}
	str_add_cstr(out, "\n");
}

static const char *const gen_lines[] = {"# a comment\n", "\n", "   \n", "#\n",
	"relayhost = [mail.test.co.jp]:587\n", "relayhost=mail.test\n", "relayhost =\n",
	"#relayhost = [gateway.my.domain]\n", "myhostname = relay.test\n",
	"mydomain = test\n", "myorigin = $mydomain\n", "inet_interfaces = all\n",
	"inet_interfaces = 192.168.1.1, localhost\n", "inet_interfaces = loopback-only\n",
	"inet_interfaces = 127.0.0.1\n  #192.168.1.1\n  192.168.2.1 [::1]\n",
	"#inet_interfaces = all\n#inet_interfaces = $myhostname\n",
	"#mynetworks = 168.100.189.0/28,\n#    127.0.0.0/8\n", "inet_protocols = ipv4\n",
	"smtpd_banner = $myhostname  ESMTP # x\n", "message_size_limit = 10MB\n",
	"no_such_name = 1\n", "MyOrigin = x\n",
	"mydestination = $myhostname,\n# inside\n\n   localhost  \n",
	"relayhost = a.test b.test\n", "more_nets = 10.77.0.0/16\n",
	"alias_database = hash:/etc/aliases\n", "append_dot_mydomain=no\n"};

static const char *const gen_bad[] = {"garbage line\n", "= x\n", "foo bar = x\n"};

/* Line ends and the end of the file as other editors leave them. */
static inline void
gen_finish(struct rng *r, struct str *text)
{
	struct str out = {0};
	bool crlf = rng_one_in(r, 6);

	if (rng_one_in(r, 25))
		str_add_cstr(&out, "\xef\xbb\xbf");
	for (size_t i = 0; i < text->n; i++) {
		if (crlf && text->p[i] == '\n')
			str_add_char(&out, '\r');
		str_add_char(&out, text->p[i]);
	}
	if (rng_one_in(r, 5) && out.n && out.p[out.n - 1] == '\n')
		out.p[--out.n] = '\0';
	str_free(text);
	*text = out;
}

static inline void
gen_main_cf(struct rng *r, struct str *out)
{
	size_t n = rng_below(r, 14);

	if (rng_one_in(r, 10))
		str_add_cstr(out, "  orphan = 1\n");
	for (size_t i = 0; i < n; i++) {
		if (rng_one_in(r, 5))
			gen_networks(r, out);
		else if (rng_one_in(r, 40))
			str_add_cstr(out, RNG_PICK(r, gen_bad));
		else
			str_add_cstr(out, RNG_PICK(r, gen_lines));
	}
	gen_finish(r, out);
}

static const char *const gen_alias_lines[] = {"# a heading\n", "\n", "#\n", "   \n",
	"root: hanako@test.co.jp\n", "postmaster:\troot\n", "Root:  taro\n",
	"#abuse: postmaster\n", "#off: a,\n#   b\n",
	"sales: taro, \"|/bin/cat  -x\",\n\tjiro\n", "\"two words\": root\n",
	"list: :include:/etc/list\n", "file: /var/mail/x\n",
	"# the copier\ncopier: root\n\n", "nobody:\n", "no colon here\n", "a@b: root\n",
	"x: a b c\n", "y : a , b\n# inside\n  c\n", "z:a\n", "# Note: prose\n",
	"\xc3\x89t\xc3\xa9: root\n", "back\\slash: \\root\n"};

static inline void
gen_aliases(struct rng *r, struct str *out)
{
	size_t n = rng_below(r, 12);

	if (rng_one_in(r, 12))
		str_add_cstr(out, "  orphan\n");
	for (size_t i = 0; i < n; i++)
		str_add_cstr(out, RNG_PICK(r, gen_alias_lines));
	gen_finish(r, out);
}

static inline void
gen_nets_file(struct rng *r, struct str *out)
{
	static const char *const items[] = {"10.1.0.0/16", "10.2.0.1", "!10.1.2.3",
		"[fd00::]/64", "10.1.0.5/24", "host.test", "::1", "10.3.0.0/16"};
	size_t n = rng_below(r, 9);

	if (rng_one_in(r, 12))
		str_add_cstr(out, "   10.0.9.9\n");
	for (size_t i = 0; i < n; i++) {
		switch (rng_below(r, 9)) {
		case 0:
			str_addf(out, "# %s\n", RNG_PICK(r, gen_notes));
			break;
		case 1:
			str_add_cstr(out, "\n");
			break;
		case 2:
			str_addf(out, "#%s\n", RNG_PICK(r, items));
			break;
		case 3:
			str_addf(out, "%s, %s\t%s\n", RNG_PICK(r, items),
				RNG_PICK(r, items), RNG_PICK(r, items));
			break;
		case 4:
			str_addf(out, "%s\n#%s\n# %s\n   %s\n", RNG_PICK(r, items),
				RNG_PICK(r, items), RNG_PICK(r, gen_notes),
				RNG_PICK(r, items));
			break;
		default:
			str_addf(out, "%s\n", RNG_PICK(r, items));
			break;
		}
	}
	gen_finish(r, out);
}

static inline void
gen_table(struct rng *r, struct str *out)
{
	static const char *const rows[] = {"10.4.0.0/16 OK\n", "# note\n10.5.0.1\tOK\n",
		"#10.6.0.0/16 OK\n", "\n", "2001:db8::/32 yes\n", "10.7.0.0/16  a b\n",
		"# prose\n"};
	size_t n = rng_below(r, 6);

	for (size_t i = 0; i < n; i++)
		str_add_cstr(out, RNG_PICK(r, rows));
	gen_finish(r, out);
}

#endif
