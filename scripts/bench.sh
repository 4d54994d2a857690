#!/usr/bin/env bash
# Measures collabd beside other servers, in turns, and writes docs/benchmarks.md with its pictures. It takes half an
# hour after building, on a machine that does nothing else. Sockudo alone takes 20 minutes to build, the first time.
#
#   scripts/bench.sh              everything
#   scripts/bench.sh --no-sockudo everything but Sockudo
#   scripts/bench.sh --runs 5     the same, each server in each scenario five times
#   scripts/bench.sh --quick      the same with few members and short times, into target/bench: to see that it works
#   scripts/bench.sh fanout hot   only these scenarios, into target/bench
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

runs=
quick=
with_sockudo=yes
scenarios=()
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=yes ;;
    --no-sockudo) with_sockudo= ;;
    --runs)
        runs=${2:?how many}
        shift
        ;;
    -*)
        echo "unknown option: $1" >&2
        exit 2
        ;;
    *) scenarios+=("$1") ;;
    esac
    shift
done

need_c_compiler
need_node
need_packages bench
need_relays
sockudo=$target_dir/peers/bin/sockudo
# Whether everything works is seen without it, too.
if [ -n "$with_sockudo" ] && [ -z "$quick" ] && [ ${#scenarios[@]} -eq 0 ]; then
    need_sockudo
fi
cargo build --release --locked --package collabd-server --bin collabd
cargo build --release --locked --package collabd-loadgen --bin collab-bench --example relay
bench=$target_dir/release/collab-bench
results=$target_dir/bench
rm -rf "$results"
mkdir -p "$results"
# A crowd needs as many descriptors as the system allows.
ulimit -n "$(ulimit -Hn)"

status=0
# play NAME TITLE SCENARIO OPTIONS...: plays a scenario, and keeps its reports, its table and its command.
play() {
    local name=$1 title=$2
    shift 2
    if [ ${#scenarios[@]} -gt 0 ] && [[ " ${scenarios[*]} " != *" $1 "* ]]; then
        return
    fi
    if [[ " $* " == *" --compare "* && -n "$with_sockudo" && -x "$sockudo" ]]; then
        set -- "$@" --sockudo "$sockudo"
    fi
    printf '\n## %s\n\n' "$title"
    "$bench" "$@" --json "$results/reports.jsonl" --table "$results/$name.table" || status=$?
    {
        printf '\n## %s\n\n' "$title"
        printf "\`collab-bench %s\`\n" "$*"
        if [ -e "$results/$name.table" ]; then
            cat "$results/$name.table"
        fi
    } >>"$results/tables.md"
}

once=(--runs "${runs:-1}")
thrice=(--runs "${runs:-3}")
if [ -n "$quick" ]; then
    short=(--warm-up 500ms --duration 2s "${once[@]}")
    play rooms 'Ten rooms of ten' fanout --projects 2 --members 5 --rate 20 "${short[@]}" --compare
    play many 'Two hundred rooms of ten' fanout --projects 20 --members 5 --rate 10 "${short[@]}" --compare
    play hot 'One hot document' hot --members 10,20 "${short[@]}" --compare
    play idle 'Sockets that do nothing' idle --sockets 200 --compare "${once[@]}"
    play slow 'Members who do not read' slow --projects 2 --members 5 "${short[@]}" --compare
    play churn 'Coming and going' churn --sessions 2000 --projects 10 "${once[@]}"
    play storm 'A restart below everybody' storm --projects 10 --restarts 1 "${once[@]}"
    play soak 'Very many sessions' soak --sessions 1000 --rounds 3 --projects 10 --crowd 10 --crowd-duration 1s \
        --plot "$results/soak" "${once[@]}"
    play mixed 'All at once' mixed --projects 1 --sessions 200 --sockets 100 --duration 2s "${once[@]}"
else
    # What decides between servers is measured thrice; what only one is asked for, or takes long, once.
    short=(--warm-up 1s --duration 5s)
    play rooms 'Ten rooms of ten' fanout --projects 10 --members 10 --rate 20 "${short[@]}" --compare \
        --plot "$results/rooms" "${thrice[@]}"
    play many 'Two hundred rooms of ten' fanout --projects 200 --members 10 --rate 10 "${short[@]}" --compare \
        "${once[@]}"
    play hot 'One hot document' hot --members 25,50,75,100,150,200,300,400,500 --warm-up 1s --duration 4s --compare \
        "${once[@]}"
    play idle 'Sockets that do nothing' idle --compare "${once[@]}"
    play slow 'Members who do not read' slow --warm-up 1s --duration 8s --compare --plot "$results/slow" "${once[@]}"
    play churn 'Coming and going' churn "${once[@]}"
    play storm 'A restart below everybody' storm "${once[@]}"
    play soak 'Very many sessions' soak --rounds 3 --sessions 40000 --crowd-duration 2s --plot "$results/soak" "${once[@]}"
    play mixed 'All at once' mixed --plot "$results/mixed" "${once[@]}"
fi

page=$results/benchmarks.md
{
    cat bench/about.md
    printf '\n## The machine\n\n| | |\n|---|---|\n'
    printf '| processor | %s, %s cores |\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)"
    printf '| memory | %s GiB |\n' "$(awk '/^MemTotal/ {printf "%.0f", $2 / 1048576}' /proc/meminfo)"
    printf '| system | Linux %s |\n' "$(uname -r)"
    printf '| Rust, Node.js | %s, %s |\n' "$(rustc --version | cut -d ' ' -f 2)" "$(node --version)"
    printf '| collabd | %s |\n' "$("$target_dir/release/collabd" --version | cut -d ' ' -f 2-)"
    printf '| day | %s |\n\n' "$(date --utc +%F)"
    "$bench" judge "$results/reports.jsonl"
    cat "$results/tables.md"
} >"$page"
if [ -z "$quick" ] && [ ${#scenarios[@]} -eq 0 ]; then
    mkdir -p docs/images/bench
    for picture in "$results"/*/*.svg; do
        cp "$picture" "docs/images/bench/$(basename "$(dirname "$picture")")-$(basename "$picture")"
    done
    cp "$page" docs/benchmarks.md
    page=docs/benchmarks.md
fi
echo
echo "wrote $page"
exit "$status"
