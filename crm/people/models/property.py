"""Property: an address where work is done. Claim: an insurance claim on it; one property may have several."""

from functools import lru_cache

from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from crm.platform.tenancy import secrets

# Letters and digits of a claim number.
SHORTEST = 4
LONGEST = 40
LONGEST_INSURER = 120
LENGTHS = {"least": SHORTEST, "most": LONGEST}


class Property(TenantModel):
    """A property, by its postal address."""

    uid = public_id()
    street = models.CharField(max_length=200)
    postcode = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2)
    # The whole address as it stood in one cell of a file, where it was parted from that.
    written = models.CharField(max_length=300, blank=True, db_default="", default="")
    # Street, postcode and city case folded, without accents or punctuation: what search and matching compare.
    address_key = models.CharField(max_length=360, editable=False)
    # Values of the tenant's own fields (crm/jobs/fields), by key.
    own_fields = models.JSONField(default=dict, blank=True, db_default={})
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "properties"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="property_uid_is_unique")]
        indexes = [
            models.Index(fields=["tenant", "address_key"], name="property_address_key"),
            GinIndex(
                fields=["tenant", "address_key"], opclasses=["int8_ops", "gin_trgm_ops"], name="property_address_trgm"
            ),
            models.Index(fields=["tenant", "id"], condition=~Q(own_fields={}), name="property_with_own_fields"),
        ]

    def __str__(self) -> str:
        return self.one_line

    @property
    def one_line(self) -> str:
        """The address on one line, in the order its country uses."""
        if self.country == "US":
            tail = ", ".join(filter(None, [self.city, " ".join(filter(None, [self.region, self.postcode]))]))
        else:
            tail = " ".join(filter(None, [self.postcode, self.city]))
        return ", ".join(filter(None, [self.street, tail]))

    def save(self, *args: object, **kwargs: object) -> None:
        self.address_key = address_key(self.street, self.postcode, self.city)
        super().save(*args, **kwargs)


@lru_cache(maxsize=4096)
def address_key(street: str, postcode: str, city: str) -> str:
    """Return a key that is equal for different spellings of one address."""
    return " ".join(name_key(part) for part in (street, postcode.replace(" ", ""), city) if part)[:360]


class Claim(TenantModel):
    """An insurance claim on a property. The number is encrypted; search compares a keyed hash."""

    uid = public_id()
    site = TenantForeignKey(Property, models.CASCADE, related_name="claims")
    insurer = models.CharField(max_length=120, blank=True)
    number_encrypted = models.TextField()
    number_hash = models.CharField(max_length=64)
    # The last digits, for a person to recognise it by without unmasking.
    number_tail = models.CharField(max_length=4)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="claim_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "site", "number_hash"], name="claim_is_once_at_a_property"),
        ]
        indexes = [models.Index(fields=["tenant", "number_hash"], name="claim_number_hash")]

    def __str__(self) -> str:
        return self.masked

    @classmethod
    @transaction.atomic
    def note(
        cls, site: Property, insurer: str, number: str, *, by: Member | None, job_id: int | None = None
    ) -> "Claim":
        """Save a claim about a property. Idempotent. Raises Refused if the claim number is invalid."""
        number = " ".join(number.replace("\0", "").split())
        insurer = " ".join(insurer.replace("\0", "").split())
        if not SHORTEST <= len(secrets.normalize_number(number)) <= LONGEST or len(insurer) > LONGEST_INSURER:
            raise Refused(_("A claim number has %(least)s to %(most)s letters and digits.") % LENGTHS)
        claim = cls(site=site, insurer=insurer)
        claim.set_number(number)
        existing: Claim | None = cls.objects.filter(site=site, number_hash=claim.number_hash).first()
        if existing:
            return existing
        claim.save()
        claim.refresh_from_db(fields=["uid"])
        events.record("claim.noted", subject=claim, by=by, job_id=job_id)
        return claim

    @property
    def masked(self) -> str:
        return f"•••• {self.number_tail}"

    @property
    def number(self) -> str:
        """The decrypted number. Showing it to a person must be recorded in the AccessLog."""
        return secrets.decrypt(self.number_encrypted)

    def set_number(self, number: str) -> None:
        """Set the claim number: encrypted, hashed for search, with its last digits in clear."""
        self.number_encrypted = secrets.encrypt(number)
        self.number_hash = secrets.number_fingerprint(number)
        self.number_tail = secrets.normalize_number(number)[-4:]
