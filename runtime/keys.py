"""Generate and store secrets when none is configured: one file each, mode 0600, in `VAR_DIR/keys`.

Two processes at once get the same value: a complete file is linked into place, the first one wins.
"""

import os
import secrets
import tempfile
from pathlib import Path


def secret_key(var_dir: Path) -> str:
    """Return this installation's SECRET_KEY, 64 URL-safe characters; generated at the first call."""
    return stored_secret(var_dir, "secret_key", size=48)


def login_password(var_dir: Path, login: str) -> str:
    """Return the password of an embedded server's login (`postgres`, `crm_owner`, `crm_app`, `valkey`)."""
    return stored_secret(var_dir, f"{login}.password", size=24)


def stored_secret(var_dir: Path, name: str, *, size: int) -> str:
    """Read the secret `name`, or make one of `size` random bytes. Raises OSError where VAR_DIR cannot be written."""
    folder = Path(var_dir) / "keys"
    path = folder / name
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _create_file(path, secrets.token_urlsafe(size))
    return path.read_text(encoding="ascii").strip()


def _create_file(path: Path, value: str) -> None:
    """Create a secret's file atomically, readable by its owner only; leave one that already exists."""
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
