"""The Unix account of the embedded Postgres, which refuses to run as root; no user is created for it.

First choice: a user namespace in which root is called 1000. Where that is forbidden (some containers): `nobody`.
"""

import ctypes
import functools
import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runtime.refusal import CannotStart

CLONE_NEWUSER = 0x10000000
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class ServerAccount:
    """How a server process is spawned: the uid to switch to, or a function to call between fork and exec."""

    user: int | None = None
    before_exec: Callable[[], None] | None = None

    def give_ownership(self, *paths: Path) -> None:
        """Make the server's account the owner of `paths`."""
        if self.user is not None:
            for path in paths:
                os.chown(path, self.user, self.user)

    def require_reach(self, *paths: Path) -> None:
        """Raise CannotStart if the account cannot enter one of `paths`."""
        for path in paths:
            if self.user is not None and not _can_enter(path, self.user):
                raise CannotStart(
                    f"Postgres does not run as root, and the user “nobody” cannot enter {path}: "
                    "start as an ordinary user, or set DATABASE_URL to a server of your own."
                )


def unprivileged_account() -> ServerAccount:
    """Return the account for an embedded server: the current one, unless it is root."""
    if os.geteuid() != 0:
        return ServerAccount()
    if _can_rename_root():
        return ServerAccount(before_exec=rename_root)
    return ServerAccount(user=pwd.getpwnam("nobody").pw_uid)


def rename_root() -> None:
    """In the child: enter a user namespace in which uid and gid 0 appear as 1000. Raises OSError where forbidden."""
    if _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text("1000 0 1")
    Path("/proc/self/gid_map").write_text("1000 0 1")


@functools.cache
def _can_rename_root() -> bool:
    if sys.platform != "linux":
        return False
    try:
        return subprocess.run([sys.executable, "-c", ""], preexec_fn=rename_root, check=False).returncode == 0
    except subprocess.SubprocessError:
        return False


def _can_enter(path: Path, user: int) -> bool:
    return (
        subprocess.run(["test", "-x", str(path)], user=user, group=user, extra_groups=[], check=False).returncode == 0
    )
