"""`verify_pdf FILE`: whether a sealed PDF is whole. Exit code 0 if it is; 1 and a sentence if altered or unsigned."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.documents.seals.verification import verify_pdf
from crm.kernel.sentences import translate_sentence


class Command(BaseCommand):
    help = "Verify that a sealed PDF is whole: exit code 0 if it is, 1 if it is altered, unsigned or not ours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the PDF")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            content = Path(options["file"]).read_bytes()
        except OSError as problem:
            raise CommandError(str(problem)) from None
        verdict = verify_pdf(content)
        if verdict.is_whole:
            self.stdout.write(translate_sentence(verdict.sentence))
            return
        self.stderr.write(translate_sentence(verdict.sentence))
        sys.exit(1)
