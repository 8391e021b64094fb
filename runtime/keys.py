"""Secrets the product makes for itself when none is given: one file each, 0600, in `VAR_DIR/keys`.

Two processes that ask at once get the same value: a complete file is linked into place, the first one wins.
"""

import os
import secrets
import tempfile
from pathlib import Path


def secret_key(var_dir: Path) -> str:
    """The signing key of this installation, 64 URL-safe characters; made at the first call."""
    return stored_secret(var_dir, "secret_key", size=48)


def password(var_dir: Path, login: str) -> str:
    """The password of an embedded server's login (`postgres`, `crm_owner`, `crm_app`, `valkey`)."""
    return stored_secret(var_dir, f"{login}.password", size=24)


def stored_secret(var_dir: Path, name: str, *, size: int) -> str:
    """Read the secret `name`, or make one of `size` random bytes. Raises OSError where VAR_DIR cannot be written."""
    folder = Path(var_dir) / "keys"
    path = folder / name
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _create(path, secrets.token_urlsafe(size))
    return path.read_text(encoding="ascii").strip()


def _create(path: Path, value: str) -> None:
    """Put a whole file in place, readable by its owner only; leave the one that is already there."""
    # mkstemp creates with 0600, so the value is never readable by others, not even for a moment.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process was first: its value counts
    finally:
        os.unlink(temporary)
