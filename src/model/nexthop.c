/* SPDX-License-Identifier: MIT
 *
 * Next hops as Postfix reads them: host_port(), valid_hostname(), valid_hostaddr() and
 * the smtp client's own look at the port, in this order.
 */
#include "model/nexthop.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/addr.h"

static const struct {
	const char *name;
	uint16_t port;
} services[] = {
	{"smtp", 25},
	{"submission", 587},
	{"submissions", 465},
	{"smtps", 465},
	{"urd", 465},
	{"ssmtp", 465},
	{"lmtp", 24},
	{"http", 80},
	{"https", 443},
};

void
nh_free(struct nexthop *nh)
{
	free(nh->host);
	free(nh->service);
	*nh = (struct nexthop){0};
}

void
nh_list_free(struct nexthops *list)
{
	for (size_t i = 0; i < list->n; i++)
		nh_free(&list->v[i]);
	free(list->v);
	*list = (struct nexthops){0};
}

uint16_t
nh_port_of(struct sv service)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		if (sv_eq_str(service, services[i].name))
			return services[i].port;
	return 0;
}

const char *
nh_service_of(uint16_t port)
{
	for (size_t i = 0; i < 3; i++)
		if (services[i].port == port)
			return services[i].name;
	return NULL;
}

bool
nh_is_hostname(struct sv v)
{
	size_t label = 0;
	bool non_numeric = false;

	if (v.n == 0 || v.n > 255)
		return false;
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		bool ends = i + 1 == v.n || v.p[i + 1] == '.';

		if (c == '.') {
			if (label == 0 || i + 1 == v.n)
				return false;
			label = 0;
			continue;
		}
		if (c == '-' && (label == 0 || ends))
			return false;
		if (!is_alpha_char(c) && !is_digit_char(c) && c != '_' && c != '-' &&
			(unsigned char)c < 0x80)
			return false;
		non_numeric = non_numeric || !is_digit_char(c);
		if (++label > 63)
			return false;
	}
	return non_numeric;
}

/* IPv4 as Postfix's own reader takes it: four numbers, leading zeros allowed. */
static bool
is_ipv4(struct sv v)
{
	struct sv part;
	size_t n = 0;
	uint64_t value;

	if (v.n == 0 || v.p[0] == '.' || v.p[v.n - 1] == '.' ||
		sv_find_sv(v, sv_of("..")) >= 0)
		return false;
	for (; sv_token(&v, ".", &part); n++)
		if (!sv_to_uint(part, 255, &value))
			return false;
	return n == 4;
}

static bool
host_kind(struct sv host, enum nh_kind *kind)
{
	struct ipaddr a;

	if (is_ipv4(host))
		*kind = NH_IPV4;
	else if (sv_find(host, ':') >= 0 && sv_find(host, '[') < 0 &&
		 addr_parse(host, &a))
		*kind = NH_IPV6;
	else if (nh_is_hostname(host))
		*kind = NH_NAME;
	else
		return false;
	return true;
}

/* Which of the "valid hostname or network address required" it is, for a better hint. */
static enum nh_fault
host_fault(struct sv host, bool bracketed)
{
	ptrdiff_t colon = sv_find(host, ':');
	enum nh_kind kind;

	if (sv_starts(host, "#"))
		return NH_COMMENT;
	if (host.n > 1 && sv_ends(host, ".") &&
		host_kind(sv_sub(host, 0, host.n - 1), &kind))
		return NH_TRAILING_DOT;
	if (bracketed && colon > 0 && host_kind(sv_sub(host, 0, (size_t)colon), &kind))
		return NH_PORT_INSIDE;
	return NH_HOST;
}

static enum nh_fault
parse_service(struct sv service, struct nexthop *nh)
{
	uint64_t port;

	if (service.n == 0)
		return NH_FINE;
	if (is_digit_char(service.p[0])) {
		for (size_t i = 0; i < service.n; i++)
			if (!is_digit_char(service.p[i]))
				return NH_SERVICE_GARBAGE;
		if (!sv_to_uint(service, UINT16_MAX, &port) || port == 0)
			return NH_PORT_RANGE;
		nh->port = (uint16_t)port;
		return NH_FINE;
	}
	if (!nh_port_of(service))
		return service.p[0] == '['        ? NH_TRANSPORT
		       : sv_starts(service, "//") ? NH_URL
						  : NH_SERVICE_UNKNOWN;
	nh->service = sv_dup(service);
	return NH_FINE;
}

/* Cut "[host]:service" or "host:service" as host_port() does. */
static enum nh_fault
split(struct sv text, struct sv *host, struct sv *service, bool *bracketed)
{
	ptrdiff_t at;

	*bracketed = sv_starts(text, "[");
	*service = sv_of("");
	if (*bracketed) {
		text = sv_sub(text, 1, text.n);
		at = sv_find(text, ']');
		if (at < 0)
			return NH_OPEN_BRACKET;
		*host = sv_sub(text, 0, (size_t)at);
		if (host->n >= 5 && sv_eq_fold(sv_sub(*host, 0, 5), sv_of("IPv6:")) &&
			sv_find(sv_sub(*host, 5, host->n), ':') >= 0)
			*host = sv_sub(*host, 5, host->n);
		text = sv_sub(text, (size_t)at + 1, text.n);
		if (text.n && text.p[0] != ':')
			return NH_GARBAGE;
		*service = sv_sub(text, 1, text.n);
		return NH_FINE;
	}
	for (at = (ptrdiff_t)text.n - 1; at >= 0 && text.p[at] != ':';)
		at--;
	*host = at >= 0 ? sv_sub(text, 0, (size_t)at) : text;
	if (at >= 0)
		*service = sv_sub(text, (size_t)at + 1, text.n);
	return host->n ? NH_FINE : NH_NO_HOST;
}

enum nh_fault
nh_parse(struct sv text, struct nexthop *out)
{
	struct nexthop nh = {0};
	struct sv host, service;
	struct ipaddr a;
	enum nh_fault fault;

	*out = nh;
	if (text.n == 0)
		return NH_EMPTY;
	fault = split(text, &host, &service, &nh.bracketed);
	if (fault != NH_FINE)
		return fault;
	if (!host_kind(host, &nh.kind)) {
		if (!nh.bracketed && addr_parse(text, &a))
			return NH_BARE_IPV6;
		return host_fault(host, nh.bracketed);
	}
	fault = parse_service(service, &nh);
	if (fault != NH_FINE)
		return fault;
	nh.host = sv_dup(host);
	*out = nh;
	return NH_FINE;
}

static const struct {
	enum diag_code code;
	const char *why, *hint;
} faults[] = {
	[NH_FINE] = {DIAG_NH_SYNTAX, NULL, NULL},
	[NH_EMPTY] = {DIAG_NH_SYNTAX, N_("There is no host name."),
		N_("Write the mail server's name.")},
	[NH_OPEN_BRACKET] = {DIAG_NH_SYNTAX, N_("The closing \"]\" is missing."),
		N_("Write [HOST] or [HOST]:PORT.")},
	[NH_GARBAGE] = {DIAG_NH_SYNTAX, N_("There is text after the \"]\"."),
		N_("Only :PORT may follow: [HOST]:PORT.")},
	[NH_PORT_INSIDE] = {DIAG_NH_SYNTAX, N_("The port stands inside the brackets."),
		N_("Write it after them: [HOST]:PORT.")},
	[NH_NO_HOST] = {DIAG_NH_SYNTAX, N_("There is a port but no host."),
		N_("Write [HOST]:PORT, without blanks.")},
	[NH_TRAILING_DOT] = {DIAG_NH_SYNTAX, N_("The name ends with a dot."),
		N_("Remove the last dot.")},
	[NH_BARE_IPV6] = {DIAG_NH_SYNTAX, N_("An IPv6 address needs brackets here."),
		N_("Write [ADDRESS] or [ADDRESS]:PORT.")},
	[NH_HOST] = {DIAG_NH_SYNTAX, N_("This is neither a host name nor an address."),
		N_("Letters, digits, \"-\" and \".\" make a name; nothing else may "
		   "stand here.")},
	[NH_TRANSPORT] = {DIAG_NH_SYNTAX,
		N_("A transport such as \"smtp:\" may not stand in front here."),
		N_("Write [HOST] or [HOST]:PORT.")},
	[NH_URL] = {DIAG_NH_SYNTAX, N_("This is a web address, not a host."),
		N_("Write [HOST]:PORT without \"//\".")},
	[NH_SERVICE_GARBAGE] = {DIAG_NH_PORT, N_("The port isn't a plain number."),
		N_("Write a number such as 587.")},
	[NH_SERVICE_UNKNOWN] = {DIAG_NH_PORT, N_("The port's name isn't known."),
		N_("Write the port as a number, such as 587.")},
	[NH_PORT_RANGE] = {DIAG_NH_PORT, N_("A port is a number from 1 to 65535."),
		N_("Usual ports are 25, 587 and 465.")},
	[NH_COMMENT] = {DIAG_NH_SYNTAX,
		N_("A comment needs a line of its own; here it is read as more hosts."),
		N_("Put the comment on a line of its own that starts with \"#\".")},
	[NH_MANY] = {DIAG_NH_LIST, N_("This Postfix takes one host only."),
		N_("Keep one host. A blank inside a host makes two of it.")},
};

/* later: hosts before it are tried first. */
static bool
tell(struct sv text, enum nh_fault fault, bool later, const struct diag_loc *loc,
	struct diags *diags)
{
	const char *hint = _(faults[fault].hint), *why = _(faults[fault].why);
	enum diag_code code = faults[fault].code;
	char *value = sv_dup(text);

	if (fault == NH_MANY)
		diag_add(diags, SEV_ERROR, code, loc, hint,
			_("Every Postfix program stops with an error at \"%s\". %s"),
			value, why);
	else if (later) /* works as long as the first one answers */
		diag_add(diags, SEV_WARN, code, loc, hint,
			_("All mail waits as soon as the hosts before \"%s\" don't "
			  "answer. "
			  "%s"),
			value, why);
	else
		diag_add(diags, SEV_ERROR, code, loc, hint,
			_("No mail can leave while the next host is \"%s\": it all "
			  "waits. "
			  "%s"),
			value, why);
	free(value);
	return false;
}

bool
nh_tell(struct sv text, enum nh_fault fault, const struct diag_loc *loc,
	struct diags *diags)
{
	return tell(text, fault, false, loc, diags);
}

bool
nh_judge(struct sv text, const struct diag_loc *loc, struct diags *diags)
{
	struct nexthop nh;
	enum nh_fault fault = nh_parse(text, &nh);

	nh_free(&nh);
	return fault == NH_FINE || nh_tell(text, fault, loc, diags);
}

void
nh_print(const struct nexthop *nh, struct str *out)
{
	str_addf(out, nh->bracketed ? "[%s]" : "%s", nh->host);
	if (nh->service)
		str_addf(out, ":%s", nh->service);
	else if (nh->port)
		str_addf(out, ":%u", (unsigned)nh->port);
}

bool
nh_list_parse(struct sv value, bool many_ok, struct nexthops *list,
	const struct diag_loc *loc, struct diags *diags)
{
	struct sv rest = value, token;
	size_t n = 0;
	bool fine = true;

	while (sv_token(&rest, ", \t\r\n", &token)) {
		struct nexthop nh;
		enum nh_fault fault = nh_parse(token, &nh);

		n++;
		if (fault != NH_FINE) {
			fine = tell(token, fault, n > 1, loc, diags);
			if (fault == NH_COMMENT)
				break;
			continue;
		}
		if (!list) {
			nh_free(&nh);
			continue;
		}
		list->v = mem_grow(list->v, &list->cap, list->n + 1, sizeof(*list->v));
		list->v[list->n++] = nh;
	}
	if (n > 1 && !many_ok)
		fine = nh_tell(value, NH_MANY, loc, diags);
	return fine;
}

bool
nh_list_has(struct sv value, struct sv text)
{
	struct sv word;

	while (sv_token(&value, ", \t\r\n", &word))
		if (sv_eq_fold(word, text))
			return true;
	return false;
}

void
nh_list_print(const struct nexthops *list, struct str *out)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			str_add_cstr(out, ", ");
		nh_print(&list->v[i], out);
	}
}

uint16_t
nh_port(const struct nexthop *nh)
{
	if (nh->service)
		return nh_port_of(sv_of(nh->service));
	return nh->port ? nh->port : 25;
}

void
nh_set_port(struct nexthop *nh, uint16_t port)
{
	free(nh->service);
	nh->service = NULL;
	nh->port = port;
}

bool
nh_equal(const struct nexthop *a, const struct nexthop *b)
{
	return a->bracketed == b->bracketed && nh_port(a) == nh_port(b) &&
	       sv_eq_fold(sv_of(a->host), sv_of(b->host));
}

bool
nh_judge_mx(const struct nexthop *nh, const struct diag_loc *loc, struct diags *diags)
{
	uint16_t port = nh_port(nh);
	char *hint;

	if (nh->bracketed || nh->kind != NH_NAME || (port != 587 && port != 465))
		return true;
	hint = str_format(
		_("Switch the MX lookup off: [%s]:%u."), nh->host, (unsigned)port);
	diag_add(diags, SEV_WARN, DIAG_NH_PORT, loc, hint,
		_("Mail goes to the MX hosts of %s; on port %u that is rarely meant."),
		nh->host, (unsigned)port);
	free(hint);
	return false;
}
