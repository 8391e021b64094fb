"""Subjects, and properties that a text names: pure."""

import pytest

from crm.people.models import Property
from tickets.matching.by_mail import subject_line
from tickets.matching.properties import named_property


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("My roof", "Re: AW: my ROOF", True),
        ("My roof", "RE[2]: Fwd: My roof [#1234]", True),
        ("My roof", "Odp: My roof", True),
        ("屋顶", "回复：屋顶", True),
        ("My roof", "Urgent!! My roof", True),
        ("My roof", "A new gutter", False),
        ("", "", True),
        ("My roof", "", False),
    ],
)
def test_subjects_agree_whatever_answering_adds(one: str, other: str, *, same: bool) -> None:
    assert subject_line.subjects_agree(one, other) is same


def test_tags_are_numbers_in_brackets_and_few() -> None:
    assert subject_line.subject_tags("Re: My roof [#1234] #99 [#x] [#77]") == [1234, 77]
    assert len(subject_line.subject_tags("[#1]" * 500)) == 5


BAY, OAK, GRACHT = (
    Property(pk=pk, street=street)
    for pk, street in ((1, "2207 Bayshore Ct"), (2, "14 Oak Street"), (3, "Herengracht 14"))
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The gutter at 14 Oak fell down", OAK),
        ("Op de Herengracht 14 lekt het", GRACHT),
        ("Same as at 2207 bayshore, but 14 Oak Street", None),  # it names the one it is about
        ("14 Oak and Herengracht 14", None),
        ("We have 14 oaks", None),
        ("It leaks", None),
    ],
)
def test_a_text_names_another_property(text: str, found: Property | None) -> None:
    assert named_property(text, [BAY, OAK, GRACHT], besides=BAY.pk) is found
