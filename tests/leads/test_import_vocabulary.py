"""Words of a status tell whether a lead is open, won or over, in five languages."""

import pytest

from leads.importing.mapping.vocabulary import status_of


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
        ("Lead", None),
        ("Pre-Qualified", None),
        ("Attempted to Contact", None),
        ("", None),
    ],
)
def test_a_status_says_how_it_ended(cell: str, status: str | None) -> None:
    assert status_of(cell) == status
