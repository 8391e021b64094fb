"""TrainedLabels: a linear model of one facet, trained on the labels that members corrected. Plain numbers, no code."""

from typing import Any

from django.db import models, transaction
from django.db.models import Q

from crm.kernel import clock
from crm.platform.models.base import ConfigurationModel
from crm.platform.organization.configuration import cached_per_tenant


class TrainedLabels(ConfigurationModel):
    """The newest linear model of a facet, and how it did against the rules on messages it was not trained on."""

    facet = models.CharField(max_length=8)
    # {"labels": [...], "intercepts": [...], "weights": {"leak": [0.1, …]}}: a number per label.
    weights = models.JSONField(default=dict)
    examples = models.PositiveIntegerField()
    # In tenths of a percent, by cross-validation.
    rules_right = models.PositiveSmallIntegerField()
    trained_right = models.PositiveSmallIntegerField()
    # Used only if it is right more often than the rules.
    is_used = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "trained labels"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "facet"], name="facet_is_trained_once"),
            models.CheckConstraint(
                condition=Q(rules_right__lte=1000, trained_right__lte=1000), name="trained_labels_are_right_by_share"
            ),
            models.CheckConstraint(
                condition=Q(is_used=False) | Q(trained_right__gt=models.F("rules_right")),
                name="trained_labels_are_used_if_better",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facet}: {self.examples} examples"

    @classmethod
    @transaction.atomic
    def replace(
        cls, facet: str, *, weights: dict[str, Any], examples: int, rules_right: int, trained_right: int
    ) -> None:
        """Store a newly trained model, which is used if it is better than the rules."""
        row = cls.objects.filter(facet=facet).first() or cls(facet=facet)
        row.weights = weights
        row.examples = examples
        row.rules_right = rules_right
        row.trained_right = trained_right
        row.is_used = trained_right > rules_right
        row.at = clock.now()
        row.save()


@cached_per_tenant
def trained_labels() -> dict[str, dict[str, Any]]:
    """Return the weights of the linear models in use, by facet."""
    return dict(TrainedLabels.objects.filter(is_used=True).values_list("facet", "weights"))
