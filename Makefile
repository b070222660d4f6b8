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
CC      ?= gcc
ifeq ($(origin CC),default)
CC       = gcc
endif

PKGS     = ncursesw panelw libconfuse jansson
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   = $(shell pkg-config --libs $(PKGS) 2>/dev/null)

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

# Translations: src/po/LANG.po -> $(BUILD)/locale/LANG/LC_MESSAGES/postrelay.mo
PO       = $(wildcard src/po/*.po)
MO       = $(PO:src/po/%.po=$(BUILD)/locale/%/LC_MESSAGES/postrelay.mo)
mo: $(MO)
$(BUILD)/locale/%/LC_MESSAGES/postrelay.mo: src/po/%.po
	@mkdir -p $(@D)
	msgfmt -c -o $@ $<

# --- tests ------------------------------------------------------------------------------------
UNIT_SRC = $(wildcard tests/unit/*/test_*.c)
UNIT     = $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/unit/%)
FAKE_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fake/*.c))
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

clean:
	rm -rf $(BUILD)

.PHONY: all mo unit clean
.DELETE_ON_ERROR:
.SECONDARY:
