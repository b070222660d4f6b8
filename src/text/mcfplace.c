/* SPDX-License-Identifier: MIT
 *
 * Commented definitions in main.cf, and where a new line goes. A sample or a definition
 * that is off is `#name = value` without a blank after '#'; its continuation lines are
 * '#', then a tab or two blanks, then text (prose has one blank). Invariant: a place
 * never stands before an orphan, which would become the new line's continuation.
 */
#include "text/maincf.h"

#include "text/lline.h"

/* Parameters that people keep together; a name that ends in '_' stands for all that start
 * so. */
static const char *const families[][12] = {
	{"relayhost", "smtp_sasl_", "smtp_tls_", "smtp_use_tls", "smtp_fallback_relay",
		"sender_dependent_relayhost_maps", "transport_maps", "default_transport"},
	{"mynetworks", "mynetworks_style", "inet_interfaces", "inet_protocols",
		"proxy_interfaces", "smtp_bind_address", "smtp_bind_address6"},
	{"myhostname", "mydomain", "myorigin", "mydestination"},
	{"alias_maps", "alias_database"},
	{"smtpd_relay_restrictions", "smtpd_recipient_restrictions",
		"smtpd_client_restrictions"},
};

#define FAMILIES (sizeof(families) / sizeof(*families))
#define FAMILY_SCORE 100000u

static bool
is_off_definition(struct sv text, struct sv name)
{
	size_t i = 1 + name.n;

	if (text.n <= i || text.p[0] != '#' || !sv_eq(sv_sub(text, 1, name.n), name))
		return false;
	while (i < text.n && (text.p[i] == ' ' || text.p[i] == '\t'))
		i++;
	return i < text.n && text.p[i] == '=';
}

static bool
is_comment(const struct doc *d, size_t pos)
{
	uint32_t id = d->order[pos];

	return doc_entry(d, id)->kind == ENTRY_COMMENT && doc_alive(d, id);
}

uint32_t
mcf_find_off(const struct doc *d, struct sv name)
{
	if (!mcf_is_name(name))
		return DOC_NO_ID;
	for (size_t i = d->norder; i-- > 0;)
		if (is_comment(d, i) && is_off_definition(doc_text(d, d->order[i]), name))
			return d->order[i];
	return DOC_NO_ID;
}

/* Is `#...` a commented continuation line behind a line that ends in end? */
static bool
is_off_continuation(struct sv line, char end)
{
	struct sv rest;

	if (line.n < 3 || line.p[0] != '#')
		return false;
	rest = sv_sub(line, 1, line.n);
	if (sv_trim(rest).n == 0)
		return false;
	if (rest.p[0] == '\t' || (rest.p[0] == ' ' && is_blank_char(rest.p[1])))
		return true;
	return rest.p[0] == ' ' && end == ',';
}

static char
last_sign(struct sv text)
{
	text = sv_trim(text);
	return text.n ? text.p[text.n - 1] : '\0';
}

size_t
mcf_off_extent(const struct doc *d, size_t pos)
{
	char end = last_sign(doc_text(d, d->order[pos]));
	size_t last = pos;

	/* Commented out in this session: all of it is one entry. */
	if (doc_entry(d, d->order[pos])->flags & (ENTRY_EDITED | ENTRY_NEW))
		return 1;
	for (size_t i = pos + 1; i < d->norder; i++) {
		struct sv text = doc_text(d, d->order[i]);

		if (!doc_alive(d, d->order[i]))
			continue;
		if (!is_comment(d, i))
			break;
		if (is_off_continuation(text, end)) {
			last = i;
			end = last_sign(text);
		} else if (!sv_starts(text, "##")) {
			break; /* "##" is an inner comment that is off with its value */
		}
	}
	return last - pos + 1;
}

/* Length of the common start of a and b up to and with an underscore. */
static size_t
common_prefix(struct sv a, struct sv b)
{
	size_t best = 0;

	for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
		if (a.p[i] == '_')
			best = i + 1;
	return best;
}

static size_t
family_of(struct sv name)
{
	for (size_t f = 0; f < FAMILIES; f++)
		for (size_t i = 0; i < 12 && families[f][i]; i++) {
			const char *member = families[f][i];

			if (sv_eq_str(name, member) ||
				(sv_ends(sv_of(member), "_") && sv_starts(name, member)))
				return f;
		}
	return FAMILIES;
}

/* Position after the related parameter that is set; 0: none is. */
static size_t
place_by_relation(const struct doc *d, struct sv name)
{
	size_t best = 0, best_score = 0, family = family_of(name), pos = 0;
	uint32_t id;

	while (mcf_each(d, (struct sv){0}, &pos, &id)) {
		size_t score = common_prefix(name, mcf_name(d, id));

		if (family < FAMILIES && family_of(mcf_name(d, id)) == family)
			score += FAMILY_SCORE;
		if (score && score >= best_score) {
			best_score = score;
			best = pos;
		}
	}
	return best;
}

size_t
mcf_place(const struct doc *d, struct sv name)
{
	uint32_t off = mcf_find_off(d, name);
	size_t place = 0;

	if (off != DOC_NO_ID) {
		place = doc_position(d, off);
		place += mcf_off_extent(d, place);
	} else {
		place = place_by_relation(d, name);
	}
	if (place == 0)
		return d->norder;
	for (size_t i = place; i < d->norder; i++) {
		enum entry_kind kind = (enum entry_kind)doc_entry(d, d->order[i])->kind;

		if (kind == ENTRY_ORPHAN && doc_alive(d, d->order[i]))
			return i + 1;
		if (kind != ENTRY_BLANK && kind != ENTRY_COMMENT)
			break;
	}
	return place;
}
