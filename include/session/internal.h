/* SPDX-License-Identifier: MIT
 *
 * The inside of a session, for src/session/ only: documents with what they were when
 * loaded, undo groups, what was asked of Postfix, and the caches behind the views. Front
 * ends never include this.
 */
#ifndef PR_SESSION_INTERNAL_H
#define PR_SESSION_INTERNAL_H

#include "apply/plan.h"
#include "base/arena.h"
#include "check/check.h"
#include "model/catalog.h"
#include "model/cfexpr.h"
#include "port/world.h"
#include "session/aliases.h"
#include "session/interfaces.h"
#include "session/networks.h"
#include "session/params.h"
#include "session/relay.h"
#include "session/review.h"
#include "session/session.h"
#include "session/settings.h"
#include "text/aliases.h"
#include "text/doc.h"

enum ses_role {
	ROLE_MAIN_CF,
	ROLE_ALIASES,
	ROLE_NETS,
	ROLE_CIDR,
	ROLE_INDEXED,
	ROLE_LOGIN /* passwords: its values show nowhere */
};

/* The entry as it was loaded, kept at its first edit; a new entry was "deleted" before.
 */
struct ses_base {
	uint32_t id;
	struct entry e;
};

struct ses_file {
	struct session *s;
	enum ses_role role;
	char *path;
	char *map_type; /* ROLE_CIDR, ROLE_INDEXED, ROLE_LOGIN: "cidr", "hash", ... */
	union {         /* an aliases file starts with its document */
		struct doc doc;
		struct aliases al;
	};
	struct fileid loaded;
	bool saved;            /* since then: doc.orig is no longer what the file holds */
	struct ses_base *base; /* entries that differ, or once differed, from the file */
	size_t nbase, base_cap;
	bool frozen;       /* can't be edited: NUL bytes, unreadable */
	struct diags load; /* findings of reading it */
};

struct undo_record {
	struct ses_file *file;
	struct doc_edit e;
};

struct undo_group {
	size_t from, to; /* records */
	uint64_t number; /* of its own */
	char *label;
};

struct undo {
	struct undo_record *rec;
	size_t nrec, rec_cap;
	struct undo_group *group;
	size_t ngroup, group_cap;
	size_t cursor; /* groups before it are done, from it on undone */
	int depth;     /* nesting of ses_begin */
	char *label;   /* of the group that the next edit opens; NULL: none, or it is open
			*/
	bool replaying;
};

/* Answers of Postfix to SES_ASK_DEFAULTS, sorted by name. */
struct default_value {
	struct sv name, value;
};

struct asked {
	bool wanted, started, done, ok;
	struct job *job;
	struct diags said;
};

struct session {
	const struct settings *set;
	struct world world;
	char *config_dir, *state_dir, *opt_aliases, *hostname;
	bool read_only, dry_run;
	bool probe_way;    /* an apply is to ask the upstream */
	char *build_table; /* ... is to build this one, "TYPE:PATH"; NULL: none */
	bool start_down;   /* ... is to start a Postfix that is down */
	bool only_looks;   /* asked for, not for want of rights */
	char *why_read_only;
	struct ses_file **files; /* [0] main.cf, then as needed */
	size_t nfiles, files_cap;
	struct ses_file *aliases; /* NULL until needed */
	bool aliases_looked_for;
	struct undo undo;
	uint64_t groups;      /* undo groups so far */
	uint64_t setup_group; /* of the guided set-up, until it is applied; 0: none */
	uint64_t gen;
	uint64_t edits; /* grows with whatever may change what waits */

	struct asked asked[SES_ASKS];
	bool holds_asking;
	struct str defaults_text;
	struct default_value *defaults;
	size_t ndefaults;
	char *version;
	char *types_text;   /* `postconf -m` */
	const char **types; /* its words, NULL-terminated; NULL: not known */
	char *derived;      /* mynetworks as Postfix derives it */

	struct nic_list nics;
	bool nics_read;
	struct diags nic_said;

	struct diags findings;
	struct diags start; /* findings of opening */
	int start_status;   /* of ending what an apply that died has left */
	bool no_service;    /* ... without Postfix */
	bool start_busy;    /* ... or somebody was at it */
	uint64_t findings_gen;
	uint64_t names_files_gen; /* of the answer of ses_net_names_files() */
	bool names_files;

	bool level_raised;  /* TLS was made required for a login or port 465 ... */
	char *level_before; /* ... and this stood there; NULL: nothing did */

	struct arena scratch; /* strings of single-value views */
	bool scratch_old;     /* an edit or a step came: to be reset at the next use */

	struct nets_view *nets;
	struct ifs_view *ifs;
	struct alias_view *av;
	struct alias_check *ac;
	struct change_view *cv;
	struct params_view *pv;
	struct review_view *rv;
	struct applying *ap;
	struct net_question *nt;
	struct history_view *hv;
	struct merge *mg;
	struct verify *vf; /* the ladder of proof; NULL: never started */
	struct draft *df;
	struct facts *facts; /* what the rules were told of the machine */
	struct setup *setup; /* the guided set-up; NULL: it doesn't run */

	enum ses_service service;
	time_t service_since;
	int64_t service_looked;    /* monotonic ms of the last look; 0 never */
	const char *service_newer; /* file that Postfix hasn't read as it is now; NULL */
	bool service_elsewhere;    /* it doesn't listen where the files on disk say */
};

/* files.c */
struct ses_file *file_open(
	struct session *s, enum ses_role role, const char *path, const char *map_type);
struct ses_file *file_find(struct session *s, const char *path);
void file_close(struct ses_file *f);
/* What is on disk now takes the place of all that is there. */
void file_read_again(struct ses_file *f);
bool file_changed_on_disk(struct session *s, const struct ses_file *f);
/* The entry of id as the file had it when loaded. */
struct entry file_base_entry(const struct ses_file *f, uint32_t id);
/* The definition of a parameter that counted when the file was loaded, or DOC_NO_ID. */
uint32_t file_param_before(const struct ses_file *f, struct sv name, struct entry *out);
struct sv file_entry_text(const struct ses_file *f, const struct entry *e);
bool file_is_edited(struct ses_file *f);
/* It had bytes when it was loaded, and the edits leave none. */
bool file_is_emptied(const struct ses_file *f);
/* All bytes as loaded. */
void file_base_bytes(struct ses_file *f, struct str *out);
/* Put the loaded entries in place of the edited ones; a second call puts them back. */
void file_swap_base(struct ses_file *f);
/* Would the two give the same bytes and meaning? */
bool file_entry_same(
	const struct ses_file *f, const struct entry *a, const struct entry *b);
/* What was written is what is loaded now. */
void file_mark_saved(struct ses_file *f, const struct fileid *id);
/* replace.c: make its bytes these, entry by entry, as edits that undo knows. False, and
 * nothing is changed: it can't be edited, or can't hold them. */
bool file_set_bytes(
	struct session *s, struct ses_file *f, struct sv bytes, struct diags *d);
/* The main.cf document. */
static inline struct doc *
main_cf(struct session *s)
{
	return &s->files[0]->doc;
}
/* The aliases file, opened when first asked for; NULL when none is named. */
struct ses_file *aliases_file(struct session *s);
/* Its path, or NULL; the caller frees it. */
char *aliases_path(struct session *s);

/* undo.c */
void undo_record_edit(struct session *s, struct ses_file *f, const struct doc_edit *e);
void undo_free(struct undo *u);
/* ses_begin, and where the edit begins; edit_end ends it and takes back what it did when
 * it wasn't done: nothing may remain half done. Returns done. */
size_t edit_begin(struct session *s, const char *label);
bool edit_end(struct session *s, size_t mark, bool done);
/* The number of the newest group that is done; 0: there is none. */
uint64_t undo_newest(const struct session *s);
/* Is the group with this number done, and not taken back? */
bool undo_is_done(const struct session *s, uint64_t number);
/* Take the newest group back for good: it can't be done again, and neither can what was
 * undone after it. */
void undo_forget_newest(struct session *s);
/* Put an entry record back; undo tells of it like of any edit. */
void edit_restore(struct ses_file *f, uint32_t id, const struct entry *e);
/* May this file be edited? Else a finding. */
bool edit_allowed(struct session *s, const struct ses_file *f, struct diags *d);

/* ask.c */
bool default_of(struct session *s, const char *name, struct sv *value);
void asked_free(struct session *s);
/* What was answered is out of date: the next ses_ask asks anew. */
void ask_again(struct session *s, enum ses_ask what);

/* expand.c: lookup in the file, then the answered defaults, then config_directory. */
enum cfx_result expand_value(struct session *s, struct sv raw, struct str *out);
/* The same in the file as it was loaded. */
enum cfx_result expand_before(struct session *s, struct sv raw, struct str *out);
/* expand.c: Postfix's default, raw, where it follows the file (mydomain, myhostname,
 * mynetworks) as it is now. The string is Postfix's or the session's. */
bool default_now(struct session *s, struct sv name, struct sv *value);
/* expand.c: 306 for 3.6.x; 0: not known. */
unsigned session_version(const struct session *s);

/* changes.c: the effective value of a parameter as loaded, or NULL. */
const char *param_before(struct session *s, struct arena *a, const char *name);
/* The logical value of a definition's whole lines, as postconf shows it. */
char *param_text_value(struct arena *a, struct sv text);
/* What change i of ses_changes() is about; *id is DOC_NO_ID for a parameter. */
void change_place(struct session *s, size_t i, struct ses_file **file, uint32_t *id);
/* interfaces.c: the machine's addresses where it listens, now or as loaded; in arena a.
 */
struct svc_listen;
/* Is the family one that inet_protocols uses? True where that can't be read. */
bool ifs_family_used(struct session *s, uint8_t fam, bool before);
size_t ifs_listen(
	struct session *s, bool before, struct arena *a, const struct svc_listen **out);

/* way_out.c: postmaster there. */
struct nexthop;
const char *way_postmaster(struct arena *a, const struct nexthop *hop);

/* recover.c */
int session_recover(struct session *s, enum ses_recover_wish wish, struct diags *d);

/* service.c: whose Postfix runs, since when, with which settings. */
enum ses_service service_now(struct session *s, time_t *since);
/* Look, if the last look is old enough: s->service... */
void service_look(struct session *s);
bool service_can_start(const struct session *s);
struct service_age {
	bool known;        /* it runs, and when it read the files is known */
	const char *newer; /* "main.cf", the first that was written later; NULL: none */
};
void service_age(struct session *s, struct service_age *out);
/* facts.c: what the rules are told of this machine and its Postfix. */
void session_check_env(struct session *s, struct chk_env *env);
/* What the files as loaded would be told. */
void findings_as_loaded(struct session *s, struct diags *out);

/* relay.c */
bool session_relay_list_ok(struct session *s);
/* "main.cf line 132" of a parameter. */
const char *param_place(struct session *s, const char *name);

/* session.c */
const struct nic_list *session_nics(struct session *s);
const char *scratch_fmt(struct session *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct arena *scratch(struct session *s);
/* The finding about this entry of this file (worst), or NULL. */
const struct diag *finding_at(
	struct session *s, const char *file, uint32_t id, const char *param);
/* An edit: rows, counts and findings may differ, and strings handed out before may go. */
void session_touch(struct session *s);

/* silence.c: drop the notes and warnings that the settings silence. */
void findings_silence(struct session *s, struct diags *d);

void nets_free(struct session *s);
void ifs_free(struct session *s);
void alias_view_free(struct session *s);
/* The file was read again: the rows are made anew, the filter stays. */
void alias_view_renew(struct session *s);
/* Was ses_alias_rest() called? */
bool alias_view_rested(const struct session *s);
void changes_free(struct session *s);
void params_free(struct session *s);
void review_free(struct session *s);
void applying_free(struct session *s);
/* draft.c */
void draft_free(struct session *s);
/* What was written needs no draft any more: not even for a moment. */
void draft_applied(struct session *s);
/* setup.c */
void setup_free(struct session *s);
/* What the guided set-up wrote was applied. */
void setup_applied(struct session *s);
/* merge.c */
struct lay_list;
void merge_free(struct session *s);
/* Changes that clash and wait for a person; NULL: none. */
const struct lay_list *merge_pending(const struct session *s);
/* Add a clash; the change is copied, and so is what there is in its place. */
struct lay_change;
void merge_add(struct session *s, const struct lay_change *c, const char *theirs);
/* What others did is in the file that was written: it needn't be told any more. */
void merge_applied(struct session *s);
bool applying_step(struct session *s);
bool applying_runs(const struct session *s);
int applying_fds(struct session *s, int *fds, int max);
void nettest_free(struct session *s);
void history_free(struct session *s);
bool nettest_step(struct session *s);
int nettest_fds(struct session *s, int *fds, int max);
void verify_free(struct session *s);
bool verify_step(struct session *s);
int verify_fds(struct session *s, int *fds, int max);
/* What the last whole ladder of this session came to, as a next step; false: none was
 * ended. */
bool verify_next(struct session *s, struct ses_next *out);
/* Milliseconds until it wants to be stepped though nothing came; 0: no matter. */
int verify_due_ms(const struct session *s);

#endif
