"""Links: for one recipient and one job, read-only, fourteen days; passed on they say so; scanners bind nothing."""

import logging
from datetime import timedelta

import pytest
from django.test import Client

from comms.library.context import subject_of
from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from portal.access import cookies, links, notices
from portal.access.entrance import viewer_by
from portal.models import PortalAccess, PortalLink
from tests.cast import Cast, House
from tests.portal.conftest import FIREFOX, Coming, point_of

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1"


def path_of(house: House, **of: object) -> str:
    """The path of a link of Cora's to her job."""
    link = links.make_link(house.cora, job=house.job, point=point_of(house.cora), **of)  # type: ignore[arg-type]
    return links.link_url(link, house.job.brand).partition("testserver")[2] or _path(
        links.link_url(link, house.job.brand)
    )


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def show(client: Client, path: str, house: House) -> int:
    """Follow a link as a browser does: the page it leads to, and the picture on it."""
    answer = client.get(path)
    assert answer["Referrer-Policy"] == "no-referrer"
    page = client.get(answer["Location"])
    if f"/my/{house.tenant.slug}/seen.gif" in page.content.decode():
        assert client.get(f"/my/{house.tenant.slug}/seen.gif")["Content-Type"] == "image/gif"
    return page.status_code


def browser(agent: str = FIREFOX) -> Client:
    return Client(headers={"user-agent": agent})


def test_the_first_browser_binds_it_and_another_is_told_of(writing_house: House) -> None:
    house, first, other = writing_house, browser(), browser(SAFARI)
    path = path_of(house)
    assert show(first, path, house) == 200
    link = PortalLink.objects.get()
    access = PortalAccess.objects.get(person=house.cora)
    assert (access.state, link.forwarded_at) == ("active", None)
    assert show(first, path, house) == 200
    assert show(other, path, house) == 200, "it opens at link level all the same"
    assert show(other, path, house) == 200
    link.refresh_from_db()
    assert link.forwarded_at is not None
    events = list(Event.objects.filter(kind__startswith="portal.link").order_by("pk"))
    assert [(event.kind, event.job_id) for event in events] == [
        ("portal.link_opened", house.job.pk),
        ("portal.link_forwarded", house.job.pk),
    ]
    notices.notify_members(events[1:])
    notices.notify_members(events[1:])
    told = Notice.objects.get(kind=notices.FORWARDED)
    assert told.member_id == house.job.member_id
    # What is private asks for a code.
    assert "sign-in" in other.get(f"/my/{house.tenant.slug}/devices/")["Location"]


def test_scanners_and_previews_bind_nothing(writing_house: House) -> None:
    house, path = writing_house, path_of(writing_house)
    for agent in ("", "Mozilla/5.0 Googlebot/2.1", "python-requests/2.32", "Slackbot-LinkExpanding 1.0"):
        answer = browser(agent).get(path)
        assert (answer.status_code, len(answer.cookies)) == (200, 0)
    assert len(browser().head(path).cookies) == 0
    assert len(browser().get(path, headers={"sec-purpose": "prefetch"}).cookies) == 0
    # One that keeps cookies and follows the way, but shows no page.
    careful = browser()
    careful.get(careful.get(path)["Location"])
    assert not PortalLink.objects.exists()
    assert not PortalAccess.objects.filter(seen_at__isnull=False).exists()
    assert show(browser(), path, house) == 200
    assert not Event.objects.filter(kind="portal.link_forwarded").exists()


@pytest.mark.parametrize(
    "what", ["altered", "truncated", "lengthened", "retouched", "strange", "revoked", "before", "erased"]
)
def test_what_does_not_open_looks_the_same(
    writing_house: House, what: str, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    house, path = writing_house, path_of(writing_house)
    head, token = path[: path.index("open/") + 5], path[path.index("open/") + 5 : -1]
    at = clock.now()
    if what == "altered":
        token = f"{token[:40]}{'A' if token[40] != 'A' else 'B'}{token[41:]}"
    elif what == "truncated":
        token = token[:-7]
    elif what == "lengthened":
        token += token
    elif what == "retouched":
        # The bits before the padding that no byte is made of.
        body = token.rstrip("=")
        token = f"{body[:-1]}{chr(ord(body[-1]) + 1)}{token[len(body) :]}"
    elif what == "strange":
        with use_tenant(cast.other.tenant):
            token = links.make_link(cast.other.cora, job=cast.other.job).token()
    elif what == "revoked":
        PortalAccess.invite(house.cora, by=None).revoke(by=house.mona)
    elif what == "before":
        with clock.at(clock.now() + timedelta(seconds=5)):
            PortalAccess.invite(house.cora, by=None).forget_all(by=None)
        at += timedelta(seconds=9)
    else:
        house.cora.erased_at = clock.now()
        house.cora.save(update_fields=["erased_at"])
    with clock.at(at), caplog.at_level(logging.WARNING, "portal"):
        answer = browser().get(f"{head}{token}/")
        assert [record.msg for record in caplog.records] == ["portal refused"]
        usual = browser().get(f"{head}nonsense/")
    assert (answer.status_code, usual.status_code, len(answer.cookies)) == (404, 404, 0)
    assert answer.content == usual.content


def test_one_that_is_too_old_leads_to_the_same_page_by_a_code(writing_house: House) -> None:
    path, uid = path_of(writing_house, request="0190aaaa-0000-7000-8000-000000000001"), "0190aaaa"
    with clock.at(clock.now() + links.KEPT + timedelta(minutes=1)):
        page = browser().get(path, follow=True)
    where, _status = page.redirect_chain[-1]
    assert "/sign-in/?next=" in where
    assert uid in where, "what was asked for is what the code opens"
    assert "That link is too old" in page.content.decode()
    assert cookies.LINK not in page.cookies


def test_it_opens_its_job_with_the_place_and_nothing_else(writing_house: House, portal_client: Coming) -> None:
    house = writing_house
    same_place = open_job(title="Gutters", person=house.cora, site=house.job.site, by=None)
    elsewhere = open_job(title="Garage", person=house.cora, by=None)
    neighbour = open_job(title="Not theirs", site=house.job.site, by=None)
    link = links.make_link(house.cora, job=house.job)
    viewer = viewer_by(link)
    assert viewer is not None
    assert set(viewer.jobs()) == {house.job, same_place}
    assert elsewhere not in viewer.jobs()
    assert neighbour not in viewer.jobs()
    of_document = viewer_by(links.make_link(house.cora, job=house.job, document="0190-x"))
    assert of_document is not None
    assert (list(of_document.jobs()), of_document.document) == ([], "0190-x")


def test_templates_have_its_link(writing_house: House) -> None:
    house, point = writing_house, point_of(writing_house.cora)
    url = links.link_of(subject_of(brand=house.job.brand, language="en", job=house.job))
    read = links.read_link(url.split("/open/")[1].strip("/"), house.tenant.pk)
    assert (read.person_id, read.job_id, read.point_id) == (house.cora.pk, house.job.pk, None)
    assert links.link_of(subject_of(brand=house.job.brand, language="en")) == ""
    assert len(links.make_link(house.cora, job=house.job, point=point, document="x" * 36).token()) < cookies.LONGEST
    PortalAccess.invite(house.cora, by=None).revoke(by=None)
    assert links.link_of(subject_of(brand=house.job.brand, language="en", job=house.job)) == ""


def test_a_host_of_its_own_shows_its_company_alone(
    writing_house: House, portal_client: Coming, settings: object
) -> None:
    house = writing_house
    settings.PORTAL_HOSTS = {"my.suncoast.example": house.tenant.slug}  # type: ignore[attr-defined]
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    client, own = portal_client(house.cora), {"host": "my.suncoast.example"}
    home = f"/my/{house.tenant.slug}/"
    assert client.get("/", headers=own)["Location"] == home
    assert client.get(f"{home}devices/", headers=own).status_code == 200
    for page in ("/account/login/", f"/{house.tenant.slug}/leads/", "/my/otherside-test/", "/healthz"):
        assert client.get(page, headers=own).status_code == 404
    assert links.link_url(links.make_link(house.cora, job=house.job), house.job.brand).startswith(
        "http://my.suncoast.example/my/"
    )
