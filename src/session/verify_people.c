/* SPDX-License-Identifier: MIT
 *
 * Whom root's and postmaster's mail reaches: the alias tables that Postfix reads are
 * asked by postalias, all names of one depth at once, until every name is at its end.
 */
#include "session/verify_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/nets.h"

enum { NAMES_MAX = 128, ROUNDS_MAX = 12, SHOWN_MAX = 2 };

struct known {
	char *name;
	char *value; /* NULL: no alias */
	bool asked;
};

struct vr_people {
	struct known v[NAMES_MAX];
	size_t n;
	int rounds;
};

/* The ends of one name. */
struct ends {
	struct str shown; /* the first few, "a, b" */
	size_t n;
	bool seen[NAMES_MAX];
	bool reader, box, nobody;
};

void
vr_people_free(struct verify *v)
{
	for (size_t i = 0; v->people && i < v->people->n; i++) {
		free(v->people->v[i].name);
		free(v->people->v[i].value);
	}
	free(v->people);
	v->people = NULL;
}

/* Number of a name, which is put on the list if need be; NAMES_MAX: there is no room. */
static size_t
number_of(struct vr_people *p, struct sv plain)
{
	struct str name = {0};
	size_t i;

	al_name_fold(plain, &name);
	for (i = 0; i < p->n; i++)
		if (sv_eq_str(str_sv(&name), p->v[i].name))
			break;
	if (i == p->n && p->n < NAMES_MAX && name.n && sv_find(str_sv(&name), '\n') < 0)
		p->v[p->n++] = (struct known){.name = mem_strdup(str_c(&name))};
	else if (i == p->n)
		i = NAMES_MAX;
	str_free(&name);
	return i;
}

/* The part before '@', where the domain's mail stays here; false: it goes elsewhere. */
static bool
local_part(struct verify *v, struct sv *addr)
{
	const char *at = memrchr(addr->p, '@', addr->n);
	struct sv domain;

	if (!at)
		return true;
	domain = sv_make(at + 1, addr->n - (size_t)(at + 1 - addr->p));
	if (!vr_is_local_domain(v, domain))
		return false;
	addr->n = (size_t)(at - addr->p);
	return true;
}

static void
add_names_of(struct verify *v, const char *value)
{
	struct al_targets list = {0};

	al_targets_parse(sv_of(value), &list);
	for (size_t i = 0; i < list.n; i++) {
		struct sv name = sv_of(list.v[i].plain);

		if ((list.v[i].kind == AL_USER || list.v[i].kind == AL_ADDRESS) &&
			local_part(v, &name))
			(void)number_of(v->people, name);
	}
	al_targets_free(&list);
}

/* --- ends --------------------------------------------------------------------------- */

static void
show_end(struct ends *e, const char *text)
{
	if (e->n++ < SHOWN_MAX)
		str_addf(&e->shown, "%s%s", e->n > 1 ? ", " : "", text);
}

static void
end_at_user(struct session *s, struct ends *e, const char *name)
{
	const struct users_port *users = &s->world.users;
	struct users_entry found;

	show_end(e, name);
	if (strcmp(name, "root") == 0)
		e->box = true;
	else if (users->ops && users->ops->find(users->self, name, &found) == USERS_NO)
		e->nobody = true;
	else
		e->reader = true;
}

static void follow(struct session *s, struct verify *v, struct ends *e, size_t i);

static void
follow_target(struct session *s, struct verify *v, struct ends *e, size_t from,
	const struct al_target *t)
{
	struct sv name = sv_of(t->plain);
	size_t i;

	if (t->kind == AL_FILE && strcmp(t->plain, "/dev/null") == 0) {
		show_end(e, t->plain);
		e->nobody = true;
	} else if (t->kind == AL_BACKSLASH) {
		end_at_user(s, e, t->plain[0] == '\\' ? t->plain + 1 : t->plain);
	} else if ((t->kind == AL_USER || t->kind == AL_ADDRESS) &&
		   local_part(v, &name)) {
		i = number_of(v->people, name);
		if (i == from) /* itself: the user of that name */
			end_at_user(s, e, v->people->v[i].name);
		else if (i < v->people->n)
			follow(s, v, e, i);
	} else {
		show_end(e, t->raw);
		e->reader = t->kind != AL_BAD || e->reader;
	}
}

static void
follow(struct session *s, struct verify *v, struct ends *e, size_t i)
{
	const struct known *k = &v->people->v[i];
	struct al_targets list = {0};

	if (e->seen[i])
		return;
	e->seen[i] = true;
	if (!k->value) {
		end_at_user(s, e, k->name);
		return;
	}
	al_targets_parse(sv_of(k->value), &list);
	for (size_t t = 0; t < list.n; t++)
		follow_target(s, v, e, i, &list.v[t]);
	al_targets_free(&list);
}

/* --- how it comes out --------------------------------------------------------------- */

static void
say_no_reader(struct verify *v, const struct ends *root, const struct ends *post)
{
	bool box = root->box || post->box;

	vr_say(v,
		box ? _("Reports of trouble end in root's box on this machine, which "
			"hardly anybody reads.")
		    : _("Reports of trouble reach nobody."),
		_("Give the alias root the address of somebody who reads it."));
	vr_where(v, "aliases", "root");
}

static void
end_people(struct session *s, struct verify *v)
{
	struct ends root = {0}, post = {0};
	bool good;

	follow(s, v, &root, number_of(v->people, sv_of("root")));
	follow(s, v, &post, number_of(v->people, sv_of("postmaster")));
	good = root.reader && post.reader;
	vr_word(v, _("root: %s"), str_c(&root.shown));
	vr_word(v, _("postmaster: %s"), str_c(&post.shown));
	if (!good)
		say_no_reader(v, &root, &post);
	if (!good)
		vr_end(v, SES_RUNG_WARN, "%s",
			root.reader ? _("postmaster reaches nobody")
				    : _("root reaches nobody"));
	else if (strcmp(str_c(&root.shown), str_c(&post.shown)) == 0)
		vr_end(v, SES_RUNG_OK, _("both reach %s"), str_c(&root.shown));
	else
		vr_end(v, SES_RUNG_OK, _("they reach %s and %s"), str_c(&root.shown),
			str_c(&post.shown));
	str_free(&root.shown);
	str_free(&post.shown);
}

/* --- asking ------------------------------------------------------------------------- */

static void ask_names(struct session *s, struct verify *v);

static void
take_answer(struct verify *v, struct sv line)
{
	ptrdiff_t tab = sv_find(line, '\t');
	struct sv name;

	if (tab < 1)
		return;
	name = sv_sub(line, 0, (size_t)tab);
	if (sv_ends(name, ":"))
		name.n--;
	for (size_t i = 0; i < v->people->n; i++)
		if (sv_eq_str(name, v->people->v[i].name) && !v->people->v[i].value) {
			v->people->v[i].value =
				sv_dup(sv_sub(line, (size_t)tab + 1, line.n));
			add_names_of(v, v->people->v[i].value);
		}
}

static void
took_aliases(struct session *s, struct verify *v, struct run_res *res)
{
	struct sv rest = str_sv(&res->out), line,
		  fault = svc_said_first(str_sv(&res->err));

	while (sv_line(&rest, &line))
		take_answer(v, line);
	if (res->out.n == 0 && res->code != 0 && fault.n) {
		vr_words_of(v, "postfix: ", str_sv(&res->err));
		vr_say(v, _("An alias table can't be read: mail for this machine waits."),
			_("newaliases builds it."));
		vr_where(v, "aliases", NULL);
		vr_end(v, SES_RUNG_FAILED, "%s", _("the aliases can't be asked"));
		return;
	}
	ask_names(s, v);
}

static void
ask_names(struct session *s, struct verify *v)
{
	enum { MAPS = 8 };
	char *prog = str_format("%s/postalias", s->set->command_dir);
	const char *argv[MAPS + 6] = {prog, "-c", s->config_dir, "-q", "-"};
	struct sv rest = sv_of(vr_value(v, "alias_maps")), token;
	struct run_req req = {.argv = argv};
	struct str names = {0};
	size_t n = 5;

	for (; n < MAPS + 5 && net_token(&rest, &token); n++)
		argv[n] = arena_sv(&vr_now(v)->texts, token);
	for (size_t i = 0; i < v->people->n; i++)
		if (!v->people->v[i].asked) {
			str_addf(&names, "%s\n", v->people->v[i].name);
			v->people->v[i].asked = true;
		}
	req.input = str_sv(&names);
	if (n == 5 || !names.n || v->people->rounds++ == ROUNDS_MAX)
		end_people(s, v);
	else
		(void)vr_run(s, v, &req, took_aliases);
	str_free(&names);
	free(prog);
}

void
vr_begin_people(struct session *s, struct verify *v)
{
	const char *origin = vr_value(v, "myorigin");

	vr_people_free(v);
	v->people = mem_new(1, sizeof(*v->people));
	(void)number_of(v->people, sv_of("root"));
	(void)number_of(v->people, sv_of("postmaster"));
	if (origin[0] && origin[0] != '/' && !vr_is_local_domain(v, sv_of(origin))) {
		vr_word(v,
			_("mail without a domain gets @%s, whose mail isn't kept here"),
			origin);
		vr_end(v, SES_RUNG_OK, _("both go to %s"), origin);
	} else if (vr_may_act(s, v)) {
		ask_names(s, v);
	}
}
