"""What makes a method of a job a verb: one transaction, unless who calls it has begun one and holds the job."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import transaction

Verb = TypeVar("Verb", bound=Callable[..., None])


def verb(method: Verb) -> Verb:
    """A verb is one transaction. Who holds the job (jobs/undo.py) has begun one, and saves a verb the savepoint."""

    @wraps(method)
    def run(self: Any, *args: Any, **kwargs: Any) -> None:
        with nullcontext() if self.is_held else transaction.atomic():
            method(self, *args, **kwargs)

    return cast("Verb", run)
