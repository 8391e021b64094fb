"""The ageing clock is any model's: names of events and due work follow the model, and nothing in it knows of jobs."""

import ast
from pathlib import Path

from crm.jobs.clock import clocked, crossings, pausable, recalculation, tick
from crm.jobs.clock.arithmetic import CROSSINGS
from crm.jobs.clock.pausable import Pausable
from crm.jobs.models import Job


class Ticket(Pausable):
    """What a model above would look like; without a table."""

    class Meta(Pausable.Meta):
        abstract = True


def test_events_are_called_after_their_model() -> None:
    assert [Job.event_kind(name) for name in CROSSINGS] == ["job.due_soon", "job.overdue", "job.far_overdue"]
    assert Ticket.event_kind("overdue") == "ticket.overdue"


def test_no_part_of_the_mechanism_imports_jobs() -> None:
    for module in (tick, crossings, recalculation, clocked, pausable):
        tree = ast.parse(Path(str(module.__file__)).read_text())
        imported = {
            f"{node.module}.{name.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for name in node.names
        }
        assert not {name for name in imported if name.endswith(".Job") or ".models.job" in name}, module
