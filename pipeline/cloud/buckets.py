"""Buckets: whether they are there, in the workers' region, and open to reading and writing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from pipeline.cloud.findings import Finding, fine, note, problem

# Prefixes of the regions that a multi-region holds; https://cloud.google.com/storage/docs/locations
MULTI_REGIONS = {"US": "us-", "EU": "europe-", "ASIA": "asia-"}
READ = ("storage.objects.get", "storage.objects.list")
WRITE = ("storage.objects.create", "storage.objects.delete")


def bucket_of(path: str) -> str:
    """The bucket's name in `gs://NAME/…`."""
    return path.removeprefix("gs://").partition("/")[0]


def check_bucket(client: Any, name: str, *, region: str, write: bool) -> Iterator[Finding]:
    """What is wrong with a bucket, or that nothing is.

    Args:
        client: of `google.cloud.storage`.
        name: the bucket.
        region: where the workers are.
        write: whether it must be writable too.
    """
    try:
        bucket = client.lookup_bucket(name)
    except Exception as error:
        yield problem(f"gs://{name} can't be looked at: {_line(error)}", f"ask its owner for access to gs://{name}")
        return
    if bucket is None:
        make = f"gcloud storage buckets create gs://{name} --location {region}"
        yield problem(f"there is no bucket gs://{name}", f"make it: {make}")
        return
    yield from _location(bucket, region)
    yield from _permissions(bucket, write=write)
    if write:
        if bucket.retention_period:
            what = f"gs://{name} keeps every object for {bucket.retention_period} seconds"
            yield problem(what, "name a bucket without a retention policy: a run moves and removes files")
        yield from _probe(bucket)


def _location(bucket: Any, region: str) -> Iterator[Finding]:
    location = str(bucket.location or "").upper()
    data = {str(place).upper() for place in bucket.data_locations or ()}
    prefix = MULTI_REGIONS.get(location)
    if location == region.upper() or region.upper() in data:
        yield fine(f"gs://{bucket.name} is in {location.lower()}")
    elif prefix and region.startswith(prefix):
        yield note(f"gs://{bucket.name} is in the multi-region {location}; a bucket in {region} alone costs less")
    elif not location:
        yield note(f"gs://{bucket.name} doesn't tell where it is")
    else:
        todo = f"use a bucket in {region}" + ("" if prefix else f", or --region {location.lower()}")
        yield problem(f"gs://{bucket.name} is in {location}, the workers in {region}: slow, and paid by the byte", todo)


def _permissions(bucket: Any, *, write: bool) -> Iterator[Finding]:
    wanted = [*READ, *(WRITE if write else ())]
    try:
        missing = sorted(set(wanted) - set(bucket.test_iam_permissions(wanted)))
    except Exception as error:
        yield problem(f"gs://{bucket.name} doesn't tell what is allowed: {_line(error)}", "ask its owner for access")
        return
    if missing:
        role = "roles/storage.objectAdmin" if write else "roles/storage.objectViewer"
        grant = f"gcloud storage buckets add-iam-policy-binding gs://{bucket.name} --member user:YOU --role {role}"
        yield problem(f"gs://{bucket.name} doesn't allow {', '.join(missing)}", f"its owner grants it: {grant}")


def _probe(bucket: Any) -> Iterator[Finding]:
    """Write, read and remove an object, as the run will."""
    blob = bucket.blob(f"newsbeam/preflight-{uuid.uuid4().hex}")
    try:
        blob.upload_from_string(b"newsbeam")
        same = blob.download_as_bytes() == b"newsbeam"
        blob.delete()
    except Exception as error:
        yield problem(f"gs://{bucket.name} can't be written: {_line(error)}", "ask its owner for access")
        return
    if same:
        yield fine(f"gs://{bucket.name} can be read and written")
    else:
        yield problem(f"gs://{bucket.name} gave back other bytes than were written", "look into the bucket")


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
