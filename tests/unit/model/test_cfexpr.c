/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "model/cfexpr.h"

static bool
lookup(void *ctx, struct sv name, struct sv *value)
{
	static const char *const table[][2] = {
		{"a",      "1"          },
                {"b",      "$a$a"       },
                {"empty",  ""           },
                {"loop",   "$loop2"     },
		{"loop2",  "x${loop}"   },
                {"domain", "example.com"}
        };

	(void)ctx;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (sv_eq_str(name, table[i][0])) {
			*value = sv_of(table[i][1]);
			return true;
		}
	return false;
}

static void
expand_each_form_means_what_postconf_says(void **state)
{
	static const struct {
		const char *in;
		enum cfx_result r;
		const char *out;
	} rows[] = {
		{"plain",                      CFX_OK,      "plain"        },
		{"$a ${a} $(a)",               CFX_OK,      "1 1 1"        },
		{"$domain.x",                  CFX_OK,      "example.com.x"},
		{"$b-",			CFX_OK,      "11-"          },
		{"$$a",			CFX_OK,      "$a"           },
		{"${a?yes}",                   CFX_OK,      "yes"          },
		{"${empty?yes}",               CFX_OK,      ""             },
		{"${empty:no}",                CFX_OK,      "no"           },
		{"${a:no}",                    CFX_OK,      ""             },
		{"${a?{yes}:{no}}",            CFX_OK,      "yes"          },
		{"${empty?{yes}:{no $a}}",     CFX_OK,      "no 1"         },
		{"${a? {yes} : {no}}",         CFX_OK,      "yes"          },
		{"${{$a} == {1} ? {x} : {y}}", CFX_UNKNOWN, NULL           },
		{"$nosuch",                    CFX_UNKNOWN, NULL           },
		{"${a",			CFX_SYNTAX,  NULL           },
		{"a $",			CFX_SYNTAX,  NULL           },
		{"${}",			CFX_SYNTAX,  NULL           },
		{"${a b}",                     CFX_SYNTAX,  NULL           },
		{"$loop",                      CFX_NESTING, NULL           },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cfx_source src = {lookup, NULL};
		struct str out = {0};

		assert_int_equal(cfx_expand(sv_of(rows[i].in), &src, &out), rows[i].r);
		if (rows[i].out)
			assert_string_equal(str_c(&out), rows[i].out);
		str_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expand_each_form_means_what_postconf_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
