"""The people app: persons, contact points, companies, properties."""

from crm.platform import features


class PeopleConfig(features.AppConfig):
    name = "crm.people"
    label = "people"
    verbose_name = "People"
