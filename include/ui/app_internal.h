/* SPDX-License-Identifier: MIT
 *
 * What the two files of the app share: app.c keeps layers and dispatches, app_draw.c
 * draws. No screen includes this.
 */
#ifndef PR_UI_APP_INTERNAL_H
#define PR_UI_APP_INTERNAL_H

#include "ui/app.h"

enum { APP_LEAST_COLS = 40, APP_LEAST_ROWS = 12 };

struct app_layer {
	const struct ui_ops *ops;
	void *self;
	bool is_dialog;
	bool gone;
};

struct ui_app {
	struct ui_term *term;
	struct ui_owner owner;
	void **screen; /* self of each screen, NULL while never visited */
	bool *opened;
	size_t at;
	struct app_layer *layer;
	size_t nlayer, caplayer;
	struct ui_message said; /* until the next key */
	bool is_said, stop, had_key;
};

/* The top pushed layer that isn't gone, or NULL; the open screen as a layer; the one of
 * both that gets keys. */
struct app_layer *app_top_pushed(const struct ui_app *app);
struct app_layer app_base_layer(struct ui_app *app);
struct app_layer app_top_layer(struct ui_app *app);

/* The tabs that are shown, and the layer whose own they are; NULL: the screens'. */
const struct app_layer *app_fill_head(struct ui_app *app, struct ui_head *out);

void app_draw(struct ui_app *app);

#endif
