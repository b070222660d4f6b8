/* SPDX-License-Identifier: MIT
 *
 * The rows of the Relay host screen and how they are drawn. The first host has three
 * rows, each further one has one.
 */
#include "ui/relay_screen.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/scrkit.h"

static const char NAME[] = "relayhost";

enum { LABEL_X = 5, VALUE_X = 22, VALUE_X_NARROW = 20, PREVIEW_ROWS = 7, MOST_HOPS = 64 };

/* --- rows ----------------------------------------------------------------------------
 */

void
relayhost_refresh(struct relayhost *v)
{
	ses_relay_get(v->s, &v->r);
}

bool
relayhost_is_raw(const struct relayhost *v)
{
	return v->r.set && !v->r.readable;
}

/* Rows of hosts after the first: at least one, which says that there are none. */
static size_t
more_rows(const struct relayhost *v)
{
	size_t further = v->r.n > 1 ? v->r.n - 1 : 0;

	further += v->adding ? 1 : 0;
	return further > 0 ? further : 1;
}

size_t
relayhost_count(void *self)
{
	const struct relayhost *v = self;

	return relayhost_is_raw(v) ? 1 : (size_t)P_MORE + more_rows(v);
}

enum part
relayhost_part(const struct relayhost *v, size_t row)
{
	return relayhost_is_raw(v) ? P_RAW : row < P_MORE ? (enum part)row : P_MORE;
}

/* The hop that a row is about. */
size_t
relayhost_hop_of(size_t row)
{
	return row < P_MORE ? 0 : row - P_MORE + 1;
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
	if (x + used + 4 < 50 && c->w > 70) {
		ui_put(c, ui_at(0, 50, 0), UI_FAINT, _("Space: 25, 587, 465"));
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
put_more(const struct relayhost *v, size_t row, const struct ui_canvas *c, int x)
{
	const struct ses_hop *h = relayhost_hop(v, relayhost_hop_of(row));

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

const char *
relayhost_label(enum part part, size_t row)
{
	switch (part) {
	case P_HOST:
		return _("Host");
	case P_PORT:
		return _("Port");
	case P_MX:
		return _("Look up MX");
	case P_MORE:
		return row > P_MORE ? "" : _("Further hosts");
	case P_RAW:
		break;
	}
	return NAME;
}

static void
put_value(const struct relayhost *v, enum part part, size_t row,
	const struct ui_canvas *c, int x)
{
	const struct ses_hop *h = relayhost_hop(v, 0);

	switch (part) {
	case P_HOST:
		if (h) {
			ui_put(c, ui_at(0, x, 0), UI_TEXT, h->host);
		} else {
			ui_put(c, ui_at(0, x, 0), UI_FAINT,
				_("none: mail leaves for each receiver's host directly"));
		}
		break;
	case P_PORT:
		put_port(h, c, x);
		break;
	case P_MX:
		put_mx(h, c, x);
		break;
	case P_MORE:
		put_more(v, row, c, x);
		break;
	case P_RAW:
		ui_put(c, ui_at(0, x, 0), UI_TEXT, v->r.raw);
		break;
	}
}

static void
draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	struct relayhost *v = self;
	enum part part = relayhost_part(v, i);
	int x = c->w < 70 ? VALUE_X_NARROW : VALUE_X;

	if (i == 0) {
		row->edit = v->r.edited ? '*' : 0;
		row->state = scr_state(v->r.finding);
	}
	ui_put(c, ui_at(0, LABEL_X, x - LABEL_X - 1), UI_TEXT, relayhost_label(part, i));
	if (!ui_inline_draw(&v->live.field, i, c, ui_at(0, x - 1, c->w - x - 1))) {
		put_value(v, part, i, c, x);
	}
}

const struct ui_list_ops relayhost_rows = {relayhost_count, draw_row};

/* What stands elsewhere in the file and wins over relayhost. */
static void
overruling(struct session *s, struct str *out)
{
	static const char *const maps[] = {
		"transport_maps", "sender_dependent_relayhost_maps"};
	struct ses_param p;

	for (size_t i = 0; i < 2; i++) {
		(void)ses_param_get(s, maps[i], &p);
		if (p.origin == SES_FROM_FILE && p.value[0]) {
			str_addf(out, "%s%s", out->n ? ", " : "", maps[i]);
		}
	}
	(void)ses_param_get(s, "default_transport", &p);
	const char *hop_at = p.origin == SES_FROM_FILE ? strchr(p.value, ':') : NULL;
	if (hop_at && hop_at[1]) {
		str_addf(out, "%s%s", out->n ? ", " : "", "default_transport");
	}
}

static void
draw_overruled(const struct relayhost *v, const struct ui_canvas *body, int y)
{
	struct str by = {0};
	int x = body->w < 70 ? VALUE_X_NARROW : VALUE_X;

	overruling(v->s, &by);
	ui_put(body, ui_at(y, LABEL_X, x - LABEL_X - 1), UI_TEXT, _("Overruled by"));
	if (by.n > 0) {
		ui_put_mark(body, y, 2, '?');
		ui_put(body, ui_at(y, x, 0), UI_TEXT, str_c(&by));
	} else {
		int used = ui_put(body, ui_at(y, x, 0), UI_TEXT, _("nothing"));
		ui_put(body, ui_at(y, x + used + 1, 0), UI_FAINT,
			"(transport_maps, sender_dependent_relayhost_maps)");
	}
	str_free(&by);
}

static void
draw_preview(const struct relayhost *v, const struct ui_canvas *body)
{
	const char *typed = str_c(&v->live.preview_shown);
	const char *value = v->live.field.open && typed[0] ? typed : v->r.raw;
	struct ui_at at = ui_at(body->h - 1, 1, 0);

	if (!v->r.edited && value == v->r.raw) {
		return;
	}
	if (value[0]) {
		ui_putf(body, at, UI_TEXT, "%s relayhost = %s", _("Will be written:"),
			value);
	} else {
		ui_put(body, at, UI_TEXT, _("Will be written: no relayhost"));
	}
}

void
relayhost_draw(void *self, const struct ui_canvas *body)
{
	struct relayhost *v = self;
	int top = scr_is_low(body) ? 0 : 1, y = top + 1;

	relayhost_refresh(v);
	char *place = str_format("%s, %s", NAME, ses_relay_place(v->s));
	scr_heading(body, top, _("Where all mail to other places goes"), place);
	free(place);
	int room = body->h - y - (body->h > PREVIEW_ROWS ? 2 : 1);
	int n = (int)(relayhost_count(v) < MOST_HOPS ? relayhost_count(v) : MOST_HOPS);
	n = n < room ? n : room;
	struct ui_canvas c = ui_canvas_sub(body, y, 0, n, body->w);
	ui_list_draw(&v->list, &c);
	y += n + (y + n + 3 < body->h ? 1 : 0);
	if (y < body->h - 1) {
		draw_overruled(v, body, y);
	}
	draw_preview(v, body);
}
