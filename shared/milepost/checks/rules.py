"""Every rule by code: what the reference page lists, and a test holds against the code.

A field of the wrong kind is refused too, under the code FIELD_KIND (`due_date`, `goal_id`, `title_text`), and a
required one left out under FIELD_missing; those are not listed one by one, the declarations are.
"""

from typing import Literal, NamedTuple


class RuleLine(NamedTuple):
    """One rule of the reference."""

    code: str
    level: Literal["refuse", "warn", "nudge"]
    sentence: str


RULES = (
    RuleLine("rating_range", "refuse", "a rating is an integer 1..5"),
    RuleLine("target_range", "refuse", "a target is an integer 1..5"),
    RuleLine("end_before_start", "refuse", "an end or due date does not come before its start"),
    RuleLine("minutes_range", "refuse", "minutes are 1..1440"),
    RuleLine("matches_over_postings", "refuse", "matches are not over postings"),
    RuleLine("postings_range", "refuse", "at least one posting was looked at"),
    RuleLine("impact_incomplete", "refuse", "an impact line has all of action, context and result"),
    RuleLine("nothing_said", "refuse", "enjoying a skill says at least one of enjoyment, avoided and stance"),
    RuleLine("one_value", "refuse", "a reading has one value, as a fact or private"),
    RuleLine("metric_value_private", "refuse", "a value in money, or of one's own metric, stays on one's devices"),
    RuleLine("metric_value_fact", "refuse", "the value of any other metric is a fact"),
    RuleLine("id_unknown", "refuse", "an id or name that is typed names something"),
    RuleLine("id_ambiguous", "refuse", "an id or name that is typed names one thing only"),
    RuleLine("dated_after_tomorrow", "refuse", "what has happened is not dated after tomorrow"),
    RuleLine("already_closed", "refuse", "what is closed is not closed with another result"),
    RuleLine("facts_size", "refuse", "the facts of one entry take at most 8 KiB"),
    RuleLine("private_size", "refuse", "the private part of one entry takes at most 32,752 bytes"),
    RuleLine("type_size", "refuse", "the name of a type takes at most 64 bytes"),
    RuleLine("type_unknown", "refuse", "the type and its version are known to this build"),
    RuleLine("milestone_length", "warn", "a milestone is as long as its kind usually is"),
    RuleLine("goal_not_specific", "warn", "a goal does not open with a vague word, unless it holds a number"),
    RuleLine("goal_not_time_bound", "warn", "a goal has a due date, or repeats"),
    RuleLine("goal_not_testable", "warn", "a goal has a test"),
    RuleLine("estimate_over_sitting", "warn", "a goal takes one sitting, at most 120 minutes"),
    RuleLine("no_success_measure", "warn", "a milestone that starts has a success measure"),
    RuleLine("no_buffer", "warn", "a milestone has a buffer"),
    RuleLine("few_outputs", "warn", "a sprint or project names at least 3 outputs"),
    RuleLine("few_artifacts", "warn", "a sprint ends with at least 2 artifacts"),
    RuleLine("outputs_missing", "warn", "a milestone ends with all the outputs it named"),
    RuleLine("over_capacity", "warn", "the goals due on a day fit the day's capacity"),
    RuleLine("too_many_open_goals", "warn", "at most 5 goals are open"),
    RuleLine("pod_size", "warn", "a pod is 3-5 people"),
    RuleLine("basis_unstated", "warn", "a change in percent says whether it is relative or in points"),
    RuleLine("target_lift", "warn", "a target lifts a skill by at least 2 points"),
    RuleLine("experiment_without_hypothesis", "warn", "an experiment has a hypothesis"),
    RuleLine("key_result_without_number", "warn", "a key result has a number to reach"),
    RuleLine("thanks_due", "nudge", "an interview is answered by a thanks within 48 hours"),
    RuleLine("blocked_long", "nudge", "a milestone blocked over 7 days gets another remedy"),
    RuleLine("review_due", "nudge", "a review is held every week; after 8 days it is due"),
    RuleLine("goal_stuck", "nudge", "a goal without progress for two reviews is reframed"),
    RuleLine("mentor_due", "nudge", "a mentor is seen within 45 days"),
    RuleLine("audit_old", "nudge", "the skills audit is at most a week old while a target is open"),
    RuleLine("between_goals", "nudge", "after 4 weeks between goals the skill map is offered, to who opted in"),
)
