/* SPDX-License-Identifier: MIT
 *
 * Names asked in the background by getent, whose process may block as long as it likes.
 * It asks DNS only: /etc/hosts is looked at apart, because Postfix's smtp client doesn't
 * look there by itself.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "model/nexthop.h"
#include "session/facts_view.h"

#define ASK_MS 10000
#define MAX_NAMES 64

static struct facts_dns *
known(struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->ndns; i++)
		if (strcmp(f->dns[i].name, name) == 0)
			return &f->dns[i];
	return NULL;
}

/* Names of other scripts are left out: getent's answer depends on the locale. */
static bool
can_ask(struct sv name)
{
	if (sv_ends(name, "."))
		name = sv_sub(name, 0, name.n - 1);
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] >= 0x80)
			return false;
	return nh_is_hostname(name);
}

enum chk_dns
facts_dns(void *ctx, const char *name)
{
	struct session *s = ctx;
	struct facts *f = facts_of(s);
	const struct facts_dns *hit = known(f, name);

	if (hit)
		return hit->answer;
	if (f->ndns >= MAX_NAMES || !can_ask(sv_of(name)))
		return CHK_DNS_NO_ANSWER;
	f->dns = mem_grow(f->dns, &f->dns_cap, f->ndns + 1, sizeof(*f->dns));
	f->dns[f->ndns++] = (struct facts_dns){.name = mem_strdup(name)};
	return CHK_DNS_NO_ANSWER;
}

size_t
facts_dns_addrs(void *ctx, const char *name, struct ipaddr *out, size_t max)
{
	struct session *s = ctx;
	const struct facts_dns *hit = known(facts_of(s), name);
	size_t n = hit ? hit->naddrs : 0;

	n = n < max ? n : max;
	if (n)
		memcpy(out, hit->addrs, n * sizeof(*out));
	return n;
}

static void
start(struct session *s, struct facts_dns *q)
{
	const char *const argv[] = {
		s->set->getent, "-s", "dns", "--", "ahosts", q->name, NULL};
	struct run_req req = {.argv = argv, .timeout_ms = ASK_MS, .out_max = 4096};
	int why = 0;

	q->asked = true;
	q->job = s->world.run.ops->start(s->world.run.self, &req, &why);
}

/* Lines "192.0.2.1  STREAM name", and once more for each other type of socket. */
static void
take_addresses(struct facts_dns *q, struct sv text)
{
	struct sv line, addr, type;

	while (q->naddrs < FACTS_DNS_ADDRS && sv_line(&text, &line))
		if (sv_token(&line, " \t", &addr) && sv_token(&line, " \t", &type) &&
			sv_eq_str(type, "STREAM") &&
			addr_parse(addr, &q->addrs[q->naddrs]))
			q->naddrs++;
}

/* getent ends with 0 for a name that was found and with 2 for one that was not. */
static bool
finish(struct session *s, struct facts_dns *q)
{
	struct run_res res = {0};

	s->world.run.ops->finish(s->world.run.self, q->job, &res);
	q->job = NULL;
	if (res.end == RUN_EXITED && res.code == 0) {
		q->answer = CHK_DNS_FOUND;
		take_addresses(q, str_sv(&res.out));
	} else if (res.end == RUN_EXITED && res.code == 2)
		q->answer = CHK_DNS_NOT_FOUND;
	run_res_free(&res);
	return q->answer != CHK_DNS_NO_ANSWER;
}

bool
facts_step(struct session *s)
{
	struct facts *f = s->facts;
	bool news = false;

	for (size_t i = 0; f && i < f->ndns; i++) {
		if (!f->dns[i].asked)
			start(s, &f->dns[i]);
		else if (f->dns[i].job &&
			 s->world.run.ops->step(s->world.run.self, f->dns[i].job))
			news = finish(s, &f->dns[i]) || news;
	}
	if (news)
		f->number++;
	return news;
}

bool
facts_pause(struct session *s, int ms)
{
	struct facts *f = s->facts;
	bool waits = false;

	for (size_t i = 0; f && i < f->ndns; i++) {
		if (f->dns[i].job) {
			s->world.run.ops->pause(s->world.run.self, f->dns[i].job, ms);
			return true;
		}
		waits = waits || !f->dns[i].asked;
	}
	return waits;
}

int
facts_fds(struct session *s, int *fds, int max)
{
	struct facts *f = s->facts;
	int n = 0;

	for (size_t i = 0; f && i < f->ndns && n < max; i++)
		if (f->dns[i].job)
			n += s->world.run.ops->fds(
				s->world.run.self, f->dns[i].job, fds + n, max - n);
	return n;
}

void
facts_dns_forget(struct session *s)
{
	struct facts *f = s->facts;

	for (size_t i = 0; i < f->ndns; i++) {
		struct run_res res = {0};

		if (f->dns[i].job) {
			s->world.run.ops->cancel(s->world.run.self, f->dns[i].job);
			s->world.run.ops->finish(s->world.run.self, f->dns[i].job, &res);
			run_res_free(&res);
		}
		free(f->dns[i].name);
	}
	f->ndns = 0;
}
