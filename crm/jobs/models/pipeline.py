"""Pipeline, Phase, Stage: the line. Every stage belongs to one of the tenant's phases, so bars line up."""

from django.db import models

from crm.platform.models import TenantForeignKey
from crm.platform.models.base import ConfigurationModel, public_id


class Phase(ConfigurationModel):
    """One of the 3 to 8 phases all pipelines of a tenant share; a column of the bar."""

    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()

    class Meta:
        base_manager_name = "objects"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="phase_name_is_unique"),
            models.CheckConstraint(condition=models.Q(position__lt=8), name="phases_are_eight_at_most"),
        ]

    def __str__(self) -> str:
        return self.name


class Pipeline(ConfigurationModel):
    """A way of working a kind of job, e.g. Re-roof or Insurance."""

    uid = public_id()
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="pipeline_name_is_unique"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="pipeline_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default=True), name="tenant_has_one_default_pipeline"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Stage(ConfigurationModel):
    """A step of a pipeline, in one of the phases."""

    pipeline = TenantForeignKey(Pipeline, models.PROTECT, related_name="stages")
    phase = TenantForeignKey(Phase, models.PROTECT, related_name="stages")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["pipeline", "position"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "pipeline", "name"], name="stage_name_is_unique_in_a_pipeline"),
        ]
        indexes = [models.Index(fields=["tenant", "pipeline", "position"], name="stage_order")]

    def __str__(self) -> str:
        return self.name


class StageTarget(ConfigurationModel):
    """How long a step may take, to us and to the customer. The most specific one wins (jobs/line.py)."""

    pipeline = TenantForeignKey(Pipeline, models.CASCADE, related_name="targets")
    # Null: before any step, the first touch of a job without status.
    stage = TenantForeignKey(Stage, models.CASCADE, null=True, blank=True, related_name="targets")
    brand = TenantForeignKey("platform.Brand", models.CASCADE, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    # Seconds; null leaves it to the tenant's default.
    ours = models.PositiveIntegerField(null=True, blank=True)
    theirs = models.PositiveIntegerField(null=True, blank=True)
    # Count the brand's working hours; else calendar hours.
    working_hours = models.BooleanField(default=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "pipeline", "stage", "brand", "priority"],
                nulls_distinct=False,
                name="target_is_once_for_its_case",
            ),
            models.CheckConstraint(
                condition=models.Q(ours__gt=0) | models.Q(ours__isnull=True), name="target_allows_some_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pipeline_id}/{self.stage_id}: {self.ours}"


class Source(ConfigurationModel):
    """Where leads come from, e.g. Google Ads or Referral."""

    name = models.CharField(max_length=60)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="source_name_is_unique")]

    def __str__(self) -> str:
        return self.name
