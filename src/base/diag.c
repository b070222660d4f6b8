/* SPDX-License-Identifier: MIT
 *
 * The list of findings. Invariant: every string in a struct diag is owned by its list.
 */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

static const char *const code_names[DIAG_CODES] = {
	[DIAG_FILE_MISSING] = "PR-FILE-001",
	[DIAG_FILE_ACCESS] = "PR-FILE-002",
	[DIAG_FILE_KIND] = "PR-FILE-003",
	[DIAG_FILE_TOO_BIG] = "PR-FILE-004",
	[DIAG_FILE_BINARY] = "PR-FILE-005",
	[DIAG_FILE_UNSAFE] = "PR-FILE-006",
	[DIAG_FILE_CHANGED] = "PR-FILE-007",
	[DIAG_FILE_WRITE] = "PR-FILE-008",
	[DIAG_FILE_BUSY] = "PR-FILE-009",
	[DIAG_FILE_MANAGED] = "PR-FILE-010",
	[DIAG_FILE_LINKS] = "PR-FILE-011",
	[DIAG_FILE_MOUNT] = "PR-FILE-012",
	[DIAG_CF_NO_EQUALS] = "PR-CF-001",
	[DIAG_CF_NO_NAME] = "PR-CF-002",
	[DIAG_CF_ORPHAN] = "PR-CF-003",
	[DIAG_CF_DUPLICATE] = "PR-CF-004",
	[DIAG_CF_UNKNOWN] = "PR-CF-005",
	[DIAG_CF_NUL] = "PR-CF-006",
	[DIAG_CF_BOM] = "PR-CF-007",
	[DIAG_CF_REFERENCE] = "PR-CF-008",
	[DIAG_CF_NESTING] = "PR-CF-009",
	[DIAG_CF_UNDEFINED] = "PR-CF-010",
	[DIAG_TYPE_BOOL] = "PR-TYPE-001",
	[DIAG_TYPE_INT] = "PR-TYPE-002",
	[DIAG_TYPE_TIME] = "PR-TYPE-003",
	[DIAG_TYPE_SIZE] = "PR-TYPE-004",
	[DIAG_TYPE_ENUM] = "PR-TYPE-005",
	[DIAG_TYPE_RANGE] = "PR-TYPE-006",
	[DIAG_TYPE_EMPTY] = "PR-TYPE-007",
	[DIAG_TYPE_HOST] = "PR-TYPE-008",
	[DIAG_TYPE_ADDR] = "PR-TYPE-009",
	[DIAG_TYPE_PATH] = "PR-TYPE-010",
	[DIAG_TYPE_MAP] = "PR-TYPE-011",
	[DIAG_NET_SYNTAX] = "PR-NET-001",
	[DIAG_NET_MASK] = "PR-NET-002",
	[DIAG_NET_BRACKETS] = "PR-NET-003",
	[DIAG_NET_HOSTBITS] = "PR-NET-004",
	[DIAG_NET_PUBLIC] = "PR-NET-005",
	[DIAG_NET_DUPLICATE] = "PR-NET-006",
	[DIAG_NET_FILE] = "PR-NET-007",
	[DIAG_IF_SYNTAX] = "PR-IF-001",
	[DIAG_IF_GONE] = "PR-IF-002",
	[DIAG_IF_NONE] = "PR-IF-003",
	[DIAG_IF_TRANSIENT] = "PR-IF-004",
	[DIAG_NH_SYNTAX] = "PR-NH-001",
	[DIAG_NH_PORT] = "PR-NH-002",
	[DIAG_NH_LIST] = "PR-NH-003",
	[DIAG_AL_NO_COLON] = "PR-AL-001",
	[DIAG_AL_NAME] = "PR-AL-002",
	[DIAG_AL_EMPTY] = "PR-AL-003",
	[DIAG_AL_DUPLICATE] = "PR-AL-004",
	[DIAG_AL_ORPHAN] = "PR-AL-005",
	[DIAG_AL_UTF8] = "PR-AL-006",
	[DIAG_AL_TARGET] = "PR-AL-007",
	[DIAG_AL_NO_FILE] = "PR-AL-008",
	[DIAG_AL_LOOP] = "PR-AL-009",
	[DIAG_AL_UNKNOWN] = "PR-AL-010",
	[DIAG_AL_COMMENT] = "PR-AL-011",
	[DIAG_AL_WORDS] = "PR-AL-012",
	[DIAG_AL_PROGRAM] = "PR-AL-013",
	[DIAG_AL_WRITABLE] = "PR-AL-014",
	[DIAG_AL_LIST] = "PR-AL-015",
	[DIAG_AL_PATH] = "PR-AL-016",
	[DIAG_AL_RELATIVE] = "PR-AL-017",
	[DIAG_AL_READER] = "PR-AL-018",
	[DIAG_AL_FORBIDDEN] = "PR-AL-019",
	[DIAG_AL_MAPS] = "PR-AL-020",
	[DIAG_AL_NOT_BUILT] = "PR-AL-021",
	[DIAG_AL_TYPE] = "PR-AL-022",
	[DIAG_AL_NIS] = "PR-AL-023",
	[DIAG_PF_MISSING] = "PR-PF-001",
	[DIAG_PF_SAYS] = "PR-PF-002",
	[DIAG_PF_FOREIGN] = "PR-PF-003",
	[DIAG_PF_UNSAFE] = "PR-PF-004",
	[DIAG_PF_DOWN] = "PR-PF-005",
	[DIAG_PF_UNHEALTHY] = "PR-PF-006",
	[DIAG_PF_TIMEOUT] = "PR-PF-007",
	[DIAG_APPLY_HELD] = "PR-APPLY-001",
	[DIAG_APPLY_STATE] = "PR-APPLY-002",
	[DIAG_APPLY_UNDONE] = "PR-APPLY-003",
	[DIAG_APPLY_BACK] = "PR-APPLY-004",
	[DIAG_PF_NO_WAY] = "PR-PF-008",
	[DIAG_SET_SYNTAX] = "PR-SET-001",
	[DIAG_USAGE] = "PR-USE-001",
	[DIAG_NOT_FOUND] = "PR-USE-002",
	[DIAG_READ_ONLY] = "PR-USE-003",
	[DIAG_TERMINAL] = "PR-USE-004",
	[DIAG_CF_NOTE] = "PR-CF-011",
	[DIAG_CF_TOO_NEW] = "PR-CF-012",
	[DIAG_MAP_NO_FILE] = "PR-MAP-001",
	[DIAG_MAP_NOT_BUILT] = "PR-MAP-002",
	[DIAG_MAP_OLD] = "PR-MAP-003",
	[DIAG_NET_NAME] = "PR-NET-008",
	[DIAG_NET_WORLD] = "PR-NET-009",
	[DIAG_NET_UNKNOWN] = "PR-NET-010",
	[DIAG_NET_KEY] = "PR-NET-011",
	[DIAG_NET_VALUE] = "PR-NET-012",
	[DIAG_NET_LATE] = "PR-NET-013",
	[DIAG_NET_STYLE] = "PR-NET-014",
	[DIAG_NET_DERIVED] = "PR-NET-015",
	[DIAG_NET_LOOPBACK] = "PR-NET-016",
	[DIAG_NET_OWN] = "PR-NET-017",
	[DIAG_NET_ONE_PUBLIC] = "PR-NET-018",
	[DIAG_IF_FAMILY] = "PR-IF-005",
	[DIAG_IF_SOURCE] = "PR-IF-006",
	[DIAG_IF_NO_LOOPBACK] = "PR-IF-007",
	[DIAG_IF_PUBLIC] = "PR-IF-008",
	[DIAG_NH_SELF] = "PR-NH-004",
	[DIAG_NH_HOSTS] = "PR-NH-005",
	[DIAG_NH_NOT_FOUND] = "PR-NH-006",
	[DIAG_NH_OVERRIDDEN] = "PR-NH-007",
	[DIAG_NH_PROVIDER] = "PR-NH-008",
	[DIAG_NH_WORDS] = "PR-NH-009",
	[DIAG_NH_CLIENT] = "PR-NH-010",
	[DIAG_AUTH_NO_MAP] = "PR-AUTH-001",
	[DIAG_AUTH_KEY] = "PR-AUTH-002",
	[DIAG_AUTH_MODE] = "PR-AUTH-003",
	[DIAG_AUTH_OPTIONS] = "PR-AUTH-004",
	[DIAG_AUTH_PLAIN] = "PR-AUTH-005",
	[DIAG_AUTH_OFF] = "PR-AUTH-006",
	[DIAG_AUTH_PLUGIN] = "PR-AUTH-007",
	[DIAG_AUTH_EMPTY] = "PR-AUTH-008",
	[DIAG_TLS_PORT] = "PR-TLS-001",
	[DIAG_TLS_LEVEL] = "PR-TLS-002",
	[DIAG_TLS_CA] = "PR-TLS-003",
	[DIAG_TLS_DIRECT] = "PR-TLS-004",
	[DIAG_REL_NO_CHECK] = "PR-REL-001",
	[DIAG_REL_EARLY] = "PR-REL-002",
	[DIAG_REL_WORD] = "PR-REL-003",
	[DIAG_REL_DOMAINS] = "PR-REL-004",
	[DIAG_REL_CLASS] = "PR-REL-005",
	[DIAG_ID_HOST] = "PR-ID-001",
	[DIAG_ID_DOMAIN] = "PR-ID-002",
	[DIAG_ID_LOCAL] = "PR-ID-003",
	[DIAG_ID_LIMITS] = "PR-ID-004",
	[DIAG_ID_LOG] = "PR-ID-005",
	[DIAG_ID_ORIGIN] = "PR-ID-007",
	[DIAG_MAP_TYPE] = "PR-MAP-004",
	[DIAG_ID_POSTLOG] = "PR-ID-006",
};

static char *
format_text(const char *fmt, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		text = mem_strdup(fmt);
	return text;
}

static struct diag *
push(struct diags *d, enum sev sev, enum diag_code code, const struct diag_loc *loc)
{
	struct diag *new;

	d->v = mem_grow(d->v, &d->cap, d->n + 1, sizeof(*d->v));
	new = &d->v[d->n++];
	*new = (struct diag){.code = code, .sev = sev};
	if (loc) {
		new->loc = *loc;
		new->loc.file = mem_strdup(loc->file);
		new->loc.param = mem_strdup(loc->param);
	}
	return new;
}

bool
diag_add(struct diags *d, enum sev sev, enum diag_code code, const struct diag_loc *loc,
	const char *hint, const char *fmt, ...)
{
	struct diag *new;
	va_list args;

	if (!d)
		return false;
	new = push(d, sev, code, loc);
	va_start(args, fmt);
	new->text = format_text(fmt, args);
	va_end(args);
	new->hint = mem_strdup(hint);
	return false;
}

bool
diag_errno(struct diags *d, enum diag_code code, const char *file, int err,
	const char *hint, const char *fmt, ...)
{
	struct diag_loc loc = {.file = file};
	struct diag *new;
	va_list args;
	char *text;

	if (!d)
		return false;
	new = push(d, SEV_ERROR, code, &loc);
	va_start(args, fmt);
	text = format_text(fmt, args);
	va_end(args);
	new->text = str_format("%s (%s)", text, strerror(err));
	free(text);
	new->hint = mem_strdup(hint);
	new->sys_errno = err;
	return false;
}

void
diag_offer(struct diags *d, enum diag_mend mend, const char *text)
{
	struct diag *last = d && d->n ? &d->v[d->n - 1] : NULL;

	if (!last)
		return;
	free(last->repair);
	last->repair = mem_strdup(text);
	last->mend = mend;
}

void
diag_endanger(struct diags *d)
{
	if (d && d->n)
		d->v[d->n - 1].danger = true;
}

void
diag_copy(struct diags *d, const struct diag *f)
{
	struct diag *new = push(d, f->sev, f->code, &f->loc);

	new->danger = f->danger;
	new->sys_errno = f->sys_errno;
	new->text = mem_strdup(f->text);
	new->hint = mem_strdup(f->hint);
	new->repair = mem_strdup(f->repair);
	new->mend = f->mend;
}

const char *
diag_code_name(enum diag_code code)
{
	return code_names[code];
}

bool
diag_code_parse(const char *name, enum diag_code *out)
{
	for (int i = 0; i < DIAG_CODES; i++)
		if (strcmp(code_names[i], name) == 0) {
			*out = (enum diag_code)i;
			return true;
		}
	return false;
}

const char *
diag_sev_name(enum sev sev)
{
	static const char *const names[] = {"note", "warning", "error"};

	return names[sev];
}

size_t
diag_count(const struct diags *d, enum sev sev)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += d->v[i].sev == sev;
	return n;
}

bool
diag_has_error(const struct diags *d)
{
	return diag_count(d, SEV_ERROR) > 0;
}

static int
compare(const struct diag *a, const struct diag *b)
{
	int r = strcmp(a->loc.file ? a->loc.file : "", b->loc.file ? b->loc.file : "");

	if (r)
		return r;
	if (a->loc.line != b->loc.line)
		return a->loc.line < b->loc.line ? -1 : 1;
	if (a->loc.col != b->loc.col)
		return a->loc.col < b->loc.col ? -1 : 1;
	return 0;
}

/* Bottom-up merge: qsort is not stable, and lists may be long. */
void
diag_sort(struct diags *d)
{
	struct diag *tmp = mem_new(d->n, sizeof(*tmp));

	for (size_t w = 1; w < d->n; w *= 2) {
		for (size_t lo = 0; lo < d->n; lo += 2 * w) {
			size_t mid = lo + w < d->n ? lo + w : d->n;
			size_t hi = lo + 2 * w < d->n ? lo + 2 * w : d->n;
			size_t i = lo, j = mid;

			for (size_t k = lo; k < hi; k++) {
				bool left = i < mid &&
					    (j >= hi || compare(&d->v[i], &d->v[j]) <= 0);

				tmp[k] = left ? d->v[i++] : d->v[j++];
			}
		}
		memcpy(d->v, tmp, d->n * sizeof(*tmp));
	}
	free(tmp);
}

void
diag_move(struct diags *to, struct diags *from)
{
	if (!to) {
		diag_clear(from);
		return;
	}
	to->v = mem_grow(to->v, &to->cap, to->n + from->n, sizeof(*to->v));
	if (from->n)
		memcpy(to->v + to->n, from->v, from->n * sizeof(*to->v));
	to->n += from->n;
	free(from->v);
	*from = (struct diags){0};
}

void
diag_clear(struct diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].text);
		free(d->v[i].hint);
		free(d->v[i].repair);
		free((void *)(uintptr_t)d->v[i].loc.file);
		free((void *)(uintptr_t)d->v[i].loc.param);
	}
	free(d->v);
	*d = (struct diags){0};
}

void
diag_format(const struct diag *d, struct str *out)
{
	if (d->loc.file)
		str_addf(out, "%s:%u:%u: ", d->loc.file, d->loc.line, d->loc.col);
	else
		str_add_cstr(out, "0:0: ");
	str_addf(out, "%s: %s [%s]\n", diag_sev_name(d->sev), d->text,
		diag_code_name(d->code));
	if (d->hint)
		str_addf(out, "    %s\n", d->hint);
}
