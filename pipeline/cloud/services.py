"""Google's services that Beam has no call for, over REST: Compute Engine's quotas and a registry's images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import google.auth
from apache_beam.internal.gcp.auth import get_service_credentials
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.auth.transport.requests import AuthorizedSession

SECONDS = 30.0
COMPUTE = "https://compute.googleapis.com"
DATAFLOW = "https://dataflow.googleapis.com"
MANIFESTS = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"


class ServiceError(Exception):
    """A service answered with an error, or not at all; the message is one line.

    `status`: the HTTP status, 0 without an answer. `off`: the API isn't enabled in the project.
    """

    def __init__(self, message: str, status: int = 0, *, off: bool = False) -> None:
        super().__init__(message)
        self.status, self.off = status, off


@dataclass(frozen=True)
class Services:
    """The services, asked with a session that has credentials.

    `local`: the address of one stand-in for all of them, "" for Google's own.
    """

    session: Any
    local: str = ""

    def list_jobs(self, project: str, region: str) -> None:
        """Ask Dataflow for a job of the region; that it answers is the answer."""
        self._get(f"{self.local or DATAFLOW}/v1b3/projects/{project}/locations/{region}/jobs?pageSize=1")

    def is_active(self, project: str, region: str, name: str) -> bool:
        """Whether a job of this name is waiting or at work there: no two such have one name at a time."""
        where = f"{self.local or DATAFLOW}/v1b3/projects/{project}/locations/{region}/jobs"
        found = self._get(f"{where}?filter=ACTIVE&name={quote(name)}")
        return any(job.get("name") == name for job in found.get("jobs", ()))

    def free_quota(self, project: str, region: str) -> dict[str, float]:
        """Metric → what is left of a region's quota."""
        found = self._get(f"{self.local or COMPUTE}/compute/v1/projects/{project}/regions/{region}")
        return {quota["metric"]: quota["limit"] - quota["usage"] for quota in found.get("quotas", ())}

    def image_labels(self, image: str) -> dict[str, str]:
        """The labels of an image in a registry (`HOST/NAME[:TAG|@DIGEST]`); of one for many machines, none."""
        host, _, name = image.partition("/")
        name, reference = _reference(name)
        registry = f"{self.local or 'https://' + host}/v2/{name}"
        manifest = self._get(f"{registry}/manifests/{reference}", {"Accept": MANIFESTS})
        if "config" not in manifest:
            return {}
        config = self._get(f"{registry}/blobs/{manifest['config']['digest']}")
        return dict(config.get("config", {}).get("Labels") or {})

    def _get(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        try:
            answer = self.session.get(url, headers=dict(headers or {}), timeout=SECONDS)
        except (OSError, GoogleAuthError) as error:
            raise ServiceError(" ".join(str(error).split())[:200]) from error
        if answer.status_code != 200:
            raise _refusal(answer)
        return answer.json()


def _reference(name: str) -> tuple[str, str]:
    if "@" in name:
        name, _, digest = name.partition("@")
        return name.partition(":")[0], digest
    name, _, tag = name.partition(":")
    return name, tag or "latest"


def _refusal(answer: Any) -> ServiceError:
    try:
        error = answer.json()["error"]
        reasons = {detail.get("reason") for detail in error.get("details", ())}
        return ServiceError(str(error["message"])[:200], answer.status_code, off="SERVICE_DISABLED" in reasons)
    except (ValueError, KeyError, TypeError, AttributeError):
        return ServiceError(f"status {answer.status_code}", answer.status_code)


def connect(options: PipelineOptions) -> Services | None:
    """The services with the user's own credentials; None where there are none."""
    try:
        # Beam would ask again and again for half a minute.
        google.auth.default()
    except DefaultCredentialsError:
        return None
    credentials = get_service_credentials(options)
    if credentials is None:
        return None
    endpoint = str(options.view_as(GoogleCloudOptions).dataflow_endpoint or "").rstrip("/")
    # As Beam's own clients take a local Dataflow: all services are there.
    local = endpoint if endpoint.startswith("http://localhost") else ""
    return Services(AuthorizedSession(credentials.get_google_auth_credentials()), local)
