#!/usr/bin/env bash
# Shared by the four jobs, which read it with `source`. The jobs need bash, because `pipefail` is not in POSIX.
#
#   STACK               the stack, such as "production"
#   PROJECT_DIR         the folder with Pulumi.yaml; default: the current folder
#   LOCK_WAIT_SECONDS   how long to wait for another machine that uses the stack; default: 600
#   LOCK_POLL_SECONDS   how long to wait between two tries; default: 15
set -euo pipefail

: "${STACK:?Set STACK to the name of the stack}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${PROJECT_DIR:-.}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export PULUMI_SKIP_UPDATE_CHECK=true STACK

# Installs the official release of the Pulumi CLI in the version of the project's SDK, if the machine has no CLI.
if ! command -v pulumi > /dev/null; then
  PATH="$HOME/.pulumi-cli/bin:$PATH"
  node -e '
    const { PulumiCommand } = require(require.resolve("@pulumi/pulumi/automation", { paths: [process.cwd()] }));
    PulumiCommand.install({ root: process.argv[1] }).catch((error) => {
      console.error(error);
      process.exitCode = 1;
    });
  ' "$HOME/.pulumi-cli"
fi

forge() {
  node "$here/forge.mjs" "$@"
}

# Runs `pulumi up` on the current state of the Hub. Waits while another machine uses the stack; a refused run changes nothing. If a lock
# disappears while Pulumi reads it, a backend in a bucket answers NoSuchKey.
pulumi_up() {
  local code deadline=$((SECONDS + ${LOCK_WAIT_SECONDS:-600}))
  while true; do
    code=0
    pulumi up --stack "$STACK" --refresh --yes --non-interactive --color never --suppress-outputs "$@" 2>&1 |
      tee "$work/up.txt" || code=$?
    if [ "$code" -eq 0 ] || ! grep -Eq 'currently locked|NoSuchKey|Another update is currently in progress' "$work/up.txt"; then
      return "$code"
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "The stack is still locked. If its run was killed, see https://www.pulumi.com/docs/cli/commands/pulumi_cancel" >&2
      return "$code"
    fi
    sleep "${LOCK_POLL_SECONDS:-15}"
  done
}
