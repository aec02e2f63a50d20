#!/usr/bin/env bash
# Runs every test: both databases, a real browser, a real mail server. Arguments go to the test binaries (a filter, say).
# The last line is `N passed, N failed, N skipped`; what was skipped is named above it with its reason.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/postgres.sh

scripts/install.sh || echo "Tests that need the missing programs are skipped."

scratch=$(mktemp -d)
finish() { stop_postgres; rm -rf "$scratch"; }
trap finish EXIT
trap 'exit 130' INT TERM

if [ -n "${QIYUE_TEST_POSTGRES:-}" ]; then
  echo "Using the PostgreSQL of QIYUE_TEST_POSTGRES"
elif [ -n "$(postgres_programs)" ]; then
  # Nothing outlives this run, so nothing has to reach the disk.
  start_postgres "$scratch" -c fsync=off -c synchronous_commit=off -c full_page_writes=off
fi
export QIYUE_SKIP_LOG=$scratch/skipped
export QIYUE_MATERIAL=${QIYUE_MATERIAL:-$PWD/../shared/material}
: >"$QIYUE_SKIP_LOG"

status=0
SECONDS=0
cargo test --locked --no-run </dev/null || status=$?
echo "built in $SECONDS s"
SECONDS=0
if [ $status = 0 ]; then
  cargo test --locked --no-fail-fast -- "$@" </dev/null 2>&1 | tee "$scratch/output" || status=$?
fi
echo "ran in $SECONDS s"

scripts/tally.sh "$status" "$scratch/output" "$QIYUE_SKIP_LOG"
exit "$status"
