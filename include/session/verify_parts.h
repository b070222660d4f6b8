/* SPDX-License-Identifier: MIT
 *
 * Between the files of the ladder, for src/session/ only: verify.c steps the rungs, each
 * verify_*.c does some of them. A rung begins, and ends by vr_end(); in between it has a
 * job, or is polled, or both. Whatever it says lives in its own arena until it is tried
 * again.
 */
#ifndef PR_SESSION_VERIFY_PARTS_H
#define PR_SESSION_VERIFY_PARTS_H

#include "apply/svc.h"
#include "apply/svc_health.h"
#include "apply/svc_trace.h"
#include "model/nexthop.h"
#include "session/internal.h"
#include "session/review_view.h"
#include "session/verify.h"

enum rung_no {
	RUNG_FILES,
	RUNG_RUNS,
	RUNG_LISTENS,
	RUNG_NAME,
	RUNG_CONNECT,
	RUNG_GREETING,
	RUNG_TLS,
	RUNG_LOGIN,
	RUNG_CLIENTS,
	RUNG_STRANGER,
	RUNG_PEOPLE,
	RUNG_MESSAGE,
	RUNGS
};

#define NEEDS(rung) (1u << (rung))

/* Those that are asked of each relay host. */
#define RUNGS_OF_WAY                                                                     \
	(NEEDS(RUNG_NAME) | NEEDS(RUNG_CONNECT) | NEEDS(RUNG_GREETING) | NEEDS(RUNG_TLS))

enum {
	VR_RUNG_MS = 10000, /* for each host */
	VR_WORDS_MAX = 12,  /* of the first host; more for the others: */
	VR_WORDS_ALL = 24,
	VR_ADDRS_MAX = 8,
	VR_HOSTS_MAX = 8,
	VR_POLL_MS = 200
};

struct rung {
	enum ses_rung_state state;
	struct arena texts;
	const char *text, *says, *hint, *screen, *param;
	bool hint_has_keys;
	const char *word[VR_WORDS_ALL];
	size_t nwords;
	int64_t began, ms;
};

struct verify;

struct rung_def {
	const char *id, *name; /* name: N_() */
	unsigned needs;        /* 1 << rung_no of those that must not have failed */
	void (*begin)(struct session *s, struct verify *v);
};

/* One relay host, as far as the rungs have come. */
struct vr_host {
	struct nexthop hop;
	char *hop_text; /* as posttls-finger takes it */
	char *addr[VR_ADDRS_MAX];
	size_t naddrs;
	char *server;       /* the host that answers first: "mail.test.co.jp" */
	struct str servers; /* all of its mail servers, blanks between */
	char *connected;    /* the address that took the connection */
	bool greeted, starttls, wrapped;
	struct str auth;       /* methods that are offered; "" none */
	bool auth_hidden;      /* what is offered over TLS was not to be seen */
	struct str finger;     /* what posttls-finger said, certificates included */
	time_t cert_ends;      /* the server's; 0: not known */
	struct str cert_names; /* in it; "" not known */
	uint64_t size_max;     /* of a message, as it tells; 0: it doesn't */
	unsigned failed;       /* 1 << rung_no of those that it failed */
};

/* How a rung came out for one host; texts are in the rung's arena. */
struct vr_outcome {
	enum ses_rung_state state;
	const char *text, *says, *hint, *screen, *param;
	bool hint_has_keys;
};

struct verify {
	struct rung rung[RUNGS];
	unsigned chosen;  /* 1 << rung_no of those that are asked for */
	unsigned without; /* ... that keep no other back, however they came out */
	size_t at;        /* the one that runs; RUNGS: none */
	bool running, stopped, changed, probe, edited;
	char *from, *to;
	int64_t began_ms, ended_ms;
	time_t began;

	struct job *job;
	void (*took)(struct session *s, struct verify *v, struct run_res *res);
	void (*poll)(struct session *s, struct verify *v);
	/* Past its limit; NULL: "no answer". */
	void (*late)(struct session *s, struct verify *v);

	/* What FILES found: the output of postconf on the files on disk; of a probe of
	 * edits the same, as they would have it. */
	struct str conf;
	bool conf_known;
	/* Of the way to the upstream: the relay hosts in their order, and the one that a
	 * rung asks. The first is the upstream, the others are spare. */
	struct vr_host host[VR_HOSTS_MAX], *up;
	size_t nhosts;
	bool direct;   /* no relay host: host[0] is the receiver's own domain */
	int64_t since; /* the rung began to ask that one */
	struct vr_outcome first, spare; /* while spare ones are asked; spare: of the
					   first that isn't well */
	size_t first_words;
	void (*cert_read)(struct session *s, struct verify *v);
	/* Of the login. */
	char *user;
	bool sasl, real_sender;
	bool names_user; /* a login that the edits don't have yet */
	struct svc_trace trace;
	int64_t journal_ms; /* when the journal was asked last; 0: not yet */
	/* Of who may relay, and of people: a list that is worked off. */
	struct net_question *question;
	struct vr_clients *clients;
	struct vr_people *people;
};

/* --- verify.c */
extern const struct rung_def vr_defs[RUNGS];
void vr_end(struct verify *v, enum ses_rung_state state, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Change how the running rung has come out; words are kept. */
void vr_word(struct verify *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Consequence and way out; hint may be NULL. Copied. */
void vr_say(struct verify *v, const char *says, const char *hint);
/* The same with a way out that names keys, and so is of the screen alone. */
void vr_say_keys(struct verify *v, const char *says, const char *hint);
void vr_where(struct verify *v, const char *screen, const char *param);
struct rung *vr_now(struct verify *v);
/* Start a program; took is called when it has ended. env, input as in struct run_req.
 * False when it doesn't start: the rung has ended then. */
bool vr_run(struct session *s, struct verify *v, const struct run_req *req,
	void (*took)(struct session *s, struct verify *v, struct run_res *res));
/* The process without rights: words are its question, ended by NULL. with: what else it
 * gets, env and input; may be NULL. */
bool vr_probe(struct session *s, struct verify *v, const char *const *question,
	const struct run_req *with,
	void (*took)(struct session *s, struct verify *v, struct run_res *res));
/* As if it had never been tried. */
void vr_clear(struct rung *r);
/* Does it keep back those that need it? */
bool vr_blocks(const struct verify *v, size_t rung);
/* Begin rungs until one takes time, or all are done. */
void vr_go_on(struct session *s, struct verify *v);
/* Lines of a program's words, the first few, as the rung's words. */
void vr_words_of(struct verify *v, const char *before, struct sv text);

/* Is this an address that a message can be sent to or come from? */
bool vr_address_ok(const char *addr, struct diags *d);

/* --- verify_to.c */
/* Does mydestination, as it is here, name this domain? Also true where a table decides.
 */
bool vr_is_listed(const char *domains, struct sv domain);

/* --- verify_again.c */
bool vr_can_without(const struct verify *v, size_t rung);

/* --- verify_conf.c: RUNG_FILES, and what it found */
void vr_begin_files(struct session *s, struct verify *v);
/* The values as they are edited. */
void vr_take_edits(struct session *s, struct verify *v);
/* "" when it isn't set or not known. In the arena of the running rung. */
const char *vr_value(struct verify *v, const char *name);
bool vr_is_yes(struct verify *v, const char *name);
/* Say that master.cf goes before main.cf at the smtp client; false: it doesn't. */
bool vr_says_client(struct session *s, struct verify *v);
/* May Postfix's programs run for this folder? Else the rung ends with what keeps them. */
bool vr_may_act(struct session *s, struct verify *v);

/* --- verify_here.c */
void vr_begin_runs(struct session *s, struct verify *v);
void vr_begin_listens(struct session *s, struct verify *v);

/* --- verify_net.c */
void vr_begin_name(struct session *s, struct verify *v);
void vr_begin_connect(struct session *s, struct verify *v);
void vr_forget_upstream(struct verify *v);
/* The next line "name=value" of an answer; false when there is none left. */
bool vr_next_answer(struct sv *rest, struct sv *name, struct sv *value);
/* Without an upstream there is nothing to prove on the way to it: the rung ends. */
bool vr_has_upstream(struct verify *v);

/* --- verify_greet.c */
void vr_begin_greeting(struct session *s, struct verify *v);
void vr_forget_greeting(struct verify *v);
/* The rung's end where a reply isn't the one that is hoped for. */
void vr_end_unwilling(struct verify *v, struct sv reply);
/* ... where nothing came in time: that is no proof, for Postfix waits much longer. */
void vr_end_slow(struct session *s, struct verify *v);

/* --- verify_hosts.c */
/* The rung has ended for a host: ask the next one, true; or false when all were asked,
 * and the rung says what came of it. */
bool vr_next_host(struct session *s, struct verify *v);

/* --- verify_tls.c */
void vr_begin_tls(struct session *s, struct verify *v);
/* Start posttls-finger; its words go to v->finger. */
bool vr_finger(struct session *s, struct verify *v,
	void (*took)(struct session *s, struct verify *v, struct run_res *res));
/* It has ended where the greeting comes inside of TLS (port 465): that rung's end. */
void vr_took_wrapped(struct session *s, struct verify *v, struct run_res *res);
const char *vr_tls_level(struct verify *v);

/* --- verify_cert.c */
/* Find v->cert_ends by v->finger, then go on with took. */
void vr_cert_read(struct session *s, struct verify *v,
	void (*took)(struct session *s, struct verify *v));
/* Its end as a word of the rung, if it is known. */
void vr_word_cert(struct verify *v);
/* The server's certificate came, and this level has nothing against it: the rung's end.
 * protocol: "TLSv1.3"; checked: the level wants to know whose it is. */
void vr_end_cert(struct session *s, struct verify *v, struct sv protocol, bool checked);

/* --- verify_login.c, verify_mail.c */
void vr_begin_login(struct session *s, struct verify *v);
void vr_begin_message(struct session *s, struct verify *v);
/* Is this a domain whose mail stays here? */
bool vr_is_local_domain(struct verify *v, struct sv domain);
const char *vr_sendmail(struct verify *v);
/* sendmail has ended: poll follows its message in the log, until it is too late. */
void vr_sent(struct session *s, struct verify *v, const struct run_res *res,
	void (*poll)(struct session *s, struct verify *v));

/* --- verify_log.c */
void vr_trace_begin(
	struct session *s, struct verify *v, const char *id, const char *rcpt);
/* Read on; true when the end is known (status or died has text). */
bool vr_trace_follow(struct session *s, struct verify *v);
/* What the server said, as a word of the running rung. */
void vr_word_of_server(struct verify *v);

/* --- verify_why.c: a server's or Postfix's reason in plain words; false: not known. */
struct vr_why {
	const char *says, *hint, *screen, *param; /* says and hint translated */
};
bool vr_why(struct sv reason, struct vr_why *out);
/* Say it of the running rung. */
void vr_say_why(struct verify *v, struct sv reason);

/* --- verify_relay.c, verify_people.c */
void vr_begin_clients(struct session *s, struct verify *v);
void vr_begin_stranger(struct session *s, struct verify *v);
void vr_begin_people(struct session *s, struct verify *v);
void vr_clients_free(struct session *s, struct verify *v);
void vr_people_free(struct verify *v);

#endif
