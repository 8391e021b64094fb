"""The practice organization: a copy without customers, its marks, and that nothing is ever sent from it."""

import re

import pytest

from crm.jobs.models import Job, Pipeline, Tag
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.configuration.transfer import export_configuration
from crm.platform.models import Due, Member, Tenant
from crm.platform.organization.practice import create_practice, delete_practice, find_practice, reset_practice
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io
from crm.platform.work.io_claims import claim_call
from tests.cast import Cast


def make(cast: Cast) -> Tenant:
    """The practice organization of the cast's house."""
    with use_tenant(cast.house.tenant):
        Tag.add("Storm", by=None)
        practice, problems = create_practice(by=cast.house.ada)
        assert [str(problem) for problem in problems] == []
    return practice


def test_it_has_the_configuration_and_no_customers(cast: Cast) -> None:
    practice = make(cast)
    assert practice.slug == f"{cast.house.tenant.slug}-sandbox"
    with use_tenant(practice):
        assert Tag.objects.filter(name="Storm").exists()
        assert Pipeline.objects.get(is_default=True).stages.filter(name="Quote sent").exists()
        assert not Person.objects.exists()
        assert not Job.objects.exists()
        assert [(one.name, one.role) for one in Member.objects.all()] == [("Ada Admin", "admin")]


def test_a_copy_is_written_as_the_original_is(cast: Cast) -> None:
    """Section for section, byte for byte, but for those that the original has nothing in."""
    practice = make(cast)
    with use_tenant(cast.house.tenant):
        original = export_configuration()
    with use_tenant(practice):
        copy = export_configuration()
    sections = re.split(r"\n(?=\w)", original)
    assert len(sections) > 40
    assert [section for section in sections if not section.endswith(": {}") and section not in copy] == []


def test_work_that_calls_others_is_never_claimed(cast: Cast) -> None:
    practice = make(cast)
    Due.objects.all().delete()
    with use_tenant(practice):
        due_io.schedule("webhook.call", 1, clock.now())
    assert claim_call() is None
    with use_tenant(cast.house.tenant):
        due_io.schedule("webhook.call", 1, clock.now())
    call = claim_call()
    assert call is not None
    assert call.tenant_id == cast.house.tenant.pk


def test_there_is_one_and_none_of_a_practice_organization(cast: Cast) -> None:
    practice = make(cast)
    with use_tenant(cast.house.tenant), pytest.raises(Refused, match="already"):
        create_practice(by=cast.house.ada)
    with use_tenant(practice), pytest.raises(Refused, match="one of its own"):
        create_practice(by=Member.objects.get())


def test_reset_forgets_what_was_tried(cast: Cast) -> None:
    with use_tenant(make(cast)):
        Tag.add("Tried", by=None)
    with use_tenant(cast.house.tenant):
        practice, _problems = reset_practice(by=cast.house.ada)
    with use_tenant(practice):
        assert not Tag.objects.filter(name="Tried").exists()


def test_deleting_it_leaves_the_organization(cast: Cast) -> None:
    practice = make(cast)
    with use_tenant(cast.house.tenant):
        people = Person.objects.count()
        assert delete_practice(by=cast.house.ada)
        assert not delete_practice(by=cast.house.ada)
        assert find_practice() is None
        assert Person.objects.count() == people > 0
    assert not Tenant.objects.filter(pk=practice.pk).exists()
