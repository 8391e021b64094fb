"""Words of a status tell whether a lead is open, won or over, in five languages."""

import pytest

from leads.importing.values.vocabulary import status_of
from leads.importing.values.work_types import work_type


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("Junk Lead", "dropped"),
        ("Lost Lead", "lost"),
        ("Unqualified", "dropped"),
        ("Not Qualified", "dropped"),
        ("Closed - Lost", "lost"),
        ("Closed Won", "won"),
        ("Deal lost", "lost"),
        ("Not interested", "lost"),
        ("Lead verloren", "lost"),
        ("Verkauft", "won"),
        ("Perdue", "lost"),
        ("Gagnée", "won"),
        ("Non qualifié", "dropped"),
        ("Ganado", "won"),
        ("No calificado", "dropped"),
        ("Opgeleverd", "done"),
        ("In Bearbeitung", "open"),
        ("Closed Won (Sales Pipeline)", "won"),
        ("Closed Lost (Sales Pipeline)", "lost"),
        ("Closed - Not Converted", "lost"),
        ("Closed - Converted", "won"),
        ("Appointment (Sales Pipeline)", None),
        ("Lead", None),
        ("Pre-Qualified", None),
        ("Attempted to Contact", None),
        ("", None),
    ],
)
def test_a_status_says_how_it_ended(cell: str, status: str | None) -> None:
    assert status_of(cell) == status


PIPELINES = {"re roof": 1, "insurance claim": 2, "commercial": 3, "repair": 4, "care plan": 5}


@pytest.mark.parametrize(
    ("cell", "pipeline"),
    [
        ("reroof", 1),
        ("Re-Roof job", 1),
        ("Roof replacement", 1),
        ("RR", 1),
        ("tear-off", 1),
        ("ST", 2),
        ("Storm", 2),
        ("Hail damage", 2),
        ("Ins.", 2),
        ("Comm", 3),
        ("repairs", 4),
        ("Roof leak", 4),
        ("CP", 5),
        # Both begin so, and nothing begins so.
        ("re", None),
        ("Siding", None),
        ("roof", None),
        ("", None),
        ("x" * 9000, None),
    ],
)
def test_a_kind_of_work_is_known_in_short(cell: str, pipeline: int | None) -> None:
    assert work_type(cell, PIPELINES) == pipeline
