/* SPDX-License-Identifier: MIT
 *
 * Any edit of any file of aliases: it means what was wanted, touches nothing else, and
 * undo brings the bytes back. PR_CORPUS: the files of others.
 */
#include <stdlib.h>
#include <stdio.h>
#include <dirent.h>

#include "aliases_rig.h"

#define UNDO_MAX 64

struct undo {
	struct doc_edit e[UNDO_MAX];
	size_t n;
};

static void
record(void *ctx, struct doc *d, const struct doc_edit *e)
{
	struct undo *u = ctx;
	(void)d;
	assert_true(u->n < UNDO_MAX);
	u->e[u->n++] = *e;
}

static void
undo_all(struct aliases *al, struct undo *u)
{
	al->doc.on_edit = NULL;
	while (u->n > 0) {
		const struct doc_edit *e = &u->e[--u->n];
		doc_restore(&al->doc, e->id, &e->before);
	}
	al->doc.on_edit = record;
}

/* The bytes of al without entry id and without new entries. */
static void
others(const struct aliases *al, uint32_t id, struct str *out)
{
	for (size_t i = 0; i < al->doc.norder; i++) {
		uint32_t other = al->doc.order[i];
		const struct entry *e = doc_entry(&al->doc, other);
		if (other != id && !(e->flags & (ENTRY_NEW | ENTRY_DELETED)))
			str_add_sv(out, doc_text(&al->doc, other));
	}
}

/* What postalias would make of the bytes, one alias a line. */
static void
meaning(const char *text, uint32_t skip, struct str *out)
{
	struct aliases al;
	load(&al, text);
	for (uint32_t id = 0; id < al.doc.npool; id++) {
		if (id == skip || doc_entry(&al.doc, id)->kind != ENTRY_ALIAS)
			continue;
		struct str value = {0};
		al_key(&al, id, out);
		str_add_char(out, '\t');
		al_value(&al, id, &value);
		al_value_stored(str_sv(&value), out);
		str_add_char(out, '\n');
		str_free(&value);
	}
	al_free(&al);
}

/* One edit of entry id by way number `way`; false: refused. */
static bool
edit(struct aliases *al, uint32_t id, unsigned way)
{
	struct al_targets t = {0};
	bool ok = false;
	al_targets_typed(sv_of("new@example.co.jp, \"|cmd x\""), &t);
	struct al_edit e = {.name = sv_of("fresh"), .targets = &t};
	switch (way % 6) {
	case 0:
		ok = al_set(al, &id, &e, NULL);
		break;
	case 1:
		ok = al_is_row(al, id) && doc_entry(&al->doc, id)->kind != ENTRY_BAD &&
		     al_add_targets(al, id, &t, NULL);
		break;
	case 2:
		ok = doc_entry(&al->doc, id)->kind == ENTRY_ALIAS
			     ? al_disable(al, id, NULL)
			     : al_enable(al, id, NULL);
		break;
	case 3:
		al_remove(al, id);
		ok = true;
		break;
	case 4:
		ok = al_set_description(al, id, sv_of("why"), NULL);
		break;
	default:
		e.off = true;
		ok = al_set(al, &id, &e, NULL);
		break;
	}
	al_targets_free(&t);
	return ok;
}

/* Edit each alias of text in each way: the others keep bytes and meaning, undo restores.
 */
static void
check_properties(const char *text, unsigned seed)
{
	struct aliases al;
	struct undo u = {.n = 0};
	load(&al, text);
	assert_true(doc_is_unchanged(&al.doc));
	assert_bytes(&al, text);
	al.doc.on_edit = record;
	al.doc.edit_ctx = &u;
	for (uint32_t id = 0, n = (uint32_t)al.doc.npool; id < n; id++) {
		struct str before = {0}, after = {0}, bytes = {0}, was = {0}, is = {0};
		unsigned way = seed + id;
		if (!al_is_row(&al, id) || doc_entry(&al.doc, id)->kind == ENTRY_RAW)
			continue;
		others(&al, id, &before);
		if (edit(&al, id, way) && way % 6 != 3 && way % 6 != 4) {
			others(&al, id, &after);
			assert_string_equal(str_c(&after), str_c(&before));
			doc_bytes(&al.doc, &bytes);
			meaning(text, id, &was);
			struct aliases again;
			load(&again, str_c(&bytes));
			/* The edited entry is found again where it was put. */
			size_t pos = 0, at = 0;
			for (size_t i = 0; i < al.doc.norder && al.doc.order[i] != id;
				i++)
				if (doc_alive(&al.doc, al.doc.order[i]))
					pos += doc_text(&al.doc, al.doc.order[i]).n;
			for (uint32_t k = 0; k < again.doc.npool; k++) {
				if (at == pos) {
					meaning(str_c(&bytes), k, &is);
					assert_int_equal(doc_entry(&again.doc, k)->kind,
						doc_entry(&al.doc, id)->kind);
				}
				at += doc_text(&again.doc, k).n;
			}
			assert_string_equal(str_c(&is), str_c(&was));
			al_free(&again);
		}
		undo_all(&al, &u);
		assert_bytes(&al, text);
		str_free(&before);
		str_free(&after);
		str_free(&bytes);
		str_free(&was);
		str_free(&is);
	}
	assert_true(doc_is_unchanged(&al.doc));
	al_free(&al);
}

/* Files put together from odd lines. */
static void
properties_hold_for_odd_files(void **state)
{
	static const char *const parts[] = {"a: b\n", "b:\tc,\n\td\n", "# text\n", "\n",
		"#off: x\n", "#o2: x,\n#\ty\n", "bad\n", " ind\n", "\tc: d\n", "a: b\r\n",
		"c :d, \"|e f\"\n", "#\tz\n", "## y\n", "x: (q) <r@s>; t\n",
		"\"q r\": s \"", "g:h \\\n", "k: l # m\n", "#n:\n", "#\n", "o@p: q\n",
		"a,\n",
		"lll: aaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
		"cccccccccccccc\n",
		"s: g: t, u;\n", "v: w,\n# in\n\n  x\n", "\\: y: z\n", "#a b: c\n"};
	unsigned state_of = 20261124;
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct str text = {0};
		state_of = state_of * 1664525u + 1013904223u;
		for (unsigned n = (state_of >> 8) % 7 + 1; n > 0; n--) {
			state_of = state_of * 1664525u + 1013904223u;
			str_add_cstr(&text, parts[(state_of >> 8) % N_OF(parts)]);
		}
		if (round % 5 == 0 && text.n)
			text.p[--text.n] = '\0';
		check_properties(str_c(&text), state_of >> 9);
		str_free(&text);
	}
}

static void
properties_hold_for_corpus(void **state)
{
	const char *folder = getenv("PR_CORPUS");
	struct dirent *entry;
	(void)state;
	if (!folder)
		skip();
	char *path = str_format("%s/aliases", folder);
	DIR *dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		static char text[1 << 20];
		char *file = str_format("%s/%s", path, entry->d_name);
		FILE *f = entry->d_name[0] == '.' ? NULL : fopen(file, "re");
		if (f) {
			size_t n = fread(text, 1, sizeof text - 1, f);
			text[n] = '\0';
			fclose(f);
			if (strlen(text) == n && n < 20000)
				for (unsigned seed = 0; seed < 6; seed++)
					check_properties(text, seed);
		}
		free(file);
	}
	closedir(dir);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(properties_hold_for_odd_files),
		cmocka_unit_test(properties_hold_for_corpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
