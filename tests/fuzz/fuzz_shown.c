/* SPDX-License-Identifier: MIT
 *
 * Any bytes on their way to a terminal, by screen and by command: what is shown holds no
 * control character, nothing that hides or turns the text around it, and no byte that is
 * no text. Keys that a terminal sends are hostile, too.
 */
#include "fuzz.h"

#include <locale.h>
#include <wctype.h>

#include "cli/out.h"
#include "ui/glyph.h"
#include "ui/keys.h"

enum { ROWS = 64 };

static bool
is_harmless(wchar_t wc)
{
	return wc >= 0x20 && !(wc >= 0x7f && wc <= 0x9f) && wc != 0x61c &&
	       !(wc >= 0x200b && wc <= 0x200f) && !(wc >= 0x2028 && wc <= 0x202e) &&
	       !(wc >= 0x2066 && wc <= 0x2069) && wc != 0xfeff;
}

static void
on_screen(struct sv text)
{
	struct sv rest = text;
	struct ui_glyph g;
	size_t bytes = 0;
	int w = 0, used;

	while (ui_glyph_next(&rest, &g)) {
		FUZZ_HOLDS(g.n > 0 && g.w > 0 && g.w <= 4);
		for (size_t i = 0; g.wc[i]; i++)
			FUZZ_HOLDS(is_harmless(g.wc[i]));
		bytes += g.n;
		w += g.w;
	}
	FUZZ_HOLDS(bytes == text.n && w == ui_width(text));
	FUZZ_HOLDS(ui_fit(text, 10, &used) <= text.n && used <= 10);
	FUZZ_HOLDS(ui_glyph_before(text, text.n) <= text.n);
}

static void
in_rows(struct sv text)
{
	struct sv rows[ROWS];
	size_t n = ui_wrap(text, 7, rows, ROWS);

	for (size_t i = 0; i < n && i < ROWS; i++) {
		FUZZ_HOLDS(rows[i].p >= text.p);
		FUZZ_HOLDS(rows[i].p + rows[i].n <= text.p + text.n);
		while (rows[i].n &&
			rows[i].p[rows[i].n - 1] == ' ') /* drawn as nothing */
			rows[i].n--;
		FUZZ_HOLDS(ui_width(rows[i]) <= 7);
	}
}

static void
by_command(struct sv text)
{
	struct str out = {0};
	mbstate_t state = {0};
	wchar_t wc;

	out_escape(&out, text, false);
	for (size_t at = 0, len; at < out.n; at += len) {
		len = mbrtowc(&wc, out.p + at, out.n - at, &state);
		FUZZ_HOLDS(len > 0 && len <= out.n - at);
		FUZZ_HOLDS(wc == L'\t' || is_harmless(wc));
	}
	str_free(&out);
}

static void
from_keys(const uint8_t *data, size_t n)
{
	struct ui_keys *k = ui_keys_new();
	struct ui_event ev;

	ui_keys_feed(k, (const char *)data, n);
	while (ui_keys_next(k, true, 0, &ev))
		;
	ui_keys_destroy(k);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sv text = fuzz_sv(data, n);

	FUZZ_HOLDS(setlocale(LC_CTYPE, n % 2 ? "C.UTF-8" : "C"));
	on_screen(text);
	in_rows(text);
	by_command(text);
	from_keys(data, n);
	return 0;
}
