/* SPDX-License-Identifier: MIT
 *
 * Reading takes only what writing makes: whole groups of four, padding at the end alone.
 */
#include "base/b64.h"

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
b64_encode(struct sv bytes, struct str *out)
{
	for (size_t i = 0; i < bytes.n; i += 3) {
		size_t left = bytes.n - i < 3 ? bytes.n - i : 3;
		unsigned v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (k < left ? (unsigned char)bytes.p[i + k] : 0U);
		for (size_t k = 0; k < 4; k++)
			str_add_char(
				out, k <= left ? digits[v >> (18 - 6 * k) & 63U] : '=');
	}
}

bool
b64_decode(struct sv text, struct str *out)
{
	if (text.n % 4)
		return false;
	for (size_t i = 0; i < text.n; i += 4) {
		size_t pad = 0;
		unsigned v = 0;

		while (i + 4 == text.n && pad < 2 && text.p[text.n - 1 - pad] == '=')
			pad++;
		for (size_t k = 0; k < 4; k++) {
			const char *at =
				k + pad < 4 ? strchr(digits, text.p[i + k]) : digits;

			if (!at || text.p[i + k] == '\0')
				return false;
			v = v << 6 | (unsigned)(at - digits);
		}
		for (size_t k = 0; k + pad < 3; k++)
			str_add_char(out, (char)(v >> (16 - 8 * k) & 0xffU));
	}
	return true;
}
