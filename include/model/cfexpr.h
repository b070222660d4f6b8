/* SPDX-License-Identifier: MIT
 *
 * What a main.cf value means once its references are filled in: $name, ${name}, $(name),
 * ${name?text}, ${name:text}, ${name?{a}:{b}}, comparisons ${{a} == {b} ? {x} : {y}}
 * (by number or text; <level and its like by compatibility level), and $$ (postconf(5),
 * "main.cf syntax"). Every answer is what postconf -x of 3.7 gives, its limits included;
 * older versions know fewer forms. Where a mistake makes Postfix stop, the report says
 * what is wrong and at which byte.
 */
#ifndef PR_MODEL_CFEXPR_H
#define PR_MODEL_CFEXPR_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/str.h"

enum cfx_result {
	CFX_OK,
	CFX_UNKNOWN, /* a name or form that only Postfix can answer */
	CFX_SYNTAX,  /* Postfix dies of a mistake in a reference */
	CFX_NESTING  /* Postfix dies: a value refers to itself, or too many to others */
};

enum cfx_fault {
	CFX_FINE,
	CFX_TRUNCATED,   /* ${name */
	CFX_NO_NAME,     /* $ alone, ${} */
	CFX_BAD_NAME,    /* ${a b} */
	CFX_UNBALANCED,  /* $(a?{b) */
	CFX_NO_OPERATOR, /* ${{a} {b}}, ${{a} = {b}} */
	CFX_BAD_SUFFIX,  /* ${{a} ==foo {b}} */
	CFX_NO_OPERAND,  /* ${{a} == b} */
	CFX_NO_QUESTION, /* ${{a} == {b} x} */
	CFX_NO_COLON,    /* ${a?{b}c} */
	CFX_TAIL,        /* ${a:{b}c} */
	CFX_BAD_NUMBER,  /* too large to be compared */
	CFX_BAD_LEVEL,   /* ${{x} <level {1}} */
	CFX_LOOP
};

struct cfx_source {
	/* The raw value of name, which stays where it is until the expansion returns;
	 * false when it isn't known. */
	bool (*lookup)(void *ctx, struct sv name, struct sv *value);
	void *ctx;
	/* Of a name that lookup doesn't know: does Postfix know none, too, for certain?
	 * It is empty then. NULL: nobody can tell. */
	bool (*undefined)(void *ctx, struct sv name);
	unsigned version; /* of Postfix: 306 is 3.6; 0: not known, like the newest */
	size_t *work; /* what several calls may spend together; NULL: enough for one */
};

/* Bytes of work (text read and written) that are enough for anything sensible. */
#define CFX_WORK ((size_t)64 << 20)

struct cfx_undefined {
	char *name; /* "" for ${?x} */
	size_t off; /* in raw: the reference that is it, or leads to it */
};

struct cfx_report {
	enum cfx_fault fault;
	size_t off;    /* in raw: where it is wrong, or the reference to what is */
	struct str in; /* the parameter whose value is wrong; empty: raw itself */
	size_t in_off; /* where in that value, or in raw */
	struct cfx_undefined *undefined; /* each name once */
	size_t n, cap;
};

/* Append the expansion of raw to out; with any other answer than CFX_OK, what was
 * appended has no meaning. */
enum cfx_result cfx_expand(struct sv raw, const struct cfx_source *src, struct str *out);

/* The same, with a report: zeroed by the caller, who frees it. */
enum cfx_result cfx_expand_report(struct sv raw, const struct cfx_source *src,
	struct str *out, struct cfx_report *rep);

/* Look at all branches of raw without following its names, as Postfix does with every
 * value of main.cf when postconf starts: mistakes there are warnings only. lookup is
 * asked for each name. True: no mistake. */
bool cfx_scan(struct sv raw, const struct cfx_source *src, struct cfx_report *rep);

void cfx_report_free(struct cfx_report *rep);

/* Names that Postfix doesn't expand when it reads main.cf, but where they are used
 * (forward_path, luser_relay, ...). */
bool cfx_is_raw(struct sv name);

/* Add the finding of a fault at loc, about the value of param. fatal: a program expands
 * it for certain; else it is a warning. Always false. */
bool cfx_tell(const struct cfx_report *rep, const char *param, bool fatal,
	const struct diag_loc *loc, struct diags *diags);

#endif
