"""Runs bin/demo as a person would: start, sign in, look at the leads, Ctrl-C, nothing left.

`python -m tests.smoke` from the project's folder; .ci/run does it in a clean checkout.
"""
# ruff: noqa: T201

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

from runtime.demo import PASSWORD
from runtime.servers.ports import free_port

# A second start makes no companies and collects no files: by the clock of the same run it takes a fifth of the first.
SECOND_TO_FIRST = 0.5
ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="crm-smoke-") as folder:
        first, second = (visit(Path(folder) / "var") for _start in range(2))
    if second <= SECOND_TO_FIRST * first:
        return 0
    print(f"smoke: the second start took {second:.1f} s, the first {first:.1f}: it did over what was there.")
    return 1


def visit(var: Path) -> float:
    """One start and end of the demo; the seconds to its first page. Raises AssertionError or OSError."""
    port = free_port()
    env = os.environ | {"PORT": str(port), "VAR_DIR": str(var)}
    begin = time.monotonic()
    demo = subprocess.Popen([str(ROOT / "bin" / "demo")], env=env, stdout=subprocess.PIPE, text=True, cwd="/")
    try:
        wait_for_address(demo, f"http://localhost:{port}")
        leads_after_sign_in(f"http://localhost:{port}")
        seconds = time.monotonic() - begin
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)
    assert demo.returncode == 0, f"bin/demo ended with {demo.returncode}"
    assert not (left := holders(var / "lock")), f"left behind: {left}"
    print(f"smoke: ready after {seconds:.1f} s, signed in, stopped, nothing left")
    return seconds


def wait_for_address(demo: subprocess.Popen[str], address: str) -> None:
    assert demo.stdout
    for line in demo.stdout:
        print(f"  | {line}", end="", flush=True)
        if address in line:
            return
    raise AssertionError("bin/demo ended before it was ready")


def leads_after_sign_in(address: str) -> None:
    """Sign in as the rep of the first company and find leads on the list."""
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
    form = browser.open(f"{address}/account/login/", timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token, "the sign-in page has no form"
    fields = {"csrfmiddlewaretoken": token[1], "login": "rep@suncoast.example", "password": PASSWORD}
    browser.open(f"{address}/account/login/", urllib.parse.urlencode(fields).encode(), timeout=20)
    page = browser.open(f"{address}/suncoast/leads/", timeout=20)
    text = page.read().decode()
    leads = set(re.findall(r"/suncoast/leads/(\d+)/", text))
    assert page.status == 200, f"the list of leads answers {page.status}"
    hear_of_changes(browser, text)
    assert len(leads) >= 20, f"only {len(leads)} leads on the list"


def hear_of_changes(browser: urllib.request.OpenerDirector, page: str) -> None:
    """With the ticket of the page the live process lets it listen."""
    live = re.search(r'data-live="([^"]+)" data-ticket="([^"]+)"', page)
    assert live, "the page says nothing of a live process"
    stream = browser.open(f"{live[1]}?ticket={urllib.parse.quote(live[2])}", timeout=20)
    assert stream.readline() == b"event: hello\n", "the live process does not answer"
    stream.close()


def holders(lock: Path) -> list[str]:
    """Processes that still have the folder's lock open (Linux; elsewhere none are found)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if str(lock) in {os.readlink(path) for path in folder.iterdir()}:
                found.append((folder.parent / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # ended meanwhile, or another user's
    return found


if __name__ == "__main__":
    sys.exit(main())
