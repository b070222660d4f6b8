/* SPDX-License-Identifier: MIT
 *
 * Lists of changes as JSON: what is bent is refused, and any bytes come back.
 */
#include "base/b64.h"
#include "lay_rig.h"

static void
bent_lists_are_refused(void **state)
{
	static const char *const texts[] = {"{}", "[1]", "[{}]", "[{\"kind\":\"param\"}]",
		"[{\"kind\":\"what\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{\"text\":\"n = 1\"}}]",
		"[{\"kind\":\"param\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{\"text\":\"other = 1\"}}]",
		"[{\"kind\":\"param\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{\"text_base64\":\"bg=\"}}]",
		"[{\"kind\":\"param\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{\"text\":7}}]",
		"[{\"kind\":\"alias\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{\"name\":\"n\",\"text\":\"a\\nroot: evil\"}}]",
		"[{\"kind\":\"item\",\"file\":\"f\",\"name\":\"n\",\"before\":{},"
		"\"after\":"
		"{}}]"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *root = json_loads(texts[i], 0, NULL);
		struct lay_list l = {0};

		assert_false(lay_from_json(root, &l));
		lay_free(&l);
		json_decref(root);
	}
}

static void
base64_reads_what_it_writes(void **state)
{
	static const char *const bad[] = {
		"a", "ab==c===", "a===", "=aaa", "a b=", "ab=c"};
	struct str text = {0}, back = {0};

	(void)state;
	for (size_t n = 0; n < 40; n++) {
		char bytes[40];

		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)(i * 37 + n * 11);
		str_clear(&text);
		str_clear(&back);
		b64_encode(sv_make(bytes, n), &text);
		assert_true(b64_decode(str_sv(&text), &back));
		assert_true(sv_eq(str_sv(&back), sv_make(bytes, n)));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(b64_decode(sv_of(bad[i]), &back));
	str_free(&text);
	str_free(&back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bent_lists_are_refused),
		cmocka_unit_test(base64_reads_what_it_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
