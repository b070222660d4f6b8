/* SPDX-License-Identifier: MIT
 *
 * Besides the control characters (C0, DEL, C1): marks and isolates of the writing
 * direction, line and paragraph separators, joiners and fillers without a width,
 * variation selectors, annotations and tags. For the C library many of them are text that
 * prints.
 */
#include "base/shown.h"

#include <stddef.h>

static const struct {
	wchar_t first, last;
} hostile[] = {
	{0x0, 0x1f},
	{0x7f, 0x9f},
	{0xad, 0xad},
	{0x34f, 0x34f},
	{0x61c, 0x61c},
	{0x115f, 0x1160},
	{0x180b, 0x180f},
	{0x200b, 0x200f},
	{0x2028, 0x202e},
	{0x2060, 0x206f},
	{0x3164, 0x3164},
	{0xd800, 0xdfff},
	{0xfe00, 0xfe0f},
	{0xfeff, 0xfeff},
	{0xffa0, 0xffa0},
	{0xfff9, 0xfffb},
	{0xe0000, 0xe0fff},
};

bool
shown_is_hostile(wchar_t wc)
{
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
		if (wc >= hostile[i].first && wc <= hostile[i].last)
			return true;
	return false;
}
