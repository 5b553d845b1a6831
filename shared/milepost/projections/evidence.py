"""Evidence: artifacts. Rows of `artifact:ID`: `added`; of `output:ID`: `artifact` (see `milestones`)."""

from milepost.projections.calendar import iso_day
from milepost.projections.milestones import Artifact as Delivered
from milepost.projections.rows import Cell, key
from milepost.projections.view import Facts, Kind, View, data_of
from milepost.projections.writes import Replacing, Writes


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


def _added(facts: Facts) -> tuple[Cell, ...]:
    added = Cell(key("artifact", facts["artifact"]), "added", data_of(facts, ArtifactAdded))
    output = facts.get("output")
    if output is None:
        return (added,)
    return (added, Cell(key("output", output), "artifact", Delivered(facts["artifact"])))


def resolve(id: str, writes: Writes) -> Artifact | None:
    """The artifact, or None when nothing that added it stands."""
    added = writes.single("added", ArtifactAdded, is_worded=True)
    if added is None:
        return None
    data = added.data
    return Artifact(
        id=id,
        added_on=iso_day(min(said.on for said in writes.ordered("added", ArtifactAdded))),
        kind=data.kind,
        public=data.public,
        output=data.output,
        ref=data.ref,
        heads=writes.heads,
    )


FOLDERS = {"artifact.added": _added}
KINDS = {"artifact": Kind(resolve, Artifact)}
