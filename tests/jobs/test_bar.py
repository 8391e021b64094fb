"""The pipeline bar: what is drawn, what is said, and how small it is."""

import re

import html5lib
import pytest
from django.utils import translation

from crm.jobs.bar.bar import BarStep, Shape, bar, visits
from crm.jobs.clock.arithmetic import share_step

PHASES = (
    ("Contact", (BarStep(1, "New"), BarStep(2, "Reached"))),
    ("Inspect", (BarStep(3, "Visit booked"), BarStep(4, "Inspected"))),
    ("Quote", (BarStep(5, "Estimating"), BarStep(6, "Quote sent"))),
    ("Decide", (BarStep(7, "Follow-up"), BarStep(8, "Signed"))),
    ("Job", (BarStep(9, "Permit"), BarStep(10, "Scheduled"), BarStep(11, "On the roof"))),
    ("Paid", (BarStep(12, "Invoiced"), BarStep(13, "Paid"), BarStep(14, "Review asked"))),
)
SHAPE = Shape(PHASES)
PAST = "1:ok 2:late 3:ok 4:ok 5:ok"
NOW = "8d 2h of 3d allowed, 5d 2h over."


def sent(**changes):
    return bar(SHAPE, **({"past": PAST, "stage_id": 6, "level": "crit", "step": 20, "now": NOW} | changes))


def classes(html):
    return re.findall(r"<i(?: class=\"([^\"]*)\")?>", html)


def strict(html):
    page = f"<!doctype html><html lang=en><head><title>t</title></head><body>{html}</body></html>"
    return html5lib.HTMLParser(strict=True).parse(page)


def test_the_bar_is_the_designs_string():
    assert sent() == (
        '<span class="plb" role="img" aria-label="Quote sent, Quote, step 6 of 14. 8d 2h of 3d allowed, 5d 2h over. '
        'Was late at Reached."><b><i class="ok"></i><i class="late"></i></b><b><i class="ok"></i><i class="ok"></i></b>'
        '<b><i class="ok"></i><i class="now crit p20"><u>Quote sent</u></i></b><b><i></i><i></i></b>'
        "<b><i></i><i></i><i></i></b><b><i></i><i></i><i></i></b></span>"
    )


def test_lateness_without_a_status_shows_in_the_first_section_and_in_words():
    late = sent(past="0:late 1:ok 2:ok")
    assert classes(late)[:2] == ["late", "ok"]
    assert "Was late at No status." in late
    first = sent(past="0:crit", stage_id=1, level="ok", step=3)
    assert classes(first)[0] == "now ok was-crit p3"
    assert sent(past="0:ok 1:ok") == sent(past="1:ok")


def test_an_average_bar_stays_small():
    sizes = [
        len(bar(SHAPE, past=PAST[: 5 * at], stage_id=at + 1, level="soon", step=16, now="2d 10h of 3d allowed."))
        for at in range(6)
    ]
    assert sum(sizes) / len(sizes) <= 450


def test_every_state_parses_strictly():
    for level in ("crit", "late", "soon", "ok", "hold", "lost", "won"):
        for micro in (False, True):
            strict(sent(level=level, micro=micro))
    strict(bar(SHAPE, past="", stage_id=None, level="none", now="Nobody has acted.", hang="No status"))


def test_a_skipped_step_is_hollow_and_dotted_and_a_later_one_hollow():
    assert classes(sent(past="1:ok 5:ok"))[:7] == ["ok", "gap", "gap", "gap", "ok", "now crit p20", ""]


def test_two_visits_show_the_worse_one():
    assert visits("12:ok 13:late 12:crit 13:ok") == {12: "crit", 13: "late"}


def test_broken_pairs_and_unknown_stages_are_ignored():
    assert visits("x 5 :ok 6:fine 7:ok") == {7: "ok"}
    assert classes(sent(past=PAST + " 999:late")) == classes(sent())


def test_an_archived_step_is_drawn_only_for_a_job_that_was_there():
    steps = (*PHASES[0][1], BarStep(99, "Old step", archived=True))
    shape = Shape((("Contact", steps), *PHASES[1:]))
    assert shape.length == 14
    with_it = bar(shape, past="99:late 1:ok", stage_id=3, level="ok")
    assert classes(with_it)[:4] == ["ok", "gap", "late", "now ok p0"]
    assert "Was late at Old step." in with_it
    assert len(classes(bar(shape, past="1:ok", stage_id=3, level="ok"))) == 14


def test_a_phase_the_pipeline_lacks_is_empty():
    shape = Shape((PHASES[0], ("Inspect", ()), PHASES[2]))
    assert "<b></b>" in bar(shape, past="", stage_id=1, level="ok")


def test_no_status_is_one_tube():
    html = bar(SHAPE, past="", stage_id=None, level="none", now="Came in 1d 2h ago.", hang="No status · untouched")
    assert html == (
        '<span class="plb none" role="img" aria-label="No status. Came in 1d 2h ago."><i class="now p0">'
        "<u>No status · untouched</u></i></span>"
    )


@pytest.mark.parametrize(
    ("level", "side", "expected"),
    [
        ("late", "us", "now late p20"),
        ("late", "customer", "now late cust p20"),
        ("lost", "customer", "now lost p20"),
        ("hold", "paused", "now hold p20"),
    ],
)
def test_whose_move_and_the_end_show(level, side, expected):
    html = sent(level=level, side=side)
    assert expected in classes(html)
    assert ('class="plb ended"' in html) == (level == "lost")


def test_the_share_is_in_twentieths_and_never_beyond():
    assert "now soon p17" in sent(level="soon", step=share_step(875, 1000))
    assert "now soon p19" in sent(level="soon", step=share_step(999, 1000)), "full would say it is over"
    assert "now ok p0" in sent(level="ok", step=share_step(-100, 1000))
    assert "now crit p20" in sent(step=share_step(40_000, 1000))


def test_micro_has_the_label_and_no_words():
    html = sent(micro=True)
    assert 'class="plb micro"' in html
    assert "<u>" not in html
    assert "step 6 of 14" in html


def test_names_are_escaped_everywhere():
    evil = '"><script>&'
    shape = Shape(((evil, (BarStep(1, evil), BarStep(2, evil))),))
    for micro in (False, True):
        html = bar(shape, past="1:late", stage_id=2, level="late", now=evil, hang=evil, micro=micro)
        assert "<script" not in html
        strict(html)


def test_the_sentence_follows_the_language():
    with translation.override("en"):
        english = sent()
    with translation.override("nl"):
        dutch = sent()
    assert "step 6 of 14" in english
    assert dutch.count("<i") == english.count("<i")
