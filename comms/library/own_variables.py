"""The variables of people, jobs, brands and colleagues: what every message may show."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comms.library.dates import long_day
from comms.library.variables import Subject, TemplateVariable
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.kernel.normalization import name_key
from crm.people.identity.first_name import first_name, full_name


def _customer_first_name(subject: Subject) -> str:
    """Return what to greet the customer by; "" where that is not certain, or the name is their firm's."""
    person = subject.person
    if person is None or name_key(person.name) == name_key(_company(subject)):
        return ""
    return first_name(person.name)


def _customer(subject: Subject) -> str:
    return full_name(subject.person.name) if subject.person else _company(subject)


def _sender_first_name(subject: Subject) -> str:
    """Return a colleague's first name; the whole name where none is certain."""
    return (first_name(subject.sender.name) or subject.sender.name) if subject.sender else ""


def _company(subject: Subject) -> str:
    company = (subject.job and subject.job.company) or (subject.person and subject.person.company)
    return company.name if company else ""


def _status(subject: Subject) -> str:
    stage = subject.job and subject.job.stage_id and pipeline_setup().stages.get(subject.job.stage_id)
    return stage.name if stage else ""


def _value(subject: Subject) -> str:
    job = subject.job
    if job is None or job.value is None:
        return ""
    return formats.money(job.value, job.currency, subject.brand.country, subject.language)


def long_date(subject: Subject, day: date) -> str:
    """Format a day with its weekday, as its brand's country writes it: "Monday, May 4", "maandag 4 mei"."""
    return long_day(day, subject.language, subject.brand.country)


def _site(subject: Subject, name: str) -> str:
    site = subject.job.site if subject.job else None
    return str(getattr(site, name)) if site else ""


VARIABLES = [
    TemplateVariable(
        10,
        "customer.first_name",
        _("Customer’s first name"),
        "Hector",
        _customer_first_name,
        neutral=pgettext_lazy("in a greeting, in place of a name: Hi there", "there"),
    ),
    TemplateVariable(
        11,
        "customer.name",
        _("Customer’s name"),
        "Hector Salinas",
        _customer,
        neutral=pgettext_lazy("in a sentence, in place of the customer’s name", "customer"),
    ),
    TemplateVariable(12, "customer.company", _("Customer’s company"), "Bayside Storage", _company),
    TemplateVariable(20, "sender.first_name", _("Your first name"), "Dana", _sender_first_name),
    TemplateVariable(
        21, "sender.name", _("Your name"), "Dana Whitfield", lambda subject: subject.sender and subject.sender.name
    ),
    TemplateVariable(30, "brand.name", _("Brand"), "Suncoast Roofing", lambda subject: subject.brand.name),
    TemplateVariable(
        31,
        "brand.phone",
        _("Brand’s telephone"),
        "(813) 555-0100",
        lambda subject: formats.phone(subject.brand.phone, subject.brand.country),
    ),
    TemplateVariable(
        32, "brand.phone_link", _("Brand’s telephone, for a link"), "+18135550100", lambda subject: subject.brand.phone
    ),
    TemplateVariable(
        33, "brand.email", _("Brand’s email address"), "info@suncoast.example", lambda subject: subject.brand.email
    ),
    TemplateVariable(
        40, "job.number", _("Job number"), "2318", lambda subject: subject.job.number if subject.job else ""
    ),
    TemplateVariable(41, "job.status", _("Step the job is in"), _("Quote sent"), _status),
    TemplateVariable(42, "job.value", _("Value of the job"), "$18,400", _value),
    TemplateVariable(
        43,
        "job.next_step",
        _("Next step"),
        _("Measure the roof"),
        lambda subject: subject.job.next_step_label if subject.job else "",
    ),
    TemplateVariable(50, "property.street", _("Street"), "2207 Bayshore Ct", lambda subject: _site(subject, "street")),
    TemplateVariable(51, "property.city", _("City"), "Tampa", lambda subject: _site(subject, "city")),
    TemplateVariable(
        52,
        "property.address",
        _("Whole address"),
        "2207 Bayshore Ct, Tampa, FL 33611",
        lambda subject: _site(subject, "one_line"),
    ),
    TemplateVariable(
        70,
        "today.date",
        _("Today’s date"),
        _("Thursday, April 30"),
        lambda subject: long_date(subject, _today(subject)),
    ),
]


def _today(subject: Subject) -> date:
    return subject.now.astimezone(subject.zone).date()
