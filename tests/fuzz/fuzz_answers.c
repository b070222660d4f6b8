/* SPDX-License-Identifier: MIT
 *
 * Files of answers for the guided set-up. Whatever stands there: it is taken whole, as
 * one undo, or not at all and with a finding; what was taken is told as answers that
 * change nothing.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "session/review.h"
#include "session/settings.h"
#include "session/setup.h"
#include "sys/world.h"

static char dir[] = "/tmp/postrelay-fuzz-XXXXXX";
static char answers[sizeof(dir) + 16];
static struct settings set;

static void
put(const char *name, const void *bytes, size_t n)
{
	char path[sizeof(dir) + 16];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FUZZ_HOLDS(fd >= 0 && write(fd, bytes, n) == (ssize_t)n && close(fd) == 0);
}

static void
forget_folder(void)
{
	static const char *const names[] = {"main.cf", "aliases", "answers"};
	char path[sizeof(dir) + 16];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
	set_free(&set);
}

/* Postfix's own programs aren't asked: none is there. */
static void
make_folder(void)
{
	static const char main_cf[] = "inet_interfaces = localhost\n"
				      "mynetworks = 127.0.0.0/8, 10.1.0.0/16\n";
	static const char people[] = "postmaster: root\n";
	struct diags d = {0};

	if (answers[0])
		return;
	FUZZ_HOLDS(mkdtemp(dir));
	atexit(forget_folder);
	snprintf(answers, sizeof(answers), "%s/answers", dir);
	put("main.cf", main_cf, sizeof(main_cf) - 1);
	put("aliases", people, sizeof(people) - 1);
	put("answers", "", 0);
	set_load(&set, answers, &d);
	free(set.command_dir);
	set.command_dir = mem_strdup("/nonexistent");
	diag_clear(&d);
}

static size_t
changes(struct session *s)
{
	const struct ses_change *v;

	return ses_changes(s, &v);
}

static void
read_its_own(struct session *s)
{
	struct diags d = {0};
	struct str own = {0};
	size_t n = changes(s);

	ses_setup_print(s, &own);
	put("answers", own.p, own.n);
	FUZZ_HOLDS(ses_setup_read(s, answers, &d));
	ses_setup_end(s);
	FUZZ_HOLDS(changes(s) == n);
	diag_clear(&d);
	str_free(&own);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ses_opts o = {.config_dir = dir, .state_dir = dir};
	char people[sizeof(dir) + 16];
	struct diags d = {0};
	struct world world;
	struct session *s;

	make_folder();
	snprintf(people, sizeof(people), "%s/aliases", dir);
	o.aliases_file = people;
	o.dry_run = true; /* leaves nothing anywhere */
	put("answers", data, n);
	sys_world(&world);
	s = ses_open(&o, &set, &world);
	if (ses_setup_read(s, answers, &d)) {
		ses_setup_end(s);
		read_its_own(s);
		if (changes(s))
			FUZZ_HOLDS(ses_undo(s));
	} else {
		FUZZ_HOLDS(diag_has_error(&d));
	}
	FUZZ_HOLDS(changes(s) == 0 && !ses_undo(s));
	fuzz_are_whole(&d);
	diag_clear(&d);
	ses_close(s);
	return 0;
}
