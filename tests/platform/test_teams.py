"""Teams: who is in one, what the directory says of it, and that a second time does nothing."""

import pytest
from django.db import IntegrityError, transaction

from crm.platform.models import Event, Team
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


def kinds(team: Team) -> list[str]:
    return list(Event.objects.of(team).order_by("pk").values_list("kind", flat=True))


def test_members_come_and_go_once(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        team = Team.create("Storm crew", by=house.ada)
        for _ in range(2):
            team.add(house.rita, by=house.ada)
        team.add(house.mona, by=house.ada)
        assert [member.name for member in directory().members_of(team)] == ["Mona Manager", "Rita Rep"]
        assert [one.name for one in directory().teams_of(house.rita)] == ["Storm crew"]
        for _ in range(2):
            team.remove(house.rita, by=house.ada)
        assert directory().teams_of(house.rita) == []
        assert kinds(team) == ["team.created", "team.member_added", "team.member_added", "team.member_removed"]


def test_an_archived_team_is_offered_nowhere_and_keeps_its_members(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        team = Team.create("Storm crew", by=house.ada)
        team.add(house.rita, by=house.ada)
        for _ in range(2):
            team.archive(by=house.ada)
        assert directory().teams_of(house.rita) == []
        assert directory().teams[team.pk].archived_at is not None
        for _ in range(2):
            team.restore(by=house.ada)
        assert directory().teams_of(house.rita) == [team]
        assert kinds(team)[2:] == ["team.archived", "team.restored"]


def test_a_name_is_a_teams_own(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        Team.create("Storm crew", by=house.ada)
        other = Team.create("Office", by=house.ada)
        with pytest.raises(IntegrityError, match="team_name_is_unique"), transaction.atomic():
            other.rename("Storm crew", by=house.ada)
        other.rename("Office", by=house.ada)
        assert "team.renamed" not in kinds(other), "its own name again"
    with use_tenant(cast.other.tenant):
        assert Team.create("Storm crew", by=cast.otto).name == "Storm crew"
