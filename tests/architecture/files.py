"""The files of the repository."""

import subprocess
from pathlib import Path

from tests.architecture.packages import ROOT


def tracked(*suffixes: str) -> list[Path]:
    """The project's own files with these endings; a checkout without git is walked."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listing.stdout.splitlines() or [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file()]
    paths = [ROOT / name for name in names if name.endswith(suffixes) and "/migrations/" not in name]
    return [path for path in paths if path.exists() and ".venv" not in path.parts]
