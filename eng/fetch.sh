# Sourced by ../dev. Fetches parts that are not in the repository.
# Each npm part is pinned with its hash in eng/npm/NAME/package-lock.json. It is put together in a
# temporary folder and moved into place as a whole, so that a download cut off never looks complete.

need_npm() {
  command -v node >/dev/null && command -v npm >/dev/null ||
    { say "Node.js with npm is missing: install Node.js 18 or newer (https://nodejs.org) and try again."; return 1; }
  local version; version="$(node --version)"; version="${version#v}"
  [ "${version%%.*}" -ge 18 ] ||
    { say "Node.js $version is too old: 18 or newer is needed (https://nodejs.org)."; return 1; }
}

# fetch_npm LOCK FOLDER WHAT [FILE]: installs eng/npm/LOCK. With FILE, only that file of node_modules
# is kept; without it, node_modules stays as it is.
fetch_npm() {
  local lock="$root/eng/npm/$1" folder="$CLOSEDLOOP_ARTIFACTS/$2" what="$3" file="${4:-}"
  local wanted temp
  wanted="$(sha256sum <"$lock/package-lock.json")"
  [ "$(cat "$folder/.complete" 2>/dev/null)" = "$wanted" ] && return 0
  need_npm || return 1
  say "Fetching $what …"
  # Leftovers of a fetch that was killed; the lock says that nobody else is using them.
  rm -rf "$CLOSEDLOOP_ARTIFACTS/.fetching-$2."*
  temp="$(mktemp -d "$CLOSEDLOOP_ARTIFACTS/.fetching-$2.XXXXXX")" || return 1
  chmod 755 "$temp"
  cp "$lock/package.json" "$lock/package-lock.json" "$temp/"
  if ! (cd "$temp" && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error) \
    >"$temp/npm.log" 2>&1; then
    say "Could not fetch $what. npm says:"
    tail -n 15 "$temp/npm.log" >&2
    rm -rf "$temp"
    return 1
  fi
  local kept="$temp"
  rm -f "$temp/npm.log"
  if [ -n "$file" ]; then
    kept="$temp/kept"
    mkdir "$kept" && mv "$temp/node_modules/$file" "$kept/" || { rm -rf "$temp"; return 1; }
  fi
  # The mark is written before the move, and the move is one step: a folder that is there is whole.
  printf '%s\n' "$wanted" >"$kept/.complete" && rm -rf "$folder" && mv "$kept" "$folder" || { rm -rf "$temp"; return 1; }
  rm -rf "$temp"
}

fetch_agents() { fetch_npm agents agents "the patterns of known bots" crawler-user-agents/crawler-user-agents.json; }

fetch_chdb() {
  if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
    say "The embedded ClickHouse engine exists for Linux x64 only: set CLOSEDLOOP_CLICKHOUSE_URL to a ClickHouse server."
    return 1
  fi
  fetch_npm chdb chdb "the embedded ClickHouse engine (178 MB, once)" @chdb/lib-linux-x64-gnu/libchdb.so
}

# The default profile talks to Kafka through the system's library; nothing else needs it.
fetch_kafka_library() {
  PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null | grep -q 'librdkafka\.so\.1' && return 0
  install_package librdkafka1 && PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null | grep -q 'librdkafka\.so\.1' && return 0
  say "Kafka needs librdkafka.so.1, which this machine does not have: install librdkafka1 (apt-get install librdkafka1)."
  return 1
}

fetch_for_run() {
  fetch_agents || return 1
  [ -z "${CLOSEDLOOP_KAFKA:-}" ] || fetch_kafka_library || return 1
  [ -n "${CLOSEDLOOP_CLICKHOUSE_URL:-}" ] || fetch_chdb ||
    { say "Without the embedded engine, set CLOSEDLOOP_CLICKHOUSE_URL to a ClickHouse server."; return 1; }
}

# Parts of the system that tests and benchmarks start themselves, on ports and folders of their own.
# Their services are never started or enabled.
system_part() { # VARIABLE PACKAGE PROGRAM…
  local variable="$1" package="$2" path; shift 2
  path="$(first_program "$@")"
  if [ -z "$path" ]; then
    install_package "$package" || { say "What needs $1 is skipped."; return 0; }
    path="$(first_program "$@")"
    [ -n "$path" ] || { say "$package brought no $1; what needs it is skipped."; return 0; }
  fi
  export "$variable=$path"
}

first_program() {
  local name
  for name in "$@"; do PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$name" && return 0; done
  return 0
}

install_package() {
  local package="$1" log="$root/artifacts/build/apt.log" as_root=()
  command -v apt-get >/dev/null || { say "$package is missing, and there is no apt-get to install it with."; return 1; }
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as_root=(sudo)
    else say "$package is missing; installing it needs root or sudo."; return 1; fi
  fi
  say "Installing $package …"
  if [ -z "${apt_updated:-}" ]; then
    "${as_root[@]}" apt-get -q update >"$log" 2>&1 || say "apt-get update failed (see $log); trying all the same."
    apt_updated=1
  fi
  # Debian's own way to say "install, but start nothing"; an existing policy is the machine's business.
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null && "${as_root[@]}" chmod 755 "$policy"
    made_policy=1
  fi
  local rc=0
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=120 --no-install-recommends install "$package" >>"$log" 2>&1 || rc=$?
  [ -z "$made_policy" ] || "${as_root[@]}" rm -f "$policy"
  if [ "$rc" -ne 0 ]; then
    say "Could not install $package. apt-get says:"
    tail -n 5 "$log" >&2
    return 1
  fi
  # Installed, but not to be started at the next boot either.
  local service="${package%-light}"
  if [ -d /run/systemd/system ]; then "${as_root[@]}" systemctl disable --quiet "$service" 2>/dev/null || true; fi
}

fetch_for_tests() {
  fetch_agents || true
  fetch_chdb || say "Tests that need the embedded engine are skipped."
  fetch_npm tests npm-tests "independent clients for the tests" || say "Tests that need them are skipped."
  # Ubuntu has Chromium as a snap only; an installed Chrome does as well.
  system_part CLOSEDLOOP_CHROMIUM chromium chromium google-chrome google-chrome-stable
  system_part CLOSEDLOOP_REDIS_SERVER redis-server redis-server
  fetch_kafka_library || say "Tests of the log on Kafka are skipped."
}

fetch_for_bench() {
  fetch_for_run || return 1
  system_part CLOSEDLOOP_REDIS_SERVER redis-server redis-server
  system_part CLOSEDLOOP_NGINX nginx-light nginx
}
