"""The built-in roots of Mozilla, read from libnssckbi.so over PKCS#11; nothing but ctypes."""
import ctypes
import datetime
import hashlib

ULONG = ctypes.c_ulong
POINTER = ctypes.c_void_p
# The functions of CK_FUNCTION_LIST in order, after its version (PKCS#11 2.40, pkcs11f.h).
ORDER = (
    "Initialize Finalize GetInfo GetFunctionList GetSlotList GetSlotInfo GetTokenInfo GetMechanismList "
    "GetMechanismInfo InitToken InitPIN SetPIN OpenSession CloseSession CloseAllSessions GetSessionInfo "
    "GetOperationState SetOperationState Login Logout CreateObject CopyObject DestroyObject GetObjectSize "
    "GetAttributeValue SetAttributeValue FindObjectsInit FindObjects FindObjectsFinal").split()
NSS = 0xCE534350
ATTRIBUTES = {
    "class": 0x0, "label": 0x3, "value": 0x11, "issuer": 0x81, "serial": 0x82,
    "distrust_after": NSS + 35, "server_auth": NSS + 0x2000 + 8}
CERTIFICATE, TRUST = 1, 0xCE534353
MEANING = {0x51: "trusted", 0x52: "trustAnchor", 0x53: "mustVerify", 0x5A: "distrusted"}


class Attribute(ctypes.Structure):
    _fields_ = [("type", ULONG), ("value", POINTER), ("length", ULONG)]


class Module:
    def __init__(self, path):
        table = POINTER()
        library = ctypes.CDLL(str(path))
        if library.C_GetFunctionList(ctypes.byref(table)) != 0:
            raise OSError(f"{path}: C_GetFunctionList failed")
        self.functions = (POINTER * len(ORDER)).from_address(table.value + ctypes.sizeof(POINTER))
        try:
            self.call("Initialize", None)
        except OSError as error:
            if "0x191" not in str(error):  # CKR_CRYPTOKI_ALREADY_INITIALIZED: opened before
                raise

    def call(self, name, *arguments):
        kinds = [ULONG if isinstance(a, int) else POINTER for a in arguments]
        function = ctypes.CFUNCTYPE(ULONG, *kinds)(self.functions[ORDER.index(name)])
        values = [a if isinstance(a, int) or a is None else ctypes.addressof(a) for a in arguments]
        if code := function(*values):
            raise OSError(f"C_{name} failed with {code:#x}")

    def attribute(self, session, handle, kind):
        wanted = Attribute(kind, None, 0)
        try:
            self.call("GetAttributeValue", session, handle, wanted, 1)
            if wanted.length == ULONG(-1).value:
                return None
            buffer = ctypes.create_string_buffer(wanted.length or 1)
            wanted.value = ctypes.addressof(buffer)
            self.call("GetAttributeValue", session, handle, wanted, 1)
        except OSError:
            return None
        return buffer.raw[:wanted.length]


def objects(path):
    module = Module(path)
    count = ULONG(0)
    module.call("GetSlotList", 1, None, count)
    slots = (ULONG * count.value)()
    module.call("GetSlotList", 1, slots, count)
    found = []
    for slot in slots:
        session = ULONG()
        module.call("OpenSession", slot, 4, None, None, session)
        module.call("FindObjectsInit", session.value, None, 0)
        handles, batch, size = [], (ULONG * 100)(), ULONG(1)
        while size.value:
            module.call("FindObjects", session.value, batch, 100, size)
            handles += batch[:size.value]
        module.call("FindObjectsFinal", session.value)
        for handle in handles:
            values = {name: module.attribute(session.value, handle, kind) for name, kind in ATTRIBUTES.items()}
            found.append(values)
        module.call("CloseSession", session.value)
    return found


def version(path):
    """Of the list of roots: libraryVersion of CK_INFO (PKCS#11 2.40, §3.1), after 80 bytes of others."""
    module = Module(path)
    info = ctypes.create_string_buffer(88)
    module.call("GetInfo", info)
    return f"{info.raw[80]}.{info.raw[81]}"


def instant(value):
    """A UTCTime of NSS as RFC 3339."""
    moment = datetime.datetime.strptime(value.decode(), "%y%m%d%H%M%SZ")
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def read(path):
    """(rows, {sha256: DER}); a row as stores/*.json of the source folder has it."""
    found = objects(path)
    trust = {(o["issuer"], o["serial"]): o for o in found if int.from_bytes(o["class"], "little") == TRUST}
    rows, certificates = [], {}
    for one in found:
        if int.from_bytes(one["class"], "little") != CERTIFICATE:
            continue
        digest = hashlib.sha256(one["value"]).hexdigest()
        certificates[digest] = one["value"]
        value = trust.get((one["issuer"], one["serial"]), {}).get("server_auth")
        row = {"sha256": digest, "label": one["label"].decode().rstrip("\0"),
               "trust": {"serverAuth": MEANING.get(value[0] if value else None, "unknown")}}
        if one["distrust_after"] and one["distrust_after"] != b"\0":
            row["distrustAfter"] = {"serverAuth": instant(one["distrust_after"])}
        rows.append(row)
    return rows, certificates
