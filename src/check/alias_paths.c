/* SPDX-License-Identifier: MIT
 *
 * Commands, files and lists that an alias names: are they there, and may Postfix use
 * them? Rights are read from mode bits as the kernel reads them, for the user whose
 * rights local(8) takes; access lists may say otherwise, so such a finding is a warning.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/alias_parts.h"

/* What local(8) runs by itself; with any other character it calls a shell. */
#define PLAIN                                                                            \
	"1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \t"

/* Has the user of this run the rights (bits of rwx) on a file? */
static bool
may(const struct al_run *run, const struct stat *st, mode_t want)
{
	const struct chk_al_env *env = run->env;
	mode_t mode = st->st_mode;

	if (!env->rights_known || env->uid == 0)
		return true;
	if (st->st_uid == env->uid)
		mode >>= 6;
	else if (st->st_gid == env->gid)
		mode >>= 3;
	return (mode & want) == want;
}

static int
ask(const struct al_run *run, struct sv path, struct stat *st)
{
	char *name = sv_dup(path);
	int why = run->env->stat(run->env->ctx, name, st);

	free(name);
	return why;
}

static struct sv
folder_of(struct sv path)
{
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	while (path.n > 1 && path.p[path.n - 1] != '/')
		path.n--;
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	return path;
}

/* Is there a folder on the way that keeps the user of this run out? */
static bool
way_is_closed(const struct al_run *run, struct sv path)
{
	struct stat st;

	for (struct sv dir = folder_of(path);; dir = folder_of(dir)) {
		if (ask(run, dir, &st) == 0 && !may(run, &st, 1))
			return true;
		if (dir.n <= 1)
			return false;
	}
}

static enum sev
missing_sev(const struct al_run *run)
{
	return run->env->here ? SEV_ERROR : SEV_WARN;
}

static bool
is_missing(int why)
{
	return why == ENOENT || why == ENOTDIR;
}

/* --- commands */

/* The program of a command line, as far as it can be told; empty when it can't. */
static struct sv
program_of(struct sv command, bool *by_shell)
{
	struct sv rest = command, word = {0};

	*by_shell = false;
	for (size_t i = 0; i < command.n; i++)
		*by_shell = *by_shell || !strchr(PLAIN, command.p[i]);
	if (!sv_token(&rest, " \t", &word))
		return word;
	if (sv_eq_str(word, "exec") && !sv_token(&rest, " \t", &word))
		return word;
	for (size_t i = 0; i < word.n; i++)
		if (!strchr(PLAIN, word.p[i]) || word.p[i] == '=')
			return sv_sub(word, 0, 0);
	return word;
}

static bool
is_builtin(struct sv word)
{
	static const char *const names[] = {".", ":", "break", "cd", "command",
		"continue", "echo", "eval", "exec", "exit", "export", "false", "for",
		"getopts", "hash", "if", "kill", "printf", "pwd", "read", "readonly",
		"return", "set", "shift", "test", "times", "trap", "true", "type",
		"ulimit", "umask", "unset", "wait", "while"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sv_eq_str(word, names[i]))
			return true;
	return false;
}

static void
tell_program(struct al_run *run, const struct diag_loc *loc, enum sev sev,
	const char *hint, const char *why)
{
	if (al_run_room(run, loc))
		diag_add(run->out, sev, DIAG_AL_PROGRAM, loc, hint, "%s", why);
}

static void
check_program(struct al_run *run, const struct diag_loc *loc, struct sv path, bool sure)
{
	struct stat st;
	int why = ask(run, path, &st);

	if (is_missing(why))
		tell_program(run, loc, sure ? missing_sev(run) : SEV_WARN,
			_("Correct the path, or install the program."),
			_("Mail for this command stays in the queue or goes back to its "
			  "sender: the program isn't there."));
	else if (why == 0 && !S_ISREG(st.st_mode))
		tell_program(run, loc, sure ? SEV_ERROR : SEV_WARN,
			_("Name the program itself."),
			_("Mail for this command stays in the queue: what it names is no "
			  "program."));
	else if (why == 0 && !(st.st_mode & 0111))
		tell_program(run, loc, sure ? SEV_ERROR : SEV_WARN,
			_("chmod 755 makes it a program that everybody can run."),
			_("Mail for this command stays in the queue: its file can't be "
			  "run as a program."));
	else if (why == 0 && (!may(run, &st, 1) || way_is_closed(run, path)))
		tell_program(run, loc, SEV_WARN,
			_("Let the user of default_privs run it, and pass through its "
			  "folders."),
			_("Mail for this command stays in the queue: Postfix may not run "
			  "the program."));
	if (why == 0 && (st.st_mode & S_IWOTH) && S_ISREG(st.st_mode) &&
		al_run_room(run, loc))
		diag_add(run->out, SEV_WARN, DIAG_AL_WRITABLE, loc,
			_("chmod o-w takes that right away."),
			_("Every user of this machine can change what this command does: "
			  "anybody may write its program."));
}

/* A program without folder is looked for where local(8) does. */
static void
check_in_path(struct al_run *run, const struct diag_loc *loc, struct sv word)
{
	static const char *const folders[] = {"/usr/bin", "/bin"};
	bool missing = true;

	for (size_t i = 0; i < 2; i++) {
		char *path = str_format("%s/%.*s", folders[i], (int)word.n, word.p);
		struct stat st;

		missing = missing && is_missing(ask(run, sv_of(path), &st));
		free(path);
	}
	if (missing)
		tell_program(run, loc, SEV_WARN,
			_("Write its whole path, from \"/\" on."),
			_("Mail for this command goes back to its sender: there is no "
			  "such program in /usr/bin or /bin."));
}

static bool
restricted(struct al_run *run, const struct diag_loc *loc, bool allowed, const char *text)
{
	if (!allowed && al_run_room(run, loc))
		diag_add(run->out, SEV_ERROR, DIAG_AL_FORBIDDEN, loc,
			_("Add \"alias\" to that parameter in main.cf."), "%s", text);
	return !allowed;
}

void
al_check_command(struct al_run *run, const struct al_target *t)
{
	struct diag_loc loc = al_run_place(run, t->start);
	struct sv command = sv_trim(sv_sub(sv_of(t->plain), 1, SIZE_MAX / 2));
	bool by_shell;
	struct sv program = program_of(command, &by_shell);

	if (restricted(run, &loc, run->env->commands,
		    _("Mail for this command goes back to its sender: "
		      "allow_mail_to_commands forbids commands in aliases.")))
		return;
	if (program.n == 0)
		return;
	if (program.p[0] == '/')
		check_program(run, &loc, program, !by_shell);
	else if (!memchr(program.p, '/', program.n) && !is_builtin(program))
		check_in_path(run, &loc, program);
	else if (memchr(program.p, '/', program.n) && al_run_room(run, &loc))
		diag_add(run->out, SEV_WARN, DIAG_AL_RELATIVE, &loc,
			_("Write its whole path, from \"/\" on."),
			_("Mail for this command stays in the queue: its path is looked "
			  "for below Postfix's own folder."));
}

/* --- files */

static void
tell_path(struct al_run *run, const struct diag_loc *loc, enum sev sev, const char *hint,
	const char *why)
{
	if (al_run_room(run, loc))
		diag_add(run->out, sev, DIAG_AL_PATH, loc, hint, "%s", why);
}

/* A file or folder that has to be made first. */
static void
check_parent(struct al_run *run, const struct diag_loc *loc, struct sv path)
{
	struct sv dir = folder_of(path);
	struct stat st;
	int why = ask(run, dir, &st);

	if (is_missing(why))
		tell_path(run, loc, missing_sev(run), _("Make the folder first."),
			_("Mail for this file goes back to its sender: its folder isn't "
			  "there."));
	else if (why == 0 &&
		 (!S_ISDIR(st.st_mode) || !may(run, &st, 3) || way_is_closed(run, path)))
		tell_path(run, loc, SEV_WARN,
			_("Make it, and give it to the user of default_privs."),
			_("Mail for this file goes back to its sender: Postfix may not "
			  "make it there."));
}

/* The three folders of a maildir, made in time, do without rights on the maildir. */
static bool
has_own_folders(const struct al_run *run, struct sv path)
{
	static const char *const subs[] = {"tmp", "new", "cur"};
	bool good = true;

	for (size_t i = 0; i < 3; i++) {
		char *name = str_format("%.*s%s", (int)path.n, path.p, subs[i]);
		struct stat st;

		good = good && ask(run, sv_of(name), &st) == 0 && may(run, &st, 3);
		free(name);
	}
	return good;
}

static void
check_maildir(struct al_run *run, const struct diag_loc *loc, struct sv path)
{
	struct stat st;
	int why = ask(run, sv_sub(path, 0, path.n - 1), &st);

	if (is_missing(why))
		check_parent(run, loc, path);
	else if (why == 0 && !S_ISDIR(st.st_mode))
		tell_path(run, loc, SEV_ERROR,
			_("Take the \"/\" at the end away, or name a folder."),
			_("Mail for this maildir goes back to its sender: it isn't a "
			  "folder."));
	else if (why == 0 && !(may(run, &st, 3) || has_own_folders(run, path)))
		tell_path(run, loc, SEV_WARN,
			_("Give the folder to the user of default_privs."),
			_("Mail for this maildir goes back to its sender: Postfix may "
			  "not "
			  "write there."));
	else if (why == 0 && way_is_closed(run, path))
		tell_path(run, loc, SEV_WARN,
			_("Let the user of default_privs pass through its folders."),
			_("Mail for this maildir goes back to its sender: Postfix may "
			  "not "
			  "go there."));
}

static void
check_file(struct al_run *run, const struct diag_loc *loc, struct sv path)
{
	struct stat st;
	int why = ask(run, path, &st);

	if (is_missing(why))
		check_parent(run, loc, path);
	else if (why == 0 && S_ISDIR(st.st_mode))
		tell_path(run, loc, SEV_ERROR,
			_("With a \"/\" at the end the folder is used as a maildir."),
			_("Mail for this file goes back to its sender: it is a "
			  "folder."));
	else if (why == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111))
		tell_path(run, loc, SEV_ERROR,
			_("If it is a program, write \"|\" before it; else chmod a-x."),
			_("Mail for this file goes back to its sender: Postfix writes to "
			  "no file that can be run."));
	else if (why == 0 && (!may(run, &st, 2) || way_is_closed(run, path)))
		tell_path(run, loc, SEV_WARN,
			_("Give the file to the user of default_privs."),
			_("Mail for this file goes back to its sender: Postfix may not "
			  "write it."));
}

void
al_check_path(struct al_run *run, const struct al_target *t)
{
	struct diag_loc loc;
	struct sv path = sv_of(t->plain);

	if (sv_eq_str(path, "/dev/null") && run->env->files)
		return;
	loc = al_run_place(run, t->start);
	if (restricted(run, &loc, run->env->files,
		    _("Mail for this file goes back to its sender: "
		      "allow_mail_to_files forbids files in aliases.")))
		return;
	if (sv_ends(path, "/"))
		check_maildir(run, &loc, path);
	else
		check_file(run, &loc, path);
}

/* --- lists */

/* Commands and files in lists need another word in the parameter, which few have; so a
 * list is only asked whether it names anybody. */
static bool
names_nobody(const struct al_run *run, const char *path)
{
	struct str bytes = {0};
	struct sv rest, line;
	bool nobody = true;

	if (!run->env->read || !run->env->read(run->env->ctx, path, &bytes))
		return false;
	rest = str_sv(&bytes);
	while (nobody && sv_line(&rest, &line)) {
		line = sv_trim(line);
		nobody = line.n == 0 || line.p[0] == '#';
	}
	str_free(&bytes);
	return nobody;
}

static void
tell_list(struct al_run *run, const struct diag_loc *loc, enum sev sev, const char *hint,
	const char *why)
{
	if (al_run_room(run, loc))
		diag_add(run->out, sev, DIAG_AL_LIST, loc, hint, "%s", why);
}

void
al_check_list(struct al_run *run, const struct al_target *t)
{
	struct diag_loc loc = al_run_place(run, t->start);
	const char *path = t->plain + strlen(":include:");
	struct stat st;
	int why = run->env->stat(run->env->ctx, path, &st);

	if (is_missing(why))
		tell_list(run, &loc, missing_sev(run),
			_("Correct the path, or write the file."),
			_("Mail for this list goes back to its sender: its file isn't "
			  "there."));
	else if (why == 0 && !S_ISREG(st.st_mode))
		tell_list(run, &loc, SEV_ERROR, _("Name a file."),
			_("Mail for this list goes back to its sender: what it names is "
			  "not a file."));
	else if (why == 0 && (st.st_mode & S_IWOTH))
		tell_list(run, &loc, SEV_ERROR, _("chmod o-w takes that right away."),
			_("Mail for this list goes back to its sender: Postfix reads no "
			  "list that anybody may write."));
	else if (why == 0 && names_nobody(run, path))
		tell_list(run, &loc, SEV_WARN, _("Write one address on each line."),
			_("Mail for this list disappears without a word: its file names "
			  "nobody."));
}
