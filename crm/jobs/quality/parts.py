"""Part: fields of a lead that are corrected together by one form, how they are parsed, and the method it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from crm.jobs.models import Job
from crm.jobs.quality.rules import LeadFacts
from crm.platform.models import Member
from crm.web.requests.correction_input import CorrectionInput
from crm.web.requests.form_version import version_of

Given = Mapping[str, str]


@dataclass(frozen=True)
class CorrectionPart:
    """Fields that are corrected together. `apply` raises Refused with a sentence."""

    key: str
    label: str | Promise
    inputs: Callable[[Job, LeadFacts], list[CorrectionInput]]
    apply: Callable[[Job, Given, Member], None]
    # The contact point it corrects, where it is about one of several.
    of: str = ""

    def version(self, job: Job, facts: LeadFacts) -> str:
        """Hash of the form's original values: if they were changed since, saving shows the fresh form first."""
        return version_of(self.key, self.of, [each.value for each in self.inputs(job, facts)])
