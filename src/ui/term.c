/* SPDX-License-Identifier: MIT
 *
 * Keys are read and decoded here and not by ncurses, so that Esc, paste and mouse follow
 * our rules on every terminal, and so that one poll waits for keys, signals, jobs and
 * deadlines. ncurses only draws. Invariant: while a terminal is open, the way back (modes
 * and the string that leaves full screen) is ready for a signal handler to write.
 */
#include "ui/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/keys.h"
#include "ui/termkeys.h"
#include "ui/termlook.h"

enum { ESC_MS = 100, ROOM_COLS = 20, ROOM_ROWS = 2 };

struct watch {
	int fd;
	void (*ready)(void *self, int fd);
	void *self;
};

struct ui_term {
	SCREEN *screen;
	struct ui_keys *keys;
	struct ui_event ahead; /* decoded before it was asked for */
	bool has_ahead;
	struct ui_paint paint;
	int pipe_r;
	int64_t esc_ms; /* an unfinished sequence is decided then; 0: none waits */
	struct watch *watch;
	size_t nwatch, capwatch;
	bool modes; /* paste and mouse reports are switched on */
	bool mouse;
	bool hangup;
	bool in; /* full screen */
};

/* What signal handlers may touch. */
static struct {
	volatile sig_atomic_t resized, quit, open;
	int pipe_w;
	struct termios before;
	char leave[256];
	size_t nleave;
} sig;

static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

int64_t
ui_term_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- signals -------------------------------------------------------------------------
 */

static void
on_signal(int number)
{
	int saved = errno;

	if (number == SIGWINCH) {
		sig.resized = 1;
	} else {
		sig.quit = 1;
	}
	ssize_t n = write(sig.pipe_w, "", 1); /* full is fine: it wakes anyway */
	(void)n;
	errno = saved;
}

/* The way back without ncurses: only calls that a handler may make. */
static void
give_back(void)
{
	if (!sig.open) {
		return;
	}
	sig.open = 0;
	ssize_t n = write(STDOUT_FILENO, sig.leave, sig.nleave);
	(void)n;
	tcsetattr(STDIN_FILENO, TCSANOW, &sig.before);
}

static void
on_deadly(int number)
{
	give_back();
	signal(number, SIG_DFL);
	raise(number);
}

static void
handle(int number, void (*handler)(int), int flags)
{
	struct sigaction sa = {.sa_flags = flags};

	sa.sa_handler = handler;
	sigemptyset(&sa.sa_mask);
	sigaction(number, &sa, NULL);
}

static void
signals_on(void)
{
	handle(SIGWINCH, on_signal, SA_RESTART);
	handle(SIGTERM, on_signal, SA_RESTART);
	handle(SIGHUP, on_signal, SA_RESTART);
	handle(SIGINT, on_signal, SA_RESTART); /* from outside: the key is a plain one */
	handle(SIGTSTP, SIG_IGN, 0);
	handle(SIGPIPE, SIG_IGN, 0);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
		handle(deadly[i], on_deadly, (int)SA_RESETHAND);
	}
}

static void
signals_off(void)
{
	static const int ours[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		handle(ours[i], SIG_DFL, 0);
	}
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
		handle(deadly[i], SIG_DFL, 0);
	}
}

/* --- in and out ----------------------------------------------------------------------
 */

static bool
unknown_terminal(struct diags *d, const char *term)
{
	return diag_add(d, SEV_ERROR, DIAG_TERMINAL, NULL,
		_("Set TERM to what this terminal is, such as xterm-256color, linux or "
		  "vt100; every task also works as a command."),
		_("The full screen can't be drawn: this system knows no terminal named "
		  "\"%s\" that can place the cursor."),
		term);
}

static bool
can_open(struct diags *d)
{
	const char *term = getenv("TERM");
	struct winsize ws = {0};

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		return diag_add(d, SEV_ERROR, DIAG_TERMINAL, NULL,
			_("Run it on a terminal, or use a command: postrelay --help "
			  "lists them."),
			_("The full screen needs a terminal for keys and picture."));
	}
	if (!term || !term[0] || !ui_termkeys_known()) {
		return unknown_terminal(d, term ? term : "");
	}
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 &&
		(ws.ws_col < ROOM_COLS || ws.ws_row < ROOM_ROWS)) {
		return diag_add(d, SEV_ERROR, DIAG_TERMINAL, NULL,
			_("Make it 40 columns by 12 rows or larger."),
			_("This terminal has %d columns and %d rows: too few to show "
			  "anything."),
			(int)ws.ws_col, (int)ws.ws_row);
	}
	return true;
}

static void
send_bytes(const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(STDOUT_FILENO, bytes, n);
		if (done < 0 && errno != EINTR && errno != EAGAIN) {
			return;
		}
		bytes += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
}

/* Bracketed paste, and mouse reports in their SGR form: only where the terminal has a
 * mouse, since those know both. */
static const char modes_on[] = "\033[?2004h";
static const char modes_off[] = "\033[?2004l";
static const char mouse_on[] = "\033[?1000h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1000l";

static void
modes_set(struct ui_term *t, bool on)
{
	if (t->modes) {
		send_bytes(on ? modes_on : modes_off, sizeof(modes_on) - 1);
	}
	if (t->mouse) {
		send_bytes(on ? mouse_on : mouse_off, sizeof(mouse_on) - 1);
	}
}

/* What a signal handler writes, made ready while everything is well. */
static void
way_back_set(const struct ui_term *t)
{
	const char *parts[] = {t->modes ? modes_off : "", t->mouse ? mouse_off : "",
		ui_termkeys_string("sgr0"), ui_termkeys_string("rmcup"), "\r\n"};

	sig.nleave = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t n = parts[i] ? strlen(parts[i]) : 0;
		if (sig.nleave + n <= sizeof(sig.leave)) {
			memcpy(sig.leave + sig.nleave, parts[i] ? parts[i] : "", n);
			sig.nleave += n;
		}
	}
}

static bool
pipe_open(struct ui_term *t, struct diags *d)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC | O_NONBLOCK) != 0) {
		return diag_errno(d, DIAG_TERMINAL, NULL, errno, NULL,
			_("The full screen can't be opened: no pipe for signals."));
	}
	t->pipe_r = fd[0];
	sig.pipe_w = fd[1];
	return true;
}

struct ui_term *
ui_term_open(const struct ui_term_opts *opts, struct diags *d)
{
	if (!can_open(d)) {
		return NULL;
	}
	struct ui_term *t = mem_new(1, sizeof(*t));
	tcgetattr(STDIN_FILENO, &sig.before);
	if (!pipe_open(t, d)) {
		free(t);
		return NULL;
	}
	signals_on(); /* before newterm, which leaves handlers alone that are set */
	t->screen = newterm(NULL, stdout, stdin);
	if (!t->screen) {
		ui_term_close(t);
		(void)unknown_terminal(d, getenv("TERM"));
		return NULL;
	}
	raw();
	noecho();
	nonl();
	typeahead(-1);
	idlok(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	t->keys = ui_keys_new();
	ui_termkeys_learn(t->keys);
	t->modes = ui_termkeys_string("kmous") != NULL;
	t->mouse = t->modes && !opts->no_mouse;
	ui_termlook_set(&t->paint, opts->ascii);
	way_back_set(t);
	sig.open = 1;
	mem_on_exhausted(give_back);
	atexit(give_back);
	t->in = true;
	modes_set(t, true);
	return t;
}

void
ui_term_leave(struct ui_term *t)
{
	if (!t->in) {
		return;
	}
	t->in = false;
	modes_set(t, false);
	endwin();
	sig.open = 0;
}

void
ui_term_enter(struct ui_term *t)
{
	if (t->in) {
		return;
	}
	t->in = true;
	sig.open = 1;
	modes_set(t, true);
	clearok(curscr, TRUE);
}

void
ui_term_close(struct ui_term *t)
{
	if (!t) {
		return;
	}
	ui_term_leave(t);
	mem_on_exhausted(NULL);
	signals_off();
	close(t->pipe_r);
	close(sig.pipe_w);
	if (t->screen) {
		delscreen(t->screen);
	}
	ui_keys_destroy(t->keys);
	free(t->watch);
	free(t);
}

/* --- size, frames --------------------------------------------------------------------
 */

int
ui_term_rows(const struct ui_term *t)
{
	(void)t;
	return LINES;
}

int
ui_term_cols(const struct ui_term *t)
{
	(void)t;
	return COLS;
}

struct ui_paint *
ui_term_paint(struct ui_term *t)
{
	return &t->paint;
}

void
ui_term_begin(struct ui_term *t)
{
	t->paint.has_cursor = false;
	t->paint.hide_focus = false;
	t->paint.anchor_y = -1;
	t->paint.taken = 0;
	erase();
}

void
ui_term_end(struct ui_term *t)
{
	if (t->paint.has_cursor) {
		move(t->paint.cursor_y, t->paint.cursor_x);
	} else {
		move(LINES - 1, 0);
	}
	refresh();
}

void
ui_term_redraw(struct ui_term *t)
{
	(void)t;
	clearok(curscr, TRUE);
}

bool
ui_term_busy(const struct ui_term *t)
{
	int unsent = 0;

	(void)t;
	return ioctl(STDOUT_FILENO, TIOCOUTQ, &unsent) == 0 && unsent > 0;
}

/* --- the loop ------------------------------------------------------------------------
 */

void
ui_term_watch(struct ui_term *t, int fd, void (*ready)(void *self, int fd), void *self)
{
	t->watch = mem_grow(t->watch, &t->capwatch, t->nwatch + 1, sizeof(*t->watch));
	t->watch[t->nwatch++] = (struct watch){fd, ready, self};
}

void
ui_term_unwatch(struct ui_term *t, int fd)
{
	for (size_t i = 0; i < t->nwatch; i++) {
		if (t->watch[i].fd == fd) {
			t->watch[i] = t->watch[--t->nwatch];
			return;
		}
	}
}

static bool
take_signal(struct ui_term *t, struct ui_event *out)
{
	struct winsize ws = {0};

	if (sig.quit || t->hangup) {
		sig.quit = 0;
		*out = (struct ui_event){.kind = UI_EV_QUIT};
		return true;
	}
	if (!sig.resized) {
		return false;
	}
	sig.resized = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_row > 0 &&
		ws.ws_col > 0) {
		resize_term(ws.ws_row, ws.ws_col);
		clearok(curscr, TRUE);
	}
	*out = (struct ui_event){.kind = UI_EV_RESIZE};
	return true;
}

static void
read_keys(struct ui_term *t)
{
	char bytes[4096];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n > 0) {
		ui_keys_feed(t->keys, bytes, (size_t)n);
		t->esc_ms = 0;
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		t->hangup = true;
	}
}

/* An event that can be told without waiting. */
static bool
take_event(struct ui_term *t, struct ui_event *out)
{
	int64_t now = ui_term_now();
	bool over = t->esc_ms != 0 && now >= t->esc_ms;

	if (take_signal(t, out)) {
		return true;
	}
	if (t->has_ahead) {
		*out = t->ahead;
		t->has_ahead = false;
		return true;
	}
	if (ui_keys_next(t->keys, over, now, out)) {
		return true;
	}
	if (!ui_keys_unfinished(t->keys)) {
		t->esc_ms = 0;
	} else if (t->esc_ms == 0 || over) {
		t->esc_ms = now + ESC_MS;
	}
	return false;
}

static int
wait_ms(const struct ui_term *t, int64_t deadline)
{
	int64_t until = deadline;

	if (t->esc_ms && (until == 0 || t->esc_ms < until)) {
		until = t->esc_ms;
	}
	if (until == 0) {
		return -1;
	}
	int64_t left = until - ui_term_now();
	return left < 0 ? 0 : left > 3600000 ? 3600000 : (int)left;
}

/* Serve the descriptors that poll found ready; true when there was one. A callback may
 * watch and unwatch, so each is looked up again by its number. */
static bool
serve(struct ui_term *t, const struct pollfd *pfd, size_t n)
{
	bool any = false;

	for (size_t i = 2; i < n; i++) {
		for (size_t j = 0; pfd[i].revents && j < t->nwatch; j++) {
			if (t->watch[j].fd == pfd[i].fd) {
				struct watch w = t->watch[j];
				w.ready(w.self, w.fd);
				any = true;
				break;
			}
		}
	}
	return any;
}

/* One poll; true when a watched descriptor was served. */
static bool
wait_once(struct ui_term *t, int timeout)
{
	size_t n = t->nwatch + 2;
	struct pollfd *pfd = mem_new(n, sizeof(*pfd));
	char drop[64];
	bool served = false;

	pfd[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
	pfd[1] = (struct pollfd){.fd = t->pipe_r, .events = POLLIN};
	for (size_t i = 2; i < n; i++) {
		pfd[i] = (struct pollfd){.fd = t->watch[i - 2].fd, .events = POLLIN};
	}
	if (poll(pfd, n, timeout) > 0) {
		if (pfd[1].revents) {
			while (read(t->pipe_r, drop, sizeof(drop)) > 0) {
			}
		}
		if (pfd[0].revents) {
			read_keys(t);
		}
		served = serve(t, pfd, n);
	}
	free(pfd);
	return served;
}

void
ui_term_next(struct ui_term *t, int64_t deadline_ms, struct ui_event *out)
{
	*out = (struct ui_event){.kind = UI_EV_NONE};
	while (!take_event(t, out)) {
		if (deadline_ms && ui_term_now() >= deadline_ms) {
			return;
		}
		if (wait_once(t, wait_ms(t, deadline_ms))) {
			return;
		}
	}
}

/* Bytes that turn out to be no event (a mouse button let go) must not hold a frame back,
 * so they are decoded here and the event is kept for ui_term_next. */
bool
ui_term_pending(struct ui_term *t)
{
	struct pollfd pfd = {.fd = STDIN_FILENO, .events = POLLIN};

	while (!t->has_ahead && !t->hangup) {
		t->has_ahead = ui_keys_next(t->keys, false, ui_term_now(), &t->ahead);
		if (t->has_ahead || poll(&pfd, 1, 0) <= 0) {
			break;
		}
		read_keys(t);
	}
	return t->has_ahead || t->hangup || sig.resized || sig.quit;
}
