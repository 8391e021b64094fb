"""A statement is worked out once for a tenant and a shape, and asked with other numbers; never with another's rows."""

from typing import Any

import pytest

from crm.platform.database import kept_statements
from crm.platform.database.kept_statements import read_kept
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


def test_a_kept_statement_is_asked_with_other_values(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_statements, "checked", False)
    monkeypatch.setattr(kept_statements, "_kept", {})
    made: list[int] = []

    def by_key(pk: Any) -> Any:
        made.append(pk)
        return Member.objects.filter(pk=pk)

    def named(*values: Any) -> list[str]:
        return [one.name for one in read_kept("members", Member, values, by_key, ["id", "name"])]

    rita, sam, otto = cast.house.rita, cast.house.sam, cast.otto
    with use_tenant(cast.house.tenant):
        assert (named(rita.pk), named(sam.pk), named(otto.pk)) == ([rita.name], [sam.name], [])
        assert len(made) == 1
        found = read_kept(
            "some", Member, [[rita.pk, sam.pk]], lambda ids: Member.objects.filter(pk__any_of=ids), ["id"]
        )
        assert {one.pk for one in found} == {rita.pk, sam.pk}
        assert read_kept("none", Member, [rita.pk], lambda pk: Member.objects.none(), ["id"]) == []
    with use_tenant(cast.other.tenant):
        assert (named(otto.pk), named(rita.pk)) == ([otto.name], [])
        assert len(made) == 2
        monkeypatch.setattr(kept_statements, "checked", True)
        with pytest.raises(AssertionError, match="another one"):
            read_kept("members", Member, [otto.pk], lambda pk: Member.objects.exclude(pk=pk), ["id", "name"])
