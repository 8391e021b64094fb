"""`bin/check`: linters, types, layers, migrations, deployment, templates, static files, translations, commits.

Two at a time; each prints one line, and everything it said if it failed.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
CHECKS = {
    "types": [str(BIN / "mypy")],
    "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "layers": [str(BIN / "lint-imports"), "--no-cache"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "migration rules": [*MANAGE, "check_migrations"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level=WARNING"],
    "templates": [sys.executable, "-m", "runtime.templates"],
    "static files": [*MANAGE, "collectstatic", "--no-input", "--verbosity=0"],
    "translations": [sys.executable, "-m", "runtime.catalogues"],
    "commits": [sys.executable, "-m", "runtime.commits"],
}


def production_like(folder: str) -> dict[str, str]:
    """Return the environment variables of a production installation without reachable servers."""
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return inherited | {
        "VAR_DIR": folder,
        "SITE_URL": "https://crm.example.com",
        "ALLOWED_HOSTS": "crm.example.com",
        "SECRET_KEY": "only-for-checks-" + "x7Qp2" * 12,
        "DATABASE_URL": "postgres://crm_app@127.0.0.1:1/crm",
        "MIGRATION_DATABASE_URL": "postgres://crm_owner@127.0.0.1:1/crm",
        "DJANGO_SETTINGS_MODULE": "crm.config.settings",
        # makemigrations looks whether the database agrees; here there is none.
        "PYTHONWARNINGS": "ignore:Got an error checking a consistent migration history:RuntimeWarning",
    }


def run(name: str, env: dict[str, str]) -> bool:
    """Run one check, print its result, and return whether it passed."""
    begin = time.monotonic()
    process = subprocess.run(CHECKS[name], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    good = process.returncode == 0
    line = f"{'ok    ' if good else 'FAILED'} {name} ({time.monotonic() - begin:.1f} s)\n"
    sys.stdout.write(line if good else line + process.stdout + process.stderr)
    sys.stdout.flush()
    return good


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        env = production_like(folder)
        results = list(pool.map(lambda name: run(name, env), CHECKS))
    if all(results):
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
