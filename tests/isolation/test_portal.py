"""Every address of the portal: nobody, a colleague, another company's and another customer's browser learn nothing.

Generated from the portal's URL list, so that a page cannot be forgotten: a new argument needs a sample in THEIRS, which
names something of another customer's. What is not theirs, and what is not there, is one answer, byte by byte.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from crm.documents.files.inspection import Inspected
from crm.documents.models import Document, DocumentKind
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Note
from crm.people.models import Person
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from portal import urls as portal_urls
from portal.access import cookies, links, preview, sessions
from portal.models import PortalAccess
from service.models import Milestone, Project
from tests.cast import Cast
from tests.isolation.portal_scene import THEIRS, THEIRS_AT, Scene
from tickets.models import Entry, Ticket

FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


# What a note, a follow-up, a paper and a milestone say that customers never read.
AMONG_US = "Zanzibar"
# Pages before anybody is known that answer a wrong id by a form of their own: the code asks for itself.
FORMS = {"portal:code"}


def addresses(resolver: Any = portal_urls, names: tuple[str, ...] = ("portal",)) -> Iterator[tuple[str, URLPattern]]:
    """(name, pattern) of every address of the portal."""
    for entry in resolver.urlpatterns if hasattr(resolver, "urlpatterns") else resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, (*names, *filter(None, [entry.namespace])))
        else:
            yield ":".join((*names, entry.name or "")), entry


URLS = list(addresses())


def arguments(pattern: URLPattern) -> dict[str, Any]:
    return dict(pattern.pattern.converters)


def theirs(scene: Scene, name: str, pattern: URLPattern) -> dict[str, Any]:
    """The arguments of an address, naming what is Nora's."""
    return {key: (THEIRS_AT.get((name, key)) or THEIRS[key])(scene) for key in arguments(pattern)}


def nothing(pattern: URLPattern) -> dict[str, Any]:
    """The arguments of an address, naming nothing at all."""
    guessed: dict[type, Any] = {UUIDConverter: UUID(int=7), IntConverter: 987_654}
    return {key: guessed.get(type(converter), "nonesuch") for key, converter in arguments(pattern).items()}


def url(company: str, name: str, of: dict[str, Any]) -> str:
    return reverse(name, kwargs={"company": company, **of})


@pytest.fixture
def scene(cast: Cast) -> Scene:
    house = cast.house
    with use_tenant(house.tenant):
        nora = Person.objects.create(name="Nora Neighbour")
        job = open_job(title="Nora Neighbour", person=nora, site=house.job.site, by=None)
        access = PortalAccess.invite(nora, by=None)
        device, _secret = sessions.begin_session(access, RequestFactory().get("/"))
        return Scene(house, house.cora, nora, job, device, access)


def known(person: Person) -> Client:
    """A browser that is remembered as somebody's."""
    client = Client(headers=FIREFOX)
    with use_tenant(person.tenant_id):
        client.cookies[cookies.SESSION] = sessions.begin_session(
            PortalAccess.invite(person, by=None), RequestFactory().get("/")
        )[1]
    return client


def visit_all(see: Callable[[str, URLPattern], object]) -> dict[str, object]:
    """What `see` finds wrong, by the address's name. Each is visited as if it were the only one."""
    wrong = {}
    for name, pattern in URLS:
        with transaction.atomic():
            if found := see(name, pattern):
                wrong[name] = found
            transaction.set_rollback(True)
    return wrong


def both(client: Client, path: str) -> list[Any]:
    return [client.get(path), client.post(path)]


def test_every_argument_has_a_sample_of_another_customers() -> None:
    used = {(name, key) for name, pattern in URLS for key in arguments(pattern)}
    missing = sorted(f"{name}: {key}" for name, key in used if key not in THEIRS and (name, key) not in THEIRS_AT)
    assert missing == [], "add them to THEIRS: what it names, of Nora's"
    assert all(hasattr(pattern.callback, "portal_level") for _name, pattern in URLS), "portal_page or public_page"


def test_who_is_not_known_is_asked_for_a_code(scene: Scene, cast: Cast) -> None:
    slug = scene.house.tenant.slug
    staff, strange = Client(headers=FIREFOX), known(cast.other.cora)
    staff.force_login(scene.house.ada.user)
    made_up = Client(headers=FIREFOX)
    made_up.cookies[cookies.SESSION] = "made-up"
    made_up.cookies[cookies.LINK] = made_up.cookies[cookies.PREVIEW] = "gAAAAABmade-up"
    sign_in = reverse("portal:sign_in", kwargs={"company": slug})

    def see(name: str, pattern: URLPattern) -> object:
        path = url(slug, name, theirs(scene, name, pattern))
        if pattern.callback.portal_level is None:  # type: ignore[attr-defined]
            return None
        for client in (Client(headers=FIREFOX), staff, strange, made_up):
            for answer in both(client, path):
                is_asked = answer.status_code == 302 and answer["Location"].startswith(sign_in)
                if not is_asked and answer.status_code != 405:
                    return answer.status_code
        return None

    assert visit_all(see) == {}


def test_a_link_opens_nothing_that_asks_for_a_code(scene: Scene) -> None:
    slug, client = scene.house.tenant.slug, Client(headers=FIREFOX)
    with use_tenant(scene.house.tenant):
        client.cookies[cookies.LINK] = links.make_link(scene.cora, job=scene.house.job).token()

    def see(name: str, pattern: URLPattern) -> object:
        level = pattern.callback.portal_level  # type: ignore[attr-defined]
        answers = both(client, url(slug, name, theirs(scene, name, pattern)))
        codes = {answer.status_code for answer in answers}
        return level is not None and level > 1 and not codes <= {302, 405} and codes

    assert visit_all(see) == {}


def test_another_customers_and_nothing_are_one_answer(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    slug, client = scene.house.tenant.slug, known(scene.cora)
    refusal = client.get(url(slug, "portal:open", {"token": "nonsense"})).content

    def see(name: str, pattern: URLPattern) -> object:
        if not arguments(pattern) or name in FORMS:
            return None
        caplog.clear()
        for of in (theirs(scene, name, pattern), nothing(pattern)):
            answers = [answer for answer in both(client, url(slug, name, of)) if answer.status_code != 405]
            wrong = [answer.status_code for answer in answers if (answer.status_code, answer.content) != (404, refusal)]
            if wrong or not answers:
                return of, wrong
            if not any(record.msg == "portal refused" for record in caplog.records):
                return "not logged"
        return None

    with caplog.at_level(logging.WARNING, "portal"):
        assert visit_all(see) == {}


def test_a_page_names_nobody_else(scene: Scene) -> None:
    slug, client = scene.house.tenant.slug, known(scene.cora)

    def see(name: str, pattern: URLPattern) -> object:
        if arguments(pattern):
            return None
        answer = client.get(url(slug, name, {}))
        return answer.status_code == 200 and not answer.streaming and b"Nora" in answer.content

    assert visit_all(see) == {}


def write_among_us(scene: Scene) -> None:
    """Write on everything about Cora's job, after a message of hers, what is for colleagues alone."""
    path = url(scene.house.tenant.slug, "portal:messages", {"number": scene.house.job.number})
    known(scene.cora).post(path, {"text": "Hello", "key": str(uuid4())})
    for _twice in range(2):
        events.dispatch_events()
    rita, job = scene.house.rita, scene.house.job
    with use_tenant(scene.house.tenant):
        Note.write(job, f"A note: {AMONG_US}", by=rita).pin(by=rita)
        Entry.write(Ticket.objects.get(), f"A note: {AMONG_US}", by=rita, pinned=True)
        FollowUp.plan(kind="call", subject=AMONG_US, due_at=None, by=rita, job=job, notes=AMONG_US)
        paper = Inspected("a.pdf", "application/pdf", b"%PDF-1.4")
        Document.add(paper, kind=DocumentKind.objects.create(name="Memo"), title=AMONG_US, job=job, by=rita)
        begun = Project.start(job, None, by=rita)
        Milestone.add(begun, AMONG_US, by=rita)


def look_as(client: Client, person: Person, *, by: Member) -> None:
    """Sign a member in and have them look as somebody."""
    client.force_login(by.user)
    key = client.session.session_key
    client.cookies[cookies.PREVIEW] = preview.token_of(person, by=by, session_key=key)


def test_what_is_written_among_us_stands_on_no_page(scene: Scene) -> None:
    slug, own = scene.house.tenant.slug, {"number": scene.house.job.number}
    write_among_us(scene)
    by_link, looking = Client(headers=FIREFOX), Client(headers=FIREFOX)
    with use_tenant(scene.house.tenant):
        by_link.cookies[cookies.LINK] = links.make_link(scene.cora, job=scene.house.job).token()
        look_as(looking, scene.cora, by=scene.house.mona)
        assert AMONG_US in str([*Note.objects.all(), *Milestone.objects.values_list("name", flat=True)])
    clients, shown = (known(scene.cora), by_link, looking), set()

    def see(name: str, pattern: URLPattern) -> object:
        of = {key: own.get(key) or (THEIRS_AT.get((name, key)) or THEIRS[key])(scene) for key in arguments(pattern)}
        for client in clients:
            answer = client.get(url(slug, name, of), follow=True)
            content = b"".join(answer) if answer.streaming else answer.content
            if AMONG_US.encode() in content:
                return answer.request["PATH_INFO"]
            shown.update([name] if answer.status_code == 200 else [])
        return None

    assert visit_all(see) == {}
    assert {"portal:job", "portal:job_now", "portal:messages", "portal:documents", "portal:places"} <= shown


def test_who_only_looks_does_nothing(scene: Scene) -> None:
    slug, client = scene.house.tenant.slug, Client(headers=FIREFOX)
    with use_tenant(scene.house.tenant):
        look_as(client, scene.cora, by=scene.house.mona)

    def see(name: str, pattern: URLPattern) -> object:
        if pattern.callback.portal_level is None:  # type: ignore[attr-defined]
            return None
        status = client.post(url(slug, name, theirs(scene, name, pattern))).status_code
        return status not in (403, 405) and status

    assert visit_all(see) == {}


def test_no_company_is_nothing(cast: Cast) -> None:
    for page in ("", "sign-in/", "devices/"):
        assert Client(headers=FIREFOX).get(f"/my/no-such-company/{page}").status_code == 404


def test_a_customer_is_nobody_on_staff_pages(scene: Scene) -> None:
    slug, client = scene.house.tenant.slug, known(scene.cora)
    with use_tenant(scene.house.tenant):
        client.cookies[cookies.PREVIEW] = preview.token_of(scene.cora, by=scene.house.ada, session_key="hers")
    for page in ("", "leads/", f"people/{scene.cora.uid}/", f"portal/people/{scene.cora.uid}/"):
        for answer in both(client, f"/{slug}/{page}"):
            assert (answer.status_code, "/account/login/" in answer["Location"]) == (302, True)
