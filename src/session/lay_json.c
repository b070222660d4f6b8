/* SPDX-License-Identifier: MIT
 *
 * Changes as JSON, for drafts. What is read may have been cut off or changed by anybody
 * who can write there: everything that laying relies on is looked at here.
 */
#include <stdio.h>

#include "base/b64.h"
#include "session/lay.h"
#include "text/maincf.h"

enum { KEY_MAX = 64 };

static const char *const kinds[] = {[LAY_PARAM] = "param",
	[LAY_LINE] = "line",
	[LAY_ALIAS] = "alias",
	[LAY_ITEM] = "item",
	[LAY_LOGIN] = "login"};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

void
lay_json_set(json_t *obj, const char *key, const char *text)
{
	json_t *plain = text ? json_string(text) : NULL; /* NULL: not UTF-8 */
	struct str b64 = {0};
	char name[KEY_MAX];

	if (plain) {
		(void)json_object_set_new(obj, key, plain);
	} else if (text) {
		b64_encode(sv_of(text), &b64);
		(void)snprintf(name, sizeof(name), "%s_base64", key);
		(void)json_object_set_new(obj, name, json_string(str_c(&b64)));
		str_free(&b64);
	}
}

bool
lay_json_get(const json_t *obj, const char *key, struct arena *a, const char **out)
{
	const json_t *plain = json_object_get(obj, key), *coded;
	struct str text = {0};
	char name[KEY_MAX];
	bool good;

	*out = NULL;
	if (plain) {
		*out = json_is_string(plain) ? arena_str(a, json_string_value(plain))
					     : NULL;
		return *out != NULL;
	}
	(void)snprintf(name, sizeof(name), "%s_base64", key);
	coded = json_object_get(obj, name);
	if (!coded)
		return true;
	good = json_is_string(coded) &&
	       b64_decode(sv_of(json_string_value(coded)), &text) &&
	       strlen(str_c(&text)) == text.n;
	if (good)
		*out = arena_sv(a, str_sv(&text));
	str_free(&text);
	return good;
}

/* --- what a change must have ---------------------------------------------------------
 */

static bool
is_one_line(const char *text)
{
	return !text || (!strchr(text, '\n') && !strchr(text, '\r'));
}

/* Has the form what laying such a change reads, and nothing that would be more than it?
 */
static bool
form_fits(const struct lay_change *c, const struct lay_form *f)
{
	size_t name_len, value_off;

	if (!f->there)
		return true;
	switch (c->kind) {
	case LAY_PARAM:
		return mcf_parse_head(sv_of(f->text), &name_len, &value_off) ==
			       MCF_FINE &&
		       sv_eq(sv_sub(sv_of(f->text), 0, name_len), sv_of(c->name));
	case LAY_LINE:
		return true;
	case LAY_ALIAS:
		return f->bad || (f->name && f->name[0] && is_one_line(f->name) &&
					 is_one_line(f->text) && is_one_line(f->note));
	case LAY_LOGIN:
		return lay_login_is_open(c);
	case LAY_ITEM:
		return f->text[0] && is_one_line(f->text) && is_one_line(f->note);
	}
	return false;
}

static bool
change_fits(const struct lay_change *c)
{
	return form_fits(c, &c->before) && form_fits(c, &c->after) &&
	       (c->before.there || (c->after.there && c->kind != LAY_LINE));
}

/* --- writing -------------------------------------------------------------------------
 */

static json_t *
write_form(const struct lay_form *f)
{
	json_t *obj = json_object();

	if (f->off)
		(void)json_object_set_new(obj, "off", json_true());
	if (f->bad)
		(void)json_object_set_new(obj, "bad", json_true());
	if (f->there)
		lay_json_set(obj, "text", f->text);
	lay_json_set(obj, "name", f->name);
	lay_json_set(obj, "value", f->value);
	lay_json_set(obj, "note", f->note);
	return obj;
}

json_t *
lay_to_json(const struct lay_list *l)
{
	json_t *array = json_array();

	for (size_t i = 0; i < l->n; i++) {
		const struct lay_change *c = &l->v[i];
		json_t *obj;

		if (!change_fits(c)) /* it would not be read, and all others with it */
			continue;
		obj = json_object();
		(void)json_object_set_new(obj, "kind", json_string(kinds[c->kind]));
		lay_json_set(obj, "file", c->file);
		lay_json_set(obj, "name", c->name);
		lay_json_set(obj, "above", c->above);
		if (c->moved)
			(void)json_object_set_new(obj, "moved", json_true());
		if (c->keeps)
			(void)json_object_set_new(obj, "keeps_password", json_true());
		(void)json_object_set_new(obj, "before", write_form(&c->before));
		(void)json_object_set_new(obj, "after", write_form(&c->after));
		(void)json_array_append_new(array, obj);
	}
	return array;
}

/* --- reading -------------------------------------------------------------------------
 */

static bool
read_form(const json_t *obj, struct arena *a, struct lay_form *f)
{
	*f = (struct lay_form){.off = json_is_true(json_object_get(obj, "off")),
		.bad = json_is_true(json_object_get(obj, "bad"))};
	if (!json_is_object(obj) || !lay_json_get(obj, "text", a, &f->text) ||
		!lay_json_get(obj, "name", a, &f->name) ||
		!lay_json_get(obj, "value", a, &f->value) ||
		!lay_json_get(obj, "note", a, &f->note))
		return false;
	f->there = f->text != NULL;
	f->note = f->note ? f->note : "";
	return true;
}

static bool
read_change(const json_t *obj, struct arena *a, struct lay_change *c)
{
	const char *kind = json_string_value(json_object_get(obj, "kind"));
	size_t k = 0;

	*c = (struct lay_change){.moved = json_is_true(json_object_get(obj, "moved")),
		.keeps = json_is_true(json_object_get(obj, "keeps_password"))};
	while (kind && k < KINDS && strcmp(kind, kinds[k]) != 0)
		k++;
	if (!kind || k == KINDS || !lay_json_get(obj, "file", a, &c->file) || !c->file ||
		!lay_json_get(obj, "name", a, &c->name) || !c->name ||
		!lay_json_get(obj, "above", a, &c->above) ||
		!read_form(json_object_get(obj, "before"), a, &c->before) ||
		!read_form(json_object_get(obj, "after"), a, &c->after))
		return false;
	c->kind = (enum lay_kind)k;
	c->open = c->kind == LAY_LOGIN;
	return change_fits(c);
}

bool
lay_from_json(const json_t *array, struct lay_list *l)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		struct lay_change c;

		if (!read_change(json_array_get(array, i), &l->texts, &c))
			return false;
		lay_push(l, &c);
	}
	return json_is_array(array);
}
