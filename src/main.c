/* SPDX-License-Identifier: MIT
 *
 * Builds the real world and chooses between a command and the full screen. What this
 * process holds (passwords among it) goes into no core file and to no debugger of another
 * user; a closed stdin, stdout or stderr is filled first, so that no file that is opened
 * later gets its number and our output with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/str.h"
#include "cli/cli.h"
#include "session/session.h"
#include "session/settings.h"
#include "sys/probe.h"
#include "sys/world.h"
#include "ui/ui.h"

static bool
fill_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
			open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) != fd)
			return false;
	return true;
}

static bool
harden(void)
{
	const struct rlimit none = {0, 0};

	/* A limit on the size of files is an error of a write, not the end in its midst.
	 */
	(void)signal(SIGXFSZ, SIG_IGN);
	if (!fill_descriptors() || setrlimit(RLIMIT_CORE, &none) != 0)
		return false;
#ifdef __SANITIZE_ADDRESS__
	return true; /* the leak check attaches to its own process */
#else
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
#endif
}

/* The folder of the translations: beside a program that isn't installed, else where they
 * were installed. */
static const char *
locale_folder(char *buf, size_t size)
{
	static const char tail[] = "/locale";
	ssize_t n = readlink("/proc/self/exe", buf, size - 1);
	char *slash;

	if (n <= 0)
		return PR_LOCALEDIR;
	buf[n] = '\0';
	slash = strrchr(buf, '/');
	if (!slash || (size_t)(slash - buf) + sizeof(tail) > size)
		return PR_LOCALEDIR;
	memcpy(slash, tail, sizeof(tail));
	return access(buf, R_OK | X_OK) == 0 ? buf : PR_LOCALEDIR;
}

/* Only what is used: each category is a file to open. Numbers stay in the C locale. */
static void
choose_language(void)
{
	char buf[4096];

	(void)setlocale(LC_CTYPE, "");
	(void)setlocale(LC_MESSAGES, "");
	(void)setlocale(LC_TIME, "");
	(void)bindtextdomain("postrelay", locale_folder(buf, sizeof(buf)));
	(void)textdomain("postrelay");
}

static int
full_screen(struct session *s, const struct cli_opts *o, const struct settings *set,
	const char *screen, const struct diags *said)
{
	const char *no_color = getenv("NO_COLOR");
	struct ui_opts ui = {
		.screen = screen,
		.ascii = o->ascii || set->ascii,
		.no_colour = set->colour == SET_COLOUR_NEVER || (no_color && *no_color),
		.said = said,
	};

	return ui_main(s, &ui);
}

/* A settings file that was named must count; a mistake in it is told, as everywhere. */
static bool
named_file_unreadable(const struct cli_opts *o, const struct diags *said)
{
	for (size_t i = 0; o->settings_file && i < said->n; i++)
		if (said->v[i].sev == SEV_ERROR && said->v[i].code != DIAG_SET_SYNTAX)
			return true;
	return false;
}

static int
run(const struct cli_opts *o, enum cli_what what, int nwords, char **words)
{
	struct ses_opts opts = {
		.config_dir = o->config_dir,
		.aliases_file = o->aliases_file,
		.state_dir = o->state_dir,
		.read_only = o->read_only,
		.dry_run = o->dry_run,
		.no_service = o->no_service,
	};
	struct settings set;
	struct diags said = {0};
	struct world world;
	struct session *s;
	int status = CLI_USAGE;

	set_load(&set, o->settings_file, &said);
	if (what == CLI_COMMAND || named_file_unreadable(o, &said))
		cli_say_findings(&said);
	if (!named_file_unreadable(o, &said)) {
		sys_world(&world);
		s = ses_open(&opts, &set, &world);
		status = what == CLI_COMMAND ? cli_run(s, o, nwords, words)
					     : full_screen(s, o, &set,
						       nwords ? words[0] : NULL, &said);
		ses_close(s);
	}
	diag_clear(&said);
	set_free(&set);
	return status;
}

int
main(int argc, char **argv)
{
	struct cli_opts o;
	enum cli_what what;
	int nwords;

	if (!harden())
		return CLI_NOT_NOW;
	if (argc > 1 && strcmp(argv[1], PROBE_OPTION) == 0)
		return sys_probe_main(argc - 2, argv + 2);
	choose_language();
	what = cli_parse(argc, argv, &o, &nwords);
	if (o.json) /* for programs: it speaks no language */
		(void)setlocale(LC_MESSAGES, "C");
	switch (what) {
	case CLI_HELP:
		cli_help(nwords, argv);
		break;
	case CLI_VERSION:
		(void)puts("postrelay " PR_VERSION);
		break;
	case CLI_WRONG:
		return CLI_USAGE;
	case CLI_COMMAND:
	case CLI_SCREEN:
		return run(&o, what, nwords, argv);
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? CLI_DONE : CLI_NOT_NOW;
}
