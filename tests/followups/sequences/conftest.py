"""A house with channels and its library of templates, on a Monday morning."""

from collections.abc import Iterator

import pytest

from tests.cast import Cast, House
from tests.followups.preset_acts import writing


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with writing(cast) as house:
        yield house
