"""FeedRecord: a kind of record that is sent to another system, its fields, and the events after which it is sent."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.accounting.entries import decimal_amount
from billing.models import Invoice
from crm.jobs.fields.setup import job_fields, part_key
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.people.models import ContactPoint, Person
from crm.platform.organization.configuration import directory

Words = str | Promise


@dataclass(frozen=True)
class FeedField:
    """A field that may be sent: its label, and how it is read from a record, as JSON has it."""

    label: Words
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class FeedRecord:
    """A kind of record. `find` returns the record by its id, None if it is gone."""

    label: Words
    events: frozenset[str]
    find: Callable[[int], Any]
    fields: Callable[[], Mapping[str, FeedField]]


def _find_job(pk: int) -> Job | None:
    row: Job | None = Job.objects.select_related("person", "company", "site", "source").filter(pk=pk).first()
    return row


def _find_person(pk: int) -> Person | None:
    row: Person | None = Person.objects.filter(pk=pk).first()
    return row


def _find_invoice(pk: int) -> Invoice | None:
    row: Invoice | None = Invoice.objects.issued().select_related("job", "person").filter(pk=pk).first()
    return row


def _point(person: Person | None, kind: str) -> str:
    if person is None:
        return ""
    point = ContactPoint.objects.filter(person=person, kind=kind).verified_first().first()
    return point.value if point else ""


def _site(name: str) -> Callable[[Job], str]:
    return lambda job: str(getattr(job.site, name, "") or "") if job.site else ""


def _stage(job: Job) -> str:
    stage = pipeline_setup().stages.get(job.stage_id or 0)
    return stage.name if stage else ""


def _member(job: Job) -> str:
    member = directory().members.get(job.member_id or 0)
    return member.name if member else ""


def _job_value(job: Job) -> str | None:
    if job.value is None:
        return None
    return str(decimal_amount(job.value, job.currency))


def _own_field(key: str) -> Callable[[Job], Any]:
    return lambda job: job.own_fields.get(key)


def _job_fields() -> Mapping[str, FeedField]:
    own = {part_key(field): FeedField(field.name, _own_field(field.key)) for field in job_fields().live}
    return {
        "number": FeedField(_("Number"), lambda job: job.number),
        "title": FeedField(_("Title"), lambda job: job.title),
        "state": FeedField(_("Status"), lambda job: job.state),
        "step": FeedField(_("Step"), _stage),
        "value": FeedField(_("Value"), _job_value),
        "currency": FeedField(_("Currency"), lambda job: job.currency),
        "colleague": FeedField(_("Whose it is"), _member),
        "source": FeedField(_("Source"), lambda job: job.source.name if job.source else ""),
        "customer": FeedField(_("Customer"), lambda job: job.person.name if job.person else ""),
        "company": FeedField(_("Company"), lambda job: job.company.name if job.company else ""),
        "email": FeedField(_("Email"), lambda job: _point(job.person, "email")),
        "phone": FeedField(_("Phone"), lambda job: _point(job.person, "phone")),
        "street": FeedField(_("Street"), _site("street")),
        "postcode": FeedField(_("Postcode"), _site("postcode")),
        "city": FeedField(_("City"), _site("city")),
        "region": FeedField(_("State or province"), _site("region")),
        "country": FeedField(_("Country"), _site("country")),
        **own,
    }


def _person_fields() -> Mapping[str, FeedField]:
    return {
        "number": FeedField(_("Number"), lambda person: person.pk),
        "name": FeedField(_("Name"), lambda person: person.name),
        "email": FeedField(_("Email"), lambda person: _point(person, "email")),
        "phone": FeedField(_("Phone"), lambda person: _point(person, "phone")),
    }


def _total(invoice: Invoice) -> str:
    return str(decimal_amount(invoice.total, invoice.currency))


def _open(invoice: Invoice) -> str:
    return str(decimal_amount(invoice.open, invoice.currency))


def _invoice_fields() -> Mapping[str, FeedField]:
    return {
        "number": FeedField(_("Number"), lambda invoice: invoice.number),
        "job": FeedField(_("Job"), lambda invoice: invoice.job.number),
        "customer": FeedField(_("Customer"), lambda invoice: invoice.buyer.get("name", "")),
        "state": FeedField(_("Status"), lambda invoice: invoice.state),
        "total": FeedField(_("Total"), _total),
        "open": FeedField(_("Open"), _open),
        "currency": FeedField(_("Currency"), lambda invoice: invoice.currency),
        "due_on": FeedField(_("Due"), lambda invoice: str(invoice.due_on or "")),
    }


_JOB_EVENTS = frozenset(
    f"job.{verb}"
    for verb in (
        *("opened", "moved", "assigned", "corrected", "filled_in", "prioritized", "paused", "resumed"),
        *("lost", "dropped", "finished", "reopened", "undone"),
    )
)

# By the noun of items and rules.
FEED_RECORDS: Mapping[str, FeedRecord] = {
    "job": FeedRecord(_("Job"), _JOB_EVENTS | {"lead.won", "lead.win_withdrawn"}, _find_job, _job_fields),
    "customer": FeedRecord(_("Customer"), frozenset({"person.corrected"}), _find_person, _person_fields),
    "invoice": FeedRecord(
        _("Invoice"),
        frozenset({"invoice.issued", "invoice.credit_issued", "invoice.paid", "invoice.reopened"}),
        _find_invoice,
        _invoice_fields,
    ),
}


def feed_fields() -> Iterator[tuple[str, str, FeedField]]:
    """Yield all fields as (noun, name, field)."""
    for noun, record in FEED_RECORDS.items():
        for name, field in record.fields().items():
            yield noun, name, field
