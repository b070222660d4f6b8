/* SPDX-License-Identifier: MIT
 *
 * When the upstream's certificate ends, and the names in it, by the one that came in the
 * handshake. Its bytes
 * are a stranger's, so openssl(1) reads them, in the process without rights; where that
 * program isn't there, the date isn't told and nothing else changes.
 */
#include "session/verify_parts.h"

#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "base/i18n.h"

#define OPENSSL "/usr/bin/openssl"
#define NOT_AFTER "notAfter="

enum { DAY_S = 24 * 60 * 60, SOON_S = 14 * DAY_S };

/* "Dec 27 19:43:48 2026 GMT", in English whatever the locale is; 0: can't be read. */
static time_t
read_time(const char *text)
{
	locale_t c = newlocale(LC_TIME_MASK, "C", (locale_t)0);
	struct tm tm = {0};
	time_t t = 0;

	if (c == (locale_t)0)
		return 0;
	if (strptime_l(text, "%b %d %H:%M:%S %Y GMT", &tm, c))
		t = timegm(&tm);
	freelocale(c);
	return t;
}

/* "DNS:a.test, DNS:b.test", the first few. */
static void
take_names(struct verify *v, struct sv names)
{
	enum { MOST = 200 };
	bool more = names.n > MOST;

	str_clear(&v->up->cert_names);
	str_add_sv(&v->up->cert_names, sv_sub(names, 0, more ? MOST : names.n));
	if (more)
		str_add_cstr(&v->up->cert_names, " ..");
}

static void
took_end(struct session *s, struct verify *v, struct run_res *res)
{
	struct sv rest = str_sv(&res->out), line;
	bool names = false;

	while (sv_line(&rest, &line)) {
		line = sv_trim(line);
		if (sv_starts(line, NOT_AFTER) && !v->up->cert_ends)
			v->up->cert_ends = read_time(line.p + strlen(NOT_AFTER));
		if (names)
			take_names(v, line);
		names = sv_starts(line, "X509v3 Subject Alternative Name:");
	}
	v->cert_read(s, v);
}

void
vr_cert_read(struct session *s, struct verify *v,
	void (*took)(struct session *s, struct verify *v))
{
	static const char *const question[] = {
		"run", OPENSSL, "x509", "-noout", "-enddate", "-text", NULL};

	struct sv words = str_sv(&v->up->finger);

	v->up->cert_ends = 0;
	str_clear(&v->up->cert_names);
	v->cert_read = took;
	/* The server's own is the first; what stands before it is passed over. */
	if (sv_find_sv(words, sv_of("\n-----BEGIN CERTIFICATE-----")) >= 0)
		(void)vr_probe(
			s, v, question, &(struct run_req){.input = words}, took_end);
	else
		took(s, v);
}

/* --- what it means ------------------------------------------------------------------ */

/* By these levels a certificate out of date keeps mail; others look at something else. */
static bool
minds_dates(struct verify *v)
{
	const char *level = vr_tls_level(v);

	return strcmp(level, "verify") == 0 || strcmp(level, "secure") == 0;
}

static void
end_soon(struct verify *v, int days, const char *date)
{
	char *says;

	if (minds_dates(v))
		says = str_format(
			P_("The upstream's certificate ends within %d day: from then on "
			   "mail waits here.",
				"The upstream's certificate ends within %d days: from "
				"then on mail waits here.",
				(unsigned)days),
			days);
	else
		says = str_format(
			P_("The upstream's certificate ends within %d day. Postfix "
			   "doesn't mind that at this level.",
				"The upstream's certificate ends within %d days. Postfix "
				"doesn't mind that at this level.",
				(unsigned)days),
			days);
	vr_say(v, says, _("Only the provider can renew it: tell them."));
	vr_end(v, SES_RUNG_WARN, _("certificate ends %s"), date);
	free(says);
}

static void
end_ended(struct verify *v, const char *date)
{
	vr_say(v,
		_("The upstream's certificate is out of date. At this level Postfix "
		  "sends all the same."),
		_("Only the provider can renew it: tell them."));
	vr_end(v, SES_RUNG_WARN, _("certificate ended %s"), date);
}

static void
end_undated(struct verify *v, struct sv protocol, bool checked)
{
	vr_end(v, SES_RUNG_OK,
		checked ? _("%.*s, certificate checked")
			: _("%.*s, certificate unchecked"),
		(int)protocol.n, protocol.p);
}

/* False: not known. */
static bool
date_of(const struct verify *v, char *buf, size_t size)
{
	struct tm tm;

	return v->up->cert_ends != 0 && gmtime_r(&v->up->cert_ends, &tm) &&
	       strftime(buf, size, "%Y-%m-%d", &tm) > 0;
}

void
vr_word_cert(struct verify *v)
{
	char date[32];

	if (date_of(v, date, sizeof(date)))
		vr_word(v, _("certificate: to %s"), date);
}

void
vr_end_cert(struct session *s, struct verify *v, struct sv protocol, bool checked)
{
	int64_t left = v->up->cert_ends - s->world.clock.ops->now(s->world.clock.self);
	char date[32];

	if (!date_of(v, date, sizeof(date))) {
		end_undated(v, protocol, checked);
		return;
	}
	vr_word(v,
		checked ? _("certificate: to %s, checked")
			: _("certificate: to %s, not checked at this level"),
		date);
	if (left <= 0)
		end_ended(v, date);
	else if (left <= SOON_S)
		end_soon(v, (int)((left + DAY_S - 1) / DAY_S), date);
	else
		vr_end(v, SES_RUNG_OK, _("%.*s, certificate to %.7s"), (int)protocol.n,
			protocol.p, date); /* year and month */
}
