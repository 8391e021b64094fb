"""Several numbers or addresses in a cell, and the words beside them: each is kept, with its word."""

from typing import Any

import pytest
from django.urls import reverse

from crm.jobs.models import Job, Note
from crm.people.models import ContactPoint
from crm.platform.tenancy.context import use_tenant
from leads.importing.matching.contact_cells import emails, phones
from leads.importing.matching.verdicts import MOST_POINTS
from tests.cast import Cast
from tests.leads.importing import signed_in


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("813-555-0728", [("813-555-0728", "")]),
        ("8135550347 (wife)", [("8135550347", "wife")]),
        ("813-555-0728 cell", [("813-555-0728", "cell")]),
        ("cell 813-555-0728", [("cell 813-555-0728", "cell")]),
        ("+1 813 555 0728 (m)", [("+1 813 555 0728 (m)", "m")]),
        ("H: 813-555-0728 C: 813-555-0199", [("813-555-0728", "H"), ("813-555-0199", "C")]),
        ("813-555-0728 h / 813-555-0199 c", [("813-555-0728 h", "h"), ("813-555-0199 c", "c")]),
        ("813.555.0728 Home\n813.555.0199 Cell", [("813.555.0728", "Home"), ("813.555.0199", "Cell")]),
        ("8135550100 8135550101", [("8135550100", ""), ("8135550101", "")]),
        ("813-555-0100 (mom and dad), 813-555-0101", [("813-555-0100", "mom and dad"), ("813-555-0101", "")]),
        ("(813) 555-0728 x12 (desk)", [("(813) 555-0728 x12", "desk")]),
        ("813-555-0728 ext 5", [("813-555-0728 ext 5", "")]),
        ("813-555-ROOF", [("813-555-ROOF", "")]),
        ("p:+18135550728", [("+18135550728", "")]),
        ("813-555-0100/0101", [("813-555-0100", "0101")]),
        ("12345", [("12345", "")]),
        ("none", [("none", "")]),
    ],
)
def test_a_cell_of_numbers(cell: str, found: list[tuple[str, str]]) -> None:
    assert phones(cell, "US") == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("030/1234567", [("030/1234567", "")]),
        ("Mob. 06 12345678", [("Mob. 06 12345678", "Mob")]),
        ("0612345678 (vrouw) of 0687654321 (man)", [("0612345678", "vrouw"), ("0687654321", "man")]),
        ("+31612345678, 0687654321", [("+31612345678", ""), ("0687654321", "")]),
        ("6,12E+08", [("6,12E+08", "")]),
    ],
)
def test_a_cell_of_dutch_numbers(cell: str, found: list[tuple[str, str]]) -> None:
    assert phones(cell, "NL") == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("a@x.com", [("a@x.com", "")]),
        ("Ann Lee <a@x.com>", [("Ann Lee <a@x.com>", "")]),
        ("a@x.com OR b@y.com", [("a@x.com", ""), ("b@y.com", "")]),
        ("a@x.com (work)", [("a@x.com", "work")]),
        ("work: a@x.com", [("a@x.com", "work")]),
        ("a@x.com (work), b@y.com (home)", [("a@x.com", "work"), ("b@y.com", "home")]),
        ("work: a@x.com; home: b@y.com", [("a@x.com", "work"), ("b@y.com", "home")]),
        ("Ann <a@x.com>; Bob Lee <b@y.com>", [("a@x.com", "Ann"), ("b@y.com", "Bob Lee")]),
        ("mailto:a@x.com b@y.com", [("a@x.com", ""), ("b@y.com", "")]),
        ("pat.o'hara@x.com / pat@y.com", [("pat.o'hara@x.com", ""), ("pat@y.com", "")]),
        ("nobody", [("nobody", "")]),
    ],
)
def test_a_cell_of_addresses(cell: str, found: list[tuple[str, str]]) -> None:
    assert emails(cell) == found


def noted(job: Job) -> dict[str, str]:
    return dict(ContactPoint.objects.filter(person_id=job.person_id).values_list("value", "note"))


def test_each_is_kept_with_its_word_and_shown_with_it(cast: Cast, bring: Any) -> None:
    content = (
        "Name,Phone,Email\n"
        'Zoe Abel,"H: 813-555-0728 C: 813-555-0199 x7","zoe@x.example (work), zoe@y.example"\n'
        "Yan Abel,813-555-0345 call only after six in the evening and not on Sundays please do,\n"
    )
    lines, _summary = bring(content)
    with use_tenant(cast.house.tenant):
        zoe, yan = (Job.objects.get(number=line["job"]) for line in lines)
        assert noted(zoe) == {
            "+18135550728": "H",
            "+18135550199": "C, ext. 7",
            "zoe@x.example": "work",
            "zoe@y.example": "",
        }
        assert noted(yan) == {"+18135550345": ""}
        assert "after six in the evening" in Note.objects.get(job=yan).body
    page = signed_in(cast.house.ada).get(reverse("leads:lead", args=[cast.house.tenant.slug, zoe.number]))
    assert ">H</small>" in page.content.decode()
    sheet = signed_in(cast.house.ada).get(reverse("jobs:reach", args=[cast.house.tenant.slug, zoe.number]))
    assert ">C, ext. 7</small>" in sheet.content.decode()


def test_a_known_lead_gains_a_number_with_its_word(cast: Cast, bring: Any) -> None:
    bring("Name,Email\nZoe Abel,zoe@x.example\n")
    (line,), _summary = bring("Name,Email,Phone\nZoe Abel,zoe@x.example,813-555-0347 (wife)\n")
    assert line["verdict"] == "update"
    with use_tenant(cast.house.tenant):
        assert noted(Job.objects.get(number=line["job"]))["+18135550347"] == "wife"


def test_more_than_a_few_are_kept_as_text(cast: Cast, bring: Any) -> None:
    many = " ".join(f"813-555-{number:04}" for number in range(100, 130))
    (line,), _summary = bring(f"Name,Phone\nZoe Abel,{many}\n")
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(number=line["job"])
        assert noted(job) == {}
        assert many in Note.objects.get(job=job).body


def test_nobody_gains_points_without_end(cast: Cast, bring: Any) -> None:
    """A file of one customer's numbers cost the square of its rows, in time and in memory."""
    content = "Name,Email,Phone\n" + "".join(f"Zoe Abel,zoe@x.example,813-555-{n:04}\n" for n in range(100, 160))
    for options in (["--dry-run"], []):
        lines, _summary = bring(content, *options)
        assert [line["verdict"] for line in lines[:49]] == ["new"] + ["update"] * 48
        assert "+18135550159" in lines[-1]["reason"]
    with use_tenant(cast.house.tenant):
        assert len(noted(Job.objects.get(number=lines[0]["job"]))) == MOST_POINTS
