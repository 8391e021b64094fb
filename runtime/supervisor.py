"""Run the services of a demo: started in order, restarted when they crash, stopped in reverse order.

Web, worker and beat go before the broker, the broker before Postgres, so that each can finish its work.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from runtime import child
from runtime.folder import DataFolder
from runtime.refusal import CannotStart
from runtime.servers.postgres import last_line

CALM_SECONDS = 60  # a service that has run for so long gets a fresh start at its next crash
LONGEST_PAUSE = 30.0
Spawn = Callable[[IO[bytes]], subprocess.Popen[bytes]]


class StopRequested(Exception):
    """We received SIGINT, SIGTERM or SIGHUP."""


@dataclass
class ServiceSpec:
    """How to start one process, know it is ready, and stop it. `grace` and `longest_pause` are in seconds."""

    name: str
    spawn: Spawn
    ready: Callable[[subprocess.Popen[bytes]], bool]
    stop_signals: Sequence[int] = (signal.SIGTERM,)
    grace: float = 20
    # A busy machine needs more than a minute for four processes; one that exits is noticed at once.
    ready_seconds: float = 180
    # Between a crash and the next start, however often it crashed.
    longest_pause: float = LONGEST_PAUSE


@dataclass
class RunningService:
    """A service and its present process, or the time of its next restart."""

    service: ServiceSpec
    process: subprocess.Popen[bytes]
    since: float
    crashes: int = 0
    again_at: float | None = None


class Supervisor:
    """Starts, watches and stops all services. Main thread only: a child dies with the thread that started it."""

    def __init__(self, folder: DataFolder, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.say = say
        self.running: list[RunningService] = []
        self.signals = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._count_signal)  # explicitly: a shell starts background jobs with SIGINT ignored

    def _count_signal(self, number: int, frame: Any) -> None:
        self.signals += 1

    def raise_if_stopping(self) -> None:
        """Raise StopRequested once a stop signal has arrived."""
        if self.signals:
            raise StopRequested

    def start(self, service: ServiceSpec) -> None:
        """Spawn a service and wait until it is ready. Raises CannotStart with the last line of its log."""
        path = self.folder.log_file(service.name)
        process = self._spawn_service(service)
        self.running.append(RunningService(service, process, time.monotonic()))

        def ready() -> bool:
            self.raise_if_stopping()
            return service.ready(process)

        refusal = f"{service.name.capitalize()} did not start"
        child.wait_until(
            ready,
            process,
            seconds=service.ready_seconds,
            refusal=lambda: f"{refusal}: {last_line(path)} (see {path})",
        )

    def _spawn_service(self, service: ServiceSpec) -> subprocess.Popen[bytes]:
        with self.folder.log_file(service.name).open("ab") as log:
            return service.spawn(log)

    def run_together(self, commands: Sequence[Sequence[str | Path]], *, env: dict[str, str], what: str) -> None:
        """Run commands side by side to their ends. Raises CannotStart if one fails, StopRequested if interrupted."""
        path = self.folder.log_file("setup")
        processes: list[subprocess.Popen[bytes]] = []
        try:
            for argv in commands:
                with path.open("ab") as log:
                    processes.append(
                        child.spawn_process(argv, env=env, log=log, keep_open=[self.folder.lock_descriptor])
                    )
            while any(process.poll() is None for process in processes):
                self.raise_if_stopping()
                if any(process.returncode for process in processes):
                    break
                time.sleep(0.05)
        finally:
            for process in processes:
                child.kill_session(process)
        if any(process.returncode for process in processes):
            raise CannotStart(f"{what} failed: {last_line(path)} (see {path})")

    def watch(self, between: Callable[[], None] = lambda: None) -> None:
        """Restart crashed services until StopRequested; `between` is called a few times a second."""
        while True:
            self.raise_if_stopping()
            for running in self.running:
                self._restart_crashed(running)
            between()
            time.sleep(0.2)

    def _restart_crashed(self, running: RunningService) -> None:
        now = time.monotonic()
        if running.again_at is None and running.process.poll() is not None:
            child.kill_session(running.process)  # what it started itself must not compete with its successor
            if now - running.since > CALM_SECONDS:
                running.crashes = 1
            else:
                running.crashes = running.crashes + 1
            pause = min(2.0 ** (running.crashes - 2), running.service.longest_pause)
            running.again_at = now + pause
            self.say(
                f"{running.service.name} ended ({describe_exit(running.process)}); starting it again in {pause:g} s"
            )
        elif running.again_at is not None and now >= running.again_at:
            running.process = self._spawn_service(running.service)
            running.since = now
            running.again_at = None

    def stop(self) -> None:
        """Stop all services, the last started first. A second signal shortens the waiting and keeps the order."""
        patience = self.signals
        for running in reversed(self.running):
            service = running.service
            child.stop_process(
                running.process, service.stop_signals, grace=service.grace, hurry=lambda: self.signals > patience
            )
        self.running.clear()


def describe_exit(process: subprocess.Popen[bytes]) -> str:
    """Describe how a process ended."""
    code = process.returncode
    if code is not None and code < 0:
        return f"signal {-code}"
    return f"exit {code}"
