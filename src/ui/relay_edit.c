/* SPDX-License-Identifier: MIT
 *
 * Edits of the Relay host screen, in the parts that a person sees; the session writes
 * them back as one value.
 */
#include "ui/relay_screen.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/scrkit.h"

static const char NAME[] = "relayhost";

/* --- typing --------------------------------------------------------------------------
 */

static void
judge_host(struct relayhost *v, const char *text, size_t i)
{
	struct ses_relay_verdict j;

	ses_relay_judge(v->s, text, relayhost_mx(v, i), &j);
	char mark = j.empty || j.good ? 0 : j.sev == SEV_ERROR ? '!' : '?';
	live_judged(
		&v->live, mark, j.text, j.hint, i == 0 && v->r.n < 2 ? j.written : NULL);
}

static void
judge_raw(struct relayhost *v, const char *text)
{
	struct diags d = {0};

	ses_param_judge(v->s, NAME, text, &d);
	live_judged(&v->live, d.n ? scr_state(&d.v[0]) : 0, d.n ? d.v[0].text : NULL,
		d.n ? d.v[0].hint : NULL, text);
	diag_clear(&d);
}

void
relay_edit_judge(struct relayhost *v)
{
	char *text = sv_dup(ui_input_text(&v->live.field.in));

	relayhost_refresh(v);
	switch (relayhost_part(v, v->live.field.id)) {
	case P_HOST:
	case P_MORE:
		judge_host(v, text, relayhost_hop_of(v->live.field.id));
		break;
	case P_RAW:
		judge_raw(v, text);
		break;
	case P_PORT:
	case P_MX:
		live_judged(&v->live, 0, NULL, NULL, NULL);
		break;
	}
	free(text);
}

static char *
text_of(const struct relayhost *v, size_t row)
{
	const struct ses_hop *h = relayhost_hop(v, relayhost_hop_of(row));

	switch (relayhost_part(v, row)) {
	case P_HOST:
		return mem_strdup(h ? h->host : "");
	case P_PORT:
		return mem_strdup(h ? h->port : "");
	case P_MORE:
		return h ? relayhost_typed(h) : mem_strdup("");
	case P_RAW:
		return mem_strdup(v->r.raw);
	case P_MX:
		break;
	}
	return mem_strdup("");
}

static bool
accept_host(struct relayhost *v, size_t i, const char *text, struct diags *d)
{
	if (text[0]) {
		return ses_relay_set_typed(v->s, i, text, relayhost_mx(v, i), d);
	}
	if (v->r.n > 1) {
		return ses_relay_remove(v->s, i, d);
	}
	return v->r.n == 0 || i > 0 || ses_relay_unset(v->s, d);
}

static bool
accept_part(struct relayhost *v, size_t row, const char *text, struct diags *d)
{
	switch (relayhost_part(v, row)) {
	case P_HOST:
	case P_MORE:
		return accept_host(v, relayhost_hop_of(row), text, d);
	case P_PORT:
		return ses_relay_set_port(v->s, 0, text, d);
	case P_RAW:
		return text[0] ? ses_param_set(v->s, NAME, text, d)
			       : ses_relay_unset(v->s, d);
	case P_MX:
		break;
	}
	return true;
}

/* What is no host or port can't be a part of the value: the field stays open with it. */
bool
relay_edit_accept(struct relayhost *v)
{
	struct diags d = {0};
	bool done = true;

	relayhost_refresh(v);
	if (ui_inline_changed(&v->live.field)) {
		char *text = sv_dup(sv_trim(ui_input_text(&v->live.field.in)));
		done = accept_part(v, v->live.field.id, text, &d);
		free(text);
	}
	v->live.field.open = !done;
	v->adding = v->adding && !done;
	scr_say(v->app, &d);
	return done;
}

/* --- edits ---------------------------------------------------------------------------
 */

static void
next_port(struct relayhost *v)
{
	const struct ses_hop *h = relayhost_hop(v, 0);
	const char *port = h ? h->port : "";
	struct diags d = {0};

	(void)ses_relay_set_port(v->s, 0,
		strcmp(port, "587") == 0              ? "465"
		: strcmp(port, "465") == 0            ? ""
		: !port[0] || strcmp(port, "25") == 0 ? "587"
						      : "",
		&d);
	scr_say(v->app, &d);
}

static void
toggle_mx(struct relayhost *v, size_t i)
{
	const struct ses_hop *h = relayhost_hop(v, i);
	struct diags d = {0};

	if (h && h->is_address) {
		ui_app_say(v->app, 0, _("This is an address: there is no MX to look up."),
			NULL);
	} else {
		(void)ses_relay_set_mx(v->s, i, !relayhost_mx(v, i), &d);
	}
	scr_say(v->app, &d);
}

void
relay_edit_open(struct relayhost *v, size_t row)
{
	if (relayhost_part(v, row) == P_MX) {
		toggle_mx(v, 0);
	} else if (live_may_edit(v->app, v->s)) {
		char *text = text_of(v, row);
		v->adding = !relayhost_is_raw(v) && row >= P_MORE &&
			    !relayhost_hop(v, relayhost_hop_of(row));
		bool fresh = text[0] && relayhost_part(v, row) != P_RAW;
		live_open(&v->live, row, sv_of(text), fresh ? UI_INPUT_FRESH : 0);
		free(text);
	}
}

void
relay_edit_add(struct relayhost *v)
{
	size_t row = v->r.n == 0 ? P_HOST : (size_t)P_MORE + v->r.n - 1;

	if (relayhost_is_raw(v)) {
		row = 0;
	}
	v->adding = row >= P_MORE;
	ui_list_select(&v->list, row);
	relay_edit_open(v, row);
	v->adding = v->adding && v->live.field.open;
}

void
relay_edit_space(struct relayhost *v, size_t row)
{
	switch (relayhost_part(v, row)) {
	case P_PORT:
		next_port(v);
		break;
	case P_MX:
		toggle_mx(v, 0);
		break;
	case P_MORE:
		if (relayhost_hop(v, relayhost_hop_of(row))) {
			toggle_mx(v, relayhost_hop_of(row));
			break;
		}
		relay_edit_open(v, row);
		break;
	case P_HOST:
	case P_RAW:
		relay_edit_open(v, row);
		break;
	}
}

void
relay_edit_remove(struct relayhost *v, size_t row)
{
	size_t i = relayhost_hop_of(row);
	struct diags d = {0};
	bool done = i > 0 || v->r.n > 1 ? ses_relay_remove(v->s, i, &d)
					: ses_relay_unset(v->s, &d);

	if (done) {
		ui_app_say(v->app, 'o',
			v->r.n > 1 ? _("Removed; u brings it back.")
				   : _("No relay host any more: mail leaves for each "
				       "receiver's host directly; u brings it back."),
			NULL);
	}
	scr_say(v->app, &d);
}

void
relay_edit_mend(struct relayhost *v)
{
	struct diags d = {0};

	if (!v->r.repair) {
		ui_app_say(v->app, 0, _("Nothing here is to be mended."), NULL);
		return;
	}
	(void)ses_relay_put(v->s, v->r.repair, &d);
	scr_say(v->app, &d);
}

/* The first host has the first row. */
void
relay_edit_move(struct relayhost *v, size_t row, int by)
{
	size_t i = relayhost_hop_of(row), k = i + (by > 0 ? 1 : (size_t)-1);
	struct diags d = {0};

	if (relayhost_is_raw(v) || !relayhost_hop(v, i) || k >= v->r.n) {
		return;
	}
	if (ses_relay_move(v->s, i, by, &d)) {
		ui_list_select(&v->list, k == 0 ? 0 : P_MORE + k - 1);
	}
	scr_say(v->app, &d);
}

void
relay_edit_paste(struct relayhost *v, size_t row, struct sv pasted)
{
	if (relayhost_part(v, row) == P_MX) {
		row = P_HOST;
		ui_list_select(&v->list, row);
	}
	if (live_may_edit(v->app, v->s)) {
		char *text = text_of(v, row);
		v->adding = !relayhost_is_raw(v) && row >= P_MORE &&
			    !relayhost_hop(v, relayhost_hop_of(row));
		live_paste(&v->live, v->app, row, sv_of(text), pasted);
		relay_edit_judge(v);
		free(text);
	}
}
