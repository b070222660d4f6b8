/* SPDX-License-Identifier: MIT
 *
 * What only Postfix knows, asked once and when first needed: `postconf -d` (version,
 * names, defaults; it doesn't read main.cf, so it is quick and works with a broken one)
 * and `postconf -c DIR mynetworks` (the value it derives; never -d, which ignores the
 * file).
 */
#include "session/internal.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/facts.h"

static struct job *
start_postconf(struct session *s, enum ses_ask what, int *why)
{
	char *prog = str_format("%s/postconf", s->set->command_dir);
	const char *const all[] = {prog, "-d", NULL};
	const char *const types[] = {prog, "-c", s->config_dir, "-m", NULL};
	const char *const derived[] = {prog, "-c", s->config_dir, "mynetworks", NULL};
	struct run_req req = {.argv = what == SES_ASK_DEFAULTS ? all
				      : what == SES_ASK_TYPES  ? types
							       : derived,
		.timeout_ms = s->set->program_seconds * 1000};
	struct job *job = s->world.run.ops->start(s->world.run.self, &req, why);

	free(prog);
	/* cppcheck-suppress returnDanglingLifetime; a runner keeps nothing of the request
	 */
	return job;
}

static int
by_name(const void *a, const void *b)
{
	return sv_cmp(((const struct default_value *)a)->name,
		((const struct default_value *)b)->name);
}

static void
take_defaults(struct session *s, struct run_res *res)
{
	struct sv rest, line;
	size_t cap = 0;

	s->defaults_text = res->out;
	res->out = (struct str){0};
	rest = str_sv(&s->defaults_text);
	while (sv_line(&rest, &line)) {
		ptrdiff_t at = sv_find(line, '=');

		if (at < 0)
			continue;
		s->defaults = mem_grow(
			s->defaults, &cap, s->ndefaults + 1, sizeof(*s->defaults));
		s->defaults[s->ndefaults++] =
			(struct default_value){sv_trim(sv_sub(line, 0, (size_t)at)),
				sv_trim(sv_sub(line, (size_t)at + 1, line.n))};
	}
	qsort(s->defaults, s->ndefaults, sizeof(*s->defaults), by_name);
}

bool
default_of(struct session *s, const char *name, struct sv *value)
{
	struct default_value key = {.name = sv_of(name)}, *hit;

	hit = s->ndefaults
		      ? bsearch(&key, s->defaults, s->ndefaults, sizeof(key), by_name)
		      : NULL;
	if (hit)
		*value = hit->value;
	return hit != NULL;
}

/* One word a line, nothing else. */
static bool
is_type_list(struct sv text)
{
	struct sv line;
	bool good = text.n > 0;

	while (good && sv_line(&text, &line))
		good = line.n > 0 && sv_find(line, ' ') < 0;
	return good;
}

static void
take_types(struct session *s, struct run_res *res)
{
	struct sv rest, line;
	size_t n = 0, cap = 0;

	s->types_text = str_take(&res->out);
	rest = sv_of(s->types_text);
	while (sv_line(&rest, &line)) {
		s->types = mem_grow(s->types, &cap, n + 2, sizeof(*s->types));
		s->types_text[(size_t)(line.p - s->types_text) + line.n] = '\0';
		s->types[n++] = line.p;
		s->types[n] = NULL;
	}
}

static bool
take_answer(struct session *s, enum ses_ask what, struct run_res *res)
{
	struct sv value;

	if (res->end != RUN_EXITED || res->code != 0)
		return false;
	if (what == SES_ASK_DEFAULTS) {
		take_defaults(s, res);
		if (!s->version && default_of(s, "mail_version", &value))
			s->version = sv_dup(value);
		return s->ndefaults > 0;
	}
	if (what == SES_ASK_TYPES) {
		if (is_type_list(str_sv(&res->out)))
			take_types(s, res);
		return s->types != NULL;
	}
	value = str_sv(&res->out);
	if (!sv_starts(value, "mynetworks ="))
		return false;
	free(s->derived);
	s->derived = sv_dup(sv_trim(sv_sub(value, strlen("mynetworks ="), value.n)));
	return true;
}

static void
say_no_answer(struct asked *a, const struct run_res *res)
{
	struct sv rest = str_sv(&res->err), line;

	if (res->end == RUN_NOT_STARTED)
		diag_add(&a->said, SEV_WARN, DIAG_PF_MISSING, NULL,
			_("Install Postfix, or name its folder with command_dir in "
			  "/etc/postrelay.conf."),
			_("Postfix's own values are not known: postconf can't be run "
			  "(%s)."),
			strerror(res->sys_errno));
	else if (res->end == RUN_TIMEOUT)
		diag_add(&a->said, SEV_WARN, DIAG_PF_TIMEOUT, NULL, NULL,
			_("postconf did not answer in time; Postfix's own values are not "
			  "known."));
	else
		while (sv_line(&rest, &line))
			if (sv_find_sv(line, sv_of("fatal:")) >= 0)
				diag_add(&a->said, SEV_WARN, DIAG_PF_SAYS, NULL, NULL,
					"%.*s", (int)line.n, line.p);
}

/* Without the types only one rule stays silent, and whatever kept postconf from telling
 * them it has said of the defaults. */
static void
tell_no_answer(struct asked *a, enum ses_ask what, const struct run_res *res)
{
	if (what != SES_ASK_TYPES)
		say_no_answer(a, res);
}

static void
finish(struct session *s, enum ses_ask what)
{
	struct asked *a = &s->asked[what];
	struct run_res res = {0};

	s->world.run.ops->finish(s->world.run.self, a->job, &res);
	a->job = NULL;
	a->done = true;
	a->ok = take_answer(s, what, &res);
	if (!a->ok)
		tell_no_answer(a, what, &res);
	run_res_free(&res);
	s->gen++;
}

static void
start_asking(struct session *s, enum ses_ask what)
{
	struct asked *a = &s->asked[what];
	struct run_res res = {.end = RUN_NOT_STARTED};

	if (a->started)
		return;
	a->started = true;
	a->job = start_postconf(s, what, &res.sys_errno);
	if (!a->job) {
		a->done = true;
		tell_no_answer(a, what, &res);
		s->gen++;
	}
}

bool
ses_ask(struct session *s, enum ses_ask what)
{
	if (s->holds_asking)
		s->asked[what].wanted = true;
	else
		start_asking(s, what);
	return s->asked[what].done;
}

void
ses_hold_asking(struct session *s, bool hold)
{
	if (s->holds_asking && !hold && s->service == SES_STOPPED)
		s->service_looked = 0; /* that look was a hasty one */
	s->holds_asking = hold;
	for (int i = 0; !hold && i < SES_ASKS; i++) {
		if (s->asked[i].wanted)
			start_asking(s, (enum ses_ask)i);
		s->asked[i].wanted = false;
	}
}

bool
ses_wait(struct session *s, enum ses_ask what, struct diags *d)
{
	struct asked *a = &s->asked[what];
	const struct run_port *run = &s->world.run;

	start_asking(s, what);
	while (!a->done) {
		if (run->ops->step(run->self, a->job))
			finish(s, what);
		else
			run->ops->pause(run->self, a->job, 1000);
	}
	for (size_t i = 0; !a->ok && i < a->said.n; i++)
		diag_add(d, a->said.v[i].sev, a->said.v[i].code, NULL, a->said.v[i].hint,
			"%s", a->said.v[i].text);
	return a->ok;
}

void
ses_wait_names(struct session *s, int ms)
{
	const struct clock_port *clock = &s->world.clock;
	int64_t end = clock->ops->mono_ms(clock->self) + ms, left = ms;

	(void)ses_step(s);
	while (left > 0 && facts_pause(s, (int)left)) {
		(void)ses_step(s);
		left = end - clock->ops->mono_ms(clock->self);
	}
}

int
ses_fds(struct session *s, int *fds, int max)
{
	int n = 0;

	for (int i = 0; i < SES_ASKS; i++)
		if (s->asked[i].job && n < max)
			n += s->world.run.ops->fds(
				s->world.run.self, s->asked[i].job, fds + n, max - n);
	if (n < max)
		n += applying_fds(s, fds + n, max - n);
	if (n < max)
		n += nettest_fds(s, fds + n, max - n);
	if (n < max)
		n += verify_fds(s, fds + n, max - n);
	if (n < max)
		n += facts_fds(s, fds + n, max - n);
	return n;
}

int
ses_due_ms(const struct session *s)
{
	return verify_due_ms(s);
}

/* Drawing without edits would let the strings of single values pile up. */
#define SCRATCH_MOST (256u << 10)

bool
ses_step(struct session *s)
{
	uint64_t gen = s->gen;

	for (int i = 0; i < SES_ASKS; i++)
		if (s->asked[i].job &&
			s->world.run.ops->step(s->world.run.self, s->asked[i].job))
			finish(s, (enum ses_ask)i);
	if (applying_step(s))
		s->gen++;
	if (nettest_step(s))
		s->gen++;
	(void)verify_step(s); /* grows gen by itself */
	if (facts_step(s))
		s->gen++;
	if (s->gen != gen || arena_size(&s->scratch) > SCRATCH_MOST)
		s->scratch_old = true;
	return s->gen != gen;
}

void
ask_again(struct session *s, enum ses_ask what)
{
	struct asked *a = &s->asked[what];
	struct run_res res = {0};

	if (a->job) {
		s->world.run.ops->cancel(s->world.run.self, a->job);
		s->world.run.ops->finish(s->world.run.self, a->job, &res);
		run_res_free(&res);
	}
	diag_clear(&a->said);
	*a = (struct asked){0};
}

void
asked_free(struct session *s)
{
	for (int i = 0; i < SES_ASKS; i++)
		ask_again(s, (enum ses_ask)i);
	str_free(&s->defaults_text);
	free(s->defaults);
	free(s->version);
	free(s->types_text);
	free(s->types);
	free(s->derived);
}
