"""The tickets app: conversations with a person, a status and a clock, and the inbox."""

from crm.platform import features


class TicketsConfig(features.AppConfig):
    name = "tickets"
    verbose_name = "Tickets"
