/* SPDX-License-Identifier: MIT
 *
 * Whatever stands in main.cf and aliases, every screen opens, nothing of it reaches the
 * terminal raw, and leaving writes nothing. Files written here, and each file from real
 * machines where PR_CORPUS names a folder of them.
 */
#include <dirent.h>

#include "tui/scratch.h"

static const char walk[] =
	"2 End Home 3 End Enter Esc 4 End 5 End ? Esc 6 End 1 End n N Home";

/* Files are written with a known length: they may hold NUL bytes. */
static void
write_bytes(struct scratch *s, const char *name, const char *bytes, size_t n)
{
	FILE *f = fopen(scratch_path(s, name), "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void
open_every_screen(const char *what, const char *file, const char *bytes, size_t n)
{
	struct scratch s;

	scratch_new(&s, &(struct scratch_files){.main_cf = "relayhost = [a.test]\n"});
	write_bytes(&s, file, bytes, n);
	struct vt *v = scratch_start(&s, "overview", NULL, (struct vt_opts){0});
	vt_keys(v, walk);
	if (vt_sent(v, "\033]0;", 4) || vt_sent(v, "\033[66;", 5)) {
		print_message("%s: sent raw\n", what);
		fail();
	}
	vt_resize(v, 12, 40);
	vt_keys(v, "2 3 4 5 6 1 q");
	int status = vt_wait_exit(v);
	if (status != 0) {
		print_message("%s: ended with %d\n", what, status);
	}
	assert_int_equal(status, 0);
	(void)vt_close(v);
	FILE *f = fopen(scratch_path(&s, file), "r");
	char *now = malloc(n + 1);
	assert_non_null(f);
	assert_non_null(now);
	assert_int_equal(fread(now, 1, n + 1, f), n);
	assert_memory_equal(now, bytes, n);
	free(now);
	(void)fclose(f);
	scratch_end(&s);
}

static void
odd_files_open_on_every_screen(void **state)
{
	static const struct {
		const char *what, *file, *bytes;
		size_t n; /* 0: up to the NUL */
	} odd[] = {
		{"empty", "main.cf", "", 0},
		{"NUL", "main.cf", "relayhost = a\0b\n", 16},
		{"no line end", "main.cf", "mynetworks = 10.0.0.0/8", 0},
		{"carriage returns", "main.cf",
			"relayhost = a.test\r\nmynetworks = 10.0.0.0/8\r\n", 0},
		{"no equals sign", "main.cf", "what is this\n= 1\n  continued\n", 0},
		{"title of the terminal", "main.cf",
			"mynetworks = \033]0;x\007, 10.0.0.0/8\nrelayhost = \033[66;1H\n"
			"inet_interfaces = \033]0;x\007\nmyhostname = \033]0;y\007\n",
			0},
		{"not UTF-8", "main.cf",
			"relayhost = \xff\xfe\x80.test\nmynetworks = \xc3\n", 0},
		{"loop", "main.cf", "mynetworks = $mynetworks\nrelayhost = $relayhost\n",
			0},
		{"file that isn't there", "main.cf",
			"mynetworks = /no/such, hash:/no/such\n", 0},
		{"title of the terminal", "aliases",
			"\033]0;x\007: \033[66;1H\nroot: me\n", 0},
		{"quotes", "aliases",
			"\"a: b\nc: \"d\n: e\nf\n\"g h\": |\"x y\", :include:/no\n", 0},
		{"NUL", "aliases", "a: b\0c\n", 7},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		open_every_screen(odd[i].what, odd[i].file, odd[i].bytes,
			odd[i].n ? odd[i].n : strlen(odd[i].bytes));
	}
}

static void
long_lines_and_lists_open_on_every_screen(void **state)
{
	static char text[65536];
	size_t n = 0;

	(void)state;
	n += (size_t)snprintf(text, sizeof(text), "mynetworks = 127.0.0.0/8");
	for (unsigned i = 0; i < 2000; i++) {
		n += (size_t)snprintf(
			text + n, sizeof(text) - n, " 10.%u.%u.0/24", i / 250, i % 250);
	}
	text[n++] = '\n';
	open_every_screen("2000 networks", "main.cf", text, n);
	memset(text, 'x', sizeof(text));
	memcpy(text, "relayhost = ", 12);
	open_every_screen("a long name", "main.cf", text, sizeof(text));
}

/* At most that many files of a folder, spread over it: each costs a second. */
enum { SAMPLES = 12 };

static void
each_file(const char *folder, const char *name)
{
	static char bytes[1 << 20];
	const char *corpus = getenv("PR_CORPUS");
	struct dirent **e;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%s", corpus, folder);
	int n = scandir(path, &e, NULL, alphasort);
	assert_true(n > 0);
	int step = n / SAMPLES > 0 && !getenv("PR_SLOW") ? n / SAMPLES : 1;
	for (int i = 0; i < n; i++) {
		(void)snprintf(
			path, sizeof(path), "%s/%s/%s", corpus, folder, e[i]->d_name);
		FILE *f =
			i % step == 0 && e[i]->d_name[0] != '.' ? fopen(path, "r") : NULL;
		if (f) {
			size_t len = fread(bytes, 1, sizeof(bytes), f);
			(void)fclose(f);
			open_every_screen(e[i]->d_name, name, bytes, len);
		}
		free(e[i]);
	}
	free(e);
}

static void
files_of_real_machines_open_on_every_screen(void **state)
{
	(void)state;
	if (!getenv("PR_CORPUS")) {
		print_message("skipped: PR_CORPUS is not set\n");
		skip();
	}
	each_file("main.cf", "main.cf");
	each_file("aliases", "aliases");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_files_open_on_every_screen),
		cmocka_unit_test(long_lines_and_lists_open_on_every_screen),
		cmocka_unit_test(files_of_real_machines_open_on_every_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
