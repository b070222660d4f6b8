/* SPDX-License-Identifier: MIT
 *
 * Write an aliases file of N entries, about 41 bytes each, the same bytes every time:
 *     gen_aliases N > FILE
 * Names are test-str-000001 and so on; the entry in the middle is "needle". One target in
 * eight is a list, some are commands, files and comments.
 */
#include <stdio.h>
#include <stdlib.h>

/* The next number of a small generator (Numerical Recipes), below n. */
static unsigned
next(unsigned *state, unsigned n)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % n;
}

static void
entry(unsigned i, unsigned *state)
{
	static const char *const user[] = {
		"root", "taro", "hanako", "postmaster", "jiro"};
	unsigned kind = next(state, 16), who = next(state, 5);

	printf("test-str-%06u:\t", i);
	if (kind == 0)
		printf("\"|/usr/local/bin/ticket --queue q%u\"\n", who);
	else if (kind == 1)
		printf("/var/mail/archive/%u/\n", next(state, 1000));
	else if (kind < 4)
		printf("%s, user%u@mail.example.co.jp,\n\t\t%s\n", user[who],
			next(state, 10000), user[next(state, 5)]);
	else if (kind < 6)
		printf("%s\n", user[who]);
	else
		printf("user%04u@%s.example.jp\n", next(state, 10000), user[who]);
}

int
main(int argc, char **argv)
{
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
	unsigned state = 20261124;

	puts("# Mail aliases, made by gen_aliases\n");
	for (unsigned i = 1; i <= n; i++) {
		if (i % 1000 == 1)
			printf("\n# block %u\n", i / 1000);
		if (i == n / 2 + 1)
			puts("needle:\troot, hanako@example.co.jp");
		else
			entry(i, &state);
	}
	return fflush(stdout) != 0 || ferror(stdout) ? 1 : 0;
}
