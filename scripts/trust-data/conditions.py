"""What a store demands of chains that end at an anchor, in the one vocabulary of docs/trust-data.md."""

import re

# Dated facts that no list carries, each with its source. Dates without a time are the end of that day in UTC.
APPLE_SOURCE = ("support.apple.com/121668, effective date 2024-11-15: certificates issued on or before it go on to work, "
                "later ones of the 11 roots listed by SHA-256 fail for TLS")
APPLE_DATE = "2024-11-15T23:59:59Z"
MICROSOFT_SOURCE = ("Microsoft Trusted Root Program, February 2025 deployment notice (MicrosoftDocs/security, "
                    "security-docs/trusted-root/2025/february-2025.md): NotBefore April 16, 2025 on 14 roots listed by "
                    "SHA-256; only certificates issued after this date are distrusted")
MICROSOFT_DATE = "2025-04-16T23:59:59Z"
# The JDK compares days in UTC for issuance, the machine's day for use.
JDK_SOURCE = ("openjdk-25-source 25.0.5, src.zip, java.base/sun/security/validator/{Symantec,Entrust,Camerfirma,Chunghwa}"
              "TLSPolicy.java, all four named by jdk.security.caDistrustPolicies in java.security")
# The JDK 17 refuses by the date of issue what the JDK 25 blocks. Its two exempt sub-CAs under Symantec (Apple's, to
# the end of 2019) are not told apart: nothing that they issued is valid any more.
JDK_17_SOURCE = "openjdk-17-jre-headless 17.0.15+6-1~deb12u1, java.base, sun.security.validator.*TLSPolicy"
JDK_17 = {
    "2019-04-16T23:59:59Z": (  # SymantecTLSPolicy
        "ff856a2d251dcd88d36656f450126798cfabaade40799c722de4d2b5db36a73a",
        "37d51006c512eaab626421f1ec8c92013fc5f82ae98ee533eb4619b8deb4d06c",
        "5edb7ac43b82a06a8761e8d7be4979ebf2611f7dd79bf91c1c6b566a219ed766",
        "b478b812250df878635c2aa7ec7d155eaa625ee82916e2cd294361886cd1fbd4",
        "a0459b9f63b22559f5fa5d4c6db3f9f72ff19342033578f073bf1d1b46cbb912",
        "8d722f81a9c113c0791df136a2966db26c950a971db46b4199f4ea54b78bfb9f",
        "a4310d50af18a6447190372a86afaf8b951ffb431d837f1e5688b45971ed1557",
        "4b03f45807ad70f21bfc2cae71c9fde4604c064cf5ffb686bae5dbaad7fdd34c",
        "3f9f27d583204b9e09c8a3d2066c4b57d3a2479c3693650880505698105dbce9",
        "3a43e220fe7f3ea9653d1e21742eac2b75c20fd8980305bc502caf8c2d9b41a1",
        "a4b6b3996fc2f306b3fd8681bd63413d8c5009cc4fa329c2ccf0e2fa1b140305",
        "83ce3c1229688a593d485f81973c0f9195431eda37cc5e36430e79c7a888638b",
        "eb04cf5eb1f39afa762f2bb120f296cba520c1b97db1589565b81cb9a17b7244",
        "69ddd7ea90bb57c93e135dc85ea6fcd5480b603239bdc454fc758b2a26cf7f79",
        "9acfab7e43c8d880d06b262a94deeee4b4659989c3d0caf19baf6405e41ab7df",
        "2399561127a57125de8cefea610ddf2fa078b5c8067f4e828290bfb860e84b3c"),
    "2024-11-11T23:59:59Z": (  # EntrustTLSPolicy
        "73c176434f1bc6d5adf45b0e76e727287c8de57616c1e6e6141a2b2cbc7d8e4c",
        "02ed0eb28c14da45165c566791700d6451d7fb56f0b2ab1d3b8eb070e56edff5",
        "43df5774b03e7fef5fe40d931a7bedf1bb2e6b42738c4e6d3841103d3aa7f339",
        "db3517d1f6732a2d5ab97c533ec70779ee3270a62fb4ac4238372460e6f01e88",
        "6dc47172e01cbcb0bf62580d895fe2b8ac9ad4f873801e0c10b9c837d21eb177",
        "0376ab1d54c5f9803ce4b2e201a0ee7eef7b57b636e8a93c9b8d4860c96f5fa7",
        "0a81ec5a929777f145904af38d5d509f66b5e2c58fcdb531058b0e17f3f0b41b",
        "70a73f7f376b60074248904534b11482d5bf0e698ecc498df52577ebf2e93b9a",
        "bd71fdf6da97e4cf62d1647add2581b07d79adf8397eb4ecba9c5e8488821423"),
    "2025-04-15T23:59:59Z": (  # CamerfirmaTLSPolicy
        "0c258a12a5674aef25f28ba7dcfaeceea348e541e6f5cc4ee63b71b361606ac3",
        "063e4afac491dfd332f3089b8542e94617d893d7fe944e10a7937ee29d9693c0",
        "136335439334a7698016a0d324de72284e079d7b5220bb8fbd747816eebebaca"),
}
# NSS lib/certdb/genname.c imposes name constraints on this anchor, whatever certificate carries its name.
TUBITAK_SOURCE = "nss, lib/certdb/genname.c, builtInNameConstraints"
TUBITAK = "46edc3689046d53a453fb3104ab80dcaec658b2660ea1629dd7e867990648716"

# The anchors that Apple's article names, by SHA-256.
APPLE = {
    "db3517d1f6732a2d5ab97c533ec70779ee3270a62fb4ac4238372460e6f01e88",  # Entrust G4
    "73c176434f1bc6d5adf45b0e76e727287c8de57616c1e6e6141a2b2cbc7d8e4c",  # Entrust 2006
    "6dc47172e01cbcb0bf62580d895fe2b8ac9ad4f873801e0c10b9c837d21eb177",  # Entrust.net 2048
    "43df5774b03e7fef5fe40d931a7bedf1bb2e6b42738c4e6d3841103d3aa7f339",  # Entrust G2
    "02ed0eb28c14da45165c566791700d6451d7fb56f0b2ab1d3b8eb070e56edff5",  # Entrust EC1
    "0376ab1d54c5f9803ce4b2e201a0ee7eef7b57b636e8a93c9b8d4860c96f5fa7",  # AffirmTrust Commercial
    "0a81ec5a929777f145904af38d5d509f66b5e2c58fcdb531058b0e17f3f0b41b",  # AffirmTrust Networking
    "70a73f7f376b60074248904534b11482d5bf0e698ecc498df52577ebf2e93b9a",  # AffirmTrust Premium
    "bd71fdf6da97e4cf62d1647add2581b07d79adf8397eb4ecba9c5e8488821423",  # AffirmTrust Premium ECC
    "063e4afac491dfd332f3089b8542e94617d893d7fe944e10a7937ee29d9693c0",  # Chambers of Commerce 2008
    "136335439334a7698016a0d324de72284e079d7b5220bb8fbd747816eebebaca",  # Global Chambersign 2008
}

# The fourteen of Microsoft's notice, which names no root of Entrust for other purposes.
MICROSOFT = (APPLE - {
    "063e4afac491dfd332f3089b8542e94617d893d7fe944e10a7937ee29d9693c0",
    "136335439334a7698016a0d324de72284e079d7b5220bb8fbd747816eebebaca",
}) | {
    "937ef8f12276b3c7a3f58e345d09a6eff01f862f8d2794441cd84d511825fa0c",  # Entrust P384 EV TLS 2022
    "647987d98d52645da4d3de3b80771a0ce02b9b9285e6e86999882170744ec9aa",  # Entrust 4K EV TLS 2022
    "a7dedf5a842167dd12fdaa0f2080e73295b8b8bea71b2094ea0950945a482fc1",  # AffirmTrust 4K TLS 2022
    "420332ef876ebe78f2af5d28aaacde24aad0c10f8ffaac469efd7bd941929568",  # Entrust P384 TLS 2022
    "dd6c44b39401b053dbe61120748bbb0f6056007665c168e5c286750edc8df129",  # Entrust 4K TLS 2022
}

FACTS = {"apple": [APPLE_SOURCE], "microsoft": [MICROSOFT_SOURCE], "java": [JDK_SOURCE],
         "mozilla": [TUBITAK_SOURCE]}


def _issued(kind, date):
    return {"type": kind, "not_before_after": date}


def for_anchor(store, entry, jdk):
    """The conditions of one converted row; `jdk` maps SHA-256 to the JDK's rule for it."""
    digest, out = entry["sha256"], []
    if date := entry.get("distrustAfter", {}).get("serverAuth"):
        out.append(_issued("distrust_after", date))
    if sets := entry.get("constraintSets"):
        out.append({"type": "constraint_sets", "sets": sets})
    if store["name"] == "mozilla" and digest == TUBITAK:
        out.append({"type": "permitted_dns_names", "names": [".tr"]})
    if store["name"] == "apple" and digest in APPLE:
        out.append(_issued("not_before_after", APPLE_DATE))
    if store["name"] == "microsoft" and digest in MICROSOFT:
        out.append(_issued("not_before_after", MICROSOFT_DATE))
    if store["name"] == "java" and store.get("newest", True) and digest in jdk:
        out += jdk_rule(jdk[digest])
    if store["name"] == "java" and store["version"].startswith("17."):
        out += [_issued("not_before_after", date) for date, held in JDK_17.items() if digest in held]
    return out


def jdk_rule(rule):
    if rule == "block":
        return [{"type": "blocked"}]
    match = re.fullmatch(r"(?:notBefore>([\d-]{10}))?(?: or )?(?:any after ([\d-]{10}))?", rule)
    # A rule of a form that is not known stays in the data: the store's answer is then not established.
    if not match or not any(match.groups()):
        return [{"type": "jdk_rule", "text": rule}]
    issued, used = match.groups()
    out = [_issued("not_before_after", issued + "T23:59:59Z")] if issued else []
    return out + ([{"type": "distrust_any_use_after", "after": used + "T23:59:59Z"}] if used else [])
