/* SPDX-License-Identifier: MIT
 *
 * Table sources in both forms, and what a client finds in them.
 */
#include "fuzz.h"

#include "model/maptext.h"
#include "text/table.h"

static void
read_rows(enum tbl_form form, struct sv bytes)
{
	struct doc d;
	size_t pos = 0;
	uint32_t id;

	tbl_load(&d, form, fuzz_copy(bytes), bytes.n, NULL);
	fuzz_is_tiled(&d, bytes);
	while (tbl_each(&d, &pos, &id)) {
		struct str value = {0};

		FUZZ_HOLDS(tbl_key(&d, id).n <= doc_text(&d, id).n);
		tbl_value(&d, id, &value);
		tbl_note(&d, id);
		if (doc_entry(&d, id)->kind == ENTRY_ROW && tbl_key(&d, id).n > 0)
			FUZZ_HOLDS(tbl_find(&d, tbl_key(&d, id)) != DOC_NO_ID);
		str_free(&value);
	}
	doc_free(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const types[] = {"cidr", "texthash", "inline", "static"};
	struct rel_client c = {.name = "mail.test.co.jp"};
	struct sv bytes = fuzz_sv(data, n);

	read_rows(TBL_MAP, bytes);
	read_rows(TBL_NETS, bytes);
	addr_parse(sv_of("192.168.1.9"), &c.addr);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		map_text_match(sv_of(types[i]), sv_of("x"), bytes, &c);
	map_text_match(sv_of("inline"), bytes, bytes, &c);
	map_source_match(bytes, &c);
	return 0;
}
