"""Numbers while others take some: nobody waits where there is a spare block, and no number comes twice."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from crm.jobs.models.note import Note
from crm.platform.models import NumberBlock
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, House, load_house
from tests.together import together


def take(house: House, count: int = 1) -> int:
    with use_tenant(house.tenant):
        return NumberBlock.objects.allocate_numbers("test", count)


def test_numbers_are_taken_at_once_and_each_once(transactional_db: None) -> None:
    house = load_house(HOUSE)
    assert [take(house), take(house, 3), take(house)] == [1001, 1002, 1005]
    with use_tenant(house.tenant):
        NumberBlock.objects.create(kind="test", next=5001, until=5003)

    def others() -> list[int]:
        try:
            with use_tenant(house.tenant):
                # What refers to a row that is locked does not wait for it either.
                Note.write(house.job, "Meanwhile", by=house.rita)
            return [take(house), take(house)]
        finally:
            connection.close()

    with use_tenant(house.tenant):
        house.job.lock()
        assert NumberBlock.objects.allocate_numbers("test") == 1006
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(others).result(timeout=60) == [5001, 5002]
    assert take(house) == 1007

    several = together(*[lambda: [take(house, 1 + at % 3) for at in range(10)]] * 4)
    taken = [number + more for numbers in several for at, number in enumerate(numbers) for more in range(1 + at % 3)]
    assert len(set(taken)) == len(taken)
    connection.close()
