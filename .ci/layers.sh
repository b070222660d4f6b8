#!/usr/bin/env bash
# The layer rule: a module includes its own layer or a lower one; an include path names its layer.
# sys is included by main.c (and tests) only; curses by ui only; confuse by session/{cfgfile,settings,answers}.c only.
set -u
cd "$(dirname "$0")/.." || exit 2

level() {
	case $1 in
	base) echo 0 ;; port) echo 1 ;; text) echo 2 ;; model) echo 3 ;; check) echo 4 ;;
	apply) echo 5 ;; session) echo 6 ;; cli | ui) echo 7 ;; sys) echo 2 ;; *) echo 9 ;;
	esac
}

bad=0
complain() {
	printf '%s\n' "$1"
	bad=1
}

while IFS=: read -r file line text; do
	rel=${file#src/}
	rel=${rel#include/}
	own=${rel%%/*}
	other=${text#*\"}
	other=${other%%/*}
	[ "$own" = main.c ] && continue
	if [ "$other" = sys ] && [ "$own" != sys ]; then
		complain "$file:$line: only main.c may include $other/"
	elif [ "$own" != "$other" ] && [ "$(level "$own")" -le "$(level "$other")" ]; then
		complain "$file:$line: $own may not include $other/"
	fi
	case $own:$text in
	ui:*session/internal.h* | cli:*session/internal.h*) complain "$file:$line: the inside of a session" ;;
	ui:*\"text/* | ui:*\"apply/* | cli:*\"text/* | cli:*\"apply/*)
		complain "$file:$line: a front end sees session, model and base only" ;;
	esac
done < <(grep -rnE '^#include "[a-z]+/' src include)

while IFS=: read -r file line _; do
	case $file in
	src/ui/* | include/ui/*) ;;
	*) complain "$file:$line: curses belongs to ui" ;;
	esac
done < <(grep -rnE '^#include <(n?curses|panel|term)\.h' src include)

while IFS=: read -r file line _; do
	case $file in
	src/session/cfgfile.c | src/session/settings.c | src/session/answers.c) ;;
	*) complain "$file:$line: confuse belongs to session/{cfgfile,settings,answers}.c" ;;
	esac
done < <(grep -rnE '^#include <confuse' src include)

[ "$bad" -eq 0 ] && echo "layers: ok"
exit "$bad"
