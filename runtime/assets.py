"""Check whether static files changed since the last collectstatic, so that a second start can skip it."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("static", "*/static", "*/*/static")
# Packages bring files of their own, and these modules make some.
MAKERS = ("crm/web/design/bundles.py", "crm/web/design/icons.py", "crm/web/design/static_storage.py")
ALSO = ("uv.lock", "crm/config/settings.py", *MAKERS)


def static_fingerprint(root: Path = ROOT) -> str:
    """Return a digest of the name, size and time of every file that collectstatic may read."""
    files = [path for folder in FOLDERS for base in root.glob(folder) for path in base.rglob("*") if path.is_file()]
    files += [root / name for name in ALSO]
    digest = hashlib.sha256()
    for path in sorted(set(files)):
        status = path.stat()
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_current(stamp: Path) -> bool:
    """Tell whether the collected files are up to date."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == static_fingerprint()
