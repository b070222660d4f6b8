/* SPDX-License-Identifier: MIT
 *
 * The Relay host screen as it is drawn: the hosts, what overrules them, and what will be
 * written.
 */
#include "ui/relay_screen.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/scrkit.h"

static const char NAME[] = "relayhost";

enum { LABEL_X = 5, HINT_X = 47, VALUE_W_FOLDED = 70, PREVIEW_ROWS = 7 };

/* --- drawing -------------------------------------------------------------------------
 */

static const char *
port_name(const char *port)
{
	return strcmp(port, "587") == 0   ? _("submission")
	       : strcmp(port, "465") == 0 ? _("submissions, TLS from the first byte")
	       : !port[0]                 ? _("smtp, the default")
	       : strcmp(port, "25") == 0  ? "smtp"
					  : "";
}

static void
put_port(const struct ses_hop *h, const struct ui_canvas *c, int x)
{
	if (!h) {
		return;
	}
	int used = ui_put(c, ui_at(0, x, 0), UI_TEXT, h->port[0] ? h->port : "25");
	used += ui_put(c, ui_at(0, x + used + 2, 0), UI_FAINT, port_name(h->port)) + 2;
	if (x + used + 4 < HINT_X && c->w > VALUE_W_FOLDED) {
		ui_put(c, ui_at(0, HINT_X, 0), UI_FAINT, _("Space: 25, 587, 465"));
	}
}

static void
put_mx(const struct ses_hop *h, const struct ui_canvas *c, int x)
{
	if (!h) {
		return;
	}
	ui_put(c, ui_at(0, x, 5), UI_TEXT, h->mx ? _("yes") : _("no"));
	ui_put(c, ui_at(0, x + 5, 0), UI_FAINT,
		h->is_address ? _("an address needs no DNS")
		: h->mx       ? _("asks DNS for the mail servers of this name")
			      : _("this very host, by its address"));
}

static void
put_more(const struct relayhost *v, size_t hop, const struct ui_canvas *c, int x)
{
	const struct ses_hop *h = relayhost_hop(v, hop);

	if (!h) {
		int used = ui_put(c, ui_at(0, x, 0), UI_TEXT, _("none"));
		ui_put(c, ui_at(0, x + used + 2, 0), UI_FAINT,
			_("(a adds; tried when the first doesn't answer)"));
		return;
	}
	char *text = relayhost_typed(h);
	int used = ui_put(c, ui_at(0, x, 0), UI_TEXT, text);
	ui_put(c, ui_at(0, x + used + 2, 0), UI_FAINT,
		h->mx ? _("MX is looked up") : _("no MX"));
	free(text);
}

/* What stands elsewhere in the file and wins. */
static void
overruling(struct session *s, struct str *out)
{
	static const char *const maps[] = {"transport_maps",
		"sender_dependent_relayhost_maps", "smtp_tls_policy_maps"};
	struct ses_param p;

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		(void)ses_param_get(s, maps[i], &p);
		if (p.origin == SES_FROM_FILE && p.value[0]) {
			str_addf(out, "%s%s", out->n ? ", " : "", maps[i]);
		}
	}
	(void)ses_param_get(s, "default_transport", &p);
	for (size_t i = 0; i < ses_findings(s)->n; i++) {
		if (ses_findings(s)->v[i].code == DIAG_NH_CLIENT) {
			str_addf(out, "%s%s", out->n ? ", " : "", "master.cf");
			break;
		}
	}
	const char *hop_at = p.origin == SES_FROM_FILE ? strchr(p.value, ':') : NULL;
	if (hop_at && hop_at[1]) {
		str_addf(out, "%s%s", out->n ? ", " : "", "default_transport");
	}
}

static char
put_overruled(const struct relayhost *v, const struct ui_canvas *c, int x)
{
	struct str by = {0};
	bool any;

	overruling(v->s, &by);
	any = by.n > 0;
	if (any) {
		ui_put(c, ui_at(0, x, 0), UI_TEXT, str_c(&by));
	} else {
		int used = ui_put(c, ui_at(0, x, 0), UI_TEXT, _("nothing"));
		ui_put(c, ui_at(0, x + used + 1, 0), UI_FAINT,
			"(transport_maps, sender_dependent_relayhost_maps)");
	}
	str_free(&by);
	return any ? '?' : 0;
}

static void
put_host(const struct ses_hop *h, const struct ui_canvas *c, int x)
{
	if (h) {
		ui_put(c, ui_at(0, x, 0), UI_TEXT, h->host);
	} else {
		ui_put(c, ui_at(0, x, 0), UI_FAINT,
			_("none: mail leaves for each receiver's host directly"));
	}
}

static void
put_value(struct relayhost *v, const struct relay_row *row, const struct ui_canvas *c,
	int x)
{
	const struct ses_hop *h = relayhost_hop(v, 0);

	if (row->part == P_HOST) {
		put_host(h, c, x);
	} else if (row->part == P_PORT) {
		put_port(h, c, x);
	} else if (row->part == P_MX) {
		put_mx(h, c, x);
	} else if (row->part == P_MORE) {
		put_more(v, row->hop, c, x);
	} else if (row->part == P_RAW) {
		ui_put(c, ui_at(0, x, 0), UI_TEXT, v->r.raw);
	} else {
		relay_login_put(v, row->part, c, x);
	}
}

static bool
is_edited(const struct relayhost *v, enum part part)
{
	return ((part == P_HOST || part == P_RAW) && v->r.edited) ||
	       (part == P_LOGIN && v->login.edited) ||
	       (part == P_USER && v->login.user_edited) ||
	       (part == P_PASSWORD && v->login.password_edited) ||
	       (part == P_KEPT && v->login.key_edited) ||
	       (part == P_TLS && v->tls.level_edited) ||
	       (part == P_WRAPS && v->tls.wraps_edited) ||
	       (part == P_ROOTS && v->tls.ca_edited);
}

/* Headings begin in the first column. */
static bool
draw_heading(enum part part, const struct ui_canvas *c)
{
	if (part == P_LOGIN_HEAD) {
		scr_heading(c, 0, _("Login at that host"), "smtp_sasl_password_maps");
	} else if (part == P_TLS_HEAD) {
		scr_heading(c, 0, _("Encryption (TLS)"), "smtp_tls_security_level");
	}
	return part >= P_LOGIN_HEAD;
}

void
relayhost_draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	struct relayhost *v = self;
	const struct relay_row *r = &v->rows[i];
	int x = c->w < VALUE_W_FOLDED ? RELAY_VALUE_X_NARROW : RELAY_VALUE_X;

	if (draw_heading(r->part, c)) {
		return;
	}
	row->edit = is_edited(v, r->part) ? '*' : 0;
	row->state = r->hop < 2 ? scr_state(v->found[r->part]) : 0;
	ui_put(c, ui_at(0, LABEL_X, x - LABEL_X - 1), UI_TEXT, relayhost_label(r));
	if (r->part == P_OVERRULED) {
		char by = put_overruled(v, c, x);
		row->state = row->state ? row->state : by;
	} else if (!ui_inline_draw(&v->live.field, relay_id(r), c,
			   ui_at(0, x - 1, c->w - x - 1))) {
		put_value(v, r, c, x);
	}
}

/* The changes that wait here, as they will stand in the files; that there is no login, in
 * whatever tables it was, once. */
static void
written(struct relayhost *v, struct str *out)
{
	const struct ses_change *c;
	size_t n = ses_changes(v->s, &c);
	bool no_login = false;

	for (size_t i = 0; i < n; i++) {
		const char *sep = out->n ? ", " : "";
		if (strcmp(c[i].screen, "relayhost") != 0 ||
			(c[i].is_login && !c[i].after && no_login)) {
			continue;
		}
		no_login = no_login || (c[i].is_login && !c[i].after);
		if (c[i].is_login) {
			str_addf(out, "%s%s", sep,
				c[i].after ? c[i].after : _("no login"));
		} else if (c[i].after && c[i].after[0]) {
			str_addf(out, "%s%s = %s", sep, c[i].name, c[i].after);
		} else {
			str_add_cstr(out, sep);
			str_addf(out, _("no %s"), c[i].name);
		}
	}
}

static void
draw_preview(struct relayhost *v, const struct ui_canvas *body)
{
	const char *typed = v->live.field.open ? str_c(&v->live.preview_shown) : "";
	struct str text = {0};

	if (typed[0]) {
		str_addf(&text, "relayhost = %s", typed);
	} else {
		written(v, &text);
	}
	if (text.n > 0) {
		ui_putf(body, ui_at(body->h - 1, 1, 0), UI_TEXT, "%s %s",
			_("Will be written:"), str_c(&text));
	}
	str_free(&text);
}

/* Blank rows only where all rows have room with them, whatever long words take. */
static void
fold(struct relayhost *v, const struct ui_canvas *body, int room)
{
	v->close = scr_is_low(body);
	relayhost_refresh(v);
	if (!v->close && (int)v->nrows > room + ui_usual_h(body) - body->h) {
		v->close = true;
		relayhost_refresh(v);
	}
}

void
relayhost_draw(void *self, const struct ui_canvas *body)
{
	struct relayhost *v = self;
	int top = scr_is_low(body) ? 0 : 1, y = top + 1;
	int room = body->h - y - (body->h > PREVIEW_ROWS ? 1 : 0);

	fold(v, body, room);
	char *place = str_format("%s, %s", NAME, ses_relay_place(v->s));
	scr_heading(body, top, _("Where all mail to other places goes"), place);
	free(place);
	struct ui_canvas c = ui_canvas_sub(body, y, 0, room, body->w);
	ui_list_draw(&v->list, &c);
	draw_preview(v, body);
}
