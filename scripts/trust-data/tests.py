"""Run by scripts/test: python3 -m unittest scripts/trust-data/tests.py"""
import importlib.machinery
import importlib.util
import pathlib
import sys
import tempfile
import types
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
import conditions  # noqa: E402
import lists  # noqa: E402
import readers  # noqa: E402
import writing  # noqa: E402

loader = importlib.machinery.SourceFileLoader("refresh", str(HERE.parent / "refresh-trust-store"))
refresh = importlib.util.module_from_spec(importlib.util.spec_from_loader("refresh", loader))
loader.exec_module(refresh)


def store(anchors, day="2026-10-28", **more):
    return {"name": "mozilla", "version": more.pop("version", "1"), "published": day + "T00:00:00Z",
            "anchors": [{"sha256": digest, **more} for digest in anchors]}


def folder(mozilla, logs=4, day="2026-10-01"):
    empty = {"version": "1", "published": day + "T00:00:00Z"}
    return types.SimpleNamespace(
        stores={"mozilla": mozilla} if mozilla else {}, logs={**empty, "logs": [{}] * logs}, onecrl=empty, blocked={},
        certificates={str(one): (f"CN={one}", b"") for one in range(40)})


def names(first, last):
    return [str(one) for one in range(first, last)]


class Plausible(unittest.TestCase):
    def doubts(self, new, old=None):
        return refresh.compare(old or folder(store(names(0, 16))), new)[1]

    def test_steps(self):
        self.assertEqual(self.doubts(folder(store(names(0, 11)))), [])
        self.assertEqual(self.doubts(folder(store(names(0, 21)))), [])
        self.assertIn("removes 6 of 16", self.doubts(folder(store(names(0, 10))))[0])
        # As many as before, but others.
        self.assertEqual(len(self.doubts(folder(store(names(6, 22))))), 2)
        self.assertIn("older", self.doubts(folder(store(names(0, 16), "2026-10-27")))[0])
        self.assertEqual(self.doubts(folder(None)), ["mozilla: gone"])
        self.assertIn("logs", self.doubts(folder(store(names(0, 16)), logs=1))[0])

    def test_lines(self):
        new = store(names(1, 17), version="2")
        new["anchors"][0]["conditions"] = [{"type": "blocked"}]
        lines, _ = refresh.compare(folder(store(names(0, 16))), folder(new))
        self.assertEqual(lines, ["mozilla: 1 (16) -> 2 (16)", "  - 0 CN=0", "  + 16 CN=16", "  ! 1 CN=1",
                                 "      None -> [{'type': 'blocked'}]"])


class Former(unittest.TestCase):
    """An anchor that goes takes its distrust date with it, unless the date is kept."""

    def test_kept(self):
        dated = [{"type": "distrust_after", "not_before_after": "2024-11-30T23:59:59Z"}]
        old = store(["a", "b"], conditions=dated)
        old["anchors"].append({"sha256": "c"})
        old["former"] = [{"sha256": "z", "last_version": "0", "conditions": dated}]
        row = {"name": "mozilla", "version": "2", "client": "firefox", "basis": "full", "published": "2026-11-30"}
        new = writing.store(row, [{"sha256": "b", "trust": {"serverAuth": "trustAnchor"}}],
                            refresh.former(types.SimpleNamespace(stores={"mozilla": old}), "mozilla"), {})
        self.assertEqual([(one["sha256"], one["last_version"]) for one in new["former"]], [("a", "1"), ("z", "0")])
        again = refresh.former(types.SimpleNamespace(stores={"mozilla": new}), "mozilla")
        self.assertEqual(again, new["former"])


class Logs(unittest.TestCase):
    def test_merge(self):
        def log(name, operator="O"):
            return {"log_id": name, "key": "k", "name": name, "operator": operator, "type": "rfc6962"}

        day = "2026-01-01T00:00:00Z"
        known = [{"id": name, "key": "k", "name": name, "operator": "O", "type": "rfc6962",
                  "states": [{"state": state, "since": day}]} for name, state in (("a", "usable"), ("b", "retired"))]
        first = lists.merged_logs(known, [log("c")], "2026-02-01")
        self.assertEqual([(row["id"], row["states"][-1]["state"]) for row in first],
                         [("a", "dropped"), ("b", "retired"), ("c", "listed")])
        self.assertEqual(lists.merged_logs(first, [log("c")], "2026-03-01"), first)
        self.assertEqual(known[0]["states"], [{"state": "usable", "since": day}])
        back = lists.merged_logs(first, [log("a", "P"), log("c")], "2026-03-01")
        moved = next(row for row in back if row["id"] == "a")
        self.assertEqual([one["state"] for one in moved["states"]], ["usable", "dropped", "listed"])
        self.assertEqual(moved["former_operators"], [{"name": "O", "until": "2026-03-01T00:00:00Z"}])


class Rules(unittest.TestCase):
    DATES = ("LocalDate A =\n        LocalDate.of(2026, Month.MARCH, 17);"
             "LocalDate B =\n        LocalDate.of(2027, Month.APRIL, 19);")

    def test_jdk(self):
        self.assertEqual(readers.jdk_rule('"FF" throw'), "block")
        used, issued = "LocalDate.now().isAfter(B)", "checkNotBefore(ldNotBefore, A, anchor)"
        rule = readers.jdk_rule(self.DATES + used + issued)
        self.assertEqual(rule, "notBefore>2026-03-17 or any after 2027-04-19")
        self.assertEqual([one["type"] for one in conditions.jdk_rule(rule)], ["not_before_after", "distrust_any_use_after"])
        # A date that nothing is known to do with must not be lost.
        odd = readers.jdk_rule(self.DATES + used)
        self.assertEqual(conditions.jdk_rule(odd)[0]["type"], "jdk_rule")


class Archive(unittest.TestCase):
    def test_same_bytes(self):
        with tempfile.TemporaryDirectory() as place:
            made = []
            for name in ("a.tar", "b.tar"):
                refresh.archive(refresh.TRUST_STORE, f"{place}/{name}")
                made.append(pathlib.Path(f"{place}/{name}").read_bytes())
        self.assertEqual(made[0], made[1])


if __name__ == "__main__":
    unittest.main()
