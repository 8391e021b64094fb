"""Moving a lead from the list and its page: the fresh row, the toast, who loses a race, who may not."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Side, StageVisit
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.acts import current
from tests.cast import load_cast
from tests.leads.test_list import data_queries
from tests.markup import flat


@pytest.fixture
def stage(cast):
    def named(name):
        with use_tenant(cast.house.tenant):
            return cast.house.stage(name)

    return named


def kinds(cast, job):
    with use_tenant(cast.house.tenant):
        return list(Event.objects.of_job(job.pk).order_by("pk").values_list("kind", flat=True))


def test_a_move_from_the_list_gives_the_fresh_row_and_a_toast(post, cast, stage):
    answer = post("move", stage=stage("Reached").pk, on="list")
    page = answer.content.decode()
    job = current(cast, cast.house.job)
    assert (answer.status_code, job.stage_id) == (200, stage("Reached").pk)
    assert page.startswith(f'<template><tr class="lead" id="r{job.number}"')
    assert 'hx-swap-oob="true"' in page
    assert f'data-stay="{job.stay}"' in page
    assert "Reached" in page
    assert "Cora Customer: moved to Reached." in page
    assert re.search(r'hx-post="/suncoast-test/jobs/undo/[0-9a-f-]{36}/"', page)
    assert answer["HX-Trigger"] == "leads"


def test_a_move_without_a_next_step_offers_to_plan_it(post, cast, stage):
    job = cast.house.job
    link = f'href="/suncoast-test/followups/new/?job={job.number}" data-act="plan">Plan it<'
    bare = post("move", stage=stage("Reached").pk, on="lead").content.decode()
    assert "No next step is planned." in bare
    assert link in bare
    with use_tenant(cast.house.tenant):
        current(cast, job).plan_next(kind="call", label="Call", at=None, by=None)
    planned = post("move", stage=stage("Quote sent").pk, on="lead").content.decode()
    assert "moved to Quote sent." in planned
    assert link not in planned
    assert link not in post("lose", reason="Price", on="lead").content.decode()


def test_a_move_from_the_page_gives_its_parts(post, cast, stage):
    page = post("move", stage=stage("Reached").pk, on="lead").content.decode()
    for part in ("line", "acts", "steps", "callout", "timeline", "having"):
        assert f'id="{part}" hx-swap-oob="true"' in page, part
    assert "moved it from New to Reached" in page
    assert f'name="stay" value="{current(cast, cast.house.job).stay}"' in page


def test_without_scripts_it_goes_back_with_a_message_that_undoes(post, cast, stage):
    answer = post("move", stage=stage("Reached").pk)
    job = cast.house.job
    assert (answer.status_code, answer["Location"]) == (302, f"/suncoast-test/leads/{job.number}/")
    page = answer.client.get(answer["Location"]).content.decode()
    undo = re.search(r'<form method="post" action="(/suncoast-test/jobs/undo/[^"]+)"', page)
    assert "moved to Reached" in page
    html5lib.HTMLParser(strict=True).parse(page)
    answer.client.post(undo[1], {"next": answer["Location"]})
    assert current(cast, job).stage_id == stage("New").pk
    assert ": undone." in answer.client.get(answer["Location"]).content.decode()


def test_the_menu_shows_the_steps_by_phase_and_marks_the_present_one(cast, client):
    client.force_login(cast.house.rita.user)
    url = f"/suncoast-test/jobs/{cast.house.job.number}/move/"
    page = client.get(url).content.decode()
    assert "<legend>Contact</legend>" in page
    assert re.search(r'value="\d+" aria-current="step" disabled', flat(page))
    assert "hx-post" not in page.split("<main")[1].split("</main>")[0], "a page of its own posts and is redirected"
    html5lib.HTMLParser(strict=True).parse(page)
    fragment = client.get(f"{url}?on=list", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'name="on" value="list"' in fragment
    assert f'hx-post="{url}"' in fragment


def test_of_two_the_second_is_shown_the_fresh_row_and_told_who(post, cast, stage):
    seen = current(cast, cast.house.job).stay
    post("move", stage=stage("Quote sent").pk, member=cast.house.mona, stay=seen)
    answer = post("move", stage=stage("Reached").pk, stay=seen, on="list")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mona Manager moved it from New to Quote sent, just now. This is how it is now." in page
    assert 'role="alert"' in page
    assert "Undo" not in page
    assert current(cast, cast.house.job).stage_id == stage("Quote sent").pk
    plain = post("move", stage=stage("Reached").pk, stay=seen)
    assert plain.status_code == 409
    assert "Mona Manager moved it" in plain.content.decode()


def test_both_wanting_the_same_is_no_race(post, cast, stage):
    seen = current(cast, cast.house.job).stay
    post("move", stage=stage("Reached").pk, member=cast.house.mona, stay=seen)
    answer = post("move", stage=stage("Reached").pk, stay=seen, on="list")
    assert answer.status_code == 200
    assert "Undo" not in answer.content.decode(), "nothing was altered by this one"
    assert kinds(cast, cast.house.job).count("job.moved") == 1


def test_of_two_at_the_same_moment_one_wins(transactional_db):
    cast = load_cast()
    house, barrier = cast.house, Barrier(2)
    with use_tenant(house.tenant):
        seen, steps = Job.objects.get().stay, [house.stage("Reached").pk, house.stage("Quote sent").pk]

    def move(member, step):
        client = Client()
        client.force_login(member.user)
        barrier.wait()
        try:
            url = f"/{house.tenant.slug}/jobs/{house.job.number}/move/"
            data = {"stage": step, "stay": seen, "on": "list"}
            return client.post(url, data, headers={"HX-Request": "true"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(move, (house.rita, house.mona), steps))
    assert sorted(codes) == [200, 409]
    with use_tenant(house.tenant):
        assert StageVisit.objects.filter(job=house.job).count() == 2


@pytest.mark.parametrize("data", [{"stage": ""}, {"stage": "999999"}, {"stage": "x"}, {"stay": ""}])
def test_nonsense_is_refused_in_words(post, cast, stage, data):
    before = current(cast, cast.house.job).stay
    answer = post("move", **{"stage": stage("Reached").pk, **data}, on="list")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert current(cast, cast.house.job).stay == before
    assert post("move", **{"stage": stage("Reached").pk, **data}).status_code == 422


def test_anothers_lead_is_not_there(post, cast, stage):
    with use_tenant(cast.house.tenant):
        hers = open_job(title="Hers", member=cast.house.mona, by=None, stage=cast.house.stage("New"))
    reached = stage("Reached").pk
    assert post("move", hers, stage=reached, stay="guess").status_code == 404
    assert post("move", hers, stage=reached, member=cast.otto, stay=hers.stay).status_code == 404
    assert post("move", hers, stage=reached, member=cast.house.sam).status_code == 302


def test_who_saw_it_a_moment_ago_hears_who_has_it_now(post, cast, stage):
    seen = current(cast, cast.house.job).stay
    with use_tenant(cast.house.tenant):
        cast.house.job.assign_to(cast.house.sam, by=cast.house.mona)
    answer = post("move", stage=stage("Reached").pk, stay=seen, on="list")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mona Manager assigned it to Sam Service" in page
    assert 'hx-swap-oob="delete"' in page
    assert "Cora" not in page
    assert post("move", stage=stage("Reached").pk, stay=seen).status_code == 302
    assert current(cast, cast.house.job).stage_id == stage("New").pk


def test_whose_move_it_is(post, cast):
    assert "it is their move" in post("turn", side="customer", on="lead").content.decode()
    assert current(cast, cast.house.job).side == Side.CUSTOMER
    assert "it is our move" in post("turn", side="us", on="lead").content.decode()
    assert post("turn", side="paused", on="lead").status_code == 422
    assert current(cast, cast.house.job).side == Side.US


def test_a_move_takes_fifteen_queries_at_most(cast, stage):
    client = Client()
    client.force_login(cast.house.mona.user)

    def cost(name, on):
        data = {"stage": stage(name).pk, "stay": current(cast, cast.house.job).stay, "on": on}
        url = f"/suncoast-test/jobs/{cast.house.job.number}/move/"
        with CaptureQueriesContext(connection) as captured:
            assert client.post(url, data, headers={"HX-Request": "true"}).status_code == 200
        return data_queries(captured)

    # What a process reads once is the first one's cost: the pipelines, and the kinds of documents a lead may lack.
    cost("Reached", "lead")
    assert len(cost("Quote sent", "list")) <= 15
    assert len(cost("Reached", "lead")) <= 15
