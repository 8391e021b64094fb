"""What the platform's tests share."""

import json
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCTION = {"SITE_URL": "https://crm.example.com", "ALLOWED_HOSTS": "crm.example.com", "BEHIND_PROXY": "1"}
_DUMP = """
import json
from crm.config import settings
print(json.dumps({k: getattr(settings, k) for k in dir(settings) if k.isupper()}, default=lambda v: type(v).__name__))
"""


def production_like() -> dict[str, str]:
    """What a server behind TLS sets, over this process's own environment."""
    # What the browser tests of this process need is no server's.
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return inherited | PRODUCTION | {"SECRET_KEY": "production-" + "0123456789abcdef" * 4}


@cache
def _production_settings() -> dict[str, Any]:
    from django.conf import global_settings

    run = subprocess.run(
        [sys.executable, "-c", _DUMP],
        env=production_like(),
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    defaults = {name: getattr(global_settings, name) for name in dir(global_settings) if name.isupper()}
    return defaults | json.loads(run.stdout)


@pytest.fixture
def mid_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock stands still in the middle of an authenticator app's half minute."""
    now = time.time() // 30 * 30 + 15
    monkeypatch.setattr(time, "time", lambda: now)


@pytest.fixture
def production_settings() -> dict[str, Any]:
    """The settings as they are behind TLS, read in a process of their own."""
    return _production_settings()
