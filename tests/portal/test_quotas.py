"""What a signed-in customer sends is limited by minute and day, each and all together, and refused in words."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.documents.kinds import begin
from crm.documents.models import Document
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from portal.models import PortalSending
from portal.models.quotas import DAY, MINUTE
from tests.cast import House, load_cast
from tests.documents.conftest import PDF, files
from tests.portal.conftest import Coming
from tests.together import together

__all__ = ["files"]


@pytest.fixture
def house(writing_house: House, files: Path) -> House:
    begin()
    return writing_house


def write(client: Client, house: House, text: str = "Is the roof on?", **data: Any) -> Any:
    return client.post(f"/my/{house.tenant.slug}/jobs/{house.job.number}/messages/", {"text": text, **data})


def send_file(client: Client, house: House) -> Any:
    files = [SimpleUploadedFile("plan.pdf", PDF)]
    return client.post(f"/my/{house.tenant.slug}/jobs/{house.job.number}/documents/add/", {"file": files})


def begin_upload(client: Client, house: House, size: int = len(PDF)) -> Any:
    url = f"/my/{house.tenant.slug}/jobs/{house.job.number}/documents/uploads/"
    return client.post(url, {"name": "plan.pdf", "size": size})


def test_messages_wait_for_the_next_minute_and_stay_typed(house: House, portal_client: Coming, settings: Any) -> None:
    settings.PORTAL_MESSAGES_A_MINUTE = 3
    client, now = portal_client(house.cora), clock.now()
    assert [write(client, house).status_code for _message in range(3)] == [302] * 3
    refused = write(client, house, "And the gutter?")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    page = refused.content.decode()
    assert "Wait a minute, then try again." in page
    assert "And the gutter?" in page
    with clock.at(now + MINUTE * 2):
        assert write(client, house, "And the gutter?").status_code == 302


def test_the_refusal_is_dutch_for_who_reads_dutch(house: House, portal_client: Coming, settings: Any) -> None:
    settings.PORTAL_MESSAGES_A_MINUTE = 0
    client = portal_client(house.cora)
    client.post(f"/my/{house.tenant.slug}/language/", {"language": "nl"})
    assert "Wacht een minuut" in write(client, house).content.decode()


def test_files_are_counted_by_every_way_in(house: House, portal_client: Coming, settings: Any) -> None:
    settings.PORTAL_FILES_A_MINUTE = 3
    client = portal_client(house.cora)
    with_file = {"files": [SimpleUploadedFile("plan.pdf", PDF)]}
    assert write(client, house, **with_file).status_code == 302
    assert (send_file(client, house).status_code, begin_upload(client, house).status_code) == (302, 201)
    for refused in (send_file(client, house), begin_upload(client, house)):
        assert (refused.status_code, "Wait a minute" in refused.content.decode()) == (429, True)
    with_file = {"files": [SimpleUploadedFile("plan.pdf", PDF)]}
    assert write(client, house, "See here", **with_file).status_code == 429
    assert Document.objects.count() == 1


@pytest.mark.parametrize("limit", ["PORTAL_FILES_A_DAY", "PORTAL_MEGABYTES_A_DAY", "PORTAL_FILES_A_DAY_IN_ALL"])
def test_a_day_has_a_number_and_a_size(house: House, portal_client: Coming, settings: Any, limit: str) -> None:
    setattr(settings, limit, 1)
    client = portal_client(house.cora)
    assert begin_upload(client, house, 900_000).status_code == 201
    refused = begin_upload(client, house, 900_000)
    assert (refused.status_code, "today" in refused.content.decode()) == (429, True)
    with clock.at(clock.now() + DAY * 2):
        assert begin_upload(client, house, 900_000).status_code == 201
        assert PortalSending.objects.count() == 1, "what is older than a day is forgotten"


def test_what_is_refused_for_another_reason_counts_nothing(house: House, portal_client: Coming) -> None:
    assert begin_upload(portal_client(house.cora), house, 10_000_000_000).status_code == 422
    assert not PortalSending.objects.exists()


def test_messages_at_once_are_counted_one_by_one(transactional_db: None, portal_client: Coming, settings: Any) -> None:
    settings.PORTAL_MESSAGES_A_MINUTE = 3
    house = load_cast().house
    clients = [portal_client(house.cora) for _client in range(8)]
    answers = together(*(partial(write, client, house) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [302] * 3 + [429] * 5
    with use_tenant(house.tenant):
        assert PortalSending.objects.count() == 3
