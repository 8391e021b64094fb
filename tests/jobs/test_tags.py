"""The tenant's tags: what a merge means wherever one hangs, and the settings page with its ways back."""

import pytest
from django.test import Client

from crm.jobs.models import Tag
from crm.jobs.models.tag import Tags, tags
from crm.jobs.tags.event_words import tagged_words
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


def test_ids_mean_what_they_were_merged_into_each_once() -> None:
    names = {1: "Gale", 2: "Hail", 3: "Storm", 4: "Old"}
    here = Tags({pk: Tag(pk=pk, name=name) for pk, name in names.items()})
    here.all[1].merged_into_id, here.all[2].merged_into_id = 2, 3
    assert here.of([1, 4, 3, 2, 99]) == [here.all[3], here.all[4]]
    assert (here.root(1), here.meaning(3), here.meaning(1), here.meaning(4)) == (3, [1, 2, 3], [1, 2, 3], [4])
    assert here.live == [here.all[3], here.all[4]]
    assert here.of([]) == []


@pytest.mark.django_db
def test_tags_are_added_merged_archived_and_each_is_taken_back(cast: Cast, client: Client) -> None:
    page = f"/{cast.house.tenant.slug}/settings/tags/"
    client.force_login(cast.house.mona.user)

    def act(where: str, **typed: object) -> int:
        version = client.get(page).context["version"]
        return client.post(f"{page}{where}/", {"version": version, **typed}).status_code

    assert act("add", name="Storm", tint="bad") == 302
    assert act("add", name=" storm ", tint="bad") == 422, "a name is there once"
    assert act("add", name="Hail", tint="rainbow") == 422
    assert act("add", name="Hail", tint="plain") == 302
    with use_tenant(cast.house.tenant):
        storm, hail = Tag.objects.get(name="Storm"), Tag.objects.get(name="Hail")
        assert act(f"{hail.pk}/merge", into=hail.pk) == 422
        assert act(f"{hail.pk}/merge", into=storm.pk) == 302
        assert [tag.name for tag in tags().live] == ["Storm"]
        assert [tag.name for tag in tags().of([hail.pk])] == ["Storm"]
        with pytest.raises(Refused):
            storm.merge(hail, by=None)
        with pytest.raises(Refused):
            hail.archive(by=None)
        shown = client.get(page).content.decode()
        assert "was merged into this tag." in shown
        assert act(f"{hail.pk}/take-apart") == 302
        assert act(f"{hail.pk}/edit", name="Hailstorm", tint="note") == 302
        assert act(f"{storm.pk}/archive") == 302
        assert [tag.name for tag in tags().live] == ["Hailstorm"]
        assert [tag.name for tag in tags().of([storm.pk, hail.pk])] == ["Hailstorm", "Storm"], "what has it keeps it"
        assert act(f"{storm.pk}/restore") == 302
        said = tagged_words({"added": [hail.pk], "taken": [storm.pk]})
        assert said == "tagged it “Hailstorm”, removed the tag “Storm”"
        kinds = list(Event.objects.filter(kind__startswith="tag.").order_by("pk").values_list("kind", flat=True))
    acts = ["added", "added", "merged", "taken_apart", "edited", "archived", "restored"]
    assert kinds == [f"tag.{what}" for what in acts]
    client.force_login(cast.house.rita.user)
    assert client.get(page).status_code == 404
