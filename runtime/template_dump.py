"""A dump of the migrated template database of tests, so that a run need not apply all migrations: half a minute.

It is kept in the user's cache folder under a digest of what it was made from; the migrate command still runs on what is
restored. CI makes its own each time.
"""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from runtime.servers.binaries import postgres_bindir
from runtime.servers.postgres import clean_environment

ROOT = Path(__file__).resolve().parents[1]
# What makes the schema and its first rows: migrations, the SQL and policies that they apply, and what they import.
SOURCES = ("**/migrations/*.py", "**/sql/*.sql", "platform/tenancy/**/*.py", "documents/kinds.py")
MOST_KEPT = 8


@dataclass(frozen=True)
class TemplateDump:
    """The file of a dump, there or not."""

    path: Path

    @classmethod
    def find(cls) -> "TemplateDump | None":
        """Return the dump of this checkout's migrations; None in CI, which trusts none."""
        if os.environ.get("CI"):
            return None
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return cls(cache / "throughline-tests" / f"{_digest()}.dump")

    def restore(self, url: str) -> bool:
        """Fill the empty database at `url`, the superuser's URL of it. Returns whether there was a dump."""
        if not self.path.exists():
            return False
        self.path.touch()
        _run_program("pg_restore", "--exit-on-error", f"--dbname={url}", str(self.path))
        return True

    def save(self, url: str) -> None:
        """Dump the database at `url`, the superuser's: a policy would leave rows out."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_suffix(f".{os.getpid()}")
        _run_program("pg_dump", "--format=custom", "--compress=none", f"--file={unfinished}", f"--dbname={url}")
        unfinished.replace(self.path)
        for old in sorted(self.path.parent.iterdir(), key=lambda file: file.stat().st_mtime)[:-MOST_KEPT]:
            old.unlink(missing_ok=True)


def _digest() -> str:
    packages = sorted(file.parent for file in ROOT.glob("*/__init__.py"))
    files = [file for package in packages for pattern in SOURCES for file in sorted(package.glob(pattern))]
    digest = hashlib.sha256()
    for file in [ROOT / "uv.lock", *files]:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _run_program(name: str, *arguments: str) -> None:
    subprocess.run([f"{postgres_bindir()}/{name}", *arguments], env=clean_environment(), check=True)
