/* SPDX-License-Identifier: MIT
 *
 * The screens of the product, in tab order, and what the overview, the help and the frame
 * ask of each beyond struct ui_ops. A new screen is one file src/ui/scr_NAME.c and one
 * row in src/ui/screens.c. Screens get a struct scr_env as owner; they keep no pointer
 * that the session gave them over an event.
 */
#ifndef PR_UI_SCREENS_H
#define PR_UI_SCREENS_H

#include "session/session.h"
#include "ui/app.h"

/* What ui_ops.open gets as owner. */
struct scr_env {
	struct session *s;
};

/* A field that is to be shown: the one that a finding is about, or what a change names.
 */
struct scr_target {
	const struct diag *finding; /* or NULL */
	const char *name;           /* or NULL: parameter, network or alias name */
	const char *file;           /* or NULL: path of the file of name */
};

struct scr_key {
	const char *key, *label; /* label: N_(), translated when shown */
};

/* What has the focus, for the help. Texts live until the next event. */
struct scr_about {
	struct str row;             /* "192.168.3.5/24"; empty: no row has the focus */
	struct str says;            /* what is known of the row; may be empty */
	const struct diag *finding; /* of that row, or NULL */
	const char *purpose;        /* translated: what the screen is for */
	const struct scr_key *keys; /* ended by a key of NULL; may be NULL */
	const char *more;           /* "postconf(5) mynetworks" */
	bool is_alone;              /* keys of the screens don't work here */
};

struct scr_def {
	const struct ui_screen *screen;
	/* All may be NULL. self is the screen's own. */
	void (*about)(void *self, struct scr_about *out);
	void (*reveal)(void *self, const struct scr_target *target);
	/* Something that was asked of Postfix, or an apply, went on. */
	void (*stepped)(void *self);
};

/* The table, in tab order. */
const struct scr_def *scr_defs(size_t *n);
/* The same for struct ui_owner. */
const struct ui_screen *const *scr_table(size_t *n);

extern const struct ui_screen scr_overview, scr_interfaces, scr_networks, scr_relayhost,
	scr_aliases, scr_params, scr_verify, scr_history;

void scr_overview_about(void *self, struct scr_about *out);
void scr_interfaces_about(void *self, struct scr_about *out);
void scr_interfaces_reveal(void *self, const struct scr_target *target);
void scr_networks_about(void *self, struct scr_about *out);
void scr_networks_reveal(void *self, const struct scr_target *target);
void scr_networks_stepped(void *self);
void scr_relayhost_about(void *self, struct scr_about *out);
void scr_relayhost_stepped(void *self);
void scr_relayhost_reveal(void *self, const struct scr_target *target);
void scr_aliases_about(void *self, struct scr_about *out);
void scr_aliases_reveal(void *self, const struct scr_target *target);
void scr_params_about(void *self, struct scr_about *out);
void scr_params_reveal(void *self, const struct scr_target *target);
void scr_verify_about(void *self, struct scr_about *out);
void scr_verify_stepped(void *self);
void scr_history_about(void *self, struct scr_about *out);

/* Make the newest applied change one that is to be taken back, and show the Review of
 * that; false when there is none, or it can't be: that is said. */
bool scr_history_undo(struct ui_app *app, struct session *s);
/* Is that what u does here: nothing waits, and something was applied? */
bool scr_history_takes_u(struct session *s);

/* Open the screen with that id at the target (NULL: as it was left); "review" opens the
 * Review, "setup" the guided set-up. False when there is no such screen. */
bool scr_go(struct ui_app *app, struct session *s, const char *id,
	const struct scr_target *target);

/* Open the screen of a finding, at its field. */
void scr_go_finding(struct ui_app *app, struct session *s, const struct diag *f);

/* "3 Networks", for the right end of a row; "" when there is no such screen. Returns buf.
 */
enum { SCR_LABEL_MAX = 64 };
const char *scr_label(const char *id, char buf[SCR_LABEL_MAX]);
/* The columns that a column of labels takes: of the widest one, or more. */
int scr_labels_w(int least);

/* Push the Review over all screens (review.c). */
void scr_review_push(struct ui_app *app, struct session *s);

/* Push the guided set-up over all screens (scr_setup.c); where nothing can be changed,
 * that is said. */
void scr_setup_push(struct ui_app *app, struct session *s);

/* Open Verify and ask for the receiver of the test message, root's reader proposed
 * (verify_ask.c). */
void scr_verify_prove(struct ui_app *app, struct session *s);
/* Go to Verify and prove all anew. */
void scr_verify_run(struct ui_app *app);

/* Help for the screen that is open and what has the focus there (help.c). */
void scr_help_push(struct ui_app *app);
/* The same for a layer that has no row in the table; about's texts are freed. */
void scr_help_push_about(struct ui_app *app, const char *title, struct scr_about *about);

#endif
