"""The one door: whoever shows a figure of others asks here, for a page, an answer, the socket or an export alike."""

from typing import assert_never

from milepost.disclosure.cohorts import CohortMean, CohortShare, CohortSum, cohort_mean, cohort_share, cohort_sum
from milepost.disclosure.figure import Figure
from milepost.disclosure.pods import PodTotal, pod_total

Asked = PodTotal | CohortSum | CohortShare | CohortMean


def decide(asked: Asked) -> Figure:
    """What may be shown of what was asked."""
    match asked:
        case PodTotal():
            return pod_total(asked)
        case CohortSum():
            return cohort_sum(asked)
        case CohortShare():
            return cohort_share(asked)
        case CohortMean():
            return cohort_mean(asked)
        case _:
            assert_never(asked)
