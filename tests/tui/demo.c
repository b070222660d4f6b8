/* SPDX-License-Identifier: MIT
 *
 * What the framework's tests look at: a long list with an add dialog that judges while it
 * is typed in, a screen with values that open in place, and one with hostile text. Not
 * part of the product.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/app.h"
#include "ui/dialog.h"
#include "ui/form.h"
#include "ui/list.h"

struct owner {
	char *added[64];
	size_t nadded, nrows;
	char changes[32];
};

/* --- list screen ---------------------------------------------------------------------
 */

struct nets {
	struct ui_app *app;
	struct owner *o;
	struct ui_list list;
};

static size_t
nets_count(void *self)
{
	const struct nets *s = self;

	return s->o->nrows + s->o->nadded;
}

static char
nets_state(const struct nets *s, size_t i)
{
	return i < s->o->nrows && i % 10 == 4 ? '!' : 0;
}

static void
nets_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	static const char *const notes[] = {"lan0's own segment", "branch Osaka",
		"printers, 2nd floor", "behind 192.168.2.254", "guests", "copier",
		"warehouse in Nagoya"};
	const struct nets *s = self;

	row->state = nets_state(s, i);
	if (i >= s->o->nrows) {
		row->edit = '+';
		ui_put(c, ui_at(0, 5, 20), UI_TEXT, s->o->added[i - s->o->nrows]);
		return;
	}
	ui_putf(c, ui_at(0, 5, 20), UI_TEXT, "10.%zu.%zu.0/24", i / 256, i % 256);
	ui_put(c, ui_at(0, 27, 8), UI_TEXT, "net");
	ui_put_right(c, ui_at(0, 36, 9), UI_TEXT, "256");
	ui_putf(c, ui_at(0, 48, 0), UI_TEXT, "%s", notes[i * 5 % 7]);
}

static const struct ui_list_ops nets_rows = {nets_count, nets_row};

static void *
nets_open(struct ui_app *app, void *ctx)
{
	struct nets *s = mem_new(1, sizeof(*s));

	s->app = app;
	s->o = ctx;
	ui_list_init(&s->list, &nets_rows, s);
	return s;
}

static void
nets_draw(void *self, const struct ui_canvas *body)
{
	struct nets *s = self;
	struct ui_canvas rows = ui_canvas_sub(body, 3, 0, body->h - 3, body->w);

	ui_put(body, ui_at(1, 0, 0), UI_STRONG, "Clients that may relay without login");
	ui_list_position(&s->list, body, ui_at(1, 0, 0), rows.h);
	ui_put(body, ui_at(2, 5, 0), UI_FAINT, "Network");
	ui_put_right(body, ui_at(2, 36, 9), UI_FAINT, "Addresses");
	ui_list_draw(&s->list, &rows);
}

static void
nets_message(void *self, struct ui_message *m)
{
	const struct nets *s = self;

	if (nets_state(s, s->list.focus)) {
		ui_message_set(m, '!', "Clients after this row get \"451\".",
			"r writes it right.");
	}
}

static void
nets_keys(void *self, struct ui_keybar *bar)
{
	(void)self;
	ui_keybar_add(bar, "a", "add");
	ui_keybar_add(bar, "Enter", "edit");
	ui_keybar_add(bar, "d", "remove");
	ui_keybar_add(bar, "Space", "on/off");
	ui_keybar_add(bar, "n", "problem");
	ui_keybar_add(bar, "w", "apply");
}

enum { F_NET = 1, F_COVERS, F_NOTE, F_BLANK, F_HEAD, F_TICK, B_ADD, B_CANCEL };

static void
add_judge(void *self, struct ui_form *f, int id, bool left)
{
	struct sv t = ui_form_text(f, F_NET);
	bool whole = t.n > 0 && t.p[t.n - 1] != '.';

	(void)self;
	(void)id;
	bool bad = sv_find_sv(t, sv_of("3.5/")) >= 0;
	ui_form_set_mark(f, F_NET, bad ? '!' : whole || !left || t.n == 0 ? 0 : '?');
	ui_form_set_text(f, F_COVERS, sv_of(whole ? "256 addresses" : ""));
	if (bad) {
		ui_form_words(f, '!', "/24 is a whole segment, but .5 is one machine.",
			"All whom no row above allows get \"451\".");
		ui_form_button(f, B_ADD, "Use 192.168.3.0/24", 0, NULL);
	} else {
		ui_form_words(f, 0, whole ? "It will be written." : NULL, NULL);
		ui_form_button(f, B_ADD, "Add", 0, NULL);
	}
}

static bool
add_press(void *self, struct ui_form *f, int button)
{
	struct nets *s = self;
	struct sv t = ui_form_text(f, F_NET);

	if (button == B_CANCEL) {
		return true;
	}
	if (t.n == 0) {
		ui_form_hold(f, F_NET, "Nothing to add yet: type a network.",
			"Such as 192.168.3.0/24.");
		return false;
	}
	s->o->added[s->o->nadded++ % 64] = sv_dup(t);
	ui_list_select(&s->list, nets_count(s) - 1);
	ui_app_say(s->app, 0, "added; u takes it back", NULL);
	return true;
}

static const struct ui_form_ops add_ops = {.judge = add_judge, .press = add_press};

static void
add_dialog(struct nets *s, struct sv text)
{
	struct ui_form *f =
		ui_form_new(&add_ops, s, "Add client segments", 70, UI_FORM_AT_FOCUS);
	const struct ui_field fields[] = {
		{.id = F_NET,
			.kind = UI_FIELD_INPUT,
			.flags = UI_FIELD_LIST,
			.label = "Network",
			.width = 39},
		{.id = F_COVERS, .kind = UI_FIELD_TEXT, .label = "Covers", .text = ""},
		{.id = F_NOTE, .kind = UI_FIELD_INPUT, .label = "Note", .width = 39},
		{.id = F_BLANK, .kind = UI_FIELD_BLANK},
		{.id = F_HEAD, .kind = UI_FIELD_TEXT, .label = "Suggested"},
		{.id = F_TICK,
			.kind = UI_FIELD_TICK,
			.label = "192.168.2.0/24",
			.text = "lan1's own segment"},
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		ui_form_add(f, &fields[i], -1);
	}
	ui_form_button(f, B_ADD, "Add", 0, NULL);
	ui_form_button(f, B_CANCEL, "Cancel", 0, NULL);
	ui_form_paste(f, F_NET, text);
	ui_form_open(f, s->app);
}

/* --- a form whose rows grow ----------------------------------------------------------
 */

enum { F_NAME = 1, F_USE, F_TARGETS, T_FIRST = 100 };

static int
last_target(const struct ui_form *f)
{
	return ui_form_id_at(f, ui_form_count(f) - 1);
}

static void
add_target(struct ui_form *f, int id)
{
	ui_form_add(f,
		&(struct ui_field){
			.id = id, .kind = UI_FIELD_INPUT, .indent = 3, .width = 37},
		-1);
}

/* There is always one empty row at the end; an emptied one above it goes. */
static void
alias_judge(void *self, struct ui_form *f, int id, bool left)
{
	(void)self;
	if (id >= T_FIRST && left && ui_form_text(f, id).n == 0 && id != last_target(f)) {
		ui_form_remove(f, id);
	}
	if (ui_form_text(f, last_target(f)).n > 0) {
		add_target(f, last_target(f) + 1);
	}
	if (id >= T_FIRST) {
		ui_form_set_note(f, id, "address   ok goes upstream");
	}
}

static bool
alias_key(void *self, struct ui_form *f, int id, const struct ui_event *ev)
{
	(void)self;
	if (id < T_FIRST || !ui_event_is(ev, ',') || ui_form_text(f, id).n == 0) {
		return false;
	}
	ui_form_focus(f, last_target(f));
	return true;
}

static const struct ui_form_ops alias_ops = {.judge = alias_judge, .key = alias_key};

static void
alias_dialog(struct nets *s)
{
	struct ui_form *f = ui_form_new(&alias_ops, s, "Alias", 76, UI_FORM_AT_FOCUS);
	const struct ui_field fields[] = {
		{.id = F_NAME, .kind = UI_FIELD_INPUT, .label = "Name", .width = 26},
		{.id = F_USE,
			.kind = UI_FIELD_TICK,
			.flags = UI_FIELD_SAME_ROW,
			.label = "in use",
			.indent = 43,
			.on = true},
		{.id = F_TARGETS,
			.kind = UI_FIELD_TEXT,
			.flags = UI_FIELD_HEADING,
			.label = "Targets"},
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		ui_form_add(f, &fields[i], -1);
	}
	add_target(f, T_FIRST);
	ui_form_button(f, B_ADD, "Keep", 0, NULL);
	ui_form_button(f, B_CANCEL, "Cancel", UI_KEY_ESC, NULL);
	ui_form_open(f, s->app);
}

/* --- a layer with tabs and a page of fields of its own -------------------------------
 */

enum { P_ROLE = 1, P_HOST, P_MX, P_TLS, P_STEPS = 3 };

struct page {
	struct ui_app *app;
	struct ui_form *form;
	size_t step;
};

static void
page_judge(void *self, struct ui_form *f, int id, bool left)
{
	(void)self;
	if (id == P_HOST) {
		ui_form_set_note(f, id, left ? "left" : "typed");
		ui_form_words(f, 0, "The host was judged.", NULL);
	}
}

static void
page_draw(void *self, const struct ui_canvas *body)
{
	struct page *p = self;
	struct ui_canvas c = ui_canvas_sub(body, 1, 0, body->h - 2, body->w);
	int used = ui_form_draw(p->form, &c);

	ui_putf(body, ui_at(used + 1, 0, 0), UI_TEXT, "role %zu, TLS %zu",
		ui_form_choice(p->form, P_ROLE), ui_form_choice(p->form, P_TLS));
}

static enum ui_result
page_event(void *self, const struct ui_event *ev)
{
	struct page *p = self;

	if (ev->kind == UI_EV_MOUSE && ev->y == 1) {
		return UI_IGNORED;
	}
	if (ui_event_is(ev, UI_KEY_ESC)) {
		return UI_DONE;
	}
	if (ui_event_is(ev, UI_KEY_ENTER)) {
		p->step = p->step + 1 < P_STEPS ? p->step + 1 : p->step;
		return UI_HANDLED;
	}
	return ui_form_event(p->form, ev);
}

static void
page_message(void *self, struct ui_message *m)
{
	ui_form_message(((struct page *)self)->form, m);
}

static int64_t
page_deadline(void *self)
{
	return ui_form_deadline(((struct page *)self)->form);
}

static void
page_tick(void *self, int64_t now)
{
	ui_form_tick(((struct page *)self)->form, now);
}

static bool
page_head(void *self, struct ui_head *out)
{
	*out = (struct ui_head){.title = "Setup of the demo",
		.tab = {{'1', "Role", '*'}, {'2', "Name", 0}, {'3', "Listen", 0}},
		.n = P_STEPS,
		.active = ((struct page *)self)->step};
	return true;
}

static void
page_pick(void *self, size_t tab)
{
	((struct page *)self)->step = tab;
}

static void
page_show(void *self, bool visible)
{
	if (visible) {
		ui_app_say(
			((struct page *)self)->app, 0, "The page is seen again.", NULL);
	}
}

static void
page_close(void *self)
{
	ui_form_destroy(((struct page *)self)->form);
	free(self);
}

static void
page_push(struct ui_app *app)
{
	static const struct ui_form_ops form_ops = {.judge = page_judge};
	static const struct ui_ops ops = {.close = page_close,
		.draw = page_draw,
		.event = page_event,
		.message = page_message,
		.deadline = page_deadline,
		.tick = page_tick,
		.show = page_show,
		.head = page_head,
		.pick = page_pick};
	static const char *const role[] = {"relay for the LAN", "this host only", NULL};
	static const char *const tls[] = {"required", "if offered", "none", NULL};
	static const struct ui_field fields[] = {
		{.id = P_ROLE,
			.kind = UI_FIELD_RADIO,
			.flags = UI_FIELD_ROWS,
			.label = "Role",
			.indent = 3,
			.choices = role},
		{.id = P_HOST,
			.kind = UI_FIELD_INPUT,
			.label = "Host",
			.width = 26,
			.indent = 3},
		{.id = P_MX,
			.kind = UI_FIELD_TICK,
			.flags = UI_FIELD_SAME_ROW,
			.label = "look up MX",
			.indent = 46},
		{.id = P_TLS,
			.kind = UI_FIELD_RADIO,
			.label = "TLS",
			.indent = 3,
			.choices = tls},
	};
	struct page *p = mem_new(1, sizeof(*p));

	p->app = app;
	p->form = ui_form_new(&form_ops, p, "", 0, UI_FORM_PAGE);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		ui_form_add(p->form, &fields[i], -1);
	}
	ui_form_begin(p->form, app);
	ui_app_push(app, &ops, p, false);
}

static enum ui_result
nets_event(void *self, const struct ui_event *ev)
{
	struct nets *s = self;

	enum ui_list_result r = ui_list_event(&s->list, ev);
	if (r == UI_LIST_MOVED) {
		return UI_HANDLED;
	}
	if (ui_event_is(ev, 'a') || r == UI_LIST_ENTER) {
		add_dialog(s, sv_of(""));
		return UI_HANDLED;
	}
	if (ui_event_is(ev, 'e')) {
		alias_dialog(s);
		return UI_HANDLED;
	}
	if (ui_event_is(ev, 's')) {
		page_push(s->app);
		return UI_HANDLED;
	}
	if (ev->kind == UI_EV_PASTE) {
		add_dialog(s, ev->paste);
		return UI_HANDLED;
	}
	return UI_IGNORED;
}

static bool
nets_problem(void *self, int dir, bool from_edge)
{
	struct nets *s = self;
	size_t n = nets_count(s);
	size_t at = s->list.focus;

	for (size_t k = 0; k < n; k++) {
		if (k > 0 || !from_edge) {
			if (dir > 0 ? at + 1 >= n : at == 0) {
				return false;
			}
			at += dir > 0 ? 1 : (size_t)-1;
		} else {
			at = dir > 0 ? 0 : n - 1;
		}
		if (nets_state(s, at)) {
			ui_list_select(&s->list, at);
			return true;
		}
	}
	return false;
}

static void
any_close(void *self)
{
	free(self);
}

static const struct ui_ops nets_ops = {
	.open = nets_open,
	.close = any_close,
	.draw = nets_draw,
	.event = nets_event,
	.message = nets_message,
	.keys = nets_keys,
	.problem = nets_problem,
};

/* --- values that open in place -------------------------------------------------------
 */

struct values {
	struct ui_app *app;
	struct str value[3];
	struct ui_list list;
	struct ui_inline field;
};

static size_t
values_count(void *self)
{
	(void)self;
	return 3;
}

static void
values_row(void *self, size_t i, struct ui_row *row, const struct ui_canvas *c)
{
	static const char *const label[] = {"Host", "Port", "Password"};
	struct values *s = self;

	ui_put(c, ui_at(0, 5, 0), UI_TEXT, label[i]);
	if (!row->focus || !ui_inline_draw(&s->field, i, c, ui_at(0, 21, 22))) {
		ui_put_sv(c, ui_at(0, 22, 20), UI_TEXT, str_sv(&s->value[i]));
	}
}

static const struct ui_list_ops values_rows = {values_count, values_row};

static void *
values_open(struct ui_app *app, void *ctx)
{
	struct values *s = mem_new(1, sizeof(*s));

	(void)ctx;
	s->app = app;
	str_add_cstr(&s->value[0], "mail.test.co.jp");
	ui_list_init(&s->list, &values_rows, s);
	return s;
}

static void
values_close(void *self)
{
	struct values *s = self;

	for (size_t i = 0; i < 3; i++) {
		str_free(&s->value[i]);
	}
	ui_inline_free(&s->field);
	free(s);
}

static void
values_draw(void *self, const struct ui_canvas *body)
{
	struct values *s = self;
	struct ui_canvas rows = ui_canvas_sub(body, 2, 0, body->h - 2, body->w);

	ui_put(body, ui_at(1, 0, 0), UI_STRONG, "Where all mail goes");
	ui_list_draw(&s->list, &rows);
}

static void
values_edit(struct values *s)
{
	size_t i = s->list.focus;

	ui_inline_open(&s->field, i, str_sv(&s->value[i]),
		i == 2 ? (unsigned)UI_INPUT_PASSWORD : 0);
}

static enum ui_result
values_event(void *self, const struct ui_event *ev)
{
	struct values *s = self;

	switch (ui_inline_event(&s->field, ev)) {
	case UI_INLINE_ACCEPT:
		str_clear(&s->value[s->field.id]);
		str_add_sv(&s->value[s->field.id], ui_input_text(&s->field.in));
		return UI_HANDLED;
	case UI_INLINE_CHANGED:
		s->field.in.mark =
			sv_find(ui_input_text(&s->field.in), '!') >= 0 ? '!' : 0;
		if (s->field.cut) {
			ui_app_say(s->app, '?', "Only the first line was taken.", NULL);
		}
		return UI_HANDLED;
	case UI_INLINE_HELD:
	case UI_INLINE_CANCEL:
		return UI_HANDLED;
	case UI_INLINE_IGNORED:
		return UI_IGNORED;
	case UI_INLINE_CLOSED:
		break;
	}
	switch (ui_list_event(&s->list, ev)) {
	case UI_LIST_ENTER:
		values_edit(s);
		return UI_HANDLED;
	case UI_LIST_MOVED:
		return UI_HANDLED;
	case UI_LIST_IGNORED:
		break;
	}
	if (ev->kind == UI_EV_PASTE) {
		ui_inline_paste(&s->field, s->list.focus,
			str_sv(&s->value[s->list.focus]), 0, ev->paste);
		if (s->field.cut) {
			ui_app_say(s->app, '?', "Only the first line was taken.", NULL);
		}
		return UI_HANDLED;
	}
	return UI_IGNORED;
}

static bool
values_typing(void *self)
{
	const struct values *s = self;

	return s->field.open;
}

static const struct ui_ops values_ops = {
	.open = values_open,
	.close = values_close,
	.draw = values_draw,
	.event = values_event,
	.typing = values_typing,
};

/* --- hostile text --------------------------------------------------------------------
 */

static void
hostile_draw(void *self, const struct ui_canvas *body)
{
	static const char raw[] = "a\033[31mred\007\t\xff\xe2\x80\xae"
				  "end";
	struct ui_canvas narrow = ui_canvas_sub(body, 4, 0, 6, 21);

	(void)self;
	ui_put(body, ui_at(0, 0, 0), UI_TEXT, raw);
	ui_put(body, ui_at(1, 0, 7), UI_TEXT,
		"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"
		"\xe6\x96\x87");
	ui_put(body, ui_at(2, 0, 0), UI_TEXT, "e\xcc\x81|");
	ui_put_wrapped(&narrow, ui_at(0, 0, 0), UI_TEXT,
		sv_of("\xe3\x81\x93\xe3\x81\xae\xe8\xa1\x8c\xe3\x82\x88\xe3\x82\x8a\xe5"
		      "\xbe\x8c\xe3\x81\xae\xe7\x9b\xb8\xe6\x89\x8b\xe3\x80\x82\xe6\xac"
		      "\xa1"),
		3);
	ui_put_wrapped(&narrow, ui_at(3, 0, 0), UI_TEXT,
		sv_of("plain words break at their blanks"), 3);
}

static const struct ui_ops hostile_ops = {.draw = hostile_draw};

/* --- owner ---------------------------------------------------------------------------
 */

static const struct ui_screen screens[] = {
	{"overview", N_("Overview"), '1', &hostile_ops},
	{"interfaces", N_("Interfaces"), '2', &hostile_ops},
	{"networks", N_("Networks"), '3', &nets_ops},
	{"relayhost", N_("Relay"), '4', &values_ops},
	{"aliases", N_("Aliases"), '5', &nets_ops},
	{"params", N_("Params"), '6', &hostile_ops},
};
static const struct ui_screen *const table[] = {
	&screens[0], &screens[1], &screens[2], &screens[3], &screens[4], &screens[5]};

static void
title(void *ctx, struct ui_title *t)
{
	struct owner *o = ctx;

	snprintf(o->changes, sizeof(o->changes), "!1 ?0 *%zu", o->nadded);
	*t = (struct ui_title){.host = "relay.example.co.jp",
		.product = "Postfix",
		.version = "3.7.11",
		.state = "running",
		.folder = "/etc/postfix",
		.right = o->changes};
}

static char
mark(void *ctx, const struct ui_screen *s)
{
	const struct owner *o = ctx;

	return s->digit == '2' && o->nadded ? '*' : s->digit == '5' ? '?' : 0;
}

struct quit {
	struct ui_app *app;
};

enum { Q_APPLY, Q_DRAFT, Q_DISCARD, Q_STAY };

static void
on_quit(void *self, int choice)
{
	struct quit *q = self;

	if (choice == Q_DISCARD) {
		ui_app_stop(q->app);
	} else if (choice == Q_APPLY) {
		ui_app_say(q->app, 0, "applied, in a manner of speaking", NULL);
	}
}

static void
ask_quit(struct ui_app *app)
{
	static struct quit q;
	static const struct ui_choice choices[] = {
		{Q_APPLY, N_("Review and apply"), 'w', NULL},
		{Q_DRAFT, N_("Keep as draft"), 'k', N_("found again at the next start")},
		{Q_DISCARD, N_("Discard"), 'x', N_("gone for good")},
		{Q_STAY, N_("Stay"), UI_KEY_ESC, NULL},
	};
	static const struct ui_line lines[] = {{'+', "192.168.3.0/24    new"}};

	q.app = app;
	ui_dialog_ask(app, &(struct ui_question){.title = "1 change is not applied yet",
				   .lines = lines,
				   .nlines = 1,
				   .choices = choices,
				   .n = 4,
				   .done = on_quit,
				   .self = &q});
}

/* A job that answers over a pipe, watched by the one loop. */
static void
job_ready(void *self, int fd)
{
	struct ui_app *app = self;
	char c = 0;

	if (read(fd, &c, 1) == 1) {
		ui_app_say(app, 'o', "the job is done", NULL);
	}
	ui_term_unwatch(ui_app_term(app), fd);
	close(fd);
}

static void
job_start(struct ui_app *app)
{
	int fd[2];

	if (pipe(fd) == 0) {
		ui_term_watch(ui_app_term(app), fd[0], job_ready, app);
		if (write(fd[1], "x", 1) != 1) {
			abort();
		}
		close(fd[1]);
	}
}

static void
command(void *ctx, struct ui_app *app, enum ui_command cmd)
{
	struct owner *o = ctx;
	struct str text = {0};

	switch (cmd) {
	case UI_CMD_QUIT:
		if (o->nadded) {
			ask_quit(app);
		} else {
			ui_app_stop(app);
		}
		break;
	case UI_CMD_HELP:
		for (int i = 1; i <= 40; i++) {
			str_addf(&text, "help line %d\n", i);
		}
		ui_dialog_page(app, "Help", str_sv(&text));
		str_free(&text);
		break;
	case UI_CMD_REREAD:
		job_start(app);
		break;
	case UI_CMD_REVIEW:
	case UI_CMD_UNDO:
	case UI_CMD_REDO:
	case UI_CMD_CHANGED:
	case UI_CMD_KEEP:
		ui_app_say(app, 0, "not in this demo", NULL);
		break;
	case UI_CMD_HANGUP:
		break;
	}
}

int
main(int argc, char **argv)
{
	struct owner o = {.nrows = 412};
	const struct ui_owner owner = {.ctx = &o,
		.screens = table,
		.nscreens = 6,
		.title = title,
		.mark = mark,
		.command = command};
	struct ui_term_opts opts = {0};
	struct diags d = {0};
	size_t first = 2;

	setlocale(LC_ALL, "");
	for (int i = 1; i < argc; i++) {
		opts.ascii = opts.ascii || strcmp(argv[i], "--ascii") == 0;
		first = strncmp(argv[i], "--screen=", 9) == 0 ? (size_t)(argv[i][9] - '1')
							      : first;
	}
	struct ui_term *term = ui_term_open(&opts, &d);
	if (!term) {
		struct str text = {0};
		diag_format(&d.v[0], &text);
		fprintf(stderr, "%s\n", str_c(&text));
		str_free(&text);
		diag_clear(&d);
		return 3;
	}
	struct ui_app *app = ui_app_new(term, &owner);
	ui_app_run(app, first);
	ui_app_destroy(app);
	ui_term_close(term);
	for (size_t i = 0; i < o.nadded && i < 64; i++) {
		printf("%s\n", o.added[i]);
		free(o.added[i]);
	}
	diag_clear(&d);
	return 0;
}
