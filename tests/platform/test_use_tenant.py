import pytest
from django.db import DatabaseError, connection, transaction

from crm.people.models import Person
from crm.platform.tenancy.context import NoTenant, current_tenant_id, required_tenant_id, use_tenant
from tests.cast import Cast


def setting() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('app.tenant_id', true)")
        return cursor.fetchone()[0]


def test_it_sets_the_tenant_for_python_and_for_the_database(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        assert required_tenant_id() == cast.house.tenant.pk
        assert setting() == str(cast.house.tenant.pk)
        assert set(Person.objects.values_list("name", flat=True)) == {"Cora Customer"}
    assert current_tenant_id() is None
    assert setting() == ""


def test_a_nested_block_gives_the_outer_tenant_back(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        with use_tenant(cast.other.tenant):
            assert setting() == str(cast.other.tenant.pk)
        assert setting() == str(cast.house.tenant.pk)
        Person.objects.get(pk=cast.house.cora.pk)


def test_a_nested_block_that_fails_gives_the_outer_tenant_back(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        with pytest.raises(DatabaseError), use_tenant(cast.other.tenant), connection.cursor() as cursor:
            cursor.execute("select 1/0")
        assert setting() == str(cast.house.tenant.pk)
        Person.objects.get(pk=cast.house.cora.pk)


def test_the_database_is_loud_too_without_a_tenant(cast: Cast) -> None:
    """Past the Python guard, as raw SQL with the table in no quotes goes."""
    with pytest.raises(DatabaseError, match="no tenant"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select * from people_person")


def test_the_guard_is_loud_where_the_lazy_policy_is_not(cast: Cast) -> None:
    with pytest.raises(NoTenant), connection.cursor() as cursor:
        cursor.execute('select * from "people_person" where false')


@pytest.mark.django_db(transaction=True)
def test_a_pooled_connection_carries_nothing_over() -> None:
    from tests.cast import load_cast

    cast = load_cast()
    with use_tenant(cast.house.tenant):
        Person.objects.first()
    assert setting() in (None, "")
    with use_tenant(cast.other.tenant):
        assert not Person.objects.filter(pk=cast.house.cora.pk).exists()
