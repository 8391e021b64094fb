"""`manage.py move_files`: move all files between the folder and the bucket, verified by hash. Resumable."""

from argparse import ArgumentParser
from typing import Any

import environ
from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError

from crm.config.file_storage import bucket_storage, folder_storage
from crm.platform.storage.file_trees import DifferentBytes, move_files


class Command(BaseCommand):
    help = "Move files between VAR_DIR/files and the bucket of FILES_BUCKET. Run it again until it copies nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", choices=["bucket", "folder"])
        parser.add_argument("--dry-run", action="store_true", help="Count what would be copied, and change nothing.")
        parser.add_argument("--delete", action="store_true", help="Delete each file at the source once it is verified.")

    def handle(self, *args: Any, **options: Any) -> None:
        env = environ.Env()
        if not env("FILES_BUCKET", default=""):
            raise CommandError("Set FILES_BUCKET to the bucket to move files to or from.")
        folder = storages.create_storage(folder_storage(settings.VAR_DIR / "files"))
        bucket = storages.create_storage(bucket_storage(env))
        if options["target"] == "bucket":
            source, target = folder, bucket
        else:
            source, target = bucket, folder
        try:
            move = move_files(source, target, dry_run=options["dry_run"], delete=options["delete"])
        except DifferentBytes as error:
            raise CommandError(f"The copy of {error} differs from its source, which was kept. Run it again.") from error
        verb = "To copy" if options["dry_run"] else "Copied"
        self.stdout.write(
            f"{verb}: {move.copied} files, {move.size} bytes. Already there: {move.present}. Deleted: {move.deleted}."
        )
