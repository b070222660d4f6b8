/* SPDX-License-Identifier: MIT
 *
 * Finding a row of the catalogue, and what follows from it.
 */
#include "model/catalog.h"

#include "base/i18n.h"
#include "model/cattable.h"

const struct cat_def *
cat_all(size_t *n)
{
	*n = cattable_rows;
	return cattable;
}

const struct cat_def *
cat_find(struct sv name)
{
	size_t lo = 0, hi = cattable_rows;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int r = sv_cmp(name, sv_of(cattable[mid].name));

		if (r == 0)
			return &cattable[mid];
		if (r < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

const char *
cat_type_name(enum cat_type type)
{
	static const char *const names[CAT_TYPES] = {
		[CAT_TEXT] = N_("text"),
		[CAT_BOOL] = N_("yes or no"),
		[CAT_INT] = N_("number"),
		[CAT_TIME] = N_("time"),
		[CAT_SIZE] = N_("size in bytes"),
		[CAT_ENUM] = N_("choice"),
		[CAT_HOST] = N_("host name"),
		[CAT_NEXTHOP] = N_("next host"),
		[CAT_ADDR_LIST] = N_("addresses of this machine"),
		[CAT_NET_LIST] = N_("networks"),
		[CAT_MAP_LIST] = N_("lookup tables"),
		[CAT_RESTRICTIONS] = N_("restrictions in order"),
		[CAT_LISTING] = N_("list"),
		[CAT_PATH] = N_("file or folder"),
		[CAT_ADDRESS] = N_("mail address"),
		[CAT_IP] = N_("address"),
		[CAT_LEVEL] = N_("version number"),
	};

	return _(names[type]);
}

const char *
cat_section_name(enum cat_section section)
{
	static const char *const names[CAT_SECTIONS] = {
		[CAT_LISTEN] = N_("Listening"),
		[CAT_CLIENTS] = N_("Clients"),
		[CAT_UPSTREAM] = N_("Upstream"),
		[CAT_LOGIN] = N_("Login"),
		[CAT_TLS] = N_("Encryption"),
		[CAT_IDENTITY] = N_("Identity"),
		[CAT_DELIVERY] = N_("Delivery"),
		[CAT_QUEUE] = N_("Queue"),
		[CAT_LIMITS] = N_("Limits"),
		[CAT_REWRITING] = N_("Rewriting"),
		[CAT_LOG] = N_("Log"),
		[CAT_OTHER] = N_("Other"),
	};

	return _(names[section]);
}

/* Names without a row that need more or less than a reload. */
static const struct {
	const char *name;
	enum cat_needs needs;
} others[] = {
	{"config_directory", CAT_NEEDS_RESTART},
	{"html_directory", CAT_NEEDS_NOTHING},
	{"mailq_path", CAT_NEEDS_NOTHING},
	{"manpage_directory", CAT_NEEDS_NOTHING},
	{"meta_directory", CAT_NEEDS_NOTHING},
	{"newaliases_path", CAT_NEEDS_NOTHING},
	{"queue_directory", CAT_NEEDS_RESTART},
	{"readme_directory", CAT_NEEDS_NOTHING},
	{"sample_directory", CAT_NEEDS_NOTHING},
	{"sendmail_path", CAT_NEEDS_NOTHING},
	{"shlib_directory", CAT_NEEDS_RESTART},
};

enum cat_needs
cat_needs(struct sv name)
{
	const struct cat_def *def = cat_find(name);

	if (def && (def->flags & CAT_RESTART))
		return CAT_NEEDS_RESTART;
	if (def && (def->flags & CAT_NO_ACTION))
		return CAT_NEEDS_NOTHING;
	for (size_t i = 0; !def && i < sizeof(others) / sizeof(*others); i++)
		if (sv_eq_str(name, others[i].name))
			return others[i].needs;
	return CAT_NEEDS_RELOAD;
}

bool
cat_is_secret(struct sv name, struct sv value)
{
	const struct cat_def *def = cat_find(name);
	bool may = (def && (def->flags & CAT_SECRET)) ||
		   sv_find_sv(name, sv_of("_password")) >= 0;

	return may && (sv_find_sv(value, sv_of("static:")) >= 0 ||
			      sv_find_sv(value, sv_of("inline:")) >= 0 || !def ||
			      def->type != CAT_MAP_LIST);
}
