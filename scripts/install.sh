#!/usr/bin/env bash
# Installs what the tests need and the machine lacks; where it may not, says what to install and fails.
set -euo pipefail

has() { command -v "$1" >/dev/null; }
has_postgres() { has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_chinese_font() { has fc-list && [ -n "$(fc-list :lang=zh-cn)" ]; }
has_mail_server() { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null; }

missing=()
has pdftotext || missing+=(poppler-utils)
has_postgres || missing+=(postgresql)
has chromium || missing+=(chromium)
has chromedriver || missing+=(chromium-driver)
has_chinese_font || missing+=(fonts-noto-cjk fontconfig)
has_mail_server || missing+=(python3-aiosmtpd)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=(env)
elif has sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as_root=(sudo env)
else
  as_root=()
fi

if ! has apt-get || [ ${#as_root[@]} = 0 ]; then
  echo "The tests need programs that are not here. Please run: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi

echo "Installing ${missing[*]}"
apt() { "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@" </dev/null; }
apt update
apt install -y --no-install-recommends "${missing[@]}"
