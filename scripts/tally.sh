#!/usr/bin/env bash
# tally.sh STATUS OUTPUT SKIPPED: adds up what `cargo test` printed. SKIPPED has a line `whole|part TAB name TAB reason` for each
# test that skipped itself; the harness counts such a test as passed, here it counts as skipped. A test that left out a part
# of itself (one of its databases) counts as both. A test marked `ignore` counts as skipped too.
set -euo pipefail
status=$1 output=$2 skipped=$3

read -r passed failed ignored < <(
  { grep -aE '^test result: ' "$output" 2>/dev/null || true; } |
    awk '{ passed += $4; failed += $6; ignored += $8 } END { print passed + 0, failed + 0, ignored + 0 }'
)
# A build that fails, or a test binary that dies, prints no result.
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
  echo "FAILED: the build or a test binary did not come to its end"
  failed=1
fi

sort -u "$skipped" | awk -F '\t' '{ print "SKIPPED " $2 ": " $3 }'
sed -nE 's/^test (.*) \.\.\. (ignored.*)$/SKIPPED \1: \2/p' "$output" 2>/dev/null || true
whole=$(sort -u "$skipped" | awk -F '\t' '$1 == "whole" { names[$2] } END { print length(names) }')
parts=$(sort -u "$skipped" | awk -F '\t' '$1 == "part"' | wc -l)
echo "$((passed - whole)) passed, $failed failed, $((whole + parts + ignored)) skipped"
