"""The likelihood as a column and an order of the lists of jobs; an index of LeadScore decides the order."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from assistant.models import LeadScore
from assistant.models.lead_score import lead_score_model
from crm.jobs.list.added_columns import AddedJobColumn
from crm.jobs.models import Job
from crm.platform.features import Feature
from crm.web.lists.columns import Column
from crm.web.lists.definition import Sort
from crm.web.lists.paging import JoinedOrder
from crm.web.reader import Reader

KEY = "likelihood"
_ATTRIBUTES = {"percent": "likelihood_percent", "job": "pk"}


def read_likelihoods(jobs: Collection[Job], reader: Reader) -> Mapping[int, str]:
    """Return the likelihoods of jobs as texts, by id. One query."""
    rows = LeadScore.objects.filter(job__in=[job.pk for job in jobs]).values_list("job_id", "percent")
    return {job_id: f"{percent}%" for job_id, percent in rows}


def join_scores(jobs: Any) -> Any:
    """Limit jobs to those with a likelihood, which each then has as `likelihood_percent`."""
    return jobs.filter(lead_scores__isnull=False).annotate(likelihood_percent=F("lead_scores__percent"))


def _is_available() -> bool:
    return lead_score_model() is not None


FEATURES: list[Feature] = [
    AddedJobColumn(
        key=KEY,
        column=Column(KEY, _("Likelihood"), "c-more", sort=KEY),
        read=read_likelihoods,
        sorts={
            f"-{KEY}": Sort(
                JoinedOrder(LeadScore, "lead_scores", _ATTRIBUTES, down=True), _("likelihood, highest first")
            ),
            KEY: Sort(JoinedOrder(LeadScore, "lead_scores", _ATTRIBUTES), _("likelihood, lowest first")),
        },
        join=join_scores,
        left_out=_("Without likelihood"),
        is_available=_is_available,
    ),
]
