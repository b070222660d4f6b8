/* SPDX-License-Identifier: MIT
 *
 * A scratch configuration folder for tests of the screens: main.cf and aliases as given,
 * a postconf of our own that answers what the test says, and settings that name it. So
 * the tests need no Postfix, and see the same on every machine.
 */
#ifndef PR_TUI_SCRATCH_H
#define PR_TUI_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "model/names.h"
#include "tui/vt.h"

struct scratch {
	char dir[64];
	char path[128]; /* of the last scratch_path */
};

struct scratch_files {
	const char *main_cf;
	const char *aliases; /* NULL: postmaster only */
	const char *derived; /* mynetworks as Postfix derives it; NULL: 127.0.0.0/8 */
	const char *nets;    /* DIR/nets; NULL: none */
	bool no_postconf;    /* Postfix isn't installed */
	bool slow;           /* mynetworks is answered only once DIR/go is there */
};

static inline const char *
scratch_path(struct scratch *s, const char *name)
{
	(void)snprintf(s->path, sizeof(s->path), "%s/%s", s->dir, name);
	return s->path;
}

static inline void
scratch_write(struct scratch *s, const char *name, const char *text, mode_t mode)
{
	FILE *f = fopen(scratch_path(s, name), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(scratch_path(s, name), mode), 0);
}

/* What stands in a file now; the caller frees it. */
static inline char *
scratch_read(struct scratch *s, const char *name)
{
	FILE *f = fopen(scratch_path(s, name), "r");
	char *text = calloc(1, 65536);

	assert_non_null(f);
	assert_non_null(text);
	size_t n = fread(text, 1, 65535, f);
	text[n] = '\0';
	(void)fclose(f);
	return text;
}

/* What must stand in a file now. */
#define scratch_assert(s, name, want)                                                    \
	do {                                                                             \
		char *file_ = scratch_read(s, name);                                     \
                                                                                         \
		assert_string_equal(file_, want);                                        \
		free(file_);                                                             \
	} while (0)

/* What `postconf -d` says: every name there is, with the values that matter here. */
static inline void
scratch_defaults(struct scratch *s)
{
	static const char *const set[][2] = {{"alias_database", "hash:%s/aliases"},
		{"alias_maps", "hash:%s/aliases"},
		{"allow_mail_to_commands", "alias, forward"},
		{"allow_mail_to_files", "alias, forward"},
		{"command_directory", "/usr/sbin"}, {"default_database_type", "hash"},
		{"inet_interfaces", "all"}, {"inet_protocols", "all"},
		{"mail_version", "3.7.11"}, {"mailbox_size_limit", "51200000"},
		{"message_size_limit", "10240000"},
		{"mydestination", "$myhostname, localhost.$mydomain, localhost"},
		{"mynetworks_style", "host"}, {"smtp_host_lookup", "dns"},
		{"smtp_sasl_auth_enable", "no"},
		{"smtp_sasl_security_options", "noplaintext, noanonymous"},
		{"smtp_sasl_tls_security_options", "$smtp_sasl_security_options"},
		{"smtp_tls_wrappermode", "no"},
		{"smtpd_relay_restrictions",
			"permit_mynetworks, permit_sasl_authenticated, "
			"defer_unauth_destination"}};
	FILE *f = fopen(scratch_path(s, "defaults"), "w");

	assert_non_null(f);
	for (size_t i = 0; i < names_count; i++) {
		const char *value = "";

		for (size_t k = 0; k < sizeof(set) / sizeof(set[0]); k++)
			if (strcmp(set[k][0], names_all[i]) == 0)
				value = set[k][1];
		(void)fprintf(f, "%s = ", names_all[i]);
		for (const char *p = value; *p; p++)
			if (p[0] == '%' && p[1] == 's')
				(void)fputs((p++, s->dir), f);
			else
				(void)fputc(*p, f);
		(void)fputc('\n', f);
	}
	assert_int_equal(fclose(f), 0);
}

static inline void
scratch_postconf(struct scratch *s, const struct scratch_files *f)
{
	char text[1024], wait[256] = "";

	scratch_defaults(s);
	if (f->slow) {
		(void)snprintf(wait, sizeof(wait),
			"while [ ! -e %s/go ]; do sleep 0.05; done;", s->dir);
	}
	(void)snprintf(text, sizeof(text),
		"#!/bin/sh\n"
		"case \"$*\" in\n"
		"-d) cat %s/defaults;;\n"
		"*-m) printf '%%s\\n' btree cidr hash inline regexp static texthash;;\n"
		"*mynetworks) %s echo 'mynetworks = %s';;\n"
		"esac\n",
		s->dir, wait, f->derived ? f->derived : "127.0.0.0/8");
	scratch_write(s, "bin/postconf", text, 0755);
}

static inline void
scratch_new(struct scratch *s, const struct scratch_files *f)
{
	char text[256];

	(void)strcpy(s->dir, "/tmp/pr-tui-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	assert_int_equal(mkdir(scratch_path(s, "bin"), 0755), 0);
	scratch_write(s, "main.cf", f->main_cf, 0644);
	scratch_write(s, "aliases", f->aliases ? f->aliases : "postmaster: root\n", 0644);
	if (f->nets) {
		scratch_write(s, "nets", f->nets, 0644);
	}
	if (!f->no_postconf) {
		scratch_postconf(s, f);
		scratch_write(s, "bin/postfix", "#!/bin/sh\nexit 1\n", 0755);
	}
	/* DNS is never asked: every name is known. What is installed doesn't matter. */
	scratch_write(s, "bin/getent", "#!/bin/sh\nexit 0\n", 0755);
	(void)snprintf(text, sizeof(text),
		"command_dir = \"%s/bin\"\ngetent = \"%s/bin/getent\"\n"
		"silence = {\"PR-AUTH-007\"}\n",
		s->dir, s->dir);
	scratch_write(s, "settings", text, 0600);
}

/* Start the product on it; more: a last argument ("-R"), or NULL. */
static inline struct vt *
scratch_start(struct scratch *s, const char *screen, const char *more, struct vt_opts o)
{
	static char bin[4096], aliases[128], settings[128], state[128];
	static const char *argv[16];
	const char *build = getenv("PR_BUILD");
	size_t n = 0;

	(void)snprintf(bin, sizeof(bin), "%s/postrelay", build ? build : "build");
	(void)snprintf(aliases, sizeof(aliases), "%s/aliases", s->dir);
	(void)snprintf(settings, sizeof(settings), "%s/settings", s->dir);
	(void)snprintf(state, sizeof(state), "%s/state", s->dir);
	const char *all[] = {bin, "-c", s->dir, "-A", aliases, "-f", settings, "--state",
		state, more ? more : screen, more ? screen : NULL};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		argv[n++] = all[i];
	}
	argv[n] = NULL;
	o.argv = argv;
	return vt_start(&o);
}

static inline void
scratch_end(struct scratch *s)
{
	char cmd[128];

	(void)snprintf(cmd, sizeof(cmd), "rm -rf -- %s", s->dir);
	assert_int_equal(system(cmd), 0);
}

/* The end of a test: the program goes in peace, and so does the folder. */
static inline void
scratch_close(struct scratch *s, struct vt *v)
{
	assert_int_equal(vt_close(v), 0);
	scratch_end(s);
}

#endif
