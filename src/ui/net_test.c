/* SPDX-License-Identifier: MIT
 *
 * The question stands in the list's last rows, so the rows that it is about stay in
 * sight; the one that decides gets the focus. Answers are kept as text: an old one tells
 * what was true when it was asked.
 */
#include "ui/net_test.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/nettest.h"
#include "ui/input.h"
#include "ui/net_screen.h"

enum { QUESTION_X = 1, MARK_X = 1, TEXT_X = 5, FIELD = 17, WIDE_FIELD = 40 };
enum { ASKED_MAX = 30, ASKED_SHOWN = 3, ANSWER_ROWS = 3, LIST_LEAST = 4 };

struct answer {
	char *who, *text; /* text: "10.20.0.0/16" or why, for the list of old ones */
	enum ses_net_says says;
};

struct net_test {
	bool open, waiting;
	struct ui_input in;
	struct str asked;             /* the question that line tells about */
	struct str line[2];           /* its answer */
	char mark;                    /* of the answer */
	struct answer old[ASKED_MAX]; /* newest first */
	size_t nold;
	size_t back; /* how far Up has gone into the old ones; 0: not at all */
};

/* --- the answer ------------------------------------------------------------- */

static const char *
says_label(enum ses_net_says says)
{
	switch (says) {
	case SES_NET_ALLOWED:
		return _("allowed");
	case SES_NET_DENIED:
		return _("denied");
	case SES_NET_451:
		return "451";
	case SES_NET_NO_GREETING:
		return _("no greeting");
	case SES_NET_CANT_TELL:
	case SES_NET_SAYS:
		break;
	}
	return _("can't tell");
}

static const char *
sentence(enum ses_net_says says)
{
	switch (says) {
	case SES_NET_ALLOWED:
		return _("Yes, allowed:");
	case SES_NET_DENIED:
		return _("No, denied:");
	case SES_NET_451:
		return _("No, \"451 Temporary lookup failure\":");
	case SES_NET_NO_GREETING:
		return _("No, nobody gets a greeting:");
	case SES_NET_CANT_TELL:
	case SES_NET_SAYS:
		break;
	}
	return _("Can't tell:");
}

static char
mark_of(enum ses_net_says says)
{
	switch (says) {
	case SES_NET_ALLOWED:
		return 'o';
	case SES_NET_451:
	case SES_NET_NO_GREETING:
		return '!';
	case SES_NET_CANT_TELL:
		return '?';
	case SES_NET_DENIED:
	case SES_NET_SAYS:
		break;
	}
	return '-';
}

static void
add_place(struct str *out, const struct ses_net_says_of *a)
{
	if (!a->row)
		str_addf(out, " %s.", a->why);
	else if (a->file && a->why[0])
		str_addf(out, _(" %s, line %u of %s: %s."), a->row, a->line, a->file,
			a->why);
	else if (a->file)
		str_addf(
			out, _(" %s, line %u of %s, decides."), a->row, a->line, a->file);
	else
		str_addf(out, _(" %s decides, Postfix's own choice."), a->row);
}

static void
say_second(struct net_test *t, const struct ses_net_answer *a)
{
	struct str *out = &t->line[1];
	size_t n = a->is.before;

	str_clear(out);
	if (a->is.row && n > 0)
		str_addf(out,
			P_("%zu row before it doesn't match. ",
				"%zu rows before it don't match. ", n),
			n);
	if (a->is_new)
		str_addf(out, _("Running Postfix: %s, until you apply."),
			says_label(a->running));
	else
		str_add_cstr(out, _("Running Postfix: the same answer."));
	for (size_t i = 0; i < a->nothers; i++)
		str_addf(out, _(" On %s: %s."), a->others[i].service,
			says_label(a->others[i].says));
}

static void
forget(struct net_test *t, size_t i)
{
	free(t->old[i].who);
	free(t->old[i].text);
	t->nold--;
	memmove(&t->old[i], &t->old[i + 1], (t->nold - i) * sizeof(t->old[0]));
}

static void
remember(struct net_test *t, const struct ses_net_answer *a)
{
	const char *new = a->is_new ? _(" (new: not before you apply)") : "";

	for (size_t i = 0; i < t->nold; i++)
		if (strcmp(t->old[i].who, str_c(&t->asked)) == 0)
			forget(t, i--);
	if (t->nold == ASKED_MAX)
		forget(t, ASKED_MAX - 1);
	memmove(&t->old[1], &t->old[0], t->nold++ * sizeof(t->old[0]));
	t->old[0] = (struct answer){.who = mem_strdup(str_c(&t->asked)),
		.text = str_format("%s%s", a->is.row ? a->is.row : a->is.why, new),
		.says = a->is.says};
}

/* The row that decides gets the focus, where it is in sight. */
static void
show_row(struct networks *v, const struct ses_net_says_of *a)
{
	const struct ses_net_row *r;
	size_t n = ses_net_rows(v->s, &r);

	for (size_t i = 0; a->row && a->file && i < n; i++)
		if (!r[i].off && !r[i].removed && r[i].line == a->line &&
			strcmp(r[i].file, a->file) == 0 &&
			strcmp(r[i].text, a->row) == 0) {
			networks_select(v, i);
			return;
		}
}

static void
ask(struct networks *v, bool again)
{
	struct net_test *t = v->test;
	struct ses_net_answer a;

	t->waiting = !ses_net_test(v->s, str_c(&t->asked), again, &a);
	if (t->waiting)
		return;
	str_clear(&t->line[0]);
	str_clear(&t->line[1]);
	if (a.bad_address) {
		t->mark = '!';
		str_add_cstr(&t->line[0], _("This is not an address. Write 192.168.3.7, "
					    "or NAME[192.168.3.7] as in the log."));
		return;
	}
	t->mark = mark_of(a.is.says);
	str_add_cstr(&t->line[0], sentence(a.is.says));
	add_place(&t->line[0], &a.is);
	say_second(t, &a);
	remember(t, &a);
	show_row(v, &a.is);
}

/* --- opening and closing ---------------------------------------------------- */

void
net_test_open(struct networks *v)
{
	if (!v->test) {
		v->test = mem_new(1, sizeof(*v->test));
		ui_input_init(&v->test->in, 0);
	}
	v->test->open = true;
	v->test->back = 0;
	v->test->waiting = false;
	ui_input_set(&v->test->in, sv_of(""));
	str_clear(&v->test->asked);
}

bool
net_test_is_open(const struct networks *v)
{
	return v->test && v->test->open;
}

void
net_test_free(struct networks *v)
{
	struct net_test *t = v->test;

	if (!t)
		return;
	while (t->nold > 0)
		forget(t, t->nold - 1);
	ui_input_free(&t->in);
	str_free(&t->asked);
	str_free(&t->line[0]);
	str_free(&t->line[1]);
	free(t);
	v->test = NULL;
}

/* --- drawing ---------------------------------------------------------------- */

/* The newest old answer is the one that is told in full already. */
static size_t
first_old(const struct net_test *t)
{
	return t->nold > 0 && strcmp(t->old[0].who, str_c(&t->asked)) == 0 ? 1 : 0;
}

int
net_test_height(const struct networks *v, int h)
{
	size_t n;
	int rows = ANSWER_ROWS;

	if (!net_test_is_open(v))
		return 0;
	n = v->test->nold - first_old(v->test);
	if (n > 0)
		rows += 1 + (n < ASKED_SHOWN ? (int)n : ASKED_SHOWN);
	while (rows > 1 && h - rows < LIST_LEAST)
		rows--;
	return rows < h ? rows : 0;
}

static void
draw_answer(const struct net_test *t, const struct ui_canvas *c)
{
	if (t->asked.n == 0)
		return;
	if (t->waiting) {
		ui_put_mark(c, 1, MARK_X, '.');
		ui_put(c, ui_at(1, TEXT_X, 0), UI_TEXT,
			_("Postfix is asked; you may go on typing."));
		return;
	}
	ui_put_mark(c, 1, MARK_X, t->mark);
	ui_put(c, ui_at(1, TEXT_X, 0), UI_TEXT, str_c(&t->line[0]));
	ui_put(c, ui_at(2, TEXT_X, 0), UI_TEXT, str_c(&t->line[1]));
}

static void
draw_old(const struct net_test *t, const struct ui_canvas *c)
{
	size_t first = first_old(t);
	int y = ANSWER_ROWS;

	if (first >= t->nold || y >= c->h)
		return;
	ui_put(c, ui_at(y++, QUESTION_X, 0), UI_FAINT, _("Asked before"));
	for (size_t i = first; i < t->nold && i < first + ASKED_SHOWN && y < c->h;
		i++, y++) {
		ui_put(c, ui_at(y, TEXT_X, 15), UI_TEXT, t->old[i].who);
		ui_put(c, ui_at(y, TEXT_X + 16, 11), UI_TEXT, says_label(t->old[i].says));
		ui_put(c, ui_at(y, TEXT_X + 28, 0), UI_TEXT, t->old[i].text);
	}
}

void
net_test_draw(struct networks *v, const struct ui_canvas *c)
{
	struct net_test *t = v->test;
	const char *label = _("May this address relay?");
	int x = QUESTION_X + ui_put(c, ui_at(0, QUESTION_X, 0), UI_TEXT, label) + 2;
	int w = t->in.text.n >= FIELD - 3 ? WIDE_FIELD : FIELD;

	ui_input_draw(&t->in, c, ui_at(0, x, x + w < c->w ? w : c->w - x - 1), true);
	draw_answer(t, c);
	draw_old(t, c);
}

void
net_test_message(const struct networks *v, struct ui_message *m)
{
	(void)v;
	ui_message_set(m, 0,
		_("Judged as smtpd does it: first row that matches decides, files are "
		  "followed."),
		NULL);
}

void
net_test_keys(struct ui_keybar *bar)
{
	ui_keybar_add(bar, "Enter", _("asks"));
	ui_keybar_add(bar, _("Up/Down"), _("an earlier one"));
	ui_keybar_add(bar, "Esc", _("back to the list"));
	bar->help_key = "F1 Ctrl-G";
}

/* --- events ----------------------------------------------------------------- */

static void
walk(struct net_test *t, int by)
{
	if (by > 0 && t->back < t->nold)
		t->back++;
	if (by < 0 && t->back > 0)
		t->back--;
	ui_input_set(&t->in, sv_of(t->back ? t->old[t->back - 1].who : ""));
}

static void
enter(struct networks *v)
{
	struct net_test *t = v->test;
	struct sv typed = sv_trim(ui_input_text(&t->in));

	if (typed.n == 0)
		return;
	str_clear(&t->asked);
	str_add_sv(&t->asked, typed);
	t->back = 0;
	ask(v, true);
}

bool
net_test_event(struct networks *v, const struct ui_event *ev)
{
	struct net_test *t = v->test;

	if (!net_test_is_open(v))
		return false;
	if (ui_event_is(ev, UI_KEY_ENTER))
		enter(v);
	else if (ui_event_is(ev, UI_KEY_ESC))
		t->open = false;
	else if (ui_event_is(ev, UI_KEY_UP) || ui_event_is(ev, UI_KEY_DOWN))
		walk(t, ev->key == UI_KEY_UP ? 1 : -1);
	else
		return ui_input_event(&t->in, ev) != UI_EDIT_NONE;
	return true;
}

void
net_test_stepped(struct networks *v)
{
	if (net_test_is_open(v) && v->test->waiting)
		ask(v, false);
}
