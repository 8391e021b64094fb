"""Template variables of persons, jobs, brands and members, available in every message."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comms.library.dates import long_day
from comms.library.variables import TemplateSubject, TemplateVariable
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.kernel.normalization import name_key
from crm.people.identity.first_name import first_name, full_name


def _customer_first_name(subject: TemplateSubject) -> str:
    """Return the customer's first name for a greeting; "" if uncertain or a company."""
    person = subject.person
    if person is None or name_key(person.name) == name_key(_company_name(subject)):
        return ""
    return first_name(person.name)


def _customer_name(subject: TemplateSubject) -> str:
    if subject.person:
        return full_name(subject.person.name)
    return _company_name(subject)


def _sender_first_name(subject: TemplateSubject) -> str:
    """Return a member's first name; the whole name if uncertain."""
    if subject.sender:
        return first_name(subject.sender.name) or subject.sender.name
    return ""


def _company_name(subject: TemplateSubject) -> str:
    company = (subject.job and subject.job.company) or (subject.person and subject.person.company)
    if company:
        return company.name
    return ""


def _status_label(subject: TemplateSubject) -> str:
    stage = subject.job and subject.job.stage_id and pipeline_setup().stages.get(subject.job.stage_id)
    if stage:
        return stage.name
    return ""


def _job_value(subject: TemplateSubject) -> str:
    job = subject.job
    if job is None or job.value is None:
        return ""
    return formats.money(job.value, job.currency, subject.brand.country, subject.language)


def long_date(subject: TemplateSubject, day: date) -> str:
    """Format a day with its weekday in the style of the brand's country: "Monday, May 4", "maandag 4 mei"."""
    return long_day(day, subject.language, subject.brand.country)


def _site_field(subject: TemplateSubject, name: str) -> str:
    site = None
    if subject.job:
        site = subject.job.site
    if site:
        return str(getattr(site, name))
    return ""


VARIABLES = [
    TemplateVariable(
        name="customer.first_name",
        words=_("Customer’s first name"),
        example="Hector",
        value=_customer_first_name,
        neutral=pgettext_lazy("in a greeting, in place of a name: Hi there", "there"),
    ),
    TemplateVariable(
        name="customer.name",
        words=_("Customer’s name"),
        example="Hector Salinas",
        value=_customer_name,
        neutral=pgettext_lazy("in a sentence, in place of the customer’s name", "customer"),
    ),
    TemplateVariable(
        name="customer.company", words=_("Customer’s company"), example="Bayside Storage", value=_company_name
    ),
    TemplateVariable(name="sender.first_name", words=_("Your first name"), example="Dana", value=_sender_first_name),
    TemplateVariable(
        name="sender.name",
        words=_("Your name"),
        example="Dana Whitfield",
        value=lambda subject: subject.sender and subject.sender.name,
    ),
    TemplateVariable(
        name="brand.name",
        words=_("Brand"),
        example="Suncoast Roofing",
        value=lambda subject: subject.brand.name,
    ),
    TemplateVariable(
        name="brand.phone",
        words=_("Brand’s telephone"),
        example="(813) 555-0100",
        value=lambda subject: formats.phone(subject.brand.phone, subject.brand.country),
    ),
    TemplateVariable(
        name="brand.phone_link",
        words=_("Brand’s telephone, for a link"),
        example="+18135550100",
        value=lambda subject: subject.brand.phone,
    ),
    TemplateVariable(
        name="brand.email",
        words=_("Brand’s email address"),
        example="info@suncoast.example",
        value=lambda subject: subject.brand.email,
    ),
    TemplateVariable(
        name="job.number",
        words=_("Job number"),
        example="2318",
        value=lambda subject: subject.job.number if subject.job else "",
    ),
    TemplateVariable(name="job.status", words=_("Step the job is in"), example=_("Quote sent"), value=_status_label),
    TemplateVariable(name="job.value", words=_("Value of the job"), example="$18,400", value=_job_value),
    TemplateVariable(
        name="job.next_step",
        words=_("Next step"),
        example=_("Measure the roof"),
        value=lambda subject: subject.job.next_step_label if subject.job else "",
    ),
    TemplateVariable(
        name="property.street",
        words=_("Street"),
        example="2207 Bayshore Ct",
        value=lambda subject: _site_field(subject, "street"),
    ),
    TemplateVariable(
        name="property.city",
        words=_("City"),
        example="Tampa",
        value=lambda subject: _site_field(subject, "city"),
    ),
    TemplateVariable(
        name="property.address",
        words=_("Whole address"),
        example="2207 Bayshore Ct, Tampa, FL 33611",
        value=lambda subject: _site_field(subject, "one_line"),
    ),
    TemplateVariable(
        name="today.date",
        words=_("Today’s date"),
        example=_("Thursday, April 30"),
        value=lambda subject: long_date(subject, _local_today(subject)),
    ),
]


def _local_today(subject: TemplateSubject) -> date:
    return subject.now.astimezone(subject.zone).date()
