/* SPDX-License-Identifier: MIT
 *
 * alias_maps (what local(8) reads) against alias_database (what newaliases builds), and
 * the databases themselves.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/aliases.h"

#define SEPS ", \t\r\n"

/* postalias itself warns of an older database only when the text is this old (seconds);
 * an edit of a moment ago is about to be built. */
#define FRESH 100

void
chk_table_split(struct sv word, struct sv *type, struct sv *path)
{
	ptrdiff_t colon = sv_find(word, ':');

	if (sv_starts(word, "proxy:")) {
		word = sv_sub(word, 6, word.n);
		colon = sv_find(word, ':');
	}
	if (colon <= 0 || word.p[0] == '/') {
		*type = sv_sub(word, 0, 0);
		*path = word;
		return;
	}
	*type = sv_sub(word, 0, (size_t)colon);
	*path = sv_sub(word, (size_t)colon + 1, word.n);
}

static struct sv
type_or_default(const struct chk_al_db *db, struct sv type)
{
	return type.n ? type : sv_of(db->default_type ? db->default_type : "");
}

/* The ending of the file that a type keeps its data in; NULL: nothing is built. */
static const char *
suffix_of(struct sv type)
{
	static const char *const rows[][2] = {{"hash", ".db"}, {"btree", ".db"},
		{"lmdb", ".lmdb"}, {"cdb", ".cdb"}, {"dbm", ".pag"}, {"sdbm", ".pag"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (sv_eq_str(type, rows[i][0]))
			return rows[i][1];
	return NULL;
}

static bool
has_type(const struct chk_al_db *db, struct sv type)
{
	if (!db->types || type.n == 0)
		return true;
	for (size_t i = 0; db->types[i]; i++)
		if (sv_eq_str(type, db->types[i]))
			return true;
	return false;
}

/* Is the same table a word of the list? */
static bool
lists(const struct chk_al_db *db, const char *list, struct sv type, struct sv path)
{
	struct sv rest = sv_of(list), word, t, p;

	while (sv_token(&rest, SEPS, &word)) {
		chk_table_split(word, &t, &p);
		if (sv_eq(p, path) &&
			sv_eq(type_or_default(db, t), type_or_default(db, type)))
			return true;
	}
	return false;
}

static bool
tell_type(const struct chk_al_db *db, const struct diag_loc *loc, struct sv type,
	struct diags *d)
{
	if (has_type(db, type))
		return false;
	diag_add(d, db->used ? SEV_ERROR : SEV_WARN, DIAG_AL_TYPE, loc,
		_("\"postconf -m\" lists the types that it has; some come in a package "
		  "of "
		  "their own."),
		_("Mail to users here is put off with \"451 Temporary lookup failure\": "
		  "this Postfix has no tables of type %.*s."),
		(int)type.n, type.p);
	return true;
}

static void
tell_not_built(const struct chk_al_db *db, const struct diag_loc *loc, const char *built,
	bool text_here, struct diags *d)
{
	bool sure = db->here && db->used && text_here;

	diag_add(d, sure ? SEV_ERROR : SEV_WARN, DIAG_AL_NOT_BUILT, loc,
		text_here ? _("\"newaliases\" builds it.")
			  : _("Write the file that it is made from, then run "
			      "\"newaliases\"."),
		_("Mail to every user here is put off with \"451 Temporary lookup "
		  "failure\": %s isn't there."),
		built);
}

/* The database beside the text: there, and not older? */
static void
check_built(const struct chk_al_db *db, const struct diag_loc *loc, struct sv type,
	struct sv path, struct diags *d)
{
	const char *suffix = suffix_of(type_or_default(db, type));
	struct stat text, built;
	char *name, *source;
	int why, why_text;

	if (!suffix || path.n == 0 || path.p[0] != '/')
		return;
	source = sv_dup(path);
	name = str_format("%s%s", source, suffix);
	why = db->stat(db->ctx, name, &built);
	why_text = db->stat(db->ctx, source, &text);
	if (why == ENOENT || why == ENOTDIR)
		tell_not_built(db, loc, name, why_text == 0, d);
	else if (why == 0 && why_text == 0 && text.st_mtime > built.st_mtime + FRESH)
		diag_add(d, SEV_WARN, DIAG_AL_NOT_BUILT, loc,
			_("\"newaliases\" builds it anew."),
			_("Changes in %s count for nothing yet: its database is older."),
			source);
	free(name);
	free(source);
}

static void
check_nis(const struct chk_al_db *db, struct sv path, struct diags *d)
{
	if (db->nis_domain || !db->maps_set)
		return;
	diag_add(d, SEV_NOTE, DIAG_AL_NIS, &db->maps_at,
		_("Take it out of alias_maps, or set the NIS domain of this machine."),
		_("nis:%.*s is never asked: this machine has no NIS domain."),
		(int)path.n, path.p);
}

static void
check_maps(const struct chk_al_db *db, struct diags *d)
{
	struct sv rest = sv_of(db->maps), word, type, path;

	while (sv_token(&rest, SEPS, &word)) {
		chk_table_split(word, &type, &path);
		if (tell_type(db, &db->maps_at, type, d))
			continue;
		if (sv_eq_str(type, "nis"))
			check_nis(db, path, d);
		/* What a default names says nothing of files for another machine. */
		if (db->here || db->maps_set)
			check_built(db, &db->maps_at, type, path, d);
		if (suffix_of(type_or_default(db, type)) && db->database &&
			db->database[0] && !lists(db, db->database, type, path))
			diag_add(d, SEV_WARN, DIAG_AL_MAPS, &db->maps_at,
				_("Add it to alias_database."),
				_("Changes in %.*s don't count until postalias builds "
				  "it: "
				  "newaliases doesn't, for alias_database lacks it."),
				(int)path.n, path.p);
	}
}

static void
check_database(const struct chk_al_db *db, struct diags *d)
{
	struct sv rest = sv_of(db->database), word, type, path;

	while (sv_token(&rest, SEPS, &word)) {
		chk_table_split(word, &type, &path);
		if (!has_type(db, type)) {
			if (!db->maps || !lists(db, db->maps, type, path))
				diag_add(d, SEV_ERROR, DIAG_AL_TYPE, &db->database_at,
					_("\"postconf -m\" lists the types that it "
					  "has."),
					_("newaliases stops: this Postfix has no tables "
					  "of type %.*s."),
					(int)type.n, type.p);
			continue;
		}
		if (type.n && !suffix_of(type)) {
			diag_add(d, SEV_ERROR, DIAG_AL_TYPE, &db->database_at,
				_("Name tables that are built from a file, like "
				  "hash:/etc/aliases."),
				_("newaliases stops: a table of type %.*s isn't built "
				  "from a file."),
				(int)type.n, type.p);
			continue;
		}
		if (db->maps && !lists(db, db->maps, type, path))
			diag_add(d, SEV_WARN, DIAG_AL_MAPS, &db->database_at,
				_("Add it to alias_maps, as it is written here."),
				_("The aliases in %.*s count for nothing: alias_maps "
				  "doesn't name this table."),
				(int)path.n, path.p);
	}
}

void
chk_alias_tables(const struct chk_al_db *db, struct diags *d)
{
	if (db->maps)
		check_maps(db, d);
	if (db->database)
		check_database(db, d);
}
