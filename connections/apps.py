"""The connections app: one model of a connection for all systems that an organization connects."""

from crm.platform import features


class ConnectionsConfig(features.AppConfig):
    name = "connections"
