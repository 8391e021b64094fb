"""Hash the setup that a settings form shows; saving an outdated form shows the fresh one instead."""

from uuid import UUID

from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import version_of


def of_pipelines() -> str:
    """Hash the phases and the list of pipelines."""
    setup = pipeline_setup()
    pipelines = [(row.pk, row.name, row.position, row.is_default, row.archived_at) for row in setup.pipelines.values()]
    return version_of([(row.pk, row.name, row.is_sold) for row in setup.phases], pipelines)


def of_pipeline(uid: UUID) -> str:
    """Hash one pipeline, by its public id, and its steps."""
    setup = pipeline_setup()
    mine = next(row for row in setup.pipelines.values() if row.uid == uid)
    steps = [
        (row.pk, row.name, row.phase_id, row.position, row.is_quoted, row.archived_at)
        for row in setup.stages.values()
        if row.pipeline_id == mine.pk
    ]
    whole = (mine.name, mine.type, mine.work_type, mine.is_default, mine.archived_at)
    return version_of([row.pk for row in setup.phases], *whole, steps)


def of_customer_texts(uid: UUID) -> str:
    """Hash the customer texts of one pipeline's steps."""
    setup = pipeline_setup()
    mine = next(row for row in setup.pipelines.values() if row.uid == uid)
    texts = [
        (row.pk, sorted(row.customer_texts.items())) for row in setup.stages.values() if row.pipeline_id == mine.pk
    ]
    return version_of(mine.drawing, [(row.pk, row.name) for row in setup.steps(mine.pk)], texts)


def of_guide(uid: UUID, pk: int) -> str:
    """Hash a step's guidance, key fields and exit criteria."""
    row = pipeline_setup().stages.get(pk)
    return version_of(row and (row.name, row.guidance, row.key_fields, sorted(row.exit_criteria.items())))


def of_targets(pipeline_id: int) -> str:
    """Hash the targets of one pipeline, and their fallbacks."""
    targets = sorted(
        (row.stage_id or 0, row.brand_id or 0, row.priority or 0, row.terms)
        for row in pipeline_setup().targets.values()
        if row.pipeline_id == pipeline_id
    )
    tenant = directory().tenant
    return version_of(targets, tenant.default_ours, tenant.default_theirs)


def of_levels() -> str:
    """Hash the tenant's levels and defaults."""
    tenant = directory().tenant
    return version_of(tenant.warn_percent, tenant.far_percent, tenant.default_ours, tenant.default_theirs)


def of_sources() -> str:
    """Hash the list of sources."""
    return version_of(
        [(row.pk, row.name, row.archived_at, row.merged_into_id) for row in pipeline_setup().sources.all.values()]
    )
