"""Read models for people and their tools: SQL views over views.db, a noun each.

`sqlite3 views.db 'SELECT name, due FROM goals'`, `datasette views.db`, and the tables of `milepost export csv` are
these. Things come from their resolved view, with the name the member gave them; readings come from the rows, all of
them, since a resolved view keeps the last ones only. Every column is explained in docs/reference/read-models.md.
"""

from typing import NamedTuple

from milepost.projections.rows import ACCEPTED, ERASED, LEFT_OUT, REPEATED, STRUCK


class ReadModel(NamedTuple):
    """One SQL view: its name, and the SELECT behind it."""

    name: str
    select: str

    @property
    def statement(self) -> str:
        """What makes it."""
        return f"CREATE VIEW {self.name} AS {self.select}"


def _get(field: str, name: str = "", default: str = "") -> str:
    """A field of the resolved view, whose JSON leaves out what has its default."""
    value = f"json_extract(v.view, '$.{field}')"
    return f'{f"coalesce({value}, {default})" if default else value} AS "{name or field}"'


def _data(field: str, name: str = "", default: str = "") -> str:
    """A field of a row; a row without data holds the empty text, which is no JSON."""
    value = f"json_extract(nullif(r.data, ''), '$.{field}')"
    return f'{f"coalesce({value}, {default})" if default else value} AS "{name or field}"'


def _name_of(kind: str, id: str) -> str:
    """What the member calls the thing of a kind and an id."""
    of = f"n.kind = 'name' AND n.id = '{kind}/' || {id}"
    return f"(SELECT json_extract(n.view, '$.text') FROM view n WHERE {of})"  # noqa: S608


def _things(name: str, kind: str, *columns: str, of: str = "", is_named: bool = True) -> ReadModel:
    """A row for each thing of a kind."""
    named = [f"{_name_of(kind, 'v.id')} AS name"] if is_named else []
    listed = ", ".join(("v.id", *named, *columns))
    return ReadModel(name, f"SELECT {listed} FROM view v {of} WHERE v.kind = '{kind}'")  # noqa: S608


def _readings(name: str, kind: str, field: str, *columns: str, of: str = "", by: str = "") -> ReadModel:
    """A row for each entry that counts, of one field of the things of a kind. `by`: the column with the thing's id."""
    thing = [
        f"substr(r.entity, {len(kind) + 2}) AS {by}",
        f"{_name_of(kind, f'substr(r.entity, {len(kind) + 2})')} AS name",
    ]
    listed = ", ".join((_ON, *(thing if by else ()), *columns, "lower(hex(r.event_id)) AS event"))
    return ReadModel(
        name,
        f"SELECT {listed} FROM row r JOIN entry e ON e.event_id = r.event_id {of} "  # noqa: S608
        f"WHERE r.entity > '{kind}:' AND r.entity < '{kind};' AND r.field = '{field}' AND {_COUNTS}",
    )


def _members(name: str, kind: str, array: str, *columns: str) -> ReadModel:
    """A row for each member of an array in the resolved views of a kind."""
    listed = ", ".join(columns)
    return ReadModel(name, f"SELECT {listed} FROM view v, json_each(v.view, '$.{array}') m WHERE v.kind = '{kind}'")  # noqa: S608


def _member(field: str, name: str = "", default: str = "") -> str:
    value = f"json_extract(m.value, '$.{field}')"
    return f'{f"coalesce({value}, {default})" if default else value} AS "{name or field}"'


_ON = 'date(r."on" * 86400, \'unixepoch\') AS "on"'
# `milepost.projections.rows.is_counted`, in SQL.
_COUNTS = f"e.marks & {STRUCK | ERASED | REPEATED} = 0 AND (e.marks & {LEFT_OUT} = 0 OR e.marks & {ACCEPTED} <> 0)"
_ATTACHED = "LEFT JOIN view a ON a.kind = 'attached' AND a.id = v.id"
_MINUTES = "coalesce(json_extract(a.view, '$.minutes'), 0) AS minutes_spent"
_REFS = _get("ref", "refs")
# The things that an entry hangs off, all at once: an entry's row knows its day, not what it names.
_HUNG = """LEFT JOIN (SELECT h.event_id, h.field, json_group_array(substr(h.entity, 10)) AS refs FROM row h
    WHERE h.entity > 'attached:' AND h.entity < 'attached;' GROUP BY h.event_id, h.field) a
    ON a.event_id = r.event_id AND a.field = r.field"""
_TOUCHED = """LEFT JOIN row t ON t.event_id = r.event_id AND t.field = 'touch'
    AND t.entity > 'contact:' AND t.entity < 'contact;'"""
_PRIVATE = """LEFT JOIN row p ON p.event_id = r.event_id AND p.field = 'value'
    AND p.entity > 'aim:' AND p.entity < 'aim;'"""
_OUTPUTS = """LEFT JOIN (SELECT m.value AS milestone, count(*) AS named,
        sum(json_extract(o.view, '$.done_on') IS NOT NULL) AS done
    FROM view o, json_each(o.view, '$.milestones') m WHERE o.kind = 'output' GROUP BY m.value) o
    ON o.milestone = v.id"""
_LIKED = "LEFT JOIN view l ON l.kind = 'enjoyed' AND l.id = v.id"
_AIM = "LEFT JOIN view i ON i.kind = 'aim' AND i.id = v.id"
_CHOSEN = "EXISTS (SELECT 1 FROM view c WHERE c.kind = 'choice' AND json_extract(c.view, '$.role') = v.id)"
_MONDAY = "date(v.id, 'weekday 0', '-6 days')"


def _touch(field: str, default: str = "") -> str:
    value = f"json_extract(t.data, '$.{field}')"
    return f'{f"coalesce({value}, {default})" if default else value} AS "{field}"'


def _day_sum(what: str, name: str, condition: str) -> str:
    """A sum over what a day counts."""
    value = f"json_extract(m.value, '$.{what}')"
    return f"coalesce(sum({value}) FILTER (WHERE {condition}), 0) AS {name}"


def _counted(type: str, sort: str = "") -> str:
    of_sort = f" AND json_extract(m.value, '$.sort') = '{sort}'" if sort else ""
    return f"json_extract(m.value, '$.type') = '{type}'{of_sort}"


_DAY_COLUMNS = ", ".join(
    (
        "sum(json_extract(m.value, '$.count')) AS entries",
        _day_sum("minutes", "minutes", _counted("time.spent")),
        _day_sum("count", "goals_done", _counted("goal.closed", "done")),
        _day_sum("count", "touches", _counted("touchpoint.logged")),
        _day_sum("count", "feedback", _counted("feedback.received")),
    )
)


def _days(name: str, day: str, column: str) -> ReadModel:
    """Sums over the entries of each day, or of each Monday's week."""
    counts = "view v, json_each(v.view, '$.counts') m"
    return ReadModel(
        name,
        f"SELECT {day} AS {column}, {_DAY_COLUMNS} FROM {counts} WHERE v.kind = 'day' GROUP BY {day}",  # noqa: S608
    )


READ_MODELS = (
    _things(
        "goals", "goal", "v.standing AS status", _get("set_on"), _get("due_on", "due"), _get("first_due"),
        _get("closed_on"), _get("estimate_minutes"), _MINUTES, _get("learning", default="0"),
        _get("visible", default="0"), _get("has_test", default="0"), _get("repeat"), _get("replaces"),
        _get("replaced_by"), _REFS, of=_ATTACHED,
    ),
    _things(
        "milestones", "milestone", _get("kind"), _get("status"), _get("start"), _get("due_on", "due"),
        _get("first_due"), _get("planned_on"), _get("started_on"), _get("closed_on"), _get("blocked_on"),
        _get("obstacle"), _get("remedy"), _get("reason"), _get("buffer_days"), _get("hours_per_week"), _MINUTES,
        "coalesce(o.named, 0) AS outputs_named", "coalesce(o.done, 0) AS outputs_done",
        _get("has_measure", default="0"), _get("measure_met"), _get("hypothesis_upheld"), _get("objective"),
        _get("parent"), _get("skill"), _get("terms"), of=f"{_ATTACHED} {_OUTPUTS}",
    ),
    _things("objectives", "objective", _get("horizon"), _get("start"), _get("end"), _get("status"), _get("skill")),
    _things(
        "skills", "skill", _get("code"), _get("rated"), _get("first.rating", "first_rating"),
        _get("first.on", "first_on"), _get("ratings[#-1].rating", "rating"), _get("ratings[#-1].on", "rated_on"),
        _get("ratings[#-1].basis", "basis"), _get("target.target", "target"), _get("target.by", "target_by"),
        _get("target.method", "target_method"), _get("target.met_on", "target_met_on"),
        "json_extract(l.view, '$.enjoyment') AS enjoyment", "coalesce(json_extract(l.view, '$.avoided'), 0) AS avoided",
        "json_extract(l.view, '$.stance') AS stance", of=_LIKED,
    ),
    _readings("ratings", "skill", "rating", _data("rating"), _data("basis", default="'self'"), by="skill"),
    _readings("time", "day", "time.spent", _data("minutes"), "a.refs AS refs", of=_HUNG),
    _readings(
        "touchpoints", "day", "touchpoint.logged", _data("sort", "kind"), _data("minutes", default="0"),
        "substr(t.entity, 9) AS contact", f"{_name_of('contact', 'substr(t.entity, 9)')} AS name", _touch("questions"),
        _touch("personalised", "0"), _touch("has_agenda", "0"), _touch("has_recap", "0"), "a.refs AS refs",
        of=f"{_TOUCHED} {_HUNG}",
    ),
    _things(
        "contacts", "contact", _get("class", default="'other'"), _get("on_target_list", default="0"), _get("added_on"),
        "v.standing AS status", "(SELECT sum(c.value) FROM json_each(v.view, '$.counts') c) AS touches",
        "(SELECT max(c.value) FROM json_each(v.view, '$.last') c) AS last_touch_on", "v.due AS thanks_due_since",
    ),
    _readings("feedback", "day", "feedback.received", _data("sort", "giver"), "a.refs AS refs", of=_HUNG),
    _things(
        "metrics", "metric", _get("kind", default="'level'"), _get("unit", default="'other'"),
        _get("better", default="'up'"), _get("own", default="0"), _get("recorded", default="0"),
        "json_extract(i.view, '$.baseline') AS baseline", "json_extract(i.view, '$.target') AS target",
        "coalesce(json_extract(v.view, '$.readings[#-1].value'), json_extract(i.view, '$.value')) AS value",
        _get("readings[#-1].on", "value_on"), _REFS, of=_AIM,
    ),
    _readings(
        "readings", "metric", "reading",
        "coalesce(json_extract(nullif(r.data, ''), '$.value'), json_extract(p.data, '$.private_value')) AS value",
        _data("basis", default="'unknown'"), _data("window_days"), _data("source", default="'other'"), of=_PRIVATE,
        by="metric",
    ),
    _readings(
        "demand", "term", "sample", _data("postings", default="1"), _data("matches", default="0"),
        _data("source", default="'other'"), by="term",
    ),
    _things(
        "artifacts", "artifact", _get("kind"), _get("added_on"), _get("public", default="0"), _get("output"), _REFS
    ),
    _things("credentials", "credential", _get("earned_on"), _REFS),
    _things("impacts", "impact", "v.standing AS status", _get("stated_on"), _get("readings"), _REFS),
    _things("narratives", "narrative", _get("kind"), _get("published_on"), _REFS),
    _readings(
        "outcomes", "outcome", "recorded", "substr(r.entity, 9) AS kind", _data("count", default="1"), _data("class"),
        _data("contacts"), _data("ref", "refs"),
    ),
    _things(
        "offerings", "offering", _get("priced_on"), _get("amount"), _get("currency"), _get("per"), _get("rationale")
    ),
    _members("pay", "pay", "changes", _member("on"), _member("percentage"), _member("details")),
    _things(
        "reviews", "review", _get("held_on"), _get("held"), _get("worked_count", "worked", "0"),
        _get("adjust_count", "adjust", "0"), _get("next_goal"), is_named=False,
    ),
    _days("days", "v.id", "date"),
    _days("weeks", _MONDAY, "monday"),
    _members(
        "capacity", "capacity", "spans", _member("from_date", "from"),
        *(_member(f"minutes.{day}", day) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
    ),
    _members("focus", "focus", "changes", _member("on"), _member("mode"), _member("why")),
    _things("values_held", "value", _get("rank")),
    _things(
        "roles", "role", _get("kind", default="'target'"), _get("competencies"), _get("paths"), _get("indicators"),
        _get("brief"), f"{_CHOSEN} AS chosen",
    ),
    _members(
        "scores", "role", "scores", "v.id AS role", f"{_name_of('role', 'v.id')} AS name", _member("factor"),
        _member("score"), _member("raw"),
    ),
    _things("positions", "position", _get("kind"), _get("start"), _get("end"), _get("employer"), _get("highlights")),
    _things(
        "requests", "help", _get("to"), _get("kind"), "v.standing AS status", _get("asked_on"), _get("result"),
        _get("closed_on"), _REFS, is_named=False,
    ),
    _members(
        "consents", "consent", "grants", _get("scope"), _get("id"), _get("audience"), _member("family"),
        _member("since"), _member("until"), _member("wording", default="1"),
    ),
)  # fmt: skip
"""Every read model, in the order of the page that documents them."""
