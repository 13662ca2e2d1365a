# Sourced by ../dev. Builds quietly, and only when something has changed.

need_dotnet() {
  command -v dotnet >/dev/null ||
    { say ".NET is missing: install the .NET 10 SDK (https://dotnet.microsoft.com/download/dotnet/10.0)."; return 1; }
  # Asked in the clone, where global.json decides.
  (cd "$root" && dotnet --version) >/dev/null 2>&1 || {
    say "The .NET 10 SDK is missing (https://dotnet.microsoft.com/download/dotnet/10.0). Found here:"
    dotnet --list-sdks >&2 || true
    return 1
  }
}

# The program finds its runtime by DOTNET_ROOT when .NET was unpacked somewhere else than usual.
find_runtime() {
  command -v dotnet >/dev/null || { need_dotnet || exit 1; }
  local folder; folder="$(dirname "$(readlink -f "$(command -v dotnet)")")"
  if [ -z "${DOTNET_ROOT:-}" ] && [ -d "$folder/host/fxr" ]; then export DOTNET_ROOT="$folder"; fi
}

# What a build depends on: every source's name, size and time. Times alone would miss a deleted file.
fingerprint() {
  (cd "$root" && {
    find "$@" -type d \( -name bin -o -name obj -o -name TestResults \) -prune -o -type f -printf '%p %s %T@\n'
    find . -maxdepth 1 \( -name 'Directory.*' -o -name global.json -o -name '*.sln' -o -name .editorconfig \) \
      -printf '%p %s %T@\n'
  } | LC_ALL=C sort | sha256sum)
}

# build NAME PROJECT FOLDER…: nothing happens when FOLDER… are as they were at the last good build.
build() {
  local name="$1" project="$2"; shift 2
  local stamp="$root/artifacts/build/$name.stamp" log="$root/artifacts/build/$name.log" now
  now="$(fingerprint "$@")"
  [ -x "$CLOSEDLOOP_PROGRAM" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && return 0
  need_dotnet || return 1
  say "Building …"
  rm -f "$stamp"
  if ! (cd "$root" && dotnet build "$project" -c Release -v quiet -nologo -nodeReuse:false "-clp:ErrorsOnly;NoSummary") \
    >"$log" 2>&1 </dev/null; then
    say "The build failed:"
    head -n 60 "$log" >&2
    return 1
  fi
  printf '%s\n' "$now" >"$stamp"
}

build_host() { build host src/ClosedLoop.Streaming.Host src; }
build_all() { build all ClosedLoop.Streaming.sln src tests && { fingerprint src >"$root/artifacts/build/host.stamp"; }; }
build_one() { build "$(basename "$1")" "$1" src "${1#"$root"/}"; }
