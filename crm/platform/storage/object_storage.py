"""Files in a bucket of an S3-compatible server instead of a folder (docs/files.md).

Only the product reads the bucket: each file passes through a view that checks the permission, at every request. No
signed link leads to the bucket, so no link outlives a permission.
"""

from typing import Any, NoReturn

from storages.backends.s3 import S3Storage

# Bytes of a file that are held in memory; more goes to a temporary file.
_MOST_IN_MEMORY = 2_500_000


class ObjectStorage(S3Storage):
    """The storage of uploaded and generated files in a bucket, encrypted there by the server."""

    def __init__(self, *, encryption: str, key_id: str = "", **options: Any) -> None:
        """`encryption` is `AES256`, `aws:kms` with a `key_id`, or blank where the server encrypts by itself."""
        parameters = {"ServerSideEncryption": encryption, "SSEKMSKeyId": key_id}
        super().__init__(
            object_parameters={name: value for name, value in parameters.items() if value},
            default_acl=None,
            file_overwrite=False,
            max_memory_size=_MOST_IN_MEMORY,
            signature_version="s3v4",
            **options,
        )

    def url(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: a signed link would be valid for longer than a permission may last."""
        raise NotImplementedError("Files are served by views that check a permission.")
