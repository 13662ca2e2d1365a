#!/bin/sh
# Makes infra/.env with fresh secrets, once; an .env that is there is left alone. Lose CLOSEDLOOP_MASTER_KEY, and cookies,
# links and sealed values of this installation can't be read any more: keep a copy in a safe place.
set -eu
file="$(dirname "$0")/.env"
[ ! -e "$file" ] || { echo "$file is there already."; exit 0; }
draw() { openssl rand -hex "$1"; }
umask 077
cat >"$file.new" <<TEXT
CLOSEDLOOP_MASTER_KEY=$(draw 32)
CLOSEDLOOP_ADMIN_KEY=cla_$(draw 24)
CLOSEDLOOP_DASHBOARD_PASSWORD=$(draw 16)
REDIS_PASSWORD=$(draw 24)
CLICKHOUSE_PASSWORD=$(draw 24)
GRAFANA_PASSWORD=$(draw 16)
CLOSEDLOOP_PUBLIC_URL=http://localhost:8080
TEXT
mv "$file.new" "$file"
echo "Made $file."
