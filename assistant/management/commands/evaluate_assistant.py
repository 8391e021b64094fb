"""Evaluate the labels of the assistant on the labelled set: `bin/manage evaluate_assistant --json`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assistant.labels.evaluation import evaluate, read_set, set_path


class Command(BaseCommand):
    """Print how good the labels are: precision and recall of each, calibration, and attacks that succeeded."""

    help = "Evaluate the labels of the assistant on the labelled messages of the tests; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *args: object, **options: Any) -> None:
        path = set_path()
        try:
            messages = read_set(path)
        except OSError:
            raise CommandError(f"The labelled messages are missing: {path}. They are in the source code.") from None
        figures = evaluate(messages)
        if options["json"]:
            self.stdout.write(json.dumps(figures, indent=2))
            return
        self._write_table(figures)

    def _write_table(self, figures: dict[str, Any]) -> None:
        held_out = figures["held_out"]
        self.stdout.write(f"{figures['messages']} messages, {held_out['messages']} of them held out")
        self.stdout.write(f"{figures['injections_succeeded']} of {figures['injections_tried']} attacks succeeded")
        self.stdout.write(
            f"calibration error {figures['calibration_error']:.3f}, held out {held_out['calibration_error']:.3f}"
        )
        self.stdout.write(f"cost {figures['cost']}\n")
        self.stdout.write(f"{'label':26}{'precision':>10}{'recall':>8}{'examples':>10}   held out")
        for name, row in figures["labels"].items():
            other = held_out["labels"].get(name, {"precision": None, "recall": None})
            self.stdout.write(
                f"{name:26}{_share(row['precision']):>10}{_share(row['recall']):>8}{row['examples']:>10}"
                f"   {_share(other['precision']):>6}{_share(other['recall']):>6}"
            )
        for facet, share in held_out["accuracy"].items():
            self.stdout.write(f"{facet}: right {share:.1%} of the time on the held-out half")


def _share(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}"
