"""Evidence that can be shown: artifacts, credentials, impacts, narratives. Their titles and words stay private.

Rows of `artifact:ID`: `added`; of `output:ID`: `artifact` (see `milestones`). Rows of `credential:ID`: `earned`; of
`impact:ID`: `stated`; of `narrative:ID`: `published`. The rest of the family has files of its own, gathered below.
"""

from milepost.projections import demand, money, outcomes
from milepost.projections.calendar import iso_day
from milepost.projections.milestones import Artifact as Delivered
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import Data, Replacing, Said, Writes


class ArtifactAdded(Replacing, frozen=True, omit_defaults=True):
    """Data of `added`."""

    kind: str = "other"
    public: bool = False
    output: str | None = None
    ref: tuple[str, ...] = ()


class Artifact(View, frozen=True, kw_only=True, omit_defaults=True):
    """Something made that can be shown."""

    id: str
    added_on: str
    kind: str
    public: bool = False
    output: str | None = None
    ref: tuple[str, ...] = ()

    @property
    def standing(self) -> str:
        return "public" if self.public else "private"


class CredentialEarned(Replacing, frozen=True, omit_defaults=True):
    """Data of `earned`."""

    ref: tuple[str, ...] = ()


class Credential(View, frozen=True, kw_only=True, omit_defaults=True):
    """A certificate, degree or badge."""

    id: str
    earned_on: str
    ref: tuple[str, ...] = ()


class ImpactStated(Replacing, frozen=True, omit_defaults=True):
    """Data of `stated`."""

    readings: tuple[str, ...] = ()
    ref: tuple[str, ...] = ()


class Impact(View, frozen=True, kw_only=True, omit_defaults=True):
    """An achievement in one line; `readings` are the entries it rests on."""

    id: str
    stated_on: str
    readings: tuple[str, ...] = ()
    ref: tuple[str, ...] = ()

    @property
    def standing(self) -> str:
        return "measured" if self.readings else "claimed"


class NarrativePublished(Replacing, frozen=True, omit_defaults=True):
    """Data of `published`."""

    kind: str = "article"
    ref: tuple[str, ...] = ()


class Narrative(View, frozen=True, kw_only=True, omit_defaults=True):
    """An article, a video or a talk about the way here."""

    id: str
    published_on: str
    kind: str
    ref: tuple[str, ...] = ()


def _artifact(facts: Facts) -> tuple[Cell, ...]:
    added = Cell(key("artifact", facts["artifact"]), "added", data_of(facts, ArtifactAdded))
    output = facts.get("output")
    if output is None:
        return (added,)
    return (added, Cell(key("output", output), "artifact", Delivered(facts["artifact"])))


def _credential(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("credential", facts["credential"]), "earned", data_of(facts, CredentialEarned)),)


def _impact(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("impact", facts["impact"]), "stated", data_of(facts, ImpactStated)),)


def _narrative(facts: Facts) -> tuple[Cell, ...]:
    return (Cell(key("narrative", facts["narrative"]), "published", data_of(facts, NarrativePublished)),)


def resolve(id: str, writes: Writes) -> Artifact | None:
    """The artifact, or None when nothing that added it stands."""
    added = writes.single("added", ArtifactAdded, is_worded=True)
    if added is None:
        return None
    data = added.data
    return Artifact(
        id=id,
        added_on=_first_day(writes.ordered("added", ArtifactAdded)),
        kind=data.kind,
        public=data.public,
        output=data.output,
        ref=data.ref,
        heads=writes.heads,
    )


def resolve_credential(id: str, writes: Writes) -> Credential | None:
    """The credential, or None when nothing that earned it stands."""
    earned = writes.single("earned", CredentialEarned, is_worded=True)
    if earned is None:
        return None
    first = _first_day(writes.ordered("earned", CredentialEarned))
    return Credential(id=id, earned_on=first, ref=earned.data.ref, heads=writes.heads)


def resolve_impact(id: str, writes: Writes) -> Impact | None:
    """The impact, or None when nothing that stated it stands."""
    stated = writes.single("stated", ImpactStated, is_worded=True)
    if stated is None:
        return None
    first = _first_day(writes.ordered("stated", ImpactStated))
    data = stated.data
    return Impact(id=id, stated_on=first, readings=data.readings, ref=data.ref, heads=writes.heads)


def resolve_narrative(id: str, writes: Writes) -> Narrative | None:
    """The narrative, or None when nothing that published it stands."""
    published = writes.single("published", NarrativePublished, is_worded=True)
    if published is None:
        return None
    first = _first_day(writes.ordered("published", NarrativePublished))
    data = published.data
    return Narrative(id=id, published_on=first, kind=data.kind, ref=data.ref, heads=writes.heads)


def _first_day(story: list[Said[Data]]) -> str:
    """The earliest day of a story: an edit next week does not make a thing younger."""
    return iso_day(min(said.on for said in story))


FOLDERS = {
    **demand.FOLDERS,
    **outcomes.FOLDERS,
    "artifact.added": _artifact,
    "credential.earned": _credential,
    "impact.stated": _impact,
    "narrative.published": _narrative,
}
KINDS = {
    **demand.KINDS,
    **outcomes.KINDS,
    **money.KINDS,
    "artifact": Kind(resolve, Artifact),
    "credential": Kind(resolve_credential, Credential),
    "impact": Kind(resolve_impact, Impact),
    "narrative": Kind(resolve_narrative, Narrative),
}
