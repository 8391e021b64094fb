"""The configuration file: export, import, dry run, prune, problems with their lines, and what it covers."""

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class

from crm.platform import features
from crm.platform.configuration.sections import UnexportedModel, configuration_sections
from crm.platform.configuration.transfer import export_configuration, import_configuration
from crm.platform.models.base import ConfigurationModel
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


def test_each_model_of_the_configuration_is_in_the_file_or_left_out() -> None:
    within = {model for section in configuration_sections() for model in section.content.models}
    left_out = {entry.model for entry in features.of(UnexportedModel)}
    models = {
        model
        for model in apps.get_models()
        if issubclass(model, ConfigurationModel) and not model.__module__.startswith("tests.")
    }
    assert models - within - left_out == set()
    assert within & left_out == set()


@pytest.mark.parametrize("name", ["export_configuration", "import_configuration", "create_sandbox", "create_api_token"])
def test_a_command_starts_without_loading_the_pages(name: str) -> None:
    assert not load_command_class(get_commands()[name], name).requires_system_checks


def test_an_export_imports_without_a_change(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        text = export_configuration()
        result = import_configuration(text, by=cast.house.ada, prune=True)
        assert [str(problem) for problem in result.problems] == []
        assert not result.changes_something
        assert export_configuration() == text
