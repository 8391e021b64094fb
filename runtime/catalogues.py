"""Compile the translations (`django.po` to `django.mo`) with Babel, as msgfmt is not installed everywhere.

`python -m runtime.catalogues` does it by hand; bin/demo and the tests do it by themselves.
"""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]


def compile_catalogues(root: Path = ROOT) -> int:
    """Compile every catalogue that is newer than its compiled form; return how many."""
    stale = [path for path in root.glob("locale/*/LC_MESSAGES/*.po") if _is_stale(path)]
    for path in stale:
        _compile_catalogue(path)
    return len(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime


def _compile_catalogue(path: Path) -> None:
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parts[-3])
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    with os.fdopen(handle, "wb") as target:
        write_mo(target, catalogue)
    os.chmod(temporary, 0o644)
    os.replace(temporary, path.with_suffix(".mo"))  # whole or not at all: another process may be reading


if __name__ == "__main__":
    compile_catalogues()
