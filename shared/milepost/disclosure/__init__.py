"""Disclosure: what a reader may see of others. One function decides; HTTP, socket and pages ask it (privacy.md).

policy.py    `decide`: the one door
figure.py    a disclosed figure, and the states of one that is not
pods.py      the totals of an open pod
cohorts.py   the figures of a weekly release
parts.py     what one member adds to either
named.py     what is shown by name
"""

from milepost.disclosure.figure import HIDDEN, NO_DATA, PENDING, VALUE, Figure
from milepost.disclosure.policy import Asked, decide

__all__ = ["HIDDEN", "NO_DATA", "PENDING", "VALUE", "Asked", "Figure", "decide"]
