"""Each type of appointment has its own texts; one that is not chosen, or archived, is the text that all types share."""

from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from comms.appointments.type_templates import choices, template_key
from comms.models import AppointmentMessage, Template, TemplateVersion
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.platform.models.tenant import configuration_changed
from tests.comms.appointments.conftest import WEDNESDAY, sent

pytestmark = pytest.mark.django_db


def told(row: Appointment) -> list[str]:
    """The keys of the templates that told of an appointment."""
    sent = AppointmentMessage.objects.filter(appointment=row, message__isnull=False).order_by("pk")
    return [
        one.message.template_version.template.key for one in sent.select_related("message__template_version__template")
    ]


def choose(type_: AppointmentType, house: Any, **keys: str) -> None:
    type_.edit(type_.name, by=house.ada, **{f"{moment}_template": key for moment, key in keys.items()})


def test_a_type_tells_of_itself_in_its_own_words(house: Any, visit: AppointmentType) -> None:
    choose(visit, house, confirmation="inspection_confirmation", cancelled="call_reminder")
    row = Appointment.book(house.job, visit, WEDNESDAY, [house.rita], by=house.rita)
    sent(AppointmentMessage.objects.get(kind="invitation").message)
    row.cancel("rain", by=house.rita)
    assert told(row) == ["inspection_confirmation", "call_reminder"]


def test_without_a_choice_the_shared_texts_are_used(booked: Appointment) -> None:
    assert told(booked) == ["appointment_booked"]
    assert "crew" not in AppointmentMessage.objects.get(message__isnull=False).message.text
    assert template_key(booked, "reminder") == "appointment_reminder"


def test_an_archived_choice_is_the_shared_text_again(house: Any, visit: AppointmentType, booked: Appointment) -> None:
    choose(visit, house, reminder="inspection_reminder")
    assert template_key(booked, "reminder") == "inspection_reminder"
    Template.objects.get(key="inspection_reminder").archive(by=house.ada)
    assert template_key(booked, "reminder") == "appointment_reminder"


def test_a_tenant_older_than_the_shared_confirmation_gets_it(house: Any, booked: Appointment) -> None:
    Template.objects.filter(key="appointment_booked").update(key="gone")
    configuration_changed()
    assert template_key(booked, "confirmation") == "appointment_booked"
    assert Template.objects.filter(key="appointment_booked").exists()


def test_a_type_chooses_among_the_texts_of_appointments(house: Any) -> None:
    offered = dict(choices("confirmation"))
    assert offered[""] == "Appointment booked (shared)"
    assert {"appointment_confirmation", "inspection_confirmation"} <= set(offered)
    assert "quote_notification" not in offered


def test_types_from_before_get_the_text_that_fits_them(house: Any) -> None:
    migration = import_module("comms.migrations.0034_texts_of_types")
    AppointmentType.objects.all().delete()
    for name, facts in {"Work": {"minutes": 240}, "Look": {"minutes": 60}, "Talk": {"way": "video"}}.items():
        AppointmentType.add(name, by=house.ada, **facts)
    statements = ((migration._KEEP, [house.tenant.pk] * 2), (migration._CALLS, [house.tenant.pk]))
    with connection.cursor() as cursor:
        for statement, values in statements:
            cursor.execute(statement, values)
    chosen = dict(AppointmentType.objects.values_list("name", "confirmation_template"))
    assert chosen == {"Work": "appointment_confirmation", "Look": "", "Talk": "call_confirmation"}
    TemplateVersion.objects.filter(template__key="appointment_confirmation").update(number=2)
    with connection.cursor() as cursor:
        cursor.execute(*statements[0])
    assert AppointmentType.objects.get(name="Look").confirmation_template == "appointment_confirmation"
