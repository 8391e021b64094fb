"""Create the thumbnail of a version, once, in a worker, so that a gallery page decodes no images."""

import io
import logging
from collections.abc import Sequence

from crm.documents.models import DocumentVersion
from crm.platform.files import stored_files
from crm.platform.files.images import UnreadableImage, build_preview, image_size
from crm.platform.files.responses import SMALL

logger = logging.getLogger(__name__)


def make_thumbnails(ids: Sequence[int]) -> None:
    """Create missing thumbnails. A file that cannot be decoded, or is gone, gets none."""
    for version in DocumentVersion.objects.filter(pk__in=ids, thumbnail=None).select_related("file").order_by("pk"):
        try:
            with stored_files.open_file(version.file) as file:
                original = file.read()
            content, media_type = build_preview(original, edge=SMALL)
        except (stored_files.FileGone, UnreadableImage):
            logger.info("a document has no thumbnail", extra={"version": version.pk})
            continue
        name = f"{version.file.uid}.{media_type.partition('/')[2]}"
        version.thumbnail = stored_files.store_file(
            io.BytesIO(content), name, purpose="thumbnail", by=None, content_type=media_type, days=None
        )
        # Of one kept before it could be decoded, which had no preview (DocumentVersion.has_preview).
        if version.width is None:
            version.width, version.height = image_size(original)
        version.save(update_fields=["thumbnail", "width", "height"])
