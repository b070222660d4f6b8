/* SPDX-License-Identifier: MIT
 *
 * Interfaces: where this relay listens, as a choice of three and a tick an address; the
 * IP versions; the outgoing address. All of it is one list of lines, of which headings
 * and blank rows can't have the focus.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/interfaces.h"
#include "session/params.h"
#include "ui/glyph.h"
#include "ui/if_dialog.h"
#include "ui/input.h"
#include "ui/screens.h"
#include "ui/scrkit.h"

enum line_kind { L_MODE, L_BLANK, L_HEADS, L_ADDR, L_PROTO, L_BIND };

enum {
	TICK_X = 3,
	NIC_X = 7,
	VALUE_X = 21,
	PREVIEW_ROWS = 10, /* fewer body rows than this: no preview */
	FIELD_BIND = 1000000
};

static const char *const PROTOCOLS = "inet_protocols", *const BIND = "smtp_bind_address";

struct interfaces {
	struct ui_app *app;
	struct session *s;
	struct ui_list list;
	struct ui_inline field;
	bool low; /* no blank rows */
};

struct line {
	enum line_kind kind;
	size_t i; /* mode or address row */
};

/* --- lines ---------------------------------------------------------------------------
 */

static size_t
addresses(const struct interfaces *v)
{
	const struct ses_if_row *r;

	return ses_if_rows(v->s, &r);
}

static size_t
first_address(const struct interfaces *v)
{
	return v->low ? 4 : 5;
}

static size_t
line_of_proto(const struct interfaces *v)
{
	return first_address(v) + addresses(v) + (v->low ? 0 : 1);
}

static size_t
count(void *self)
{
	return line_of_proto(self) + 2;
}

static struct line
line_at(const struct interfaces *v, size_t i)
{
	size_t first = first_address(v), n = addresses(v), proto = line_of_proto(v);

	if (i < 3) {
		return (struct line){L_MODE, i};
	}
	if (i < first) {
		return (struct line){i + 1 == first ? L_HEADS : L_BLANK, 0};
	}
	if (i < first + n) {
		return (struct line){L_ADDR, i - first};
	}
	return (struct line){i < proto ? L_BLANK : i == proto ? L_PROTO : L_BIND, 0};
}

static bool
can_stop(void *self, size_t i)
{
	enum line_kind kind = line_at(self, i).kind;

	return kind != L_BLANK && kind != L_HEADS;
}

static struct line
focused(const struct interfaces *v)
{
	return line_at(v, v->list.focus);
}

/* The address row with that number, or NULL. */
static const struct ses_if_row *
address(const struct interfaces *v, size_t i)
{
	const struct ses_if_row *r;

	return i < ses_if_rows(v->s, &r) ? &r[i] : NULL;
}

static const struct diag *
finding_of(const struct interfaces *v, struct line l)
{
	const struct ses_if_row *r = l.kind == L_ADDR ? address(v, l.i) : NULL;
	struct ses_param p = {0};

	if (l.kind == L_PROTO || l.kind == L_BIND) {
		(void)ses_param_get(v->s, l.kind == L_PROTO ? PROTOCOLS : BIND, &p);
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
	const struct ses_if_row *r = address(v, i);

	if (!r) {
		return;
	}
	row->edit = r->edited ? '*' : 0;
	row->state = scr_state(r->finding);
	row->cursor_x = TICK_X + 1;
	ui_put(c, ui_at(0, TICK_X, 3), UI_TEXT, r->ticked ? "[x]" : "[ ]");
	ui_put(c, ui_at(0, NIC_X, col.addr - NIC_X - 1), UI_TEXT, r->nic);
	if (row->focus && ui_inline_draw(&v->field, i, c,
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
static const char *
holds(const struct ses_param *p, const char *if_unknown)
{
	return p->origin == SES_FROM_FILE ? p->value : p->deflt ? p->deflt : if_unknown;
}

static void
draw_param(struct interfaces *v, bool bind, struct ui_row *row, const struct ui_canvas *c)
{
	bool wide = c->w >= 79;
	struct ses_param p;

	(void)ses_param_get(v->s, bind ? BIND : PROTOCOLS, &p);
	row->edit = scr_edit(p.is_new, p.removed, p.edited);
	row->state = scr_state(p.finding);
	row->cursor_x = TICK_X;
	ui_put(c, ui_at(0, TICK_X, VALUE_X - TICK_X - 1), UI_TEXT,
		bind ? _("Outgoing address") : _("IP versions"));
	if (bind && ui_inline_draw(&v->field, FIELD_BIND, c, ui_at(0, VALUE_X - 1, 42))) {
		return;
	}
	const char *value = holds(&p, bind ? "" : "all");
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
	struct line l = line_at(v, i);

	switch (l.kind) {
	case L_MODE:
		draw_mode(v, l.i, row, c);
		break;
	case L_HEADS:
		draw_heads(v, c);
		break;
	case L_ADDR:
		draw_address(v, l.i, row, c);
		break;
	case L_PROTO:
	case L_BIND:
		draw_param(v, l.kind == L_BIND, row, c);
		break;
	case L_BLANK:
		break;
	}
}

static const struct ui_list_ops rows = {count, draw_row};

static void
draw_preview(const struct interfaces *v, const struct ui_canvas *body)
{
	const char *preview = ses_if_preview(v->s);

	if (preview[0]) {
		ui_putf(body, ui_at(body->h - 1, 1, 0), UI_TEXT, _("Will be written: %s"),
			preview);
	}
}

/* The line numbers differ between the two layouts: keep what has the focus. */
static void
set_low(struct interfaces *v, bool low)
{
	struct line l = focused(v);

	if (v->low == low) {
		return;
	}
	v->low = low;
	for (size_t i = 0; i < count(v); i++) {
		struct line now = line_at(v, i);
		if (now.kind == l.kind && now.i == l.i) {
			ui_list_select(&v->list, i);
			return;
		}
	}
}

static void
draw(void *self, const struct ui_canvas *body)
{
	struct interfaces *v = self;
	int top = scr_is_low(body) ? 0 : 1;
	int below = body->h >= PREVIEW_ROWS ? 1 : 0;
	struct ui_canvas c =
		ui_canvas_sub(body, top + 1, 0, body->h - top - 1 - below, body->w);

	set_low(v, scr_is_low(body));
	char *place = str_format(_("inet_interfaces, %s"), ses_if_place(v->s));
	scr_heading(body, top, _("Where this relay listens for clients"), place);
	free(place);
	scr_list_settle(&v->list, can_stop, 1);
	ui_list_draw(&v->list, &c);
	if (below) {
		draw_preview(v, body);
	}
}

/* --- edits ---------------------------------------------------------------------------
 */

static void
tick(struct interfaces *v, size_t i)
{
	const struct ses_if_row *r = address(v, i);
	struct diags d = {0};

	if (r) {
		(void)ses_if_tick(v->s, i, !r->ticked, &d);
	}
	scr_say(v->app, &d);
}

static void
next_protocols(struct interfaces *v)
{
	static const char *const all[] = {"all", "ipv4", "ipv6"};
	struct diags d = {0};
	struct ses_param p;
	size_t i = 0;

	(void)ses_param_get(v->s, PROTOCOLS, &p);
	const char *value = holds(&p, "all"), *deflt = p.deflt ? p.deflt : "all";
	while (i < 3 && strcmp(all[i], value) != 0) {
		i++;
	}
	const char *next = all[(i + 1) % 3];
	if (p.is_new && strcmp(next, deflt) == 0) {
		(void)ses_param_unset(v->s, PROTOCOLS, &d);
	} else {
		(void)ses_param_set(v->s, PROTOCOLS, next, &d);
	}
	scr_say(v->app, &d);
}

static void
choose(struct interfaces *v, struct line l)
{
	struct diags d = {0};

	switch (l.kind) {
	case L_MODE:
		(void)ses_if_set_mode(v->s, (enum ses_if_mode)l.i, &d);
		scr_say(v->app, &d);
		break;
	case L_ADDR:
		tick(v, l.i);
		break;
	case L_PROTO:
		next_protocols(v);
		break;
	case L_BIND:
	case L_BLANK:
	case L_HEADS:
		break;
	}
}

static struct sv
field_value(const struct interfaces *v, struct line l)
{
	const struct ses_if_row *r = l.kind == L_ADDR ? address(v, l.i) : NULL;
	struct ses_param p;

	if (r) {
		return sv_of(r->addr);
	}
	(void)ses_param_get(v->s, BIND, &p);
	return sv_of(p.origin == SES_FROM_FILE ? p.value : "");
}

/* Only names, addresses on no NIC and the outgoing address are text. */
static bool
is_text(const struct interfaces *v, struct line l)
{
	const struct ses_if_row *r = l.kind == L_ADDR ? address(v, l.i) : NULL;

	return l.kind == L_BIND || (r && r->removable);
}

static void
edit(struct interfaces *v, struct line l)
{
	if (is_text(v, l)) {
		ui_inline_open(&v->field, l.kind == L_BIND ? (size_t)FIELD_BIND : l.i,
			field_value(v, l), 0);
	} else {
		choose(v, l);
	}
}

static void
judge_field(struct interfaces *v)
{
	char *text = sv_dup(ui_input_text(&v->field.in));
	struct diags d = {0};

	if (text[0]) {
		ses_param_judge(v->s,
			v->field.id == (size_t)FIELD_BIND ? BIND : "inet_interfaces",
			text, &d);
	}
	v->field.in.mark = diag_has_error(&d) ? '!' : d.n ? '?' : 0;
	diag_clear(&d);
	free(text);
}

/* Another word in the place of an old one: added first, so that a bad one changes
 * nothing. */
static void
replace_word(struct interfaces *v, size_t i, const char *text)
{
	const struct ses_if_row *r = address(v, i);
	struct diags d = {0};

	if (!r) {
		return;
	}
	char *old = mem_strdup(r->addr);
	ses_begin(v->s, _("listening address changed"));
	bool done = ses_if_add(v->s, text, &d);
	size_t n = ses_if_rows(v->s, &r);
	for (size_t k = 0; done && k < n; k++) {
		if (r[k].removable && strcmp(r[k].addr, old) == 0) {
			done = ses_if_remove(v->s, k, &d);
			break;
		}
	}
	ses_end(v->s);
	scr_say(v->app, &d);
	free(old);
}

static void
accept(struct interfaces *v)
{
	char *text = sv_dup(sv_trim(ui_input_text(&v->field.in)));
	struct diags d = {0};

	if (!ui_inline_changed(&v->field)) {
		free(text);
		return;
	}
	if (v->field.id != (size_t)FIELD_BIND) {
		if (text[0]) {
			replace_word(v, v->field.id, text);
		}
	} else if (text[0]) {
		(void)ses_param_set(v->s, BIND, text, &d);
	} else {
		(void)ses_param_unset(v->s, BIND, &d);
	}
	scr_say(v->app, &d);
	free(text);
}

static void
remove_row(struct interfaces *v, struct line l)
{
	const struct ses_if_row *r = l.kind == L_ADDR ? address(v, l.i) : NULL;
	struct diags d = {0};
	bool done = false;

	if (l.kind == L_BIND || l.kind == L_PROTO) {
		done = ses_param_unset(v->s, l.kind == L_BIND ? BIND : PROTOCOLS, &d);
	} else if (r && r->removable) {
		done = ses_if_remove(v->s, l.i, &d);
	} else {
		ui_app_say(v->app, 0,
			_("This address belongs to the machine and stays; Space unticks "
			  "it."),
			NULL);
	}
	if (done) {
		ui_app_say(v->app, 'o', _("Removed; u brings it back."), NULL);
	}
	scr_say(v->app, &d);
}

static void
mend(struct interfaces *v, struct line l)
{
	const struct diag *f = finding_of(v, l);
	const struct ses_if_row *r = l.kind == L_ADDR ? address(v, l.i) : NULL;
	struct diags d = {0};

	if (!r || !f || !r->ticked) {
		ui_app_say(v->app, 0, _("Nothing on this row is to be mended."), NULL);
		return;
	}
	if (ses_if_tick(v->s, l.i, false, &d)) {
		ui_app_say(v->app, 'o', _("Unticked; u brings it back."), NULL);
	}
	scr_say(v->app, &d);
}

/* --- events --------------------------------------------------------------------------
 */

static enum ui_result
field_event(struct interfaces *v, const struct ui_event *ev)
{
	switch (ui_inline_event(&v->field, ev)) {
	case UI_INLINE_ACCEPT:
		accept(v);
		return UI_HANDLED;
	case UI_INLINE_CHANGED:
		judge_field(v);
		return UI_HANDLED;
	case UI_INLINE_HELD:
	case UI_INLINE_CANCEL:
		return UI_HANDLED;
	case UI_INLINE_CLOSED:
	case UI_INLINE_IGNORED:
		break;
	}
	return UI_IGNORED;
}

static enum ui_result
letter(struct interfaces *v, struct line l, int key)
{
	switch (key) {
	case 'a':
		if_dialog_push(v->app, v->s, sv_of(""));
		return UI_HANDLED;
	case 'd':
	case UI_KEY_DELETE:
		remove_row(v, l);
		return UI_HANDLED;
	case 'r':
		mend(v, l);
		return UI_HANDLED;
	case ' ':
		if (l.kind == L_BIND) {
			edit(v, l);
		} else {
			choose(v, l);
		}
		return UI_HANDLED;
	default:
		return UI_IGNORED;
	}
}

static enum ui_result
event(void *self, const struct ui_event *ev)
{
	struct interfaces *v = self;

	if (v->field.open) {
		return field_event(v, ev);
	}
	scr_list_settle(&v->list, can_stop, 1);
	struct line l = focused(v);
	if (ev->kind == UI_EV_PASTE && l.kind == L_BIND) {
		ui_inline_paste(&v->field, FIELD_BIND, field_value(v, l), 0, ev->paste);
		judge_field(v);
		return UI_HANDLED;
	}
	if (ev->kind == UI_EV_PASTE) {
		if_dialog_push(v->app, v->s, ev->paste);
		return UI_HANDLED;
	}
	switch (scr_list_event(&v->list, ev, can_stop)) {
	case UI_LIST_ENTER:
		edit(v, focused(v));
		return UI_HANDLED;
	case UI_LIST_MOVED:
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	return ev->kind == UI_EV_KEY ? letter(v, l, ev->key) : UI_IGNORED;
}

static void
message(void *self, struct ui_message *m)
{
	struct interfaces *v = self;

	scr_message(m, finding_of(v, focused(v)));
}

static void
keys(void *self, struct ui_keybar *bar)
{
	struct interfaces *v = self;
	struct line l = focused(v);

	if (v->field.open) {
		ui_keybar_add(bar, "Enter", _("keep"));
		ui_keybar_add(bar, "Esc", _("old value"));
		ui_keybar_add(bar, "Ctrl-U", _("clear"));
		bar->help_key = "F1 Ctrl-G";
		return;
	}
	if (l.kind != L_BIND) {
		ui_keybar_add(
			bar, _("Space"), l.kind == L_ADDR ? _("tick") : _("choose"));
	}
	if (is_text(v, l)) {
		ui_keybar_add(bar, "Enter", _("edit"));
		ui_keybar_add(bar, "d", _("remove"));
	}
	ui_keybar_add(bar, "a", _("add address"));
	if (scr_state(finding_of(v, l))) {
		ui_keybar_add(bar, "r", _("mend"));
	}
	ui_keybar_add(bar, "n", _("problem"));
	ui_keybar_add(bar, "w", _("apply"));
}

static bool
typing(void *self)
{
	return ((const struct interfaces *)self)->field.open;
}

static bool
is_bad(void *self, size_t i)
{
	return scr_state(finding_of(self, line_at(self, i))) != 0;
}

static bool
problem(void *self, int dir, bool from_edge)
{
	struct interfaces *v = self;
	size_t n = count(v),
	       i = scr_next_bad(n, v->list.focus, dir, from_edge, is_bad, v);

	if (i < n) {
		ui_list_select(&v->list, i);
	}
	return i < n;
}

static void *
open_screen(struct ui_app *app, void *owner)
{
	struct interfaces *v = mem_new(1, sizeof(*v));

	v->app = app;
	v->s = ((const struct scr_env *)owner)->s;
	ui_list_init(&v->list, &rows, v);
	v->list.focus = first_address(v); /* most often a NIC's address is ticked */
	return v;
}

static void
close_screen(void *self)
{
	struct interfaces *v = self;

	ui_inline_free(&v->field);
	free(v);
}

/* Leaving the screen accepts what stands in an open field, as Enter does. */
static void
show(void *self, bool visible)
{
	struct interfaces *v = self;

	if (!visible && v->field.open) {
		(void)field_event(
			v, &(struct ui_event){.kind = UI_EV_KEY, .key = UI_KEY_ENTER});
	}
}

static const struct ui_ops ops = {
	.open = open_screen,
	.close = close_screen,
	.draw = draw,
	.event = event,
	.message = message,
	.keys = keys,
	.typing = typing,
	.problem = problem,
	.show = show,
};

const struct ui_screen scr_interfaces = {"interfaces", N_("Interfaces"), '2', &ops};

/* --- for the other screens -----------------------------------------------------------
 */

void
scr_interfaces_about(void *self, struct scr_about *out)
{
	static const struct scr_key help[] = {
		{"Space", N_("tick or untick an address, choose")},
		{"Enter", N_("edit a name, an address on no NIC, the outgoing one")},
		{"a", N_("add an address or host name")},
		{"d", N_("remove it, or go back to the default")},
		{"r", N_("mend: untick what no NIC has")},
		{NULL, NULL},
	};
	struct interfaces *v = self;
	struct line l = focused(v);
	const struct ses_if_row *r = l.kind == L_ADDR ? address(v, l.i) : NULL;

	out->purpose = _("On which addresses this relay takes mail (inet_interfaces). "
			 "Addresses are written, never names of network cards. A change "
			 "means that Postfix is stopped and started.");
	out->keys = help;
	out->more = "postconf(5) inet_interfaces, inet_protocols, smtp_bind_address";
	out->finding = finding_of(v, l);
	if (r) {
		str_add_cstr(&out->row, r->addr);
		str_add_cstr(&out->says, r->note);
	}
}

static bool
is_target(const struct interfaces *v, struct line l, const struct scr_target *t)
{
	const struct ses_if_row *r = l.kind == L_ADDR ? address(v, l.i) : NULL;
	const char *param = t->name ? t->name : t->finding ? t->finding->loc.param : NULL;

	if (param && strcmp(param, PROTOCOLS) == 0) {
		return l.kind == L_PROTO;
	}
	if (param && strcmp(param, BIND) == 0) {
		return l.kind == L_BIND;
	}
	if (!r) {
		return false;
	}
	return t->finding ? r->finding && strcmp(r->finding->text, t->finding->text) == 0
			  : r->edited;
}

void
scr_interfaces_reveal(void *self, const struct scr_target *target)
{
	struct interfaces *v = self;

	for (size_t i = 0; i < count(v); i++) {
		if (is_target(v, line_at(v, i), target)) {
			ui_list_select(&v->list, i);
			return;
		}
	}
}
