"""How a document is shown, and the bodies of what is done with one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from api.resources.fields import DayField, LineField, StrictSerializer
from api.resources.record_serializer import NamedSerializer, RecordSerializer, named_record
from crm.documents.kinds import document_kinds
from crm.documents.models import Document, DocumentVisibility
from crm.documents.models.document_record import LONGEST_TITLE
from crm.platform.organization.configuration import directory

KIND_WORDS = "A type of the settings, by name."


class DocumentSerializer(RecordSerializer):
    """A document: what is known of its newest version, and where the file is."""

    id = serializers.UUIDField(source="uid")
    title = serializers.CharField()
    kind = serializers.SerializerMethodField(help_text=KIND_WORDS)
    visibility = serializers.ChoiceField(DocumentVisibility.values)
    job = serializers.SerializerMethodField()
    person = NamedSerializer(allow_null=True)
    property = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="number")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    file = serializers.SerializerMethodField(help_text="The address of the file, for the same token.")
    expires_on = serializers.DateField(allow_null=True)
    taken_at = serializers.DateTimeField(help_text="When a photo was taken, else when it came in.")
    archived_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.SerializerMethodField()
    sent_by = NamedSerializer(allow_null=True, help_text="The customer who sent it.")
    changed_at = serializers.DateTimeField()

    def get_kind(self, row: Document) -> str:
        return document_kinds()[row.kind_id].name

    def get_job(self, row: Document) -> int | None:
        return row.job.number if row.job else None

    def get_property(self, row: Document) -> str | None:
        return str(row.site.uid) if row.site else None

    def get_file(self, row: Document) -> str:
        return reverse("api:documents-file", args=[row.uid], request=self.context["request"])

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_created_by(self, row: Document) -> Any:
        member = directory().members.get(row.created_by_id or 0)
        return named_record(member) if member else None


class NewVersionSerializer(StrictSerializer):
    """A file, in a body of multipart/form-data. Its type is what its bytes say."""

    # The product says what is wrong with an empty file, as with any other.
    file = serializers.FileField(allow_empty_file=True, max_length=255)
    expires_on = DayField(required=False)


class NewDocumentSerializer(NewVersionSerializer):
    """A file of a `job` or a `person`."""

    job = serializers.IntegerField(min_value=1, max_value=10**9, required=False)
    person = serializers.UUIDField(required=False)
    title = LineField(max_length=LONGEST_TITLE, required=False, help_text="Otherwise the name of the file.")
    kind = LineField(max_length=60, required=False, help_text=f"{KIND_WORDS} Otherwise one that suits the file.")
    visibility = serializers.ChoiceField(DocumentVisibility.values, required=False)


class DocumentChangesSerializer(StrictSerializer):
    """Changes of a document. What is left out stays as it is."""

    title = LineField(max_length=LONGEST_TITLE, required=False)
    kind = LineField(max_length=60, required=False, help_text=KIND_WORDS)
    expires_on = DayField(required=False, allow_null=True)
