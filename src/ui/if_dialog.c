/* SPDX-License-Identifier: MIT
 *
 * One field, judged as the parameter would be.
 */
#include "ui/if_dialog.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "session/interfaces.h"
#include "session/params.h"
#include "ui/form.h"
#include "ui/scrkit.h"

enum { F_WORD = 1, B_ADD, B_CANCEL };

static void
judge(void *self, struct ui_form *f, int id, bool left)
{
	const struct if_dialog *g = self;
	char *text = sv_dup(sv_trim(ui_form_text(f, F_WORD)));
	struct diags d = {0};

	(void)id;
	(void)left;
	if (text[0]) {
		ses_param_judge(g->s, "inet_interfaces", text, &d);
	}
	ui_form_set_mark(f, F_WORD, d.n ? scr_state(&d.v[0]) : 0);
	ui_form_words(f, d.n ? scr_state(&d.v[0]) : 0,
		d.n ? d.v[0].text
		    : _("Such as 192.168.1.1, $myhostname, or a name in /etc/hosts."),
		d.n ? d.v[0].hint : NULL);
	diag_clear(&d);
	free(text);
}

static bool
press(void *self, struct ui_form *f, int button)
{
	const struct if_dialog *g = self;
	char *text = sv_dup(sv_trim(ui_form_text(f, F_WORD)));
	struct diags d = {0};
	bool done = button == B_CANCEL;

	if (!done && !text[0]) {
		ui_form_hold(f, F_WORD,
			_("Nothing to add yet: type an address or a name."), NULL);
	} else if (!done) {
		done = ses_if_add(g->s, text, &d);
		if (!done && d.n) {
			ui_form_hold(f, F_WORD, d.v[0].text, d.v[0].hint);
		} else if (done) {
			g->added(g->self, text);
			scr_say(g->app, &d);
		}
	}
	diag_clear(&d);
	free(text);
	return done;
}

void
if_dialog_push(const struct if_dialog *opts)
{
	static const struct ui_form_ops ops = {
		.judge = judge, .press = press, .close = free};
	struct if_dialog *g = mem_new(1, sizeof(*g));

	*g = *opts;
	struct ui_form *f = ui_form_new(
		&ops, g, _("Listen on another address"), 70, UI_FORM_AT_FOCUS);
	ui_form_add(f,
		&(struct ui_field){.id = F_WORD,
			.kind = UI_FIELD_INPUT,
			.label = _("Address or name"),
			.width = 39},
		-1);
	ui_form_button(f, B_ADD, _("Add"), 0, NULL);
	ui_form_button(f, B_CANCEL, _("Cancel"), UI_KEY_ESC, NULL);
	if (opts->pasted.n > 0) {
		ui_form_paste(f, F_WORD, opts->pasted);
	}
	ui_form_open(f, opts->app);
}
