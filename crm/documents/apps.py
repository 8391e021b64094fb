"""The documents app: files and photos of jobs, customers and places."""

from crm.platform import features


class DocumentsConfig(features.AppConfig):
    name = "crm.documents"
    label = "documents"
    verbose_name = "Documents"
