/* SPDX-License-Identifier: MIT
 *
 * Parameters as one smtpd service sees them: its own -o first, then main.cf (as edited
 * now or as loaded), then Postfix's defaults. Without an installed Postfix the few
 * defaults that matter here are those of 3.7.
 */
#include "session/nettest_view.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "text/lline.h"
#include "text/maincf.h"
#include "text/vlist.h"

#define RELAY_LIST "smtpd_relay_restrictions"
#define RCPT_LIST "smtpd_recipient_restrictions"
#define CLASSES "smtpd_restriction_classes"
#define RELAY_DEFAULT                                                                    \
	"permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination"

/* --- one value ------------------------------------------------------------- */

static const char *
from_main_cf(const struct nt_look *l, struct sv name)
{
	struct arena *a = &l->q->texts;
	struct str text = {0};
	const char *value;
	uint32_t id;

	if (l->before)
		return param_before(l->s, a, arena_sv(a, name));
	id = mcf_find(main_cf(l->s), name);
	if (id == DOC_NO_ID)
		return NULL;
	mcf_value(main_cf(l->s), id, &text);
	value = arena_sv(a, str_sv(&text));
	str_free(&text);
	return value;
}

static const char *
as_set(const struct nt_look *l, struct sv name)
{
	const char *own = l->service ? mcs_option(l->service, name) : NULL;

	return own ? own : from_main_cf(l, name);
}

bool
nt_is_set(const struct nt_look *l, const char *name)
{
	return as_set(l, sv_of(name)) != NULL;
}

static bool
early_lookup(void *ctx, struct sv name, struct sv *value)
{
	const struct nt_look *l = ctx;
	const char *set = as_set(l, name);

	if (!set && sv_eq_str(name, "config_directory"))
		set = l->s->config_dir;
	*value = sv_of(set ? set : "");
	return true;
}

/* myhostname as smtpd makes it, before it has any default: $mydomain in it is empty
 * unless the file sets it. */
static const char *
own_host(const struct nt_look *l)
{
	struct nt_look copy = *l;
	struct cfx_source src = {.lookup = early_lookup, .ctx = &copy};
	const char *set = as_set(l, sv_of("myhostname")), *kept = NULL;
	struct str out = {0};
	struct sv value;

	if (!set)
		return default_of(l->s, "myhostname", &value)
			       ? arena_sv(&l->q->texts, value)
			       : l->s->hostname;
	if (cfx_expand(sv_of(set), &src, &out) == CFX_OK)
		kept = arena_sv(&l->q->texts, str_sv(&out));
	str_free(&out);
	return kept;
}

/* mydomain follows myhostname, which the defaults (postconf -d) know nothing of. */
static const char *
own_domain(const struct nt_look *l)
{
	const char *host = own_host(l), *dot = host ? strchr(host, '.') : NULL;

	return dot ? dot + 1 : "localdomain";
}

static bool
lookup(void *ctx, struct sv name, struct sv *value)
{
	const struct nt_look *l = ctx;
	const char *set = as_set(l, name);

	if (!set && sv_eq_str(name, "config_directory"))
		set = l->s->config_dir;
	if (!set && sv_eq_str(name, "mydomain"))
		set = own_domain(l);
	if (set) {
		*value = sv_of(set);
		return true;
	}
	if (default_of(l->s, arena_sv(&l->q->texts, name), value))
		return true;
	if (sv_eq_str(name, "myhostname")) {
		*value = sv_of(l->s->hostname);
		return true;
	}
	*value = (struct sv){"", 0}; /* nobody defines it: empty */
	return l->s->ndefaults > 0;
}

static const char *
expanded(const struct nt_look *l, struct sv raw, enum cfx_result *why)
{
	struct nt_look copy = *l;
	struct cfx_source src = {.lookup = lookup, .ctx = &copy};
	struct str out = {0};
	const char *kept = NULL;

	*why = cfx_expand(raw, &src, &out);
	if (*why == CFX_OK)
		kept = arena_sv(&l->q->texts, str_sv(&out));
	str_free(&out);
	return kept;
}

const char *
nt_value(const struct nt_look *l, const char *name, enum cfx_result *why)
{
	struct sv raw;

	*why = CFX_UNKNOWN;
	return lookup((void *)(uintptr_t)l, sv_of(name), &raw) ? expanded(l, raw, why)
							       : NULL;
}

static bool
default_is_known(const struct nt_look *l, const char *name)
{
	struct sv unused;

	return default_of(l->s, name, &unused);
}

/* --- the value of mynetworks ----------------------------------------------- */

/* Where the definition that counts stands: its whole lines, and the first one's number.
 */
static bool
definition(const struct nt_look *l, struct vl_text *t, uint32_t *line)
{
	struct ses_file *f = l->s->files[0];
	struct sv name = sv_of("mynetworks");
	size_t name_len;

	for (size_t i = f->doc.norder; i > 0; i--) {
		uint32_t id = f->doc.order[i - 1];
		struct entry e =
			l->before ? file_base_entry(f, id) : *doc_entry(&f->doc, id);

		t->raw = file_entry_text(f, &e);
		if (e.kind != ENTRY_PARAM || (e.flags & ENTRY_DELETED) ||
			!sv_eq(sv_sub(t->raw, 0, e.key_len), name))
			continue;
		mcf_parse_head(t->raw, &name_len, &t->off);
		*line = l->before ? e.line : doc_line_now(&f->doc, id);
		return true;
	}
	return false;
}

struct words {
	struct rel_word *v;
	size_t n, cap;
	bool dead;
};

static void
add_word(const struct nt_look *l, struct words *w, struct sv raw,
	const struct rel_word *at)
{
	struct rel_word word = *at;
	struct str logical = {0};
	enum cfx_result why;

	if (sv_find(raw, '\n') >= 0)
		ll_logical(raw, &logical); /* braces over several lines */
	else
		str_add_sv(&logical, raw);
	word.row = arena_sv(&l->q->texts, str_sv(&logical));
	word.text = expanded(l, str_sv(&logical), &why);
	word.unknown = why == CFX_UNKNOWN;
	word.same_line = w->n > 0;
	w->dead = w->dead || why == CFX_SYNTAX || why == CFX_NESTING;
	w->v = mem_grow(w->v, &w->cap, w->n + 1, sizeof(*w->v));
	w->v[w->n++] = word;
	str_free(&logical);
}

static void
add_items(const struct nt_look *l, struct words *w, const struct vl_text *t,
	const struct rel_word *at)
{
	struct vl_list items = {0};

	vl_parse(t, &items);
	for (size_t i = 0; i < items.n; i++) {
		struct rel_word word = *at;

		if (items.v[i].is_off)
			continue;
		word.line += items.v[i].line;
		add_word(l, w, sv_sub(t->raw, items.v[i].off, items.v[i].len), &word);
	}
	vl_free(&items);
}

static void
add_tokens(const struct nt_look *l, struct words *w, const char *text,
	const struct rel_word *at)
{
	struct sv rest = sv_of(text), token;

	while (net_token(&rest, &token))
		add_word(l, w, token, at);
}

/* Unset: what Postfix derives by the files on disk, whatever waits. */
static enum nt_words
derived_words(const struct nt_look *l, struct words *w)
{
	struct rel_word at = {0};
	struct nt_look disk = *l;
	enum cfx_result why;
	const char *style = nt_value(l, "mynetworks_style", &why);

	if (style && strcmp(style, "host") != 0 && strcmp(style, "subnet") != 0 &&
		strcmp(style, "class") != 0 && nt_is_set(l, "mynetworks_style"))
		return NT_WORDS_DEAD;
	disk.before = true;
	if (nt_is_set(&disk, "mynetworks") || !l->s->derived)
		return NT_WORDS_UNKNOWN;
	add_tokens(l, w, l->s->derived, &at);
	return NT_WORDS_OK;
}

enum nt_words
nt_words(const struct nt_look *l, struct rel_word **v, size_t *n)
{
	const char *own = l->service ? mcs_option(l->service, sv_of("mynetworks")) : NULL;
	struct rel_word at = {.file = l->s->files[0]->path};
	struct vl_text t = {0};
	struct words w = {0};
	enum nt_words got = NT_WORDS_OK;

	if (own) {
		at.file = arena_fmt(&l->q->texts, "%s/master.cf", l->s->config_dir);
		at.line = l->service->line;
		add_tokens(l, &w, own, &at);
	} else if (definition(l, &t, &at.line)) {
		add_items(l, &w, &t, &at);
	} else {
		got = derived_words(l, &w);
	}
	*v = w.v;
	*n = w.n;
	return w.dead ? NT_WORDS_DEAD : got;
}

/* --- restrictions ---------------------------------------------------------- */

/* Is compatibility_level at least major.minor? Unset is 0. False in *good: smtpd dies. */
static bool
level_at_least(const struct nt_look *l, uint64_t major, uint64_t minor, bool *good)
{
	enum cfx_result why;
	const char *text = nt_value(l, "compatibility_level", &why);
	struct sv rest = sv_of(text ? text : ""), part;
	uint64_t have[3] = {0};
	size_t n = 0;

	*good = true;
	while (n < 3 && sv_token(&rest, ".", &part))
		*good = sv_to_uint(part, 1000000, &have[n++]) && *good;
	*good = *good && rest.n == 0;
	return have[0] > major || (have[0] == major && have[1] >= minor);
}

/* The relay list; NULL: a Postfix older than 2.10 has none. */
static const char *
relay_list(const struct nt_look *l, enum cfx_result *why)
{
	const char *value;
	bool good = true;

	*why = CFX_OK;
	if (l->s->ndefaults && !default_is_known(l, RELAY_LIST))
		return NULL;
	if (nt_is_set(l, RELAY_LIST))
		return nt_value(l, RELAY_LIST, why);
	value = nt_value(l, RELAY_LIST, why);
	if (value && *why == CFX_OK && l->s->ndefaults)
		return value;
	value = level_at_least(l, 1, 0, &good) ? RELAY_DEFAULT : "";
	*why = good ? CFX_OK : CFX_SYNTAX;
	return value;
}

static bool
relay_is_first(const struct nt_look *l)
{
	static const char name[] = "smtpd_relay_before_recipient_restrictions";
	enum cfx_result why;
	const char *value = nt_value(l, name, &why);
	bool good;

	if (value && strcmp(value, "yes") == 0)
		return true;
	if (value && (strcmp(value, "no") == 0 || nt_is_set(l, name)))
		return false;
	if (l->s->ndefaults && !default_is_known(l, name))
		return false;
	return level_at_least(l, 3, 6, &good);
}

static const char *
class_of(void *ctx, struct sv name)
{
	const struct nt_look *l = ctx;
	enum cfx_result why;
	const char *classes = nt_value(l, CLASSES, &why);
	struct sv rest = sv_of(classes ? classes : ""), token;

	while (sv_token(&rest, ", \t\r\n", &token))
		if (sv_eq(token, name)) {
			const char *text = arena_sv(&l->q->texts, name);

			return nt_is_set(l, text) ? nt_value(l, text, &why) : NULL;
		}
	return NULL;
}

/* A list of which we know no value: its name is all that can be told. */
static bool
no_value(struct rel_answer *out, const char *name, enum cfx_result why)
{
	bool dies = why == CFX_SYNTAX || why == CFX_NESTING;

	*out = (struct rel_answer){.says = dies ? REL_NO_GREETING : REL_CANT_TELL,
		.reason = REL_BY_RESTRICTION,
		.restriction = name,
		.list = name};
	return false;
}

static void
add_list(struct rel_policy *p, const char *name, const char *value, bool guards)
{
	p->list[p->n].name = name;
	p->list[p->n].value = value;
	p->list[p->n].guards = guards;
	p->n++;
}

/* smtpd dies of a class without a definition, whether a list uses it or not. */
static bool
are_classes_defined(const struct nt_look *l)
{
	enum cfx_result why;
	const char *classes = nt_value(l, CLASSES, &why);
	struct sv rest = sv_of(classes ? classes : ""), token;

	while (sv_token(&rest, ", \t\r\n", &token)) {
		const char *value = nt_value(l, arena_sv(&l->q->texts, token), &why);

		if (why != CFX_UNKNOWN && (!value || !sv_trim(sv_of(value)).n))
			return false;
	}
	return true;
}

/* The lists that come first: who passes them may not relay for that. */
static bool
add_early_lists(struct nt_look *l, struct rel_policy *p, struct rel_answer *out)
{
	static const char *const names[] = {"smtpd_client_restrictions",
		"smtpd_helo_restrictions", "smtpd_sender_restrictions"};
	enum cfx_result why;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value =
			nt_is_set(l, names[i]) ? nt_value(l, names[i], &why) : "";

		if (!value)
			return no_value(out, names[i], why);
		add_list(p, names[i], value, false);
	}
	return true;
}

bool
nt_policy(struct nt_look *l, struct rel_policy *p, struct rel_answer *out)
{
	enum cfx_result why;
	const char *relay, *rcpt;
	bool first;

	*p = (struct rel_policy){.class_of = class_of, .ctx = l, .texts = &l->q->texts};
	if (!are_classes_defined(l))
		return no_value(out, CLASSES, CFX_SYNTAX);
	if (!add_early_lists(l, p, out))
		return false;
	relay = relay_list(l, &why);
	if (!relay && why != CFX_OK)
		return no_value(out, RELAY_LIST, why);
	if (why != CFX_OK)
		return no_value(out, "compatibility_level", why);
	rcpt = nt_is_set(l, RCPT_LIST) || default_is_known(l, RCPT_LIST)
		       ? nt_value(l, RCPT_LIST, &why)
		       : "";
	if (!rcpt)
		return no_value(out, RCPT_LIST, why);
	first = relay && relay_is_first(l);
	if (first)
		add_list(p, RELAY_LIST, relay, true);
	add_list(p, RCPT_LIST, rcpt, true);
	if (relay && !first)
		add_list(p, RELAY_LIST, relay, true);
	return true;
}
