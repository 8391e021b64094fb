"""The day's page: the member's own follow-ups of today, and nothing of later days or colleagues."""

from typing import Any


def test_it_lists_what_is_overdue_or_due_today(as_member: Any, planned: Any) -> None:
    planned("Late", hours=-30)
    planned("Soon", hours=2, notes="Gate code 4711")
    page = as_member("rita").get("followups/today/")
    assert "Late" in page
    assert "Gate code 4711" in page


def test_it_leaves_out_later_days_and_colleagues_and_shows_what_was_done(
    as_member: Any, planned: Any, house: Any
) -> None:
    planned("Day after", hours=30)
    planned("Another’s", assignee=house.mona)
    done = planned("Done already")
    as_member("rita").post(f"followups/{done.uid}/complete/", {"version": "1", "outcome": "successful"})
    page = as_member("rita").get("followups/today/")
    assert "Day after" not in page
    assert "Another’s" not in page
    assert "Nothing is due today." in page
    assert "Done already" in page


def test_it_names_the_worker_and_itself(as_member: Any, house: Any) -> None:
    page = as_member("rita").get("followups/")
    assert f'data-day="/{house.tenant.slug}/followups/today/"' in page
    assert 'data-worker="/account/push/worker.js"' in page
