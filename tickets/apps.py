"""The tickets app: conversations, each with a person, a status and a clock; and the inbox they are worked in."""

from crm.platform import features


class TicketsConfig(features.AppConfig):
    name = "tickets"
    verbose_name = "Tickets"
