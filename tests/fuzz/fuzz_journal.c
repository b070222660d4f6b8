/* SPDX-License-Identifier: MIT
 *
 * What postrelay keeps for itself: the note and the journal of an apply that died, and
 * drafts. Any bytes may stand there. What is read as whole names absolute paths only, and
 * no draft holds a password.
 */
#include "fuzz.h"

#include "apply/fields.h"
#include "apply/txn_parts.h"
#include "session/lay.h"
#include "fuzz_file.h"

static const struct fs_ops ops = {
	.openat = fuzz_open, .close = fuzz_close, .read = fuzz_read};

static void
read_journal(struct sv text)
{
	const struct txn_env env = {.fs = {&ops, NULL}, .conf_dir = "/etc/postfix"};
	struct txn *t = txn_new(&env);

	fuzz_file = text;
	if (txn_journal_read(t) == TXN_READ_OK)
		for (size_t i = 0; i < t->n; i++) {
			FUZZ_HOLDS(t->v[i].path[0] == '/' && t->v[i].at.real[0] == '/');
			txn_name_target(t, &t->v[i]);
		}
	txn_free(t);
}

static void
read_draft(struct sv text)
{
	json_t *json = json_loadb(text.p, text.n, 0, NULL);
	struct lay_list list = {0};

	if (json && lay_from_json(json, &list))
		for (size_t i = 0; i < list.n; i++)
			FUZZ_HOLDS(
				list.v[i].name && (list.v[i].kind != LAY_LOGIN ||
							  lay_login_is_open(&list.v[i])));
	lay_free(&list);
	json_decref(json);
}

/* With the right heading and sum around the bytes: else only luck gets by. */
static void
seal(struct sv text, struct str *out)
{
	str_add_cstr(out, "postrelay-journal 1\n");
	str_add_sv(out, text);
	str_add_char(out, '\n');
	fields_seal(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sv text = fuzz_sv(data, n);
	struct str whole = {0};

	read_journal(text);
	seal(text, &whole);
	read_journal(str_sv(&whole));
	read_draft(text);
	str_free(&whole);
	return 0;
}
