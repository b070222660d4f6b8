/* SPDX-License-Identifier: MIT
 *
 * Rows are read at each call, so a test may change them in between.
 */
#include "fake/fake_nic.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static void
refuse_row(const char *row)
{
	fprintf(stderr, "fake_nic: can't read \"%s\"\n", row);
	abort();
}

static void
read_address(struct nic_addr *a, struct sv word, const char *row)
{
	ptrdiff_t slash = sv_find(word, '/');
	uint64_t plen = 0;
	char *text;

	if (slash < 0 ||
		!sv_to_uint(sv_sub(word, (size_t)slash + 1, word.n), 128, &plen)) {
		refuse_row(row);
		return;
	}
	text = sv_dup(sv_sub(word, 0, (size_t)slash));
	a->plen = (uint8_t)plen;
	a->fam = strchr(text, ':') ? 6 : 4;
	if (inet_pton(a->fam == 6 ? AF_INET6 : AF_INET, text, a->addr) != 1)
		refuse_row(row);
	free(text);
}

static void
read_row(struct nic_addr *a, const char *row)
{
	struct sv rest = sv_of(row), word;

	if (!sv_token(&rest, " ", &word) || word.n >= sizeof(a->name))
		refuse_row(row);
	memcpy(a->name, word.p, word.n);
	if (!sv_token(&rest, " ", &word))
		refuse_row(row);
	read_address(a, word, row);
	a->link_local = a->fam == 6 ? a->addr[0] == 0xfe && (a->addr[1] & 0xc0) == 0x80
				    : a->addr[0] == 169 && a->addr[1] == 254;
	while (sv_token(&rest, " ", &word)) {
		if (sv_eq_str(word, "up"))
			a->up = true;
		else if (sv_eq_str(word, "loopback"))
			a->loopback = true;
		else if (sv_eq_str(word, "transient"))
			a->transient = true;
		else
			refuse_row(row);
	}
}

static bool
do_list(void *self, struct nic_list *list, int *why)
{
	struct fake_nic *f = self;
	size_t n = 0;

	*list = (struct nic_list){0};
	f->calls++;
	if (f->fail_errno) {
		*why = f->fail_errno;
		return false;
	}
	while (f->rows && f->rows[n])
		n++;
	list->v = mem_new(n + 1, sizeof(*list->v));
	list->n = n;
	for (size_t i = 0; i < n; i++)
		read_row(&list->v[i], f->rows[i]);
	return true;
}

struct nic_port
fake_nic_port(struct fake_nic *f)
{
	static const struct nic_ops ops = {.list = do_list};

	return (struct nic_port){&ops, f};
}
