/* SPDX-License-Identifier: MIT
 *
 * A row of the table of passwords that may have become another. Within the process a
 * change has both passwords. What leaves it is open: of a row its key and user alone, and
 * whether the password stays the file's own or was typed and is asked for anew. Whether
 * somebody else changed a password meanwhile an open change can't tell; key and user it
 * can.
 */
#include "session/lay.h"

#include "base/i18n.h"
#include "text/table.h"

/* USER: of USER:PASSWORD; empty where no user can be told from a password. */
static struct sv
user_of(struct sv value)
{
	ptrdiff_t colon = sv_find(value, ':');

	return sv_sub(value, 0, colon > 0 ? (size_t)colon + 1 : 0);
}

static struct sv
password_of(struct sv value)
{
	return sv_sub(value, user_of(value).n, value.n);
}

static struct sv
value_of(const struct lay_form *form)
{
	return sv_of(form->value ? form->value : "");
}

/* --- without passwords ---------------------------------------------------------------
 */

bool
lay_lacks_password(const struct lay_change *c)
{
	struct sv value = value_of(&c->after);

	return c->kind == LAY_LOGIN && c->after.there && !c->keeps && value.n > 1 &&
	       user_of(value).n == value.n;
}

/* May the form of an open change leave the process? */
static bool
is_open_form(const struct lay_form *form)
{
	struct sv value = value_of(form);

	/* The key would be cut at a blank, and '#' would make it a remark. */
	return !form->there ||
	       (form->text[0] && form->text[0] != '#' &&
		       !strpbrk(form->text, " \t\r\n") && user_of(value).n == value.n &&
		       sv_find(value, '\n') < 0 && sv_find(value, '\r') < 0);
}

bool
lay_login_is_open(const struct lay_change *c)
{
	return c->open && is_open_form(&c->before) && is_open_form(&c->after) &&
	       (!c->keeps || (c->before.there && c->after.there)) &&
	       (c->keeps || !c->after.there || lay_lacks_password(c));
}

static void
open_form(struct arena *a, struct lay_form *form)
{
	struct sv user = user_of(value_of(form));

	form->value = user.n ? arena_sv(a, user) : NULL;
}

bool
lay_login_open(struct arena *a, struct lay_change *c)
{
	struct sv was = value_of(&c->before), is = value_of(&c->after);

	if (!c->open) {
		c->open = true;
		c->keeps = c->before.there && c->after.there &&
			   sv_eq(password_of(was), password_of(is));
		open_form(a, &c->before);
		open_form(a, &c->after);
	}
	return lay_login_is_open(c);
}

/* --- the row that there is -----------------------------------------------------------
 */

static uint32_t
row_of(const struct ses_file *f, const struct lay_form *form)
{
	return form->there ? tbl_find(&f->doc, sv_of(form->text)) : DOC_NO_ID;
}

/* Has row id what the form says, as far as that is known? */
static bool
row_says(const struct ses_file *f, uint32_t id, const struct lay_form *form, bool user)
{
	struct str value = {0};
	bool same;

	if (id == DOC_NO_ID)
		return false;
	tbl_value(&f->doc, id, &value);
	same = sv_eq(user ? user_of(str_sv(&value)) : str_sv(&value), value_of(form));
	str_wipe(&value);
	return same;
}

/* The value to be written, the password of row id in it where that stays. */
static void
value_for(const struct ses_file *f, uint32_t id, const struct lay_change *c,
	struct str *out)
{
	struct str has = {0};

	if (c->keeps && id != DOC_NO_ID)
		tbl_value(&f->doc, id, &has);
	str_add_sv(out, value_of(&c->after));
	str_add_sv(out, password_of(str_sv(&has)));
	str_wipe(&has);
}

static bool
write_login(struct ses_file *f, const struct lay_change *c)
{
	uint32_t was = row_of(f, &c->before), is = row_of(f, &c->after);
	struct str value = {0};
	bool done = true;

	if (!c->after.there) {
		if (was != DOC_NO_ID)
			tbl_remove(&f->doc, was, false);
		return true;
	}
	value_for(f, was != DOC_NO_ID ? was : is, c, &value);
	if (was != DOC_NO_ID && !lay_same(c->before.text, c->after.text)) {
		if (is == DOC_NO_ID || is == was)
			done = tbl_rename(&f->doc, was, sv_of(c->after.text));
		else
			tbl_remove(&f->doc, was, false);
	}
	done = done && value.n &&
	       tbl_set(&f->doc, sv_of(c->after.text), str_sv(&value)) != DOC_NO_ID;
	str_wipe(&value);
	return done;
}

/* Is the row as wanted already? Of one of which only the password was changed an open
 * change can't tell. */
static bool
is_there(const struct ses_file *f, const struct lay_change *c, uint32_t was, uint32_t is)
{
	bool user = c->open || lay_lacks_password(c);

	if (!c->after.there)
		return was == DOC_NO_ID;
	if (c->open && !c->keeps && c->before.there &&
		lay_same(c->before.text, c->after.text) &&
		lay_same(c->before.value, c->after.value))
		return false;
	return row_says(f, is, &c->after, user) && (was == DOC_NO_ID || was == is) &&
	       (was == DOC_NO_ID || sv_eq_str(tbl_key(&f->doc, is), c->after.text));
}

enum lay_verdict
lay_login(struct ses_file *f, const struct lay_change *c, bool force)
{
	uint32_t was = row_of(f, &c->before), is = row_of(f, &c->after);
	bool as_before =
		c->before.there ? row_says(f, was, &c->before, c->open) : is == DOC_NO_ID;

	if (!force && is_there(f, c, was, is))
		return LAY_THERE;
	if (!force && (!as_before || (is != DOC_NO_ID && is != was)))
		return LAY_CLASH;
	return lay_done_if(write_login(f, c));
}

/* --- for a person --------------------------------------------------------------------
 */

const char *
lay_login_mine(struct arena *a, const struct lay_change *c)
{
	struct sv user = user_of(value_of(&c->after));
	int n = user.n ? (int)user.n - 1 : 0;

	if (!c->after.there)
		return NULL;
	if (lay_lacks_password(c))
		return arena_fmt(
			a, _("%.*s, its password is to be typed again"), n, user.p);
	if (!c->open || n == 0)
		return "****";
	if (!lay_same(c->before.text, c->after.text))
		return arena_fmt(
			a, _("%.*s, with the password of %s"), n, user.p, c->before.text);
	return arena_fmt(a, _("%.*s, its password stays"), n, user.p);
}

const char *
lay_login_theirs(const struct ses_file *f, struct arena *a, const struct lay_change *c)
{
	uint32_t id = row_of(f, &c->after);
	struct str value = {0};
	const char *kept;
	struct sv user;

	if (id == DOC_NO_ID)
		id = row_of(f, &c->before);
	if (id == DOC_NO_ID)
		return NULL;
	tbl_value(&f->doc, id, &value);
	user = user_of(str_sv(&value));
	kept = c->open ? arena_fmt(a, "%.*s****", (int)user.n, user.p) : "****";
	str_wipe(&value);
	return kept;
}
