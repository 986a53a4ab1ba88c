"""The files of trust-store/: their form, and where each came from."""
import base64
import hashlib
import json
import pathlib
import re

import conditions
import lists

SCHEMA = 1
BLOCK = re.compile(
    r"^# ([0-9a-f]{64}) ([^\n]*)\n-----BEGIN CERTIFICATE-----\n(.*?)\n-----END CERTIFICATE-----$", re.S | re.M)


def read_certificates(path):
    """{sha256: (subject, DER)}; a comment that does not name its certificate is refused."""
    found = {}
    for digest, subject, body in BLOCK.findall(path.read_text(encoding="utf-8")):
        der = base64.b64decode(body, validate=False)
        if hashlib.sha256(der).hexdigest() != digest:
            raise ValueError(f"{path}: the certificate below {digest} has another hash")
        found[digest] = (subject, der)
    return found


def pem(digest, subject, der):
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at:at + 64] for at in range(0, len(text), 64))
    return f"# {digest} {subject}\n-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def rows_text(document, *members):
    """One row a line for the long lists `members`, so that a refresh reads well as a difference."""
    head = {key: value for key, value in document.items() if key not in members}
    text = json.dumps(head, indent=1, ensure_ascii=False)[:-2]
    for member in members:
        if member in document:
            rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in document[member])
            text += f',\n "{member}": [\n{rows}\n ]'
    return text + "\n}\n"


def is_tls(entry):
    return entry["trust"].get("serverAuth") in ("trustAnchor", "unknown-purpose")


def anchor(row, entry, jdk):
    out = {"sha256": entry["sha256"]}
    if entry["trust"]["serverAuth"] == "trustAnchor":
        out["purposes"] = ["serverAuth"]
    if row["name"] == "chrome":
        out["checks_anchor_dates"] = entry.get("enforceExpiry", False)
        out["checks_anchor_constraints"] = entry.get("enforceConstraints", False)
    if held := conditions.for_anchor(row, entry, jdk):
        out["conditions"] = held
    return out


def store(row, entries, former, jdk):
    """The document of one store; `former` are rows of anchors that it no longer has."""
    anchors = sorted((anchor(row, entry, jdk) for entry in entries if is_tls(entry)), key=lambda a: a["sha256"])
    digests = {one["sha256"] for one in anchors}
    if len(digests) != len(anchors):
        raise ValueError(f"{row['name']}: an anchor is listed twice")
    head = {key: row[key] for key in ("name", "version", "client", "client_version", "basis", "basis_reason", "newest")
            if key in row}
    head["published"] = row["published"] + "T00:00:00Z"
    gone = [one for one in former if one["sha256"] not in digests]
    return {"schema": SCHEMA, **head, **({"former": gone} if gone else {}), "anchors": anchors}


def file_name(row):
    return f"stores/{row['name']}-{row['version'].replace('+', '_')}.json"


def content_hash(entries):
    """SHA-256 over what was taken of a list's rows, whatever form they came in."""
    kept = ("sha256", "enforceExpiry", "enforceConstraints", "constraintSets")
    rows = [{**{key: entry[key] for key in kept if entry.get(key)}, "trust": entry["trust"]["serverAuth"],
             "distrustAfter": entry.get("distrustAfter", {}).get("serverAuth")}
            for entry in entries if is_tls(entry)]
    return json_hash(sorted(rows, key=lambda row: row["sha256"]))


def json_hash(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def origins(row, entries, source=None):
    """Where a store came from, and the facts that were added to it."""
    out = [{**(source or row["source"]), "upstream_date": row["published"], "converted_sha256": content_hash(entries)}]
    if row.get("newest", True) and row["name"] in conditions.FACTS:
        out.append({"facts": conditions.FACTS[row["name"]], "licence": "facts"})
    if row["name"] == "java" and row["version"].startswith("17."):
        out.append({"facts": [conditions.JDK_17_SOURCE], "licence": "facts"})
    return out


def manifest(target, provenance):
    """SOURCES.json; `provenance` is {file: origins}, without roots.pem and the clients."""
    provenance = dict(provenance)
    stores = [provenance[name][0] for name in sorted(provenance) if name.startswith("stores/")]
    provenance["roots.pem"] = stores
    for client in sorted((target / "clients").glob("*.json")):
        provenance[f"clients/{client.name}"] = [
            {"facts": "typed by hand; each entry names its source", "licence": "Apache-2.0"}]
    files = [
        {"file": name, "sha256": hashlib.sha256((target / name).read_bytes()).hexdigest(), "from": found}
        for name, found in sorted(provenance.items())]
    (target / "SOURCES.json").write_text(json.dumps({"schema": SCHEMA, "files": files}, indent=1) + "\n", encoding="utf-8")


def read(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def write_roots(target, used, certificates):
    """roots.pem: each certificate that a store names, once, by hash."""
    if missing := sorted(used - certificates.keys()):
        raise ValueError(f"no certificate {missing[0]}" + (f" and {len(missing) - 1} more" if missing[1:] else ""))
    blocks = [pem(digest, *certificates[digest]) for digest in sorted(used)]
    (target / "roots.pem").write_text("".join(blocks), encoding="utf-8")


def write_logs(target, version, day, rows):
    document = {"schema": SCHEMA, "version": version, "published": day + "T00:00:00Z", "logs": rows}
    (target / "logs.json").write_text(rows_text(document, "logs"), encoding="utf-8")


def chrome_logs(source, day, logs):
    kept = ("log_id", "key", "name", "type", "operator")
    return {**source, "path": source["path"] + ", kCTLogList", "read": "every log", "upstream_date": day,
            "converted_sha256": json_hash([{key: log[key] for key in kept} for log in logs])}


def _write_lists(target, name, found):
    (target / name).write_text(json.dumps({"schema": SCHEMA, "lists": found}, indent=1) + "\n", encoding="utf-8")


def write_onecrl(target, source, onecrl):
    _write_lists(target, "onecrl.json", [onecrl])
    return [{**source, "upstream_date": onecrl["published"][:10], "converted_sha256": json_hash(onecrl)}]


def write_blocked(target, row, keys, raw):
    """blocked-keys.json; `keys` are Chrome's, `raw` the JDK's file. Where the latter is from."""
    jdk = lists.jdk_certificates(raw, row["version"], row["published"])
    _write_lists(target, "blocked-keys.json", [keys, jdk])
    return {**row["source"], "upstream_date": row["published"], "converted_sha256": hashlib.sha256(raw).hexdigest()}
