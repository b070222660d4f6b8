/* SPDX-License-Identifier: MIT
 *
 * Each of the three parts is a row of short lines; boxes show them below each other, the
 * upright form in one line each.
 */
#include "ui/picture.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "session/networks.h"
#include "ui/scrkit.h"

enum { BOX_ROWS = 6, LINES_MAX = 4, UPRIGHT_COLS = 11, ROOMY = 12 };

struct part {
	const char *title, *brief; /* above its box; beside its line */
	const char *then;          /* upright: between the first line and the others */
	char mark;                 /* of the first line: 'o' ok */
	struct str line[LINES_MAX];
	size_t n;
};

static struct str *
add(struct part *p)
{
	return &p->line[p->n < LINES_MAX ? p->n++ : LINES_MAX - 1];
}

static char
shown_mark(char mark)
{
	return mark == 'k' ? 'o' : mark == ' ' ? 0 : mark;
}

static void
fill_clients(struct session *s, const struct ses_picture *pic, struct part *p)
{
	size_t most = pic->nclients < LINES_MAX - 1 ? pic->nclients : LINES_MAX - 1;
	enum ses_net_known known = ses_net_known(s);

	p->then = ": ";
	p->mark = shown_mark(pic->clients_mark);
	if (known == SES_NET_UNKNOWN) {
		p->mark = p->mark == '!' ? '!' : '?';
		str_add_cstr(add(p), _("not known"));
		return;
	}
	if (known == SES_NET_ASKED) {
		str_add_cstr(add(p), _("asking Postfix .."));
		return;
	}
	if (pic->segments == 0) {
		str_add_cstr(add(p), _("this host only"));
		(void)add(p); /* a blank row in the box */
		str_add_cstr(add(p), _("no LAN may send yet"));
		return;
	}
	str_addf(add(p), P_("%zu segment", "%zu segments", pic->segments), pic->segments);
	for (size_t i = 0; i < most; i++) {
		struct str *line = add(p);
		str_addf(line, " %s", pic->clients[i]);
		if (i + 1 == most && pic->segments > most) {
			str_addf(line, " +%zu", pic->segments - most);
		}
	}
}

/* Where it listens, below the first line. */
static void
fill_listens(const struct ses_picture *pic, struct part *p)
{
	if (pic->listens[0]) {
		str_addf(add(p), _("listens: %s"), pic->listens);
	} else {
		str_add_cstr(add(p), _("listens nowhere"));
	}
	if (pic->closed[0]) {
		str_addf(add(p), _("closed: %s"), pic->closed);
	}
}

static void
fill_relay(struct session *s, const struct ses_picture *pic, struct part *p)
{
	static const char *const state[] = {[SES_UNKNOWN] = "..",
		[SES_RUNNING] = N_("Postfix runs"),
		[SES_STOPPED] = N_("Postfix is stopped"),
		[SES_FOREIGN] = N_("another folder's runs"),
		[SES_NOT_INSTALLED] = N_("no Postfix found"),
		[SES_HIDDEN] = N_("root sees if it runs")};
	struct ses_status st;

	ses_status(s, &st);
	p->then = ", ";
	p->mark = shown_mark(pic->relay_mark);
	if (st.older_settings) {
		str_add_cstr(add(p), _("Postfix runs with"));
		str_add_cstr(add(p), _("older settings"));
	} else {
		str_add_cstr(add(p), _(state[st.service]));
	}
	if (st.unread) {
		str_add_cstr(add(p), _("listens: not known"));
		return;
	}
	fill_listens(pic, p);
}

/* Three lines below the host: with the word of a probe, login and TLS share one. */
static void
fill_upstream(struct session *s, const struct ses_picture *pic, struct part *p,
	const char *probe)
{
	struct ses_status st;

	ses_status(s, &st);
	p->then = pic->upstream[0] ? ", " : ": ";
	p->mark = shown_mark(pic->upstream_mark);
	if (st.unread) {
		str_add_cstr(add(p), _("not known"));
		return;
	}
	if (!pic->upstream[0]) {
		str_add_cstr(add(p), _("none set"));
		str_add_cstr(add(p), _("mail leaves for"));
		str_add_cstr(add(p), _("each receiver's host"));
		return;
	}
	str_add_cstr(add(p), pic->upstream);
	const char *login = pic->upstream_login, *tls = pic->upstream_tls;
	bool full = login[0] && tls[0] && probe[0];
	char *both = full ? str_format(_("login, %s"), tls) : NULL;
	const char *more[] = {
		pic->upstream_how, full ? "" : login, full ? both : tls, probe};
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		if (more[i][0]) {
			str_addf(add(p), " %s", more[i]);
		}
	}
	free(both);
}

static void
draw_box(const struct part *p, const struct ui_canvas *body, int x, int w)
{
	struct ui_canvas box = ui_canvas_sub(body, 0, x, BOX_ROWS, w);

	ui_box(&box, p->title);
	for (size_t i = 0; i < p->n; i++) {
		int at = 2 + (i > 0 ? 0 : p->mark == 'o' ? 3 : p->mark ? 2 : 0);
		if (i == 0 && p->mark) {
			ui_put_mark(&box, 1, 2, p->mark);
		}
		ui_put_sv(&box, ui_at(1 + (int)i, at, w - at - 1), UI_TEXT,
			str_sv(&p->line[i]));
	}
}

/* The arrow to the upstream is broken where mail does not get through. */
static const char *
arrow(const struct part *to)
{
	return to->mark == '!' ? "-!>" : "-->";
}

static int
draw_boxes(const struct part part[3], const struct ui_canvas *body)
{
	draw_box(&part[0], body, 1, 23);
	ui_put(body, ui_at(3, 24, 3), UI_TEXT, "-->");
	draw_box(&part[1], body, 27, 26);
	ui_put(body, ui_at(3, 53, 3), UI_TEXT, arrow(&part[2]));
	draw_box(&part[2], body, 56, 23);
	return BOX_ROWS;
}

static void
draw_upright_line(const struct part *p, const struct ui_canvas *body, int y)
{
	int x = UPRIGHT_COLS;
	struct str text = {0};

	for (size_t i = 0; i < p->n; i++) {
		if (p->line[i].n > 0) {
			str_add_cstr(&text, text.n == 0                  ? ""
					    : i > 1 && p->then[0] == ':' ? " "
									 : p->then);
			str_add_sv(&text, sv_trim(str_sv(&p->line[i])));
		}
	}
	ui_put(body, ui_at(y, 1, x - 2), UI_STRONG, p->brief);
	if (p->mark) {
		ui_put_mark(body, y, x, p->mark);
		x += p->mark == 'o' ? 3 : 2;
	}
	ui_put_sv(body, ui_at(y, x, 0), UI_TEXT, str_sv(&text));
	str_free(&text);
}

static int
draw_upright(const struct part part[3], const struct ui_canvas *body)
{
	bool roomy = ui_usual_h(body) >= ROOMY;
	int y = roomy ? 1 : 0;

	for (size_t i = 0; i < 3; i++) {
		draw_upright_line(&part[i], body, y++);
		if (roomy && i < 2) {
			ui_put(body, ui_at(y++, 4, 1), UI_TEXT,
				i == 1 && part[2].mark == '!' ? "!" : "|");
		}
	}
	return roomy ? y + 1 : y;
}

/* --- while it grows ------------------------------------------------------------------
 */

/* What stands in a box that no answer has filled yet. */
static void
fill_later(struct part *p, int step)
{
	p->then = ", ";
	str_addf(add(p), _("(step %d)"), step);
}

/* The name takes the place of Postfix's state; that all is well is proven later. */
static void
fill_named_relay(
	struct session *s, const struct ses_picture *pic, struct part *p, int step)
{
	struct ses_status st;

	ses_status(s, &st);
	p->then = ", ";
	p->mark = pic->relay_mark == '!' ? '!' : 0;
	str_add_cstr(add(p), st.host);
	if (step > 0) {
		fill_later(p, step);
	} else {
		fill_listens(pic, p);
	}
}

static void
fill_grown(struct session *s, const struct ses_picture *pic, struct part part[3],
	const struct ui_picture_grows *g)
{
	if (g->clients > 0) {
		fill_later(&part[0], g->clients);
	} else {
		fill_clients(s, pic, &part[0]);
	}
	fill_named_relay(s, pic, &part[1], g->relay);
	if (g->upstream > 0) {
		fill_later(&part[2], g->upstream);
	} else {
		fill_upstream(s, pic, &part[2], g->probe);
	}
	part[2].mark = g->bad ? '!' : pic->upstream[0] ? part[2].mark : 0;
	for (size_t i = 0; i < 3; i++) {
		part[i].mark = part[i].mark == 'o' ? 0 : part[i].mark;
	}
}

int
ui_picture_draw(struct session *s, const struct ui_canvas *body,
	const struct ui_picture_grows *grows)
{
	struct ses_picture pic;
	struct part part[3] = {{.title = _("Clients"), .brief = _("Clients")},
		{.title = _("This relay"), .brief = _("Relay")},
		{.title = _("Upstream"), .brief = _("Upstream")}};
	bool upright = scr_is_narrow(body) || scr_is_low(body);

	ses_picture(s, &pic);
	if (grows) {
		fill_grown(s, &pic, part, grows);
	} else {
		fill_clients(s, &pic, &part[0]);
		fill_relay(s, &pic, &part[1]);
		fill_upstream(s, &pic, &part[2], "");
	}
	int rows = upright ? draw_upright(part, body) : draw_boxes(part, body);
	for (size_t i = 0; i < 3; i++) {
		for (size_t k = 0; k < LINES_MAX; k++) {
			str_free(&part[i].line[k]);
		}
	}
	return rows;
}
