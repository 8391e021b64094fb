"""SequenceVersion: the steps of a sequence at a point in time."""

from functools import cached_property
from typing import Any

from django.db import models

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantModel
from followups.sequences.definition import SequenceDefinition, SequenceNode, compile_steps


class SequenceVersion(TenantModel):
    """One definition of a sequence. Immutable: those inside stay on the version they began with."""

    app_may = "select, insert, delete"

    # The sequence's id; no key, as the sequence has one to its present version, and two would go round.
    sequence_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")
    # See followups/sequences/definition.py.
    definition = models.JSONField()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sequence_id", "number"], name="sequence_version_is_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.sequence_id} v{self.number}"

    @cached_property
    def parsed(self) -> SequenceDefinition:
        """The definition, parsed."""
        stored: Any = self.definition
        return SequenceDefinition.from_json(stored)

    @cached_property
    def nodes(self) -> tuple[SequenceNode, ...]:
        """The steps by position, the ways of forks included."""
        return compile_steps(self.parsed.steps)
