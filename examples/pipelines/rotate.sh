#!/usr/bin/env bash
# Rotates the tokens that are due, revokes their predecessors, and tightens what someone opened.
source "$(dirname "$0")/common.sh"

rotation=$(pulumi config get huggingface:rotation --stack "$STACK" 2> /dev/null || true)
if [ "$rotation" = defer ]; then
  echo "The stack defers rotations. Run \`pulumi config rm huggingface:rotation\`, and commit the change." >&2
  exit 1
fi

pulumi_up --skip-preview "$@"
