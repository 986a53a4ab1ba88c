# Sourced by scripts/bench, for `scripts/bench scan`: many hosts of the loopback farm, judged by `catenary scan`,
# by the bench folder's Go scanner (which stands in for tlsx and zgrab2: their modules cannot be fetched here) and
# by blackbox_exporter, in one run. CPU and memory are the whole process's; walls depend on who else is busy.
# shellcheck shell=bash disable=SC2154

need_packages prometheus-blackbox-exporter=prometheus-blackbox-exporter time=time jq=jq curl=curl unshare=util-linux
swift build -c release --package-path "$top" --product catenary >&2
[ -x "$harness/drive/drive" ] || (cd "$harness/drive" && "$work/venv/bin/go" build -o drive .)
ulimit -n "$(ulimit -Hn)" 2>/dev/null || :

catenary=$top/.build/release/catenary roots=$pki/roots.pem out=$work/scan pids=()
blackbox=127.0.0.1:18493 server=127.0.0.1:18494
mkdir -p "$out"
: >"$out/results.jsonl"
own=(--trust-store "farm=$roots" --trust-store-dir "$top/trust-store" --format json)

# The farm is stopped by us only when we started it.
if ! curl -s 127.0.0.1:18400/stats >/dev/null; then
    FARM_PKI=$pki bash "$farm/farm.sh" start >&2
    trap 'bash "$farm/farm.sh" stop; kill "${pids[@]}" 2>/dev/null || :' EXIT
else
    trap 'kill "${pids[@]}" 2>/dev/null || :' EXIT
fi
SSL_CERT_FILE=$roots SSL_CERT_DIR=/nonexistent prometheus-blackbox-exporter --log.level=error \
    --config.file="$harness/blackbox/blackbox.yml" --web.listen-address="$blackbox" >"$out/blackbox.log" 2>&1 &
blackbox_pid=$! pids+=($!)
"$catenary" serve --listen "$server" --trust-store "farm=$roots" --trust-store-dir "$top/trust-store" \
    >"$out/serve.log" 2>&1 &
pids+=($!)

for n in 1000 2000 5000; do
    for port in 18443 18454 18460; do
        python3 "$harness/gentargets.py" "$n" "$port" >"$out/$n-$port"
        sed 's/,/ name=/' "$out/$n-$port" >"$out/$n-$port.catenary"
    done
done
# By name: the farm's name server answers for them.
sed 's/.*,\(.*\)/\1:18443/' "$out/5000-18443" >"$out/names"

measure() { # LABEL TARGETS REGEX COMMAND…
    OKRE=$3 bash "$harness/bench_scan.sh" cli "$1" "$2" -- "${@:4}" >>"$out/results.jsonl"
}
go_scan() { measure "go-$1" "$out/$2" '"valid":true' "$harness/goref/goref" scan -roots "$roots" -c 500 -timeout 5s; }
catenary_scan() { # LABEL TARGETS OPTIONS…
    measure "catenary-$1" "$out/$2.catenary" '"verdict":"(partly_)?trusted"' \
        "$catenary" scan - "${own[@]}" --timeout 5s "${@:3}"
}

for ((round = 1; round <= repeat; round++)); do
    say "Scans, round $round of $repeat"
    go_scan 1000 1000-18443
    catenary_scan 1000 1000-18443 --stores farm
    catenary_scan 1000-all-stores 1000-18443 --stores all
    bash "$harness/bench_scan.sh" probe blackbox-1000 "$out/1000-18443" \
        "http://$blackbox/probe?module=tls&target={addr}" 500 "$blackbox_pid" '(?m)^probe_success 1' \
        >>"$out/results.jsonl"
    go_scan 5000 5000-18443
    catenary_scan 5000 5000-18443 --stores farm
    # 100 ms, and one host in twenty hangs.
    go_scan 1000-hung 1000-18454
    catenary_scan 1000-hung 1000-18454 --stores farm
    go_scan 5000-hung 5000-18454
    catenary_scan 5000-hung 5000-18454 --stores farm
    # Every one of them hangs, so that all are in flight.
    catenary_scan 2000-in-flight 2000-18460 --stores farm --concurrency 2000
done

echo "medians of $repeat"
jq -rs 'def median: sort | .[length / 2 | floor];
    group_by(.label) | sort_by(.[0].label) | .[] | [.[0].label, .[0].n, (map(.ok) | median),
        (map(.wall_s) | median * 100 | round / 100), (map(.cpu_ms_per_host) | median),
        (map(.rss_kb) | median / 1024 | round)] | @tsv' "$out/results.jsonl" |
    awk -F '\t' 'BEGIN { printf "%-26s %6s %6s %8s %12s %7s\n", "scan", "hosts", "ok", "wall s", "CPU ms/host", "RSS MB" }
        { printf "%-26s %6s %6s %8s %12s %7s\n", $1, $2, $3, $4, $5, $6 }'

# The answer of the API to 5,000 hosts, of which 250 hang: when its first octet and its last come.
body=$(jq -Rsc '{stores: ["farm"], timeout: "5s", targets: (split("\n") | map(select(. != "") | split(" name=") |
    {target: .[0], name: .[1]}))}' "$out/5000-18454.catenary")
began=$(date +%s%N)
printf '%s' "$body" | curl -sN -H 'Content-Type: application/json' --retry 20 --retry-connrefused \
    -H 'Accept: application/x-ndjson' --data-binary @- "http://$server/v1/scan" | {
    IFS= read -r first && printf '%s\n' "$first" && date +%s%N >"$out/first" && cat
} >"$out/answer"
awk -v began="$began" -v first="$(cat "$out/first")" -v last="$(date +%s%N)" 'BEGIN {
    printf "5,000 hosts over HTTP, 5 %% hung: first report after %.3f s, last after %.2f s\n",
        (first - began) / 1e9, (last - began) / 1e9 }'
printf '%s lines, of which trusted %s\n' "$(wc -l <"$out/answer")" "$(grep -c '"verdict":"trusted"' "$out/answer")"

# 5,000 names through the farm's name server, in a mount namespace with its own resolv.conf.
if [ "$(id -u)" = 0 ]; then
    printf 'nameserver 127.0.0.254\n' >"$out/resolv.conf"
    unshare -m sh -c 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"' _ "$out/resolv.conf" \
        /usr/bin/time -f '5,000 names: %e s wall, %U s user, %S s system' \
        "$catenary" scan "$out/names" "${own[@]}" --stores farm --timeout 30s >"$out/resolved"
    jq -rs '[.[] | .handshake.timings.resolve] | sort | "resolving took, in ms: median \(.[length / 2 | floor]), " +
        "99th percentile \(.[length * 99 / 100 | floor]), last \(.[-1]); \(length) names"' "$out/resolved"
else
    say "Resolving is measured as root only: it needs a resolv.conf of its own."
fi
