"""Summaries and drafts are rated with one click; a flag has a reason, and the settings page counts both."""

from assistant.models import ProposalRating
from assistant.ratings.figures import rating_figures
from tests.assistant.records.conftest import Says
from tests.followups.conftest import Browser
from tickets.models import Ticket


def test_a_summary_is_rated_and_its_figures_are_shown(ticket: Ticket, says: Says, rita: Browser, ada: Browser) -> None:
    says("There is a brown spot on the ceiling.")
    path = f"assistant/conversation/{ticket.number}/rate/"
    assert "Not useful?" in rita.get(f"assistant/conversations/{ticket.number}/", htmx=True)
    rita.post(path, {"helper": "summary", "reason": ""})
    rita.post(path, {"helper": "summary", "reason": "untrue"})
    ada.post(path, {"helper": "summary", "reason": ""})
    (figure,) = rating_figures()
    assert (figure.useful, figure.flagged, figure.percent) == (1, 1, 50)
    assert "Not true" in ada.get("settings/assistant/ratings/", htmx=True)


def test_a_rating_holds_for_the_state_it_was_given_of(ticket: Ticket, says: Says, rita: Browser) -> None:
    entry = says("There is a brown spot on the ceiling.")
    data = {"helper": "summary", "reason": "", "state": f"e{entry.uid}", "by_model": "0"}
    rita.post(f"assistant/conversation/{ticket.number}/rate/", data)
    assert 'aria-pressed="true"' in rita.get(f"assistant/conversation/{ticket.number}/summary/", htmx=True)
    says("It is wet.")
    assert 'aria-pressed="true"' not in rita.get(f"assistant/conversation/{ticket.number}/summary/", htmx=True)


def test_an_unknown_reason_or_helper_is_refused(ticket: Ticket, rita: Browser) -> None:
    path = f"assistant/conversation/{ticket.number}/rate/"
    for data in ({"helper": "summary", "reason": "nonsense"}, {"helper": "labels", "reason": ""}):
        rita.post(path, data, status=404)
    assert not ProposalRating.objects.exists()
