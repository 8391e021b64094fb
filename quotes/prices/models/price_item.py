"""PriceItem: goods or work with a price, and the verbs on it. Its dated prices are ItemPrices."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from crm.jobs.models import Pipeline
from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import MAX_MINOR
from crm.platform.events import events
from crm.platform.models import Brand, ChangedRow, CountedVersion, Member, TenantForeignKey
from crm.platform.models.base import public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.tenant_model import TenantManager, TenantQuerySet
from crm.platform.undo import Undoable, Values, restore_columns
from quotes.prices.models.item_price import ItemPrice
from quotes.prices.models.price_unit import PriceUnit
from quotes.prices.models.supplier import Supplier
from quotes.taxes.models import TaxClass

LONGEST_NAME = 160
LONGEST_CODE = 40
LONGEST_DESCRIPTION = 500


class PriceItemQuerySet(TenantQuerySet["PriceItem"]):
    def visible_to(self, member: Member) -> "PriceItemQuerySet":
        """Return all items: members who may see quotes may see the price book."""
        return self

    def live(self) -> "PriceItemQuerySet":
        return self.filter(archived_at=None)

    def on_offer(self, *, brand_id: int | None, day: date) -> "PriceItemQuerySet":
        """Return the items that a quote of a brand may have on a day."""
        valid = Q(valid_from=None) | Q(valid_from__lte=day)
        valid &= Q(valid_until=None) | Q(valid_until__gte=day)
        return self.live().filter(valid, Q(brand=None) | Q(brand_id=brand_id))

    def with_lower_codes(self) -> "PriceItemQuerySet":
        """Return the items with their code and supplier's number in small letters, as the unique indexes have them."""
        return self.annotate(lower_code=Lower("code"), lower_number=Lower("supplier_code"))

    def search(self, text: str) -> "PriceItemQuerySet":
        """Return the items whose name, code or supplier's number has every word of a text."""
        rows = self
        for word in name_key(text[:120]).split()[:8]:
            rows = rows.filter(search_key__contains=word)
        return rows


class PriceItem(CountedVersion, Undoable):
    """Item of the price book. Quotes copy it, so later changes don't affect them."""

    undo_columns = (
        *("version", "code", "name", "description", "unit_id", "tax_class_id", "pipeline_id", "brand_id"),
        *("is_optional", "supplier_id", "supplier_code", "valid_from", "valid_until", "archived_at", "priced_at"),
    )
    # What `create` and `edit` take.
    FIELDS: ClassVar[tuple[str, ...]] = undo_columns[1:-2]

    tenant_id: int
    unit_id: int | None
    tax_class_id: int | None
    pipeline_id: int | None
    brand_id: int | None
    supplier_id: int | None

    uid = public_id()
    code = models.CharField(max_length=LONGEST_CODE, blank=True)
    name = models.CharField(max_length=LONGEST_NAME)
    # What the customer reads below the name.
    description = models.CharField(max_length=LONGEST_DESCRIPTION, blank=True)
    unit = TenantForeignKey(PriceUnit, models.PROTECT, null=True, blank=True, related_name="+")
    tax_class = TenantForeignKey(TaxClass, models.PROTECT, null=True, blank=True, related_name="+")
    # The kind of jobs it is for; null: all.
    pipeline = TenantForeignKey(Pipeline, models.PROTECT, null=True, blank=True, related_name="+")
    brand = TenantForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+")
    # Customers may take a line of it off, unless the quote says otherwise.
    is_optional = models.BooleanField(default=False)
    supplier = TenantForeignKey(Supplier, models.PROTECT, null=True, blank=True, related_name="+")
    supplier_code = models.CharField(max_length=LONGEST_CODE, blank=True)
    # It is offered from and until these days, both included.
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    # When a price of it was last set.
    priced_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    # Case folded, without accents: what the list is sorted by, and what is searched.
    sort_key = models.CharField(max_length=LONGEST_NAME, editable=False)
    search_key = models.CharField(max_length=300, editable=False)

    prices: Any
    objects: ClassVar[Any] = TenantManager.from_queryset(PriceItemQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="price_item_uid_is_unique"),
            models.UniqueConstraint(
                F("tenant"), Lower("code"), condition=~Q(code=""), name="price_item_code_is_unique"
            ),
            models.UniqueConstraint(
                F("tenant"),
                F("supplier"),
                Lower("supplier_code"),
                condition=Q(supplier__isnull=False) & ~Q(supplier_code=""),
                name="price_item_is_once_at_its_supplier",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="price_item_is_valid_for_a_time",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="price_item_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["tenant", "sort_key", "id"], name="price_item_by_name"),
            GinIndex(fields=["tenant", "search_key"], opclasses=["int8_ops", "gin_trgm_ops"], name="price_item_search"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = name_key(self.name)[:LONGEST_NAME]
        self.search_key = name_key(f"{self.name} {self.code} {self.supplier_code}")[:300]
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_key", "search_key"}
        super().save(*args, **kwargs)

    # Verbs

    @classmethod
    @transaction.atomic
    def create(cls, *, by: Member | None, **fields: Any) -> "PriceItem":
        """Add an item. Raises Refused for a name that is missing, a code that is taken, or what isn't in use."""
        item = cls(**fields)
        item.check_facts()
        item.save(force_insert=True)
        item.refresh_from_db(fields=["uid"])
        item._record("price_item.created", by)
        return item

    @transaction.atomic
    def edit(self, *, by: Member | None, **fields: Any) -> None:
        """Change its FIELDS; quotes keep their copies. Idempotent. Raises Refused as `create` does."""
        self.lock()
        before = {name: getattr(self, name) for name in self.FIELDS}
        set_fields(self, fields)
        self._tidy()
        changed = [name for name, value in before.items() if getattr(self, name) != value]
        if not changed:
            return
        self._check()
        self._save(*changed)
        self._record("price_item.edited", by, {"fields": changed})

    @transaction.atomic
    def archive(self, *, by: Member | None) -> None:
        """Archive it: no new quote can have it. Idempotent."""
        self.lock()
        if self.archived_at is None:
            self.archived_at = clock.now()
            self._save("archived_at")
            self._record("price_item.archived", by)

    @transaction.atomic
    def restore(self, *, by: Member | None) -> None:
        """Restore it. Idempotent. Raises Refused when another one has its code now."""
        self.lock()
        if self.archived_at is not None:
            self.archived_at = None
            self._save("archived_at")
            self._record("price_item.restored", by)

    @transaction.atomic
    def set_price(
        self, price: int, cost: int | None, currency: str, from_day: date | None = None, *, by: Member | None
    ) -> ItemPrice:
        """Set price and cost per unit, in minor units, from a day on; today if none is given.

        Idempotent. Raises Refused for a day that is past, as quotes of that day were made with the price of then.
        """
        self.lock()
        today = directory().today()
        from_day = from_day or today
        if from_day < today:
            raise Refused(_("A price can be set from today on."))
        check_amount(price)
        check_amount(cost or 0)
        latest = self.prices.filter(currency=currency, from_day__lte=from_day).order_by("-from_day", "-pk").first()
        if latest and (latest.price, latest.cost) == (price, cost):
            return latest
        row: ItemPrice = self.prices.create(currency=currency, price=price, cost=cost, from_day=from_day, created_by=by)
        self.priced_at = clock.now()
        self._save("priced_at")
        data = {"price": price, "cost": cost, "currency": currency, "from": str(from_day)}
        self._record("price_item.priced", by, data)
        return row

    @transaction.atomic
    def withdraw_price(self, price_id: int, *, by: Member | None) -> None:
        """Delete a price that has not begun. Raises Refused for one in force."""
        self.lock()
        row = self.prices.filter(pk=price_id).first()
        if row is None:
            return
        if row.is_in_force(directory().today()):
            raise Refused(_("This price is in force. Set another one from today on."))
        row.delete()
        self._save()
        self._record("price_item.price_withdrawn", by, {"from": str(row.from_day)})

    @classmethod
    def undo_context(cls, ids: Iterable[int]) -> Mapping[int, Values]:
        """Return the last price of each item before the act."""
        rows = ItemPrice.objects.filter(item_id__in=ids).values_list("item_id").annotate(Max("pk")).order_by()
        last = dict(rows)
        return {pk: {"last_price": last.get(pk, 0)} for pk in ids}

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Any, *, by: Member) -> None:
        """Restore the items and delete the prices that the act set; archive items that it created."""
        for row in rows:
            last = (recorded[row.pk].context or {}).get("last_price")
            if last is not None:
                row.prices.filter(pk__gt=last).delete()
            if recorded[row.pk].before is None:
                row.archive(by=by)
        restored = [row for row in rows if recorded[row.pk].before is not None]
        if restored:
            restore_columns(restored, recorded)
        for row in restored:
            row.save(update_fields=[])
            row._record("price_item.undone", by, {"of": change.kind})

    # How it is done

    def check_facts(self) -> None:
        """Tidy the texts of an item that isn't saved. Raises Refused for what `create` refuses."""
        self._tidy()
        self._check()

    def _tidy(self) -> None:
        self.name = " ".join(self.name.replace("\0", "").split())
        self.code = " ".join(self.code.replace("\0", "").split())
        self.supplier_code = " ".join(self.supplier_code.replace("\0", "").split())
        self.description = self.description.replace("\0", "").replace("\r\n", "\n").strip()

    def _check(self) -> None:
        """Raise Refused for what the constraints refuse, and for references to archived configuration."""
        if not self.name:
            raise Refused(_("Enter a name."))
        lengths = [
            (self.name, LONGEST_NAME),
            (self.code, LONGEST_CODE),
            (self.supplier_code, LONGEST_CODE),
            (self.description, LONGEST_DESCRIPTION),
        ]
        if any(len(text) > longest for text, longest in lengths):
            raise Refused(_("A text is too long."))
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise Refused(_("The last day is before the first."))
        others = PriceItem.objects.exclude(pk=self.pk)
        if self.code and others.filter(code__iexact=self.code).exists():
            raise Refused(_("The code “%(code)s” is taken.") % {"code": self.code})
        if self.supplier_code and self.supplier_id:
            double = others.filter(supplier_id=self.supplier_id, supplier_code__iexact=self.supplier_code).first()
            if double:
                raise Refused(_("“%(name)s” has this supplier’s number already.") % {"name": double.name})

    def _record(self, kind: str, by: Member | None, data: dict[str, Any] | None = None) -> None:
        events.record(kind, subject=self, by=by, data=data)


def check_amount(minor: int) -> None:
    """Raise Refused for an amount below zero or beyond what a form can mean."""
    if minor < 0:
        raise Refused(_("The amount is below zero."))
    if minor > MAX_MINOR:
        raise Refused(_("The amount is too large."))
