"""What whoever starts the demo waits for, first and again, in starts of the product alone: how often it is loaded."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.cluster import ROOT, Servers
from bench.figures import Figure

LOADED = "import django; django.setup(); import crm.config.urls"
TIMES = 3


def measure(servers: Servers) -> list[Figure]:
    """With servers of its own, in an empty folder."""
    from tests.smoke import visit

    floor = min(_loaded(servers) for _time in range(TIMES))
    with tempfile.TemporaryDirectory(prefix="crm-bench-start-") as folder:
        first, second = (visit(Path(folder) / "var") for _start in range(2))
    return [
        Figure("demo, first start to a list of leads", first / floor, "×", most=20, note=f"{first:.1f} s"),
        Figure("demo, second start to a list of leads", second / floor, "×", most=5, note=f"{second:.1f} s"),
        Figure("the product loaded, the floor of these", floor, "s"),
    ]


def _loaded(servers: Servers) -> float:
    begin = time.monotonic()
    subprocess.run([sys.executable, "-c", LOADED], env=servers.environment("postgres"), cwd=ROOT, check=True)
    return time.monotonic() - begin
