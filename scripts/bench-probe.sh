# Sourced by scripts/bench, for `scripts/bench probe`: `/probe` of `catenary serve` beside blackbox_exporter's, the
# same module and the same hosts of the loopback farm in one run. CPU is user and system time of the whole process.
# shellcheck shell=bash disable=SC2154

need_packages prometheus-blackbox-exporter=prometheus-blackbox-exporter jq=jq curl=curl
swift build -c release --package-path "$top" --product catenary >&2
[ -x "$harness/drive/drive" ] || (cd "$harness/drive" && "$work/venv/bin/go" build -o drive .)
ulimit -n "$(ulimit -Hn)" 2>/dev/null || :

catenary=$top/.build/release/catenary roots=$pki/roots.pem out=$work/probe pids=()
blackbox=127.0.0.1:18495 server=127.0.0.1:18496 probes=${PROBES:-1000}
mkdir -p "$out"
: >"$out/results.jsonl"
printf 'modules:\n  tls: {prober: tcp, timeout: 5s, tcp: {tls: true, preferred_ip_protocol: ip4}}\n' \
    >"$out/modules.yml"

# The farm is stopped by us only when we started it.
stop() { kill "${pids[@]}" 2>/dev/null || :; }
trap stop EXIT
if ! curl -s 127.0.0.1:18400/stats >/dev/null; then
    FARM_PKI=$pki bash "$farm/farm.sh" start >&2
    trap 'bash "$farm/farm.sh" stop; stop' EXIT
fi
SSL_CERT_FILE=$roots SSL_CERT_DIR=/nonexistent prometheus-blackbox-exporter --log.level=error \
    --config.file="$out/modules.yml" --web.listen-address="$blackbox" >"$out/blackbox.log" 2>&1 &
blackbox_pid=$! pids+=($!)
"$catenary" serve --listen "$server" --config "$out/modules.yml" --trust-store "farm=$roots" \
    --trust-store-dir "$top/trust-store" >"$out/serve.log" 2>&1 &
server_pid=$! pids+=($!)
curl -s --retry 20 --retry-connrefused --retry-delay 1 "http://$server/healthz" "http://$blackbox/-/healthy" >/dev/null

# 18443 has EC and RSA leaves in turn.
python3 "$harness/gentargets.py" "$probes" 18443 >"$out/targets"

probe() { # LABEL ADDRESS PID OPTIONS
    bash "$harness/bench_scan.sh" probe "$1" "$out/targets" "http://$2/probe?module=tls&target={addr}$4" \
        "${CONCURRENCY:-50}" "$3" '(?m)^probe_success 1' >>"$out/results.jsonl"
}
# Once unmeasured. A server keeps 1,000 parsed leaves: with PROBES=3000 each one is parsed anew.
probe warm-up "$blackbox" "$blackbox_pid" ''
probe warm-up "$server" "$server_pid" '&stores=farm'
for ((round = 1; round <= repeat; round++)); do
    say "Probes, round $round of $repeat"
    probe blackbox "$blackbox" "$blackbox_pid" ''
    probe catenary-strict "$server" "$server_pid" '&stores=farm&compat=strict'
    probe catenary "$server" "$server_pid" '&stores=farm'
    probe catenary-all-stores "$server" "$server_pid" '&stores=all'
done

echo "medians of $repeat"
jq -rs 'def median: sort | .[length / 2 | floor];
    map(select(.label != "warm-up")) | (map(select(.label == "blackbox") | .cpu_ms_per_host) | median) as $theirs |
    group_by(.label) | sort_by(.[0].label) | .[] | (map(.cpu_ms_per_host) | median) as $cpu | [.[0].label, .[0].n,
        (map(.ok) | median), $cpu, ($cpu / $theirs * 100 | round / 100), (map(.drive.p99_ms) | median | round),
        (map(.rss_kb) | median / 1024 | round)] | @tsv' "$out/results.jsonl" |
    awk -F '\t' 'BEGIN { printf "%-22s %7s %6s %13s %6s %7s %7s\n", "probe", "probes", "ok", "CPU ms/probe", "ratio", "p99 ms", "RSS MB" }
        { printf "%-22s %7s %6s %13s %6s %7s %7s\n", $1, $2, $3, $4, $5, $6, $7 }'
