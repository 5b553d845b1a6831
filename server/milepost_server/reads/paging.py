"""A list cut into pages: how many rows at most, and after which one the next page goes on."""

from milepost.errors import UsageError

LIMIT_DEFAULT = 50
LIMIT_MAX = 100


def checked_limit(limit: int) -> int:
    """`limit`, if a page may have so many rows. Raises UsageError."""
    if not 1 <= limit <= LIMIT_MAX:
        raise UsageError(f"limit {limit} is not 1..{LIMIT_MAX}", field="limit", remedy=f"try: limit={LIMIT_DEFAULT}")
    return limit
