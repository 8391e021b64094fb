"""A sample app, that of docs/adding-an-app.md: what it adds stands in features.py and handlers.py, and nowhere else."""

from crm.platform import features


class RoofsConfig(features.AppConfig):
    name = "tests.roofs"
    label = "roofs"
