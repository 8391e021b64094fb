"""A machine of the test bed: a network namespace with its own address and host names."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

BRIDGE, NETWORK = "tl-drill", "10.77.0"
# Seconds that a part may take to start.
PATIENCE = 240


class Machine:
    """One machine, and the programs that run on it."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.name = name
        self.address = f"{NETWORK}.{number}"
        self.folder = folder / name
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self._space = f"tl-{name}"
        self._link = f"tl-{name}"[:15]

    def create(self, hosts: str) -> None:
        """Make the namespace and connect it to the bridge."""
        self.folder.mkdir(parents=True)
        names = Path("/etc/netns") / self._space
        names.mkdir(parents=True, exist_ok=True)
        (names / "hosts").write_text(hosts)
        inside = f"{self._link[:13]}-i"
        ip("netns", "add", self._space)
        ip("link", "add", self._link, "type", "veth", "peer", "name", inside)
        ip("link", "set", inside, "netns", self._space)
        ip("link", "set", self._link, "master", BRIDGE, "up")
        for command in (
            ("addr", "add", f"{self.address}/24", "dev", inside),
            ("link", "set", inside, "up"),
            ("link", "set", "lo", "up"),
        ):
            ip("-n", self._space, *command)

    def start(
        self,
        name: str,
        argv: list[str],
        env: Mapping[str, str] | None = None,
        *,
        user: str = "root",
        folder: Path | None = None,
    ) -> None:
        """Start a program in a folder; its output goes to a file of its name in the machine's folder."""
        enter = ["ip", "netns", "exec", self._space]
        if user != "root":
            enter += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.programs[name] = subprocess.Popen(
                [*enter, *argv],
                env=dict(env or os.environ),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def run(self, argv: list[str], env: Mapping[str, str] | None = None, *, folder: Path | None = None) -> str:
        """Run a command to its end. Returns its output. Raises RuntimeError with its last words."""
        enter = ["ip", "netns", "exec", self._space]
        done = subprocess.run(
            [*enter, *argv], env=dict(env or os.environ), cwd=folder, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(argv[:4])} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def stop(self, name: str, *, patience: float = 60) -> None:
        """Ask a program to end, and wait for it. Raises TimeoutExpired."""
        process = self.programs.pop(name)
        process.terminate()
        process.wait(patience)

    def kill(self, name: str) -> None:
        """Kill a program and whatever it has started."""
        process = self.programs.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_process(self, number: int) -> None:
        """Kill a process that another program has started."""
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)

    def lose(self) -> None:
        """Kill everything on the machine at once, as a cut of its power does."""
        self.cut_off()
        for number in self.processes():
            self.kill_process(number)
        for process in self.programs.values():
            process.wait()
        self.programs.clear()

    def processes(self) -> list[int]:
        """Return the ids of all its processes."""
        return [int(number) for number in ip("netns", "pids", self._space).split()]

    def cut_off(self) -> None:
        """Take its network away; its programs run on."""
        ip("link", "set", self._link, "down")

    def connect(self) -> None:
        """Give it its network back."""
        ip("link", "set", self._link, "up")

    def remove(self) -> None:
        """Kill what runs, and remove the namespace."""
        with suppress(subprocess.CalledProcessError):
            self.lose()
        for command in (("netns", "delete", self._space), ("link", "delete", self._link)):
            with suppress(subprocess.CalledProcessError):
                ip(*command)
        names = Path("/etc/netns") / self._space
        with suppress(FileNotFoundError):
            (names / "hosts").unlink()
            names.rmdir()


def ip(*argv: str) -> str:
    """Run a command of iproute2. Returns its output. Raises CalledProcessError."""
    return subprocess.run(["ip", *argv], check=True, capture_output=True, text=True).stdout


def wait_until(holds: Callable[[], bool], what: str, *, patience: float = PATIENCE) -> float:
    """Wait for a state. Returns the seconds it took. Raises TimeoutError."""
    begin = time.monotonic()
    while not holds():
        if time.monotonic() - begin > patience:
            raise TimeoutError(f"{what}: not within {patience:.0f} s")
        time.sleep(0.2)
    return time.monotonic() - begin
