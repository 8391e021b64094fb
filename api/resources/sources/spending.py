"""Spend of sources and campaigns: an amount of a month, or a price per lead."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.requests.problems import bad_parameter, conflict_at
from api.resources.fields import LineField, MinorField, PatternField, StrictSerializer
from api.resources.named_setup import find_named, find_source
from api.resources.own_filters import OwnFilter
from api.resources.record_serializer import RecordSerializer
from api.resources.resource import Resource
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import parse_currency
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import directory
from leads.models import Basis, Spend
from leads.sources.setup import campaigns
from leads.sources.spending.amounts import MOST, SpendEntry, enter
from leads.sources.spending.file import month_of

MONTH_PATTERN = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
SOURCE_SCHEMA = {"type": "integer", "minimum": 1}
MONTH_SCHEMA = {"type": "string", "pattern": MONTH_PATTERN}


class SpendSerializer(RecordSerializer):
    """An amount that is spent on a source, or on one campaign of it."""

    id = serializers.IntegerField(min_value=1)
    month = serializers.SerializerMethodField(help_text="2026-05")
    source = serializers.SerializerMethodField()
    campaign = serializers.SerializerMethodField()
    basis = serializers.ChoiceField(Basis.values, help_text="Whether the amount is of the month, or for each lead.")
    amount = serializers.IntegerField(help_text="In minor units of the currency.")
    currency = serializers.CharField()

    def get_month(self, row: Spend) -> str:
        return f"{row.month:%Y-%m}"

    def get_source(self, row: Spend) -> str:
        return pipeline_setup().sources.all[row.source_id].name

    def get_campaign(self, row: Spend) -> str | None:
        return campaigns().name(row.campaign_id) or None


class SpendChangesSerializer(StrictSerializer):
    """Changes of an amount. What is left out stays."""

    amount = MinorField(max_value=MOST, required=False, help_text="In minor units of the currency.")


class NewSpendSerializer(StrictSerializer):
    """An amount of a month. It replaces the amount that this source and campaign have for the month."""

    amount = MinorField(max_value=MOST, help_text="In minor units of the currency.")
    month = PatternField(MONTH_PATTERN, help_text="2026-05")
    source = LineField(max_length=60, help_text="A source of the settings, by name.")
    campaign = LineField(max_length=120, required=False, help_text="A campaign of that source, by name.")
    basis = serializers.ChoiceField(Basis.values, required=False, default=Basis.MONTH.value)
    currency = PatternField(r"^[A-Z]{3}$", required=False, help_text="Otherwise that of the organization.")


def month_condition(text: str, _member: Member) -> Q:
    """Return the condition of the amounts of a month. Raises Problem (400)."""
    if re.fullmatch(MONTH_PATTERN, text, re.ASCII) is None:
        raise bad_parameter("month", _("Enter the month as 2026-03."))
    return Q(month=month_of(text))


def source_condition(text: str, _member: Member) -> Q:
    """Return the condition of the amounts of a source, and of those that were merged into it. Raises Http404."""
    sources = pipeline_setup().sources
    source_id = read_number(text)
    if source_id not in sources.all:
        raise Http404
    return Q(source_id__in=sources.meaning(source_id))


class Spending(Resource):
    """Spend of sources, by month."""

    scope = "spend"
    read_permission = "sources.view"
    write_permission = "sources.manage"
    serializer_class = SpendSerializer
    lookup_field = "id"
    lookup_value_converter = "int"
    cursor_field = "id"
    own_filters: ClassVar[Mapping[str, OwnFilter]] = {
        "month": OwnFilter(MONTH_SCHEMA, "The amounts of a month.", month_condition),
        "source": OwnFilter(SOURCE_SCHEMA, "Those of a source, by its id.", source_condition),
    }

    def visible_rows(self, member: Member) -> Any:
        return Spend.objects.all()

    @extend_schema(request=NewSpendSerializer, responses={200: SpendSerializer, 201: SpendSerializer})
    def create(self, request: Any) -> Response:
        """Enter the amount of a month; 200 if it replaces one. A file of amounts is one such call for each row."""
        values = self.read_body(request, NewSpendSerializer)
        source = find_source(values["source"])
        assert source is not None, "it was found by its name"
        campaign = None
        if "campaign" in values:
            own = [row for row in campaigns().live if row.source_id == source.pk]
            campaign = find_named(own, values["campaign"], "/campaign")
        month = month_of(values["month"])
        currency = read_currency(values)
        columns = {
            "source": source,
            "campaign": campaign,
            "month": month,
            "basis": values["basis"],
            "currency": currency,
        }
        lock_configuration()
        is_new = not Spend.objects.filter(**columns).exists()
        enter([SpendEntry(source, campaign, month, values["basis"], currency, values["amount"])], by=request.user)
        return self.record_response(Spend.objects.get(**columns), status=201 if is_new else 200)

    @extend_schema(request=SpendChangesSerializer, responses=SpendSerializer)
    def partial_update(self, request: Any, id: int) -> Response:
        """Change the amount."""
        values = self.read_body(request, SpendChangesSerializer)
        if "amount" not in values:
            return self.record_response(self.lock_record(request))
        return self.record_response(self._enter(request, values["amount"]))

    @extend_schema(responses={204: None})
    def destroy(self, request: Any, id: int) -> Response:
        """Remove the amount."""
        self._enter(request, None)
        return Response(status=204)

    def _enter(self, request: Any, amount: int | None) -> Spend:
        # As whoever enters amounts locks it: before the rows.
        lock_configuration()
        row: Spend = self.lock_record(request)
        entry = SpendEntry(row.source, row.campaign, row.month, row.basis, row.currency, amount)
        enter([entry], by=request.user)
        return row


def read_currency(values: dict[str, Any]) -> str:
    """Return the currency of a body. Raises Problem (409) for an unknown one."""
    if "currency" not in values:
        return directory().default_brand.currency
    try:
        return parse_currency(values["currency"])
    except Refused as why:
        raise conflict_at("/currency", str(why)) from None
