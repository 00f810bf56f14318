#!/usr/bin/env bash
# Checks the stack for drift, and keeps one issue open while it finds some. Exits with 0 if it finds no drift, 2 if it finds drift, 3 if
# something is looser than applied, and 1 if the check failed or is incomplete. A rotation that is due is not drift.
#
#   DRIFT_COMMAND   the command line of this project; default: `pulumi-huggingface` from PATH or from the project's packages
#   DRIFT_REPORT    a second report, as FORMAT=FILE with the format sarif, junit or json; the file is relative to the working folder
invoked_in=$PWD
source "$(dirname "$0")/common.sh"

if [ -n "${DRIFT_COMMAND:-}" ]; then
  read -ra command <<< "$DRIFT_COMMAND"
elif command -v pulumi-huggingface > /dev/null; then
  command=(pulumi-huggingface)
else
  command=(npx --no-install pulumi-huggingface)
fi
reports=()
if [ -n "${DRIFT_REPORT:-}" ]; then
  file=${DRIFT_REPORT#*=}
  case $file in /*) ;; *) file=$invoked_in/$file ;; esac
  reports=(--report "${DRIFT_REPORT%%=*}=$file")
fi

code=0
"${command[@]}" drift --stack "$STACK" --format markdown --output "$work/report.md" ${reports[@]+"${reports[@]}"} || code=$?
[ ! -e "$work/report.md" ] || cat "$work/report.md"

case $code in
  0) forge close ;;
  2) forge issue "$work/report.md" "Drift on the Hub: $STACK" ;;
  3) forge issue "$work/report.md" "Exposed on the Hub: $STACK" ;;
  *) echo "The check for drift failed or is incomplete, so the issue stays unchanged." >&2 ;;
esac
exit "$code"
