"""Targets from one's own times: half, 75 and 90 of 100 stays within; of too few stays nothing is said."""

import pytest

from crm.jobs.pipeline_settings.own_times import OwnTimes, summary


@pytest.mark.parametrize(
    ("used", "found"),
    [
        ([], OwnTimes(0)),
        ([60] * 19, OwnTimes(19)),
        ([60] * 20, OwnTimes(20, 60, 60, 60)),
        (list(range(0, 101 * 60, 60)), OwnTimes(101, 3000, 4500, 5400)),
        ([*[3600] * 99, 90 * 86_400], OwnTimes(100, 3600, 3600, 3600)),
    ],
)
def test_own_times(used: list[int], found: OwnTimes) -> None:
    assert summary(used) == found
    assert found.is_enough == (len(used) >= 20)
