/* SPDX-License-Identifier: MIT
 *
 * What terminfo says about this terminal's keys. Kept apart because <term.h> defines
 * hundreds of short names as macros.
 */
#include "ui/termkeys.h"

#include <curses.h>
#include <term.h>

static const struct {
	const char *cap;
	int key;
} caps[] = {
	{"kcuu1", UI_KEY_UP},
	{"kcud1", UI_KEY_DOWN},
	{"kcub1", UI_KEY_LEFT},
	{"kcuf1", UI_KEY_RIGHT},
	{"khome", UI_KEY_HOME},
	{"kend", UI_KEY_END},
	{"kpp", UI_KEY_PGUP},
	{"knp", UI_KEY_PGDN},
	{"kich1", UI_KEY_INSERT},
	{"kdch1", UI_KEY_DELETE},
	{"kcbt", UI_KEY_BACKTAB},
	{"kf1", UI_KEY_F1},
	{"kf2", UI_KEY_F2},
	{"kf3", UI_KEY_F3},
	{"kf4", UI_KEY_F4},
	{"kf5", UI_KEY_F5},
	{"kf6", UI_KEY_F6},
	{"kf7", UI_KEY_F7},
	{"kf8", UI_KEY_F8},
	{"kf9", UI_KEY_F9},
	{"kf10", UI_KEY_F10},
	{"kf11", UI_KEY_F11},
	{"kf12", UI_KEY_F12},
};

const char *
ui_termkeys_string(const char *cap)
{
	char name[16];

	if (strlen(cap) >= sizeof(name)) {
		return NULL;
	}
	memcpy(name, cap, strlen(cap) + 1); /* tigetstr takes no const */
	const char *value = tigetstr(name);
	return value == NULL || value == (const char *)-1 ? NULL : value;
}

void
ui_termkeys_learn(struct ui_keys *k)
{
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		ui_keys_learn(k, ui_termkeys_string(caps[i].cap), caps[i].key);
	}
}

bool
ui_termkeys_known(void)
{
	int status = 0;

	return setupterm(NULL, 1, &status) == 0 && ui_termkeys_string("cup") != NULL;
}
