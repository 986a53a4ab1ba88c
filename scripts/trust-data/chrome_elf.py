"""Chrome's tables out of the program itself: kChromeRootCertList and kCTLogList of a 64-bit x86 ELF file.

Text of them ships only with sources of hundreds of megabytes. The layout is that of the structs in
net/cert/internal/trust_store_chrome.h and components/certificate_transparency/ct_known_logs.h, as clang lays them out;
`read` refuses what does not look like the tables that are known.
"""
import base64
import datetime
import hashlib
import mmap
import struct

SECTION, RELATIVE = 64, 8  # bytes of a section header; R_X86_64_RELATIVE
ROOT, EUTL, CONSTRAINT, LOG = 64, 16, 160, 56  # strides of the arrays
PUBLIC_KEY = (bytes.fromhex("3059301306072a8648ce3d0201"), bytes.fromhex("30820122300d06092a864886f70d010101"))
KINDS = {1: "rfc6962", 2: "static_ct"}
# ISRG Root X1 and GTS Root R1: in every version since the list exists.
KNOWN = {"96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6",
         "d947432abde7b7fa90fc2e6b59101b1280e0e1c7e4e40fa3c6887fff57a7f4cf"}


class Image:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self.bytes[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{path}: not a 64-bit little-endian ELF file")
        start, = struct.unpack_from("<Q", self.bytes, 0x28)
        count, names = struct.unpack_from("<HH", self.bytes, 0x3C)
        rows = [struct.unpack_from("<IIQQQQ", self.bytes, start + SECTION * at) for at in range(count)]
        table = rows[names][4]
        self.sections = {}
        for row in rows:
            begin = table + row[0]
            self.sections[self.bytes[begin:self.bytes.find(b"\0", begin)].decode()] = row
        if not {".rodata", ".data.rel.ro", ".rela.dyn"} <= self.sections.keys():
            raise ValueError(f"{path}: a section is missing")
        # What each relocated place points to.
        relocations = self.sections[".rela.dyn"]
        self.pointer = {
            place: target for place, info, target in struct.iter_unpack(
                "<QQq", self.bytes[relocations[4]:relocations[4] + relocations[5]])
            if info & 0xFFFFFFFF == RELATIVE}

    def offset(self, address):
        for name in (".rodata", ".data.rel.ro", ".data"):
            row = self.sections.get(name)
            if row and row[3] <= address < row[3] + row[5]:
                return row[4] + address - row[3]
        return None

    def holds(self, section, address, length=1):
        row = self.sections[section]
        return row[3] <= address and address + length <= row[3] + row[5]

    def word(self, address):
        return struct.unpack_from("<Q", self.bytes, self.offset(address))[0]

    def span(self, place, length=None):
        """The bytes of a base::span at `place`: pointer and size."""
        at = self.offset(self.pointer[place])
        return self.bytes[at:at + (self.word(place + 8) if length is None else length)]

    def text(self, address):
        at = self.offset(address)
        return self.bytes[at:self.bytes.find(b"\0", at)].decode()

    def is_certificate(self, place):
        length = self.word(place + 8)
        at = self.offset(self.pointer[place])
        return (300 < length < 5000 and self.bytes[at:at + 2] == b"\x30\x82"
                and struct.unpack_from(">H", self.bytes, at + 2)[0] + 4 == length)


def runs(places, strides):
    """Places that follow each other in steps of one of `strides`, in order; a run has more than five."""
    found = []
    for place in sorted(places):
        for run in found:
            step = place - run[-1]
            if step == run[1] - run[0] if len(run) > 1 else step in strides:
                run.append(place)
                break
        else:
            found.append([place])
    return [run for run in found if len(run) > 5]


def instant(microseconds):
    moment = datetime.datetime(1601, 1, 1) + datetime.timedelta(microseconds=microseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def constraint(image, at):
    out = {}
    for name, place in (("sct_not_after", 0), ("sct_all_after", 16), ("validity_starts_not_after", 128),
                        ("validity_starts_after", 144)):
        if image.word(at + place + 8) & 0xFF == 1:
            out[name] = instant(image.word(at + place))
    for name, place in (("min_version", 32), ("max_version_exclusive", 56)):
        if image.word(at + place + 16) & 0xFF == 1:
            out[name] = image.span(at + place).decode()
    if names := image.word(at + 88):
        first = image.pointer[at + 80]
        out["permitted_dns_names"] = [image.span(first + 16 * one).decode() for one in range(names)]
    return out


def roots(image):
    """(rows, {sha256: DER}) of the anchors for TLS."""
    places = [place for place, target in image.pointer.items()
              if image.holds(".data.rel.ro", place, 16) and image.holds(".rodata", target)
              and place + 8 not in image.pointer and image.is_certificate(place)]
    tables = [run for run in runs(places, (ROOT, EUTL)) if run[1] - run[0] == ROOT]
    if len(tables) != 1:
        raise ValueError(f"{len(tables)} tables of anchors")
    rows, certificates = [], {}
    for place in tables[0]:
        der = image.span(place)
        digest = hashlib.sha256(der).hexdigest()
        certificates[digest] = der
        row = {"sha256": digest, "trust": {"serverAuth": "trustAnchor"}}
        first, count = image.pointer.get(place + 16), image.word(place + 24)
        if first and count:
            row["constraintSets"] = [constraint(image, first + CONSTRAINT * at) for at in range(count)]
        flags = image.word(place + 32)
        row["enforceExpiry"], row["enforceConstraints"] = bool(flags & 0xFF), bool(flags >> 8 & 0xFF)
        rows.append(row)
    return rows, certificates


def logs(image):
    def key(place):
        target = image.pointer.get(place)
        if target is None or image.offset(target) is None or image.word(place + 8) not in (91, 294):
            return None
        found = image.span(place)
        return found if found.startswith(PUBLIC_KEY) else None

    places = [place for place in image.pointer if image.holds(".data.rel.ro", place, LOG) and key(place)]
    tables = [run for run in runs(places, (LOG,)) if run[1] - run[0] == LOG]
    if not tables:
        raise ValueError("no table of logs")
    out = []
    for place in max(tables, key=len):
        found = key(place)
        out.append({
            "log_id": base64.b64encode(hashlib.sha256(found).digest()).decode(),
            "key": base64.b64encode(found).decode(), "name": image.text(image.pointer[place + 16]),
            "type": KINDS.get(image.word(place + 24) & 0xFFFFFFFF, "unspecified"),
            "operator": image.text(image.pointer[place + 32])})
    return out


def read(path):
    """(rows, {sha256: DER}, logs); ValueError when it is not what is known of the tables."""
    image = Image(path)
    rows, certificates = roots(image)
    found = logs(image)
    dated = [one for row in rows for one in row.get("constraintSets", []) if "sct_not_after" in one]
    if len(rows) < 90 or not KNOWN <= certificates.keys() or len(found) < 30:
        raise ValueError(f"{path}: {len(rows)} anchors and {len(found)} logs; the layout may have changed")
    if any(not "2020" < one["sct_not_after"][:4] < "2040" for one in dated):
        raise ValueError(f"{path}: a date that is none; the layout may have changed")
    return rows, certificates, found
