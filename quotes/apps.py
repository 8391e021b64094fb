"""The quotes app: price book, taxes, quotes and their versions."""

from django.contrib.postgres.indexes import OpClass
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate
from django.db.models.indexes import IndexExpression

from crm.platform import features


class QuotesConfig(features.AppConfig):
    name = "quotes"
    verbose_name = "Quotes"

    def ready(self) -> None:
        # As django.contrib.postgres does, which is not installed: an index names the operator class of an expression.
        IndexExpression.register_wrappers(OrderBy, OpClass, Collate)
