"""A home that has taken a place in a pod, without a server: for what is typed there and not sent."""

from datetime import date
from pathlib import Path

from milepost_client.answer import Flags
from milepost_client.device.world import World
from milepost_client.pod import membership
from milepost_client.pod.membership import Place
from milepost_client.recording.commands import Plan
from milepost_client.terminal import Terminal
from tests.support.histories import some_id

POD, COHORT = some_id("pod", 0), some_id("cohort", 0)
PLACE = Place(POD, "Harbour", COHORT, "Spring", "2026-07-05", "2026-03-04", ("Sam", "Noor"), ("Dana",))


def take_place(home: Path, world: World, place: Place = PLACE, name: str = "Mara") -> None:
    """Take the place that is offered, under a name; without a name it stays an offer."""
    where = Terminal(Flags(), {"MILEPOST_HOME": str(home)}, world)
    with where.desk() as desk:
        desk.log.append([])
        membership.keep(desk.log, place)
        intents = (membership.joining(place, name),) if name else ()
        desk.record(Plan(intents, "pod joined", None, date(2026, 3, 4), (), "mp pod"))
