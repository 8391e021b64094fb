"""What makes a method of a job a verb: one transaction and one statement for all it writes.

Unless it is part of a greater act, whose author has begun the transaction, holds the job, and may send the writes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import transaction

from crm.platform.database.write_batch import Ledger

if TYPE_CHECKING:
    from crm.jobs.models.job import Job

Verb = TypeVar("Verb", bound=Callable[..., None])


def verb(method: Verb) -> Verb:
    """A verb acts on the locked row, and the job it was called of becomes what that became.

    It is one transaction. Who holds the job (jobs/undo.py) has begun one, and saves a verb the savepoint.
    """

    @wraps(method)
    def run(self: "Job", *args: Any, **kwargs: Any) -> None:
        with nullcontext() if self.is_held else transaction.atomic(), together(self):
            locked = self._locked()
            method(locked, *args, **kwargs)
            self.reflect(locked)

    return cast("Verb", run)


@contextmanager
def together(job: "Job") -> Iterator[None]:
    """What the block writes of a job is sent at its end, with one statement; nothing is, where the block raises."""
    if "ledger" in vars(job):
        yield
        return
    job.ledger = Ledger()
    try:
        yield
        job.ledger.send()
    finally:
        del job.ledger
