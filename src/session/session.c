/* SPDX-License-Identifier: MIT
 *
 * Opening, closing and looking at a session. Only main.cf is read at the start: the
 * aliases file, the NICs and Postfix's own answers come when somebody first asks for
 * them.
 */
#include "session/internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apply/apply.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "session/alias_check.h"
#include "session/facts.h"

/* Absolute, so that Postfix's programs take it and a change of folder does no harm. */
static char *
absolute(const char *path)
{
	char cwd[4096], *real;

	while (sv_starts(sv_of(path), "./"))
		path += strspn(path + 1, "/") + 1;
	if (path[0] != '/' && getcwd(cwd, sizeof(cwd)))
		real = str_format("%s/%s", cwd, strcmp(path, ".") == 0 ? "" : path);
	else
		real = mem_strdup(path);
	for (size_t n = strlen(real); n > 1 && real[n - 1] == '/'; n--)
		real[n - 1] = '\0';
	return real;
}

static char *
state_folder(const struct ses_opts *o, const struct settings *set)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (o->state_dir)
		return absolute(o->state_dir);
	if (set->state_dir)
		return mem_strdup(set->state_dir);
	if (geteuid() == 0)
		return mem_strdup("/var/lib/postrelay");
	if (xdg && xdg[0] == '/')
		return str_format("%s/postrelay", xdg);
	return str_format(
		"%s/.local/state/postrelay", home && home[0] == '/' ? home : "");
}

static char *
machine_name(void)
{
	char name[256] = "";

	if (gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0')
		return mem_strdup("localhost");
	return mem_strdup(name);
}

/* A session that can't write says so at the start, and why. */
static void
decide_read_only(struct session *s, const struct ses_opts *o)
{
	struct ses_file *cf = s->files[0];

	s->read_only = s->only_looks = o->read_only;
	if (o->read_only)
		s->why_read_only = mem_strdup(_("postrelay was started with -R; leave "
						"that out to change things."));
	else if (!cf->loaded.exists)
		s->why_read_only = str_format(
			_("%s can't be read, so nothing can be changed."), cf->path);
	else if (!s->dry_run && access(s->config_dir, W_OK) != 0 && errno != ENOENT)
		s->why_read_only = str_format(
			errno == EROFS
				? _("The file system of %s takes no changes, so this "
				    "session only looks.")
				: _("You may not write in %s, so this session only "
				    "looks. Start it as root to change things."),
			s->config_dir);
	if (s->why_read_only)
		s->read_only = true;
}

/* An apply that died is ended before anything is read. The service actions want values of
 * main.cf, so a passing look at the file comes first. */
static void
recover_first(struct session *s, const char *path)
{
	file_open(s, ROLE_MAIN_CF, path, NULL);
	s->start_status = session_recover(s, SES_RECOVER_AUTO, &s->start);
	s->start_busy = s->start_status == APPLY_NOT_NOW && s->start.n == 0;
	if (s->start.n)
		ses_reread(s, true, &s->start);
}

struct session *
ses_open(const struct ses_opts *o, const struct settings *set, const struct world *world)
{
	struct session *s = mem_new(1, sizeof(*s));
	const char *env = getenv("MAIL_CONFIG");
	char *path;

	s->set = set;
	s->world = *world;
	s->gen = 1;
	s->config_dir = absolute(o->config_dir   ? o->config_dir
				 : env && env[0] ? env
						 : set->config_dir);
	s->opt_aliases = o->aliases_file ? absolute(o->aliases_file) : NULL;
	s->state_dir = state_folder(o, set);
	s->hostname = machine_name();
	s->dry_run = o->dry_run;
	s->no_service = o->no_service;
	path = str_format("%s/main.cf", s->config_dir);
	if (!o->read_only && !o->dry_run)
		recover_first(s, path);
	file_open(s, ROLE_MAIN_CF, path, NULL);
	free(path);
	decide_read_only(s, o);
	return s;
}

void
ses_close(struct session *s)
{
	if (!s)
		return;
	applying_free(s);
	nettest_free(s);
	history_free(s);
	verify_free(s);
	facts_free(s);
	asked_free(s);
	nets_free(s);
	ifs_free(s);
	alias_view_free(s);
	alias_check_free(s);
	changes_free(s);
	params_free(s);
	review_free(s);
	merge_free(s);
	draft_free(s);
	setup_free(s);
	undo_free(&s->undo);
	for (size_t i = 0; i < s->nfiles; i++)
		file_close(s->files[i]);
	free(s->files);
	free(s->nics.v);
	diag_clear(&s->nic_said);
	diag_clear(&s->findings);
	diag_clear(&s->start);
	arena_free(&s->scratch);
	free(s->config_dir);
	free(s->build_table);
	free(s->opt_aliases);
	free(s->state_dir);
	free(s->hostname);
	free(s->why_read_only);
	free(s->level_before);
	free(s);
}

uint64_t
ses_gen(const struct session *s)
{
	return s->gen;
}

void
session_touch(struct session *s)
{
	s->gen++;
	s->scratch_old = true;
}

/* News from Postfix or a file read late make gen grow, but what was handed out in the
 * same call must stay: only edits, reading again and steps let strings go. */
struct arena *
scratch(struct session *s)
{
	if (s->scratch_old)
		arena_reset(&s->scratch);
	s->scratch_old = false;
	return &s->scratch;
}

const char *
scratch_fmt(struct session *s, const char *fmt, ...)
{
	struct str text = {0};
	const char *kept;
	va_list args;
	char *p = NULL;

	va_start(args, fmt);
	if (vasprintf(&p, fmt, args) >= 0)
		str_add_cstr(&text, p);
	va_end(args);
	free(p);
	kept = arena_str(scratch(s), str_c(&text));
	str_free(&text);
	return kept;
}

const struct nic_list *
session_nics(struct session *s)
{
	int why = 0;

	if (s->nics_read)
		return &s->nics;
	s->nics_read = true;
	if (!s->world.nic.ops->list(s->world.nic.self, &s->nics, &why))
		diag_add(&s->nic_said, SEV_WARN, DIAG_IF_NONE, NULL, NULL,
			_("The network interfaces can't be listed (%s)."), strerror(why));
	return &s->nics;
}

void
ses_status(struct session *s, struct ses_status *out)
{
	struct sv host;
	struct ses_param p;
	const struct diags *d = ses_findings(s);
	const struct ses_change *unused;
	const char *name = NULL;

	service_look(s);
	if (ses_param_get(s, "myhostname", &p) && p.origin == SES_FROM_FILE)
		name = ses_param_expanded(s, "myhostname");
	host = sv_of(name && name[0] ? name : s->hostname);
	*out = (struct ses_status){
		.host = arena_sv(scratch(s), host),
		.version = s->version ? s->version : "",
		.service = s->service,
		.since = s->service_since,
		.older_settings = s->service_newer || s->service_elsewhere,
		.can_start = service_can_start(s),
		.config_dir = s->config_dir,
		.main_cf = s->files[0]->path,
		.aliases = s->aliases ? s->aliases->path : NULL,
		.read_only = s->read_only,
		.dry_run = s->dry_run,
		.unread = !s->files[0]->loaded.exists,
		.why_read_only = s->why_read_only,
		.errors = diag_count(d, SEV_ERROR),
		.warnings = diag_count(d, SEV_WARN),
		.changes = ses_changes(s, &unused),
	};
}
