"""Whatever else names the apps names them all: mypy, the settings, the image, the rule for the configuration."""

from django.conf import settings

from tests.architecture.packages import APPS, LAYERS, LINTER, PACKAGES, PYPROJECT, ROOT


def test_mypy_reads_every_package() -> None:
    assert set(PYPROJECT["tool"]["mypy"]["packages"]) == set(PACKAGES)


def test_the_settings_install_every_app_in_the_order_of_the_layers() -> None:
    installed = [name.removeprefix("crm.") for name in settings.INSTALLED_APPS if name.split(".")[0] in APPS]
    assert [name for name in LAYERS if name in installed] == LAYERS
    assert set(installed) - set(LAYERS) <= {"demo"}


def test_the_image_holds_every_package() -> None:
    assert {f"!{package}" for package in PACKAGES} <= set((ROOT / ".dockerignore").read_text().split())


def test_the_configuration_may_import_no_app() -> None:
    rule = next(each for each in LINTER["contracts"] if each["name"].startswith("The configuration"))
    forbidden = {name.removeprefix("crm.") for name in rule["forbidden_modules"]}
    assert forbidden == {*LAYERS, "demo"}
