"""Which S3-compatible store the environment names. For the settings: imports nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def storage_from(environment: Mapping[str, str]) -> dict[str, Any] | None:
    """The entry "evidence" of Django's STORAGES, from WEICHENG_S3_BUCKET, _ENDPOINT, _KEY, _SECRET
    and _REGION; None when no bucket is named."""
    if not environment.get("WEICHENG_S3_BUCKET"):
        return None
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": environment["WEICHENG_S3_BUCKET"],
            "endpoint_url": environment.get("WEICHENG_S3_ENDPOINT") or None,
            "access_key": environment.get("WEICHENG_S3_KEY") or None,
            "secret_key": environment.get("WEICHENG_S3_SECRET") or None,
            "region_name": environment.get("WEICHENG_S3_REGION") or "us-east-1",
            "signature_version": "s3v4",
            "addressing_style": "path",
            "file_overwrite": True,
            "default_acl": None,
            "querystring_auth": True,
        },
    }
