"""Hosts of addresses, and the domains that they belong to, by a public suffix list that comes with its package."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

import tld

REMEMBERED = 1 << 14
# A host with a path behind it, or a host of the usual kinds, without a scheme.
BARE_URL = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
# An archive's address holds that of the page it saved.
_ARCHIVED = re.compile(
    r"https?://(?:web\.archive\.org/web|archive\.(?:org|is|ph|today|li|fo|vn)|arquivo\.pt/(?:wayback|noFrame/replay)"
    r"|webarchive\.[\w.]+/\w+|wayback\.\w[\w.-]*/\w+)/(?:\d{4,14}[a-z_*]{0,4}|[\w-]{1,12}/\d{4,14})/(https?:/{1,2}.+)",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*")


def host_of(url: str) -> str | None:
    """The host of a URL without `www.`, or None where there is none; of a saved page that which it was saved from."""
    url = url.strip()
    if archived := _ARCHIVED.match(url):
        url = archived[1]
    if "://" not in url[:12] and BARE_URL.fullmatch(url):
        url = f"http://{url}"
    try:
        host = urlsplit(re.sub(r"^(https?):/(?=[^/])", r"\1://", url)).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


@lru_cache(REMEMBERED)
def domain_of(host: str) -> str | None:
    """The registrable domain of a host, in Unicode and lower case: `nytimes.com` of `cooking.nytimes.com`.

    Of a place that lets everybody have a site ("blogspot.com") it is the site; under a suffix that the list doesn't
    know the last two words, as the list's rules have it. None where there is none: `localhost`, numbers.
    """
    plain = _unicode(host.strip().rstrip(".").lower())
    if not _HOST.fullmatch(plain):
        return None
    for private in (True, False):
        found = tld.get_tld(f"http://{plain}", fail_silently=True, as_object=True, search_private=private)
        if isinstance(found, tld.Result) and found.fld != found.tld:
            return str(found.fld)
    known = tld.get_tld(f"http://{plain}", fail_silently=True)
    return None if known else ".".join(plain.split(".")[-2:])


def _unicode(host: str) -> str:
    """A host whose letters are written in ASCII ("xn--…") as it is read."""
    if "xn--" not in host:
        return host
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
