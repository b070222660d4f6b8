/* SPDX-License-Identifier: MIT
 *
 * A file of answers for the guided set-up: each question's word with a value, in
 * libconfuse's syntax. Only what it names is answered. A password stands in a file of
 * its own. While it is parsed libconfuse tells where an option stood, and takes no
 * pointer of ours along: its line waits in the option's field for annotations.
 */
#include "session/setup_parts.h"

#include <confuse.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/cfgfile.h"

static const char *
hint_words(void)
{
	return _("postrelay(8) has every word in ANSWERS FILE.");
}

/* --- reading --- */

static const char *
answer_word(enum ses_setup_ask ask)
{
	return ask == SES_ANS_PASSWORD ? SETUP_PASSWORD_FILE : setup_def(ask)->id;
}

static int
keep_line(cfg_t *cfg, cfg_opt_t *opt)
{
	free(opt->comment);
	opt->comment = str_format("%d", cfg->line);
	return 0;
}

static cfg_t *
new_parser(void)
{
	cfg_opt_t opts[SES_SETUP_QUESTIONS + 1];
	cfg_t *cfg;
	int n = 0;

	for (int i = 0; i < SES_SETUP_QUESTIONS; i++) {
		const struct setup_def *def = setup_def((enum ses_setup_ask)i);
		cfg_opt_t text = CFG_STR(def->id, NULL, CFGF_NODEFAULT);
		cfg_opt_t list = CFG_STR_LIST(def->id, NULL, CFGF_NODEFAULT);
		cfg_opt_t yesno = CFG_BOOL(def->id, cfg_false, CFGF_NODEFAULT);
		cfg_opt_t secret = CFG_STR(SETUP_PASSWORD_FILE, NULL, CFGF_NODEFAULT);

		opts[n++] = def->kind == SES_Q_TICKS    ? list
			    : def->kind == SES_Q_YESNO  ? yesno
			    : def->kind == SES_Q_SECRET ? secret
							: text;
	}
	opts[n] = (cfg_opt_t)CFG_END();
	cfg = cfg_init(opts, CFGF_NONE);
	for (int i = 0; cfg && i < n; i++)
		cfg_set_validate_func(cfg, opts[i].name, keep_line);
	return cfg;
}

struct answers {
	struct session *s;
	const struct cfgfile *file;
	cfg_t *cfg;
	uint32_t line; /* of the option that is read */
	struct diags *d;
};

static uint32_t
line_of(const struct answers *r, enum ses_setup_ask ask)
{
	cfg_opt_t *opt = cfg_getopt(r->cfg, answer_word(ask));

	return opt && opt->comment ? (uint32_t)strtoul(opt->comment, NULL, 10) : 0;
}

/* The findings of an answer, with their place in the file. */
static bool
at_its_line(struct answers *r, struct diags *said, bool good)
{
	struct diag_loc loc = {.file = r->file->path, .line = r->line, .col = 1};

	for (size_t i = 0; i < said->n; i++)
		diag_add(r->d, said->v[i].sev, said->v[i].code, &loc, said->v[i].hint,
			"%s", said->v[i].text);
	diag_clear(said);
	return good;
}

/* The first line of the file that is named. */
static bool
read_password(struct answers *r, const char *path)
{
	struct cfgfile file = {.path = path, .no_link = true};
	struct str text = {0};
	struct diags said = {0};
	struct sv rest, line = {0};
	char *password;
	bool good = cfgfile_load(&file, &text, &said);

	rest = str_sv(&text);
	(void)sv_line(&rest, &line);
	if (sv_ends(line, "\r"))
		line.n--;
	password = mem_strndup(line.n ? line.p : "", line.n);
	/* Cut at a NUL it would be another one. */
	if (good && (!line.n || strlen(password) != line.n))
		good = diag_add(&said, SEV_ERROR, DIAG_USAGE, NULL,
			_("Put the password into its first line."),
			_("There is no password in %s."), path);
	good = good && ses_setup_answer(r->s, SES_ANS_PASSWORD, password, &said);
	explicit_bzero(password, line.n);
	free(password);
	str_wipe(&text);
	return at_its_line(r, &said, good);
}

/* --- lists --- */

/* The words of "listen" become ticks: they are tried as the value, and taken back. */
static bool
try_listen(struct session *s, const char *const *words, size_t n, struct setup_answer *a,
	struct diags *d)
{
	const struct setup_rows *was = &s->setup->base.listen;
	const struct ses_if_row *rows;
	size_t mark = edit_begin(s, _("set-up")), nrows;
	bool good = ses_if_set(s, words, n, d), there;

	nrows = good ? ses_if_rows(s, &rows) : 0;
	if (good)
		setup_tick_set(a, "all", ses_if_mode(s) == SES_IF_ALL);
	for (size_t i = 1; good && i < was->n; i++) {
		there = false;
		for (size_t k = 0; k < nrows; k++)
			there = there || (strcmp(rows[k].addr, was->v[i].text) == 0 &&
						 rows[k].ticked);
		setup_tick_set(a, was->v[i].text, there);
	}
	for (size_t k = 0; k < nrows; k++)
		if (rows[k].ticked && !setup_tick_of(a, rows[k].addr))
			setup_added_push(a, rows[k].addr);
	(void)edit_end(s, mark, false);
	return good;
}

/* A value in effect is one, whatever it is. */
static bool
are_now(const struct setup_base *b, const char *const *words, size_t n)
{
	struct sv rest = sv_of(b->value[SES_ANS_LISTEN]), token;
	size_t i = 0;

	while (sv_token(&rest, ", \t\r\n", &token))
		if (i == n || !sv_eq_str(token, words[i++]))
			return false;
	return i == n;
}

static bool
read_listen(struct answers *r, cfg_opt_t *opt)
{
	unsigned n = cfg_opt_size(opt);
	const char **words = mem_new(n + 1, sizeof(*words));
	struct diags said = {0};
	bool good;

	for (unsigned i = 0; i < n; i++)
		words[i] = cfg_opt_getnstr(opt, i);
	good = are_now(&r->s->setup->base, words, n) ||
	       try_listen(r->s, words, n, &r->s->setup->a[SES_ANS_LISTEN], &said);
	free((void *)words);
	return at_its_line(r, &said, good);
}

/* What is found on a row that was taken is found again in the files. */
static bool
add_row(struct answers *r, enum ses_setup_ask ask, const char *text, struct diags *said)
{
	bool good = ses_setup_add(r->s, ask, text, said);

	if (good)
		diag_clear(said);
	return good;
}

/* All clients: a row that isn't named goes, but never this host itself, and nothing of a
 * list that is too long to be named. */
static bool
read_clients(struct answers *r, cfg_opt_t *opt)
{
	struct setup *st = r->s->setup;
	const struct setup_rows *rows = &st->base.clients;
	struct diags said = {0};
	struct str all = {0};
	bool good;

	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].on && rows->v[i].can_tick && !rows->v[i].is_self &&
			!st->base.more)
			setup_tick_set(&st->a[SES_ANS_CLIENTS], rows->v[i].text, false);
	for (unsigned i = 0; i < cfg_opt_size(opt); i++)
		str_addf(&all, "%s%s", i ? ", " : "", cfg_opt_getnstr(opt, i));
	good = cfg_opt_size(opt) == 0 || add_row(r, SES_ANS_CLIENTS, str_c(&all), &said);
	str_free(&all);
	return at_its_line(r, &said, good);
}

static bool
read_aliases(struct answers *r, cfg_opt_t *opt)
{
	struct diags said = {0};
	bool good = true;

	for (unsigned i = 0; good && i < cfg_opt_size(opt); i++)
		good = add_row(r, SES_ANS_ALIASES, cfg_opt_getnstr(opt, i), &said);
	return at_its_line(r, &said, good);
}

static bool
read_text(struct answers *r, enum ses_setup_ask ask, cfg_opt_t *opt)
{
	struct diags said = {0};
	const char *text = setup_def(ask)->kind != SES_Q_YESNO    ? cfg_opt_getstr(opt)
			   : cfg_opt_getnbool(opt, 0) == cfg_true ? "yes"
								  : "no";

	return at_its_line(
		r, &said, ses_setup_answer(r->s, ask, text ? text : "", &said));
}

static bool
read_one(struct answers *r, enum ses_setup_ask ask)
{
	cfg_opt_t *opt = cfg_getopt(r->cfg, answer_word(ask));

	/* An empty list is an answer, but libconfuse doesn't tell of it as it parses. */
	if (!opt || !(opt->flags & CFGF_MODIFIED))
		return true;
	r->line = line_of(r, ask);
	if (ask == SES_ANS_LISTEN)
		return read_listen(r, opt);
	if (ask == SES_ANS_CLIENTS)
		return read_clients(r, opt);
	if (ask == SES_ANS_ALIASES)
		return read_aliases(r, opt);
	if (ask == SES_ANS_PASSWORD)
		return read_password(r, cfg_opt_getstr(opt));
	return read_text(r, ask, opt);
}

/* An answer to what isn't asked would be lost without a word. */
static bool
is_asked(struct answers *r, enum ses_setup_ask ask)
{
	const struct setup *st = r->s->setup;
	struct diags said = {0};
	enum ses_setup_from from;

	if (!st->a[ask].given || setup_is_open(st, ask))
		return true;
	(void)setup_wanted(st, ask, &from);
	if (from == SES_Q_KEPT)
		return true;
	diag_add(&said, SEV_ERROR, DIAG_USAGE, NULL, hint_words(),
		_("%s isn't asked here: it doesn't go with the role, with the relay host "
		  "or with this Postfix."),
		answer_word(ask));
	r->line = line_of(r, ask);
	return at_its_line(r, &said, false);
}

/* Where an answer that isn't there is missed: at one that goes with it, or the role. */
static uint32_t
line_that_wants(const struct answers *r, enum ses_setup_ask held)
{
	uint32_t line = 0;

	for (int i = 0; i < SES_SETUP_QUESTIONS; i++)
		if (setup_def((enum ses_setup_ask)i)->step == setup_def(held)->step &&
			line_of(r, (enum ses_setup_ask)i))
			line = line_of(r, (enum ses_setup_ask)i);
	return line ? line : line_of(r, SES_ANS_ROLE);
}

/* The way out of a step that is held is a field there, and a word here. */
static bool
at_its_words(struct answers *r, enum ses_setup_ask held, struct diags *said)
{
	char *hint = str_format(
		line_of(r, held) ? _("Change %s there, or an answer that goes with it.")
				 : _("Write a line with %s into the file."),
		answer_word(held));

	for (size_t i = 0; i < said->n; i++) {
		free(said->v[i].hint);
		said->v[i].hint = mem_strdup(hint);
	}
	free(hint);
	return at_its_line(r, said, false);
}

/* What an answer wants and the others don't give is told where it stands. */
static bool
are_whole(struct answers *r)
{
	struct diags said = {0};
	enum ses_setup_ask held = SES_ANS_ROLE;
	bool good = true;

	for (int i = 0; good && i < SES_SETUP_QUESTIONS; i++)
		good = is_asked(r, (enum ses_setup_ask)i);
	for (int i = 0; good && i < SES_SETUP_STEPS; i++)
		good = ses_setup_ready(r->s, (enum ses_setup_step)i, &held, &said);
	r->line = line_of(r, held) ? line_of(r, held) : line_that_wants(r, held);
	return good || at_its_words(r, held, &said);
}

/* The words of a role for the LAN, and nothing of what makes it one. */
static void
tell_unreached(struct answers *r)
{
	const struct setup *st = r->s->setup;
	struct diag_loc loc = {
		.file = r->file->path, .line = line_of(r, SES_ANS_ROLE), .col = 1};

	if (!st->a[SES_ANS_ROLE].given || setup_role(st, NULL) == SES_ROLE_HOST)
		return;
	if (!setup_wants_others(st, SES_ANS_LISTEN))
		diag_add(r->d, SEV_WARN, DIAG_USAGE, &loc,
			_("Name addresses of this machine in listen."),
			_("No client can connect: this relay listens on this host "
			  "only."));
	if (!setup_wants_others(st, SES_ANS_CLIENTS))
		diag_add(r->d, SEV_WARN, DIAG_USAGE, &loc,
			_("Name their networks in clients."),
			_("No client may send: only programs on this host may."));
}

/* Also one in which all stands behind '#'. */
static void
tell_empty(struct answers *r)
{
	struct diag_loc loc = {.file = r->file->path};

	for (int i = 0; i < SES_SETUP_QUESTIONS; i++)
		if (r->s->setup->a[i].given)
			return;
	diag_add(r->d, SEV_WARN, DIAG_USAGE, &loc, hint_words(),
		_("There is no answer in this file, so it asks for nothing."));
}

static bool
read_all(struct answers *r)
{
	bool good = true;

	r->s->setup->only_answers = true;
	for (int i = 0; good && i < SES_SETUP_QUESTIONS; i++)
		good = read_one(r, (enum ses_setup_ask)i);
	if (good)
		ses_setup_go(r->s, SES_SETUP_STEPS);
	good = good && are_whole(r);
	if (good)
		tell_unreached(r);
	if (good)
		tell_empty(r);
	return good;
}

bool
ses_setup_read(struct session *s, const char *path, struct diags *d)
{
	struct cfgfile file = {
		.path = path, .hint = hint_words(), .no_link = cfgfile_is_privileged()};
	struct answers r = {.s = s, .file = &file, .d = d};
	struct str text = {0};
	bool good = false;

	ses_setup_end(s);
	for (int i = 0; i < SES_ASKS; i++)
		(void)ses_wait(s, (enum ses_ask)i, NULL);
	r.cfg = new_parser();
	if (r.cfg && cfgfile_load(&file, &text, d) &&
		cfgfile_parse(&file, r.cfg, str_sv(&text), d) && ses_setup_begin(s, d)) {
		good = read_all(&r);
		if (!good) { /* nothing of it stays */
			ses_setup_go(s, SES_SETUP_ROLE);
			ses_setup_end(s);
		}
	}
	if (r.cfg)
		cfg_free(r.cfg);
	str_free(&text);
	return good;
}
