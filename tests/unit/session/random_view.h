/* SPDX-License-Identifier: MIT
 *
 * For the random walk: the bytes of all files of a session, a session over given bytes,
 * what a session shows as one text that can be compared, and what the real Postfix says
 * of the same bytes.
 */
#ifndef PR_TEST_RANDOM_VIEW_H
#define PR_TEST_RANDOM_VIEW_H

#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "session/internal.h"
#include "session/review.h"
#include "scratch.h"
#include "text/lline.h"
#include "text/maincf.h"
#include "text/vlist.h"

#define IMAGE_FILES 4

static const char *const view_params[] = {"relayhost", "myhostname", "mydomain",
	"myorigin", "inet_interfaces", "mynetworks", "mydestination", "smtpd_banner",
	"message_size_limit", "no_such_name", "MyOrigin", "more_nets", "inet_protocols",
	"alias_database", "append_dot_mydomain"};
#define VIEW_PARAMS (sizeof(view_params) / sizeof(view_params[0]))

struct image {
	struct str file[IMAGE_FILES]; /* main.cf, aliases, nets, table */
};

static const char *const image_names[IMAGE_FILES] = {
	"main.cf", "aliases", "nets", "table"};

static inline void
image_free(struct image *m)
{
	for (size_t i = 0; i < IMAGE_FILES; i++)
		str_free(&m->file[i]);
}

/* The files as they would be saved; a file that was never looked at is empty. */
static inline void
image_take(struct session *s, struct image *m)
{
	*m = (struct image){0};
	for (size_t k = 0; k < IMAGE_FILES; k++)
		for (size_t i = 0; i < s->nfiles; i++) {
			const char *name = strrchr(s->files[i]->path, '/') + 1;

			if (strcmp(name, image_names[k]) == 0)
				doc_bytes(&s->files[i]->doc, &m->file[k]);
		}
}

static inline bool
image_same(const struct image *a, const struct image *b)
{
	for (size_t i = 0; i < IMAGE_FILES; i++)
		if (!sv_eq(str_sv(&a->file[i]), str_sv(&b->file[i])))
			return false;
	return true;
}

static inline void
image_write(const char *dir, const struct image *m)
{
	char path[160];

	for (size_t i = 0; i < IMAGE_FILES; i++) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s", dir, image_names[i]);
		f = fopen(path, "w");
		if (!f ||
			(m->file[i].n && fwrite(m->file[i].p, m->file[i].n, 1, f) != 1) ||
			fclose(f) != 0)
			abort();
	}
}

/* A session over the files, all of them read. */
static inline void
image_open(struct scratch *x, const struct image *m)
{
	char path[160];

	scratch_open(x, "", "");
	ses_close(x->s);
	image_write(x->dir, m);
	x->s = ses_open(&(struct ses_opts){.config_dir = x->dir,
				.aliases_file = x->aliases,
				.state_dir = x->state},
		&x->set, &x->world);
	ses_alias_total(x->s);
	snprintf(path, sizeof(path), "%s/nets", x->dir);
	file_open(x->s, ROLE_NETS, path, NULL);
	snprintf(path, sizeof(path), "%s/table", x->dir);
	file_open(x->s, ROLE_CIDR, path, "cidr");
	ses_wait(x->s, SES_ASK_DEFAULTS, NULL);
	ses_wait(x->s, SES_ASK_DERIVED, NULL);
}

static inline void
image_close(struct scratch *x)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/table", x->dir);
	unlink(path);
	rmdir(x->state);
	scratch_close(x);
}

/* --- what a session shows -------------------------------------------------------- */

/* Open in both sessions what is open in the first. */
static inline void
view_open_all(struct session *a, struct session *b)
{
	const struct ses_net_row *rows;

	for (size_t i = 0; i < ses_net_rows(a, &rows); i++)
		ses_net_open(a, i, true);
	for (size_t i = 0; i < ses_net_rows(b, &rows); i++)
		ses_net_open(b, i, true);
}

static inline void
view_networks(struct session *s, struct str *out)
{
	const struct ses_net_row *rows;
	size_t n = ses_net_rows(s, &rows);

	for (size_t i = 0; i < n; i++) {
		const struct ses_net_row *r = &rows[i];

		if (r->removed)
			continue;
		str_addf(out, "net %s|%s|%s|%s|line %u depth %u%s%s%s%s|%s|%s\n", r->text,
			r->kind, r->count, r->note ? r->note : "-", r->line, r->depth,
			r->off ? " off" : "", r->derived ? " derived" : "",
			r->expandable ? " opens" : "", r->editable ? " editable" : "",
			r->repair ? r->repair : "-",
			r->finding ? diag_code_name(r->finding->code) : "-");
	}
}

static inline void
view_others_of(struct session *s, struct str *out)
{
	const struct ses_if_row *ifs;
	size_t n = ses_if_rows(s, &ifs);
	struct ses_relay r;
	struct ses_param p;

	str_addf(out, "if mode %d\n", (int)ses_if_mode(s));
	for (size_t i = 0; i < n; i++)
		str_addf(out, "if %s %s %s %s %s %d %d\n", ifs[i].nic, ifs[i].addr,
			ifs[i].state, ifs[i].reach, ifs[i].note, ifs[i].ticked,
			ifs[i].can_tick);
	ses_relay_get(s, &r);
	str_addf(out, "relay %d %d [%s] line %u repair %s\n", r.set, r.readable, r.raw,
		r.line, r.repair ? r.repair : "-");
	for (size_t i = 0; i < r.n; i++)
		str_addf(out, "hop %s:%s %d\n", r.hops[i].host, r.hops[i].port,
			r.hops[i].mx);
	for (size_t i = 0; i < VIEW_PARAMS; i++) {
		ses_param_get(s, view_params[i], &p);
		str_addf(out, "%s = [%s] off [%s] %d lines %u-%u\n", p.name, p.value,
			p.off_value ? p.off_value : "-", (int)p.origin, p.line,
			p.last_line);
	}
}

/* While an alias waits to go, a comment above it describes nobody else; once it is gone
 * it may: then notes can't be compared. */
static inline bool
view_has_removed_alias(struct session *s)
{
	size_t n = ses_alias_shown(s);
	struct ses_alias a;

	for (size_t i = 0; i < n; i++)
		if (ses_alias_at(s, i, &a) && a.removed)
			return true;
	return false;
}

static inline void
view_aliases(struct session *s, bool notes, struct str *out)
{
	size_t n = ses_alias_shown(s);
	struct ses_alias a;

	for (size_t i = 0; i < n; i++) {
		ses_alias_at(s, i, &a);
		if (!a.removed)
			str_addf(out, "alias [%s]: [%s] note [%s] %d %d %s\n", a.name,
				a.targets, notes && a.note ? a.note : "-", a.off, a.bad,
				a.finding ? diag_code_name(a.finding->code) : "-");
	}
}

/* Everything but the marks; dir is left out of texts. */
static inline void
view_print(struct session *s, const char *dir, bool notes, struct str *out)
{
	const struct diags *d;
	struct str all = {0};
	struct sv rest;
	ptrdiff_t at;

	d = ses_findings(s);
	for (size_t i = 0; i < d->n; i++)
		str_addf(&all, "%s %s:%u %s\n", diag_code_name(d->v[i].code),
			d->v[i].loc.file ? d->v[i].loc.file : "", d->v[i].loc.line,
			d->v[i].text);
	view_networks(s, &all);
	view_others_of(s, &all);
	view_aliases(s, notes, &all);
	rest = str_sv(&all);
	while ((at = sv_find_sv(rest, sv_of(dir))) >= 0) {
		str_add_sv(out, sv_sub(rest, 0, (size_t)at));
		str_add_cstr(out, "DIR");
		rest = sv_sub(rest, (size_t)at + strlen(dir), rest.n);
	}
	str_add_sv(out, rest);
	str_free(&all);
}

/* Lines that stand in one of the two only. */
static inline void
view_tell_difference(struct sv mine, struct sv fresh)
{
	struct sv a = {0}, b = {0};

	while (sv_line(&mine, &a) && sv_line(&fresh, &b))
		if (!sv_eq(a, b))
			fprintf(stderr, "mine:  %.*s\nfresh: %.*s\n", (int)a.n, a.p,
				(int)b.n, b.p);
}

/* --- what the bytes say ---------------------------------------------------------- */

/* All definitions but those of name, as they stand; comments between them left out. */
static inline void
view_others(struct sv bytes, const char *name, struct str *out)
{
	struct ll_scan scan;
	struct lline l;

	ll_start(&scan, bytes);
	while (ll_next(&scan, &l)) {
		size_t name_len = 0, off = 0;

		if (l.kind != LL_TEXT && l.kind != LL_ORPHAN)
			continue;
		mcf_parse_head(l.text, &name_len, &off);
		if (l.kind == LL_TEXT && sv_eq_str(sv_sub(l.text, 0, name_len), name))
			continue;
		str_add_sv(out, sv_trim(l.text));
		str_add_char(out, '\n');
	}
}

/* How many items has the definition of mynetworks that counts? */
static inline size_t
view_count_networks(struct sv bytes)
{
	struct vl_list list = {0};
	struct vl_text t = {0};
	struct doc doc;
	uint32_t id;
	size_t n = 0;

	mcf_load(&doc, sv_dup(bytes), bytes.n, NULL);
	id = mcf_find(&doc, sv_of("mynetworks"));
	if (id != DOC_NO_ID) {
		t = (struct vl_text){
			.raw = doc_text(&doc, id), .off = mcf_value_offset(&doc, id)};
		vl_parse(&t, &list);
		n = list.n;
		vl_free(&list);
	}
	doc_free(&doc);
	return n;
}

/* --- what Postfix says ----------------------------------------------------------- */

/* The output of a program, or false when it isn't there or says no. */
static inline bool
view_run(const char *command, struct str *out)
{
	char buf[4096];
	FILE *f = popen(command, "r");
	size_t n;

	if (!f)
		return false;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_add(out, buf, n);
	return pclose(f) == 0;
}

/* A line that Postfix refuses: every program of it sleeps a second and says no. */
static inline bool
view_is_refused(struct session *s)
{
	const struct diags *d = ses_findings(s);

	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].code == DIAG_CF_NO_EQUALS ||
			d->v[i].code == DIAG_CF_NO_NAME ||
			(d->v[i].code == DIAG_CF_BOM && d->v[i].sev == SEV_ERROR))
			return true;
	return false;
}

static inline void
view_ask_postconf(struct session *s, const char *dir)
{
	struct str out = {0};
	struct sv rest, line;
	char command[300];

	if (view_is_refused(s))
		return;
	snprintf(
		command, sizeof(command), "/usr/sbin/postconf -c %s -n 2>/dev/null", dir);
	if (view_run(command, &out)) {
		rest = str_sv(&out);
		while (sv_line(&rest, &line)) {
			ptrdiff_t at = sv_find(line, '=');
			char *name = sv_dup(sv_trim(sv_sub(line, 0, (size_t)at)));
			struct sv value = sv_trim(sv_sub(line, (size_t)at + 1, line.n));
			struct ses_param p;

			ses_param_get(s, name, &p);
			if (strcmp(name, "config_directory") != 0 &&
				(p.origin != SES_FROM_FILE ||
					!sv_eq_str(value, p.value))) {
				print_error("%s: Postfix says [%.*s], we [%s]\n", name,
					(int)value.n, value.p, p.value);
				fail();
			}
			free(name);
		}
	}
	str_free(&out);
}

/* Every pair that postalias stores is an alias that counts here, and the other way. */
static inline void
view_ask_postalias(struct session *s, const char *dir)
{
	struct aliases *al = &s->aliases->al;
	struct str out = {0}, key = {0}, value = {0}, want = {0};
	struct sv rest, line;
	size_t stored = 0, here = 0;
	char command[400];

	snprintf(command, sizeof(command),
		"/usr/sbin/postalias -c %s/pf -o hash:%s/aliases 2>/dev/null; "
		"/usr/sbin/postalias -c %s/pf -s hash:%s/aliases 2>/dev/null",
		dir, dir, dir, dir);
	if (view_run(command, &out) && out.n) {
		rest = str_sv(&out);
		while (sv_line(&rest, &line)) {
			ptrdiff_t at = sv_find(line, '\t');
			struct sv name = sv_sub(line, 0, at < 0 ? line.n : (size_t)at);
			uint32_t id;

			if (sv_starts(name, "YP_") || sv_starts(name, "@:"))
				continue;
			stored++;
			id = al_find(al, sv_sub(name, 0, name.n - 1));
			if (id == DOC_NO_ID) {
				print_error("Postfix has [%.*s], we don't\n", (int)name.n,
					name.p);
				fail();
			}
		}
		for (size_t i = 0; i < al->doc.norder; i++) {
			uint32_t id = al->doc.order[i];

			here += doc_alive(&al->doc, id) &&
				doc_entry(&al->doc, id)->kind == ENTRY_ALIAS &&
				!al_is_shadowed(al, id);
		}
		if (stored != here)
			print_error("Postfix stores %zu, we count %zu\n%s", stored, here,
				str_c(&out));
		assert_int_equal(stored, here);
	}
	str_free(&out);
	str_free(&key);
	str_free(&value);
	str_free(&want);
}

static inline void
view_ask_postfix(struct session *s, const struct image *now)
{
	char dir[] = "/tmp/postrelay-test-XXXXXX", path[160];
	struct timeval old[2] = {{time(NULL) - 60, 0}, {time(NULL) - 60, 0}};

	if (access("/usr/sbin/postconf", X_OK) != 0 || !mkdtemp(dir))
		return;
	image_write(dir, now);
	snprintf(path, sizeof(path), "%s/main.cf", dir);
	utimes(path, old);
	scratch_write(dir, "master.cf", "");
	snprintf(path, sizeof(path), "%s/pf", dir);
	mkdir(path, 0700);
	scratch_write(path, "main.cf",
		"compatibility_level = 3.6\ninet_interfaces = 127.0.0.1\n");
	snprintf(path, sizeof(path), "%s/pf/main.cf", dir);
	utimes(path, old);
	view_ask_postconf(s, dir);
	view_ask_postalias(s, dir);
	for (size_t i = 0; i < IMAGE_FILES; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, image_names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/master.cf", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/aliases.db", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/pf/main.cf", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/pf", dir);
	rmdir(path);
	rmdir(dir);
}

#endif
