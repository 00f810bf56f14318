#!/usr/bin/env bash
# Deploys the program after a merge.
source "$(dirname "$0")/common.sh"

pulumi_up "$@"
