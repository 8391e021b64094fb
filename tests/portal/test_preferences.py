"""Preferences: what is chosen on the page is what the gate and the updates obey."""

from datetime import time

from django.utils import translation

from comms.gate.preferences import preferences
from comms.gate.recipients import hours_of
from comms.models import Consent, ContactPreference, Medium
from crm.jobs.creation.job_creation import open_job
from crm.kernel.zones import PossibleZone, Zones
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from portal.models import UpdatePlan
from portal.preferences.choices import links_of, night_labels
from tests.cast import Cast
from tests.portal.conftest import Coming


def test_what_is_chosen_is_kept_where_the_gate_and_the_updates_look(cast: Cast, portal_client: Coming) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        UpdatePlan.begin_all([house.job])
        links = {link.medium: link for link in links_of(house.cora, house.job.brand)}
    client, page = portal_client(house.cora), f"/my/{house.tenant.slug}/preferences/"
    shown = client.get(page).content.decode()
    assert shown.count('type="checkbox"') == 12, "four ways, three kinds each"
    email, phone = links["email"].address, links["sms"].address
    sent = {
        f"get-{email}": ["email-transactional"],
        f"get-{phone}": ["sms-transactional", "sms-service", "whatsapp-transactional", "call-transactional"],
        "pace": "end",
        "night": "21-9",
        "language": "nl",
    }
    assert client.post(page, sent)["Location"] == page
    with use_tenant(house.tenant):
        another = open_job(title="Her other roof", person=house.cora, by=None)
        UpdatePlan.begin_all([another])
    for _twice in range(2):
        dispatch_events()
    with use_tenant(house.tenant):
        assert UpdatePlan.objects.get(job=another).only_the_end, "what she chose holds for the next, too"
        # An office person chose one letter at the usual days; it holds for the next, too.
        UpdatePlan.objects.get(job=another).set_cadence(None, is_gathered=True, by=None)
        third = open_job(title="Her shed", person=house.cora, by=None)
        UpdatePlan.begin_all([third])
    for _twice in range(2):
        dispatch_events()
    with use_tenant(house.tenant):
        for job in (third, another):
            assert UpdatePlan.objects.filter(job=job, is_gathered=True).delete()[0] == 1
        on = {box.name for link in links.values() for box in preferences.choices(link) if box.is_on}
        assert on == {"email-transactional", *sent[f"get-{phone}"]}
        assert Consent.objects.filter(source="preferences").exists()
        plan = UpdatePlan.objects.get(job=house.job)
        assert (plan.only_the_end, plan.next_due_at) == (True, None)
        nights = ContactPreference.objects.values_list("quiet_from", "quiet_until")
        assert set(nights) == {(time(21), time(9))}
        assert Person.objects.get(pk=house.cora.pk).language == "nl"
        assert not plan.hears_each
    again = client.get(page).content.decode()
    assert 'lang="nl"' in again
    assert '<option value="end" selected>' in again
    client.post(page, sent)
    with use_tenant(house.tenant):
        kept = Consent.objects.count()
    client.post(page, sent)
    with use_tenant(house.tenant):
        assert Consent.objects.count() == kept, "the same again is nothing"


def test_their_quiet_hours_narrow_the_brands(cast: Cast) -> None:
    zones = Zones([PossibleZone("Europe/Amsterdam")])
    asked = ContactPreference(quiet_from=time(19), quiet_until=time(9))
    with use_tenant(cast.house.tenant):
        brand = cast.house.job.brand_id
        texts, mails = (hours_of(medium, brand, zones, asked) for medium in (Medium.SMS, Medium.EMAIL))
        assert texts
        assert mails
        assert [(one.opens, one.closes) for one in (texts, mails)] == [(time(9), time(19))] * 2
        assert hours_of(Medium.EMAIL, brand, zones) is None


def test_quiet_hours_are_named_as_a_country_writes_them() -> None:
    assert night_labels("US")[1] == ("20-8", "8:00\u00a0PM–8:00\u00a0AM")
    with translation.override("nl"):
        assert night_labels("NL")[1] == ("20-8", "20:00–08:00")
