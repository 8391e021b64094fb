"""The pages of the line's settings: who may, what they tell before saving, and that of two editors one wins."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Phase, Pipeline, Source, Stage, StageTarget
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.target import TargetCase, Terms
from crm.jobs.untouched import untouched_condition
from crm.kernel import clock
from crm.platform.models import Event, Tenant
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events, tick
from tests.cast import HOUSE, Cast, House
from tests.markup import flat

SETTINGS = f"/{HOUSE}/settings/"
PIPELINES = f"{SETTINGS}pipelines/"
LEVELS = f"{SETTINGS}levels/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


@pytest.fixture
def ada(client: Client, house: House) -> Client:
    client.force_login(house.ada.user)
    return client


@pytest.fixture
def url(house: House) -> str:
    """The address of the default pipeline."""
    with use_tenant(house.tenant):
        return f"{PIPELINES}{pipeline_setup().default_pipeline.uid}/"


def version(client: Client, page: str) -> str:
    return re.search(r'name="version" value="(\w+)"', client.get(page).content.decode())[1]  # type: ignore[index]


def stage(house: House, name: str) -> Stage:
    with use_tenant(house.tenant):
        return Stage.objects.get(name=name, pipeline__is_default=True)


def post(client: Client, page: str, verb: str = "", **data: object) -> object:
    return client.post(f"{page}{verb}", {"version": version(client, page), **data}, follow=True)


def words(response: object) -> str:
    return flat(response.content.decode())  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["rita", "mona", "sam"])
def test_only_admins_edit_the_line(client: Client, house: House, url: str, name: str) -> None:
    new = stage(house, "New").pk
    client.force_login(getattr(house, name).user)
    for page in (PIPELINES, url, f"{url}targets/", f"{url}targets/{new}/", LEVELS, f"{SETTINGS}sources/"):
        assert client.get(page).status_code == 404
    for verb in (f"steps/{new}/rename/", f"steps/{new}/archive/", f"steps/{new}/move/", "rename/", "default/"):
        assert client.post(url + verb, {"name": "Mine"}).status_code == 404
    assert stage(house, "New").archived_at is None
    client.force_login(house.ada.user)
    assert client.get(url).status_code == 200


def test_the_list_draws_every_pipeline_on_the_phases(ada: Client, house: House) -> None:
    with use_tenant(house.tenant):
        Pipeline.add("Care plan", by=house.ada)
        for name in ("Inspect", "Decide"):
            Stage.objects.get(pipeline__name="Care plan", name=name).archive(into=None, by=house.ada)
    page = words(ada.get(PIPELINES))
    assert "<b><i></i><i></i></b><b><i></i></b>" in page
    assert "<b><i></i></b><b></b><b><i></i></b><b></b>" in page
    assert "Inspect: skipped" in page


def test_steps_move_by_buttons_through_the_phases(ada: Client, house: House, url: str) -> None:
    reached = stage(house, "Reached").pk
    order = []
    for direction in ("down", "down", "up", "up", "up", "up"):
        post(ada, url, f"steps/{reached}/move/", direction=direction)
        with use_tenant(house.tenant):
            order.append(
                [row.name for row in pipeline_setup().steps(pipeline_setup().default_pipeline.pk)].index("Reached")
            )
    # Into the next phase it keeps its place in the line at first; at the top it stays.
    assert order == [1, 2, 1, 1, 0, 0]


def test_a_step_whose_leads_would_be_sold_is_moved_when_that_was_said(ada: Client, house: House, url: str) -> None:
    with use_tenant(house.tenant):
        sold = Phase.objects.get(name="Job")
    new = stage(house, "New")
    asked = words(post(ada, url, f"steps/{new.pk}/move/", phase=sold.pk, before=""))
    assert "1 open lead is in this step." in asked
    assert "go to service" in asked
    assert stage(house, "New").phase_id == new.phase_id, "nothing is saved yet"
    post(ada, url, f"steps/{new.pk}/move/", phase=sold.pk, before="", sure="yes")
    assert stage(house, "New").phase_id == sold.pk


def test_a_drop_says_phase_and_the_step_it_fell_in_front_of(ada: Client, house: House, url: str) -> None:
    reached, sent = stage(house, "Reached"), stage(house, "Quote sent")
    with use_tenant(house.tenant):
        quote, paid = Phase.objects.get(name="Quote"), Phase.objects.get(name="Paid")
    answer = post(ada, url, f"steps/{reached.pk}/move/", phase=quote.pk, before=sent.pk)
    assert "“Reached” was moved to the phase Quote." in words(answer)
    post(ada, url, f"steps/{reached.pk}/move/", phase=paid.pk, before="")
    with use_tenant(house.tenant):
        assert [row.name for row in pipeline_setup().shapes[reached.pipeline_id][5]] == ["Invoiced", "Reached"]
    for nonsense in ({"phase": "x"}, {"phase": 10**30}, {"phase": quote.pk, "before": 10**15}):
        assert post(ada, url, f"steps/{reached.pk}/move/", **nonsense).status_code == 404  # type: ignore[attr-defined]


def test_with_htmx_the_fragment_comes_back_with_the_words(ada: Client, house: House, url: str) -> None:
    new = stage(house, "New").pk
    data = {"version": version(ada, url), "name": "Came in"}
    answer = ada.post(f"{url}steps/{new}/rename/", data, headers=HTMX)
    assert answer.status_code == 200
    assert words(answer).lstrip().startswith('<div id="line"')
    assert "The step was renamed to “Came in”." in words(answer)
    # What the browser's history no longer holds is asked for as a whole page.
    assert "<title>" in words(ada.get(url, headers=HTMX | {"HX-History-Restore-Request": "true"}))


def test_a_name_that_is_taken_is_refused_in_words(ada: Client, house: House, url: str) -> None:
    answer = ada.post(f"{url}steps/add/", {"version": version(ada, url), "phase": _phase(house), "name": " reached "})
    assert answer.status_code == 422
    assert "“Reached” already exists." in words(answer)
    assert 'role="alert"' in words(answer)


@pytest.mark.parametrize("verb", ["", "phases/", "sources/", "steps/"])
def test_what_was_typed_for_a_new_one_stands_there_again(ada: Client, house: House, url: str, verb: str) -> None:
    base = {"": PIPELINES, "phases/": f"{SETTINGS}phases/", "sources/": f"{SETTINGS}sources/", "steps/": f"{url}steps/"}
    page = {"sources/": base["sources/"], "steps/": url}.get(verb, PIPELINES)
    with use_tenant(house.tenant):
        last = pipeline_setup().phases[-1].pk
        Source.objects.get_or_create(name="Web form")
    taken = {"": line_name(house), "phases/": "Contact", "sources/": "Web form", "steps/": "Reached"}[verb]
    sent = {"name": f"{taken} ", "phase": last, "version": version(ada, page)}
    answer = ada.post(f"{base[verb]}add/", sent)
    assert answer.status_code == 422
    kept = re.findall(r'<input class="input" id="(?:new|add)-[^>]*>', words(answer))
    assert [f'value="{taken} "' in field for field in kept].count(True) == 1
    assert "value=" not in re.search(r'<input class="input" id="(?:new|add)-[^>]*>', words(ada.get(page)))[0]  # type: ignore[index]


def line_name(house: House) -> str:
    with use_tenant(house.tenant):
        return pipeline_setup().default_pipeline.name


def _phase(house: House) -> int:
    with use_tenant(house.tenant):
        return pipeline_setup().phases[0].pk


def test_of_two_editors_the_second_sees_the_fresh_form(ada: Client, house: House, url: str) -> None:
    new, old = stage(house, "New").pk, version(ada, url)
    with use_tenant(house.tenant):
        Stage.objects.get(name="Reached").rename("Called", by=house.ada)
    for headers in ({}, HTMX):
        answer = ada.post(f"{url}steps/{new}/rename/", {"version": old, "name": "Mine"}, headers=headers)
        assert answer.status_code == 409
        assert "Someone else changed this in the meantime." in words(answer)
        assert "Called" in words(answer)
    assert stage(house, "New").name == "New"


def test_an_edit_elsewhere_is_nobodys_conflict(ada: Client, house: House, url: str) -> None:
    old = version(ada, url)
    with use_tenant(house.tenant):
        other = Pipeline.add("Care plan", by=house.ada)
        Source.add("Radio", by=house.ada)
        StageTarget.set(other, TargetCase(None), Terms(60, None, True), by=house.ada)
    assert ada.post(f"{url}steps/{stage(house, 'New').pk}/rename/", {"version": old, "name": "In"}).status_code == 302


def test_archiving_a_step_tells_who_stands_there_and_asks_where_they_go(ada: Client, house: House, url: str) -> None:
    new = stage(house, "New")
    with use_tenant(house.tenant):
        open_job(title="Wanda Pruitt", stage=new, by=None)
        open_job(title="Ned Faraday", stage=new, by=None).move_to(house.stage("Reached"), by=None)
    page = words(ada.get(f"{url}steps/{new.pk}/archive/"))
    assert "2 open leads are in this step." in page
    assert "1 earlier visit of a lead to this step" in page
    assert f'<option value="{stage(house, "Reached").pk}" selected>' in page
    form = f"{url}steps/{new.pk}/archive/"
    answer = ada.post(form, {"version": version(ada, form), "leads": "go", "into": new.pk})
    assert answer.status_code == 422
    answer = post(ada, form, leads="go", into=stage(house, "Quote sent").pk)
    assert "Its leads are being moved" in words(answer)
    dispatch_events()
    tick()
    with use_tenant(house.tenant):
        assert Job.objects.filter(stage__name="Quote sent").count() == 2
    assert "the step was archived" in words(ada.get(f"/{HOUSE}/leads/{house.job.number}/"))
    with use_tenant(house.tenant):
        assert Event.objects.get(kind="stage.archived").actor_id == house.ada.pk
    assert ada.get(form).status_code == 302, "it is archived"
    post(ada, url, f"steps/{new.pk}/restore/")
    assert stage(house, "New").archived_at is None


def test_bars_keep_an_archived_step_for_those_who_were_or_are_there(ada: Client, house: House, url: str) -> None:
    with use_tenant(house.tenant):
        was = open_job(title="Wanda Pruitt", stage=house.stage("New"), member=house.rita, by=None)
        was.move_to(house.stage("Reached"), by=None)
        fresh = open_job(title="Ned Faraday", stage=house.stage("Reached"), member=house.rita, by=None)
    form = f"{url}steps/{stage(house, 'New').pk}/archive/"
    post(ada, form, leads="stay", into=stage(house, "Reached").pk)
    dispatch_events()
    tick()
    pages = {
        name: words(ada.get(f"/{HOUSE}/leads/{number}/"))
        for name, number in (("is", house.job.number), ("was", was.number), ("fresh", fresh.number))
    }
    assert "the step was archived" not in pages["is"]
    assert 'aria-label="New, Contact, step 1 of 7.' in pages["is"]
    assert 'aria-label="Reached, Contact, step 2 of 7.' in pages["was"]
    assert '<b><i class="ok"></i><i class="now ok p0"><u>Reached</u></i></b>' in pages["was"]
    assert 'aria-label="Reached, Contact, step 1 of 6.' in pages["fresh"]
    assert '<b><i class="now ok p0"><u>Reached · untouched</u></i></b>' in pages["fresh"], "its first step by now"
    with use_tenant(house.tenant):
        assert list(Job.objects.filter(untouched_condition(), pk__in=[was.pk, fresh.pk])) == [fresh]


def test_a_pipeline_is_added_made_default_and_archived(ada: Client, house: House, url: str) -> None:
    answer = post(ada, PIPELINES, "add/", name="Care plan", like=url.split("/")[-2])
    assert "“Care plan”" in words(answer) or "Care plan" in words(answer)
    with use_tenant(house.tenant):
        made = Pipeline.objects.get(name="Care plan")
    page = f"{PIPELINES}{made.uid}/archive/"
    assert "No open leads are in this pipeline." in words(ada.get(page))
    ada.post(f"{PIPELINES}{made.uid}/default/", {"version": version(ada, page)})
    answer = ada.post(page, {"version": version(ada, page)})
    assert answer.status_code == 422
    assert "Make another one the default first." in words(answer)
    old = f"{url}archive/"
    assert "1 open lead is in this pipeline." in words(ada.get(old))
    post(ada, old)
    with use_tenant(house.tenant):
        assert Pipeline.objects.get(uid=url.split("/")[-2]).archived_at
    assert ada.get(f"/{HOUSE}/leads/").status_code == 200
    post(ada, PIPELINES, f"{url.split('/')[-2]}/restore/")
    for nonsense in ("x", "00000000-0000-7000-8000-000000000000"):
        assert post(ada, PIPELINES, "add/", name="Other", like=nonsense).status_code == 404  # type: ignore[attr-defined]


def test_phases_by_the_page(ada: Client, house: House) -> None:
    phases = f"{SETTINGS}phases/"

    def act(verb: str, **data: object) -> None:
        ada.post(phases + verb, {"version": version(ada, PIPELINES), **data})

    act("add/", name="Aftercare")
    with use_tenant(house.tenant):
        phase, contact = Phase.objects.get(name="Aftercare"), Phase.objects.get(name="Contact")
    act(f"{phase.pk}/rename/", name="Care")
    act(f"{phase.pk}/move/", direction="up")
    with use_tenant(house.tenant):
        assert [row.name for row in pipeline_setup().phases][-2:] == ["Care", "Paid"]
    form = f"{SETTINGS}phases/{contact.pk}/remove/"
    assert "2 steps move to another phase" in words(ada.get(form))
    post(ada, form, into=phase.pk)
    with use_tenant(house.tenant):
        assert not Phase.objects.filter(pk=contact.pk).exists()
        assert stage(house, "New").phase_id == phase.pk


def fields(house: House, stage_name: str | None, **typed: str) -> dict[str, str]:
    key = f"{stage(house, stage_name).pk if stage_name else 0}-0-0"
    return {f"ours-{key}": "", f"theirs-{key}": "", f"counts-{key}": "calendar"} | {
        f"{name}-{key}": value for name, value in typed.items()
    }


def test_a_target_tells_what_it_does_before_it_is_saved(ada: Client, house: House, url: str) -> None:
    page = f"{url}targets/"
    with use_tenant(house.tenant), clock.at(clock.now() - timedelta(hours=3)):
        late = open_job(title="Wanda Pruitt", stage=house.stage("Reached"), by=None)
        open_job(title="Ned Faraday", stage=house.stage("Quote sent"), by=None)
    data = {"version": version(ada, page), **fields(house, "Reached", ours="2h")}
    looked = words(ada.post(page, data | {"act": "save"}))
    assert "Changes the due date of 1 open lead. 1 becomes late immediately." in looked
    assert "Nothing is saved yet." in looked
    # Level by level, before and after, linked; who it is; how the bar ages; and of too few stays no own times.
    assert re.search(r"level=ok\">1<.*?<td class=\"num\">0</td>.*level=late|level=late\">0<", looked)
    assert re.search(r'Wanda Pruitt</bdi></a>\s*<span class="age late">Late<', looked)
    assert re.search(r'class="age soon">\s*from 1h 30m', looked)
    assert "Not enough leads for actual times: 0 of 20" in looked
    with use_tenant(house.tenant):
        assert not Event.objects.filter(kind="target.changed").exists(), "nothing is saved unseen"
    mark = re.search(r'name="looked_at" value="(\w+)"', looked)[1]  # type: ignore[index]
    other = data | fields(house, "Reached", ours="3h") | {"act": "save", "looked_at": mark}
    assert "open lead" in words(ada.post(page, other)), "changed since it was looked at: looked at again"
    saved = ada.post(page, data | {"act": "save", "looked_at": mark}, follow=True)
    assert "1 target was changed." in words(saved)
    dispatch_events()
    tick()
    with use_tenant(house.tenant):
        assert Job.objects.get(pk=late.pk).allowed == 7200
    assert "the target of the step was changed" in words(ada.get(f"/{HOUSE}/leads/{late.number}/"))
    with use_tenant(house.tenant):
        assert Event.objects.get(kind="target.changed").actor_id == house.ada.pk
    assert 'value="2h"' in words(ada.get(page))
    answer = ada.post(page, data | {"act": "save", "looked_at": mark})
    assert answer.status_code == 409


def test_what_was_typed_is_refused_field_by_field(ada: Client, house: House, url: str) -> None:
    page = f"{url}targets/"
    for typed, why in (
        ("soon", "Write it like 2d 4h"),
        ("0h", "Enter a time above zero"),
        ("2 years", "Write it"),
        ("999w", "A year at most"),
    ):
        answer = ada.post(page, {"version": version(ada, page), **fields(house, "New", ours=typed)})
        assert answer.status_code == 422, typed
        assert why in words(answer)
        assert f'value="{typed}"' in words(answer)
        assert 'aria-invalid="true"' in words(answer)


@pytest.mark.usefixtures("fifteen_minutes")
def test_a_step_shows_what_it_inherits_and_from_where(ada: Client, house: House, url: str) -> None:
    new = stage(house, "New")
    with use_tenant(house.tenant):
        StageTarget.set(
            pipeline_setup().default_pipeline, TargetCase(new.pk, None, 1), Terms(300, None, True), by=house.ada
        )
    page = words(ada.get(f"{url}targets/{new.pk}/"))
    assert f'name="ours-{new.pk}-0-1" value="5m"' in page
    assert f'name="ours-{new.pk}-0-3" value="" placeholder="15m"' in page
    assert "from the step" in page
    assert "organization default" in page
    assert "1 exception" in words(ada.get(f"{url}targets/"))
    form = f"{url}targets/{new.pk}/"
    data = {"version": version(ada, form), f"ours-{new.pk}-0-1": "", f"theirs-{new.pk}-0-1": "", "act": "save"}
    mark = re.search(r'name="looked_at" value="(\w+)"', words(ada.post(form, data)))[1]  # type: ignore[index]
    ada.post(form, data | {"looked_at": mark})
    with use_tenant(house.tenant):
        assert not StageTarget.objects.filter(priority=1).exists()


def test_days_of_work_are_as_long_as_the_office_is_open(ada: Client, house: House, url: str) -> None:
    page = f"{url}targets/"
    data = {"version": version(ada, page), **fields(house, "New", ours="2 werkdagen", counts="work"), "act": "save"}
    mark = re.search(r'name="looked_at" value="(\w+)"', words(ada.post(page, data)))[1]  # type: ignore[index]
    ada.post(page, data | {"looked_at": mark})
    with use_tenant(house.tenant):
        assert StageTarget.objects.get(stage=stage(house, "New")).ours == 18 * 3600
    assert f'name="ours-{stage(house, "New").pk}-0-0" value="2d"' in words(ada.get(page))


def test_levels_tell_what_they_do_and_are_checked(ada: Client, house: House) -> None:
    good = {"warn_percent": "50", "far_percent": "150", "default_ours": "12h", "default_theirs": "3d"}
    for wrong in ({"warn_percent": "100"}, {"far_percent": "100"}, {"far_percent": "x"}, {"default_ours": "0m"}):
        answer = ada.post(LEVELS, {"version": version(ada, LEVELS), **good, **wrong})
        assert answer.status_code == 422
    with use_tenant(house.tenant), clock.at(clock.now() - timedelta(hours=13)):
        open_job(title="Wanda Pruitt", stage=house.stage("Reached"), by=None)
    data = {"version": version(ada, LEVELS), **good, "act": "save"}
    looked = words(ada.post(LEVELS, data))
    assert "1 open lead changes urgency immediately. No due dates of open leads change." in looked
    assert "from 1d 12h" in looked
    mark = re.search(r'name="looked_at" value="(\w+)"', looked)[1]  # type: ignore[index]
    assert ada.post(LEVELS, data | {"looked_at": mark}).status_code == 302
    assert Tenant.objects.get(pk=house.tenant.pk).far_percent == 150
    assert ada.post(LEVELS, data | {"looked_at": mark}).status_code == 409


@pytest.mark.parametrize("page", ["", "targets/", "targets/first-touch/"])
def test_a_warm_page_reads_the_line_from_memory(ada: Client, url: str, page: str) -> None:
    ada.get(url + page)
    with CaptureQueriesContext(connection) as queries:
        ada.get(url + page)
    asked = [query["sql"] for query in queries if "jobs_" in query["sql"] or "platform_brand" in query["sql"]]
    # The page of all targets also reads how long leads really stayed.
    assert len(asked) <= 1 + (page == "targets/"), "the pipeline by its id, and nothing else"
