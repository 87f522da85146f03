"""Tell somebody else that a run went well, so that a silence is noticed elsewhere.

The address is fetched and the answer thrown away. A fetch that fails is logged and nothing more:
the watcher on the other side is there to notice.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from jobs.daemon import TickReport

log = logging.getLogger(__name__)

TIMEOUT: Final = 10.0
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class _NoRedirect(HTTPRedirectHandler):
    """Whoever answers at the address must not send us somewhere else."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


def ping(url: str, *, timeout: float = TIMEOUT) -> bool:
    """Fetch the address; return whether it answered well. Never raises."""
    place = urlsplit(url)
    allowed = place.scheme == "https" or (place.scheme == "http" and place.hostname in _LOOPBACK)
    if not allowed:
        log.error("ping: only https, or this machine", extra={"action": "ping"})
        return False
    request = Request(url, headers={"User-Agent": "conventions"})  # noqa: S310 - checked above
    try:
        with build_opener(_NoRedirect).open(request, timeout=timeout) as answer:
            answer.read(1024)
    except HTTPError as error:
        error.close()
        log.warning("ping: %d from %s", error.code, place.hostname, extra={"action": "ping"})
        return False
    except (OSError, HTTPException, ValueError) as error:
        log.warning("ping: %s: %s", place.hostname, error, extra={"action": "ping"})
        return False
    log.debug("ping: %s answered", place.hostname, extra={"action": "ping"})
    return True


@dataclass(slots=True)
class Pinger:
    """Remembers that a run went well until that could be told.

    A run counts once its mail could leave too: a job done while the relay is in trouble, or while
    sending is held, is told when that has ended.
    """

    url: str | None
    timeout: float = TIMEOUT
    owed: bool = False

    def after(self, report: TickReport) -> None:
        """Look at how a tick went, and tell it if there is something good to tell."""
        if self.url is None:
            return
        self.owed |= bool(report.ran)
        delivery = report.delivery
        stuck = delivery is not None and (delivery.relay_trouble or delivery.holds)
        if self.owed and not report.failed and not stuck:
            self.owed = not ping(self.url, timeout=self.timeout)
