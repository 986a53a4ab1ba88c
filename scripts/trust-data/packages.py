"""Debian packages, fetched beside the machine's own configuration: apt checks the signatures."""
import os
import pathlib
import subprocess

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
ARCHIVE = "http://deb.debian.org/debian"


class Suite:
    """One suite with lists and cache of its own below `folder`; nothing of the machine's is touched."""

    def __init__(self, folder, suite):
        self.folder = pathlib.Path(folder).resolve() / suite
        for name in ("lists/partial", "cache/archives/partial", "unpacked"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "sources.list").write_text(f"deb [signed-by={KEYRING}] {ARCHIVE} {suite} main\n")
        (self.folder / "apt.conf").write_text(
            f'Dir::Etc::sourcelist "{self.folder}/sources.list";\nDir::Etc::sourceparts "/dev/null";\n'
            f'Dir::State::lists "{self.folder}/lists";\nDir::Cache "{self.folder}/cache";\n'
            'Acquire::Languages "none";\n')
        self._run("apt-get", "-q", "update", "--error-on=any")

    def _run(self, *command):
        environment = {**os.environ, "APT_CONFIG": str(self.folder / "apt.conf")}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise OSError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def unpack(self, package):
        """(version, folder of its files)."""
        for old in self.folder.glob(f"{package}_*.deb"):
            old.unlink()
        self._run("apt-get", "-q", "download", package)
        found = sorted(self.folder.glob(f"{package}_*.deb"))
        if len(found) != 1:
            raise OSError(f"{package}: {len(found)} packages after one download")
        version = self._run("dpkg-deb", "-f", str(found[0]), "Version").strip()
        target = self.folder / "unpacked" / package
        self._run("dpkg-deb", "-x", str(found[0]), str(target))
        return version, target


def one(folder, pattern):
    """The one file below `folder` of that name."""
    found = [path for path in sorted(folder.rglob(pattern)) if path.is_file() and not path.is_symlink()]
    if len(found) != 1:
        raise OSError(f"{folder}: {len(found)} files {pattern}")
    return found[0]
