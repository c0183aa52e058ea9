"""Whether remote storage can be reached at all, found out in a second, before a client asks it again and again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib import import_module

from pipeline.errors import UsageError
from transforms.runtime.storage import is_installed

GOOGLE, AMAZON, WEB = "gs", "s3", ("http", "https", "ftp")


def check_access(paths: Iterable[str | None], *, anonymous: bool = False) -> None:
    """Look at the schemes of paths, and for the credentials that they need.

    Args:
        paths: local or remote ones; None and "" are passed over.
        anonymous: whether none of this machine's credentials are wanted (`--no_auth`, `--s3_access_key_id`).

    Raises:
        UsageError: what is missing, and what to do.
    """
    first: dict[str, str] = {}
    for path in paths:
        if path and "://" in path:
            first.setdefault(path.partition("://")[0].lower(), path)
    for scheme, path in first.items():
        if scheme in WEB:
            raise UsageError(f"{path}: addresses aren't read; fetch the file first, for example with curl -O")
        if scheme == AMAZON and not anonymous:
            _check_amazon(path)
        if scheme == GOOGLE and not anonymous and not os.environ.get("STORAGE_EMULATOR_HOST"):
            _check_google(path)


def _check_google(path: str) -> None:
    import google.auth  # noqa: PLC0415, only remote paths need it
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415, as above

    try:
        google.auth.default()
    except GoogleAuthError as error:
        raise UsageError(
            f"{path}: no credentials of Google Cloud are found; run gcloud auth application-default login, "
            "set GOOGLE_APPLICATION_CREDENTIALS, or give --no_auth for a public bucket"
        ) from error


def _check_amazon(path: str) -> None:
    # Without its library `storage` says which extra brings it.
    if is_installed("boto3") and import_module("boto3").Session().get_credentials() is None:
        raise UsageError(
            f"{path}: no credentials of AWS are found; run aws configure, set AWS_ACCESS_KEY_ID, or give "
            "--s3_access_key_id and --s3_secret_access_key"
        )
