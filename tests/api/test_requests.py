"""What every request goes through: pages, fields, filters, versions, stored answers, rates and problems."""

import json
from typing import Any

import pytest

from api.models import StoredAnswer
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.cast import Cast
from tests.queries import data_queries

KEY = "form-8821-1"


@pytest.fixture
def people(cast: Cast) -> list[Person]:
    with use_tenant(cast.house.tenant):
        return [Person.objects.create(name=f"Person {number}") for number in range(5)]


def pages(client: ApiClient, path: str) -> list[Any]:
    """Every record of a list, page by page."""
    records = []
    while path:
        answer = client.get(path).json()
        records += answer["results"]
        path = (answer["next"] or "").partition("/api/v1/")[2]
    return records


def test_pages_hold_each_record_once(ada: ApiClient, people: list[Person]) -> None:
    names = [record["name"] for record in pages(ada, "people/?limit=2")]

    assert names == ["Person 4", "Person 3", "Person 2", "Person 1", "Person 0", "Cora Customer"]


def test_a_cursor_survives_its_row(ada: ApiClient, people: list[Person], cast: Cast) -> None:
    first = ada.get("people/?limit=2").json()
    with use_tenant(cast.house.tenant):
        people[3].delete()

    names = [record["name"] for record in pages(ada, first["next"].partition("/api/v1/")[2])]
    assert names[0] == "Person 2"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 400),
        ("limit=x", 400),
        ("cursor=nonsense", 404),
        ("fields=nme", 400),
        ("stat=x", 400),
        ("work=x", 404),
    ],
)
def test_a_parameter_that_means_nothing_is_refused(query: str, status: int, ada: ApiClient) -> None:
    answer = ada.get(f"people/?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_fields_leave_out_the_others(ada: ApiClient, cast: Cast) -> None:
    assert ada.get("people/?fields=name").json()["results"][0].keys() == {"id", "name"}
    assert ada.get(f"people/{cast.house.cora.uid}/?fields=name").json().keys() == {"id", "name"}


def test_a_list_takes_the_filters_of_the_page(ada: ApiClient, people: list[Person]) -> None:
    names = {record["name"] for record in ada.get("people/?work=open").json()["results"]}

    assert names == {"Cora Customer"}


def test_a_hundred_jobs_cost_a_few_queries(ada: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        for number in range(100):
            person = Person.objects.create(name=f"Person {number}")
            open_job(title="Roof", person=person, site=cast.house.job.site, by=None)
    ada.get("jobs/?limit=1")

    with data_queries() as queries:
        assert len(ada.get("jobs/?limit=100").json()["results"]) == 100
    assert len(queries) <= 10


# Versions


def test_an_unchanged_record_is_not_sent_again(ada: ApiClient, cast: Cast) -> None:
    path = f"jobs/{cast.house.job.number}/"
    etag = ada.get(path)["ETag"]

    assert ada.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_a_lost_update_is_refused(ada: ApiClient, cast: Cast) -> None:
    path = f"people/{cast.house.cora.uid}/"
    etag = ada.get(path)["ETag"]
    ada.send("patch", path, {"name": "Cora Client"})

    answer = ada.send("patch", path, {"name": "C. Customer"}, If_Match=etag)

    assert answer.status_code == 412
    assert ada.get(path).json()["name"] == "Cora Client"


def test_the_present_version_is_changed(ada: ApiClient, cast: Cast) -> None:
    path = f"people/{cast.house.cora.uid}/"
    etag = ada.get(path)["ETag"]

    answer = ada.send("patch", path, {"name": "Cora Client"}, If_Match=etag)

    assert (answer.status_code, answer["ETag"]) == (200, ada.get(path)["ETag"])


# Idempotency


def test_the_same_key_is_answered_the_same(ada: ApiClient, cast: Cast) -> None:
    first, again = (ada.send("post", "people/", {"name": "Luz"}, Idempotency_Key=KEY) for _ in range(2))

    assert (again.status_code, again.content, again["ETag"]) == (201, first.content, first["ETag"])
    assert again["Idempotent-Replay"] == "true"
    with use_tenant(cast.house.tenant):
        assert Person.objects.filter(name="Luz").count() == 1


def test_the_same_key_with_another_body_is_refused(ada: ApiClient) -> None:
    ada.send("post", "people/", {"name": "Luz"}, Idempotency_Key=KEY)

    assert ada.send("post", "people/", {"name": "Lou"}, Idempotency_Key=KEY).status_code == 422


def test_what_failed_may_be_tried_again(ada: ApiClient) -> None:
    assert ada.send("post", "people/", {"name": ""}, Idempotency_Key=KEY).status_code == 422
    assert ada.send("post", "people/", {"name": "Luz"}, Idempotency_Key=KEY).status_code == 201


def test_a_key_is_forgotten_after_a_day(ada: ApiClient, cast: Cast) -> None:
    ada.send("post", "people/", {"name": "Luz"}, Idempotency_Key=KEY)
    with use_tenant(cast.house.tenant):
        StoredAnswer.objects.update(created_at=clock.now().replace(year=2020))

    assert ada.send("post", "people/", {"name": "Lou"}, Idempotency_Key=KEY).status_code == 201


@pytest.mark.parametrize("header", ["abc", "", '"abc'])
def test_a_version_that_is_none_is_refused(header: str, ada: ApiClient, cast: Cast) -> None:
    path = f"people/{cast.house.cora.uid}/"
    answer = ada.send("patch", path, {"name": "Lost update"}, If_Match=header)

    assert (answer.status_code, ada.get(path).json()["name"]) == (400, "Cora Customer")


def test_a_cursor_that_is_none_is_refused_in_words(ada: ApiClient) -> None:
    assert ada.get("people/?cursor=zzz").json()["detail"].startswith("This is no cursor of the list.")


# Bodies, rates, addresses


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"name=Luz", "application/x-www-form-urlencoded", 415),
        (b" " * 2_600_000, "application/json", 413),
        (b'["Luz"]', "application/json", 422),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(body: bytes, content_type: str, status: int, ada: ApiClient) -> None:
    answer = ada.post("people/", body, content_type=content_type)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_body_that_is_not_json_is_asked_for_json(ada: ApiClient) -> None:
    answer = ada.post("people/", b"name=Luz", content_type="application/x-www-form-urlencoded").json()

    assert answer["detail"] == "Send JSON, and say so: Content-Type: application/json."


def test_answers_are_json_alone(ada: ApiClient) -> None:
    assert ada.get("people/", headers={"Accept": "text/html"}).status_code == 406


def test_an_unknown_address_is_a_problem(ada: ApiClient) -> None:
    answer = ada.get("nonesuch/")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_another_method_is_named(ada: ApiClient) -> None:
    answer = ada.delete("people/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST, HEAD")


@pytest.mark.usefixtures("valkey_url")
def test_more_than_the_rate_is_told_to_wait(ada: ApiClient, settings: Any) -> None:
    settings.API_RATE = 1
    with clock.at(clock.now()):  # of one minute
        assert ada.get("people/")["RateLimit-Remaining"] == "0"

        answer = ada.get("people/")

    assert (answer.status_code, answer.json()["code"]) == (429, "slow_down")
    assert answer.json()["detail"].startswith("Too many requests in this minute. Go on in ")
    assert int(answer["Retry-After"]) <= 60


def test_a_refused_write_leaves_nothing(ada: ApiClient, cast: Cast) -> None:
    """Refused after it has written: the whole request is taken back."""
    body = {"name": "Luz", "place": {"street": "41 Cedar Ln"}, "source": "nonesuch"}

    assert ada.send("post", "jobs/", body).status_code == 409
    with use_tenant(cast.house.tenant):
        assert Job.objects.count() == 1


def test_times_are_utc(ada: ApiClient, cast: Cast) -> None:
    assert json.dumps(ada.get(f"people/{cast.house.cora.uid}/").json()["created_at"]).endswith('Z"')


def test_an_address_without_its_slash_says_so(ada: ApiClient) -> None:
    answer = ada.get("people")

    assert (answer.status_code, "end with a slash" in answer.json()["detail"]) == (404, True)
