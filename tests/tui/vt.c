/* SPDX-License-Identifier: MIT
 *
 * How "settled" is known without guessing: the program's own count of bytes read
 * (/proc/PID/io) has grown by what we sent, it sleeps (/proc/PID/stat), and the pty is
 * empty. A signal or a byte makes a sleeper runnable at once, so the order of these
 * checks closes the gaps; where rchar cannot be read, a quiet time stands in for it.
 */
#include "tui/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { LIMIT_MS = 10000, QUIET_MS = 60, ARGS_MOST = 32 };

struct vt {
	int fd;
	pid_t pid;
	int rows, cols;
	VTerm *term;
	VTermScreen *screen;
	char *out; /* since the last reset */
	size_t nout, capout;
	char *text;     /* what vt_row and vt_screen return */
	long long want; /* rchar to wait for; -1: unknown */
	bool eof, reaped;
	int status;
};

/* Programs run under valgrind (make valgrind). */
static bool
valgrind(void)
{
	return getenv("PR_VALGRIND") != NULL;
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* When to give up. */
static int64_t
limit(void)
{
	return now_ms() + LIMIT_MS * (valgrind() ? 10 : 1);
}

static void
give_up(struct vt *v, const char *what, const char *arg)
{
	print_message("waited in vain for %s \"%s\"; the screen is:\n%s\n", what, arg,
		vt_screen(v));
	fail();
}

/* --- start and end -------------------------------------------------------------------
 */

static pid_t tester; /* this process */

/* Where the sanitizers of the program and of all that it forks write what they find. */
static void
report_path(char *out, size_t size, const char *tail)
{
	snprintf(out, size, "/tmp/postrelay-report-%d%s", (int)tester, tail);
}

static void
report_to(const char *name)
{
	const char *was = getenv(name);
	char path[64], value[1024];

	report_path(path, sizeof(path), "");
	snprintf(value, sizeof(value), "%s%slog_path=%s", was ? was : "", was ? ":" : "",
		path);
	setenv(name, value, 1);
}

/* The same program, looked at by valgrind; every process of it writes a report. Leaks are
 * for the sanitizers, which know those of ncurses by name. */
static void
run_valgrind(const char *const *argv)
{
	char path[64], log[128];
	const char *all[ARGS_MOST + 8] = {"valgrind", "-q", log};
	size_t n = 3;

	report_path(path, sizeof(path), ".%p");
	snprintf(log, sizeof(log), "--log-file=%s", path);
	for (size_t i = 0; argv[i] && i < ARGS_MOST; i++) {
		all[n++] = argv[i];
	}
	execvp(all[0], (char *const *)(uintptr_t)all);
	_exit(127);
}

static void
run_child(const struct vt_opts *o)
{
	char *const *argv = (char *const *)(uintptr_t)o->argv;

	report_to("ASAN_OPTIONS");
	report_to("UBSAN_OPTIONS");
	report_to("LSAN_OPTIONS");
	setenv("TERM", o->term ? o->term : "xterm-256color", 1);
	setenv("LC_ALL", o->locale ? o->locale : "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	unsetenv("LINES");
	unsetenv("COLUMNS");
	for (size_t i = 0; o->env && o->env[i]; i++) {
		putenv((char *)(uintptr_t)o->env[i]);
	}
	if (o->dir && chdir(o->dir) != 0) {
		_exit(126);
	}
	if (valgrind()) {
		run_valgrind(o->argv);
	}
	execv(argv[0], argv);
	_exit(127);
}

static void
term_new(struct vt *v)
{
	v->term = vterm_new(v->rows, v->cols);
	vterm_set_utf8(v->term, 1);
	v->screen = vterm_obtain_screen(v->term);
	vterm_screen_enable_altscreen(v->screen, 1);
	vterm_screen_reset(v->screen, 1);
}

struct vt *
vt_start(const struct vt_opts *o)
{
	struct vt *v = calloc(1, sizeof(*v));
	struct winsize ws = {0};

	assert_non_null(v);
	v->rows = o->rows ? o->rows : 24;
	v->cols = o->cols ? o->cols : 80;
	ws.ws_row = (unsigned short)v->rows;
	ws.ws_col = (unsigned short)v->cols;
	tester = getpid();
	v->pid = forkpty(&v->fd, NULL, NULL, &ws);
	assert_true(v->pid >= 0);
	if (v->pid == 0) {
		run_child(o);
	}
	fcntl(v->fd, F_SETFL, O_NONBLOCK);
	fcntl(v->fd, F_SETFD, FD_CLOEXEC);
	term_new(v);
	v->want = -1;
	int64_t until = limit();
	while (v->nout == 0 && !v->eof) { /* its first words */
		struct pollfd pfd = {.fd = v->fd, .events = POLLIN};
		poll(&pfd, 1, 50);
		vt_settle(v);
		if (now_ms() > until) {
			give_up(v, "any output of", o->argv[0]);
		}
	}
	vt_settle(v);
	return v;
}

static void
reap(struct vt *v, int flags)
{
	int status = 0;

	if (!v->reaped && waitpid(v->pid, &status, flags) == v->pid) {
		v->reaped = true;
		v->status =
			WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}

/* --- output --------------------------------------------------------------------------
 */

/* Take what is there; true when there was something. */
static bool
drain(struct vt *v)
{
	char bytes[8192];
	bool any = false;

	for (;;) {
		ssize_t n = read(v->fd, bytes, sizeof(bytes));
		if (n <= 0) {
			v->eof = v->eof || n == 0 || (errno != EAGAIN && errno != EINTR);
			return any;
		}
		any = true;
		if (v->nout + (size_t)n > v->capout) {
			v->capout = 2 * (v->nout + (size_t)n);
			v->out = realloc(v->out, v->capout);
			assert_non_null(v->out);
		}
		memcpy(v->out + v->nout, bytes, (size_t)n);
		v->nout += (size_t)n;
		vterm_input_write(v->term, bytes, (size_t)n);
	}
}

/* A field of /proc/PID/NAME, from behind the mark; -1 when it cannot be read. */
static bool
proc_read(const struct vt *v, const char *name, char *out, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)v->pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return false;
	}
	ssize_t n = read(fd, out, size - 1);
	close(fd);
	out[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static bool
sleeps(const struct vt *v)
{
	char text[512];
	char *paren =
		proc_read(v, "stat", text, sizeof(text)) ? strrchr(text, ')') : NULL;

	return !paren || paren[2] == 'S' || paren[2] == 'Z';
}

static long long
bytes_read(const struct vt *v)
{
	char text[512];
	const char *at =
		proc_read(v, "io", text, sizeof(text)) ? strstr(text, "rchar: ") : NULL;

	return at ? strtoll(at + 7, NULL, 10) : -1;
}

static bool
has_read(const struct vt *v)
{
	return v->want < 0 || bytes_read(v) >= v->want || bytes_read(v) < 0;
}

void
vt_settle(struct vt *v)
{
	int64_t until = limit();
	int quiet = 0;

	while (quiet < 2 && !v->eof) {
		bool before = has_read(v) && sleeps(v);
		bool any = drain(v);
		quiet = before && !any && sleeps(v) ? quiet + 1 : 0;
		if (quiet < 2) {
			struct pollfd pfd = {.fd = v->fd, .events = POLLIN};
			poll(&pfd, 1, v->want < 0 ? QUIET_MS : 2);
		}
		reap(v, WNOHANG);
		if (now_ms() > until) {
			give_up(v, "the program to", "settle");
		}
	}
}

int
vt_wait_exit(struct vt *v)
{
	int64_t until = limit();

	while (!v->reaped) {
		struct pollfd pfd = {.fd = v->fd, .events = POLLIN};
		poll(&pfd, 1, 10);
		drain(v);
		reap(v, WNOHANG);
		if (now_ms() > until) {
			give_up(v, "the end of", "the program");
		}
	}
	drain(v);
	return v->status;
}

void
vt_hang_up(struct vt *v)
{
	close(v->fd);
	v->fd = -1;
	v->eof = true;
}

/* What the sanitizers found fails the test, whatever its exit status was taken for. */
static void
fail_on_reports(void)
{
	char pattern[64], line[512];
	glob_t found = {0};
	bool any = false;

	report_path(pattern, sizeof(pattern), ".*");
	if (glob(pattern, 0, NULL, &found) != 0) {
		return;
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *f = fopen(found.gl_pathv[i], "re");
		/* "--PID--": valgrind's words about itself */
		while (f && fgets(line, sizeof(line), f)) {
			if (strncmp(line, "--", 2) != 0) {
				print_message("%s", line);
				any = true;
			}
		}
		if (f) {
			fclose(f);
		}
		unlink(found.gl_pathv[i]);
	}
	globfree(&found);
	if (any) {
		fail_msg("a sanitizer, or valgrind, has found something");
	}
}

int
vt_close(struct vt *v)
{
	if (!v->reaped) {
		kill(v->pid, SIGHUP);
		vt_wait_exit(v);
	}
	int status = v->status;
	if (v->fd >= 0) {
		close(v->fd);
	}
	vterm_free(v->term);
	free(v->out);
	free(v->text);
	free(v);
	fail_on_reports();
	return status;
}

/* --- input ---------------------------------------------------------------------------
 */

static const struct {
	const char *name, *bytes;
} keys[] = {
	{"Up", "\033[A"},
	{"Down", "\033[B"},
	{"Right", "\033[C"},
	{"Left", "\033[D"},
	{"Home", "\033[H"},
	{"End", "\033[F"},
	{"PageUp", "\033[5~"},
	{"PageDown", "\033[6~"},
	{"Delete", "\033[3~"},
	{"Insert", "\033[2~"},
	{"Backspace", "\177"},
	{"Enter", "\r"},
	{"Tab", "\t"},
	{"Shift-Tab", "\033[Z"},
	{"Space", " "},
	{"F1", "\033OP"},
	{"F2", "\033OQ"},
	{"F5", "\033[15~"},
	{"F10", "\033[21~"},
};

void
vt_send(struct vt *v, const char *bytes, size_t n)
{
	v->want = bytes_read(v);
	v->want = v->want < 0 ? -1 : v->want + (long long)n;
	while (n > 0) {
		ssize_t done = write(v->fd, bytes, n);
		if (done < 0 && errno != EAGAIN) {
			break; /* it has ended */
		}
		bytes += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
		drain(v);
	}
	vt_settle(v);
}

static void
send_key(struct vt *v, const char *name)
{
	if (strncmp(name, "Ctrl-", 5) == 0) {
		const char c = (char)(name[5] & 0x1f);
		vt_send(v, &c, 1);
		return;
	}
	if (strcmp(name, "Esc") == 0) { /* twice: decided at once */
		vt_send(v, "\033\033", 2);
		return;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].name, name) == 0) {
			vt_send(v, keys[i].bytes, strlen(keys[i].bytes));
			return;
		}
	}
	assert_int_equal(strlen(name), 1); /* else an unknown name */
	vt_send(v, name, 1);
}

void
vt_keys(struct vt *v, const char *names)
{
	char name[16];
	int n = 0;

	while (sscanf(names, " %15s%n", name, &n) == 1) {
		send_key(v, name);
		names += n;
	}
}

void
vt_type(struct vt *v, const char *text)
{
	vt_send(v, text, strlen(text));
}

void
vt_paste(struct vt *v, const char *text)
{
	size_t n = strlen(text) + 16;
	char *bytes = malloc(n);

	assert_non_null(bytes);
	snprintf(bytes, n, "\033[200~%s\033[201~", text);
	vt_send(v, bytes, strlen(bytes));
	free(bytes);
}

void
vt_click(struct vt *v, int row, int col)
{
	char bytes[64];

	snprintf(
		bytes, sizeof(bytes), "\033[<0;%d;%dM\033[<0;%d;%dm", col, row, col, row);
	vt_send(v, bytes, strlen(bytes));
}

void
vt_resize(struct vt *v, int rows, int cols)
{
	struct winsize ws = {
		.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	v->rows = rows;
	v->cols = cols;
	vterm_set_size(v->term, rows, cols);
	v->want = bytes_read(v);
	v->want = v->want < 0 ? -1 : v->want + 1; /* the byte in its signal pipe */
	assert_int_equal(ioctl(v->fd, TIOCSWINSZ, &ws), 0);
	vt_settle(v);
}

/* --- looking -------------------------------------------------------------------------
 */

static size_t
put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | (c >> 6));
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | (c >> 12));
		out[1] = (char)(0x80 | ((c >> 6) & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (c >> 18));
	out[1] = (char)(0x80 | ((c >> 12) & 0x3f));
	out[2] = (char)(0x80 | ((c >> 6) & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Row (from 0) as UTF-8 into out; returns its length without trailing blanks. */
static size_t
row_text(const struct vt *v, int row, char *out)
{
	size_t n = 0;

	for (int col = 0; col < v->cols; col++) {
		VTermScreenCell cell;
		VTermPos pos = {row, col};
		vterm_screen_get_cell(v->screen, pos, &cell);
		if (cell.chars[0] == 0xffffffffu) {
			continue; /* second column of a wide sign */
		}
		if (cell.chars[0] == 0) {
			out[n++] = ' ';
		}
		for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++) {
			n += put_utf8(out + n, cell.chars[i]);
		}
	}
	while (n > 0 && out[n - 1] == ' ') {
		n--;
	}
	out[n] = '\0';
	return n;
}

static void
text_room(struct vt *v, int rows)
{
	size_t row = (size_t)v->cols * VTERM_MAX_CHARS_PER_CELL * 4 + 2;

	free(v->text);
	v->text = calloc((size_t)rows, row);
	assert_non_null(v->text);
}

const char *
vt_row(struct vt *v, int row)
{
	text_room(v, 1);
	row_text(v, row - 1, v->text);
	return v->text;
}

const char *
vt_screen(struct vt *v)
{
	size_t n = 0;

	text_room(v, v->rows);
	for (int row = 0; row < v->rows; row++) {
		n += row_text(v, row, v->text + n);
		v->text[n++] = '\n';
	}
	return v->text;
}

bool
vt_has(struct vt *v, int row, const char *text)
{
	return strstr(row ? vt_row(v, row) : vt_screen(v), text) != NULL;
}

static void
wait_for(struct vt *v, int row, const char *text, bool there)
{
	int64_t until = limit();

	while (vt_has(v, row, text) != there) {
		struct pollfd pfd = {.fd = v->fd, .events = POLLIN};
		poll(&pfd, 1, 100);
		drain(v);
		reap(v, WNOHANG);
		if (now_ms() > until || (v->eof && vt_has(v, row, text) != there)) {
			give_up(v, there ? "the text" : "the end of the text", text);
		}
	}
	vt_settle(v);
}

void
vt_wait_text(struct vt *v, int row, const char *text)
{
	wait_for(v, row, text, true);
}

void
vt_wait_gone(struct vt *v, int row, const char *text)
{
	wait_for(v, row, text, false);
}

static int
palette(const VTermScreen *screen, VTermColor colour, bool is_default)
{
	(void)screen;
	return is_default || !VTERM_COLOR_IS_INDEXED(&colour) ? -1 : colour.indexed.idx;
}

struct vt_cell
vt_cell(struct vt *v, int row, int col)
{
	VTermScreenCell cell;
	VTermPos pos = {row - 1, col - 1};
	struct vt_cell out = {0};

	vterm_screen_get_cell(v->screen, pos, &cell);
	out.ch = cell.chars[0] == 0xffffffffu ? 0 : cell.chars[0] ? cell.chars[0] : ' ';
	out.bold = cell.attrs.bold;
	out.reverse = cell.attrs.reverse;
	out.underline = cell.attrs.underline != 0;
	out.fg = palette(v->screen, cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
	out.bg = palette(v->screen, cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
	return out;
}

void
vt_cursor(struct vt *v, int *row, int *col)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(v->term), &pos);
	*row = pos.row + 1;
	*col = pos.col + 1;
}

size_t
vt_count(struct vt *v)
{
	return v->nout;
}

void
vt_count_reset(struct vt *v)
{
	v->nout = 0;
}

bool
vt_sent(struct vt *v, const char *bytes, size_t n)
{
	return n <= v->nout && memmem(v->out, v->nout, bytes, n) != NULL;
}

pid_t
vt_pid(const struct vt *v)
{
	return v->pid;
}

void
vt_assert_row_at(struct vt *v, int row, const char *text, const char *file, int line)
{
	if (!vt_has(v, row, text)) {
		print_message("%s:%d: row %d has no \"%s\"; the screen is:\n%s\n", file,
			line, row, text, vt_screen(v));
		fail();
	}
}
