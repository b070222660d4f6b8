/* SPDX-License-Identifier: MIT
 *
 * A step of the guided set-up as it is shown: a title, why it is asked, and those of its
 * questions that the role leaves open. Strings are the session's.
 */
#include "session/setup_parts.h"

#include "base/i18n.h"
#include "session/login.h"

static const char *
why_listen(enum ses_setup_role role)
{
	if (role == SES_ROLE_HOST)
		return _("Where may programs hand mail to this relay? Only programs on "
			 "this host, so nothing else needs to be open.");
	return _("Where may clients hand mail to this relay? Proposed: this host and "
		 "its private addresses.");
}

static const char *
why_clients(enum ses_setup_role role)
{
	if (role == SES_ROLE_HOST)
		return _("Which machines may send mail through this relay without a "
			 "login? For this host alone nothing needs to be added.");
	return _("Which machines may send mail through this relay without a login? All "
		 "others are refused. Proposed: the networks of the NICs where it "
		 "listens.");
}

static const char *
why_upstream(enum ses_setup_role role)
{
	if (role == SES_ROLE_DIRECT)
		return _(
			"Mail goes straight to each receiver's host. Many of them refuse "
			"mail from office lines: then choose a role with an upstream.");
	return _("To which mail server does everything go? Your provider names host and "
		 "port.");
}

static const char *
why(const struct setup *st, enum ses_setup_step step)
{
	enum ses_setup_role role = setup_role(st, NULL);

	switch (step) {
	case SES_SETUP_ROLE:
		return _("What is this machine for? Each later question is proposed to "
			 "fit, and you can come back here at any time.");
	case SES_SETUP_NAME:
		return _("Under which names does this relay speak, and whose mail stays "
			 "here? What is set is kept.");
	case SES_SETUP_LISTEN:
		return why_listen(role);
	case SES_SETUP_CLIENTS:
		return why_clients(role);
	case SES_SETUP_UPSTREAM:
		return why_upstream(role);
	case SES_SETUP_PEOPLE:
		return _("Who reads what this machine reports (root) and what others "
			 "write "
			 "about mail (postmaster)?");
	case SES_SETUP_LOG:
		if (!st->base.can_log)
			return _("Postfix logs through the system's log: nothing to "
				 "choose here.");
		return _("Where does Postfix tell what became of each message?");
	case SES_SETUP_STEPS:
		break;
	}
	return _("Nothing is written yet: these lines will change.");
}

static const char *
title(enum ses_setup_step step)
{
	static const char *const titles[] = {N_("Role"), N_("Name"), N_("Listen"),
		N_("Clients"), N_("Upstream"), N_("People"), N_("Log"), N_("Review")};

	return _(titles[step]);
}

/* --- choices --- */

static void
choice(struct setup_choices *out, const char *id, const char *words)
{
	out->v[out->n++] = (struct ses_setup_choice){id, words};
}

/* The four that a person needs, and whatever else stands in the file. */
static void
tls_choices(struct session *s, struct setup_choices *out)
{
	const char *const now[] = {s->setup->base.value[SES_ANS_TLS],
		setup_wanted(s->setup, SES_ANS_TLS, NULL)};

	choice(out, "encrypt", _("required"));
	choice(out, "may", _("if offered"));
	choice(out, "none", _("none"));
	choice(out, "secure", _("required + checked"));
	for (size_t i = 0; i < sizeof(now) / sizeof(now[0]); i++) {
		bool there = false;

		for (size_t k = 0; k < out->n; k++)
			there = there || strcmp(out->v[k].id, now[i]) == 0;
		if (!there)
			choice(out, now[i], now[i]);
	}
}

void
setup_choices(struct session *s, enum ses_setup_ask ask, struct setup_choices *out)
{
	*out = (struct setup_choices){.n = 0};
	if (ask == SES_ANS_ROLE) {
		choice(out, "relay", _("relay for the LAN, to an upstream"));
		choice(out, "host", _("this host only, to an upstream"));
		choice(out, "direct", _("relay for the LAN, straight to the Internet"));
	} else if (ask == SES_ANS_TLS) {
		tls_choices(s, out);
	} else if (ask == SES_ANS_LOG) {
		choice(out, "system", _("the system's log"));
		choice(out, "file", _("a file of its own"));
	}
}

/* --- questions --- */

static void
fill_choices(struct session *s, struct ses_setup_question *q)
{
	struct setup_choices all;
	struct ses_setup_choice *v;

	setup_choices(s, q->ask, &all);
	v = arena_new(scratch(s), (all.n + 1) * sizeof(*v));
	for (size_t i = 0; i < all.n; i++) {
		v[i].id = arena_str(scratch(s), all.v[i].id);
		v[i].words = arena_str(scratch(s), all.v[i].words);
		if (strcmp(v[i].id, q->value) == 0)
			q->choice = i;
	}
	q->choices = v;
	q->nchoices = all.n;
}

/* What is found on a row that this set-up adds; its step must be in the files. */
static void
judge_item(struct session *s, enum ses_setup_ask ask, struct ses_setup_item *it)
{
	struct ses_setup_verdict v = {.text = "", .hint = ""};
	const struct diag *found = NULL;

	if (it->on && setup_def(ask)->step <= s->setup->at)
		found = setup_row_finding(s, ask, it->text);
	if (!found)
		return;
	setup_verdict_of(s, found, &v);
	it->mark = v.mark;
	it->says = v.text;
	it->hint = v.hint;
}

static struct ses_setup_item
item_of(struct session *s, enum ses_setup_ask ask, const struct setup_row *row)
{
	struct ses_setup_item it = {.text = arena_str(scratch(s), row->text),
		.note = arena_str(scratch(s), row->note),
		.on = setup_row_wanted(s->setup, ask, row),
		.can_tick = row->can_tick,
		.mark = row->mark,
		.says = "",
		.hint = ""};

	if (row->is_hint)
		judge_item(s, ask, &it);
	return it;
}

static struct ses_setup_item
added_item(struct session *s, enum ses_setup_ask ask, const char *text)
{
	struct ses_setup_verdict v = {.note = "", .text = "", .hint = ""};
	struct ses_setup_item it = {.text = arena_str(scratch(s), text),
		.on = setup_added_wanted(&s->setup->a[ask], text),
		.is_new = true,
		.can_tick = ask != SES_ANS_ALIASES};

	ses_setup_judge(s, ask, text, &v);
	it.note = v.note;
	it.mark = v.mark == 'k' ? 0 : v.mark;
	it.says = it.mark ? v.text : "";
	it.hint = it.mark ? v.hint : "";
	judge_item(s, ask, &it);
	return it;
}

static void
fill_items(struct session *s, struct ses_setup_question *q)
{
	const struct setup *st = s->setup;
	const struct setup_rows *rows = setup_rows(st, q->ask);
	const struct setup_answer *a = &st->a[q->ask];
	struct ses_setup_item *v =
		arena_new(scratch(s), (rows->n + a->nadded + 1) * sizeof(*v));

	q->items = v;
	for (size_t i = 0; i < rows->n; i++)
		v[q->nitems++] = item_of(s, q->ask, &rows->v[i]);
	for (size_t i = 0; i < a->nadded; i++)
		v[q->nitems++] = added_item(s, q->ask, a->added[i]);
	q->can_add = q->ask != SES_ANS_LISTEN;
	q->more = q->ask == SES_ANS_CLIENTS   ? st->base.more
		  : q->ask == SES_ANS_ALIASES ? st->base.aliases
					      : 0;
	q->from = !setup_rows_differ(st, q->ask) ? SES_Q_KEPT
		  : a->given                     ? SES_Q_ANSWERED
						 : SES_Q_PROPOSED;
	q->value = "";
	if (q->from == SES_Q_PROPOSED)
		q->now = arena_str(scratch(s), st->base.value[q->ask]);
}

/* A login and port 465 make TLS required as they are written. */
static const char *
tls_value(struct session *s, enum ses_setup_from *from)
{
	const struct setup *st = s->setup;
	const char *value = setup_wanted(st, SES_ANS_TLS, from);

	if (st->a[SES_ANS_TLS].given || st->at < SES_SETUP_UPSTREAM)
		return value;
	value = setup_tls_now(s);
	*from = strcmp(value, st->base.value[SES_ANS_TLS]) == 0 ? SES_Q_KEPT
								: SES_Q_PROPOSED;
	return value;
}

static void
fill(struct session *s, enum ses_setup_ask ask, struct ses_setup_question *q)
{
	const struct setup_def *def = setup_def(ask);
	const char *value;

	*q = (struct ses_setup_question){.ask = ask,
		.kind = def->kind,
		.id = def->id,
		.label = _(def->label),
		.help = _(def->help),
		.said = {.note = "", .text = "", .hint = ""}};
	if (def->kind == SES_Q_TICKS) {
		fill_items(s, q);
		return;
	}
	value = ask == SES_ANS_TLS ? tls_value(s, &q->from)
				   : setup_wanted(s->setup, ask, &q->from);
	q->value = arena_str(scratch(s), value);
	if (q->from == SES_Q_PROPOSED && ask != SES_ANS_ROLE)
		q->now = arena_str(scratch(s), s->setup->base.value[ask]);
	if (def->kind == SES_Q_CHOICE)
		fill_choices(s, q);
	if (def->kind == SES_Q_TEXT || def->kind == SES_Q_SECRET)
		setup_said(s, ask, q->value, &q->said);
}

void
ses_setup_view(struct session *s, enum ses_setup_step step, struct ses_setup_view *out)
{
	struct ses_setup_question *q;

	*out = (struct ses_setup_view){.step = step, .title = title(step), .why = ""};
	setup_now(s);
	if (!s->setup)
		return;
	out->why = why(s->setup, step);
	out->taken = step < s->setup->at;
	q = arena_new(scratch(s), SES_SETUP_QUESTIONS * sizeof(*q));
	out->q = q;
	for (int i = 0; i < SES_SETUP_QUESTIONS; i++) {
		enum ses_setup_ask ask = (enum ses_setup_ask)i;

		if (setup_def(ask)->step == step && setup_is_open(s->setup, ask))
			fill(s, ask, &q[out->n++]);
	}
}
