"""What a file writes is what is stored; folding is for comparing only."""

from typing import Any

import pytest

from crm.jobs.importing.cells import clean
from crm.jobs.models import Job, Note
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.kernel.test_normalization import WRITTEN


@pytest.mark.parametrize("text", WRITTEN)
def test_a_cell_is_kept_as_it_was_written(text: str) -> None:
    assert clean(text) == text
    assert clean(f" {text}\r\n") == text


@pytest.mark.parametrize("formula", ["=1+1", "＝1＋1", '=HYPERLINK("http://x","½")', "@SUM(A1)", "+cmd|' /C calc'!A0"])
def test_a_formula_is_text_and_loses_only_its_guard(formula: str) -> None:
    assert clean(formula) == clean(f"'{formula}") == formula


@pytest.mark.django_db
@pytest.mark.usefixtures("files")
def test_a_lead_is_stored_as_its_row_was_written(cast: Cast, bring: Any) -> None:
    bring("Name,Company,Email,Street,Title,Note\nO´Brien  ﬁls,Dak № 5,o@example.com,123½ Main St,45˚ roof,20 m²\n")
    with use_tenant(cast.house.tenant):
        job = Job.objects.exclude(pk=cast.house.job.pk).select_related("person", "company", "site").get()
        assert (job.person.name, job.company.name) == ("O´Brien  ﬁls", "Dak № 5")
        assert (job.site.street, job.title, Note.objects.get(job=job).body) == ("123½ Main St", "45˚ roof", "20 m²")
        assert Person.objects.get(name_key="obrien fils") == job.person
