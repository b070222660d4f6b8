/* SPDX-License-Identifier: MIT
 *
 * One buffer of bytes; each step takes one event or one unknown sequence off its front,
 * or finds that it needs more. A paste is collected until its end mark, whatever it
 * holds.
 */
#include "ui/keys.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"

struct seq {
	char *bytes;
	size_t n;
	int key;
};

struct ui_keys {
	struct str buf;   /* not yet decoded */
	size_t at;        /* of buf, up to here it is decoded */
	struct str paste; /* last or current paste */
	bool pasting;
	struct seq *seq;
	size_t nseq, capseq;
	int64_t click_ms; /* last press of the left button; 0: none */
	int click_y, click_x;
};

enum step { STEP_MORE, STEP_SKIP, STEP_EVENT };

enum { DOUBLE_CLICK_MS = 400, CSI_LONGEST = 64 };

static const struct {
	char final;
	int key;
} letters[] = {
	{'A', UI_KEY_UP}, {'B', UI_KEY_DOWN}, {'C', UI_KEY_RIGHT}, {'D', UI_KEY_LEFT},
	{'H', UI_KEY_HOME}, {'F', UI_KEY_END}, {'P', UI_KEY_F1}, {'Q', UI_KEY_F2},
	{'R', UI_KEY_F3}, {'S', UI_KEY_F4}, {'Z', UI_KEY_BACKTAB},
	{'M', UI_KEY_ENTER}, /* keypad's, after ESC O */
};

static const struct {
	int number;
	int key;
} tildes[] = {
	{1, UI_KEY_HOME},
	{2, UI_KEY_INSERT},
	{3, UI_KEY_DELETE},
	{4, UI_KEY_END},
	{5, UI_KEY_PGUP},
	{6, UI_KEY_PGDN},
	{7, UI_KEY_HOME},
	{8, UI_KEY_END},
	{11, UI_KEY_F1},
	{12, UI_KEY_F2},
	{13, UI_KEY_F3},
	{14, UI_KEY_F4},
	{15, UI_KEY_F5},
	{17, UI_KEY_F6},
	{18, UI_KEY_F7},
	{19, UI_KEY_F8},
	{20, UI_KEY_F9},
	{21, UI_KEY_F10},
	{23, UI_KEY_F11},
	{24, UI_KEY_F12},
};

struct ui_keys *
ui_keys_new(void)
{
	return mem_new(1, sizeof(struct ui_keys));
}

void
ui_keys_destroy(struct ui_keys *k)
{
	if (!k) {
		return;
	}
	for (size_t i = 0; i < k->nseq; i++) {
		free(k->seq[i].bytes);
	}
	free(k->seq);
	str_free(&k->buf);
	str_free(&k->paste);
	free(k);
}

void
ui_keys_learn(struct ui_keys *k, const char *bytes, int key)
{
	if (!bytes || bytes[0] != '\033' || !bytes[1]) {
		return; /* single bytes keep their own meaning */
	}
	k->seq = mem_grow(k->seq, &k->capseq, k->nseq + 1, sizeof(*k->seq));
	k->seq[k->nseq++] = (struct seq){mem_strdup(bytes), strlen(bytes), key};
}

void
ui_keys_feed(struct ui_keys *k, const char *bytes, size_t n)
{
	if (k->at == k->buf.n) {
		str_clear(&k->buf);
		k->at = 0;
	}
	str_add(&k->buf, bytes, n);
}

bool
ui_keys_unfinished(const struct ui_keys *k)
{
	return !k->pasting && k->at < k->buf.n;
}

static struct sv
rest_of(const struct ui_keys *k)
{
	return sv_make(k->buf.p + k->at, k->buf.n - k->at);
}

static enum step
take_key(struct ui_keys *k, size_t n, int key, struct ui_event *out)
{
	k->at += n;
	if (key == 0) {
		return STEP_SKIP;
	}
	*out = (struct ui_event){.kind = UI_EV_KEY, .key = key};
	return STEP_EVENT;
}

static int
letter_key(char final)
{
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (letters[i].final == final) {
			return letters[i].key;
		}
	}
	return 0;
}

static int
tilde_key(int number)
{
	for (size_t i = 0; i < sizeof(tildes) / sizeof(tildes[0]); i++) {
		if (tildes[i].number == number) {
			return tildes[i].key;
		}
	}
	return 0;
}

/* The decimal number at the start of *v, which moves behind it; -1 when there is none. */
static int
take_number(struct sv *v)
{
	int value = -1;

	while (v->n > 0 && is_digit_char(v->p[0])) {
		value = (value < 0 ? 0 : value) * 10 + (v->p[0] - '0');
		value = value > 99999 ? 99999 : value;
		*v = sv_sub(*v, 1, v->n - 1);
	}
	return value;
}

/* params is "0;12;5" of ESC [ < 0;12;5 M: button; column; row. */
static bool
mouse_event(struct ui_keys *k, struct sv params, int64_t now, struct ui_event *out)
{
	int button = take_number(&params);
	params = sv_sub(params, 1, params.n);
	int x = take_number(&params);
	params = sv_sub(params, 1, params.n);
	int y = take_number(&params);

	*out = (struct ui_event){.kind = UI_EV_MOUSE, .y = y - 1, .x = x - 1};
	if (button == 64 || button == 65) {
		out->mouse = button == 64 ? UI_MOUSE_WHEEL_UP : UI_MOUSE_WHEEL_DOWN;
		return true;
	}
	if (button != 0 || x < 1 || y < 1) {
		return false;
	}
	bool twice = k->click_ms && now - k->click_ms <= DOUBLE_CLICK_MS &&
		     k->click_y == y && k->click_x == x;
	out->mouse = twice ? UI_MOUSE_DOUBLE : UI_MOUSE_CLICK;
	k->click_ms = twice ? 0 : now;
	k->click_y = y;
	k->click_x = x;
	return true;
}

/* v starts with ESC [ and is no learnt sequence. */
static enum step
step_csi(struct ui_keys *k, struct sv v, int64_t now, struct ui_event *out)
{
	if (v.n >= 3 && v.p[2] == '[') { /* Linux console: ESC [ [ A to E */
		int key = v.n < 4 ? 0 : v.p[3] >= 'A' && v.p[3] <= 'E' ? v.p[3] : 0;
		return v.n < 4 ? STEP_MORE
			       : take_key(k, 4, key ? UI_KEY_F1 + key - 'A' : 0, out);
	}
	size_t end = 2;
	while (end < v.n && end < CSI_LONGEST && v.p[end] >= 0x20 && v.p[end] < 0x40) {
		end++;
	}
	if (end >= v.n) {
		return STEP_MORE;
	}
	char final = v.p[end];
	if (final < 0x40 || final == 0x7f) { /* broken off: what breaks it is read anew */
		return take_key(k, end, 0, out);
	}
	if (final == 'M' && end == 2) { /* old mouse report */
		return v.n < 6 ? STEP_MORE : take_key(k, 6, 0, out);
	}
	struct sv params = sv_sub(v, 2, end - 2);
	if (params.n > 0 && params.p[0] == '<') {
		k->at += end + 1;
		bool press = final == 'M';
		return press && mouse_event(k, sv_sub(params, 1, params.n), now, out)
			       ? STEP_EVENT
			       : STEP_SKIP;
	}
	int number = take_number(&params);
	if (final == '~' && number == 200) {
		k->pasting = true;
		str_clear(&k->paste);
		return take_key(k, end + 1, 0, out);
	}
	return take_key(
		k, end + 1, final == '~' ? tilde_key(number) : letter_key(final), out);
}

/* A learnt sequence at the start of v; *partial when v is the beginning of one. */
static const struct seq *
learnt(const struct ui_keys *k, struct sv v, bool *partial)
{
	for (size_t i = 0; i < k->nseq; i++) {
		const struct seq *s = &k->seq[i];
		size_t n = s->n < v.n ? s->n : v.n;
		if (memcmp(s->bytes, v.p, n) == 0) {
			if (n == s->n) {
				return s;
			}
			*partial = true;
		}
	}
	return NULL;
}

static enum step
step_escape(struct ui_keys *k, struct sv v, bool over, struct ui_event *out)
{
	if (v.n == 1) {
		return over ? take_key(k, 1, UI_KEY_ESC, out) : STEP_MORE;
	}
	if (v.p[1] == '\033') {
		bool meta = v.n > 2 && (v.p[2] == '[' || v.p[2] == 'O');
		return take_key(k, meta ? 1 : 2, meta ? 0 : UI_KEY_ESC, out);
	}
	if (v.p[1] == 'O') {
		if (v.n > 2) {
			return take_key(k, 3, letter_key(v.p[2]), out);
		}
		return over ? take_key(k, 2, 0, out) : STEP_MORE;
	}
	return take_key(k, 1, UI_KEY_ESC, out);
}

static int
control_key(char c)
{
	switch (c) {
	case '\r':
	case '\n':
		return UI_KEY_ENTER;
	case '\t':
		return UI_KEY_TAB;
	case '\b':
	case 0x7f:
		return UI_KEY_BACKSPACE;
	default:
		return (unsigned char)c;
	}
}

/* A typed character in the locale's encoding; bytes that are none are dropped. */
static enum step
step_char(struct ui_keys *k, struct sv v, bool over, struct ui_event *out)
{
	unsigned char first = (unsigned char)v.p[0];
	mbstate_t state;
	wchar_t wc = 0;

	if (first < 0x20 || first == 0x7f) {
		return take_key(k, 1, control_key(v.p[0]), out);
	}
	memset(&state, 0, sizeof(state));
	size_t n = mbrtowc(&wc, v.p, v.n, &state);
	if (n == (size_t)-2) {
		return over ? take_key(k, 1, 0, out) : STEP_MORE;
	}
	if (n == (size_t)-1 || n == 0) {
		return take_key(k, 1, 0, out);
	}
	return take_key(k, n, (int)wc, out);
}

static enum step
step_paste(struct ui_keys *k, struct ui_event *out)
{
	static const char mark[] = "\033[201~";
	struct sv v = rest_of(k);
	ptrdiff_t end = sv_find_sv(v, sv_of(mark));

	if (end <
		0) { /* the mark itself may be cut in two: keep its possible beginning */
		size_t keep = v.n < sizeof(mark) - 2 ? v.n : sizeof(mark) - 2;
		str_add(&k->paste, v.p, v.n - keep);
		k->at += v.n - keep;
		return STEP_MORE;
	}
	str_add(&k->paste, v.p, (size_t)end);
	k->at += (size_t)end + sizeof(mark) - 1;
	k->pasting = false;
	*out = (struct ui_event){.kind = UI_EV_PASTE, .paste = str_sv(&k->paste)};
	return STEP_EVENT;
}

static enum step
step_one(struct ui_keys *k, bool over, int64_t now, struct ui_event *out)
{
	struct sv v = rest_of(k);
	bool partial = false;

	if (v.p[0] != '\033') {
		return step_char(k, v, over, out);
	}
	const struct seq *s = v.n > 1 ? learnt(k, v, &partial) : NULL;
	if (s) {
		return take_key(k, s->n, s->key, out);
	}
	if (v.n > 1 && v.p[1] == '[') {
		enum step step = step_csi(k, v, now, out);
		return step == STEP_MORE && over ? take_key(k, v.n, 0, out) : step;
	}
	if (partial && !over) {
		return STEP_MORE;
	}
	return step_escape(k, v, over, out);
}

bool
ui_keys_next(struct ui_keys *k, bool over, int64_t now_ms, struct ui_event *out)
{
	while (k->at < k->buf.n) {
		enum step step =
			k->pasting ? step_paste(k, out) : step_one(k, over, now_ms, out);
		if (step != STEP_SKIP) {
			return step == STEP_EVENT;
		}
	}
	return false;
}
