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

/* Is what stands for the whole value one host after all, typed as into its own field? */
static bool
is_one_host(struct relayhost *v, const char *text)
{
	struct ses_relay_verdict j;

	ses_relay_judge(v->s, text, false, &j);
	return j.written[0] && (j.good || j.sev != SEV_ERROR);
}

static void
judge_raw(struct relayhost *v, const char *text)
{
	struct diags d = {0};

	if (is_one_host(v, text)) {
		judge_host(v, text, 0);
		return;
	}
	ses_param_judge(v->s, NAME, text, &d);
	live_judged(&v->live, d.n ? scr_state(&d.v[0]) : 0, d.n ? d.v[0].text : NULL,
		d.n ? d.v[0].hint : NULL, text);
	diag_clear(&d);
}

static void
free_text(char *text)
{
	explicit_bzero(text, strlen(text));
	free(text);
}

void
relay_edit_judge(struct relayhost *v)
{
	char *text = sv_dup(ui_input_text(&v->live.field.in));
	struct relay_row row = relay_row_of_id(v->live.field.id);

	relayhost_refresh(v);
	if (row.part == P_HOST || row.part == P_MORE) {
		judge_host(v, text, row.hop);
	} else if (row.part == P_RAW) {
		judge_raw(v, text);
	} else {
		relay_login_judge(v, row.part, text);
	}
	free_text(text);
}

/* What a row's field opens with. */
static char *
text_of(const struct relayhost *v, const struct relay_row *row, unsigned *flags)
{
	const struct ses_hop *h = relayhost_hop(v, row->hop);
	char *text;

	if (row->part >= P_LOGIN) {
		return relay_login_text(v, row->part, flags);
	}
	text = row->part == P_RAW    ? mem_strdup(v->r.raw)
	       : !h                  ? mem_strdup("")
	       : row->part == P_HOST ? mem_strdup(h->host)
	       : row->part == P_PORT ? mem_strdup(h->port)
				     : relayhost_typed(h);
	*flags = text[0] && row->part != P_RAW ? UI_INPUT_FRESH : 0;
	return text;
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
accept_part(struct relayhost *v, const struct relay_row *row, const char *text,
	struct diags *d)
{
	if (row->part == P_HOST || row->part == P_MORE) {
		return accept_host(v, row->hop, text, d);
	}
	if (row->part == P_PORT) {
		return ses_relay_set_port(v->s, 0, text, d);
	}
	if (row->part == P_RAW && text[0]) {
		return is_one_host(v, text) ? ses_relay_set_typed(v->s, 0, text, false, d)
					    : ses_relay_put(v->s, text, d);
	}
	if (row->part == P_RAW) {
		return ses_relay_unset(v->s, d);
	}
	return relay_login_accept(v, row->part, text, d);
}

/* What Postfix would read as something else than a host or a port can't be a part of the
 * value: the field stays open with it. */
bool
relay_edit_accept(struct relayhost *v)
{
	struct relay_row row = relay_row_of_id(v->live.field.id);
	size_t id = v->live.field.id;
	struct diags d = {0};
	bool done = true;

	relayhost_refresh(v);
	if (ui_inline_changed(&v->live.field)) {
		struct sv typed = ui_input_text(&v->live.field.in);
		char *text = sv_dup(row.part == P_PASSWORD ? typed : sv_trim(typed));
		done = accept_part(v, &row, text, &d);
		free_text(text);
	}
	v->adding = v->adding && !done;
	v->logs_in = v->logs_in && !done;
	if (id == v->live.field.id) { /* else another field was opened */
		v->live.field.open = !done;
		if (done) {
			relay_login_wipe(v);
		}
	}
	scr_say(v->app, &d);
	return done;
}

void
relay_edit_cancel(struct relayhost *v)
{
	v->adding = v->logs_in = false;
	relay_login_wipe(v);
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
relay_edit_open(struct relayhost *v, size_t at)
{
	struct relay_row row = v->rows[at];

	if (row.part == P_MX) {
		toggle_mx(v, 0);
	} else if (relay_login_is_choice(row.part)) {
		relay_login_next(v, row.part);
	} else if (row.part == P_OVERRULED) {
		const struct diag *f = v->found[P_OVERRULED];
		ui_app_say(v->app, 0,
			f && f->code == DIAG_NH_CLIENT
				? _("master.cf is changed with postconf, or an editor.")
				: _("These are changed among the Parameters (6)."),
			f && f->code == DIAG_NH_CLIENT ? f->hint : NULL);
	} else if (row.part == P_KEPT) {
		ui_app_say(v->app, 0,
			_("The password follows the host; r mends a key that doesn't "
			  "fit."),
			NULL);
	} else if (live_may_edit(v->app, v->s)) {
		unsigned flags;
		char *text = text_of(v, &row, &flags);
		v->adding = row.part == P_MORE && !relayhost_hop(v, row.hop);
		live_open(&v->live, relay_id(&row), sv_of(text), flags);
		free_text(text);
	}
}

void
relay_edit_add(struct relayhost *v)
{
	size_t row = 0;

	if (!relayhost_is_raw(v) && v->r.n > 0) {
		v->adding = true;
		relayhost_refresh(v);
		row = relayhost_row_of(v, P_MORE, v->r.n);
	}
	ui_list_select(&v->list, row);
	relay_edit_open(v, row);
	v->adding = v->adding && v->live.field.open;
}

void
relay_edit_space(struct relayhost *v, size_t at)
{
	struct relay_row row = v->rows[at];

	if (row.part == P_PORT) {
		next_port(v);
	} else if (row.part == P_MORE && relayhost_hop(v, row.hop)) {
		toggle_mx(v, row.hop);
	} else {
		relay_edit_open(v, at);
	}
}

void
relay_edit_remove(struct relayhost *v, size_t at)
{
	struct relay_row row = v->rows[at];
	struct diags d = {0};

	if (row.part >= P_LOGIN) {
		relay_login_remove(v, row.part);
		return;
	}
	if (row.hop > 0 || v->r.n > 1 ? ses_relay_remove(v->s, row.hop, &d)
				      : ses_relay_unset(v->s, &d)) {
		ui_app_say(v->app, 'o',
			v->r.n > 1 ? _("Removed; u brings it back.")
				   : _("No relay host any more: mail leaves for each "
				       "receiver's host directly; u brings it back."),
			NULL);
	}
	scr_say(v->app, &d);
}

/* The finding of the row, else what is wrong with the host. */
void
relay_edit_mend(struct relayhost *v, size_t at)
{
	enum part part = relayhost_part(v, at);
	const struct diag *f = part >= P_LOGIN ? v->found[part] : NULL;
	struct diags d = {0};

	if (f && f->mend != DIAG_MEND_NONE) {
		scr_mend(v->app, v->s, f);
	} else if (part < P_LOGIN && v->r.repair) {
		(void)ses_relay_put(v->s, v->r.repair, &d);
	} else {
		ui_app_say(v->app, 0, _("Nothing here is to be mended."), NULL);
	}
	scr_say(v->app, &d);
}

void
relay_edit_move(struct relayhost *v, size_t at, int by)
{
	size_t i = v->rows[at].hop, k = i + (by > 0 ? 1 : (size_t)-1);
	struct diags d = {0};

	if (relayhost_part(v, at) > P_MORE || !relayhost_hop(v, i) || k >= v->r.n) {
		return;
	}
	if (ses_relay_move(v->s, i, by, &d)) {
		ui_list_select(&v->list, relayhost_row_of(v, k > 0 ? P_MORE : P_HOST, k));
	}
	scr_say(v->app, &d);
}

/* The password's field hides what is pasted only when it is open. */
void
relay_edit_paste(struct relayhost *v, size_t at, const struct ui_event *ev)
{
	struct relay_row row = v->rows[at];
	unsigned flags;

	if (row.part == P_MX) {
		ui_list_select(&v->list, 0);
		row = v->rows[0];
	}
	if (row.part == P_KEPT || row.part == P_OVERRULED ||
		relay_login_is_choice(row.part)) {
		ui_app_say(v->app, 0, _("There is no text to paste over."), NULL);
	} else if (row.part == P_PASSWORD) {
		relay_edit_open(v, at);
		(void)live_event(&v->live, v->app, ev);
		relay_edit_judge(v);
	} else if (live_may_edit(v->app, v->s)) {
		char *text = text_of(v, &row, &flags);
		v->adding = row.part == P_MORE && !relayhost_hop(v, row.hop);
		live_paste(&v->live, v->app, relay_id(&row), sv_of(text), ev->paste);
		relay_edit_judge(v);
		free(text);
	}
}
