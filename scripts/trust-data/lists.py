"""Transparency logs and block lists, out of Chrome's, Mozilla's and the JDK's tables."""
import base64
import datetime
import hashlib
import json

KINDS = {"rfc6962": "rfc6962", "static_ct": "static"}


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def logs(newest, older, newest_day):
    """One list of two: the newest has no states, the older one has; see docs/trust-data.md on `listed`, `dropped`."""
    seen = older["log_list_timestamp"]
    out = {}
    for operator in older["operators"]:
        for kind, member in (("rfc6962", "logs"), ("static", "tiled_logs")):
            for log in operator.get(member, []):
                row = {"id": log["log_id"], "key": log["key"], "name": log["description"],
                       "operator": operator["name"], "type": kind,
                       "states": [{"state": state, "since": value["timestamp"]}
                                  for state, value in log["state"].items()]}
                if interval := log.get("temporal_interval"):
                    row["accepts"] = {"from": interval["start_inclusive"], "to": interval["end_exclusive"]}
                if former := log.get("previous_operators"):
                    row["former_operators"] = [{"name": f["name"], "until": f["end_time"]} for f in former]
                out[row["id"]] = row
    kept = {log["log_id"] for log in newest["logs"]}
    for log in newest["logs"]:
        if log["log_id"] not in out:
            out[log["log_id"]] = {
                "id": log["log_id"], "key": log["key"], "name": log["name"], "operator": log["operator"],
                "type": KINDS[log["type"]], "states": [{"state": "listed", "since": seen}]}
    for digest, row in out.items():
        if digest not in kept and row["states"][-1]["state"] not in ("retired", "rejected"):
            row["states"].append({"state": "dropped", "since": newest_day + "T00:00:00Z"})
    return sorted(out.values(), key=lambda row: (row["operator"], row["name"]))


def merged_logs(known, newest, newest_day):
    """The logs that are shipped, and a newer list: a log that it lacks is dropped from that day on, one that it has
    and we do not is listed. The same list again changes nothing."""
    out = {row["id"]: {**row, "states": list(row["states"])} for row in known}
    kept = {log["log_id"] for log in newest}
    moment = newest_day + "T00:00:00Z"
    for log in newest:
        row = out.setdefault(log["log_id"], {
            "id": log["log_id"], "key": log["key"], "name": log["name"], "operator": log["operator"],
            "type": KINDS[log["type"]], "states": []})
        if not row["states"] or row["states"][-1]["state"] == "dropped":
            row["states"].append({"state": "listed", "since": moment})
        if row["operator"] != log["operator"]:
            row.setdefault("former_operators", []).append({"name": row["operator"], "until": moment})
            row["operator"] = log["operator"]
    for digest, row in out.items():
        if digest not in kept and row["states"][-1]["state"] not in ("retired", "rejected", "dropped"):
            row["states"].append({"state": "dropped", "since": moment})
    return sorted(out.values(), key=lambda row: (row["operator"], row["name"]))


def from_remote_settings(dump):
    """Mozilla's dump of OneCRL in the form that `onecrl` takes: issuer and serial, or subject and key."""
    issuers, keys = {}, set()
    for row in dump["data"]:
        if "issuerName" in row:
            issuer = issuers.setdefault(row["issuerName"], set())
            issuer.add(base64.b64decode(row["serialNumber"]).hex())
        else:
            subject = hashlib.sha256(base64.b64decode(row["subject"])).hexdigest()
            keys.add((subject, base64.b64decode(row["pubKeyHash"]).hex()))
    return {"timestamp": dump["timestamp"],
            "byIssuer": {hashlib.sha256(base64.b64decode(issuer)).hexdigest(): {
                "issuer": issuer, "serials": sorted(serials)} for issuer, serials in issuers.items()},
            "bySubjectSpki": [{"subjectSha256": subject, "spkiSha256": key} for subject, key in sorted(keys)]}


def onecrl(source):
    moment = datetime.datetime.fromtimestamp(source["timestamp"] // 1000, datetime.timezone.utc)
    return {"name": "onecrl", "version": str(source["timestamp"]),
            "published": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "clients": ["firefox"],
            "issuers": [{"issuer": row["issuer"], "serials": sorted(row["serials"])}
                        for _, row in sorted(source["byIssuer"].items())],
            "subject_keys": sorted(
                ({"subject_sha256": row["subjectSha256"], "key_sha256": row["spkiSha256"]}
                 for row in source["bySubjectSpki"]), key=lambda row: row["key_sha256"])}


def chrome_keys(source, version, day):
    """Only the keys that Chrome refuses; those of known interception it merely reports."""
    return {"name": "chrome", "version": version, "published": day + "T00:00:00Z", "clients": ["chrome"],
            "keys": sorted(source["lists"]["kSPKIBlockList"])}


def jdk_certificates(raw, version, day):
    lines = raw.decode("ascii").split()
    if lines[0] != "Algorithm=SHA-256":
        raise ValueError("blocked.certs: the first line is not Algorithm=SHA-256")
    return {"name": "jdk", "version": version, "published": day + "T00:00:00Z", "clients": ["java"],
            "certificates": sorted(line.lower() for line in lines[1:])}
