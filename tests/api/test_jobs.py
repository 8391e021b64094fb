"""Jobs in the API: opened, moved, assigned, ended."""

from crm.jobs.models import Job
from crm.people.models import ContactPoint
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.cast import Cast


def test_a_lead_is_opened_with_its_customer(ada: ApiClient, cast: Cast) -> None:
    body = {"name": "Luz Okafor", "email": "luz@okafor.example", "value": 1250000, "place": {"street": "41 Cedar Ln"}}

    answer = ada.send("post", "jobs/", body)

    assert answer.status_code == 201
    job = answer.json()
    assert (job["stage"], job["value"], job["currency"]) == ("New", 1250000, "USD")
    assert (job["person"]["name"], job["place"]["address"]) == ("Luz Okafor", "41 Cedar Ln")


def test_a_known_customer_is_named_first(ada: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        email = ContactPoint.objects.get(person=cast.house.cora, kind="email").value

    assert ada.send("post", "jobs/", {"name": "Cora", "email": email}).status_code == 409
    answer = ada.send("post", "jobs/", {"person": str(cast.house.cora.uid), "email": email})
    assert answer.json()["person"]["id"] == str(cast.house.cora.uid)


def test_a_rep_opens_leads_of_their_own(rita: ApiClient, cast: Cast) -> None:
    assert rita.send("post", "jobs/", {"name": "Luz"}).json()["owner"]["name"] == "Rita Rep"
    assert rita.send("post", "jobs/", {"name": "Lou", "member": str(cast.house.mona.uid)}).status_code == 409


def test_a_job_is_moved_by_the_name_of_a_step(ada: ApiClient, cast: Cast) -> None:
    answer = ada.send("post", f"jobs/{cast.house.job.number}/move/", {"stage": "quote sent", "ignore_warnings": True})

    assert answer.json()["stage"] == "Quote sent"
    with use_tenant(cast.house.tenant):
        assert Change.objects.filter(kind="job.moved", member=cast.house.ada).exists()


def test_an_unknown_step_is_pointed_at(ada: ApiClient, cast: Cast) -> None:
    answer = ada.send("post", f"jobs/{cast.house.job.number}/move/", {"stage": "Nowhere"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "/stage")


def test_a_job_is_assigned(ada: ApiClient, cast: Cast) -> None:
    answer = ada.send("post", f"jobs/{cast.house.job.number}/assign/", {"member": str(cast.house.mona.uid)})

    assert answer.json()["owner"] == {"id": str(cast.house.mona.uid), "name": "Mona Manager"}


def test_a_rep_only_releases_what_is_theirs(rita: ApiClient, cast: Cast) -> None:
    path = f"jobs/{cast.house.job.number}/assign/"

    assert rita.send("post", path, {"member": str(cast.house.mona.uid)}).status_code == 403
    assert rita.send("post", path, {"member": None}).json()["owner"] is None


def test_a_job_is_lost_for_a_reason_and_reopened(ada: ApiClient, cast: Cast) -> None:
    path = f"jobs/{cast.house.job.number}"

    assert ada.send("post", f"{path}/lose/", {"reason": "No answer"}).json()["ended_reason"] == "No answer"
    assert ada.send("post", f"{path}/move/", {"stage": "New"}).status_code == 409
    assert ada.send("post", f"{path}/reopen/", {}).json()["state"] == "open"


def test_a_job_is_finished(ada: ApiClient, cast: Cast) -> None:
    assert ada.send("post", f"jobs/{cast.house.job.number}/finish/", {}).json()["state"] == "done"


def test_a_lead_may_have_any_text_as_its_search(ada: ApiClient, cast: Cast) -> None:
    assert [job["id"] for job in ada.get("jobs/?q=Cora").json()["results"]] == [cast.house.job.number]


def test_a_refused_lead_creates_no_customer(ada: ApiClient, cast: Cast) -> None:
    ada.send("post", "jobs/", {"name": "Luz", "pipeline": "Nowhere"})

    with use_tenant(cast.house.tenant):
        assert Job.objects.count() == 1
