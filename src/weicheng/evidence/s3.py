"""The shelf on an S3-compatible store: an object appears whole or not at all."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import storages

from weicheng.evidence.refusals import EvidenceRefused

MISSING = {"404", "NoSuchKey", "NotFound"}
FULL = {"507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull"}


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Errors of the store as FileNotFoundError or a refusal."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in MISSING:
            raise FileNotFoundError(code) from error
        raise EvidenceRefused("disk_full" if code in FULL else "store_down") from error
    except BotoCoreError as error:
        raise EvidenceRefused("store_down") from error


class S3Shelf:
    """The same promises as FolderShelf; what an upload answered for is durable."""

    def __init__(self) -> None:
        self._storage: Any = storages["evidence"]

    @property
    def _bucket(self) -> Any:
        return self._storage.bucket

    def put(self, name: str, source: Path) -> None:
        """Upload the file, then look that the whole of it arrived."""
        size = source.stat().st_size
        with translated(), source.open("rb") as file:
            self._bucket.meta.client.put_object(Bucket=self._bucket.name, Key=name, Body=file)
            if self._bucket.Object(name).content_length != size:
                raise EvidenceRefused("store_down")

    def put_bytes(self, name: str, data: bytes) -> None:
        with translated():
            self._bucket.meta.client.put_object(Bucket=self._bucket.name, Key=name, Body=data)

    def settle(self, names: list[str]) -> None:
        """Nothing to do: an answered upload is durable."""

    def open(self, name: str) -> IO[bytes]:
        """A picture or paper of at most 30 MB, read whole. Raises FileNotFoundError."""
        with translated():
            return io.BytesIO(self._bucket.Object(name).get()["Body"].read())

    def exists(self, name: str) -> bool:
        return self.changed_at(name) is not None

    def delete(self, name: str) -> None:
        with translated():
            self._bucket.Object(name).delete()

    def changed_at(self, name: str) -> float | None:
        try:
            with translated():
                return float(self._bucket.Object(name).last_modified.timestamp())
        except FileNotFoundError:
            return None

    def walk(self) -> Iterator[tuple[str, float]]:
        with translated():
            for area in ("original/", "derived/"):
                for found in self._bucket.objects.filter(Prefix=area):
                    yield found.key, found.last_modified.timestamp()
