/* SPDX-License-Identifier: MIT
 *
 * This machine: whose Postfix runs, and whether the kernel has the sockets that the files
 * ask for. Nothing is asked over the network here.
 */
#include "session/verify_parts.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/addr.h"

enum { SOCKETS_MAX = 64 };

/* --- runs --------------------------------------------------------------------------- */

/* "09:12" of today, else the date. */
static void
when(struct session *s, time_t t, char *buf, size_t size)
{
	time_t now = s->world.clock.ops->now(s->world.clock.self);
	struct tm tm, today;

	if (!localtime_r(&t, &tm) || !localtime_r(&now, &today) ||
		strftime(buf, size,
			tm.tm_yday == today.tm_yday && tm.tm_year == today.tm_year
				? "%H:%M"
				: "%Y-%m-%d %H:%M",
			&tm) == 0)
		buf[0] = '\0';
}

static void
end_not_running(
	struct session *s, struct verify *v, enum ses_service service, const char *folder)
{
	switch (service) {
	case SES_FOREIGN:
		vr_say(v,
			_("A Postfix with other settings holds this queue: nothing here "
			  "counts."),
			_("Start the one of this folder, or open its folder with -c."));
		vr_end(v, SES_RUNG_FAILED, _("another folder's runs: %s"), folder);
		break;
	case SES_NOT_INSTALLED:
		vr_say(v, _("There is no Postfix on this machine."),
			_("Install it, or name its folder in postrelay.conf."));
		vr_end(v, SES_RUNG_FAILED, "%s", _("not installed"));
		break;
	case SES_HIDDEN:
		vr_say(v, _("Only root can tell whether Postfix runs."), NULL);
		vr_end(v, SES_RUNG_WARN, "%s", _("can't be told"));
		break;
	case SES_STOPPED:
	case SES_RUNNING:
	case SES_UNKNOWN:
		vr_say(v, _("Postfix is stopped: no mail is taken and none leaves."),
			_("postfix start starts it; the log says why it ended."));
		if (service_can_start(s))
			vr_where(v, "review", NULL);
		vr_end(v, SES_RUNG_FAILED, "%s", _("stopped"));
		break;
	}
}

static void
end_running(struct session *s, struct verify *v, time_t since)
{
	struct service_age age;
	char text[64] = "";

	if (since)
		when(s, since, text, sizeof(text));
	service_age(s, &age);
	if (age.newer) {
		vr_word(v, _("since %s"), text);
		vr_say(v,
			_("Postfix runs with older settings than the files have: the "
			  "proof is of those."),
			_("Reload it: postfix reload, or w on any screen."));
		vr_where(v, "review", NULL);
		vr_end(v, SES_RUNG_WARN, _("%s is newer"), age.newer);
	} else if (!text[0]) {
		vr_end(v, SES_RUNG_OK, "%s", "");
	} else {
		vr_end(v, SES_RUNG_OK,
			age.known ? _("since %s, with these settings") : _("since %s"),
			text);
	}
}

void
vr_begin_runs(struct session *s, struct verify *v)
{
	time_t since = 0;
	enum ses_service service = service_now(s, &since);
	struct svc_master m = {0};
	struct svc svc;

	if (service == SES_RUNNING) {
		end_running(s, v, since);
	} else {
		session_svc(s, &svc);
		svc_quick_state(&svc, &m);
		end_not_running(s, v, service, m.folder);
	}
}

/* --- listens ------------------------------------------------------------------------ */

struct sockets {
	struct svc_listen want[SOCKETS_MAX];
	size_t nwant;
	struct svc_listen *have;
	size_t nhave;
	struct str open, silent, closed; /* names of NICs, each once */
	size_t missing;
};

static const char *
nic_of(const struct nic_list *nics, const struct svc_listen *at)
{
	for (size_t i = 0; i < nics->n; i++)
		if (nics->v[i].fam == at->fam &&
			memcmp(nics->v[i].addr, at->addr, at->fam == 4 ? 4 : 16) == 0)
			return nics->v[i].name;
	return NULL;
}

static void
add_once(struct str *list, const char *word)
{
	if (!sv_has_word(str_sv(list), " ", word))
		str_addf(list, "%s%s", list->n ? " " : "", word);
}

static void
look_at_wanted(struct verify *v, const struct nic_list *nics, struct sockets *k)
{
	for (size_t i = 0; i < k->nwant; i++) {
		const struct svc_listen *at = &k->want[i];
		struct ipaddr a = addr_from_bytes(at->fam, at->addr, addr_bits(at->fam));
		char text[ADDR_TEXT_MAX];
		const char *nic = nic_of(nics, at);

		(void)addr_format(&a, ADDR_BARE, text);
		if (svc_listen_has(k->have, k->nhave, at)) {
			add_once(&k->open, nic ? nic : text);
			continue;
		}
		k->missing++;
		add_once(&k->silent, nic ? nic : text);
		vr_word(v, _("nobody listens on %s port %u"), text, at->port);
	}
}

static void
look_at_others(const struct nic_list *nics, struct sockets *k)
{
	for (size_t i = 0; i < nics->n; i++)
		if (!sv_has_word(str_sv(&k->open), " ", nics->v[i].name) &&
			!sv_has_word(str_sv(&k->silent), " ", nics->v[i].name))
			add_once(&k->closed, nics->v[i].name);
}

static void
end_listens(const struct session *s, struct verify *v, const struct sockets *k)
{
	const char *port = k->nwant && k->want[0].port == 25 ? _(" port 25") : "";

	if (k->missing) {
		vr_say(v,
			_("Postfix does not listen where its files say: clients there "
			  "can't connect."),
			_("Stop and start Postfix: a reload leaves its sockets as they "
			  "are."));
		if (s->service_elsewhere)
			vr_where(v, "review", NULL);
		else
			vr_where(v, "interfaces", "inet_interfaces");
		vr_end(v, SES_RUNG_FAILED, _("not on %s"), str_c(&k->silent));
	} else if (!k->nwant) {
		vr_say(v, _("No service of master.cf takes mail from the network."),
			NULL);
		vr_end(v, SES_RUNG_WARN, "%s", _("nowhere"));
	} else if (k->closed.n) {
		vr_end(v, SES_RUNG_OK, _("%s%s; not %s"), str_c(&k->open), port,
			str_c(&k->closed));
	} else {
		vr_end(v, SES_RUNG_OK, "%s%s", str_c(&k->open), port);
	}
}

void
vr_begin_listens(struct session *s, struct verify *v)
{
	const struct nic_list *nics = session_nics(s);
	struct svc_health_req req = {0};
	struct svc_master m = {0};
	struct sockets k = {0};
	struct svc svc;

	session_svc(s, &svc);
	svc_quick_state(&svc, &m);
	req.naddrs = ifs_listen(s, true, &vr_now(v)->texts, &req.addrs);
	k.nwant = svc_should_listen(&svc, &req, k.want, SOCKETS_MAX);
	/* the master's pid is told to root only; its network is usually ours */
	svc_listeners(&svc, m.pid > 0 ? m.pid : getpid(), &k.have, &k.nhave);
	look_at_wanted(v, nics, &k);
	look_at_others(nics, &k);
	end_listens(s, v, &k);
	free(k.have);
	str_free(&k.open);
	str_free(&k.silent);
	str_free(&k.closed);
}
