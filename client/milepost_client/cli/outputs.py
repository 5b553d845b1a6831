"""What `--json` prints, by schema: the shape of `data`. Documentation and tests read this; commands do not import it.

Every answer is one object: `schema`, `data`, `warnings`, `error`. Fields are only ever added to a version.
"""

from typing import Any, Literal

import msgspec

Day = str
"""An ISO date."""


class Shape(msgspec.Struct):
    """The data of one answer. Fields without a default are always there."""


class Subject(Shape):
    kind: str
    id: str
    name: str | None
    short_id: str | None = None


class EntryName(Shape):
    id: str
    type: str


class Entry(Shape):
    """entry/1: what a recording command wrote; no entries where nothing changed."""

    says: str
    subject: Subject | None
    on: Day
    entries: list[EntryName]
    unsent: int


class ShownEntry(Shape):
    """show_entry/1, and one entry of a list. `values` is null where this device cannot read it."""

    id: str
    short_id: str
    type: str
    on: Day
    subject: Subject | None
    says: str
    taken_back: bool
    received: bool
    values: dict[str, Any] | None


class Log(Shape):
    """log/1: entries, the newest day first."""

    since: Day | None
    type: str | None
    entries: list[ShownEntry]


class Show(Shape):
    """show/1: a thing. `view` is what stands (see the views), `derived` what is worked out from it."""

    kind: str
    id: str
    short_id: str
    name: str | None
    view: dict[str, Any] | None
    derived: dict[str, Any]
    history: list[ShownEntry]


class Thing(Shape):
    """A thing in a list: its view, with its name."""

    id: str
    short_id: str
    name: str | None


class Goals(Shape):
    """goals/1."""

    goals: list[Thing]


class Milestones(Shape):
    """milestones/1."""

    milestones: list[Thing]


class Skills(Shape):
    """skills/1."""

    skills: list[Thing]


class Metrics(Shape):
    """metrics/1."""

    metrics: list[Thing]


class Nudge(Shape):
    code: str
    message: str
    command: str


class Today(Shape):
    """today/1. `empty` is there, and true, before the first entry; then nothing else is."""

    today: Day
    empty: bool = False
    goals: list[Thing] = []
    milestones: list[Thing] = []
    nudges: list[Nudge] = []
    inbox: int = 0
    unsent: int = 0
    server: str | None = None
    words_saved: bool = True


class Counts(Shape):
    planned: int
    started: int
    blocked: int
    completed: int
    stopped: int
    total: int


class Status(Shape):
    """status/1. `digests` only with -v; `empty` before the first entry."""

    as_of: Day | None = None
    today: Day | None = None
    empty: bool = False
    milestone_counts: Counts | None = None
    goal_counts: dict[str, int] = {}
    milestones: list[Thing] = []
    goals_open: list[Thing] = []
    skills: list[Thing] = []
    metrics: list[dict[str, Any]] = []
    people: dict[str, Any] = {}
    weeks: list[dict[str, Any]] = []
    nudges: list[Nudge] = []
    inbox: int = 0
    digests: dict[str, str] | None = None
    unsent: int = 0
    server: str | None = None
    words_saved: bool = True


class Trend(Shape):
    """trend/1: weeks are logged, unlogged or pause; a line's values are null where a week has none."""

    as_of: Day
    weeks: list[dict[str, Any]]
    lines: list[dict[str, Any]]


class KeyResult(Shape):
    """`share` is how much of the way from the baseline to the target is done, from 0 to 1."""

    metric: str
    name: str | None
    unit: str
    baseline: str | None
    value: str | None
    target: str | None
    share: str | None


class Objective(Thing):
    horizon: str
    start: Day
    end: Day
    status: str
    skill: str | None
    key_results: list[KeyResult]
    milestones: list[str]
    milestones_completed: int
    goals: list[str]
    goals_done: int
    goals_open: int


class Objectives(Shape):
    """objectives/1. Goals count through their milestones too."""

    objectives: list[Objective]


class Review(Shape):
    week: str
    on: Day
    event: str
    worked: list[str]
    adjust: list[str]
    lesson: str | None
    next_goal: dict[str, str | None] | None


class Reviews(Shape):
    """reviews/1: the newest first."""

    reviews: list[Review]


class Win(Shape):
    number: int
    id: str
    on: Day
    text: str
    of: list[str]


class Wins(Shape):
    """wins/1: the newest first, numbered over all; `total` counts those before `since` too."""

    total: int
    since: Day | None
    wins: list[Win]


class CapacitySpan(Shape):
    """Minutes by weekday from a day on; null where nothing was said."""

    start: Day = msgspec.field(name="from")
    minutes: dict[str, int | None]


class Capacity(Shape):
    """capacity/1: the span that holds today, and those that follow."""

    today: Day
    spans: list[CapacitySpan]


class Due(Shape):
    """due/1: what `status --due` shows."""

    nudges: list[Nudge]


class Inbox(Shape):
    """inbox/1: what waits for the member."""

    conflicts: list[dict[str, Any]]
    likely_doubles: list[dict[str, Any]]
    set_aside: list[dict[str, Any]]
    unread: list[dict[str, Any]]
    unknown: int
    left_out: list[str]


class Contacts(Shape):
    """contacts/1: those met last first."""

    contacts: list[Thing]


class Waiting(Thing):
    what: Literal["thanks", "follow_up", "mentor_session"]
    since: Day
    due_on: Day
    days_over: int
    command: str


class ContactsDue(Shape):
    """contacts_due/1: who waits for a word, the longest overdue first."""

    due: list[Waiting]


class Funnel(Shape):
    """funnel/1. `by_class` are relationships, each person once; `outcomes` counts each kind on its own."""

    as_of: Day
    targeted: int
    targeted_met: int
    relationships: int
    by_class: dict[str, int]
    outreach: int
    personalised: int
    interviews: int
    thanked: int
    thanked_percent: int | None
    outcomes: dict[str, int]


class Term(Thing):
    samples: list[dict[str, Any]]
    percent: int
    says: str


class Demand(Shape):
    """demand/1: the most asked for first."""

    terms: list[Term]


class Artifacts(Shape):
    """artifacts/1: the portfolio."""

    artifacts: list[Thing]


class Credentials(Shape):
    """credentials/1."""

    credentials: list[Thing]


class Impact(Thing):
    bullet: str
    traces: list[dict[str, Any]]
    missing: int


class Impacts(Shape):
    """impacts/1: `readings` are those they rest on, each once; `missing` of an impact were taken back."""

    impacts: list[Impact]
    readings: int


class Narratives(Shape):
    """narratives/1."""

    narratives: list[Thing]


class OutcomeKind(Shape):
    kind: str
    count: int
    contacts: list[str]
    recorded: list[dict[str, Any]]


class Outcomes(Shape):
    """outcomes/1: each kind on its own."""

    outcomes: list[OutcomeKind]


class Offerings(Shape):
    """offerings/1: `amount` is in minor units, `price` as people write it."""

    offerings: list[Thing]


class Pay(Shape):
    """pay/1."""

    changes: list[dict[str, Any]]


class Evidence(Shape):
    """evidence/1: how much there is of each kind."""

    counts: dict[str, int]
    public: int
    readings: int
    outcomes: dict[str, int]


class Init(Shape):
    """init/1."""

    path: str
    made: bool


class Join(Shape):
    """join/1. `pushed` is null where the first sync has to be tried again."""

    server: str
    cohort: str | None
    pod: str | None
    joined_pod: bool
    shared_with: list[str]
    pushed: int | None


class Pair(Shape):
    """pair/1: the new device's side. `set_aside` is the folder of the log it had before."""

    server: str
    copied: int
    set_aside: str | None
    pulled: int


class DeviceAdded(Shape):
    """device_added/1: the old device's side."""

    name: str


class Device(Shape):
    id: str
    name: str | None
    this: bool
    revoked: bool
    entries: int
    last_on: Day | None
    unsent: int | None


class Devices(Shape):
    """devices/1. `unsent` is known for this device alone."""

    devices: list[Device]


class Words(Shape):
    """words/1."""

    saved: bool


class Key(Shape):
    kid: str
    is_open: bool
    is_sealing: bool


class Keys(Shape):
    """keys/1."""

    words_saved: bool
    keys: list[Key]


class Sync(Shape):
    """sync/1. `set_agrees` is null where nothing was compared."""

    server: str
    pushed: int
    pulled: int
    unsent: int
    position: int
    set_agrees: bool | None
    clock_off_ms: int


class Figure(Shape):
    """A disclosed figure."""

    state: Literal["value", "no_data", "hidden", "pending"]
    value: int | str | None = None


class Pod(Shape):
    """pod/1. `summary` is null before a week was added up."""

    said_on: Day
    pod: dict[str, str]
    cohort: dict[str, str]
    members: list[dict[str, Any]]
    summary: dict[str, Any] | None


class Grant(Shape):
    audience: str
    scope: str
    id: str
    families: list[str]
    until: Day


class Share(Shape):
    """share/1. `seen` with --as: what that audience gets."""

    grants: list[Grant]
    as_: str | None = msgspec.field(name="as", default=None)
    seen: dict[str, Any] | None = None


class Finding(Shape):
    code: str
    sentence: str


class VerifiedLine(Shape):
    device: str
    epoch: int
    own: bool
    events: int
    received: int
    head: str
    codes: list[str]
    findings: list[Finding]


class Verify(Shape):
    """verify/1: one line a device and epoch."""

    clean: bool
    codes: list[str]
    checked: list[str]
    lines: list[VerifiedLine]
    findings: list[Finding]


class Point(Shape):
    name: str
    is_well: bool
    says: str


class Doctor(Shape):
    """doctor/1."""

    findings: int
    points: list[Point]


class Setting(Shape):
    name: str
    value: str | None
    origin: str


class Config(Shape):
    """config/1."""

    settings: list[Setting]


class ConfigPath(Shape):
    """config_path/1."""

    path: str


class Completion(Shape):
    """completion/1."""

    shell: str
    script: str


class Help(Shape):
    """help/1."""

    topic: str
    text: str


class Sum(Shape):
    """Weighted scores; `total` is null while a factor is not scored."""

    total: int | None
    possible: int
    scored: int
    factors: int
    is_complete: bool


class ListedRole(Shape):
    id: str
    short_id: str
    name: str | None
    kind: str
    is_chosen: bool
    has_brief: bool
    total: Sum
    fit: Sum
    competencies_listed: int = 0
    competencies_rated: int = 0


class Roles(Shape):
    """roles/1. `fit` is over every value that was named."""

    roles: list[ListedRole]


class RoleScore(Shape):
    role: str
    score: int | None
    raw: str | None


class RoleFactor(Shape):
    """A factor, the same weight for every role; `value` is the id of the value it is, if it is one."""

    factor: str
    value: str | None
    weight: int
    scores: list[RoleScore]


class RoleCompare(Shape):
    """role_compare/1."""

    chosen: str | None
    roles: list[ListedRole]
    factors: list[RoleFactor]


class PlacedSkill(Shape):
    id: str
    short_id: str
    name: str
    strength: int | None
    enjoyment: int | None
    avoided: bool
    stance: str | None
    missing: list[str]


class SkillMap(Shape):
    """skill_map/1. What lacks a rating or an enjoyment is unplaced."""

    placed: list[PlacedSkill]
    unplaced: list[PlacedSkill]


class SkillHistory(Shape):
    """skill_history/1. `change` is null without a second rating: that is no 0."""

    id: str
    name: str | None
    code: str | None
    rated: int
    ratings: list[dict[str, Any]]
    target: dict[str, Any] | None
    current: int | None
    change: int | None
    gap: int
    target_days_late: int | None


class ListedPosition(Shape):
    id: str
    short_id: str
    name: str
    kind: str
    start: Day
    end: Day | None
    employer: str | None
    highlights: list[str]


class Positions(Shape):
    """positions/1."""

    positions: list[ListedPosition]


class TimedMilestone(Shape):
    id: str
    short_id: str
    name: str
    kind: str
    status: str
    start: Day
    due: Day
    end: Day | None
    parent: str | None


class Timeline(Shape):
    """timeline/1. `years` is from the first position's first day to the last day of any."""

    positions: list[ListedPosition]
    milestones: list[TimedMilestone]
    years: int
    milestones_at_once: int


class FocusStory(Shape):
    """focus/1."""

    mode: str | None
    changes: list[dict[str, Any]]


class ListedValue(Shape):
    id: str
    short_id: str
    name: str
    rank: int | None


class Values(Shape):
    """values/1."""

    values: list[ListedValue]


class Note(Shape):
    id: str
    short_id: str
    on: Day
    prompt: str | None
    text: str | None


class Notes(Shape):
    """notes/1. `answered` counts the notes of each question."""

    prompt: str | None
    answered: dict[str, int]
    notes: list[Note]


class Demo(Shape):
    """demo/1."""

    milestones: list[Thing]
    milestone_counts: Counts
    people: dict[str, Any]
    skills: list[Thing]
    pod: Pod
    digest: str
    clean: bool
    events: int
    seconds: float


class Warned(Shape):
    code: str
    message: str
    field: str | None
    remedy: str | None


OUTPUTS: dict[str, type[Shape]] = {
    "entry/1": Entry,
    "show_entry/1": ShownEntry,
    "log/1": Log,
    "show/1": Show,
    "goals/1": Goals,
    "milestones/1": Milestones,
    "skills/1": Skills,
    "metrics/1": Metrics,
    "today/1": Today,
    "status/1": Status,
    "trend/1": Trend,
    "objectives/1": Objectives,
    "reviews/1": Reviews,
    "wins/1": Wins,
    "capacity/1": Capacity,
    "due/1": Due,
    "inbox/1": Inbox,
    "contacts/1": Contacts,
    "contacts_due/1": ContactsDue,
    "funnel/1": Funnel,
    "demand/1": Demand,
    "artifacts/1": Artifacts,
    "credentials/1": Credentials,
    "impacts/1": Impacts,
    "narratives/1": Narratives,
    "outcomes/1": Outcomes,
    "offerings/1": Offerings,
    "pay/1": Pay,
    "evidence/1": Evidence,
    "init/1": Init,
    "join/1": Join,
    "pair/1": Pair,
    "device_added/1": DeviceAdded,
    "devices/1": Devices,
    "words/1": Words,
    "keys/1": Keys,
    "sync/1": Sync,
    "pod/1": Pod,
    "share/1": Share,
    "verify/1": Verify,
    "doctor/1": Doctor,
    "config/1": Config,
    "config_path/1": ConfigPath,
    "completion/1": Completion,
    "help/1": Help,
    "demo/1": Demo,
    "roles/1": Roles,
    "role_compare/1": RoleCompare,
    "skill_map/1": SkillMap,
    "skill_history/1": SkillHistory,
    "positions/1": Positions,
    "timeline/1": Timeline,
    "focus/1": FocusStory,
    "values/1": Values,
    "notes/1": Notes,
}


def schema() -> dict[str, Any]:
    """One JSON Schema for everything that `--json` prints; an error has null data."""
    shapes = [*OUTPUTS.values(), Warned]
    _, components = msgspec.json.schema_components(shapes, ref_template="#/$defs/{name}")
    answers = [_answer(name, {"$ref": f"#/$defs/{shape.__name__}"}) for name, shape in OUTPUTS.items()]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What mp --json prints",
        "oneOf": [*answers, _answer("error/1", {"type": "null"})],
        "$defs": components,
    }


def _answer(name: str, data: dict[str, Any]) -> dict[str, Any]:
    error: dict[str, Any] = {"$ref": "#/$defs/Warned"} if name == "error/1" else {"type": "null"}
    return {
        "type": "object",
        "properties": {
            "schema": {"const": f"milepost.{name}"},
            "data": data,
            "warnings": {"type": "array", "items": {"$ref": "#/$defs/Warned"}},
            "error": error,
        },
        "required": ["schema", "data", "warnings", "error"],
        "additionalProperties": False,
    }
