"""Form of a project template: plain fields, a row per milestone, a line per document."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from crm.jobs.appointments.setup import offered_types
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.whole_numbers import parse_typed_number, read_number
from crm.platform.organization.configuration import brand_languages, directory
from service.models import ProjectTemplate
from service.models.milestone import MilestoneText, tidy_texts
from service.models.project_template import AppointmentPlan, MilestonePlan, PaperPlan

# Empty rows below those there are.
MORE_ROWS = 3
USUAL_DAYS = 7


def fields_of(post: QueryDict) -> dict[str, Any]:
    """Return the template's fields from a form. Raises Refused for invalid values."""
    organization = directory()
    return {
        "pipeline": pipeline_setup().pipelines.get(_read_id(post, "pipeline")),
        "team": organization.teams.get(_read_id(post, "team")),
        "contact": organization.members.get(_read_id(post, "contact")),
        "days": whole(post.get("days", "1"), 1, 365),
        "photos": whole(post.get("photos", "0") or "0", 0, 500),
        "checklist": lines(post.get("checklist", "")),
        "milestones": milestones(post),
        "papers": papers(post.get("papers", "")),
        "appointments": appointments(post),
    }


def milestones(post: QueryDict) -> list[MilestonePlan]:
    """Read the rows with a name."""
    columns = [post.getlist(name) for name in ("m-name", "m-weight", "m-day", "m-sees")]
    texts = milestone_texts(post)
    return [
        MilestonePlan(
            name=_clean_line(name, 80),
            customer_texts=tidy_texts(texts[at]) if at < len(texts) else {},
            weight=whole(weight or "0", 0, 100),
            day=whole(day or "0", 0, 365),
            internal=sees == "internal",
            asks=sees == "survey",
        )
        for at, (name, weight, day, sees) in enumerate(zip(*columns, strict=False))
        if _clean_line(name, 80)
    ]


def milestone_texts(post: QueryDict) -> list[dict[str, MilestoneText]]:
    """Read the customer texts of milestones, in row order: fields by language, two per row."""
    languages = [code for code, _name in settings.LANGUAGES if f"m-coming-{code}" in post]
    columns = [
        zip(post.getlist(f"m-coming-{code}"), post.getlist(f"m-done-{code}"), strict=False) for code in languages
    ]
    return [
        {code: MilestoneText(*typed) for code, typed in zip(languages, row, strict=True)}
        for row in zip(*columns, strict=False)
    ]


class MilestoneField(NamedTuple):
    """A field of the form for a milestone's text in one language: code, label and value."""

    language: str
    called: str
    text: MilestoneText


def milestone_fields(texts: Mapping[str, list[str]], more: Iterable[str] = ()) -> list[MilestoneField]:
    """Return the text fields of a milestone, in the languages of the brands, `more`, and its own."""
    return [
        MilestoneField(code, get_language_info(code)["name_local"], MilestoneText(*texts.get(code, ("", ""))))
        for code in brand_languages([*more, *texts])
    ]


def papers(typed: str) -> list[PaperPlan]:
    """Read one document per line: "HOA letter: 7" is due seven days after acceptance."""
    plans = []
    for line in lines(typed):
        title, colon, days = line.rpartition(":")
        if colon and read_number(days) is not None:
            plans.append(PaperPlan(title=title.strip(), days=whole(days, 0, 365)))
        else:
            plans.append(PaperPlan(title=line, days=USUAL_DAYS))
    return plans


def appointments(post: QueryDict) -> list[AppointmentPlan]:
    """Read the rows whose appointment type is offered."""
    offered = {str(row.pk) for row in offered_types()}
    rows = zip(post.getlist("a-type"), post.getlist("a-day"), strict=False)
    return [AppointmentPlan(type=int(pk), day=whole(day or "0", 0, 365)) for pk, day in rows if pk in offered]


def form_values(row: ProjectTemplate | None) -> Mapping[str, Any]:
    """Return the form's values for a template, or the defaults of a new one."""
    plans = []
    if row:
        plans = list(row.milestones)
    booked = []
    if row:
        booked = list(row.appointments)
    rows: list[MilestonePlan | None] = [*plans, *[None] * MORE_ROWS]
    # Each row asks in the same languages, so that what is sent can be put together again.
    languages = sorted({language for plan in plans for language in plan["customer_texts"]})
    return {
        "row": row,
        "days": row.days if row else 1,
        "photos": row.photos if row else 0,
        "checklist": "\n".join(row.checklist) if row else "",
        "papers": "\n".join(f"{paper['title']}: {paper['days']}" for paper in row.papers) if row else "",
        "milestones": [(plan, milestone_fields(plan["customer_texts"] if plan else {}, languages)) for plan in rows],
        "appointments": [*booked, None],
    }


def lines(typed: str) -> list[str]:
    """Return the lines that are not blank."""
    return [line for each in typed[:5000].splitlines() if (line := _clean_line(each, 120))]


def whole(typed: str, least: int, most: int) -> int:
    """Read a whole number within bounds. Raises Refused."""
    parameters = {"typed": typed.strip()[:20], "least": least, "most": most}
    sentence = _("“%(typed)s” is not a number from %(least)s to %(most)s.") % parameters
    return parse_typed_number(typed, sentence, least=least, most=most)


def _clean_line(typed: str, longest: int) -> str:
    return " ".join(typed.split())[:longest]


def _read_id(post: QueryDict, name: str) -> int:
    return read_number(post.get(name)) or 0
