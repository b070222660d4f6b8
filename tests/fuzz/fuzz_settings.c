/* SPDX-License-Identifier: MIT
 *
 * postrelay.conf through libconfuse. Whatever stands there: a setting that counts is in
 * its range, and a path begins with '/'.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "session/settings.h"

static char path[] = "/tmp/postrelay-fuzz-XXXXXX";

static void
forget_file(void)
{
	unlink(path);
}

static int
file(void)
{
	static int fd = -1;

	if (fd < 0) {
		fd = mkstemp(path);
		FUZZ_HOLDS(fd >= 0);
		atexit(forget_file);
	}
	return fd;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct settings set;
	struct diags d = {0};
	int fd = file();

	FUZZ_HOLDS(ftruncate(fd, 0) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n);
	set_load(&set, path, &d);
	FUZZ_HOLDS(set.config_dir[0] == '/' && set.command_dir[0] == '/');
	FUZZ_HOLDS(set.systemctl[0] == '/' && set.getent[0] == '/');
	FUZZ_HOLDS(!set.state_dir || set.state_dir[0] == '/');
	FUZZ_HOLDS(set.program_seconds >= 1 && set.program_seconds <= 3600);
	FUZZ_HOLDS(set.log_ms >= 1000 && set.log_ms <= 3600 * 1000);
	fuzz_are_whole(&d);
	diag_clear(&d);
	set_free(&set);
	return 0;
}
