"""Manners: how often a host is asked, and how long to wait after it said no."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random

_FIRST, _LONGEST = 1.0, 60.0
_UNKNOWN_HOST = 1.0
_SECONDS = re.compile(r"\s*(\d{1,9})\s*")


class Pace:
    """Spaces requests to a host by at least the agreed interval."""

    def __init__(
        self, intervals: Mapping[str, float], clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._intervals = dict(intervals)
        self._clock = clock
        self._sleep = sleep
        self._next: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Return when `host` may be asked again."""
        now = self._clock()
        due = self._next.get(host, now)
        if due > now:
            self._sleep(due - now)
        self._next[host] = max(now, due) + self._intervals.get(host, _UNKNOWN_HOST)

    def heed(self, host: str, limit: str | None, window: str | None) -> None:
        """Slow down to what a reply announces (X-Rate-Limit-Limit: 50, X-Rate-Limit-Interval: 1s); never speed up."""
        if limit and window and limit.isdigit() and window.rstrip("s").isdigit() and int(limit) > 0:
            announced = int(window.rstrip("s")) / int(limit)
            self._intervals[host] = max(self._intervals.get(host, _UNKNOWN_HOST), min(announced, _LONGEST))


def backoff(failures: int, random: Random) -> float:
    """Seconds to wait after the n-th failure in a row: doubled each time, with jitter so that clients spread out."""
    return float(min(_LONGEST, _FIRST * 2 ** (failures - 1)) * random.uniform(0.5, 1.0))


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as a date; None when absent or unreadable."""
    if value is None:
        return None
    match = _SECONDS.fullmatch(value)
    if match:
        return float(match[1])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.fromtimestamp(now, UTC)).total_seconds())
