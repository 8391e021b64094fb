"""RunKind: what a kind of run declares: its model, permission, slice size, and what a slice does."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import allows
from crm.platform.models.run import Run, SelectionRun
from crm.platform.organization.configuration import directory

R = TypeVar("R", bound=Run)
S = TypeVar("S", bound=SelectionRun)


class RunFailed(Exception):
    """The run can't go on; the text tells the person why. What is written so far stays."""


class RunCancelled(Exception):
    """The run stops, as if somebody had cancelled it. What is written so far stays."""


class RunKind(ABC, Generic[R]):
    """One kind of run. Registered with `runs.register`, which makes the one instance there is."""

    # The concrete model, and the name of its due work.
    model: type[R]
    work: ClassVar[str]
    # What its member must be allowed, before each slice; and what is said where they are not any more.
    permission: ClassVar[str]
    forbidden: ClassVar[str | Promise] = _("The person who started this no longer has permission.")
    # How many rows a slice does; and up to how many are done within the request.
    size: int = 500
    small: int = 500
    # After so long a slice ends, and a request leaves the rest to a worker.
    seconds: ClassVar[float] = 5.0
    # After so long the row is deleted; None: it stays.
    kept: ClassVar[timedelta | None] = None

    @abstractmethod
    def do_slice(self, run: R) -> bool:
        """Do the next rows and advance, in the caller's transaction; True while there may be more."""

    def undo_slice(self, run: R) -> bool:
        """Undo the next rows, for a run that may be undone; True while there may be more."""
        raise NotImplementedError

    def check(self, run: R) -> None:
        """Raise Failed or Cancelled if the run may not go on. Called before every slice."""
        if run.by and not (run.by.active and allows(run.by, self.permission)):
            raise RunFailed(str(self.forbidden))

    def finish(self, run: R) -> None:
        """Complete the run after its last slice. May raise Failed."""

    def clean_up(self, run: R) -> None:
        """Clean up after a person cancelled a run that had begun."""

    def language(self, run: R) -> str:
        """Return the language of what a slice writes: everybody there reads it, so the tenant's."""
        return directory().tenant.language


class SelectionKind(RunKind[S]):
    """A kind whose slices are the next of the selected rows."""

    @abstractmethod
    def do(self, run: S, ids: Sequence[int]) -> None:
        """Act on these rows. Those deleted, or hidden from the member by now, are left out."""

    def do_slice(self, run: S) -> bool:
        ids = run.next_ids(self.size)
        self.do(run, ids)
        run.save_progress(len(ids))
        return run.done < run.total


registered: dict[type[Run], RunKind[Any]] = {}


def kind_of(run: R) -> RunKind[R]:
    """Return the kind of a run."""
    return registered[type(run)]
