"""`any_of`: a column is one of many values, sent as one array."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.people.models import ContactPoint, Person
from crm.platform.database.bulk_write import insert_all
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


def test_values_are_sent_as_one_array(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        insert_all(Person, [{"name": name, "name_key": name.lower()} for name in ("Ann", "Bob")])
        people = list(Person.objects.order_by("pk"))
        with CaptureQueriesContext(connection) as captured:
            found = list(Person.objects.filter(pk__any_of={person.pk for person in people}).order_by("pk"))
        assert found == people
        assert captured[0]["sql"].count(" any('{") == 1
        assert list(Person.objects.filter(name__any_of=[people[0].name, "Nobody, 'at' {all}\\"])) == people[:1]
        assert Person.objects.exclude(pk__any_of=[people[0].pk]).count() == len(people) - 1


def test_a_key_to_another_row_is_looked_for_by_its_id(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        point = ContactPoint.objects.order_by("pk").first()
        assert point is not None
        mine = set(ContactPoint.objects.filter(person_id=point.person_id))
        assert set(ContactPoint.objects.filter(person_id__any_of=[point.person_id])) == mine
        assert set(ContactPoint.objects.filter(person__any_of=f"{{{point.person_id}}}")) == mine


def test_of_no_values_nothing_is_asked(cast: Cast) -> None:
    with use_tenant(cast.house.tenant), CaptureQueriesContext(connection) as captured:
        assert list(Person.objects.filter(pk__any_of=[])) == []
    assert len(captured) == 0


def test_a_value_too_long_for_the_column_is_not_cut(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        person = Person.objects.order_by("pk").first()
        assert person is not None
        most = Person._meta.get_field("name").max_length
        Person.objects.filter(pk=person.pk).update(name="a" * most)
        assert Person.objects.filter(name__any_of=["a" * most]).exists()
        assert not Person.objects.filter(name__any_of=["a" * (most + 1)]).exists()
