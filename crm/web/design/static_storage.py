"""Static files storage of the demo and of production: bundles, hashed names, gzip and Brotli variants."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from crm.web.design import bundles


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, which also builds one style sheet and one script from the files of every page."""

    @property
    def has_bundles(self) -> bool:
        """True if pages link the bundles; in development they link the single files."""
        return not settings.DEBUG

    @property
    def keep_only_hashed_files(self) -> bool:
        """True: whitenoise removes the unhashed files, which no page links and which take time to compress."""
        return True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Write the bundles, then hash and compress them like any other collected file."""
        if dry_run:
            written = {}
        else:
            written = {name: (self, self._write(name, paths)) for name in bundles.SOURCES}
        yield from super().post_process(paths | written, dry_run=dry_run, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress the files not compressed yet; the bundles alone take five seconds."""
        yield from super().compress_files([path for path in paths if not self._is_compressed(path)])

    def _is_compressed(self, path: str) -> bool:
        """True if an earlier collectstatic completed this file: gzip is its last step."""
        try:
            with open(self.path(path), "rb") as file, gzip.open(self.path(f"{path}.gz")) as compressed:
                return compressed.read() == file.read()
        except (OSError, EOFError, zlib.error):
            return False

    def _write(self, bundle: str, paths: dict[str, Any]) -> str:
        texts = []
        for name in bundles.SOURCES[bundle]:
            storage, path = paths[name]
            with storage.open(path) as file:
                texts.append(file.read().decode())
        self.delete(bundle)  # or it would be saved beside the earlier one, under another name
        return str(self.save(bundle, ContentFile(bundles.JOINED[bundle](texts).encode())))
