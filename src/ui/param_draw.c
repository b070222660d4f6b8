/* SPDX-License-Identifier: MIT
 *
 * The rows of the Parameters screen, how they are drawn, and the strip that describes the
 * focused one.
 */
#include "ui/param_screen.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/scrkit.h"

enum {
	NAME_X = 5,
	STRIP_ROWS = 4,
	STRIP_LEAST = 15 /* rows of the body that leave room for the strip */
};

/* Where columns begin; 0: not shown. */
struct columns {
	int value, from, deflt;
};

/* --- rows ----------------------------------------------------------------------------
 */

static bool
is_bad_line(const struct diag *d)
{
	return d->loc.line > 0 && !d->loc.param &&
	       (d->code == DIAG_CF_NO_EQUALS || d->code == DIAG_CF_NO_NAME ||
		       d->code == DIAG_CF_ORPHAN);
}

void
params_refresh(struct params *v)
{
	const struct diags *d = ses_findings(v->s);

	v->nbad = 0;
	for (size_t i = 0; i < d->n && v->nbad < PARAMS_BAD_MOST; i++) {
		if (is_bad_line(&d->v[i]) && filter_text(&v->filter)[0] == '\0') {
			v->bad[v->nbad++] = i;
		}
	}
	ses_param_rows(v->s, filter_text(&v->filter), v->only_set, &v->names);
}

size_t
params_count(void *self)
{
	const struct params *v = self;

	return v->nbad + v->names.n;
}

/* The finding about the line that row i is, or NULL when it is a parameter. */
const struct diag *
params_bad_line(const struct params *v, size_t i)
{
	return i < v->nbad ? &ses_findings(v->s)->v[v->bad[i]] : NULL;
}

const char *
params_name_at(const struct params *v, size_t i)
{
	return i >= v->nbad && i - v->nbad < v->names.n ? v->names.names[i - v->nbad]
							: NULL;
}

bool
params_param_at(const struct params *v, size_t i, struct ses_param *p)
{
	const char *name = params_name_at(v, i);

	if (name) {
		(void)ses_param_get(v->s, name, p);
	}
	return name != NULL;
}

void
params_settle(struct params *v)
{
	const char *name = params_name_at(v, v->list.focus);

	v->settle_ms = 0;
	free(v->strip);
	v->strip = mem_strdup(name);
}

bool
params_is_secret(const struct ses_param *p, const char *value)
{
	return value[0] && cat_is_secret(sv_of(p->name), sv_of(value));
}

/* --- drawing -------------------------------------------------------------------------
 */

static struct columns
columns_of(int w)
{
	if (w >= 76) {
		return (struct columns){35, 54, 66};
	}
	if (w >= 56) {
		return (struct columns){32, w - 11, 0};
	}
	return (struct columns){24, 0, 0};
}

static const char *
shown(const struct ses_param *p, const char *value)
{
	return params_is_secret(p, value) ? "********" : value;
}

static void
put_value(const struct ses_param *p, const char *unknown, const struct ui_canvas *c,
	struct ui_at at)
{
	switch (p->origin) {
	case SES_OFF: {
		int used = ui_put(c, at, UI_FAINT, _("off: "));
		ui_put(c, ui_at(at.y, at.x + used, at.w - used), UI_TEXT,
			shown(p, p->off_value ? p->off_value : ""));
		break;
	}
	case SES_FROM_FILE:
		ui_put(c, at, UI_TEXT, p->value[0] ? shown(p, p->value) : _("(empty)"));
		break;
	case SES_FROM_DEFAULT:
		ui_put(c, at, UI_TEXT,
			!p->deflt     ? unknown
			: p->value[0] ? shown(p, p->value)
				      : _("(empty)"));
		break;
	case SES_NO_SUCH_NAME:
		break;
	}
}

static void
put_from(
	const struct ses_param *p, bool asked, const struct ui_canvas *c, struct ui_at at)
{
	switch (p->origin) {
	case SES_FROM_FILE: {
		char *line = str_format(_("line %u"), p->line);
		ui_put(c, at, UI_TEXT, p->line ? line : _("new"));
		free(line);
		break;
	}
	case SES_FROM_DEFAULT:
		ui_put(c, at, UI_FAINT, p->deflt || !asked ? _("default") : "-");
		break;
	case SES_OFF:
		ui_put(c, at, UI_FAINT, _("off"));
		break;
	case SES_NO_SUCH_NAME:
		break;
	}
}

static void
put_param(struct params *v, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	struct columns x = columns_of(c->w);
	struct ses_param p;

	if (!params_param_at(v, i, &p)) {
		return;
	}
	row->edit = scr_edit(p.is_new, p.removed, p.edited);
	row->state = scr_state(p.finding);
	if (!row->state && p.origin == SES_OFF) {
		row->state = '#';
	}
	ui_put(c, ui_at(0, NAME_X, x.value - NAME_X - 1), UI_TEXT, p.name);
	if (ui_inline_draw(
		    &v->live.field, i, c, ui_at(0, x.value - 1, c->w - x.value - 1))) {
		return;
	}
	/* A name that only other versions know has no default here. */
	bool asked = ses_ask(v->s, SES_ASK_DEFAULTS);
	const char *unknown = asked ? "-" : "..";
	put_value(&p, unknown, c,
		ui_at(0, x.value, (x.from ? x.from : c->w + 1) - x.value - 1));
	if (x.from) {
		put_from(&p, asked, c,
			ui_at(0, x.from, x.deflt ? x.deflt - x.from - 1 : 0));
	}
	if (x.deflt) {
		ui_put(c, ui_at(0, x.deflt, 0), UI_TEXT, p.deflt ? p.deflt : unknown);
	}
}

/* A line that Postfix refuses: what stands in it. */
static void
put_bad_line(struct params *v, const struct diag *bad, const struct ui_canvas *c)
{
	char *name = str_format(_("line %u"), bad->loc.line);
	int used = ui_put(c, ui_at(0, NAME_X, 0), UI_TEXT, name);
	struct str raw = {0}, text = {0};

	(void)ses_line_text(v->s, bad->loc.line, &raw);
	scr_untab(str_sv(&raw), &text);
	ui_put_sv(c, ui_at(0, NAME_X + used + 2, 0), UI_TEXT, str_sv(&text));
	str_free(&raw);
	str_free(&text);
	free(name);
}

static void
draw_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	struct params *v = self;
	const struct diag *bad = params_bad_line(v, i);

	if (bad) {
		row->state = scr_state(bad);
		put_bad_line(v, bad, c);
	} else {
		put_param(v, i, row, c);
	}
}

const struct ui_list_ops params_rows = {params_count, draw_row};

static void
draw_columns(const struct ui_canvas *body, int y)
{
	struct columns x = columns_of(body->w - 1);

	ui_put(body, ui_at(y, NAME_X, 0), UI_STRONG, _("Parameter"));
	ui_put(body, ui_at(y, x.value, 0), UI_STRONG, _("Value"));
	if (x.from) {
		ui_put(body, ui_at(y, x.from, 0), UI_STRONG, _("From"));
	}
	if (x.deflt) {
		ui_put(body, ui_at(y, x.deflt, 0), UI_STRONG, _("Default"));
	}
}

static void
draw_heading(const struct params *v, const struct ui_canvas *body, int y, int h)
{
	char *right = v->only_set ? str_format(_("%zu set, o shows all"), v->names.set)
				  : str_format(_("%zu set of %zu known"), v->names.set,
					    v->names.known);

	if (filter_shows(&v->filter)) {
		scr_heading(body, y, _("Everything in main.cf"), right);
	} else {
		scr_heading_list(body, y, _("Everything in main.cf"), right, &v->list, h);
	}
	free(right);
}

static void
draw_filter(struct params *v, const struct ui_canvas *body, int y, int h)
{
	size_t n = v->names.n;
	char *text = str_format(body->w < 60 ? P_("%zu shown", "%zu shown", n)
					     : P_("%zu shown, name or help",
						       "%zu shown, name or help", n),
		n);

	filter_draw(&v->filter, body, y, text, &v->list, h);
	free(text);
}

/* --- the strip that describes a parameter --------------------------------------------
 */

static const char *
needs_text(const char *name)
{
	switch (cat_needs(sv_of(name))) {
	case CAT_NEEDS_RESTART:
		return _("stop and start");
	case CAT_NEEDS_RELOAD:
		return _("reload");
	case CAT_NEEDS_NOTHING:
		break;
	}
	return _("nothing");
}

/* "= 192.168.1.1": what the value comes to, where that is told and differs; else "". */
static char *
comes_to(const struct params *v, const struct ses_param *p)
{
	const char *value = p->origin == SES_OFF ? "" : p->value, *full;

	if (!strchr(value, '$')) {
		return mem_strdup("");
	}
	full = ses_param_expanded(v->s, p->name);
	if (!full || strcmp(full, value) == 0 || params_is_secret(p, value) ||
		params_is_secret(p, full)) {
		return mem_strdup("");
	}
	return str_format("= %s", full[0] ? full : _("(empty)"));
}

static void
strip_details(const struct ui_canvas *body, int y, const struct ses_param *p,
	const char *name, const char *first)
{
	const struct cat_def *def = p->def;
	struct str text = {0};

	if (first[0]) {
		str_addf(&text, "%s   ", first);
	}
	if (def) {
		str_addf(&text, _("Kind: %s"), cat_type_name(def->type));
		str_add_cstr(&text, "   ");
	}
	str_addf(&text, _("Needs: %s"), needs_text(name));
	if (def && def->example) {
		str_add_cstr(&text, "   ");
		str_addf(&text, _("Example: %s"), def->example);
	}
	ui_put(body, ui_at(y, 1, 0), UI_TEXT, str_c(&text));
	str_free(&text);
}

static void
draw_strip(const struct params *v, const struct ui_canvas *body)
{
	int y = body->h - STRIP_ROWS + 1, used;
	struct str text = {0};
	struct ses_param p;
	char *full;

	if (!v->strip) {
		return;
	}
	(void)ses_param_get(v->s, v->strip, &p);
	str_addf(&text, "%s: %s", v->strip,
		p.def ? _(p.def->help)
		: p.known
			? _("postconf(5) describes it.")
			: _("no Postfix program knows this name; it has a use only where "
			    "another value refers to it."));
	used = ui_put_wrapped(body, ui_at(y, 1, body->w - 2), UI_TEXT, str_sv(&text), 2);
	full = comes_to(v, &p);
	if (used < 2) {
		ui_put(body, ui_at(y + 1, 1, 0), UI_TEXT, full);
	}
	strip_details(body, y + 2, &p, v->strip, used < 2 ? "" : full);
	free(full);
	str_free(&text);
}

void
params_draw(void *self, const struct ui_canvas *body)
{
	struct params *v = self;
	bool low = scr_is_low(body), strip = ui_usual_h(body) >= STRIP_LEAST;
	int top = low ? 0 : 1;
	int filter_y = top + 1, y = filter_y + (filter_shows(&v->filter) ? 1 : 0);

	params_refresh(v);
	if (!low) {
		draw_columns(body, y++);
	}
	struct ui_canvas c = ui_canvas_sub(
		body, y, 0, body->h - y - (strip ? STRIP_ROWS : 0), body->w);
	ui_list_draw(&v->list, &c);
	draw_heading(v, body, top, c.h);
	if (filter_shows(&v->filter)) {
		draw_filter(v, body, filter_y, c.h);
	}
	if (strip) {
		draw_strip(v, body);
	}
}
