/* SPDX-License-Identifier: MIT
 *
 * The Interfaces screen is one list of lines: three modes, headings, the addresses, the
 * IP versions, the outgoing address. Headings and blank rows can't have the focus.
 */
#include "base/i18n.h"
#include "ui/glyph.h"
#include "ui/if_screen.h"
#include "ui/scrkit.h"

enum { TICK_X = 3, NIC_X = 7, VALUE_X = 21 };

/* --- lines ---------------------------------------------------------------------------
 */

static size_t
addresses(const struct interfaces *v)
{
	const struct ses_if_row *r;

	return ses_if_rows(v->s, &r);
}

size_t
if_rows_first_address(const struct interfaces *v)
{
	return v->low ? 4 : 5;
}

static size_t
line_of_proto(const struct interfaces *v)
{
	return if_rows_first_address(v) + addresses(v) + (v->low ? 0 : 1);
}

size_t
if_rows_count(void *self)
{
	return line_of_proto(self) + 2;
}

struct if_line
if_line_at(const struct interfaces *v, size_t i)
{
	size_t first = if_rows_first_address(v), n = addresses(v),
	       proto = line_of_proto(v);

	if (i < 3) {
		return (struct if_line){IF_L_MODE, i};
	}
	if (i < first) {
		return (struct if_line){i + 1 == first ? IF_L_HEADS : IF_L_BLANK, 0};
	}
	if (i < first + n) {
		return (struct if_line){IF_L_ADDR, i - first};
	}
	return (struct if_line){i < proto    ? IF_L_BLANK
				: i == proto ? IF_L_PROTO
					     : IF_L_BIND,
		0};
}

bool
if_can_stop(void *self, size_t i)
{
	enum if_line_kind kind = if_line_at(self, i).kind;

	return kind != IF_L_BLANK && kind != IF_L_HEADS;
}

struct if_line
if_focused(const struct interfaces *v)
{
	return if_line_at(v, v->list.focus);
}

/* The address row with that number, or NULL. */
const struct ses_if_row *
if_address(const struct interfaces *v, size_t i)
{
	const struct ses_if_row *r;

	return i < ses_if_rows(v->s, &r) ? &r[i] : NULL;
}

const struct diag *
if_finding(const struct interfaces *v, struct if_line l)
{
	const struct ses_if_row *r = l.kind == IF_L_ADDR ? if_address(v, l.i) : NULL;
	struct ses_param p = {0};

	if (l.kind == IF_L_PROTO || l.kind == IF_L_BIND) {
		(void)ses_param_get(
			v->s, l.kind == IF_L_PROTO ? IF_PROTOCOLS : IF_BIND, &p);
	}
	return r ? r->finding : p.finding;
}

/* --- drawing -------------------------------------------------------------------------
 */

/* Where the columns of the address rows begin; 0: the column is left out. */
struct columns {
	int addr, addr_w, state, reach, note;
};

static struct columns
columns_of(const struct interfaces *v, int w)
{
	const struct ses_if_row *r;
	size_t n = ses_if_rows(v->s, &r);
	bool wide = w >= 79;
	struct columns c = {.addr = wide ? 17 : 13, .addr_w = wide ? 17 : 15};

	for (size_t i = 0; i < n; i++) {
		int need = r[i].can_tick ? ui_width(sv_of(r[i].addr)) : 0;
		c.addr_w = need > c.addr_w ? need : c.addr_w;
	}
	int x = c.addr + c.addr_w + 1;
	if (wide && x + 16 < w) {
		c.state = x;
		x += 7;
	}
	if (w >= 50 && x + 9 < w) {
		c.reach = x;
		x += 9;
	}
	c.note = x;
	return c;
}

static void
draw_heads(const struct interfaces *v, const struct ui_canvas *c)
{
	struct columns col = columns_of(v, c->w);

	ui_put(c, ui_at(0, NIC_X, col.addr - NIC_X - 1), UI_FAINT, _("NIC"));
	ui_put(c, ui_at(0, col.addr, col.addr_w), UI_FAINT, _("Address"));
	if (col.state) {
		ui_put(c, ui_at(0, col.state, 6), UI_FAINT, _("State"));
	}
	if (col.reach) {
		ui_put(c, ui_at(0, col.reach, 8), UI_FAINT, _("Reach"));
	}
	if (col.note + 4 < c->w) {
		ui_put(c, ui_at(0, col.note, 0), UI_FAINT, _("Note"));
	}
}

static void
draw_address(
	struct interfaces *v, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	struct columns col = columns_of(v, c->w);
	const struct ses_if_row *r = if_address(v, i);

	if (!r) {
		return;
	}
	row->edit = r->edited ? '*' : 0;
	row->state = scr_state(r->finding);
	row->cursor_x = TICK_X + 1;
	ui_put(c, ui_at(0, TICK_X, 3), UI_TEXT, r->ticked ? "[x]" : "[ ]");
	ui_put(c, ui_at(0, NIC_X, col.addr - NIC_X - 1), UI_TEXT, r->nic);
	if (row->focus && ui_inline_draw(&v->live.field, i, c,
				  ui_at(0, col.addr - 1, col.addr_w + 12))) {
		return;
	}
	ui_put(c, ui_at(0, col.addr, col.addr_w), UI_TEXT, r->addr);
	if (col.state) {
		ui_put(c, ui_at(0, col.state, 6), UI_TEXT, r->state);
	}
	if (col.reach) {
		ui_put(c, ui_at(0, col.reach, 8), UI_TEXT, r->reach);
	}
	if (col.note + 4 < c->w) {
		ui_put(c, ui_at(0, col.note, 0), UI_TEXT, r->note);
	}
}

static void
draw_mode(const struct interfaces *v, size_t i, struct ui_row *row,
	const struct ui_canvas *c)
{
	static const char *const text[] = {N_("every address of this machine (all)"),
		N_("this host only (loopback-only)"), N_("the addresses ticked here")};

	row->cursor_x = TICK_X + 1;
	ui_putf(c, ui_at(0, TICK_X, 0), UI_TEXT, "(%c) %s",
		ses_if_mode(v->s) == (enum ses_if_mode)i ? 'x' : ' ', _(text[i]));
}

static const char *
protocols_name(const char *value)
{
	return strcmp(value, "all") == 0    ? _("IPv4 and IPv6")
	       : strcmp(value, "ipv4") == 0 ? _("IPv4 only")
	       : strcmp(value, "ipv6") == 0 ? _("IPv6 only")
					    : value;
}

/* The value that holds, the default included. */
const char *
if_param_holds(const struct ses_param *p, const char *if_unknown)
{
	return p->origin == SES_FROM_FILE ? p->value : p->deflt ? p->deflt : if_unknown;
}

static void
draw_param(struct interfaces *v, bool bind, struct ui_row *row, const struct ui_canvas *c)
{
	bool wide = c->w >= 79;
	struct ses_param p;

	(void)ses_param_get(v->s, bind ? IF_BIND : IF_PROTOCOLS, &p);
	row->edit = scr_edit(p.is_new, p.removed, p.edited);
	row->state = scr_state(p.finding);
	row->cursor_x = TICK_X;
	ui_put(c, ui_at(0, TICK_X, VALUE_X - TICK_X - 1), UI_TEXT,
		bind ? _("Outgoing address") : _("IP versions"));
	if (bind && ui_inline_draw(&v->live.field, IF_FIELD_BIND, c,
			    ui_at(0, VALUE_X - 1, 42))) {
		return;
	}
	const char *value = if_param_holds(&p, bind ? "" : "all");
	const char *shown = !bind      ? protocols_name(value)
			    : value[0] ? value
				       : _("system chooses");
	int used = ui_put(c, ui_at(0, VALUE_X, 0), UI_TEXT, shown);
	int x = VALUE_X + (used < 15 ? 16 : used + 2);
	if (!wide) {
		return;
	}
	if (p.origin == SES_FROM_FILE) {
		ui_putf(c, ui_at(0, x, 0), UI_FAINT, "%s = %s", p.name, p.value);
	} else {
		ui_putf(c, ui_at(0, x, 0), UI_FAINT, _("%s is not set"), p.name);
	}
}

static void
draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	struct interfaces *v = self;
	struct if_line l = if_line_at(v, i);

	switch (l.kind) {
	case IF_L_MODE:
		draw_mode(v, l.i, row, c);
		break;
	case IF_L_HEADS:
		draw_heads(v, c);
		break;
	case IF_L_ADDR:
		draw_address(v, l.i, row, c);
		break;
	case IF_L_PROTO:
	case IF_L_BIND:
		draw_param(v, l.kind == IF_L_BIND, row, c);
		break;
	case IF_L_BLANK:
		break;
	}
}

const struct ui_list_ops if_rows = {if_rows_count, draw_row};

void
if_draw_preview(const struct interfaces *v, const struct ui_canvas *body)
{
	const char *preview = ses_if_preview(v->s);

	if (preview[0]) {
		ui_putf(body, ui_at(body->h - 1, 1, 0), UI_TEXT, _("Will be written: %s"),
			preview);
	}
}
