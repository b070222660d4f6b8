/* SPDX-License-Identifier: MIT
 *
 * Measures whole programs. Two programs are compared by turns, A B A B ..., so that a
 * machine that slows down slows both; what counts is the median of the pairwise ratios.
 *
 *   bench run N A... -- B...      wall time from start to exit
 *   bench screen N A... -- B...   on an 80x24 terminal: time to the last byte of the
 * first screen bench keys KEYS PROG...       bytes of the first screen and of each key of
 * KEYS (\e \r \xNN) bench key-ms KEYS PROG...     as keys, and the milliseconds until the
 * last byte of the answer bench idle PROG...            resident memory, and wake-ups in
 * two quiet seconds
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define QUIET_MS 120
#define FIRST_MS 20000
#define MAX_RUNS 101

struct tty {
	pid_t pid;
	int fd;
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), by_size);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static struct tty
tty_start(char **argv)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	struct tty t;

	t.pid = forkpty(&t.fd, NULL, NULL, &size);
	if (t.pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execv(argv[0], argv);
		_exit(127);
	}
	return t;
}

/* Read until nothing comes for QUIET_MS; bytes read, and when the last one came. */
static long
tty_settle(struct tty *t, double *last)
{
	char buf[65536];
	long total = 0;

	for (;;) {
		struct pollfd p = {.fd = t->fd, .events = POLLIN};
		ssize_t n;

		if (poll(&p, 1, total ? QUIET_MS : FIRST_MS) <= 0)
			return total;
		n = read(t->fd, buf, sizeof(buf));
		if (n <= 0)
			return total;
		total += n;
		*last = now_ms();
	}
}

static void
tty_end(struct tty *t)
{
	kill(t->pid, SIGKILL);
	waitpid(t->pid, NULL, 0);
	close(t->fd);
}

static double
time_run(char **argv)
{
	double from = now_ms();
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execv(argv[0], argv);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	return now_ms() - from;
}

static double
time_screen(char **argv)
{
	double from = now_ms(), last = from;
	struct tty t = tty_start(argv);

	tty_settle(&t, &last);
	tty_end(&t);
	return last - from;
}

static int
compare(double (*timed)(char **), int n, char **a, char **b)
{
	double va[MAX_RUNS], vb[MAX_RUNS], ratio[MAX_RUNS];

	timed(a);
	timed(b);
	for (int i = 0; i < n; i++) {
		va[i] = timed(a);
		vb[i] = timed(b);
		ratio[i] = va[i] / vb[i];
	}
	printf("%.1f ms against %.1f ms, ratio %.2f", median(va, n), median(vb, n),
		median(ratio, n));
	printf(" [%.2f-%.2f]\n", ratio[0], ratio[n - 1]);
	return 0;
}

/* The next key of a script: one byte, \e, \r, \t, \\, \xNN, or \[X = ESC [ X as one key.
 */
static const char *
next_key(const char *p, char *key, size_t *n)
{
	*n = 1;
	key[0] = *p;
	if (*p != '\\')
		return p + 1;
	switch (p[1]) {
	case 'e':
		key[0] = 27;
		return p + 2;
	case 'r':
		key[0] = '\r';
		return p + 2;
	case 't':
		key[0] = '\t';
		return p + 2;
	case '[':
		key[0] = 27;
		key[1] = 'O';
		key[2] = p[2];
		*n = 3;
		return p + 3;
	default:
		key[0] = p[1];
		return p + 2;
	}
}

static int
keys(const char *script, char **argv, bool with_ms)
{
	double last = 0;
	struct tty t = tty_start(argv);

	printf("first screen %ld bytes\n", tty_settle(&t, &last));
	while (*script) {
		const char *from = script;
		char key[8];
		size_t n;
		double sent;
		long bytes;

		script = next_key(script, key, &n);
		sent = last = now_ms();
		if (write(t.fd, key, n) < 0)
			break;
		bytes = 0;
		for (;;) {
			char buf[65536];
			struct pollfd p = {.fd = t.fd, .events = POLLIN};
			ssize_t got;

			if (poll(&p, 1, bytes ? QUIET_MS : 600) <= 0)
				break;
			got = read(t.fd, buf, sizeof(buf));
			if (got <= 0)
				break;
			bytes += got;
			last = now_ms();
		}
		if (with_ms)
			printf("key %.*s: %ld bytes, %.1f ms\n", (int)(script - from),
				from, bytes, last - sent);
		else
			printf("key %.*s: %ld bytes\n", (int)(script - from), from,
				bytes);
	}
	tty_end(&t);
	return 0;
}

static long
proc_number(pid_t pid, const char *name)
{
	char path[64], line[256];
	long value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, name, strlen(name)) == 0)
			value = strtol(line + strlen(name), NULL, 10);
	if (f)
		fclose(f);
	return value;
}

static int
idle(char **argv)
{
	double last = 0;
	struct tty t = tty_start(argv);
	long before;

	tty_settle(&t, &last);
	usleep(1500000);
	before = proc_number(t.pid, "voluntary_ctxt_switches:");
	usleep(2000000);
	printf("%.1f MiB resident, %ld wake-ups in 2 s\n",
		(double)proc_number(t.pid, "VmRSS:") / 1024.0,
		proc_number(t.pid, "voluntary_ctxt_switches:") - before);
	tty_end(&t);
	return 0;
}

int
main(int argc, char **argv)
{
	int split = 0, n;

	if (argc >= 4 && strncmp(argv[1], "key", 3) == 0)
		return keys(argv[2], argv + 3, strcmp(argv[1], "key-ms") == 0);
	if (argc >= 3 && strcmp(argv[1], "idle") == 0)
		return idle(argv + 2);
	for (int i = 3; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			split = i;
	n = argc > 2 ? atoi(argv[2]) : 0;
	if (!split || n < 1 || n > MAX_RUNS || split == 3 || split == argc - 1) {
		fprintf(stderr, "usage: bench run|screen N A... -- B... | keys KEYS "
				"PROG... | idle PROG...\n");
		return 2;
	}
	argv[split] = NULL;
	return compare(strcmp(argv[1], "run") == 0 ? time_run : time_screen, n, argv + 3,
		argv + split + 1);
}
