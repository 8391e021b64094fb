"""Make rules for tests, and let time pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.automation.definition import Definition, DoStep, Step
from crm.automation.models import Mode, Rule
from crm.kernel import clock
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.work import due
from crm.platform.work.tasks import dispatch_events


def do(action: str, **options: Any) -> DoStep:
    """A step of a rule."""
    return DoStep(action, {name: str(value) for name, value in options.items()})


def rule(trigger: str, *steps: Step, mode: Mode = Mode.ON, name: str = "A rule", **parts: Any) -> Rule:
    """A rule, inside the tenant; about leads, and on, unless said otherwise."""
    options = {key: str(value) for key, value in parts.pop("options", {}).items()}
    definition = Definition(parts.pop("record", "job"), trigger, options=options, steps=steps, **parts)
    return Rule.add(name, definition, by=None, mode=mode)


def work(at: datetime | None = None, *, rounds: int = 8) -> None:
    """Let the workers do what waits, at an instant; messages are queued, and none leaves."""
    with clock.at(at or clock.now()):
        for _round in range(rounds):
            dispatch_events()
            due.run_due_work()


class Undone(Exception):
    """Takes back what a try of a test did."""


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back what is done within, also from what the process keeps of it."""
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        clear_configuration_caches()
