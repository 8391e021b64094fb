"""Where uploaded and generated files are: a folder, or a bucket where FILES_BUCKET names one."""

from pathlib import Path
from typing import Any

import environ

Definition = dict[str, Any]


def folder_storage(folder: Path) -> Definition:
    """Return the storage of files in a folder, as `STORAGES` has it."""
    return {"BACKEND": "crm.platform.health.full_disk.FileFolder", "OPTIONS": {"location": folder}}


def bucket_storage(env: environ.Env) -> Definition:
    """Return the storage of files in the bucket. Its keys come from AWS's own variables, or from the machine's role."""
    options = {
        "bucket_name": env("FILES_BUCKET"),
        "endpoint_url": env("FILES_ENDPOINT_URL", default="") or None,
        "region_name": env("FILES_REGION", default="") or None,
        "addressing_style": env("FILES_ADDRESSING_STYLE", default="") or None,
        "encryption": env("FILES_ENCRYPTION", default="AES256"),
        "key_id": env("FILES_KMS_KEY", default=""),
    }
    return {"BACKEND": "crm.platform.storage.object_storage.ObjectStorage", "OPTIONS": options}


def file_storage(env: environ.Env, folder: Path) -> Definition:
    """Return the storage that the environment asks for."""
    if env("FILES_BUCKET", default=""):
        return bucket_storage(env)
    return folder_storage(folder)
