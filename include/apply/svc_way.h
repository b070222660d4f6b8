/* SPDX-License-Identifier: MIT
 *
 * Would mail leave? One probe (`sendmail -bv` with the empty sender): Postfix's own smtp
 * client connects, logs in and names a receiver, as for a message, but sends none and
 * reports to nobody. What became of it is read in the log. Blocks up to about 10 s.
 */
#ifndef PR_APPLY_SVC_WAY_H
#define PR_APPLY_SVC_WAY_H

#include "apply/svc_trace.h"

struct svc_way_req {
	const char *sendmail;     /* absolute; NULL: /usr/sbin/sendmail */
	const char *to;           /* whom the upstream is asked about */
	const char *maillog_file; /* as svc_log_mark */
};

/* Zero: nobody was asked. */
struct svc_way_res {
	bool asked;
	enum svc_way way;
	char *words; /* Postfix's or the server's, or ours; NULL: none */
	char *relay; /* "mail.test.co.jp[198.51.100.25]:587"; NULL: not known */
};

/* out is overwritten, and freed by svc_way_free(). Nothing stays in the queue. */
void svc_way_ask(
	const struct svc *svc, const struct svc_way_req *req, struct svc_way_res *out);
void svc_way_free(struct svc_way_res *w);
/* What keeps all mail from leaving, in words; NULL: nothing is known to. */
const char *svc_way_ill(const struct svc_way_res *w);

/* Its words as a finding: an error where mail doesn't leave because of the change, a
 * warning where that can't be told, or it didn't before either. before: of the old files;
 * asked about to. True when it is no error. */
bool svc_way_tell(const struct svc_way_res *now, const struct svc_way_res *before,
	const char *to, struct diags *d);

#endif
