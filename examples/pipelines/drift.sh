#!/usr/bin/env bash
# Compares the Hub with the program, and keeps one issue open while they differ. Exits with 0 if nothing differs, 2 if something
# differs, 3 if something is more open than declared, and 1 if the check failed.
#
#   DRIFT_COMMAND   the command line of this project; default: `pulumi-huggingface` from PATH or from the project's packages
#   DRIFT_REPORT    a second report, as FORMAT:FILE with the format sarif, junit or json; the file is relative to the working folder
invoked_in=$PWD
source "$(dirname "$0")/common.sh"

if [ -n "${DRIFT_COMMAND:-}" ]; then
  read -ra command <<< "$DRIFT_COMMAND"
elif command -v pulumi-huggingface > /dev/null; then
  command=(pulumi-huggingface)
else
  command=(npx --no-install pulumi-huggingface)
fi
drift() {
  "${command[@]}" drift --stack "$STACK" --cwd "$PWD" --format "$1" --output "$2"
}

# A rotation that is due is not drift. Only this job defers it, so the setting must not stay in the stack's file.
settings="Pulumi.${STACK##*/}.yaml"
# shellcheck disable=SC2317 # the trap calls it
restore() {
  if [ -e "$work/settings" ]; then cp "$work/settings" "$settings"; else rm -f "$settings"; fi
  rm -rf "$work"
}
[ ! -e "$settings" ] || cp "$settings" "$work/settings"
trap restore EXIT
pulumi config set huggingface:rotation defer --stack "$STACK" --non-interactive

code=0
drift markdown "$work/report.md" || code=$?
[ ! -e "$work/report.md" ] || cat "$work/report.md"

case $code in
  0) forge close ;;
  2) forge issue "$work/report.md" "Drift on the Hub: $STACK" ;;
  3) forge issue "$work/report.md" "Exposed on the Hub: $STACK" ;;
  *) echo "The check for drift failed, so the issue stays unchanged." >&2 ;;
esac

if [ -n "${DRIFT_REPORT:-}" ] && [ "$code" -ne 1 ]; then
  file=${DRIFT_REPORT#*:}
  case $file in /*) ;; *) file=$invoked_in/$file ;; esac
  drift "${DRIFT_REPORT%%:*}" "$file" || [ "$?" -ne 1 ]
fi
exit "$code"
