/* SPDX-License-Identifier: MIT
 *
 * The safe repair of a finding, one edit that undo takes back. What is written stands in
 * the finding itself; nothing is guessed here.
 */
#include <stdlib.h>

#include "base/i18n.h"
#include "check/rules.h"
#include "session/login_view.h"
#include "session/nets_view.h"
#include "text/maincf.h"
#include "text/table.h"

/* Lines "name = value" and "name". */
static bool
mend_params(struct session *s, const char *lines, struct diags *d)
{
	struct sv rest = sv_of(lines), line;
	bool done = true;

	while (done && sv_line(&rest, &line)) {
		ptrdiff_t at = sv_find(line, '=');
		char *name = sv_dup(sv_trim(at < 0 ? line : sv_sub(line, 0, (size_t)at)));
		char *value =
			at < 0 ? NULL
			       : sv_dup(sv_trim(sv_sub(line, (size_t)at + 1, line.n)));

		if (value && strcmp(name, "relayhost") == 0)
			done = ses_relay_put(s, value, d);
		else
			done = value ? ses_param_set(s, name, value, d)
				     : ses_param_unset(s, name, d);
		free(name);
		free(value);
	}
	return done;
}

static bool
mend_key(struct session *s, const char *lines, struct diags *d)
{
	struct sv rest = sv_of(lines), from, to;
	char *old, *new;
	bool done;

	if (!sv_line(&rest, &from) || !sv_line(&rest, &to))
		return false;
	old = sv_dup(from);
	new = sv_dup(to);
	done = login_rename(s, old, new, d);
	free(old);
	free(new);
	return done;
}

/* The entry of a followed file that line is in; the finding names no entry there. */
static uint32_t
entry_at(const struct doc *doc, uint32_t line, uint32_t *first)
{
	uint32_t now = 1;

	for (size_t i = 0; i < doc->norder; i++) {
		uint32_t id = doc->order[i], n = 0;
		struct sv rest = doc_text(doc, id), one;

		if (!doc_alive(doc, id))
			continue;
		while (sv_line(&rest, &one))
			n++;
		if (line >= now && line < now + n) {
			*first = now;
			return id;
		}
		now += n;
	}
	return DOC_NO_ID;
}

static size_t
item_at(const struct vl_text *t, uint32_t line, uint32_t col)
{
	struct vl_list list = {0};
	size_t found = SIZE_MAX;

	vl_parse(t, &list);
	for (size_t i = 0; i < list.n; i++) {
		size_t start = list.v[i].off;

		while (start > 0 && t->raw.p[start - 1] != '\n')
			start--;
		if (!list.v[i].is_off && list.v[i].line == line &&
			list.v[i].off - start + 1 == col)
			found = i;
	}
	vl_free(&list);
	return found;
}

static bool
put_text(struct ses_file *f, uint32_t id, struct sv text)
{
	if (f->role == ROLE_MAIN_CF)
		return mcf_set_text(&f->doc, id, text);
	tbl_set_text(&f->doc, id, text);
	return true;
}

/* One item of a list, found by its place. */
static bool
mend_item(struct session *s, const struct diag *f)
{
	struct ses_file *file = file_find(s, f->loc.file);
	struct str out = {0};
	struct vl_text t;
	uint32_t id, first = 0;
	size_t item;
	bool done;

	if (!file)
		return false;
	id = f->loc.entry ? f->loc.entry - 1 : entry_at(&file->doc, f->loc.line, &first);
	if (id == DOC_NO_ID || id >= file->doc.npool || !doc_alive(&file->doc, id))
		return false;
	if (f->loc.entry)
		first = doc_line_now(&file->doc, id);
	t = nets_list_text(file, id);
	item = item_at(&t, f->loc.line - first, f->loc.col);
	if (item == SIZE_MAX)
		return false;
	done = f->repair[0] ? vl_replace(&t, item, sv_of(f->repair), &out)
			    : vl_remove(&t, item, &out);
	done = done && put_text(file, id, str_sv(&out));
	str_free(&out);
	return done;
}

/* A new first item; a value that is empty or not there gets it as its only one. */
static bool
mend_add(struct session *s, const struct diag *f, struct diags *d)
{
	uint32_t id = mcf_find(main_cf(s), sv_of(f->loc.param));
	struct str value = {0}, out = {0};
	struct vl_text t;
	bool done, empty = true;

	if (id != DOC_NO_ID) {
		mcf_value(main_cf(s), id, &value);
		empty = sv_trim(str_sv(&value)).n == 0;
		str_free(&value);
	}
	if (empty)
		return ses_param_set(s, f->loc.param, f->repair, d);
	t = nets_list_text(s->files[0], id);
	done = vl_insert(&t, 0, sv_of(f->repair), sv_of(""), &out) &&
	       mcf_set_text(main_cf(s), id, str_sv(&out));
	str_free(&out);
	return done;
}

static bool
mend(struct session *s, const struct diag *f, struct diags *d)
{
	switch (f->mend) {
	case DIAG_MEND_PARAMS:
		return mend_params(s, f->repair, d);
	case DIAG_MEND_ITEM:
		return mend_item(s, f);
	case DIAG_MEND_ADD:
		return mend_add(s, f, d);
	case DIAG_MEND_OFF:
		return f->loc.entry && mcf_comment_out(main_cf(s), f->loc.entry - 1);
	case DIAG_MEND_ALIAS:
		return f->loc.entry && ses_alias_mend(s, f->loc.entry - 1, d);
	case DIAG_MEND_KEY:
		return mend_key(s, f->repair, d);
	case DIAG_MEND_BUILD: /* no edit */
	case DIAG_MEND_NONE:
		break;
	}
	return false;
}

bool
ses_mend(struct session *s, const struct diag *f, struct diags *d)
{
	struct diags own = {0};
	struct ses_file *file;
	struct diag copy;
	size_t mark;
	bool done;

	if (!f || f->mend == DIAG_MEND_NONE || !f->repair)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("There is no safe repair for this; Enter edits it."));
	file = f->loc.file ? file_find(s, f->loc.file) : NULL;
	if (!edit_allowed(s, file ? file : s->files[0], d))
		return false;
	if (f->mend == DIAG_MEND_BUILD) {
		ses_review_build(s, f->repair);
		return true;
	}
	diag_copy(&own, f); /* the edit may renew the list that f stands in */
	copy = own.v[0];
	mark = edit_begin(s, _("repair"));
	done = edit_end(s, mark, mend(s, &copy, d));
	diag_clear(&own);
	return done || diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, _("Enter edits it."),
			       _("What the repair is for isn't there any more."));
}

const char *
ses_code_about(enum diag_code code)
{
	const struct rule *rule = rules_find(code);

	return rule ? _(rule->about) : NULL;
}

/* "192.168.3.0/24", "smtp_tls_wrappermode = yes" for the label of a key. */
const char *
ses_repair_text(struct session *s, const struct diag *f)
{
	if (!f || f->mend == DIAG_MEND_NONE || !f->repair)
		return NULL;
	if (f->mend == DIAG_MEND_ITEM)
		return f->repair[0] ? arena_str(scratch(s), f->repair)
				    : _("remove the entry");
	if (f->mend == DIAG_MEND_BUILD)
		return scratch_fmt(s, _("build %s"), f->repair);
	if (f->mend == DIAG_MEND_KEY)
		return arena_str(scratch(s), strchr(f->repair, '\n') + 1);
	if (f->mend == DIAG_MEND_ADD)
		return scratch_fmt(s, _("add %s"), f->repair);
	if (f->mend == DIAG_MEND_PARAMS && !strchr(f->repair, '='))
		return scratch_fmt(s, _("remove %s"), f->repair);
	if (f->mend == DIAG_MEND_PARAMS && strchr(f->repair, '\n')) {
		struct str text = {0};
		struct sv rest = sv_of(f->repair), line;
		const char *kept;

		while (sv_line(&rest, &line)) {
			str_add_cstr(&text, text.n ? ", " : "");
			str_add_sv(&text, line);
		}
		kept = arena_sv(scratch(s), str_sv(&text));
		str_free(&text);
		return kept;
	}
	return arena_str(scratch(s), f->repair);
}
