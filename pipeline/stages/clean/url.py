"""One form for addresses that mean the same page."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def canonical_url(url: str | None) -> str | None:
    """An http(s) address with its host in lower case, without fragment and without ``utm_…`` parameters.

    What is not an http(s) address stays as it is.
    """
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket in the host, for one
        return url
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return url
    query = "&".join(pair for pair in parts.query.split("&") if not pair.lower().startswith("utm_"))
    return urlunsplit((parts.scheme.lower(), _lower_host(parts.netloc), parts.path, query, ""))


def _lower_host(netloc: str) -> str:
    user, at, host = netloc.rpartition("@")
    return f"{user}{at}{host.lower()}"
