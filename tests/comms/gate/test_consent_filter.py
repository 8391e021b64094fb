"""Lists filtered by what may be sent: the same people the gate's stops and consent let through."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict

from comms.gate.candidate import SendCandidate
from comms.gate.consent.consent_filter import WAYS
from comms.gate.consent.consents import record
from comms.gate.consent.suppressions import lift, suppress, suppress_person
from comms.gate.recipients import facts_of
from comms.gate.rules import consent, stops
from comms.models import Suppression
from crm.jobs.creation.job_creation import open_job
from crm.jobs.customers.customer_list import CUSTOMERS
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.database.bulk_write import insert_all
from crm.platform.models import Brand
from crm.platform.tenancy.secrets import address_fingerprint, fingerprint_pads
from demo.scale.statements import FINGERPRINT
from leads.lead_list import LEADS
from tests.cast import House

Reason, Covers = Suppression.Reason, Suppression.Covers


def _somebody(house: House, name: str, number: int) -> tuple[str, str]:
    """A customer with open work, so that the gate has no other reason against news of it."""
    person = Person.objects.create(name=name)
    points = f"{name}@mail.example", f"+1813555{1000 + number}"
    for kind, value in zip(("email", "phone"), points, strict=True):
        ContactPoint.objects.create(person=person, kind=kind, value=value)
    open_job(title=name, person=person, by=house.rita, member=house.rita)
    return points


def _say(address: str, medium: str, purpose: str, *given: bool, brand: Brand) -> None:
    for at, yes in enumerate(given):
        said = {"wording": f"Version {at}", "source": "form"}
        record(address, brand=brand, medium=medium, purpose=purpose, given=yes, **said)


def _everybody(house: House, brand: Brand) -> None:
    said = [_somebody(house, f"p{number}", number) for number in range(10)]
    mails, phones = [mail for mail, _phone in said], [phone for _mail, phone in said]
    _say(mails[0], "email", "marketing", True, brand=brand)
    _say(mails[1], "email", "marketing", True, False, brand=brand)
    _say(mails[2], "email", "marketing", False, True, brand=brand)
    suppress(mails[2].upper(), Reason.UNSUBSCRIBED, source="link", covers=Covers.MARKETING)
    _say(phones[3], "sms", "marketing", True, brand=brand)
    suppress(phones[3], Reason.STOP, source="message", medium="whatsapp")
    suppress(phones[4], Reason.STOP, source="message", medium="sms", brand=brand)
    _say(phones[5], "sms", "service", False, brand=brand)
    lift(suppress(mails[6], Reason.HARD_BOUNCE, source="provider"), "they called", by=house.mona)
    _say(mails[7], "email", "marketing", True, brand=brand)
    suppress_person(Person.objects.get(name="p7"), Reason.DECEASED, by=house.mona)
    # Of two addresses one is enough.
    second = ContactPoint.objects.create(person=Person.objects.get(name="p8"), kind="phone", value="+18135552008")
    _say(second.value, "whatsapp", "marketing", True, brand=brand)
    suppress(phones[8], Reason.COMPLAINT, source="provider")
    _say(mails[9], "email", "marketing", True, brand=Brand.objects.exclude(pk=brand.pk).get())


def _let_through(purpose: str, medium: str, kind: str, brand: Brand) -> set[str]:
    points = list(ContactPoint.objects.filter(kind=kind, person__name__startswith="p").select_related("person"))
    asked = [
        SendCandidate(medium, point.value, brand.pk, declared_purpose=purpose, person_id=point.person_id)
        for point in points
    ]
    facts = facts_of(asked, clock.now())
    return {
        point.person.name
        for point, one, known in zip(points, asked, facts, strict=True)
        if all(rule.check(one, known).passed for rule in (stops, consent))
    }


def test_the_lists_keep_whom_the_gate_would_let_through(house: House) -> None:
    brand = Brand.objects.get(is_default=True)
    Brand.objects.create(name="Second", country="US", currency="USD", language="en", calendar=brand.calendar)
    _everybody(house, brand)
    found = set()
    for purpose, medium, _words, kind in WAYS:
        expected = _let_through(purpose, medium, kind, brand)
        value = f"{purpose}-{medium}-{brand.uid}"
        for kept, query in ((True, f"consent={value}"), (False, f"where=consent:not:{value}")):
            customers = CUSTOMERS.apply(CUSTOMERS.read(QueryDict(query), house.mona), house.mona)
            jobs = LEADS.apply(LEADS.read(QueryDict(query), house.mona), house.mona)
            wanted = {f"p{n}" for n in range(10) if (f"p{n}" in expected) == kept}
            assert {row.name for row in customers if row.name.startswith("p")} == wanted, query
            assert {job.title for job in jobs if job.title.startswith("p")} == wanted, query
        found.add(frozenset(expected))
    assert len(found) == len(WAYS)
    assert LEADS.read(QueryDict("consent=marketing-fax-x"), house.mona).dropped


def test_a_point_has_its_fingerprint_however_it_is_written(house: House) -> None:
    person = Person.objects.create(name="Fin")
    one = ContactPoint(person=person, kind="email", value="fin@mail.example")
    ContactPoint.objects.bulk_create([one])
    two, _made = ContactPoint.objects.update_or_create({"note": "x"}, person=person, kind="phone", value="+18135551999")
    assert [one.fingerprint, two.fingerprint] == [address_fingerprint(one.value), address_fingerprint(two.value)]
    row = {"person_id": person.pk, "kind": "email", "value": "other@mail.example"}
    with pytest.raises(IntegrityError, match="contact_point_has_its_fingerprint"), transaction.atomic():
        insert_all(ContactPoint, [row])
    # As the benchmark's data is made: by SQL, of the padded key.
    inner, outer = fingerprint_pads()
    with connection.cursor() as cursor:
        made = f"select {FINGERPRINT} from (select %(tenant)s::bigint as tenant_id, %(value)s as value) row"
        cursor.execute(made, {"tenant": house.tenant.pk, "value": one.value, "inner": inner, "outer": outer})
        assert cursor.fetchone() == (one.fingerprint,)
    # What stood there before the column was is filled in by the migration.
    ContactPoint.objects.update(fingerprint="unknown")
    with connection.schema_editor() as editor:
        import_module("crm.people.migrations.0005_point_fingerprint")._of_tenant(editor.connection, house.tenant.pk)
    assert {point.fingerprint == address_fingerprint(point.value) for point in ContactPoint.objects.all()} == {True}
