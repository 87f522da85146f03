"""Lives of conventions as they happen: plausible records, and events in any order.

`tests/strategies.py` gives every value a database may hold; these give lives in which something
happens: dates near each other, votes and notices near the days that matter.
"""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tracker.domain.dates import FIRST_YEAR, LAST_YEAR, Period


def days() -> SearchStrategy[date]:
    """Every day a convention may hold, the ends of months more often than chance has them."""
    any_day = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    month_ends = st.builds(
        lambda year, month: date(year + month // 12, month % 12 + 1, 1) - date.resolution,
        st.integers(FIRST_YEAR + 1, LAST_YEAR - 1),
        st.integers(1, 12),
    )
    return any_day | month_ends


def periods() -> SearchStrategy[Period]:
    """Lengths that clauses write: days, weeks, months, years, and mixtures of them."""
    parts = st.tuples(st.integers(0, 99), st.integers(0, 40), st.integers(0, 400)).filter(any)
    usual = st.sampled_from(
        ["P1M", "P2M", "P3M", "P6M", "P1Y", "P3Y", "P5Y", "P30D", "P2W", "P1M15D"]
    )
    return usual.map(Period.parse) | parts.map(lambda part: Period(*part))
