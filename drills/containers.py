"""Builds the image of two commits and runs docker-compose.yml with them: start, use, restart, upgrade, roll back.

    python -m drills containers [--from COMMIT] [--keep]

Needs root, podman, podman-compose 1.3 or later, debootstrap and Chromium. It reaches Debian's packages and the Python
package index, and no registry of images: docker/local/make_images.sh makes the images that ours are built on.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from drills import journey
from drills.compose import Stack
from drills.report import Report
from runtime.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
OLD, NEW = "localhost/throughline-old", "localhost/throughline-new"


def main(options: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m drills containers")
    parser.add_argument("--from", dest="old", default="HEAD~1", metavar="COMMIT", help="upgrade from here")
    parser.add_argument("--keep", action="store_true", help="leave the containers running at the end")
    choice = parser.parse_args(options)
    report = Report()
    images = dict(line.split("=") for line in _run("docker/local/make_images.sh").split())
    for commit, image in ((choice.old, OLD), ("HEAD", NEW)):
        with report.measure(f"image of {commit} built"):
            _build(commit, image, images["PYTHON_IMAGE"])
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(ROOT, Path(folder) / "env", images | _variables())
        try:
            _drill(stack, report)
        finally:
            if not choice.keep:
                stack.remove()
    return report.close()


def _drill(stack: Stack, report: Report) -> None:
    with report.measure("first start, with the schema made from nothing"):
        stack.start(OLD)
    stack.manage("seed_demo", "suncoast")
    with report.measure("the journey of a rep"):
        note = journey.write_note(stack.address)
    with report.measure("restart of every service"):
        stack.restart()
    journey.read_note(stack.address, note)
    with report.measure("upgrade"), stack.visit_meanwhile() as visits:
        stack.start(NEW)
    report.add("longest time without an answer during the upgrade", visits.longest_gap, "s")
    journey.read_note(stack.address, note)
    later = journey.write_note(stack.address)
    with report.measure("roll-back to the image before"):
        stack.replace_services(OLD)
    for text in (note, later):
        journey.read_note(stack.address, text)
    journey.write_note(stack.address)


def _build(commit: str, image: str, python_image: str) -> None:
    """Build the image of a commit from what is committed alone."""
    trust = []
    if bundle := os.environ.get("SSL_CERT_FILE"):
        trust = [f"--volume={bundle}:/etc/ssl/certs/ca-certificates.crt:ro"]
    folder = tempfile.mkdtemp()
    try:
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "--extract", f"--directory={folder}"], input=archive, check=True)
        # The base is an argument only since the drill exists; an older Dockerfile is built by today's.
        shutil.copy(ROOT / "Dockerfile", folder)
        argument = f"--build-arg=PYTHON_IMAGE={python_image}"
        _run("podman", "build", "--network=host", *trust, argument, f"--tag={image}", folder)
    finally:
        shutil.rmtree(folder)


def _variables() -> dict[str, str]:
    """The variables that docker-compose.yml requires, made for this run."""
    port = free_port()
    names = ("SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "VALKEY_PASSWORD")
    return {name: secrets.token_hex(32) for name in names} | {
        "PORT": str(port),
        "LIVE_PORT": str(free_port()),
        "SITE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "smtp://localhost:25",
        "DEFAULT_FROM_EMAIL": "crm@example.com",
    }


def _run(*argv: str) -> str:
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(argv)} failed:\n{done.stderr[-2000:]}")
    return done.stdout
