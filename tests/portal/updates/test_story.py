"""What there is to tell, as sentences: pure."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from crm.kernel.business_hours import build_hours
from portal.letters.letter import LONGEST_SHORT, Letter, split_sentences
from portal.models.update_plan import due_day
from portal.updates.drafting.facts import Facts, UpdateItem
from portal.updates.drafting.story import LetterPlace, digest_of, draft_of

HERE = LetterPlace("en", "US", ZoneInfo("America/New_York"))
AT, LATER = datetime(2026, 5, 13, 13, 0, tzinfo=UTC), datetime(2026, 5, 15, 13, 0, tzinfo=UTC)


def test_it_says_what_happened_what_comes_and_what_is_wanted() -> None:
    facts = Facts(
        stage="We plan the day we begin.",
        step="Your permit",
        past=[UpdateItem("step", AT, "Your permit"), UpdateItem("visited", AT, "Inspection")],
        coming=[UpdateItem("visit", AT, "Installation", "Dana"), UpdateItem("milestone", AT, "Dry-in")],
        wanted=[UpdateItem("document", None, "the claim number"), UpdateItem("confirm", AT, "Installation")],
        negatives={"delay"},
    )
    draft = draft_of(facts, HERE)
    assert draft.letter.happened == ("Inspection on Wednesday, May 13 is done.", "We plan the day we begin.")
    assert draft.letter.next == (
        "Installation on Wednesday, May 13 at 9:00\xa0AM, with Dana.",
        "Planned for Wednesday, May 13: Dry-in.",
    )
    assert draft.letter.needed == (
        "Please send us: the claim number.",
        "Please confirm: Installation on Wednesday, May 13.",
    )
    assert (draft.negatives, draft.is_no_news, len(draft.sources)) == (("delay",), False, 6)


def test_milestones_of_a_day_are_one_sentence_and_steps_are_not_said_beside_them() -> None:
    done = [
        UpdateItem("milestone_done", AT, what) for what in ("Your permit is in", "The old roof is off", "HOA agrees")
    ]
    facts = Facts(
        past=[UpdateItem("step", AT, "City permit"), *done, UpdateItem("milestone_done", LATER, "Your new roof is on")]
    )
    assert draft_of(facts, HERE).letter.happened == (
        "Wednesday, May 13: Your permit is in. The old roof is off. HOA agrees.",
        "Friday, May 15: your new roof is on.",
    )


def test_steps_behind_it_are_one_sentence_and_where_it_stands_is_said_once() -> None:
    past = [
        UpdateItem("step", AT, "Permit"),
        UpdateItem("resumed", AT),
        UpdateItem("step", AT, "Materials"),
        UpdateItem("step", AT, "Crew"),
    ]
    letter = draft_of(Facts(stage="Your crew is booked", step="Crew", past=past), HERE).letter
    assert letter.happened == (
        "Finished since our last update: Permit and Materials.",
        "Your work resumed on Wednesday, May 13.",
        "Your crew is booked.",
    )
    assert letter.next == ("We’ll tell you as soon as the next day is set.",)


def test_a_part_without_a_day_is_said_only_where_nothing_has_one() -> None:
    coming = [UpdateItem("milestone", None, "Dry-in"), UpdateItem("milestone", None, "Shingles")]
    letter = draft_of(Facts(coming=coming), HERE).letter
    assert letter.next == ("Next: Dry-in. We’ll tell you as soon as the day is set.",)


def test_after_the_last_milestone_nothing_is_promised() -> None:
    letter = draft_of(Facts(past=[UpdateItem("milestone_done", AT, "Your roof is on")], is_done=True), HERE).letter
    assert letter.next == ("All the work is done. Is anything not right? Just answer this message.",)


def test_papers_and_photos_are_counted_together() -> None:
    past = [
        UpdateItem("documents", AT, "Permit"),
        UpdateItem("photos", AT, "3"),
        UpdateItem("documents", AT, "Warranty"),
    ]
    letter = draft_of(Facts(past=past), HERE).letter
    assert letter.happened == ("New on your page: Permit and Warranty.", "There are 3 new photos on your page.")


def test_no_news_is_an_update_itself() -> None:
    draft = draft_of(Facts(stage="We wait for the permit"), HERE)
    assert draft.is_no_news
    assert draft.letter.happened == ("Nothing has changed since our last update.", "We wait for the permit.")
    assert draft.letter.next[0].startswith("We’ll tell you as soon as")
    quiet = draft_of(Facts(stage="We wait", coming=[UpdateItem("milestone", AT, "Dry-in")]), HERE)
    assert quiet.letter.happened == ("Nothing has changed since our last update.",)


def test_it_is_written_in_dutch() -> None:
    done = [
        UpdateItem("milestone_done", AT, "Je laadpunt is besteld"),
        UpdateItem("milestone_done", AT, "De kabel ligt"),
    ]
    with override("nl"):
        letter = draft_of(Facts(past=done), LetterPlace("nl", "NL", ZoneInfo("Europe/Amsterdam"))).letter
    assert letter.happened == ("Woensdag 13 mei: je laadpunt is besteld en de kabel ligt.",)


def test_a_digest_names_the_place_of_each_sentence() -> None:
    quiet, news = draft_of(Facts(), HERE), draft_of(Facts(past=[UpdateItem("resumed", AT)], negatives={"hold"}), HERE)
    both = digest_of({"1 Elm St": quiet, "2 Oak Ave": news})
    assert both.letter.happened[1].startswith("2 Oak Ave: Your work resumed")
    assert (both.negatives, both.is_no_news) == (("hold",), False)


def test_what_is_typed_is_a_sentence_a_line_and_no_novel() -> None:
    assert split_sentences(" One.\n\n  Two\0 and  a half. \n") == ("One.", "Two and a half.")
    assert len(split_sentences("x\n" * 100)) == 12
    assert len(Letter(("a " * 400,), ("b",)).short) <= LONGEST_SHORT


@pytest.mark.parametrize(
    ("since", "days", "expected"),
    [
        ("2026-05-11T13:00", 14, "2026-05-26T21:00"),  # Memorial Day is closed: the day after
        ("2026-05-11T13:00", 1, "2026-05-12T21:00"),
        ("2026-05-15T22:30", 1, "2026-05-18T21:00"),  # a Saturday: the Monday
    ],
)
def test_it_is_due_at_the_close_of_a_day_that_is_open(since: str, days: int, expected: str) -> None:
    week = [[(9 * 60, 17 * 60)]] * 5 + [[], []]
    office = build_hours(
        "America/New_York", week, lambda day: "Memorial Day" if (day.month, day.day) == (5, 25) else None
    )
    at = datetime.fromisoformat(since).replace(tzinfo=UTC)
    assert due_day(at, days, office, ZoneInfo("UTC")).isoformat()[:16] == expected


def test_without_a_calendar_a_day_ends_at_five() -> None:
    assert due_day(AT, 2, None, ZoneInfo("Europe/Amsterdam")).isoformat() == "2026-05-15T15:00:00+00:00"
