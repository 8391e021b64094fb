"""What apps add: read in their order, and refused with a sentence where it fits nowhere."""

import subprocess
import sys
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from crm.jobs.models import Job, Note
from crm.platform import features
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.access.visibility_report import VisibleCount
from crm.platform.events.hints import Topic, topics_of
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.member_departure import WorkHolding
from crm.platform.tenancy import startup_checks
from crm.platform.tenancy.context import use_tenant
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.platform.work import due
from crm.web.lists.exports import Exportable
from crm.web.settings.sections import Section
from crm.web.shell.navigation import FrameLink, NavigationPage, Number
from crm.web.shell.palette import PaletteAction
from crm.web.shell.palette import PaletteSource as Lines
from crm.web.shell.record_pages import RecordLink, RecordPage, record_link, record_url
from crm.web.shell.shortcuts import Shortcut
from crm.web.timeline import event_words
from crm.web.timeline.event_words import EventWords
from tests.cast import Cast


def page(name: str = "exports", permission: str = "export", icon: str = "eye", **fields: object) -> NavigationPage:
    return NavigationPage(name=name, permission=permission, icon=icon, label="A page", tab_of="settings", **fields)  # type: ignore[arg-type]


def section(
    name: str = "exports", permission: str = "export", icon: str = "eye", group: str = "team", **fields: str
) -> Section:
    affects = fields.pop("affects", "Affects a page.")
    return Section(
        group=group,
        name=name,
        permission=permission,
        icon=icon,
        label="A section",
        note="Purpose",
        affects=affects,
        **fields,
    )  # type: ignore[arg-type]


def counted(topics: str) -> NavigationPage:
    return page("preferences", number=Number(lambda member: "", "wait", topics, "happened"))


def test_the_product_fits_together() -> None:
    assert features.find_problems() == []


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (page(permission="export.all"), "Page 'exports', but nobody defines the permission 'export.all'"),
        (page("exprots"), "Page 'exprots', but no address is called 'exprots' and takes 'a-tenant'"),
        (page(icon="eys"), "Page 'exports', but no icon is called 'eys'"),
        (page("settings"), "Page 'settings', but another has the name 'settings' as well"),
        (counted("jobs wrong"), "Page 'preferences', but nobody defines the topic 'wrong'"),
        (
            FrameLink(name="access_log", permission="export", icon="eye", label="A link", searches="All"),
            "FrameLink 'access_log', but another page answers the search box as well",
        ),
        (section(permission="no"), "Section 'exports', but nobody defines the permission 'no'"),
        (section("nowhere"), "Section 'nowhere', but no address is called 'nowhere' and takes 'a-tenant'"),
        (section(icon="eys"), "Section 'exports', but no icon is called 'eys'"),
        (section(group="pepole"), "Section 'exports', but the settings have no group 'pepole'"),
        (section(affects=" "), "Section 'exports', but it doesn't say what it affects"),
        (
            section(tab_of="brands"),
            "Section 'exports', but it can't be a tab of 'brands': no section of its own in the same group",
        ),
        (
            section(permission="palette.use"),
            "Section 'exports', but not everybody with 'palette.use' may open the settings ('settings.view')",
        ),
        (
            Permission(name="export", roles=EVERYBODY, group="files", label="Export", note="All of it."),
            "Permission 'export', but another has the name 'export' as well",
        ),
        (
            Permission(name="new.view", roles=EVERYBODY, group="nothing", label="See", note="All of it."),
            "Permission 'new.view', but the permissions have no group 'nothing'",
        ),
        (
            Permission(name="new.view", roles=frozenset({"boss"}), group="files", label="See", note="All of it."),  # type: ignore[arg-type]
            "Permission 'new.view', but it names a role that nobody has",
        ),
        (
            PaletteAction(name="home", permission="no", icon="eye", label="Act", post=("a", "b")),
            "Action 'Act', but nobody defines the permission 'no'",
        ),
        (
            PaletteAction(name="exports", permission="export", icon="eye", label="Act", act="new"),
            "Action 'Act', but another has the act 'new' as well",
        ),
        (
            PaletteAction(name="nowhere", permission="export", icon="eys", label="Act"),
            "Action 'Act', but no icon is called 'eys'",
        ),
        (
            Lines(name="things", permission="no", find=lambda request, text: []),
            "Source 'things', but nobody defines the permission 'no'",
        ),
        (
            Shortcut(keys="g z", act="go:nowhere", label="Go"),
            "Shortcut 'g z', but the navigation has no page for 'go:nowhere'",
        ),
        (EventWords("job.lost", "eye", "lost"), "EventWords 'job.lost', but another has the kind 'job.lost' as well"),
        (EventWords("new.made", "eys", "made"), "EventWords 'new.made', but no icon is called 'eys'"),
        (RecordPage(model=Job, name="leads:list"), "RecordPage of Job, but Job has no field 'uid'"),
        (
            RecordPage(model=Note, name="nowhere"),
            "Note, but no address is called 'nowhere' and takes 'a-tenant', UUID(",
        ),
        (
            RecordLink(model=Job, purpose="plan", name="exports", permission="export"),
            "RecordLink 'plan' of Job, but another has the place",
        ),
        (
            VisibleCount(permission="no", label="Things", rows=Job.objects.open),
            "VisibleCount 'Things', but nobody defines the permission 'no'",
        ),
        (
            Exportable(
                kind="leads",
                label="Leads",
                permission="jobs.view",
                page="leads:list",
                ids=lambda q, m: [],
                headings=list,
                rows=lambda i, m: iter([]),
            ),
            "Exportable 'leads', but another has the kind 'leads' as well",
        ),
        (
            WorkHolding(name="jobs", count=lambda member: 0, say=str, hand_over=lambda member, to, by: 0),
            "Holding 'jobs', but another has the name 'jobs' as well",
        ),
        (Topic("two_words"), "but the name of a topic is lower-case letters only"),
        (DefinerFunction("memberships_of(bigint)"), "but another has the signature 'memberships_of(bigint)' as well"),
    ],
)
def test_what_fits_nowhere_is_refused_with_a_sentence(entry: Feature, sentence: str) -> None:
    with features.extra_features(entry):
        found = [problem for problem in features.find_problems() if problem.startswith("somebody adds ")]
    assert any(sentence in problem for problem in found), found
    assert all(problem.endswith(".") for problem in found)
    assert features.find_problems() == []


def test_something_else_is_no_entry() -> None:
    with features.extra_features("a page"):  # type: ignore[arg-type]
        assert features.find_problems() == ["somebody adds 'a page', which is no Feature."]


def test_neither_the_check_nor_a_server_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with features.extra_features(page("exprots")):
        with pytest.raises(SystemCheckError, match="somebody adds NavigationPage 'exprots'"):
            call_command("check", stdout=StringIO(), stderr=StringIO())
        with pytest.raises(startup_checks.RefusedToServe):
            startup_checks.refuse_faulty_features()
    assert "Refused to serve: somebody adds NavigationPage 'exprots', but no address" in capsys.readouterr().err
    startup_checks.refuse_faulty_features()


def test_two_functions_for_one_kind_of_due_work_are_refused() -> None:
    with pytest.raises(ValueError, match=r"two functions handle due work of kind 'job\.clock'"):
        due.handler("job.clock")(lambda subjects: None)


def test_entries_come_as_the_order_lists_them_then_as_the_apps_do() -> None:
    names = [entry.name for entry in features.of(NavigationPage)]
    assert names.index("leads:list") < names.index("followups:list") < names.index("settings")
    own = [entry.name for entry in features.of(Permission)]
    assert own.index("export") < own.index("pipelines.manage") < own.index("jobs.view") < own.index("followups.view")
    with features.extra_features(page("preferences")):
        assert features.of(NavigationPage)[-1].name == "preferences"
    assert "preferences" not in [entry.name for entry in features.of(NavigationPage)]


def test_the_order_names_only_what_is_there(settings: Any) -> None:
    settings.FEATURE_ORDER = {"navigation": "leads:list, leads:lsit", "pages": "leads:list"}
    with features.extra_features():
        assert features.find_problems() == [
            "crm/config/order.py lists 'leads:lsit' in 'navigation', but no app adds it.",
            "crm/config/order.py lists 'leads:list' in 'pages', but no app adds it.",
        ]


def test_several_apps_touch_one_topic() -> None:
    assert topics_of("job.moved") == topics_of("lead.won") == {"jobs"}
    assert topics_of("note.written") == set()


def test_an_event_is_told_in_the_words_of_its_app(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        assert (
            event_words.describe_event("job.assigned", {"to": cast.house.rita.pk}, cast.house.rita.pk).words
            == "claimed it"
        )
        assert event_words.describe_event("lead.won", {}, None) == ("trophy", "", "marked it as won")
        assert event_words.describe_event("roof.leaked", {}, None) == ("info", "auto", "roof: leaked")


def test_a_record_has_the_page_and_links_its_apps_give(cast: Cast) -> None:
    house = cast.house
    slug = house.tenant.slug
    with use_tenant(house.tenant):
        assert record_url(house.job, slug) == f"/{slug}/leads/{house.job.number}/"
        assert record_url(house.rita, slug) == f"/{slug}/settings/members/{house.rita.uid}/"
        assert record_url(house.tenant, slug) == ""
        panel = record_link(house.job, "next_step", by=house.rita, slug=slug)
        assert panel == f"/{slug}/followups/job/{house.job.number}/"
        assert record_link(house.job, "plan", by=house.rita, slug=slug).endswith(f"?job={house.job.number}")
        assert record_link(house.job, "sing", by=house.rita, slug=slug) == ""
        with features.extra_features(
            RecordLink(
                model=Job,
                purpose="watch",
                name="access_log",
                permission="access_log.view",
                key="number",
                query="number",
            )
        ):
            assert record_link(house.job, "watch", by=house.rita, slug=slug) == ""
            assert record_link(house.job, "watch", by=house.ada, slug=slug) != ""
    assert house.rita.role != Role.ADMIN


def test_handlers_are_there_when_django_has_started() -> None:
    """Without a page or a worker: an event is kept only for who hears of it."""
    script = (
        "import django; django.setup(); from crm.platform.events import events; from crm.platform.work import due;"
        "print(sorted(due._handlers) and 'job.assigned' in events._subscribers and 'files.expire' in due._handlers)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True", done.stderr
