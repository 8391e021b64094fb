"""Set up what two steps of each demo pipeline ask for, and a move that is proposed before it is automatic."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import override

from crm.automation.models import Mode, Rule, RuleRun, RunState
from crm.automation.moves.settings import set_move
from crm.automation.registry.moves import JOB, stage_moves
from crm.jobs.models import Job, Stage
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

# So many leads have something proposed.
OPEN = 3


class Guide(NamedTuple):
    """A step's text, the key fields it shows, and what it asks for."""

    step: str
    text: str
    key_fields: tuple[str, ...]
    criteria: dict[str, str]


GUIDES = {
    "Re-roof": (
        Guide(
            "Visit booked",
            "Confirm the day before. Take the ladder for two floors, and photos of all four sides.",
            ("reach", "place", "appointment", "next_step"),
            {"place": "block", "next_step": "warn"},
        ),
        Guide(
            "Estimating",
            "Price with the template, have the office read it, and attach the quote before it goes out.",
            ("value", "email", "source"),
            {"value": "block", "email": "warn"},
        ),
    ),
    "Laadpunt thuis": (
        Guide(
            "Foto’s gevraagd",
            "Vraag om foto’s van de meterkast en van de plek voor het laadpunt.",
            ("reach", "place", "next_step"),
            {"place": "block", "next_step": "warn"},
        ),
        Guide(
            "Offerte maken",
            "Reken met het sjabloon, en voeg de offerte toe voordat zij de deur uit gaat.",
            ("value", "email", "source"),
            {"value": "block", "email": "warn"},
        ),
    ),
}
# Where an appointment that is done proposes to move a lead from, and to.
PROPOSED = {"Re-roof": ("Visit booked", "Inspected"), "Laadpunt thuis": ("Foto’s gevraagd", "Opname gedaan")}


def create_stages(now: datetime) -> None:
    """Create them inside the tenant, after its leads and triggers."""
    admin = next(row for row in directory().members.values() if row.role == "admin")
    for pipeline, guides in GUIDES.items():
        steps = {row.name: row for row in Stage.objects.filter(pipeline__name=pipeline)}
        if steps:
            for guide in guides:
                steps[guide.step].guide(guide.text, guide.key_fields, guide.criteria, by=admin)
            _propose(*(steps[name] for name in PROPOSED[pipeline]), by=admin, now=now)


def _propose(here: Stage, to: Stage, *, by: Member, now: datetime) -> None:
    with override(directory().tenant.language):
        set_move(to, "held", Mode.PROPOSE, by=by)
    rule = Rule.objects.get(preset=stage_moves()["held"].preset(to.pk))
    rep = min(row.pk for row in directory().members.values() if row.role == "rep")
    jobs = sorted(Job.objects.open().filter(stage=here), key=lambda job: (job.member_id != rep, job.number))
    for job in jobs[:OPEN]:
        RuleRun.objects.create(
            rule=rule,
            version=rule.version,
            record=JOB,
            record_id=job.pk,
            job_id=job.pk,
            key=f"demo:{job.pk}",
            at=now - timedelta(hours=2),
            state=RunState.PROPOSED,
        )
