# Each target is one script: read that.
.PHONY: run test bench quick fmt lint

run: ; @scripts/run.sh

test: ; @scripts/test.sh

bench: ; @scripts/bench.sh

quick: ; cargo test --no-default-features

fmt: ; cargo fmt

lint: ; cargo clippy --all-targets -- -D warnings
