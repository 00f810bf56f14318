#!/usr/bin/env bash
# Previews a pull request or merge request, and writes the result into one comment. Each push updates the same comment.
source "$(dirname "$0")/common.sh"

# With --diff, Pulumi writes warnings and errors to standard error.
code=0
pulumi preview --stack "$STACK" --refresh --diff --non-interactive --color never --suppress-outputs --suppress-progress \
  > "$work/output.txt" 2>&1 || code=$?
# The backend on S3 writes these lines, which say nothing about the stack.
sed '/^SDK .* WARN Response has no supported checksum/d' "$work/output.txt" > "$work/preview.txt"

cat "$work/preview.txt"
forge comment "$work/preview.txt" "$code"
exit "$code"
