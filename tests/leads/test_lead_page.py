"""The lead page: the line upright, the timeline, what is known, why it is due then, and who may look."""

import re
from datetime import UTC, datetime, timedelta

import html5lib
import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Note, Side
from crm.kernel import clock
from crm.platform.models import AccessLog
from crm.platform.tenancy.context import use_tenant
from leads.models import FirstContact
from tests.markup import flat, undrawn


@pytest.fixture
def look(client, cast, scene):
    """The page of a lead of the scene, by title, as a member; gives its text."""

    def ask(job, *, member=None):
        client.force_login((member or cast.house.rita).user)
        job = scene[job] if isinstance(job, str) else job
        response = client.get(f"/{cast.house.tenant.slug}/leads/{job.number}/")
        assert response.status_code == 200
        return flat(response.content.decode())

    return ask


def test_the_steps_stand_upright_with_the_time_each_took(look):
    page = look("Hector Salinas")
    assert '<li class="phase">Quote</li>' in page
    assert '<li class="ok"><b>New</b><span>14m of 1h</span></li>' in page
    assert '<li class="ok"><b>Visit booked</b><span>21h 36m of 3d</span></li>' in page
    assert '<li class="now crit p20" aria-current="step"><b>Quote sent</b><span>8d 2h</span><small>Allowed 3d' in page
    assert "5d 2h late, since" in page
    assert "<li><b>Follow-up</b><span>5d</span></li>" in page
    assert ">step 6 of 14<" in page
    assert " · Re-roof" in page


def test_it_says_at_once_what_is_wrong(look):
    assert "<b>5d 2h late in “Quote sent”.</b> “Call” was due" in look("Hector Salinas")
    assert "Nobody has been in touch." in look("Marisol Vega")
    assert "and wait for our reply." in look("Deborah Lindqvist")
    assert 'class="callout' not in look("Samir Haddad")


def test_an_awaited_first_contact_is_one_alert(look, cast, scene):
    job = scene["Marisol Vega"]
    with use_tenant(cast.house.tenant):
        FirstContact.objects.update_or_create(pk=job.pk, defaults={"due_at": clock.now() + timedelta(minutes=5)})
    page = look(job)
    assert page.count('class="callout') == 1
    assert "First contact until" in page
    assert "Nobody has been in touch." not in page.split('id="callout"')[1].split("</div>")[0]


def test_the_customers_other_open_jobs_are_named(look, cast):
    job = cast.house.job
    with use_tenant(cast.house.tenant):
        stage = cast.house.stage("New")
        other = open_job(title="Gutters", by=cast.house.rita, stage=stage, person=job.person, member=cast.house.rita)
    assert f'leads/{other.number}/">#{other.number} · Standard · New</a>' in look(job)


def test_a_job_without_status_has_its_own_line(look):
    page = look("Marisol Vega")
    assert '<li class="now none p0" aria-current="step"><b>No status</b>' in page
    assert page.count('aria-current="step"') == 1


def test_the_timeline_tells_who_did_what(look, scene, cast):
    with use_tenant(cast.house.tenant):
        Note.objects.create(job=scene["Hector Salinas"], author=cast.house.sam, body="Two layers <b>to tear off</b>.")
    page = look("Hector Salinas")
    assert "<b>Rita Rep</b> moved it from Estimating to Quote sent" in page
    assert "<b>Sam Service</b> left a note" in page
    assert "Two layers &lt;b&gt;to tear off&lt;/b&gt;." in page
    assert "Very late in Quote sent" in page
    assert "Came in" in page


def test_what_is_known_stands_beside(look):
    page = look("Hector Salinas")
    for words in ("Google Ads", "Spring", "$164", "$18,400", "2207 Bayshore Ct, Tampa, FL", "Rita Rep", "Customer"):
        assert words in page
    assert '<a class="ltr" href="tel:+18135550151">(813) 555-0151</a>' in page
    # Text and Email lead to our own composer; whoever may not write has the phone's own programs.
    assert re.search(r'href="/suncoast-test/messages/write/\d+/\?medium=sms"', page)
    assert re.search(r'href="/suncoast-test/messages/write/\d+/\?medium=email"', page)
    assert "•••• 8812" in page
    assert "2231" not in undrawn(page)


def test_it_explains_why_it_is_due_then(look, cast):
    friday = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)  # 16:00 in New York, an hour before the office closes
    with use_tenant(cast.house.tenant), clock.at(friday):
        job = open_job(title="Late on Friday", member=cast.house.rita, by=None)
        job.calendar_id, job.allowed = cast.house.job.calendar_id or job.calendar_id, 3 * 3600
        assert job.calendar_id
        job._count()
        job.save()
    with clock.at(friday + timedelta(minutes=5)):
        page = look(job)
    assert "Due Mon, Nov 23, 10:00\u00a0AM" in page
    assert "4:00\u00a0PM – 5:00\u00a0PM" in page
    assert page.count("no working hours on this weekday") == 2
    assert '<td class="end num">2h</td>' in page


def test_a_calendar_clock_says_so(look):
    assert "day and night, from" in look("Samir Haddad")
    assert "Why this due date?" not in look("Ned Faraday")


def test_an_ended_job_says_how(look):
    assert "Lost · Price" in look("Yara Solberg")
    assert "This lead is closed." in look("Opal Whitney")


def test_next_and_previous_follow_the_list_order(look, scene, cast):
    page = look("Hector Salinas")
    slug = cast.house.tenant.slug
    assert f'href="/{slug}/leads/{scene["Marisol Vega"].number}/" aria-label="Previous lead"' in page
    assert f'href="/{slug}/leads/{scene["Deborah Lindqvist"].number}/" aria-label="Next lead"' in page
    assert "Previous lead" not in look("Marisol Vega")


def test_looking_is_noted_once_an_hour(look, scene, cast):
    look("Hector Salinas")
    look("Hector Salinas")
    with use_tenant(cast.house.tenant):
        assert AccessLog.objects.of(scene["Hector Salinas"]).count() == 1


def test_anothers_lead_looks_like_none(client, cast, scene):
    client.force_login(cast.house.rita.user)
    with use_tenant(cast.house.tenant):
        scene["Hector Salinas"].assign_to(cast.house.sam, by=cast.house.mona)
    slug = cast.house.tenant.slug
    assert client.get(f"/{slug}/leads/{scene['Hector Salinas'].number}/").status_code == 404
    assert client.get(f"/{slug}/leads/99999/").status_code == 404
    assert client.get(f"/{slug}/leads/{'9' * 30}/").status_code == 404
    assert client.get(f"/{slug}/leads/{scene['Luz Okafor'].number}/").status_code == 200
    client.force_login(cast.otto.user)
    assert client.get(f"/{slug}/leads/{scene['Luz Okafor'].number}/").status_code == 404


def test_their_move_shows_on_the_line(look, scene):
    assert scene["Priya & Sons <Roofing>"].side == Side.CUSTOMER
    page = look("Priya & Sons <Roofing>")
    assert "now soon cust p" in page
    assert "their move" in page
    assert "<Roofing>" not in page


def test_every_page_is_strict_html(look, scene):
    for title in scene:
        html5lib.HTMLParser(strict=True).parse(look(title))
