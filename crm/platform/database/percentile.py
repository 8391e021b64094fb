"""Percentile: the aggregate of Postgres that Django does not have."""

from typing import Any

from django.db.models import Aggregate, FloatField


class Percentile(Aggregate):
    """Percentile, as Postgres computes it; nulls are ignored."""

    function = "percentile_cont"
    template = "%(function)s(%(at)s) within group (order by %(expressions)s)%(filter)s"
    output_field = FloatField()

    def __init__(self, expression: Any, *, at: float) -> None:
        super().__init__(expression, at=at)

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("filter", "")
        return super().as_sql(*args, **kwargs)
