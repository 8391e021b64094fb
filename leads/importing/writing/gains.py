"""Undo what an import added to existing leads, where it is unchanged since."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.models import Job, Note
from crm.people.models import ContactPoint, Person
from leads.importing.matching.own_cells import OWN_PART
from leads.importing.writing.own_fields import empty_own_fields
from leads.models import ImportRow, Lead

_JOB = ("value", "source_id", "company_id", "site_id")
_LEAD: dict[str, Any] = {"external_id": "", "campaign_id": None, "cost": None}


def take_back(lines: Sequence[ImportRow]) -> Iterator[tuple[ImportRow, str]]:
    """Undo these rows' additions; yields each row with a sentence on what stays, "" if nothing does.

    Of a lead that is gone nothing stays: with it went what it had gained.
    """
    ids = [line.job_id for line in lines if line.job_id]
    firms = [line.job_id for line in lines if line.job_id and "company_id" in line.gained]
    # Before the leads, as whoever corrects one holds them.
    customers = Person.objects.filter(pk__in=Job.objects.filter(pk__in=firms).order_by().values("person_id"))
    list(customers.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    jobs = {job.pk: job for job in Job.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    leads = {lead.pk: lead for lead in Lead.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    for line in lines:
        job = jobs.get(line.job_id or 0)
        yield line, "" if job is None else _describe_kept(job, leads.get(job.pk), line)


def _describe_kept(job: Job, lead: Lead | None, line: ImportRow) -> str:
    gained = line.gained
    _empty_fields(job, gained)
    _empty_own(job, gained)
    empty_own_fields(job, gained)
    _empty_facts(lead, gained)
    stays = _undo_verbs(job, gained, line)
    take_points_back(job, gained)
    Note.objects.filter(pk=gained.get("note", 0)).delete()
    if gained.get("claim_number"):
        stays.append(_("claim"))
    if stays:
        return _("Unchanged: %(what)s.") % {"what": ", ".join(stays)}
    return ""


def take_points_back(job: Job, gained: dict[str, Any]) -> None:
    """Delete the contact points an import added to a customer."""
    points = [point.partition(":") for point in gained if point.startswith(("email:", "phone:"))]
    for kind, _colon, value in points:
        ContactPoint.objects.filter(person_id=job.person_id, kind=kind, value=value, source="import").delete()


def _empty_fields(job: Job, gained: dict[str, Any]) -> None:
    changed = []
    for name in _JOB:
        if name in gained and gained[name] is not None and getattr(job, name) == gained[name]:
            setattr(job, name, None)
            changed.append(name.removesuffix("_id"))
    if gained.get("title") and job.title == gained["title"]:
        job.title = Person.objects.values_list("name", flat=True).get(pk=job.person_id)
        changed.append("title")
    if "site" in changed and job.place == gained.get("place"):
        job.place = ""
        changed.append("place")
    if "company" in changed:
        Person.objects.filter(pk=job.person_id, company_id=gained["company_id"]).update(company_id=None)
    if changed:
        job.save(update_fields=changed)


def _empty_own(job: Job, gained: dict[str, Any]) -> None:
    own = {name.removeprefix(OWN_PART): value for name, value in gained.items() if name.startswith(OWN_PART)}
    kept = {
        key: stored_value for key, stored_value in job.own_fields.items() if key not in own or own[key] != stored_value
    }
    if len(kept) < len(job.own_fields):
        job.own_fields = kept
        job.save(update_fields=["own_fields"])


def _empty_facts(lead: Lead | None, gained: dict[str, Any]) -> None:
    if lead is None:
        return
    changed = [name for name in _LEAD if name in gained and getattr(lead, name) == gained[name]]
    for name in changed:
        setattr(lead, name, _LEAD[name])
    if changed:
        lead.save(update_fields=changed)


def _undo_verbs(job: Job, gained: dict[str, Any], line: ImportRow) -> list[str]:
    """Undo by model methods what they set; the step stays, as it cannot be reversed that way."""
    by = line.run.by
    if gained.get("member_id") and job.member_id == gained["member_id"]:
        job.assign_to(None, by=by)
        Lead.objects.filter(pk=job.pk, rep_id=gained["member_id"]).update(rep=None)
    if "next_step_kind" in gained and job.next_step_kind and job.next_step_label == gained["next_step_kind"]:
        job.plan_next(kind="", label="", at=None, by=by)
    stays = gained.get("stage_id")
    if stays and job.stage_id == stays:
        return [_("step")]
    return []
