#!/usr/bin/env bash
# Makes the fonts that are embedded for PDF: Noto Serif SC and Noto Sans SC, cut down to what contracts use.
#
#   scripts/make-fonts.sh          writes fonts/*.otf
#
# Characters: the 8,105 of 通用规范汉字表 (Unihan property kTGH), ASCII, Latin-1, and the punctuation, numerals, units and
# currency signs that stand in Chinese documents. Needs the Debian packages fonts-noto-cjk,
# python3-fonttools and unicode-data. The fonts are under the SIL Open Font License 1.1 (fonts/OFL.txt).
set -euo pipefail
cd "$(dirname "$0")/.."

noto=/usr/share/fonts/opentype/noto
unihan=/usr/share/unicode
python=/usr/bin/python3 # Debian's, which has the fontTools of its package
"$python" -c 'import fontTools.subset' 2> /dev/null || { echo "apt-get install python3-fonttools" >&2; exit 1; }
    [ -e "$needed" ] || { echo "missing $needed: apt-get install fonts-noto-cjk unicode-data" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

bzcat "$unihan"/Unihan_*.txt.bz2 | awk '/^U\+/ && $2 == "kTGH" { print $1 }' | sort -u > "$work/han"
count=$(wc -l < "$work/han")
[ "$count" -eq 8105 ] || { echo "expected 8,105 characters, Unihan has $count" >&2; exit 1; }

{
    cat "$work/han"
    echo U+0020-007E,U+00A0-00FF          # ASCII, Latin-1
    echo U+2010-2027,U+2030-203B,U+20AC   # dashes, quotation marks, per mille, reference mark, euro
    echo U+2103,U+2116,U+2150-218B        # ℃, №, Roman numerals and fractions
    echo U+2190-2193,U+2200-22FF          # arrows, mathematics
    echo U+2460-2473,U+2474-2487,U+2488-249B # ① (1) 1.
    echo U+2500-257F,U+25A0-25FF,U+2605-2606,U+2713-2717 # rules, boxes, stars, ticks
    echo U+3000-3020,U+3220-3243,U+3280-32B0 # CJK punctuation, ㈠, ㊣
    echo U+3380-33DF                      # ㎡, ㎏ and other units
    echo U+FF01-FF5E,U+FFE0-FFE6          # full-width forms, ￥
} | paste -sd, > "$work/unicodes"

make_one() { # SOURCE INDEX TARGET: index 2 of a Noto CJK collection is Simplified Chinese
    "$python" -m fontTools.subset "$noto/$1" --font-number="$2" --unicodes-file="$work/unicodes" --output-file="fonts/$3" \
        --layout-features=kern,palt,vert,locl,ccmp,liga --drop-tables+=DSIG --name-IDs='*' --name-languages='*' \
        --no-hinting --desubroutinize --notdef-outline --recommended-glyphs
}
make_one NotoSerifCJK-Regular.ttc 2 NotoSerifSC-Regular.otf
make_one NotoSansCJK-Regular.ttc 2 NotoSansSC-Regular.otf
make_one NotoSansCJK-Bold.ttc 2 NotoSansSC-Bold.otf
ls -l fonts
