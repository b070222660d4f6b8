/* SPDX-License-Identifier: MIT
 *
 * main.cf: logical lines, the document, and the list inside each value.
 */
#include "fuzz.h"

#include "text/lline.h"
#include "text/maincf.h"
#include "text/vlist.h"

static void
lines_tile(struct sv bytes)
{
	struct ll_scan scan;
	struct lline l;
	size_t at = 0;

	ll_start(&scan, bytes);
	while (ll_next(&scan, &l)) {
		struct str logical = {0};

		FUZZ_HOLDS(l.text.n > 0 && l.text.p == bytes.p + at);
		at += l.text.n;
		ll_logical(l.text, &logical);
		FUZZ_HOLDS(logical.n <= l.text.n);
		str_free(&logical);
	}
	FUZZ_HOLDS(at == bytes.n);
}

static void
items_lie_inside(struct sv raw, size_t off)
{
	const struct vl_text t = {.raw = raw, .off = off};
	struct vl_list list = {0};
	size_t from = off;

	vl_parse(&t, &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct vl_item *it = &list.v[i];

		FUZZ_HOLDS(it->len > 0 && it->off >= from);
		FUZZ_HOLDS(it->off + it->len <= raw.n);
		FUZZ_HOLDS(it->note_off + it->note_len <= raw.n);
		from = it->off + it->len;
	}
	vl_free(&list);
}

static void
ask(const struct doc *d, uint32_t id)
{
	struct str value = {0}, shown = {0};
	size_t off = mcf_value_offset(d, id);
	uint32_t line, col;

	FUZZ_HOLDS(mcf_name(d, id).n > 0 && off <= doc_text(d, id).n);
	mcf_value(d, id, &value);
	mcf_value_shown(d, id, &shown);
	FUZZ_HOLDS(shown.n <= value.n);
	for (size_t i = 0; i < value.n; i += 1 + value.n / 8)
		mcf_value_place(d, id, i, &line, &col);
	FUZZ_HOLDS(mcf_find(d, mcf_name(d, id)) != DOC_NO_ID);
	items_lie_inside(doc_text(d, id), off);
	str_free(&value);
	str_free(&shown);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sv bytes = fuzz_sv(data, n);
	struct doc d;

	lines_tile(bytes);
	mcf_load(&d, fuzz_copy(bytes), n, NULL);
	fuzz_is_tiled(&d, bytes);
	for (size_t i = 0; i < d.norder; i++) {
		uint32_t id = d.order[i];

		if (doc_entry(&d, id)->kind == ENTRY_PARAM)
			ask(&d, id);
		else
			FUZZ_HOLDS((doc_entry(&d, id)->kind == ENTRY_BAD) ==
				   (mcf_fault(&d, id) != MCF_FINE));
		mcf_off_extent(&d, i);
	}
	items_lie_inside(bytes, 0);
	mcf_place(&d, sv_of("mynetworks"));
	mcf_find_off(&d, sv_of("relayhost"));
	doc_free(&d);
	return 0;
}
