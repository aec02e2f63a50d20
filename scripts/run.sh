#!/usr/bin/env bash
# Builds Qiyue and starts it with a demo company: SQLite in ./data, http://127.0.0.1:8080.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v cargo >/dev/null || { echo "Rust is missing; install it from https://rustup.rs" >&2; exit 1; }
exec cargo run --release --locked --bin qiyue -- serve --demo
