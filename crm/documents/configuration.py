"""Section of the configuration file: kinds of documents."""

from django.utils.translation import gettext_lazy

from crm.documents.models import DocumentKind
from crm.platform.configuration.row_content import RowContent
from crm.platform.configuration.sections import ConfigurationSection

KINDS = ConfigurationSection(
    name="document_kinds",
    label=gettext_lazy("Document kinds"),
    page="documents:kinds",
    content=RowContent(model=DocumentKind, fields=DocumentKind.FIELDS, is_ordered=True, can_move=False),
)
