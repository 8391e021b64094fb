"""An encoding that is not certain is said, and another can be chosen."""

from typing import Any

import pytest
from django.core.management import CommandError
from django.urls import reverse

from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.leads.importing import signed_in, the_run, upload


@pytest.mark.django_db
@pytest.mark.usefixtures("files")
def test_the_command_says_what_it_assumed_and_takes_an_encoding(cast: Cast, bring: Any) -> None:
    content = "Name,Email\nШевченко Іван,c@example.com\n".encode("koi8-u")
    _lines, summary = bring(content, "--dry-run")
    assert summary["encoding"] in {"koi8-u", *summary["encoding_could_be"]}
    lines, summary = bring(content, "--encoding", "koi8-u")
    assert (lines[0]["person"], summary["encoding"], summary["encoding_could_be"]) == ("Шевченко Іван", "koi8-u", {})
    with pytest.raises(CommandError, match="not a known encoding"):
        bring(content, "--encoding", "nope")


@pytest.mark.django_db
@pytest.mark.usefixtures("files")
def test_another_encoding_is_chosen_on_the_page(cast: Cast) -> None:
    client, slug = signed_in(cast.house.mona), cast.house.tenant.slug
    name = "Łukasz Wiśniewski"
    upload(client, cast, f"Name,Email\n{name},c@example.com\n".encode("cp852"))
    run = the_run(cast)
    page = client.get(reverse("leads:import_run", args=[slug, run.uid])).content.decode()
    assert "recognized from the text of the file" in page
    choose = reverse("leads:import_choose", args=[slug, run.uid])
    client.post(choose, {"encoding": "mac_roman"})
    page = client.get(reverse("leads:import_run", args=[slug, run.uid])).content.decode()
    assert name not in page
    assert '<option value="mac_roman" selected>' in " ".join(page.split())
    client.post(choose, {"encoding": "cp852", "start": ""})
    client.post(choose, {"encoding": "cp852", "start": ""})
    with use_tenant(cast.house.tenant):
        assert Person.objects.filter(name=name).exists()
    # An encoding of this file says nothing of the next one with these columns.
    upload(client, cast, "Name,Email\nZoë,zoe@example.com\n")
    assert the_run(cast).layout["staged"]["encoding"] == "utf-8-sig"
