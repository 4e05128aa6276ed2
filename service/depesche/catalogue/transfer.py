"""One file over HTTP: resumed where it broke off, tried again a few times, checked against its hash.

`sources` says what to fetch, this module fetches it. Certificates are the system's; proxies are those of the
environment.
"""

from __future__ import annotations

import logging
import ssl
from pathlib import Path
from typing import BinaryIO

import httpx
import stamina
import truststore

from depesche.catalogue.disk import file_sha256
from depesche.catalogue.progress import Progress
from depesche.catalogue.unavailable import SourceUnavailable

logging.getLogger("stamina").addHandler(logging.NullHandler())  # the user is told by `Progress`

_ATTEMPTS = 6
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


class _Interrupted(Exception):
    """The transfer broke off in a way that often passes."""


def http_client(certificate: Path | None = None, proxy: str | None = None) -> httpx.Client:
    """Return a client that trusts what the system trusts, and the authorities in `certificate` beside them.

    Without `proxy` the proxies of the environment are used.
    """
    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if certificate is not None:
        context.load_verify_locations(certificate)
    timeout = httpx.Timeout(30.0, connect=10.0)
    return httpx.Client(verify=context, proxy=proxy, timeout=timeout, follow_redirects=True)


def download(
    client: httpx.Client,
    url: str,
    target: Path,
    *,
    sha256: str | None,
    progress: Progress,
    headers: dict[str, str] | None = None,
) -> None:
    """Put the bytes of `url` at `target`; what is there of an earlier attempt (`target` + `.part`) is used.

    A resumed file with the wrong hash is fetched once more from its beginning, for the server's file may have
    changed in between. Raises `SourceUnavailable`; `target` exists only when it is complete and right.
    """
    part = target.with_name(target.name + ".part")
    resumed = part.exists()
    complete = resumed and sha256 is not None and file_sha256(part) == sha256
    while True:
        if not complete:
            _fetch(client, url, part, progress, headers or {})
        if complete or sha256 is None or file_sha256(part) == sha256:
            part.replace(target)
            return
        progress.advance(-part.stat().st_size)
        part.unlink()
        if not resumed:
            raise SourceUnavailable(f"{target.name} has another sha256 than {sha256[:12]}…")
        resumed = False


def _fetch(client: httpx.Client, url: str, part: Path, progress: Progress, headers: dict[str, str]) -> None:
    try:
        for attempt in stamina.retry_context(
            on=(httpx.TransportError, _Interrupted), attempts=_ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=10
        ):
            with attempt, part.open("ab") as stream:
                if attempt.num > 1:
                    progress.say(f"the line broke; attempt {attempt.num} of {_ATTEMPTS}")
                _stream(client, url, stream, progress, headers)
    except (httpx.HTTPError, _Interrupted) as error:
        raise SourceUnavailable(f"{type(error).__name__} {error}".strip()) from error


def _stream(client: httpx.Client, url: str, stream: BinaryIO, progress: Progress, headers: dict[str, str]) -> None:
    """Append what is missing of `url` to `stream`."""
    offset = stream.tell()
    # identity: a compressed answer has other offsets than the file that we resume
    headers = {**headers, "Accept-Encoding": "identity"} | ({"Range": f"bytes={offset}-"} if offset else {})
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code in _TRANSIENT:
            raise _Interrupted(f"HTTP {response.status_code}")
        if offset and (response.status_code == 416 or not _continues(response, offset)):
            stream.truncate(0)
            progress.advance(-offset)
            if response.status_code == 416:
                raise _Interrupted("what was there is longer than the file")
        response.raise_for_status()
        for chunk in response.iter_raw():  # as they come: what a full chunk waits for is lost when the line breaks
            stream.write(chunk)
            progress.advance(len(chunk))


def _continues(response: httpx.Response, offset: int) -> bool:
    """Say whether the answer goes on at `offset`; errors don't count as a new beginning."""
    if response.is_error:
        return True
    return response.status_code == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {offset}-")
