#!/usr/bin/env bash
# Measures: one line a figure, `bench: NAME VALUE UNIT`. PostgreSQL keeps its durable defaults here.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/postgres.sh

scripts/install.sh || echo "Figures that need the missing programs are left out." >&2
scratch=$(mktemp -d)
finish() { stop_postgres; rm -rf "$scratch"; }
trap finish EXIT
[ -z "$(postgres_programs)" ] || start_postgres "$scratch"

cargo bench --locked --bench bench -- "$@" </dev/null
