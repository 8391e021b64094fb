"""The quotes app: price book, taxes, quotes and their versions."""

from crm.platform import features


class QuotesConfig(features.AppConfig):
    name = "quotes"
    verbose_name = "Quotes"
