"""Disclosure: what a reader may see of others. One place decides; HTTP, socket and pages ask here (privacy.md).

figure.py    a disclosed figure, and the states of one that is not
pods.py      the totals of an open pod
"""

from milepost.disclosure.figure import HIDDEN, NO_DATA, PENDING, VALUE, Figure
from milepost.disclosure.pods import BY_NAME, CONTRIBUTORS_MIN, POD_TOTAL, Share, pod_total

__all__ = [
    "BY_NAME",
    "CONTRIBUTORS_MIN",
    "HIDDEN",
    "NO_DATA",
    "PENDING",
    "POD_TOTAL",
    "VALUE",
    "Figure",
    "Share",
    "pod_total",
]
