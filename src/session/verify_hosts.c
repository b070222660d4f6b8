/* SPDX-License-Identifier: MIT
 *
 * Several relay hosts: Postfix tries them in their order, so a rung of the way is good if
 * it is for the first, and doubtful if it isn't for a spare one. Each rung is asked of
 * all of them, one after the other, before the next rung begins; what it says of the
 * first stands, and below it there is a line for each other. A host that failed a rung is
 * asked no further; a spare one is, however the first came out.
 */
#include "session/verify_parts.h"

#include "base/i18n.h"

static void
keep(const struct rung *r, struct vr_outcome *out)
{
	*out = (struct vr_outcome){r->state, r->text, r->says, r->hint, r->screen,
		r->param, r->hint_has_keys};
}

static void
give(struct rung *r, const struct vr_outcome *from)
{
	r->state = from->state;
	r->text = from->text;
	r->says = from->says;
	r->hint = from->hint;
	r->hint_has_keys = from->hint_has_keys;
	r->screen = from->screen;
	r->param = from->param;
}

static bool
is_bad(enum ses_rung_state state)
{
	return state == SES_RUNG_FAILED || state == SES_RUNG_WARN;
}

/* Its line, and below that its words where it isn't well. */
static void
tell_spare(struct verify *v)
{
	struct rung *r = vr_now(v);
	const char *word[VR_WORDS_ALL];
	size_t n = 0, from = v->first_words;

	while (is_bad(r->state) && from + n < r->nwords) {
		word[n] = r->word[from + n];
		n++;
	}
	r->nwords = from;
	vr_word(v, _("spare %s: %s"), v->up->hop_text, r->text);
	for (size_t i = 0; i < n; i++)
		vr_word(v, "  %s", word[i]);
	v->first_words = r->nwords;
	if (is_bad(r->state) && v->spare.state == SES_RUNG_NOT_YET) {
		keep(r, &v->spare);
		v->spare.text =
			arena_fmt(&r->texts, _("spare %s: %s"), v->up->hop.host, r->text);
	}
}

static void
note_host(struct verify *v)
{
	struct rung *r = vr_now(v);

	v->up->failed &= ~NEEDS(v->at);
	if (r->state == SES_RUNG_FAILED)
		v->up->failed |= NEEDS(v->at);
	if (v->up != v->host) {
		tell_spare(v);
		return;
	}
	keep(r, &v->first);
	v->first_words = r->nwords;
	v->spare = (struct vr_outcome){.state = SES_RUNG_NOT_YET};
}

/* All were asked. */
static void
end_hosts(struct verify *v)
{
	struct rung *r = vr_now(v);

	v->up = v->host;
	give(r, &v->first);
	if (v->first.state != SES_RUNG_OK || v->spare.state == SES_RUNG_NOT_YET)
		return;
	give(r, &v->spare);
	r->state = SES_RUNG_WARN;
	r->says = arena_str(&r->texts,
		_("Mail leaves by the first relay host; a spare one would not take it "
		  "now."));
	if (!r->screen)
		vr_where(v, "relayhost", "relayhost");
}

bool
vr_next_host(struct session *s, struct verify *v)
{
	const unsigned before = RUNGS_OF_WAY & (NEEDS(v->at) - 1);
	struct rung *r = vr_now(v);

	if (!(RUNGS_OF_WAY & NEEDS(v->at)) || v->nhosts < 2)
		return false;
	note_host(v);
	do {
		if (++v->up == v->host + v->nhosts) {
			end_hosts(v);
			return false;
		}
	} while (v->up->failed & before);
	give(r, &(struct vr_outcome){
			.state = SES_RUNG_RUNS, .text = "", .says = "", .hint = ""});
	v->since = s->world.clock.ops->mono_ms(s->world.clock.self);
	vr_defs[v->at].begin(s, v);
	return true;
}
