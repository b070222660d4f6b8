/* SPDX-License-Identifier: MIT
 *
 * What a parameter was while no relay host was set: the history has main.cf as it was
 * then. Told only where every change since is one of the history's; what somebody changed
 * by other means was meant, and isn't taken back.
 */
#include "session/history_view.h"
#include "session/login_view.h"
#include "text/maincf.h"

static const char *
value_in(struct arena *a, const struct doc *d, const char *name)
{
	uint32_t id = mcf_find(d, sv_of(name));

	return id == DOC_NO_ID ? NULL : param_text_value(a, doc_text(d, id));
}

static bool
is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* main.cf before or after an entry. */
static bool
load(struct session *s, struct history_at at, bool after, struct doc *out)
{
	struct str bytes = {0};
	size_t n;

	if (!history_bytes(s, at, after, &bytes, NULL))
		return false;
	n = bytes.n;
	mcf_load(out, str_take(&bytes), n, NULL);
	return true;
}

/* The step back over an entry: *value, which it left, becomes what it found. False: it
 * left something else. */
static bool
step_back(struct session *s, struct history_at at, const char *name, struct arena *a,
	const char **value, bool *has_host)
{
	struct doc d;
	const char *host;
	bool same;

	if (!load(s, at, true, &d))
		return false;
	same = is_same(value_in(a, &d, name), *value);
	doc_free(&d);
	if (!same || !load(s, at, false, &d))
		return false;
	*value = value_in(a, &d, name);
	host = value_in(a, &d, "relayhost");
	*has_host = host && host[0];
	doc_free(&d);
	return true;
}

bool
relay_param_before(
	struct session *s, struct arena *a, const char *name, const char **value)
{
	const struct history_view *v = history_open(s);
	bool has_host;

	*value = param_before(s, a, name);
	for (size_t i = v->list.n; i-- > 0;) {
		struct history_at at = {i, history_file(v, i, s->files[0]->path)};

		if (at.file == HISTORY_NOWHERE || !history_took(s, at))
			continue;
		if (!step_back(s, at, name, a, value, &has_host))
			return false;
		if (!has_host)
			return true;
	}
	return false;
}
