# Runs each file of $1/scripts in a subshell of its own, in the empty folder $1/work, where nothing can be found by name. The programs named
# by the further arguments are functions that write down how many words they got, and the words, each with a NUL behind it, to $1/log-$2/FILE,
# and end with status $2. Only what bash and dash both know may stand here.
ROOT=$1
STATUS=$2
shift 2
BREAK='
'
MARK=$(printf '\001')
record() {
  # bash writes line by line, and members of a pipe write at the same time: a line end goes out as U+0001, which no script has.
  [ -z "$BASH_VERSION" ] || eval 'set -- "${@//$BREAK/$MARK}"'
  printf '%s\0' "$#" "$@" >> "$LOG"
  return "$STATUS"
}
for program; do
  eval "$program() { record $program \"\$@\"; }"
done
set --
PATH=
cd "$ROOT/work" || exit 1
for script in "$ROOT"/scripts/*; do
  LOG=$ROOT/log-$STATUS/${script##*/}
  ( . "$script" ) > /dev/null < /dev/null
done
