# postrelay: one Makefile, no recursion. Everything made goes to $(BUILD).
#   make run      install what is missing, build, open the tool on the sandbox
#   make check    install what the tests need, build, run every test
#   make install  prefix=/usr/local DESTDIR=

VERSION  = 0.1.0
BUILD   ?= build
prefix  ?= /usr/local
sbindir ?= $(prefix)/sbin
mandir  ?= $(prefix)/share/man
libexecdir ?= $(prefix)/libexec
localedir  ?= $(prefix)/share/locale
unitdir    ?= $(prefix)/lib/systemd/system
CC      ?= gcc
ifeq ($(origin CC),default)
CC       = gcc
endif

PKGS     = ncursesw libconfuse jansson
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lresolv

WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wformat=2 \
	-Wformat-signedness -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wredundant-decls -Wnested-externs -Wcast-qual -Wcast-align=strict -Wwrite-strings \
	-Wpointer-arith -Wundef -Wvla -Walloca -Wnull-dereference -Wduplicated-cond \
	-Wduplicated-branches -Wlogical-op -Wimplicit-fallthrough=5 -Wswitch-enum \
	-Wframe-larger-than=16384 -Wbidi-chars=any
ifeq ($(shell uname -m),x86_64)
ARCH_HARDEN = -fcf-protection=full
endif
HARDEN   = -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
	-ftrivial-auto-var-init=zero -fno-common $(ARCH_HARDEN)
OPT     ?= -O2
CFLAGS  ?= -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -Iinclude -DPR_VERSION='"$(VERSION)"' \
	-DPR_LOCALEDIR='"$(localedir)"' $(WARN) $(WERROR) $(OPT) $(HARDEN) -fPIE \
	$(SAN) $(PKG_CFLAGS) $(CFLAGS)
ALL_LDFLAGS = -pie $(SAN) -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed $(LDFLAGS)

# Lowest layer first. An archive a layer: a test links only the layers below the one it tests.
LAYERS   = base text model check apply session cli ui sys
SRC      = $(wildcard $(LAYERS:%=src/%/*.c)) src/main.c
OBJ      = $(SRC:%.c=$(BUILD)/%.o)
lib      = $(BUILD)/lib$(1).a
LIBS_base    = $(call lib,base)
LIBS_text    = $(call lib,text) $(LIBS_base)
LIBS_model   = $(call lib,model) $(LIBS_text)
LIBS_check   = $(call lib,check) $(LIBS_model)
LIBS_apply   = $(call lib,apply) $(LIBS_check)
LIBS_sys     = $(call lib,sys) $(LIBS_base)
LIBS_session = $(call lib,session) $(LIBS_apply)
LIBS_cli     = $(call lib,cli) $(LIBS_session)
LIBS_ui      = $(call lib,ui) $(LIBS_session)

all: $(BUILD)/postrelay mo

$(BUILD)/postrelay: $(BUILD)/src/main.o $(LAYERS:%=$(BUILD)/lib%.a)
	@echo "  LD $@"; $(CC) $(ALL_LDFLAGS) -o $@ $< -Wl,--start-group $(LAYERS:%=$(BUILD)/lib%.a) -Wl,--end-group $(PKG_LIBS)

define layer_rule
$(BUILD)/lib$(1).a: $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/$(1)/*.c))
	@rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rule,$(l))))

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJ:.o=.d)

# The sandbox's own mail client. The sandbox itself is a script and a few data files.
$(BUILD)/sandbox/smtpsay: src/sandbox/smtpsay.c Makefile
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $<

# Translations: src/po/LANG.po -> $(BUILD)/locale/LANG/LC_MESSAGES/postrelay.mo
PO       = $(wildcard src/po/*.po)
MO       = $(PO:src/po/%.po=$(BUILD)/locale/%/LC_MESSAGES/postrelay.mo)
mo: $(MO)
$(BUILD)/locale/%/LC_MESSAGES/postrelay.mo: src/po/%.po
	@mkdir -p $(@D)
	msgfmt -c -o $@ $<

# The texts of the sources; `make po` takes new ones into the translations.
POT      = src/po/postrelay.pot
XGETTEXT = xgettext --from-code=UTF-8 --sort-by-file --no-wrap -k_ -kN_ -kP_:1,2 \
	--flag=diag_add:6:c-format --flag=diag_errno:6:c-format --package-name=postrelay \
	--add-comments=TRANSLATORS: --copyright-holder='the postrelay authors'
po:
	$(XGETTEXT) -o $(POT) $(sort $(SRC))
	for po in $(PO); do msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap $$po $(POT) || exit 1; done

# --- tests ------------------------------------------------------------------------------------
UNIT_SRC = $(wildcard tests/unit/*/test_*.c)
UNIT     = $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/unit/%)
FAKE_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fake/*.c))
-include $(FAKE_OBJ:.o=.d)
TEST_CFLAGS = $(filter-out -Wmissing-prototypes,$(ALL_CFLAGS)) -Itests -Wno-cast-qual

$(BUILD)/tests/fake/%.o: tests/fake/%.c
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

define unit_rule
$(BUILD)/tests/unit/$(1)/%: tests/unit/$(1)/%.c $(LIBS_$(1)) $(if $(filter apply session cli ui,$(1)),$(FAKE_OBJ) $(LIBS_sys))
	@mkdir -p $$(@D)
	@echo "  LD $$@"; $$(CC) $$(TEST_CFLAGS) -MMD -MP $$(ALL_LDFLAGS) -o $$@ $$< \
		$$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group -lcmocka -lutil $$(PKG_LIBS)
endef
$(foreach l,$(LAYERS),$(eval $(call unit_rule,$(l))))
-include $(UNIT:%=%.d)

unit: $(UNIT)
	@tests/run-unit.sh $(UNIT)

# Full-screen tests: programs on a pty, read through libvterm. demo.c exercises the framework only.
TUI_SRC  = $(wildcard tests/tui/test_*.c)
TUI      = $(TUI_SRC:%.c=$(BUILD)/%)
TUI_LIBS = $(shell pkg-config --libs vterm 2>/dev/null) -lcmocka -lutil
$(BUILD)/tests/tui/%.o: tests/tui/%.c
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(TEST_CFLAGS) $$(pkg-config --cflags vterm) -MMD -MP -c -o $@ $<
$(BUILD)/tests/tui/demo: $(BUILD)/tests/tui/demo.o $(call lib,ui) $(call lib,base)
	@echo "  LD $@"; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)
$(BUILD)/tests/tui/test_%: $(BUILD)/tests/tui/test_%.o $(BUILD)/tests/tui/vt.o $(BUILD)/src/model/names.o
	@echo "  LD $@"; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(TUI_LIBS)
-include $(wildcard $(BUILD)/tests/tui/*.d)

tui: $(TUI) $(BUILD)/tests/tui/demo $(BUILD)/postrelay
	@PR_BUILD=$(abspath $(BUILD)) tests/run-unit.sh $(TUI)

# Asks many SMTP services for many clients, for the oracle of who may relay.
$(BUILD)/tests/oracle/rcpt: tests/oracle/rcpt.c Makefile
	@mkdir -p $(@D)
	@echo "  LD $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $<

# Applies several edits at once, for the sweeps.
$(BUILD)/tests/e2e/apply_once: tests/e2e/apply_once.c $(LIBS_session) $(LIBS_sys) Makefile
	@mkdir -p $(@D)
	@echo "  LD $@"; $(CC) $(TEST_CFLAGS) $(ALL_LDFLAGS) -o $@ $< \
		-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(PKG_LIBS)

E2E      = $(wildcard tests/e2e/test_*.sh)
E2E_TUI  = $(patsubst %,$(BUILD)/tests/tui/test_%,built line probe putback story waits)
e2e: all $(BUILD)/sandbox/smtpsay $(BUILD)/tests/oracle/rcpt $(BUILD)/tests/e2e/apply_once $(E2E_TUI)
	@BUILD=$(BUILD) tests/run-e2e.sh $(E2E)

# --- what a person calls ----------------------------------------------------------------------
DEPS     = src/sandbox/deps.sh
BIN      = $(BUILD)/postrelay

deps:
	@$(DEPS) build run

# Namespaces need root; without it and without sudo the tool opens on a scratch copy.
SUDO     = $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

run:
	@$(SUDO) $(DEPS) build run
	@$(MAKE) --no-print-directory all $(BUILD)/sandbox/smtpsay
	@$(SUDO) env BUILD=$(BUILD) src/sandbox/sandbox.sh run -- $(abspath $(BIN)) $(ARGS)

check:
	@$(DEPS) build run test
	@$(MAKE) --no-print-directory all unit tui e2e

lint:
	@$(DEPS) build lint
	clang-format --dry-run -Werror $$(git ls-files '*.c' '*.h')
	.ci/layers.sh
	cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 -D_GNU_SOURCE -Iinclude \
		--enable=warning,performance,portability --suppress=missingIncludeSystem src
	printf '%s\n' $(SRC) | xargs -P "$$(nproc)" -n 6 sh -c 'clang-tidy --quiet "$$@" -- \
		-std=c11 -D_GNU_SOURCE -Iinclude -DPR_VERSION="\"\"" -DPR_LOCALEDIR="\"\"" 2>/dev/null' tidy
	shellcheck $$(git ls-files '*.sh') .ci/run
	mandoc -Tlint -Wwarning man/*.8 man/*.5
	@mkdir -p $(BUILD)
	$(XGETTEXT) -o $(BUILD)/fresh.pot $(sort $(SRC))
	for po in $(PO); do msgfmt -c -o /dev/null $$po && msgcmp $$po $(BUILD)/fresh.pot || exit 1; done

analyze:
	@$(DEPS) build
	$(MAKE) --no-print-directory BUILD=$(BUILD)-analyze CFLAGS='-g -fanalyzer' all

ASAN     = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan:
	@$(DEPS) build run test
	@ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS=suppressions=$(abspath tests/lsan.supp):print_suppressions=0 \
		PR_TEST_TIMEOUT=600 $(MAKE) --no-print-directory BUILD=$(BUILD)-asan SAN='$(ASAN)' \
		HARDEN=-fno-common OPT=-O1 all unit tui

# What reads memory that was never written, which the sanitizers above don't see: all units, and of
# the screens the program on the pty. valgrind-short: what reads the files.
VG_SHORT = $(filter $(BUILD)/tests/unit/base/% $(BUILD)/tests/unit/text/% $(BUILD)/tests/unit/model/%,$(UNIT))
VG_TUI   = $(BUILD)/tests/tui/test_relayhost $(BUILD)/tests/tui/test_review $(BUILD)/tests/tui/test_drafts
VALGRIND = PR_TEST_TIMEOUT=1800 PR_UNDER='valgrind -q --error-exitcode=9 --leak-check=full \
	--show-leak-kinds=definite --errors-for-leak-kinds=definite' tests/run-unit.sh
valgrind-short:
	@$(DEPS) build test valgrind
	@$(MAKE) --no-print-directory $(VG_SHORT)
	@$(VALGRIND) $(VG_SHORT)

valgrind:
	@$(DEPS) build run test valgrind
	@$(MAKE) --no-print-directory all $(UNIT) $(VG_TUI)
	@$(VALGRIND) $(UNIT)
	@PR_TEST_TIMEOUT=1800 PR_VALGRIND=1 PR_BUILD=$(abspath $(BUILD)) tests/run-unit.sh $(VG_TUI)

# One libFuzzer program a reader.
FUZZ     = $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
$(BUILD)/tests/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz.h tests/fuzz/fuzz_file.h Makefile $(LIBS_cli) $(call lib,ui) $(call lib,sys)
	@mkdir -p $(@D)
	@echo "  LD $@"; $(CC) $(TEST_CFLAGS) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $< \
		-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(PKG_LIBS)
fuzzers: $(FUZZ)
	@FUZZ_OUT=$(BUILD)/found tests/run-fuzz.sh $(FUZZ)

FUZZ_RUNS ?= 20000
FUZZ_SAN = -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
fuzz-short:
	@$(DEPS) build fuzz
	@FUZZ_RUNS=$(FUZZ_RUNS) $(MAKE) --no-print-directory BUILD=$(abspath $(BUILD))-fuzz CC=clang \
		SAN='$(FUZZ_SAN)' HARDEN=-fno-common OPT=-O1 WARN='-Wall -Wextra' fuzzers

# Longer walks of the fuzzers and of the tests that draw their inputs.
fuzz:
	@$(MAKE) --no-print-directory FUZZ_RUNS=2000000 fuzz-short
	@PR_FUZZ_ROUNDS=2000 PR_TEST_TIMEOUT=3600 ASAN_OPTIONS=detect_leaks=1 $(MAKE) --no-print-directory \
		BUILD=$(BUILD)-asan SAN='$(ASAN)' HARDEN=-fno-common OPT=-O1 unit

# Death and errors at every call of an apply: inside one process, and of real processes with Postfix.
sweep: all $(BUILD)/tests/unit/apply/test_fault $(BUILD)/tests/e2e/apply_once
	@PR_TEST_TIMEOUT=3600 tests/run-unit.sh $(BUILD)/tests/unit/apply/test_fault
	@pids=; for part in stopped running restart; do PR_SWEEP=$$part PR_E2E_TIMEOUT=7200 BUILD=$(BUILD) \
		tests/run-e2e.sh tests/e2e/test_sweep.sh & pids="$$pids $$!"; done; \
		failed=0; for pid in $$pids; do wait $$pid || failed=1; done; exit $$failed

# Beside nano, vim.tiny, sed and postconf; says which of the figures to reach are missed.
BENCH    = $(BUILD)/tests/bench/bench $(BUILD)/tests/bench/gen_aliases
$(BUILD)/tests/bench/%: tests/bench/%.c Makefile
	@mkdir -p $(@D)
	@echo "  LD $@"; $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< -lutil

bench: all $(BENCH)
	@$(DEPS) bench
	@BUILD=$(BUILD) tests/bench/bench.sh

# For systemd, which runs it at the start of the machine; elsewhere it lies there unused.
UNIT_FILE  = postrelay-recover.service
UNIT_WANTS = multi-user.target.wants/$(UNIT_FILE)

install: all $(BUILD)/sandbox/smtpsay
	install -d $(DESTDIR)$(sbindir) $(DESTDIR)$(libexecdir)/postrelay \
		$(DESTDIR)$(mandir)/man8 $(DESTDIR)$(mandir)/man5
	install -m 755 $(BIN) $(DESTDIR)$(sbindir)/postrelay
	install -m 755 src/sandbox/sandbox.sh src/sandbox/init.sh src/sandbox/smarthost.sh \
		$(BUILD)/sandbox/smtpsay \
		$(DESTDIR)$(libexecdir)/postrelay/
	install -m 644 src/sandbox/main.cf src/sandbox/master.cf src/sandbox/aliases \
		$(DESTDIR)$(libexecdir)/postrelay/
	install -m 644 man/postrelay.8 $(DESTDIR)$(mandir)/man8/
	install -m 644 man/postrelay.conf.5 $(DESTDIR)$(mandir)/man5/
	install -d $(DESTDIR)$(unitdir)/$(dir $(UNIT_WANTS))
	sed 's|@sbindir@|$(sbindir)|' src/systemd/$(UNIT_FILE) >$(DESTDIR)$(unitdir)/$(UNIT_FILE)
	chmod 644 $(DESTDIR)$(unitdir)/$(UNIT_FILE)
	ln -sf ../$(UNIT_FILE) $(DESTDIR)$(unitdir)/$(UNIT_WANTS)
	for mo in $(MO:$(BUILD)/locale/%=%); do \
		install -D -m 644 $(BUILD)/locale/$$mo $(DESTDIR)$(localedir)/$$mo || exit 1; done

uninstall:
	rm -rf $(DESTDIR)$(libexecdir)/postrelay
	rm -f $(DESTDIR)$(sbindir)/postrelay $(DESTDIR)$(mandir)/man8/postrelay.8 \
		$(DESTDIR)$(unitdir)/$(UNIT_FILE) $(DESTDIR)$(unitdir)/$(UNIT_WANTS) \
		$(DESTDIR)$(mandir)/man5/postrelay.conf.5 $(MO:$(BUILD)/locale/%=$(DESTDIR)$(localedir)/%)

dist:
	git archive --format=tar.gz --prefix=postrelay-$(VERSION)/ -o $(BUILD)/postrelay-$(VERSION).tar.gz HEAD

clean:
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-analyze $(BUILD)-fuzz

.PHONY: all mo po unit e2e tui deps run check lint analyze asan valgrind valgrind-short fuzz fuzz-short fuzzers \
	sweep bench install uninstall dist clean
.DELETE_ON_ERROR:
.SECONDARY:
