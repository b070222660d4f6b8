/* SPDX-License-Identifier: MIT
 *
 * What other programs and the kernel say: postconf, postfix, postalias, the log,
 * master.cf, /proc. A slice that is handed out lies inside what was handed in.
 */
#include "fuzz.h"

#include "apply/svc_parse.h"
#include "apply/svc_trace.h"
#include "model/mastercf.h"
#include "model/relaytest.h"

static bool
is_in(struct sv part, struct sv whole)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void
messages(struct sv text)
{
	struct svc_said_map map = {.from = "/state/x", .to = "/etc/postfix"};
	struct sv rest = text, line, words;
	struct diags d = {0};
	struct svc_said said;

	while (sv_line(&rest, &line)) {
		if (svc_said_parse(line, &said))
			FUZZ_HOLDS(is_in(said.text, line) && is_in(said.file, line));
		if (svc_log_ill(line, &words))
			FUZZ_HOLDS(words.n > 0 && is_in(words, line));
	}
	map.main_cf = text;
	svc_said_diags(text, &map, &d);
	fuzz_are_whole(&d);
	FUZZ_HOLDS(is_in(svc_said_first(text), text));
	diag_clear(&d);
}

/* A message in the log. */
static void
traces(struct sv text)
{
	struct svc_trace probe = {.rcpt = "postmaster@mail.test.co.jp"},
			 mail = {.id = "x@relay.test"}, *both[] = {&probe, &mail};
	struct sv rest = text, line, process, qid, tail;

	while (sv_line(&rest, &line))
		if (svc_log_split(line, &process, &qid, &tail))
			FUZZ_HOLDS(is_in(process, line) && is_in(qid, line) &&
				   is_in(tail, line));
	for (size_t i = 0; i < 2; i++) {
		svc_trace_take(both[i], text);
		FUZZ_HOLDS(svc_trace_ended(both[i]) ||
			   svc_trace_way(both[i]) == SVC_WAY_UNKNOWN);
		FUZZ_HOLDS(is_in(svc_trace_server(both[i]), str_sv(&both[i]->reason)));
		svc_trace_free(both[i]);
	}
}

static void
services(struct sv text)
{
	struct svc_inet inet[SVC_INET_MAX];
	struct arena texts = {0};
	struct mcs_list list = {0};
	size_t n = svc_inet_parse(text, inet, SVC_INET_MAX);

	FUZZ_HOLDS(n <= SVC_INET_MAX);
	for (size_t i = 0; i < n; i++)
		FUZZ_HOLDS(memchr(inet[i].host, '\0', sizeof(inet[i].host)));
	mcs_parse(text, &texts, &list);
	for (size_t i = 0; i < list.n; i++)
		FUZZ_HOLDS(list.v[i].name && list.v[i].line > 0);
	free(list.v);
	arena_free(&texts);
}

static void
kernel(struct sv text)
{
	struct svc_listen *v = NULL;
	size_t n = 0, cap = 0;
	struct sv part;

	svc_listen_parse(text, 4, &v, &n, &cap);
	svc_listen_parse(text, 6, &v, &n, &cap);
	free(v);
	FUZZ_HOLDS(svc_pid_parse(text) >= 0);
	if (svc_unit_parse(text, &part))
		FUZZ_HOLDS(is_in(part, text));
	if (svc_environ_value(text, "MAIL_CONFIG", &part))
		FUZZ_HOLDS(is_in(part, text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sv text = fuzz_sv(data, n), part;
	struct ipaddr addr;

	messages(text);
	traces(text);
	services(text);
	kernel(text);
	if (svc_conf_value(text, "mynetworks", &part))
		FUZZ_HOLDS(is_in(part, text));
	svc_usage_has(text, 'x');
	svc_list_has(text, "hash");
	if (rel_client_parse(text, &addr, &part))
		FUZZ_HOLDS(is_in(part, text));
	return 0;
}
