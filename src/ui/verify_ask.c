/* SPDX-License-Identifier: MIT
 *
 * One field: who gets the test message. Accepting it starts the ladder with it. After a
 * set-up it is asked at once, and who reads root's mail elsewhere is proposed: a message
 * that stays on this machine would prove little.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/form.h"
#include "ui/screens.h"
#include "ui/scrkit.h"
#include "ui/verify_screen.h"

enum { F_TO = 1, B_SEND, B_NONE, B_CANCEL };

struct asking {
	struct verify_screen *v;
};

static void
judge(void *self, struct ui_form *f, int id, bool left)
{
	(void)self;
	(void)id;
	(void)left;
	ui_form_words(f, 0,
		_("A short message in English is sent to this address, and followed in "
		  "the log."),
		sv_trim(ui_form_text(f, F_TO)).n > 0
			? NULL
			: _("Name somebody elsewhere: what stays here doesn't prove that "
			    "mail leaves."));
}

static bool
press(void *self, struct ui_form *f, int button)
{
	struct verify_screen *v = ((const struct asking *)self)->v;
	char *text = sv_dup(sv_trim(ui_form_text(f, F_TO)));
	struct diags d = {0};
	bool done = true;

	if (button == B_SEND && !text[0]) {
		ui_form_hold(f, F_TO, _("Nobody to send to yet: type an address."),
			_("Name somebody elsewhere: what stays here doesn't prove that "
			  "mail leaves."));
		done = false;
	} else if (button != B_CANCEL) {
		char *before = v->to;
		v->to = button == B_SEND ? mem_strdup(text) : NULL;
		done = verify_start(v, &d);
		if (done) {
			free(before);
		} else {
			free(v->to);
			v->to = before;
			ui_form_hold(f, F_TO, d.n ? d.v[0].text : "",
				d.n ? d.v[0].hint : NULL);
		}
	}
	diag_clear(&d);
	free(text);
	return done;
}

void
verify_ask_receiver(struct verify_screen *v, struct sv pasted)
{
	static const struct ui_form_ops ops = {
		.judge = judge, .press = press, .close = free};
	struct asking *a = mem_new(1, sizeof(*a));

	a->v = v;
	struct ui_form *f = ui_form_new(
		&ops, a, _("Receiver of the test message"), 70, UI_FORM_AT_FOCUS);
	ui_form_add(f,
		&(struct ui_field){.id = F_TO,
			.kind = UI_FIELD_INPUT,
			.label = _("Address"),
			.text = v->to ? v->to : "",
			.width = 44},
		-1);
	ui_form_button(f, B_SEND, _("Prove all, and send"), 0, NULL);
	ui_form_button(f, B_NONE, _("Without message"), 0, NULL);
	ui_form_button(f, B_CANCEL, _("Cancel"), UI_KEY_ESC, NULL);
	if (pasted.n > 0) {
		ui_form_paste(f, F_TO, pasted);
	}
	ui_form_open(f, v->app);
}

void
scr_verify_prove(struct ui_app *app, struct session *s)
{
	size_t i = ui_app_find(app, scr_verify.id);

	ses_verify_forget(s); /* a probe of the set-up is no proof of what runs now */
	ui_app_go(app, i);
	struct verify_screen *v = ui_app_screen(app, i);
	verify_take(v);
	const char *to = v->to ? v->to : ses_verify_receiver(s);
	char *own = mem_strdup(to ? to : "");
	verify_ask_receiver(v, sv_of(own));
	free(own);
}
