/* SPDX-License-Identifier: MIT
 *
 * The rows of the Relay host screen: the first host has three, each further one has one,
 * then login and TLS under headings of their own. Without a login its rows fold to one.
 * Findings go to the row that they are about.
 */
#include "ui/relay_screen.h"

#include "base/i18n.h"
#include "ui/scrkit.h"

enum { PARTS = 32, MOST_HOPS = 64 };

bool
relayhost_is_raw(const struct relayhost *v)
{
	return v->r.set && !v->r.readable;
}

const struct ses_hop *
relayhost_hop(const struct relayhost *v, size_t i)
{
	return i < v->r.n ? &v->r.hops[i] : NULL;
}

/* A hop as a person types it; the brackets stand where no MX is looked up. */
char *
relayhost_typed(const struct ses_hop *h)
{
	return str_format(
		h->mx ? "%s%s%s" : "[%s]%s%s", h->host, h->port[0] ? ":" : "", h->port);
}

bool
relayhost_mx(const struct relayhost *v, size_t i)
{
	const struct ses_hop *h = relayhost_hop(v, i);

	return h && h->mx;
}

bool
relayhost_has_login(const struct relayhost *v)
{
	return v->logs_in || v->login.stored ||
	       (v->login.on && v->login.maps[0] && (!v->login.file || v->login.unread));
}

/* --- ids --- */

size_t
relay_id(const struct relay_row *row)
{
	return row->hop * PARTS + row->part;
}

struct relay_row
relay_row_of_id(size_t id)
{
	return (struct relay_row){(enum part)(id % PARTS), id / PARTS};
}

enum part
relayhost_part(const struct relayhost *v, size_t row)
{
	return row < v->nrows ? v->rows[row].part : P_GAP;
}

size_t
relayhost_row_of(const struct relayhost *v, enum part part, size_t hop)
{
	for (size_t i = 0; i < v->nrows; i++) {
		if (v->rows[i].part == part && v->rows[i].hop == hop) {
			return i;
		}
	}
	return 0;
}

/* --- rows --- */

static void
push(struct relayhost *v, enum part part, size_t hop)
{
	if (v->nrows < RELAY_ROWS) {
		v->rows[v->nrows++] = (struct relay_row){part, hop};
	}
}

/* Rows of hosts after the first: at least one, which says that there are none. */
static size_t
further(const struct relayhost *v)
{
	size_t n = (v->r.n > 1 ? v->r.n - 1 : 0) + (v->adding ? 1 : 0);

	return n < 1 ? 1 : n < MOST_HOPS ? n : MOST_HOPS;
}

static void
push_heading(struct relayhost *v, enum part part)
{
	if (!v->close) {
		push(v, P_GAP, part);
	}
	push(v, part, 0);
}

static void
build(struct relayhost *v)
{
	v->nrows = 0;
	if (relayhost_is_raw(v)) {
		push(v, P_RAW, 0);
	} else {
		push(v, P_HOST, 0);
		push(v, P_PORT, 0);
		push(v, P_MX, 0);
		for (size_t i = 1; i <= further(v); i++) {
			push(v, P_MORE, i);
		}
	}
	push_heading(v, P_LOGIN_HEAD);
	push(v, P_LOGIN, 0);
	if (relayhost_has_login(v)) {
		push(v, P_USER, 0);
		push(v, P_PASSWORD, 0);
		push(v, P_KEPT, 0);
	}
	push_heading(v, P_TLS_HEAD);
	push(v, P_TLS, 0);
	push(v, P_WRAPS, 0);
	push(v, P_ROOTS, 0);
	push(v, P_OVERRULED, 0);
}

/* --- findings --- */

static enum part
part_of_code(enum diag_code code)
{
	static const struct {
		enum diag_code code;
		enum part part;
	} table[] = {{DIAG_AUTH_NO_MAP, P_LOGIN}, {DIAG_AUTH_OFF, P_LOGIN},
		{DIAG_AUTH_OPTIONS, P_LOGIN}, {DIAG_AUTH_PLUGIN, P_LOGIN},
		{DIAG_AUTH_EMPTY, P_PASSWORD}, {DIAG_AUTH_KEY, P_KEPT},
		{DIAG_AUTH_MODE, P_KEPT}, {DIAG_AUTH_PLAIN, P_TLS},
		{DIAG_TLS_LEVEL, P_TLS}, {DIAG_TLS_PORT, P_WRAPS}, {DIAG_TLS_CA, P_ROOTS},
		{DIAG_TLS_DIRECT, P_TLS}, {DIAG_NH_OVERRIDDEN, P_OVERRULED},
		{DIAG_NH_CLIENT, P_OVERRULED}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].code == code) {
			return table[i].part;
		}
	}
	return P_PARTS;
}

static enum part
part_of(const struct relayhost *v, const struct diag *d)
{
	enum part part = part_of_code(d->code);

	if (part == P_PARTS && d->loc.param && strcmp(d->loc.param, "relayhost") == 0) {
		return relayhost_is_raw(v) ? P_RAW : P_HOST;
	}
	if (d->code == DIAG_MAP_NOT_BUILT && d->loc.param &&
		strcmp(d->loc.param, "smtp_sasl_password_maps") == 0) {
		part = P_PASSWORD;
	}
	if ((part == P_PASSWORD || part == P_KEPT) && !relayhost_has_login(v)) {
		return P_LOGIN;
	}
	return part;
}

static void
find(struct relayhost *v)
{
	const struct diags *d = ses_findings(v->s);

	for (size_t i = 0; i < P_PARTS; i++) {
		v->found[i] = NULL;
	}
	for (size_t i = 0; i < d->n; i++) {
		enum part part = part_of(v, &d->v[i]);
		if (part != P_PARTS && scr_state(&d->v[i]) &&
			(!v->found[part] || d->v[i].sev > v->found[part]->sev)) {
			v->found[part] = &d->v[i];
		}
	}
}

/* Where the focus goes: to the same row, else to what is left of its kind. */
static size_t
row_near(const struct relayhost *v, struct relay_row at)
{
	size_t row = relayhost_row_of(v, at.part, at.hop);

	if (relayhost_part(v, row) != at.part && at.part == P_MORE) {
		row = relayhost_row_of(v, P_MORE, at.hop - 1);
	} else if (relayhost_part(v, row) != at.part && at.part > P_LOGIN &&
		   at.part <= P_KEPT) {
		row = relayhost_row_of(v, P_LOGIN, 0);
	}
	return row;
}

void
relayhost_refresh(struct relayhost *v)
{
	struct relay_row at = {P_HOST, 0};

	if (v->list.focus < v->nrows) {
		at = v->rows[v->list.focus];
	}
	(void)ses_findings(v->s); /* first: what is asked may be answered by then */
	ses_relay_get(v->s, &v->r);
	ses_login_get(v->s, &v->login);
	ses_tls_get(v->s, &v->tls);
	find(v);
	build(v);
	v->list.focus = row_near(v, at);
	if (relayhost_part(v, v->list.focus) != P_PASSWORD) {
		v->shows = false;
	}
}

bool
relayhost_can_stop(void *self, size_t row)
{
	return relayhost_part(self, row) < P_LOGIN_HEAD;
}

static size_t
count(void *self)
{
	return ((const struct relayhost *)self)->nrows;
}

const struct ui_list_ops relayhost_rows = {count, relayhost_draw_row};

const char *
relayhost_label(const struct relay_row *row)
{
	static const char *const labels[P_PARTS] = {
		[P_HOST] = N_("Host"),
		[P_PORT] = N_("Port"),
		[P_MX] = N_("Look up MX"),
		[P_MORE] = N_("Further hosts"),
		[P_LOGIN] = N_("Log in"),
		[P_USER] = N_("User"),
		[P_PASSWORD] = N_("Password"),
		[P_KEPT] = N_("Kept for"),
		[P_TLS] = "TLS",
		[P_WRAPS] = N_("From first byte"),
		[P_ROOTS] = N_("Trusted roots"),
		[P_OVERRULED] = N_("Overruled by"),
	};

	if (row->part == P_RAW) {
		return "relayhost";
	}
	return labels[row->part] && row->hop <= 1 ? _(labels[row->part]) : "";
}
