"""Work that may be a customer's too: at an address of theirs, or of one claim. A person confirms it (P3)."""

from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.jobs.models import Job, JobParty
from crm.people.models import Claim, Person, Property
from crm.platform.models import Member
from portal.models import PlaceAnswer

# A customer with more places has them listed by somebody; of what is alike so much is offered.
MOST_PLACES, MOST = 200, 10


class Suggestion(NamedTuple):
    """A job, and what it has in common with one of theirs."""

    job: Job
    why: str


def suggested(person: Person, member: Member) -> list[Suggestion]:
    """Return jobs the member sees that share an address or a claim with theirs, and that nobody decided about."""
    involved = JobParty.objects.filter(person=person).order_by().values("job_id")
    own = Job.objects.filter(Q(person=person) | Q(pk__in=involved)).exclude(site=None)
    sites = list(own.order_by("-pk").values_list("site_id", "site__address_key")[:MOST_PLACES])
    ids, keys = {pk for pk, _key in sites}, {key for _pk, key in sites if key}
    hashes = set(Claim.objects.filter(site_id__in=ids).values_list("number_hash", flat=True)) if ids else set()
    if not keys:
        return []
    alike = Property.objects.filter(address_key__in=keys).values("pk")
    claimed = Claim.objects.filter(number_hash__in=hashes).values("site_id")
    decided = PlaceAnswer.objects.filter(person=person).values("job_id")
    others = Job.objects.visible_to(member).exclude(person=person).exclude(pk__in=involved).exclude(pk__in=decided)
    found = others.filter(Q(site_id__in=alike) | Q(site_id__in=claimed)).select_related("site", "person")
    return [Suggestion(job, _why(job, keys)) for job in found.order_by("-pk")[:MOST]]


def _why(job: Job, keys: set[str]) -> str:
    return _("The same address") if job.site and job.site.address_key in keys else _("The same claim number")
