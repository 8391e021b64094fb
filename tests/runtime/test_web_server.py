"""How gunicorn is set up (crm/config/web_server.py)."""

import http.client
import sys
from pathlib import Path

from runtime import child
from runtime.servers.ports import free_port, is_taken

ROOT = Path(__file__).resolve().parents[2]


def test_a_header_cannot_say_where_the_product_is_mounted(tmp_path: Path) -> None:
    port, log_file = free_port(), tmp_path / "log"
    argv = [sys.executable, "-m", "gunicorn", "--config=python:crm.config.web_server", f"--bind=127.0.0.1:{port}"]
    with log_file.open("wb") as log:
        process = child.spawn_process([*argv, "tests.runtime.small_site:application"], cwd=ROOT, log=log)
    try:
        child.wait_until(lambda: is_taken(port), process, seconds=60, refusal=log_file.read_text)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/", headers={"SCRIPT-NAME": "/elsewhere"})
        assert connection.getresponse().read() == b"GET ''"
    finally:
        child.stop_process(process, (15,), grace=10)
