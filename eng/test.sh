# Sourced by ../dev. Runs the test projects one after the other (many measure time, and two cores are
# few), and adds up what their own reports say.

# Seconds. A quiet machine with two cores stays well under 20 minutes from a fresh clone. Timing decides no test:
# on a busy machine the same run takes several times as long, and only what hangs is a failure.
project_seconds_max=900
run_seconds_max=4500
long_project_seconds_max=43200

run_tests() {
  local long=0 rooms=() argument
  for argument in "$@"; do
    case "$argument" in
      --long) long=1 ;;
      -*) die "unknown flag '$argument' of test; there is --long" ;;
      *) rooms+=("$argument") ;;
    esac
  done
  if [ "$long" = 1 ]; then
    export CLOSEDLOOP_TEST_LONG=1
    project_seconds_max=$long_project_seconds_max run_seconds_max=$((30 * long_project_seconds_max))
  else unset CLOSEDLOOP_TEST_LONG; fi

  for argument in ${rooms[@]+"${rooms[@]}"}; do
    [ -d "$root/tests/ClosedLoop.Streaming.$argument.Tests" ] ||
      die "there is no tests/ClosedLoop.Streaming.$argument.Tests; name rooms as in: ./dev test Credit House"
  done
  need_dotnet || exit 1
  locked fetch_for_tests
  command -v node >/dev/null || { need_npm || exit 1; }
  locked build_all || exit 1
  find_runtime

  local results="$root/artifacts/test-results" project name
  rm -rf "$results" && mkdir -p "$results"
  trap 'kill "${test_pid:-}" 2>/dev/null || true; exit 130' INT TERM
  for project in "$root"/tests/*.Tests/*.csproj; do
    name="$(basename "$project" .csproj)"
    if [ ${#rooms[@]} -gt 0 ]; then
      case " ${rooms[*]} " in *" $(sed 's/^ClosedLoop\.Streaming\.//; s/\.Tests$//' <<<"$name") "*) ;; *) continue ;; esac
    fi
    run_project "$name"
  done
  trap - INT TERM
  [ ${#rooms[@]} -gt 0 ] || cluster_profile
  node "$root/eng/summary.mjs" "$results"
}

# run_project NAME [FOLDER LABEL]: the built tests of a project, from a folder of their own and under a name of their own when they
# were built another time with other packages.
run_project() {
  local name="$1" label="${3:-$1}" started=$SECONDS
  local left=$((run_seconds_max - SECONDS)) limit=$project_seconds_max
  local folder="${2:-$root/tests/$name/bin/Release/net10.0}" rc=0
  [ "$limit" -le "$left" ] || limit=$left
  if [ "$limit" -le 0 ]; then
    printf 'not started: the run is over its %s s\n' "$run_seconds_max" >"$results/$label.log"
    rc=124
  else
    # timeout makes a process group of its own, so that what a test started goes with it.
    (cd "$folder" && exec timeout --kill-after=10 "$limit" "./$name" -noLogo -noColor -noAutoReporters -maxThreads 2 \
      -ctrf "$results/$label.json") >"$results/$label.log" 2>&1 </dev/null &
    test_pid=$!
    wait "$test_pid" || rc=$?
    # A test process that crashed leaves its own children behind, in its group.
    kill -KILL -- "-$test_pid" 2>/dev/null || true
    test_pid=
  fi
  printf '%s\n' "$rc" >"$results/$label.rc"
  node "$root/eng/summary.mjs" "$results" "$label" $((SECONDS - started))
}

# The distributed form's packages are on the full public feed only. A probe outside the solution, with its own obj folder, finds out
# without touching the default profile's restore. Where they are, the rooms that differ are built with them, in folders of their own, and tested.
cluster_rooms=(Log States Processor Grains)

cluster_profile() {
  local log="$root/artifacts/build/cluster.log" work="$root/artifacts/build/cluster" room
  mkdir -p "$work"
  if ! (cd "$root/eng/cluster" && timeout 60 dotnet restore Cluster.Probe.csproj -p:Cluster=true -v minimal \
    "-p:MSBuildProjectExtensionsPath=$work/" "-p:BaseIntermediateOutputPath=$work/") >"$log" 2>&1 </dev/null; then
    local missing
    missing="$(sed -n 's/.*Unable to find package \([A-Za-z0-9.]*[A-Za-z0-9]\)\..*/\1/p' "$log" | sort -u | paste -s -d ' ' || true)"
    echo "Cluster profile: not tested; its packages do not restore from this feed (missing: ${missing:-see artifacts/build/cluster.log})."
    return
  fi
  for room in "${cluster_rooms[@]}"; do
    local name="ClosedLoop.Streaming.$room.Tests" label="ClosedLoop.Streaming.$room-cluster.Tests"
    if dotnet build "$root/tests/$name" -c Release -v q -nologo -p:Cluster=true --artifacts-path "$work/out" >>"$log" 2>&1 </dev/null; then
      run_project "$name" "$work/out/bin/$name/release" "$label"
    else
      cp "$log" "$results/$label.log"
      echo 1 >"$results/$label.rc"
      echo "Cluster profile: $room does not build; see artifacts/build/cluster.log"
    fi
  done
  echo "Cluster profile: its packages restore here; ${cluster_rooms[*]} were built and tested with them."
}
