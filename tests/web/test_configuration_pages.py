"""Settings, Configuration: download, difference, apply, undo, the book, and the practice organization."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.jobs.models import Tag
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.web.models import ConfigurationImport, PracticeRun
from tests.cast import HOUSE, Cast
from tests.web.test_people_pages import version, words

PAGE = f"/{HOUSE}/settings/configuration/"
TAGS = "throughline_configuration: 1\ntags:\n  Storm:\n    tint: bad\n"


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.house.ada.user)
    return client


def upload(ada: Client, text: str, **more: str) -> str:
    """Upload a file; return the address of its difference."""
    file = SimpleUploadedFile("settings.yaml", text.encode())
    response = ada.post(PAGE, {"file": file, **more})
    assert response.status_code == 302
    return str(response["Location"])


def apply(ada: Client, address: str, **more: str) -> int:
    """Apply an upload as its page does; return the status."""
    page = ada.get(address)
    return ada.post(f"{address}apply/", {"version": version(page), **more}).status_code


def has_tag(cast: Cast) -> bool:
    with use_tenant(cast.house.tenant):
        return bool(Tag.objects.filter(name="Storm", archived_at=None).exists())


def test_the_download_can_be_uploaded_again(ada: Client) -> None:
    text = ada.get(f"{PAGE}file/").content.decode()
    assert "Everything is already as in the file." in words(ada.get(upload(ada, text)))


def test_the_difference_is_shown_before_anything_changes(ada: Client, cast: Cast) -> None:
    address = upload(ada, TAGS)
    assert "Storm" in words(ada.get(address))
    assert not has_tag(cast)
    assert apply(ada, address) == 302
    assert has_tag(cast)
    with use_tenant(cast.house.tenant):
        assert Event.objects.filter(kind="configuration.imported", actor=cast.house.ada).exists()


def test_undo_archives_what_was_added(ada: Client, cast: Cast) -> None:
    address = upload(ada, TAGS)
    apply(ada, address)
    assert ada.post(f"{address}undo/").status_code == 302
    assert not has_tag(cast)
    assert ada.post(f"{address}undo/").status_code == 422


def test_a_configuration_changed_meanwhile_is_compared_again(ada: Client, cast: Cast) -> None:
    address = upload(ada, TAGS)
    page = ada.get(address)
    with use_tenant(cast.house.tenant):
        Tag.add("Metal", by=None)
    response = ada.post(f"{address}apply/", {"version": version(page)})
    assert response.status_code == 409
    assert not has_tag(cast)


def test_problems_are_shown_with_their_line_and_nothing_is_applied(ada: Client, cast: Cast) -> None:
    address = upload(ada, TAGS + "  Wood:\n    tint: pink\n")
    assert "Line 6, tags › Wood › tint" in words(ada.get(address))
    assert apply(ada, address) == 422
    assert not has_tag(cast)
    assert apply(ada, address, partly="on") == 302
    assert has_tag(cast)


def test_what_is_no_configuration_is_refused_and_kept_in_the_form(ada: Client) -> None:
    response = ada.post(PAGE, {"text": "tags: {}"})
    assert response.status_code == 422
    assert "tags: {}" in response.content.decode()
    with_nothing = ada.post(PAGE, {"text": ""})
    assert with_nothing.status_code == 422


def test_an_applied_file_is_not_applied_twice(ada: Client, cast: Cast) -> None:
    address = upload(ada, TAGS)
    apply(ada, address)
    with use_tenant(cast.house.tenant), pytest.raises(Refused):
        ConfigurationImport.objects.get().apply(by=cast.house.ada)


def test_the_book_tells_of_pipelines_and_roles(ada: Client) -> None:
    text = words(ada.get(f"{PAGE}book/"))
    assert "Quote sent" in text
    assert "Permissions by role" in text
    pdf = ada.get(f"{PAGE}book/pdf/")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def create_practice(ada: Client) -> str:
    """Have it created by a worker; return the address of the run."""
    page = ada.post(f"{PAGE}practice/create/")["Location"]
    while due.run_due_work():
        pass
    return str(page)


def test_a_run_creates_the_practice_organization(ada: Client) -> None:
    page = ada.post(f"{PAGE}practice/create/")["Location"]
    assert "Step 1 of " in words(ada.get(page))
    assert "It is being created." in words(ada.get(PAGE))
    while due.run_due_work():
        pass
    assert "The practice organization is ready." in words(ada.get(page))
    assert f'href="/{HOUSE}-sandbox/"' in ada.get(PAGE).content.decode()


def test_a_second_one_is_refused_while_it_is_created(ada: Client, cast: Cast) -> None:
    ada.post(f"{PAGE}practice/create/")
    for verb in ("create", "reset"):
        assert "is being created already" in words(ada.post(f"{PAGE}practice/{verb}/", follow=True))
    assert "Cancel that first" in words(ada.post(f"{PAGE}practice/delete/", follow=True))
    with use_tenant(cast.house.tenant):
        assert PracticeRun.objects.count() == 1


def test_others_cannot_cancel_the_creation(ada: Client, cast: Cast) -> None:
    page = ada.post(f"{PAGE}practice/create/")["Location"]
    mona = Client()
    mona.force_login(cast.house.mona.user)
    assert mona.post(f"{page}cancel/").status_code == 404
    assert ada.post(f"{page}cancel/", follow=True).status_code == 200
    with use_tenant(cast.house.tenant):
        assert PracticeRun.objects.get().status == "cancelled"


def test_pages_of_the_practice_organization_are_marked(ada: Client) -> None:
    create_practice(ada)
    text = words(ada.get(f"/{HOUSE}-sandbox/settings/configuration/"))
    assert "Nothing is sent from here." in text
    assert "Nothing is sent from here." not in words(ada.get(PAGE))
    assert ada.post(f"{PAGE}practice/delete/").status_code == 302
    assert ada.get(f"/{HOUSE}-sandbox/settings/configuration/").status_code == 404


def test_others_do_not_find_the_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.mona.user)
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}practice/create/").status_code == 404
