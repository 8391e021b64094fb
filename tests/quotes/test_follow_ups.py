"""Follow-ups about a quote: planned from its page, shown there, and named where follow-ups are."""

from crm.kernel import clock
from followups.models import FollowUp
from quotes.models import Quote
from tests.cast import House
from tests.followups.conftest import Browser


def plan(house: House, quote: Quote, subject: str = "Ask about the quote") -> FollowUp:
    at = clock.now().replace(hour=20)
    return FollowUp.plan(kind="call", subject=subject, due_at=at, by=house.rita, assignee=house.rita, about=quote)


def test_it_is_planned_in_the_same_form_and_stands_on_the_page(house: House, sent: Quote) -> None:
    rita = Browser(house, house.rita)
    assert f"followups/about/?quote={sent.uid}" in rita.get(f"quotes/{sent.uid}/")
    address = f"followups/new/?quote={sent.uid}"
    assert sent.code in rita.get(address, htmx=True)
    rita.post("followups/new/", {"quote": str(sent.uid), "text": "call tomorrow 3pm"})
    row = FollowUp.objects.about(sent).get()
    assert (row.job, row.person) == (sent.job, sent.person)
    assert "Call" in rita.get(f"followups/about/?quote={sent.uid}", htmx=True)


def test_its_row_and_page_lead_to_the_quote(house: House, sent: Quote) -> None:
    row = plan(house, sent)
    rita = Browser(house, house.rita)
    for page in ("followups/", f"followups/{row.uid}/"):
        assert f"quotes/{sent.uid}/" in rita.get(page)


def test_who_may_not_see_the_quote_does_not_find_it(house: House, sent: Quote) -> None:
    theirs = plan(house, sent)
    sent.job.assign_to(house.mona, by=house.mona)
    rita = Browser(house, house.rita)
    assert f"quotes/{sent.uid}/" not in rita.get(f"followups/{theirs.uid}/")
    rita.get(f"followups/new/?quote={sent.uid}", status=404)
