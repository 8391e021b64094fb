"""Evaluate the labels of the assistant on the labelled set: `bin/manage evaluate_assistant --json`."""

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assistant.labels.evaluation import evaluate, read_set, set_path
from assistant.labels.model_evaluation import ModelLabeller
from assistant.models import AssistantSetup, ModelProvider
from assistant.models.assistant_setup import MILLION
from crm.platform.http.public_address import ForbiddenAddress, check_url

# The environment variable with the key of the model's server: an option would stand in the list of processes.
KEY = "ASSISTANT_KEY"
_PROVIDERS = [ModelProvider.COMPATIBLE.value, ModelProvider.ANTHROPIC.value]


class Command(BaseCommand):
    """Print how good the labels are: precision and recall of each, calibration, attacks that succeeded, and cost."""

    help = (
        "Evaluate the labels of the assistant on the labelled messages of the tests; needs no database. With --model, "
        f"a language model labels them over the word lists. {KEY} in the environment is its key."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        parser.add_argument("--model", default="", help="The name of the language model.")
        parser.add_argument("--provider", choices=_PROVIDERS, default=_PROVIDERS[0], help="The API of its server.")
        parser.add_argument("--address", default="", help="The address of its server, such as http://10.0.0.8:8000/v1.")
        parser.add_argument("--price-in", type=float, default=0, help="Price of a million tokens read.")
        parser.add_argument("--price-out", type=float, default=0, help="Price of a million tokens written.")

    def handle(self, *args: object, **options: Any) -> None:
        path = set_path()
        try:
            messages = read_set(path)
        except OSError:
            raise CommandError(f"The labelled messages are missing: {path}. They are in the source code.") from None
        if options["model"]:
            labeller = _model_labeller(options)
            figures = evaluate(messages, labeller.label) | _model_figures(labeller)
        else:
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
        if "model" in figures:
            self.stdout.write(
                f"{figures['model']}: {figures['calls']} calls, {figures['calls_failed']} without a usable answer, "
                f"{figures['tokens_in']} + {figures['tokens_out']} tokens"
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


def _model_labeller(options: dict[str, Any]) -> ModelLabeller:
    """Return a labeller with the model of the options. Raises CommandError for a server that may not be reached."""
    setup = AssistantSetup(
        provider=options["provider"],
        address=options["address"],
        model=options["model"],
        price_in=round(options["price_in"] * MILLION),
        price_out=round(options["price_out"] * MILLION),
    )
    try:
        check_url(setup.base_url)
    except ForbiddenAddress as why:
        raise CommandError(f"--address: {why}") from None
    return ModelLabeller(setup, os.environ.get(KEY, ""))


def _model_figures(labeller: ModelLabeller) -> dict[str, Any]:
    return {
        "model": labeller.setup.model,
        "calls": labeller.calls,
        "calls_failed": labeller.failed,
        "tokens_in": labeller.tokens_in,
        "tokens_out": labeller.tokens_out,
        # In the currency of the prices.
        "cost": labeller.cost / MILLION,
    }


def _share(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}"
