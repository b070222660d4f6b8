/* SPDX-License-Identifier: MIT
 *
 * From the logical line of an alias back to the place in the file.
 */
#include "text/alentry.h"

void
al_place(const struct aliases *al, uint32_t id, size_t at, uint32_t *lines, uint32_t *col)
{
	struct sv text = doc_text(&al->doc, id);
	bool off = doc_entry(&al->doc, id)->kind == ENTRY_ALIAS_OFF;
	struct al_map m = {0};
	struct str on = {0};
	size_t phys, start = 0;

	al_entry_on(al, id, &on);
	al_map_make(str_sv(&on), &m);
	phys = al_map_phys(&m, at);
	*lines = 0;
	for (size_t i = 0; i < phys && i < on.n; i++)
		if (on.p[i] == '\n') {
			++*lines;
			start = i + 1;
		}
	*col = (uint32_t)(phys - start) + 1 + (off && text.n ? 1 : 0);
	al_map_free(&m);
	str_free(&on);
}

void
al_value_line(const struct aliases *al, uint32_t id, struct str *line, size_t *value)
{
	*value = al_entry_line(al, id, line);
}
