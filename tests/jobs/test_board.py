"""The board: the list's leads by phase, what a card may do, and what a page of them costs."""

import re
from datetime import timedelta
from itertools import chain

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.jobs.list import board_columns as board
from crm.jobs.models import Job, StageVisit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from tests.leads.test_list import data_queries, fill
from tests.markup import flat


@pytest.fixture
def house(cast, scene):
    cast.house.jobs = scene
    return cast.house


@pytest.fixture
def see(client, house):
    """Ask for a page of the board as a member; gives its text."""

    def ask(query="", *, member=None, **headers):
        client.force_login((member or house.rita).user)
        response = client.get(f"/{house.tenant.slug}/leads/board/{query}", headers=headers)
        assert response.status_code == 200
        return response.content.decode()

    return ask


@pytest.fixture
def move(client, house):
    """Drop a lead's card on the phase with that place, as whoever saw it at `stay`."""

    def post(title, phase, *, member=None, stay=None, htmx=True, here=""):
        client.force_login((member or house.rita).user)
        job = house.jobs[title]
        values = {"phase": phase, "stay": job.stay if stay is None else stay, "on": "board"}
        url = f"http://testserver/{house.tenant.slug}/leads/board/{here}"
        headers = {"HX-Request": "true", "HX-Current-URL": url} if htmx else {}
        return client.post(f"/{house.tenant.slug}/leads/board/{job.number}/", values, headers=headers)

    return post


def columns(page):
    """Titles by column heading; the lane's is "No status"."""
    found = {}
    for section in re.findall(r'<section class="board-col.*?</section>', page, re.DOTALL):
        name = re.sub("<[^>]*>", "", re.search(r"<h2[^>]*>(.*?)</h2>", section)[1])
        found[name] = re.findall(r"<h3><a[^>]*><bdi>([^<]*)</bdi>", section)
    return found


def test_the_leads_stand_in_their_phases_what_to_jump_on_first(see):
    found = columns(see())
    assert list(found) == ["No status", "Contact", "Inspect", "Quote", "Decide", "Job", "Paid"]
    assert found["No status"] == ["Marisol Vega"]
    assert found["Inspect"] == ["Deborah Lindqvist", "Samir Haddad"]
    assert found["Quote"][:2] == ["Hector Salinas", "Luz Okafor"]
    assert found["Quote"][-1] == "Yara Solberg", "what has ended comes last"
    assert found["Decide"] == ["Ned Faraday"]


def test_nobody_without_status_no_lane(see, house):
    with use_tenant(house.tenant):
        Job.objects.get(title="Marisol Vega").move_to(
            pipeline_setup().steps(house.jobs["Hector Salinas"].pipeline_id)[0], by=house.rita
        )
    assert "No status" not in columns(see())


def test_the_url_is_the_view_and_the_switch_keeps_it(see, house, client):
    page = see("?source=Google+Ads")
    assert sorted(chain(*columns(page).values())) == ["Hector Salinas", "Priya &amp; Sons &lt;Roofing&gt;"]
    assert f'href="/{house.tenant.slug}/leads/?source=Google+Ads"' in page
    assert (
        f"/{house.tenant.slug}/leads/board/?source=Google+Ads"
        in client.get(f"/{house.tenant.slug}/leads/?source=Google+Ads").content.decode()
    )


def test_a_lead_is_opened_from_the_board_as_from_the_list(see, house, client):
    opens = f'href="/{house.tenant.slug}/leads/open/"'
    assert opens in see()
    assert opens in client.get(f"/{house.tenant.slug}/leads/").content.decode()


def test_a_rep_sees_the_own_leads_and_a_manager_all_with_their_owners(see, house):
    with use_tenant(house.tenant):
        open_job(title="Somebody else’s", member=house.sam, by=None, stage=house.stage("New"))
    assert "Somebody else’s" not in see()
    page = see(member=house.mona)
    assert "Somebody else’s" in columns(page)["Contact"]
    assert '<span title="Sam Service">' in page


def test_a_card_that_has_ended_does_not_move(see):
    page = see()
    card = re.search(
        r'<article class="board-card" id="c\d+"><h3><a[^>]*><bdi>Yara Solberg.*?</article>', page, re.DOTALL
    )
    assert card
    assert "card-move" not in card[0]


def test_a_phase_without_a_step_of_the_cards_pipeline_is_known_to_the_page(see, house):
    page = see()
    with use_tenant(house.tenant):
        pipelines = list(pipeline_setup().pipelines)
    care = str(pipelines.index(house.jobs["Luz Okafor"].pipeline_id))
    lacks = dict(re.findall(r'data-phase="(\d)" data-lacks="([\d ]*)"', flat(page)))
    assert [care in lacks[phase].split() for phase in "123456"] == [False, True, False, False, False, True]
    assert re.search(rf'data-line="{care}"><h3><a[^>]*><bdi>Luz Okafor', page)


def test_dropping_a_card_enters_the_first_step_of_its_own_pipeline(move, house):
    answer = move("Hector Salinas", 4)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Hector Salinas" in columns(page)["Decide"]
    assert "Hector Salinas: moved to Follow-up." in page
    assert '<div id="board" hx-swap-oob="true"' in page
    assert "<html" not in page
    with use_tenant(house.tenant):
        job = Job.objects.get(title="Hector Salinas")
        assert job.stage.name == "Follow-up"
        event = Event.objects.filter(job_id=job.pk, kind="job.moved").latest("pk")
        assert event.actor_id == house.rita.pk
    assert move("Luz Okafor", 4).status_code == 200
    with use_tenant(house.tenant):
        assert Job.objects.get(title="Luz Okafor").stage.name == "Agreed"


def test_a_card_without_status_enters_the_line(move, house):
    assert "Marisol Vega" in columns(move("Marisol Vega", 1).content.decode())["Contact"]


def test_a_pipeline_without_that_phase_refuses_in_words(move, house):
    answer = move("Luz Okafor", 2)
    assert answer.status_code == 422
    assert "Luz Okafor: “Care plan” has no step there." in answer.content.decode()
    with use_tenant(house.tenant):
        assert Job.objects.get(title="Luz Okafor").stage.name == "Plan offered"


@pytest.mark.parametrize("phase", ["", "0", "7", "-1", "x", "١", "9" * 50])
def test_a_phase_that_is_none_is_refused(move, phase):
    assert move("Luz Okafor", phase).status_code == 422


def test_a_card_dropped_on_its_own_phase_stays_in_its_step(move, house):
    assert move("Hector Salinas", 3).status_code == 200
    with use_tenant(house.tenant):
        assert Job.objects.get(title="Hector Salinas").stage.name == "Quote sent"


def test_what_has_ended_is_not_moved(move, house):
    assert move("Yara Solberg", 5).status_code == 422
    with use_tenant(house.tenant):
        assert Job.objects.get(title="Yara Solberg").state == "lost"


def test_of_two_people_at_once_one_wins_and_the_other_sees_where_it_is(move, house):
    assert move("Hector Salinas", 4, member=house.mona).status_code == 200
    late = move("Hector Salinas", 5)
    assert late.status_code == 409
    page = late.content.decode()
    assert "Mona Manager" in page
    assert 'role="alert"' in page
    assert "Hector Salinas" in columns(page)["Decide"]
    with use_tenant(house.tenant):
        job = Job.objects.get(title="Hector Salinas")
        assert job.stage.name == "Follow-up"
        assert StageVisit.objects.filter(job=job, left_at__isnull=True).count() == 1


def test_the_answer_keeps_the_filters(move):
    page = move("Hector Salinas", 4, here="?source=Google+Ads").content.decode()
    assert sorted(chain(*columns(page).values())) == ["Hector Salinas", "Priya &amp; Sons &lt;Roofing&gt;"]


def test_a_move_on_the_board_is_taken_back_there(move, house, client):
    page = move("Hector Salinas", 4).content.decode()
    undo = re.search(r'hx-post="(/[^"]*/undo/[^"]*)"', page)
    assert undo
    url = f"http://testserver/{house.tenant.slug}/leads/board/"
    headers = {"HX-Request": "true", "HX-Current-URL": url}
    page = client.post(undo[1], {"on": "board"}, headers=headers).content.decode()
    assert "Hector Salinas" in columns(page)["Quote"]
    with use_tenant(house.tenant):
        job = Job.objects.get(title="Hector Salinas")
        assert (job.stage.name, job.entered_at) == ("Quote sent", house.jobs["Hector Salinas"].entered_at)


def test_without_scripts_a_card_leads_to_the_lead_s_own_menu(see, house, client):
    number = house.jobs["Luz Okafor"].number
    link = f"/{house.tenant.slug}/jobs/{number}/move/"
    assert f'href="{link}"' in see()
    page = client.get(link).content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert "Agreed" in page


def test_a_rep_moves_no_card_of_another(move, house):
    with use_tenant(house.tenant):
        house.jobs["Hers"] = open_job(title="Hers", member=house.mona, by=None, stage=house.stage("New"))
    assert move("Hers", 2, stay="unseen").status_code == 404
    assert move("Hers", 2, member=house.mona).status_code == 200


def test_a_long_column_is_capped_and_says_how_many_more_truly(see, house, client):
    fill(house, board.CAP + 12)
    page = see()
    assert len(columns(page)["Contact"]) == board.CAP
    more = re.search(r'<a class="board-more" href="([^"]*)" id="more-1">', page)
    assert more
    assert more[1] == f"/{house.tenant.slug}/leads/?phase=1"
    counts = client.get(f"/{house.tenant.slug}/leads/counts/?shown=board").content.decode()
    held = len(re.findall(r'<a id="l\d+"', client.get(more[1]).content.decode()))
    assert held == 51, "a page, and the new lead above it"
    total = int(re.search(r'id="column-1"[^>]*>(\d+)<', counts)[1])
    assert total == board.CAP + 12 + 2  # the cast's own lead and Wanda Pruitt
    assert re.search(r'id="more-1"[^>]*>14 more<', counts)
    assert "more-2" not in counts
    assert "column-0" not in counts


def test_a_board_costs_the_same_statements_at_ten_cards_and_at_four_hundred(see, house, client):
    see()
    url = f"/{house.tenant.slug}/leads/board/"

    def cost():
        client.force_login(house.rita.user)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url).content.decode()
        return len(data_queries(captured)), page.count("<article")

    few, cards = cost()
    with use_tenant(house.tenant):
        steps = [None, *pipeline_setup().steps(pipeline_setup().default_pipeline.pk)]
        for number in range(400):
            with clock.at(clock.now() - timedelta(minutes=number)):
                open_job(title=f"Lead {number}", stage=steps[number % len(steps)], member=house.rita, by=None)
    many, more_cards = cost()
    assert cards < 15
    assert more_cards > 290
    assert many == few <= 6


def test_a_board_is_strict_html_and_small(see, house):
    fill(house, 60)
    page = see(member=house.mona)
    html5lib.HTMLParser(strict=True).parse(page)
    cards = re.findall(r"<article.*?</article>", page, re.DOTALL)
    assert sum(map(len, cards)) / len(cards) < 1500
    fragment = see("", **{"HX-Request": "true"})
    assert flat(fragment).startswith('<div id="board"')


@pytest.mark.parametrize("cap", [0, 1, 2, 50])
def test_both_ways_of_reading_show_the_same_cards(house, monkeypatch, cap):
    monkeypatch.setattr(board, "CAP", cap)
    with use_tenant(house.tenant):
        kept = Job.objects.all()
        by_step, by_phase = (board.read_columns(kept, LEADS.filters(), narrowed=narrowed) for narrowed in (False, True))
        assert [[job.pk for job in column.jobs] for column in by_step] == [
            [job.pk for job in column.jobs] for column in by_phase
        ]
        assert [column.is_capped for column in by_step] == [column.is_capped for column in by_phase]
        assert max(len(column.jobs) for column in by_step) == min(cap, max(len(column.jobs) for column in by_phase))


def test_its_page_is_one_of_the_leads_in_the_navigation(see, house, client):
    leads, imports = f"/{house.tenant.slug}/leads/", f"/{house.tenant.slug}/leads/import/"
    client.force_login(house.mona.user)
    for path, current in ((f"{leads}board/", leads), (f"{leads}open/", leads), (imports, imports)):
        page = client.get(path).content.decode()
        tabs = page.split('class="area-tabs"', 1)[1].split("</nav>", 1)[0]
        assert re.findall(r'<a href="([^"]+)" aria-current="page">', tabs) == [current], path


def test_a_column_says_what_it_is_worth(see, house, client):
    fill(house, 2)
    with use_tenant(house.tenant):
        Job.objects.update(value=None)
        Job.objects.filter(title="Lead 000").update(value=100_000_000, currency="USD")
        Job.objects.filter(title="Lead 001").update(value=9_950_000, currency="USD")
    see()
    counts = client.get(f"/{house.tenant.slug}/leads/counts/?shown=board").content.decode()
    assert re.search(r'id="sum-1"[^>]*>\$1\.1M<', counts)
    assert "sum-0" not in counts
    assert "sum-1" not in client.get(f"/{house.tenant.slug}/leads/counts/?shown=phases").content.decode()


def test_an_empty_board_says_what_to_do(see, house, client):
    url = f"/{house.tenant.slug}/leads/board/"
    see()
    narrowed = client.get(f"{url}?source=Nowhere&q=zzzzzz").content.decode()
    assert "No leads match" in narrowed
    assert "Clear filters" in narrowed
    assert "board-col" not in narrowed
    with use_tenant(house.tenant):
        Job.objects.update(member=house.mona)
    empty = client.get(url).content.decode()
    assert "New lead" in empty
    assert "Unclaimed leads" in empty
