"""Compile every template of the project, so that a misspelt tag is found without opening its page."""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines

ROOT = Path(__file__).resolve().parents[1]


def compile_template(name: str, path: Path) -> None:
    """Compile as the product loads it, or from its text where other settings do, e.g. the bench's."""
    try:
        engines["django"].get_template(name)
    except TemplateDoesNotExist:
        engines["django"].from_string(path.read_text())


def main() -> int:
    # Links to static files are drawn as a template is compiled (docs/decisions/0022-pages-drawn-once.md), and there
    # are none collected here.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    django.setup()
    problems = []
    for folder in sorted(ROOT.glob("**/templates")):
        if any(part.startswith(".") for part in folder.relative_to(ROOT).parts):  # .venv; a branch called templates
            continue
        for path in sorted(file for file in folder.rglob("*") if file.is_file()):
            name = path.relative_to(folder).as_posix()
            try:
                compile_template(name, path)
            except (TemplateSyntaxError, UnicodeDecodeError) as error:
                problems.append(f"{name}: {error}")
    print("\n".join(problems), file=sys.stderr)
    if problems:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
