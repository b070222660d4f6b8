/* SPDX-License-Identifier: MIT
 *
 * What a large aliases file costs, in milliseconds, and the memory it takes:
 *     bench_aliases FILE
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "text/aliases.h"

static double
now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static long
rss_kib(void)
{
	long pages = 0, skip = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (f && fscanf(f, "%ld %ld", &skip, &pages) != 2)
		pages = 0;
	if (f)
		fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void
tell(const char *what, double since, size_t n)
{
	double ms = now_ms() - since;
	printf("%-34s %8.1f ms  %8zu  rss %6ld KiB\n", what, ms, n, rss_kib());
}

static void
unmap(char *p, size_t n)
{
	munmap(p, n);
}

static char *
read_all(const char *path, size_t *n)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		exit(2);
	*n = (size_t)st.st_size;
	char *p = mmap(
		NULL, *n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		exit(2);
	madvise(p, *n, MADV_HUGEPAGE);
	for (size_t at = 0; at < *n;) {
		ssize_t got = read(fd, p + at, *n - at);
		if (got <= 0)
			exit(2);
		at += (size_t)got;
	}
	close(fd);
	return p;
}

static bool
count_bytes(void *ctx, const char *p, size_t n)
{
	size_t *total = ctx;
	(void)p;
	*total += n;
	return true;
}

static void
bench_filter(struct aliases *al)
{
	static const char *const words[] = {"t", "te", "test-str-0", "e", "needle", "n",
		"ne", "nee", "zzzz", "taro, user", "000001", "@", "|", "hanako.example"};
	struct al_filter f = {0};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char label[64];
		double t = now_ms();
		al_filter(al, sv_of(words[i]), &f);
		snprintf(label, sizeof label, "filter \"%s\"", words[i]);
		tell(label, t, f.hits.n);
	}
	al_filter_free(&f);
}

static void
bench_edit(struct aliases *al)
{
	struct al_targets list = {0};
	double t = now_ms();
	uint32_t id = al_find(al, sv_of("needle"));
	tell("first lookup (builds the index)", t, id);
	t = now_ms();
	id = al_find(al, sv_of("NEEDLE"));
	tell("second lookup", t, id);
	al_targets_add(&list, sv_of("taro@example.co.jp"));
	for (uint32_t i = 0; id == DOC_NO_ID && i < al->doc.npool; i++)
		if (al_is_row(al, i)) /* a file without needle */
			id = i;
	t = now_ms();
	al_add_targets(al, id, &list, NULL);
	tell("add a target", t, list.n);
	t = now_ms();
	uint32_t added = DOC_NO_ID;
	const struct al_edit e = {.name = sv_of("sales"), .targets = &list};
	al_set(al, &added, &e, NULL);
	tell("add an alias", t, added);
	t = now_ms();
	tell("lookup after edits", t, al_find(al, sv_of("sales")));
	t = now_ms();
	doc_delete(&al->doc, added);
	tell("lookup after an undo", t, al_find(al, sv_of("needle")));
	al_targets_free(&list);
}

int
main(int argc, char **argv)
{
	struct aliases al;
	struct al_ids rows = {0};
	struct diags d = {0};
	size_t n, total = 0;
	if (argc < 2)
		return 2;
	double t = now_ms();
	char *bytes = read_all(argv[1], &n);
	tell("read", t, n);
	t = now_ms();
	al_load(&al, bytes, n, unmap);
	tell("load", t, al.doc.npool);
	t = now_ms();
	al_rows(&al, &rows);
	tell("rows", t, rows.n);
	free(rows.v);
	bench_filter(&al);
	bench_edit(&al);
	t = now_ms();
	al_check(&al, "aliases", &d);
	tell("check", t, d.n);
	t = now_ms();
	doc_write(&al.doc, count_bytes, &total);
	tell("save, without the disk", t, total);
	diag_clear(&d);
	al_free(&al);
	return 0;
}
