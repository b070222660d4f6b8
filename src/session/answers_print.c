/* SPDX-License-Identifier: MIT
 *
 * The present state as answers for the guided set-up. What only holds by default is shown
 * behind '#': answered elsewhere, it would become a setting there. So is what can't be
 * told: passwords, and the aliases besides root and postmaster.
 */
#include "session/setup_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

/* --- as data --- */

static void
listen_state(struct session *s, const struct setup_base *b, struct ses_setup_state *out)
{
	struct sv rest = sv_of(b->value[SES_ANS_LISTEN]), token;
	const char **v = arena_new(scratch(s), (rest.n / 2 + 1) * sizeof(*v));

	while (sv_token(&rest, ", \t\r\n", &token))
		v[out->nitems++] = arena_sv(scratch(s), token);
	out->items = v;
}

static void
clients_state(struct session *s, const struct setup_base *b, struct ses_setup_state *out)
{
	const char **v = arena_new(scratch(s), (b->clients.n + 1) * sizeof(*v));

	out->items = v;
	out->more = b->more ? b->more + b->clients.n : 0;
	for (size_t i = 0; !b->more && i < b->clients.n; i++)
		if (b->clients.v[i].on)
			v[out->nitems++] = arena_str(scratch(s), b->clients.v[i].text);
}

static bool
is_set(const struct setup_base *b, enum ses_setup_ask ask)
{
	switch (ask) {
	case SES_ANS_ROLE:
		return b->has_role;
	case SES_ANS_MX:
		return b->is_set[SES_ANS_RELAYHOST] &&
		       !setup_is_whole(b->value[SES_ANS_RELAYHOST]);
	case SES_ANS_LOG:
	case SES_ANS_LOGFILE:
		return b->value[SES_ANS_LOGFILE][0];
	case SES_ANS_HOSTNAME:
	case SES_ANS_ORIGIN:
	case SES_ANS_DESTINATION:
	case SES_ANS_LISTEN:
	case SES_ANS_CLIENTS:
	case SES_ANS_RELAYHOST:
	case SES_ANS_TLS:
	case SES_ANS_USER:
	case SES_ANS_PASSWORD:
	case SES_ANS_ROOT:
	case SES_ANS_POSTMASTER:
	case SES_ANS_ALIASES:
	case SES_SETUP_QUESTIONS:
		break;
	}
	return b->is_set[ask];
}

size_t
ses_setup_states(struct session *s, const struct ses_setup_state **out)
{
	struct setup_base b = {0};
	struct ses_setup_state *v;
	size_t n = 0;

	for (int i = 0; i < SES_ASKS; i++)
		(void)ses_wait(s, (enum ses_ask)i, NULL);
	setup_base_build(s, &b);
	v = arena_new(scratch(s), SES_SETUP_QUESTIONS * sizeof(*v));
	for (int i = 0; i < SES_SETUP_QUESTIONS; i++) {
		enum ses_setup_ask ask = (enum ses_setup_ask)i;

		if (ask == SES_ANS_PASSWORD || ask == SES_ANS_ALIASES)
			continue;
		v[n] = (struct ses_setup_state){.id = setup_def(ask)->id,
			.kind = setup_def(ask)->kind,
			.is_set = is_set(&b, ask),
			.value = arena_str(scratch(s), b.value[ask])};
		if (ask == SES_ANS_LISTEN)
			listen_state(s, &b, &v[n]);
		else if (ask == SES_ANS_CLIENTS)
			clients_state(s, &b, &v[n]);
		n++;
	}
	setup_base_free(&b);
	*out = v;
	return n;
}

/* --- as a file --- */

/* Could it be read back? ${ is never filled in, and control signs are no answer. */
static bool
can_stand(const char *text)
{
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	return !strstr(text, "${");
}

static void
put_quoted(struct str *out, const char *text)
{
	str_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			str_add_char(out, '\\');
		str_add_char(out, *text);
	}
	str_add_char(out, '"');
}

static void
put_items(struct str *out, const struct ses_setup_state *q)
{
	str_add_char(out, '{');
	for (size_t i = 0; i < q->nitems; i++) {
		str_add_cstr(out, i ? ", " : "");
		put_quoted(out, q->items[i]);
	}
	str_add_char(out, '}');
}

static void
put_state(struct str *out, const struct ses_setup_state *q)
{
	bool good = can_stand(q->value) && !q->more;

	for (size_t i = 0; i < q->nitems; i++)
		good = good && can_stand(q->items[i]);
	if (!good) {
		str_addf(out, _("# %s: it can't be told in a file of answers\n"), q->id);
		return;
	}
	str_addf(out, "%s%s = ", q->is_set ? "" : "#", q->id);
	if (q->kind == SES_Q_TICKS)
		put_items(out, q);
	else if (q->kind == SES_Q_YESNO)
		str_add_cstr(out, q->value);
	else
		put_quoted(out, q->value);
	str_add_char(out, '\n');
}

void
ses_setup_print(struct session *s, struct str *out)
{
	const struct ses_setup_state *v;
	size_t n = ses_setup_states(s, &v);

	str_add_cstr(out,
		_("# What is set here, as answers for: postrelay setup --answers FILE\n"
		  "# Behind # stands what holds by default only, and what isn't told: a\n"
		  "# password is in a file of its own, and other aliases stay as they "
		  "are.\n"));
	for (size_t i = 0; i < n; i++) {
		put_state(out, &v[i]);
		if (strcmp(v[i].id, "user") == 0)
			str_addf(out, "#%s = \"/root/relay-password\"\n",
				SETUP_PASSWORD_FILE);
	}
	str_add_cstr(out, "#aliases = {\"sales: hanako@example.com\"}\n");
}
