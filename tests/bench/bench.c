/* SPDX-License-Identifier: MIT
 *
 * Measures whole programs. Two programs are compared by turns, A B A B ..., so that a
 * machine that slows down slows both; what counts is the median of the pairwise ratios.
 *
 *   bench run N A... -- B...      from start to exit
 *   bench screen N A... -- B...   on an 80x24 terminal: from start to the last byte of
 *                                 the first full screen
 *     both print "A-ms B-ms ratio lowest highest"; in an argument %d becomes the number
 *     of the run. A run that doesn't end with 0 ends the whole with 1.
 *   bench keys KEYS PROG...       a line "KEY bytes ms" for the first screen and for
 *                                 each key; "-" instead of ms where nothing came
 *   bench memory KEYS PROG...     "now-MiB peak-MiB" after the keys
 *   bench idle KEYS PROG...       wake-ups in two quiet seconds after the keys
 *
 * KEYS: one byte a key; \e \r \t \\; \U \D \L \R arrows, \P page down.
 *
 * An answer is over when nothing came for a while and the program sleeps and has used no
 * processor meanwhile: a program that still reads a large file isn't taken for ready. The
 * first full screen is over sooner: at the first pause of 3 ms in which the program
 * sleeps. What it adds later, when other programs have answered it, is another screen.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define QUIET_MS 80
#define PAUSE_MS 3
#define SCREEN_BYTES 500
#define LONGEST_MS 10000
#define MAX_RUNS 101
#define MAX_ARGS 64
#define MAX_ARG 4096

struct tty {
	pid_t pid;
	int fd;
};

struct answer {
	long bytes;
	double last; /* when the last byte came */
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

/* --- what the system knows of a process
 * ------------------------------------------------------- */

/* State letter and used processor ticks; '?' when it is gone. */
static char
proc_state(pid_t pid, unsigned long *ticks)
{
	char path[64], line[1024], *p;
	unsigned long user = 0, sys = 0;
	char state = '?';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	f = fopen(path, "r");
	if (f && fgets(line, sizeof(line), f) && (p = strrchr(line, ')')) != NULL &&
		sscanf(p + 1, " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			&state, &user, &sys) != 3)
		state = '?';
	if (f)
		fclose(f);
	*ticks = user + sys;
	return state;
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

/* --- programs on a terminal
 * ------------------------------------------------------------------- */

static void
run_program(char **argv)
{
	setenv("TERM", "xterm-256color", 1);
	execv(argv[0], argv);
	_exit(127);
}

static struct tty
tty_start(char **argv)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	struct tty t;

	t.pid = forkpty(&t.fd, NULL, NULL, &size);
	if (t.pid == 0)
		run_program(argv);
	return t;
}

/* Is the answer over, now that nothing came for a while? */
static bool
is_over(const struct tty *t, const struct answer *a, bool first, unsigned long *before)
{
	unsigned long ticks = 0, last = *before;
	char state = proc_state(t->pid, &ticks);

	*before = ticks;
	if (first)
		return state == 'S' && a->bytes >= SCREEN_BYTES;
	return state == 'S' && ticks == last;
}

/* Read until the program is done with its answer, or with its first screen; false when it
 * ended. */
static bool
tty_settle(struct tty *t, struct answer *a, bool first)
{
	double give_up = now_ms() + LONGEST_MS;
	unsigned long before = ULONG_MAX;
	static char buf[65536];

	*a = (struct answer){0};
	while (now_ms() < give_up) {
		struct pollfd p = {.fd = t->fd, .events = POLLIN};

		if (poll(&p, 1, first ? PAUSE_MS : QUIET_MS) > 0) {
			ssize_t n = read(t->fd, buf, sizeof(buf));

			if (n <= 0)
				return false;
			a->bytes += n;
			a->last = now_ms();
			continue;
		}
		if (is_over(t, a, first, &before))
			return true;
	}
	return true;
}

/* Asked first: nano keeps the file of its lock when it is killed. */
static void
tty_end(struct tty *t)
{
	double give_up = now_ms() + 2000;

	kill(t->pid, SIGTERM);
	while (waitpid(t->pid, NULL, WNOHANG) == 0) {
		if (now_ms() > give_up)
			kill(t->pid, SIGKILL);
		usleep(2000);
	}
	close(t->fd);
}

/* The next key of a script, and how many bytes it sends. */
static const char *
next_key(const char *p, char *key, size_t *n)
{
	static const char named[] = "UDRL";
	const char *arrow;

	*n = 1;
	key[0] = *p;
	if (*p != '\\' || !p[1])
		return p + 1;
	arrow = strchr(named, p[1]);
	if (arrow) {
		memcpy(key, "\033O", 2);
		key[2] = (char)('A' + (arrow - named));
		*n = 3;
	} else if (p[1] == 'P') {
		memcpy(key, "\033[6~", 4);
		*n = 4;
	} else {
		key[0] = p[1] == 'e'   ? 27
			 : p[1] == 'r' ? '\r'
			 : p[1] == 't' ? '\t'
				       : p[1];
	}
	return p + 2;
}

static void
show_answer(const char *name, int n, const struct answer *a, double from)
{
	printf("%.*s %ld ", n, name, a->bytes);
	if (a->bytes)
		printf("%.1f\n", a->last - from);
	else
		printf("-\n");
}

/* Send each key when the answer to the one before is complete. */
static bool
type(struct tty *t, const char *script, bool show)
{
	struct answer a;

	while (*script) {
		const char *name = script;
		char key[8];
		size_t n;
		double sent;

		script = next_key(script, key, &n);
		sent = now_ms();
		if (write(t->fd, key, n) != (ssize_t)n || !tty_settle(t, &a, false)) {
			fprintf(stderr, "bench: the program ended at key %.*s\n",
				(int)(script - name), name);
			return false;
		}
		if (show)
			show_answer(name, (int)(script - name), &a, sent);
	}
	return true;
}

static bool
start_and_type(struct tty *t, char **argv, const char *script, bool show)
{
	double from = now_ms();
	struct answer a;

	*t = tty_start(argv);
	if (!tty_settle(t, &a, false)) {
		fprintf(stderr, "bench: %s ended\n", argv[0]);
		return false;
	}
	if (show)
		show_answer("start", 5, &a, from);
	return type(t, script, show);
}

static int
keys(const char *script, char **argv)
{
	struct tty t;
	bool ok = start_and_type(&t, argv, script, true);

	tty_end(&t);
	return !ok;
}

static int
memory(const char *script, char **argv)
{
	struct tty t;
	bool ok = start_and_type(&t, argv, script, false);

	printf("%.1f %.1f\n", (double)proc_number(t.pid, "VmRSS:") / 1024,
		(double)proc_number(t.pid, "VmHWM:") / 1024);
	tty_end(&t);
	return !ok;
}

static int
idle(const char *script, char **argv)
{
	struct tty t;
	bool ok = start_and_type(&t, argv, script, false);
	long before;

	usleep(1500000);
	before = proc_number(t.pid, "voluntary_ctxt_switches:");
	usleep(2000000);
	printf("%ld\n", proc_number(t.pid, "voluntary_ctxt_switches:") - before);
	tty_end(&t);
	return !ok;
}

/* --- comparing
 * -------------------------------------------------------------------------------- */

/* From start to exit; negative when it didn't end well. */
static double
time_run(char **argv)
{
	double from = now_ms();
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		run_program(argv);
	}
	waitpid(pid, &status, 0);
	return status == 0 ? now_ms() - from : -1;
}

static double
time_screen(char **argv)
{
	double from = now_ms();
	struct tty t = tty_start(argv);
	struct answer a;
	bool ok = tty_settle(&t, &a, true);

	tty_end(&t);
	return ok ? a.last - from : -1;
}

/* argv with %d replaced; in memory that is used again by the next call. */
static char **
numbered(char **argv, int number)
{
	static char text[MAX_ARGS][MAX_ARG];
	static char *out[MAX_ARGS + 1];
	int n = 0;

	for (; argv[n] && n < MAX_ARGS; n++) {
		char *at = strstr(argv[n], "%d");

		out[n] = argv[n];
		if (!at)
			continue;
		snprintf(text[n], MAX_ARG, "%.*s%d%s", (int)(at - argv[n]), argv[n],
			number, at + 2);
		out[n] = text[n];
	}
	out[n] = NULL;
	return out;
}

static int
compare(double (*timed)(char **), int n, char **a, char **b)
{
	double va[MAX_RUNS], vb[MAX_RUNS], ratio[MAX_RUNS];

	for (int i = -1; i < n; i++) { /* one to warm up */
		double ta = timed(numbered(a, i + 1)), tb = timed(numbered(b, i + 1));

		if (ta < 0 || tb < 0) {
			fprintf(stderr, "bench: %s did not end well\n",
				ta < 0 ? a[0] : b[0]);
			return 1;
		}
		if (i < 0)
			continue;
		va[i] = ta;
		vb[i] = tb;
		ratio[i] = ta / tb;
	}
	printf("%.1f %.1f %.2f ", median(va, n), median(vb, n), median(ratio, n));
	printf("%.2f %.2f\n", ratio[0], ratio[n - 1]);
	return 0;
}

static int
usage(void)
{
	fputs("usage: bench run|screen N A... -- B...\n"
	      "       bench keys|memory|idle KEYS PROG...\n",
		stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	int split = 0, n;

	if (argc < 4)
		return usage();
	if (strcmp(argv[1], "keys") == 0)
		return keys(argv[2], argv + 3);
	if (strcmp(argv[1], "memory") == 0)
		return memory(argv[2], argv + 3);
	if (strcmp(argv[1], "idle") == 0)
		return idle(argv[2], argv + 3);
	for (int i = 4; i < argc - 1 && !split; i++)
		if (strcmp(argv[i], "--") == 0)
			split = i;
	n = (int)strtol(argv[2], NULL, 10);
	if (!split || n < 1 || n > MAX_RUNS)
		return usage();
	argv[split] = NULL;
	return compare(strcmp(argv[1], "run") == 0 ? time_run : time_screen, n, argv + 3,
		argv + split + 1);
}
