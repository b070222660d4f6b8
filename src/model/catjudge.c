/* SPDX-License-Identifier: MIT
 *
 * Values judged by their type, one small function a type. The rules are those of
 * Postfix's mail_conf_*() functions, tried with 3.7: who reads a bad value stops.
 */
#include "model/catalog.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "model/addr.h"
#include "model/ifaces.h"
#include "model/nets.h"
#include "model/nexthop.h"

#define SEPARATORS ", \t\r\n"

struct ask {
	const struct cat_def *def;
	struct sv value;
	const struct cat_env *env;
	const struct diag_loc *loc;
	struct diags *diags;
};

static bool
bad(const struct ask *a, enum diag_code code, const char *hint)
{
	char *value = sv_dup(a->value);

	if (a->def->flags & CAT_LAX)
		diag_add(a->diags, SEV_WARN, code, a->loc, hint,
			_("Postfix goes on as if %s were not set: it can't be \"%s\"."),
			a->def->name, value);
	else
		diag_add(a->diags, SEV_ERROR, code, a->loc, hint,
			_("Postfix's programs that read this stop with an error: %s "
			  "can't be \"%s\"."),
			a->def->name, value);
	free(value);
	return false;
}

/* A whole number as strtol() takes it, sign allowed. */
static bool
parse_number(struct sv v, int64_t *out)
{
	bool minus = sv_starts(v, "-");
	uint64_t n;

	if (minus || sv_starts(v, "+"))
		v = sv_sub(v, 1, v.n);
	if (!sv_to_uint(v, INT64_MAX, &n))
		return false;
	*out = minus ? -(int64_t)n : (int64_t)n;
	return true;
}

static bool
judge_range(const struct ask *a, int64_t n)
{
	char *hint;

	if (a->def->min == 0 && a->def->max == 0)
		return true;
	if ((a->def->min == 0 || n >= a->def->min) &&
		(a->def->max == 0 || n <= a->def->max))
		return true;
	hint = str_format(a->def->type == CAT_TIME
				  ? _("It must be from %lld to %lld seconds.")
				  : _("It must be from %lld to %lld."),
		(long long)a->def->min, (long long)a->def->max);
	bad(a, DIAG_TYPE_RANGE, hint);
	free(hint);
	return false;
}

static bool
judge_bool(const struct ask *a)
{
	if (sv_eq_fold(a->value, sv_of("yes")) || sv_eq_fold(a->value, sv_of("no")))
		return true;
	return bad(a, DIAG_TYPE_BOOL, _("Write yes or no."));
}

static bool
judge_int(const struct ask *a)
{
	int64_t n;

	if (!parse_number(a->value, &n) || n > INT32_MAX || n < INT32_MIN)
		return bad(a, DIAG_TYPE_INT, _("Write a whole number."));
	return judge_range(a, n);
}

/* "10MB", "10 m", "1g": how many bytes were meant; 0: no idea. */
static uint64_t
meant_bytes(struct sv v)
{
	static const char units[] = "kmgt";
	size_t digits = 0;
	uint64_t n;

	while (digits < v.n && is_digit_char(v.p[digits]))
		digits++;
	if (!sv_to_uint(sv_sub(v, 0, digits), 1 << 20, &n))
		return 0;
	v = sv_trim(sv_sub(v, digits, v.n));
	for (size_t i = 0; v.n && units[i]; i++)
		if (fold_char(v.p[0]) == units[i])
			return n << (10 * (i + 1));
	return 0;
}

static bool
judge_size(const struct ask *a)
{
	uint64_t meant;
	int64_t n;
	char *hint;

	if (parse_number(a->value, &n))
		return judge_range(a, n);
	meant = meant_bytes(a->value);
	hint = meant ? str_format(_("Write plain bytes without a unit: %llu."),
			       (unsigned long long)meant)
		     : str_format("%s", _("Write plain bytes, such as 10240000."));
	bad(a, DIAG_TYPE_SIZE, hint);
	free(hint);
	return false;
}

bool
cat_parse_time(struct sv value, char unit, int64_t *seconds)
{
	static const struct {
		char unit;
		int32_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	size_t from = sv_starts(value, "+") ? 1 : 0, to = from;
	uint64_t n;

	while (to < value.n && is_digit_char(value.p[to]))
		to++;
	if (from == value.n)
		return false;
	if (to == from)
		n = 0; /* a unit alone */
	else if (!sv_to_uint(sv_sub(value, from, to - from), INT32_MAX, &n))
		return false;
	if (to < value.n)
		unit = value.p[to]; /* what follows the unit isn't looked at */
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (units[i].unit == unit) {
			*seconds = (int64_t)n * units[i].seconds;
			return unit == 's' ||
			       n < (uint64_t)(INT32_MAX / units[i].seconds);
		}
	return false;
}

static bool
judge_time(const struct ask *a)
{
	char unit = a->def->flags & CAT_DAYS    ? 'd'
		    : a->def->flags & CAT_HOURS ? 'h'
						: 's';
	int64_t seconds;

	if (!cat_parse_time(a->value, unit, &seconds))
		return bad(a, DIAG_TYPE_TIME,
			_("Write a number with s, m, h, d or w right behind it, such as "
			  "4h."));
	return judge_range(a, seconds);
}

static bool
is_choice(const struct cat_def *def, struct sv word)
{
	struct sv rest = sv_of(def->choices), choice;

	while (sv_token(&rest, " ", &choice))
		if (def->flags & CAT_ANY_CASE ? sv_eq_fold(choice, word)
					      : sv_eq(choice, word))
			return true;
	return false;
}

/* Levels of the smtp client, which smtpd takes for its own highest. */
static bool
is_client_level(const struct ask *a)
{
	static const char *const levels[] = {"verify", "secure", "fingerprint"};
	bool is = false;
	char *value;

	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		is = is || sv_eq_fold(a->value, sv_of(levels[i]));
	if (!is || !sv_eq_str(sv_of(a->def->name), "smtpd_tls_security_level"))
		return false;
	value = sv_dup(a->value);
	diag_add(a->diags, SEV_WARN, DIAG_TYPE_ENUM, a->loc, _("Write encrypt."),
		_("Clients are not asked for a certificate: the mail server takes "
		  "\"%s\" for encrypt."),
		value);
	diag_offer(a->diags, DIAG_MEND_PARAMS, "smtpd_tls_security_level = encrypt");
	free(value);
	return true;
}

static bool
judge_enum(const struct ask *a)
{
	struct sv rest = a->value, word;
	bool fine = true;
	char *hint;

	if (a->def->flags & CAT_LIST) {
		while (sv_token(&rest, SEPARATORS, &word))
			fine = fine && is_choice(a->def, word);
	} else
		fine = a->value.n == 0 || is_choice(a->def, a->value);
	if (fine)
		return true;
	if (is_client_level(a))
		return false;
	hint = str_format(a->def->flags & CAT_LIST ? _("Choose from: %s.")
						   : _("Choose one of: %s."),
		a->def->choices);
	bad(a, DIAG_TYPE_ENUM, hint);
	free(hint);
	return false;
}

static bool
judge_host(const struct ask *a)
{
	bool ascii = true;

	for (size_t i = 0; i < a->value.n; i++)
		ascii = ascii && (unsigned char)a->value.p[i] < 0x80;
	if (ascii && nh_is_hostname(a->value))
		return true;
	return bad(a, DIAG_TYPE_HOST,
		_("Write one host name: letters, digits, \"-\", and single dots "
		  "inside."));
}

static bool
judge_addr_list(const struct ask *a)
{
	struct sv rest = a->value, word;
	size_t n = 0;
	bool fine = true;

	while (sv_token(&rest, SEPARATORS, &word))
		n++;
	rest = a->value;
	while (sv_token(&rest, SEPARATORS, &word))
		fine = if_word_judge(word, n == 1, NULL, a->loc, a->diags) && fine;
	return fine;
}

static bool
judge_net_list(const struct ask *a)
{
	struct net_env env = {.map_types = a->env ? a->env->map_types : NULL,
		.fatal = a->env && a->env->old_smtpd};
	struct sv rest = a->value, token;
	struct net_item item;
	bool fine = true;

	while (net_token(&rest, &token)) {
		net_item_parse(token, &item);
		fine = net_item_judge(&item, &env, a->loc, a->diags) && fine;
		if (item.kind == NET_COMMENT)
			break;
	}
	return fine;
}

/* What needs the table is put off, nothing stops. elsewhere: other installations have
 * this type. */
static bool
lacks_type(const struct ask *a, struct sv type, bool elsewhere)
{
	char *name = sv_dup(type);

	diag_add(a->diags, elsewhere ? SEV_WARN : SEV_ERROR,
		elsewhere ? DIAG_MAP_TYPE : DIAG_TYPE_MAP, a->loc,
		elsewhere ? _("Often a package of its own brings it, such as "
			      "postfix-pcre.")
			  : _("\"postconf -m\" lists types."),
		_("What needs this table waits or is refused for a while: this Postfix "
		  "has "
		  "no tables of type %s (%s)."),
		name, a->def->name);
	free(name);
	return false;
}

static bool
judge_map(const struct ask *a, struct sv map)
{
	struct net_env env = {.map_types = a->env ? a->env->map_types : NULL};
	ptrdiff_t colon = sv_find(map, ':');
	struct ask one = *a;

	one.value = map;
	if (sv_find(map, '$') >= 0)
		return true;
	if (colon < 0 && (a->def->flags & CAT_UNTYPED))
		return true;
	if (colon <= 0 || (size_t)colon + 1 == map.n)
		return bad(&one, DIAG_TYPE_MAP,
			_("A table is written TYPE:NAME, such as hash:/etc/postfix/x."));
	if (net_type_is_known(sv_sub(map, 0, (size_t)colon), &env))
		return true;
	return lacks_type(&one, sv_sub(map, 0, (size_t)colon),
		env.map_types && net_type_is_known(sv_sub(map, 0, (size_t)colon), NULL));
}

static bool
judge_map_list(const struct ask *a)
{
	struct sv rest = a->value, token;
	bool fine = true;

	while (net_token(&rest, &token))
		fine = judge_map(a, token) && fine;
	return fine;
}

/* Domains and such among which a table may stand: what has a ':' is one. */
static bool
judge_listing(const struct ask *a)
{
	struct sv rest = a->value, token;
	bool fine = true;

	if (sv_eq_str(sv_of(a->def->name), "masquerade_domains"))
		return true;
	while (net_token(&rest, &token)) {
		while (sv_starts(token, "!"))
			token = sv_sub(token, 1, token.n);
		if (token.n && token.p[0] != '/' && token.p[0] != '[' &&
			sv_find(token, ':') >= 0)
			fine = judge_map(a, token) && fine;
	}
	return fine;
}

/* compatibility_level: one to three numbers with dots. */
static bool
judge_level(const struct ask *a)
{
	struct sv rest = a->value, part;
	size_t n = 0;
	uint64_t value;

	for (; sv_token(&rest, ".", &part); n++)
		if (!sv_to_uint(part, INT32_MAX, &value))
			return bad(a, DIAG_TYPE_INT, _("Write a version such as 3.6."));
	if (n >= 1 && n <= 3 && !sv_ends(a->value, ".") && !sv_starts(a->value, ".") &&
		sv_find_sv(a->value, sv_of("..")) < 0)
		return true;
	return bad(a, DIAG_TYPE_INT, _("Write a version such as 3.6."));
}

static bool
judge_ip(const struct ask *a)
{
	uint8_t fam = sv_ends(sv_of(a->def->name), "6") ? 6 : 4;
	struct ipaddr ip;

	if (a->value.n == 0)
		return true;
	if (a->value.p[0] != '[' && addr_parse(a->value, &ip) && ip.fam == fam)
		return true;
	return bad(a, DIAG_TYPE_ADDR,
		fam == 4 ? _("Write one IPv4 address.")
			 : _("Write one IPv6 address, without brackets."));
}

static bool
judge_path(const struct ask *a)
{
	char *value;

	if (a->value.n == 0 || a->value.p[0] == '/')
		return true;
	value = sv_dup(a->value);
	diag_add(a->diags, SEV_WARN, DIAG_TYPE_PATH, a->loc, _("Write the full path."),
		_("Postfix may not find \"%s\" (%s): the path doesn't begin with \"/\"."),
		value, a->def->name);
	free(value);
	return false;
}

static bool
judge_one_word(const struct ask *a)
{
	for (size_t i = 0; i < a->value.n; i++)
		if (strchr(SEPARATORS, a->value.p[i]))
			return bad(a, DIAG_TYPE_HOST,
				_("Write one word without blanks and commas."));
	return true;
}

static bool
judge_type(const struct ask *a)
{
	switch (a->def->type) {
	case CAT_BOOL:
		return judge_bool(a);
	case CAT_INT:
		return judge_int(a);
	case CAT_TIME:
		return judge_time(a);
	case CAT_SIZE:
		return judge_size(a);
	case CAT_ENUM:
		return judge_enum(a);
	case CAT_HOST:
		return judge_host(a);
	case CAT_NEXTHOP:
		return nh_list_parse(a->value,
			!a->env || !a->env->one_relayhost ||
				!sv_eq_str(sv_of(a->def->name), "relayhost"),
			NULL, a->loc, a->diags);
	case CAT_ADDR_LIST:
		return judge_addr_list(a);
	case CAT_NET_LIST:
		return judge_net_list(a);
	case CAT_MAP_LIST:
		return judge_map_list(a);
	case CAT_PATH:
		return judge_path(a);
	case CAT_IP:
		return judge_ip(a);
	case CAT_LEVEL:
		return judge_level(a);
	case CAT_TEXT:
		return !(a->def->flags & CAT_ONE_WORD) || judge_one_word(a);
	case CAT_LISTING:
		return judge_listing(a);
	case CAT_RESTRICTIONS:
	case CAT_ADDRESS:
	case CAT_TYPES:
		break;
	}
	return true;
}

/* Types whose items are judged one by one, so that a '$' spoils only its own item. */
static bool
has_items(enum cat_type type)
{
	return type == CAT_NET_LIST || type == CAT_ADDR_LIST || type == CAT_MAP_LIST ||
	       type == CAT_LISTING;
}

bool
cat_judge(const struct cat_def *def, struct sv value, const struct cat_env *env,
	const struct diag_loc *loc, struct diags *diags)
{
	struct diag_loc here = loc ? *loc : (struct diag_loc){0};
	struct ask a = {def, sv_trim(value), env, &here, diags};

	if (!here.param)
		here.param = def->name;
	if (a.value.n == 0 && (def->flags & CAT_NOT_EMPTY))
		return bad(&a, DIAG_TYPE_EMPTY,
			_("Remove the line to get the default value."));
	if (!has_items(def->type) && sv_find(a.value, '$') >= 0)
		return true;
	return judge_type(&a);
}
