/* SPDX-License-Identifier: MIT
 *
 * Colour is never the only sign, so a terminal without any of this loses nothing.
 */
#include "ui/termlook.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>

/* East Asian locales: line art and other signs of ambiguous width may take 2 columns. */
static bool
is_ascii_locale(void)
{
	const char *ctype = setlocale(LC_CTYPE, NULL);
	const char *messages = setlocale(LC_MESSAGES, NULL);
	const char *names[] = {ctype ? ctype : "", messages ? messages : ""};

	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
		return true;
	}
	for (size_t i = 0; i < 2; i++) {
		if (strncmp(names[i], "ja", 2) == 0 || strncmp(names[i], "zh", 2) == 0 ||
			strncmp(names[i], "ko", 2) == 0) {
			return true;
		}
	}
	return false;
}

static void
colours_set(struct ui_paint *p)
{
	const char *no = getenv("NO_COLOR");
	const unsigned bold = A_BOLD;
	const unsigned dim = termattrs() & A_DIM ? A_DIM : A_NORMAL;

	p->attr[UI_STRONG] = bold;
	p->attr[UI_FAINT] = dim;
	p->attr[UI_FOCUS] = p->attr[UI_ACTIVE] = A_REVERSE;
	p->attr[UI_DOUBT] = p->attr[UI_BAD] = p->attr[UI_EDIT] = bold;
	if ((no && no[0]) || !has_colors() || start_color() == ERR) {
		return;
	}
	bool own = use_default_colors() == OK;
	short back = own ? -1 : COLOR_BLACK;
	init_pair(1, COLOR_BLACK, COLOR_CYAN);
	init_pair(2, COLOR_GREEN, back);
	init_pair(3, COLOR_YELLOW, back);
	/* Bright red says the same in half the bytes, where there is one. */
	bool bright = COLORS >= 16;
	init_pair(4, bright ? COLOR_RED + 8 : COLOR_RED, back);
	init_pair(5, COLOR_MAGENTA, back);
	p->attr[UI_FOCUS] = (unsigned)COLOR_PAIR(1);
	p->attr[UI_GOOD] = (unsigned)COLOR_PAIR(2);
	p->attr[UI_DOUBT] = (unsigned)COLOR_PAIR(3);
	p->attr[UI_BAD] = (unsigned)COLOR_PAIR(4) | (bright ? 0 : bold);
	p->attr[UI_EDIT] = (unsigned)COLOR_PAIR(5);
}

void
ui_termlook_set(struct ui_paint *p, bool ascii)
{
	p->ascii = ascii || is_ascii_locale();
	colours_set(p);
}
