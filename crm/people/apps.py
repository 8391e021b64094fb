"""The people app: persons, contact points, companies, properties."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "crm.people"
    label = "people"
    verbose_name = "People"
