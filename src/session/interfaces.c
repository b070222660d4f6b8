/* SPDX-License-Identifier: MIT
 *
 * inet_interfaces as ticks. The set of ticks is built from the value as it is edited now,
 * and once more from the value as loaded, to know which rows differ. A change of ticks
 * becomes removals and insertions of words, so that the words that stay keep their form
 * and place.
 */
#include "session/internal.h"

#include <stdlib.h>

#include "apply/readfile.h"
#include "apply/svc_parse.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/ifaces.h"
#include "text/maincf.h"
#include "text/vlist.h"

static const char *const NAME = "inet_interfaces";

struct ifs_view {
	uint64_t gen;
	bool ready;
	struct arena texts;
	struct if_set now, before;
	struct ses_if_row *rows;
	size_t n, cap;
	struct diags said;
};

void
ifs_free(struct session *s)
{
	struct ifs_view *v = s->ifs;

	if (!v)
		return;
	if_free(&v->now);
	if_free(&v->before);
	free(v->rows);
	diag_clear(&v->said);
	arena_free(&v->texts);
	free(v);
	s->ifs = NULL;
}

/* The addresses that /etc/hosts gives a name: no DNS is asked while somebody types. */
static size_t
resolve_in_hosts(void *ctx, const char *name, struct ipaddr *out, size_t max)
{
	struct session *s = ctx;
	struct readfile r = {0};
	size_t n;

	if (readfile_load(&s->world.fs, "/etc/hosts", &r, NULL) != READFILE_OK)
		return 0;
	n = addr_in_hosts(sv_make(r.bytes, r.n), name, out, max);
	readfile_free(&r);
	return n;
}

static struct if_world
if_world_of(struct session *s)
{
	return (struct if_world){session_nics(s), resolve_in_hosts, s};
}

static void
build(struct session *s, struct if_set *set, const char *value)
{
	struct if_world w = if_world_of(s);
	struct if_input *words = NULL;
	struct arena texts = {0};
	struct sv rest = sv_of(value), token;
	size_t n = 0, cap = 0;

	if_free(set);
	*set = (struct if_set){0};
	while (sv_token(&rest, ", \t\r\n", &token)) {
		struct str out = {0};
		struct sv expanded = token;

		if (expand_value(s, token, &out) == CFX_OK)
			expanded = sv_of(arena_sv(&texts, str_sv(&out)));
		str_free(&out);
		words = mem_grow(words, &cap, n + 1, sizeof(*words));
		words[n++] = (struct if_input){token, expanded};
	}
	if_build(set, &w, words, n);
	free(words);
	arena_free(&texts);
}

/* Unset means all (postconf -d inet_interfaces). */
static const char *
value_or_default(const char *value)
{
	return value ? value : "all";
}

static const char *
value_now(struct session *s, struct arena *a)
{
	struct str value = {0};
	uint32_t id = mcf_find(main_cf(s), sv_of(NAME));
	const char *kept;

	if (id == DOC_NO_ID)
		return "all";
	mcf_value(main_cf(s), id, &value);
	kept = arena_sv(a, str_sv(&value));
	str_free(&value);
	return kept;
}

static bool
listened_before(const struct ifs_view *v, const struct if_row *row)
{
	for (size_t i = 0; i < v->before.nrows; i++)
		if (v->before.rows[i].kind == row->kind &&
			strcmp(v->before.rows[i].text, row->text) == 0)
			return if_row_listens(&v->before, i);
	return false;
}

/* inet_protocols as written; false: unset. */
static bool
protocols(struct session *s, bool before, struct str *out)
{
	static const char name[] = "inet_protocols";
	struct arena texts = {0};
	uint32_t id = before ? DOC_NO_ID : mcf_find(main_cf(s), sv_of(name));
	const char *was = before ? param_before(s, &texts, name) : NULL;

	if (was)
		str_add_cstr(out, was);
	else if (id != DOC_NO_ID)
		mcf_value(main_cf(s), id, out);
	arena_free(&texts);
	return was || id != DOC_NO_ID;
}

bool
ifs_family_used(struct session *s, uint8_t fam, bool before)
{
	struct str text = {0}, value = {0};
	struct sv rest, word;
	bool used = false, read = true;

	if (!protocols(s, before, &text))
		return true;
	read = (before ? expand_before : expand_value)(s, str_sv(&text), &value) ==
	       CFX_OK;
	rest = str_sv(&value);
	while (read && sv_token(&rest, ", \t\r\n", &word)) {
		bool all = sv_eq_fold(word, sv_of("all"));
		bool four = all || sv_eq_fold(word, sv_of("ipv4"));
		bool six = all || sv_eq_fold(word, sv_of("ipv6"));

		used = used || (fam == 4 ? four : six);
		read = four || six;
	}
	str_free(&text);
	str_free(&value);
	return used || !read;
}

static void
fill_rows(struct session *s, struct ifs_view *v, const char *file, uint32_t line)
{
	struct diag_loc loc = {.file = file, .line = line, .param = NAME};
	bool used4 = ifs_family_used(s, 4, false), used6 = ifs_family_used(s, 6, false);

	diag_clear(&v->said);
	v->n = 0;
	for (size_t i = 0; i < v->now.nrows; i++) {
		const struct if_row *row = &v->now.rows[i];
		size_t said = v->said.n;
		bool used = row->kind == IF_NAME || (row->addr.fam == 4 ? used4 : used6);
		bool ticked = if_row_listens(&v->now, i);
		char *note = used || !ticked
				     ? if_note(&v->now, i)
				     : mem_strdup(_("inet_protocols leaves it out"));
		struct ses_if_row *r;

		v->rows = mem_grow(v->rows, &v->cap, v->n + 1, sizeof(*v->rows));
		r = &v->rows[v->n++];
		*r = (struct ses_if_row){
			.nic = row->nic               ? row->nic
			       : row->kind == IF_NAME ? _("(name)")
						      : _("(none)"),
			.addr = row->text,
			.state = if_state_label(row->state),
			.reach = if_reach_label(row->reach),
			.note = arena_str(&v->texts, note ? note : ""),
			.ticked = ticked,
			.listens = (ticked || row->named) && used,
			.named = row->named,
			.unknown = row->kind == IF_NAME && row->addr.fam == 0,
			.can_tick = if_row_can_tick(&v->now, i),
			.edited = ticked != listened_before(v, row),
			.removable = row->kind != IF_NIC,
		};
		free(note);
		if_row_judge(&v->now, i, &loc, &v->said);
		r->finding = v->said.n > said ? (const struct diag *)(uintptr_t)(said + 1)
					      : NULL;
	}
	for (size_t i = 0; i < v->n; i++)
		if (v->rows[i].finding)
			v->rows[i].finding =
				&v->said.v[(uintptr_t)v->rows[i].finding - 1];
}

static struct ifs_view *
ifs_now(struct session *s)
{
	struct ifs_view *v = s->ifs;
	uint32_t id = mcf_find(main_cf(s), sv_of(NAME));

	if (!v)
		v = s->ifs = mem_new(1, sizeof(*v));
	if (v->ready && v->gen == s->gen)
		return v;
	arena_reset(&v->texts);
	build(s, &v->now, value_now(s, &v->texts));
	build(s, &v->before, value_or_default(param_before(s, &v->texts, NAME)));
	fill_rows(s, v, s->files[0]->path,
		id == DOC_NO_ID ? 0 : doc_line_now(main_cf(s), id));
	v->gen = s->gen;
	v->ready = true;
	return v;
}

size_t
ses_if_rows(struct session *s, const struct ses_if_row **rows)
{
	struct ifs_view *v = ifs_now(s);

	*rows = v->rows;
	return v->n;
}

enum ses_if_mode
ses_if_mode(struct session *s)
{
	switch (ifs_now(s)->now.mode) {
	case IF_ALL:
		return SES_IF_ALL;
	case IF_LOOPBACK_ONLY:
		return SES_IF_LOOPBACK;
	case IF_CHOSEN:
		break;
	}
	return SES_IF_CHOSEN;
}

/* No comment in this value is an address that is off. */
static bool
never_off(struct sv item)
{
	(void)item;
	return false;
}

/* Are the items of the text the words that the rows were made from? */
static bool
same_words(struct session *s, const struct vl_text *t, const struct vl_list *list)
{
	struct str value = {0};
	struct sv rest, token;
	size_t n = 0;
	bool same = true;

	mcf_value(main_cf(s), mcf_find(main_cf(s), sv_of(NAME)), &value);
	rest = str_sv(&value);
	while (same && sv_token(&rest, ", \t\r\n", &token)) {
		same = n < list->n &&
		       sv_eq(token, sv_sub(t->raw, list->v[n].off, list->v[n].len));
		n++;
	}
	str_free(&value);
	return same && n == list->n;
}

/* The words that stay keep their bytes; the others go, and new ones come behind. False,
 * and nothing was done: the value is too odd for that. */
static bool
write_words(struct session *s, uint32_t id, const struct if_out *words, size_t n)
{
	struct doc *doc = main_cf(s);
	struct vl_list list = {0};
	struct str out = {0};
	struct vl_text t = {doc_text(doc, id), mcf_value_offset(doc, id), never_off};

	vl_parse(&t, &list);
	if (!same_words(s, &t, &list)) {
		vl_free(&list);
		return false;
	}
	for (size_t k = list.n; k > 0; k--) {
		bool kept = false;

		for (size_t i = 0; i < n; i++)
			kept = kept || words[i].was == (ptrdiff_t)(k - 1);
		t.raw = doc_text(doc, id);
		str_clear(&out);
		if (!kept && vl_remove(&t, k - 1, &out))
			mcf_set_text(doc, id, str_sv(&out));
	}
	for (size_t i = 0; i < n; i++) {
		t.raw = doc_text(doc, id);
		str_clear(&out);
		if (words[i].was < 0 &&
			vl_insert(&t, i, sv_of(words[i].text), sv_of(""), &out))
			mcf_set_text(doc, id, str_sv(&out));
	}
	vl_free(&list);
	str_free(&out);
	return true;
}

static bool
write_set(struct session *s, const struct if_set *set, struct diags *d)
{
	uint32_t id = mcf_find(main_cf(s), sv_of(NAME));
	struct if_out *words = NULL;
	struct str value = {0};
	size_t n;

	s->ifs->ready = false; /* the view's set was changed: it is what was wished */
	if (!edit_allowed(s, s->files[0], d))
		return false;
	ses_begin(s, _("listening addresses changed"));
	n = if_words(set, &words);
	if (set->mode != IF_CHOSEN || id == DOC_NO_ID || n == 0 ||
		!write_words(s, id, words, n)) {
		if_print(set, &value);
		mcf_set(main_cf(s), sv_of(NAME), str_sv(&value));
	}
	if_words_free(words, n);
	str_free(&value);
	ses_end(s);
	return true;
}

/* The first tick, or one less, of a relay that listens everywhere: what listens now is
 * ticked, without the addresses that inet_protocols leaves out, of which Postfix would
 * die. Chosen with nothing ticked would be an empty value. */
static void
choose_used(struct session *s, struct if_set *set)
{
	bool used[] = {ifs_family_used(s, 4, false), ifs_family_used(s, 6, false)};
	size_t listening = set->nrows, left = 0;

	if (set->mode == IF_CHOSEN)
		return;
	for (size_t i = 0; i < set->nrows; i++)
		if (if_row_listens(set, i) && if_row_can_tick(set, i)) {
			listening = i;
			left += used[set->rows[i].addr.fam == 6];
		}
	if (listening < set->nrows)
		if_tick(set, listening, true); /* and all others with it */
	for (size_t i = 0; left > 0 && i < set->nrows; i++)
		if (set->rows[i].kind == IF_NIC && !used[set->rows[i].addr.fam == 6])
			set->rows[i].ticked = false;
}

bool
ses_if_set_mode(struct session *s, enum ses_if_mode mode, struct diags *d)
{
	static const enum if_mode modes[] = {IF_ALL, IF_LOOPBACK_ONLY, IF_CHOSEN};
	struct ifs_view *v = ifs_now(s);

	if (v->now.mode == modes[mode])
		return true;
	if (mode == SES_IF_CHOSEN)
		choose_used(s, &v->now);
	if_set_mode(&v->now, modes[mode]);
	return write_set(s, &v->now, d);
}

bool
ses_if_tick(struct session *s, size_t row, bool on, struct diags *d)
{
	struct ifs_view *v = ifs_now(s);

	if (row >= v->n)
		return diag_add(d, SEV_ERROR, DIAG_NOT_FOUND, NULL, NULL,
			_("There is no such row."));
	if (!edit_allowed(s, s->files[0], d))
		return false;
	choose_used(s, &v->now);
	if (!if_tick(&v->now, row, on))
		return diag_add(d, SEV_ERROR, DIAG_IF_SYNTAX, NULL, NULL,
			_("Postfix can't use a link-local address."));
	return write_set(s, &v->now, d);
}

bool
ses_if_add(struct session *s, const char *word, struct diags *d)
{
	struct ifs_view *v = ifs_now(s);
	struct if_world w = if_world_of(s);
	struct sv text = sv_trim(sv_of(word));
	struct str out = {0};
	struct if_input in = {text, text};
	bool done;

	if (!edit_allowed(s, s->files[0], d))
		return false;
	if (text.n == 0 || !vl_is_item(text))
		return diag_add(d, SEV_ERROR, DIAG_IF_SYNTAX, NULL,
			_("Type one address or host name."),
			_("That can't stand in the list."));
	if (!if_word_judge(text, false, session_nics(s), NULL, d))
		return false;
	if (expand_value(s, text, &out) == CFX_OK)
		in.expanded = str_sv(&out);
	choose_used(s, &v->now);
	if_add(&v->now, &w, &in);
	done = write_set(s, &v->now, d);
	str_free(&out);
	return done;
}

bool
ses_if_remove(struct session *s, size_t row, struct diags *d)
{
	return ses_if_tick(s, row, false, d);
}

bool
ses_if_set(struct session *s, const char *const *words, size_t n, struct diags *d)
{
	struct str value = {0};
	bool done = true;

	for (size_t i = 0; i < n; i++) {
		struct sv rest = sv_of(words[i]), token;

		while (sv_token(&rest, ", \t", &token)) {
			done = if_word_judge(token, n == 1, session_nics(s), NULL, d) &&
			       done;
			str_addf(&value, "%s%.*s", value.n ? ", " : "", (int)token.n,
				token.p);
		}
	}
	if (value.n == 0)
		done = diag_add(d, SEV_ERROR, DIAG_IF_NONE, NULL,
			_("Name all, loopback-only, or addresses."),
			_("With an empty list Postfix could not start."));
	done = done && ses_param_set(s, NAME, str_c(&value), d);
	str_free(&value);
	return done;
}

/* As Postfix reads it: one $name may stand for several words. */
static void
build_listening(struct session *s, struct if_set *set, bool before)
{
	struct arena texts = {0};
	const char *value = before ? value_or_default(param_before(s, &texts, NAME))
				   : value_now(s, &texts);
	struct str whole = {0};
	bool known = (before ? expand_before : expand_value)(s, sv_of(value), &whole) ==
		     CFX_OK;

	build(s, set, known ? str_c(&whole) : value);
	str_free(&whole);
	arena_free(&texts);
}

size_t
ifs_listen(struct session *s, bool before, struct arena *a, const struct svc_listen **out)
{
	const bool used[] = {
		ifs_family_used(s, 4, before), ifs_family_used(s, 6, before)};
	struct if_set set = {0};
	struct svc_listen *list;
	size_t n = 0;

	build_listening(s, &set, before);
	list = arena_new(a, (set.nrows + 1) * sizeof(*list));
	for (size_t i = 0; i < set.nrows; i++) {
		const struct if_row *row = &set.rows[i];

		if (!if_row_listens(&set, i) || row->kind == IF_LOST ||
			row->addr.fam == 0 || row->state != IF_UP ||
			row->reach == IF_LINK || !used[row->addr.fam == 6])
			continue;
		list[n].fam = row->addr.fam;
		memcpy(list[n].addr, row->addr.b, sizeof(list[n].addr));
		n++;
	}
	if_free(&set);
	*out = list;
	return n;
}

const char *
ses_if_preview(struct session *s)
{
	const char *was = param_before(s, scratch(s), NAME),
		   *now = value_now(s, scratch(s));

	if (!was && mcf_find(main_cf(s), sv_of(NAME)) == DOC_NO_ID)
		return "";
	return was && strcmp(was, now) == 0 ? "" : now;
}

const char *
ses_if_place(struct session *s)
{
	return param_place(s, NAME);
}
