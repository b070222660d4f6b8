/* SPDX-License-Identifier: MIT
 *
 * JSON through jansson, which takes valid UTF-8 only: everything else is repaired with
 * U+FFFD first, and the very bytes travel beside it in base64.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/b64.h"
#include "cli/out.h"

/* Length of the UTF-8 sign at p, 0 when there is none: no surrogates, nothing too long,
 * nothing past U+10FFFF, as jansson has it. */
static size_t
utf8_sign(const unsigned char *p, size_t n)
{
	size_t len = p[0] < 0x80   ? 1
		     : p[0] < 0xc2 ? 0
		     : p[0] < 0xe0 ? 2
		     : p[0] < 0xf0 ? 3
				   : 4;

	if (len <= 1)
		return len;
	if (p[0] > 0xf4 || len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
		(p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

json_t *
out_json_text(const char *text, bool *bad)
{
	struct str good = {0};
	size_t n = text ? strlen(text) : 0;
	json_t *out;

	*bad = false;
	if (!text)
		return json_null();
	for (size_t i = 0; i < n;) {
		size_t len = utf8_sign((const unsigned char *)text + i, n - i);

		if (len) {
			str_add(&good, text + i, len);
		} else {
			str_add_cstr(&good, "\xef\xbf\xbd");
			*bad = true;
		}
		i += len ? len : 1;
	}
	out = json_stringn(str_c(&good), good.n);
	str_free(&good);
	return out;
}

void
out_json_set(json_t *obj, const char *key, const char *text)
{
	bool bad;

	(void)json_object_set_new(obj, key, out_json_text(text, &bad));
	if (bad) {
		bool taken = json_object_get(obj, "bytes") != NULL;
		struct str name = {0}, raw = {0};

		if (taken)
			str_addf(&name, "%s_", key);
		str_add_cstr(&name, "bytes");
		b64_encode(sv_of(text), &raw);
		(void)json_object_set_new(
			obj, str_c(&name), json_stringn(str_c(&raw), raw.n));
		str_free(&name);
		str_free(&raw);
	}
}

json_t *
out_json_finding(const struct diag *d)
{
	json_t *obj = json_object();

	out_json_set(obj, "file", d->loc.file);
	(void)json_object_set_new(obj, "line", json_integer(d->loc.line));
	(void)json_object_set_new(obj, "column", json_integer(d->loc.col));
	out_json_set(obj, "parameter", d->loc.param);
	out_json_set(obj, "severity", diag_sev_name(d->sev));
	out_json_set(obj, "code", diag_code_name(d->code));
	(void)json_object_set_new(obj, "danger", json_boolean(d->danger));
	out_json_set(obj, "text", d->text);
	out_json_set(obj, "hint", d->hint);
	return obj;
}

json_t *
out_json_findings(const struct diags *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n; i++)
		(void)json_array_append_new(list, out_json_finding(&d->v[i]));
	return list;
}

/* On a terminal a sign that must not reach it is written as \uXXXX. */
static bool
needs_ascii(const char *text)
{
	struct str safe = {0};
	bool differs;

	if (isatty(STDOUT_FILENO) != 1)
		return false;
	out_escape(&safe, sv_of(text), true);
	differs = !sv_eq_str(str_sv(&safe), text);
	str_free(&safe);
	return differs;
}

void
out_json_end(json_t *doc)
{
	char *text = json_dumps(doc, JSON_INDENT(2));

	if (text && needs_ascii(text)) {
		free(text);
		text = json_dumps(doc, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	}
	json_decref(doc);
	if (!text)
		return;
	(void)fputs(text, stdout);
	(void)fputc('\n', stdout);
	free(text);
}
