/* SPDX-License-Identifier: MIT
 *
 * From a byte of a logical value back to its place in the file. The logical line is the
 * physical ones without their line ends, comments and empty lines left out.
 */
#include "text/maincf.h"

#include "text/lline.h"

void
mcf_value_place(
	const struct doc *d, uint32_t id, size_t off, uint32_t *line, uint32_t *col)
{
	struct sv text = doc_text(d, id), rest = text, phys;
	size_t at = mcf_value_offset(d, id); /* in logical bytes; the head is one line */
	bool blanks = true;

	*line = 0;
	*col = 1;
	for (uint32_t n = 0; sv_line(&rest, &phys); n++) {
		enum ll_kind kind = ll_line_kind(phys);
		size_t i = n == 0 ? at : 0;

		if (kind == LL_BLANK || kind == LL_COMMENT)
			continue;
		while (blanks && i < phys.n && is_blank_char(phys.p[i]))
			i++;
		if (i < phys.n)
			blanks = false;
		*line = n;
		*col = (uint32_t)(i + off + 1);
		if (off < phys.n - i)
			return;
		off -= phys.n - i;
	}
}
