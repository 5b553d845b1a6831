"""What happens in a run, drawn from one integer before anything happens.

A step is a kind and two numbers; whoever carries it out takes them modulo what there is to choose from, and a step
that has nothing to act on does nothing. So a schedule stays meaningful when steps are left out, which is what shrinking
does.
Each seed switches on a random subset of the faults: all at once would hide what one alone can do.
"""

from collections import Counter
from random import Random
from typing import NamedTuple

STEPS_MIN, STEPS_MAX = 40, 110


class Step(NamedTuple):
    """One step of a run."""

    kind: str
    a: int
    b: int

    def __str__(self) -> str:
        return f"{self.kind}({self.a},{self.b})"


#: What people and programs do when nothing goes wrong, with weights.
WORK = {"append": 12, "connect": 9, "pump": 30, "commit": 14, "project": 4, "wait": 5, "look": 2}

#: What goes wrong, with weights relative to WORK.
FAULTS = {
    "reset": 2.0,  # a connection is cut; frames on their way are lost
    "drop": 3.0,  # a frame is lost
    "double": 3.0,  # a frame arrives twice
    "swap": 3.0,  # two frames arrive in the other order
    "flip": 3.0,  # one bit of a frame changes
    "stall": 1.0,  # a connection stands, but nothing moves
    "crash_device": 1.5,  # a device's process dies between two steps
    "crash_device_inside": 1.5,  # ... inside the next write, before or after its commit
    "crash_server": 1.5,  # the server dies between two steps, with pushes waiting
    "crash_server_inside": 1.5,  # ... inside the next commit, before or after it
    "device_clock": 1.5,  # a device's clock jumps by up to decades
    "server_clock": 1.0,  # the server's clock jumps
    "wipe": 0.5,  # the server loses all its data
    "back_up_server": 0.7,  # the server's database is copied ...
    "restore_server": 0.7,  # ... and put back later, with what came since on the devices alone
    "erase_account": 0.4,  # a member erases their account; what a backup or a device holds must not bring it back
    "back_up": 1.0,  # a device's folder is copied ...
    "restore": 2.0,  # ... and put back later: the device is behind
}


class Schedule(NamedTuple):
    """One run: how many devices each member has, which faults may happen, and the steps."""

    seed: int
    devices: tuple[int, ...]
    faults: frozenset[str]
    steps: tuple[Step, ...]


def draw(seed: int) -> Schedule:
    """The run of a seed."""
    random = Random(seed)
    members = random.choice((1, 1, 1, 2, 2, 3))
    devices = tuple(random.choice((1, 2, 2, 2, 3)) for _ in range(members))
    faults = frozenset(kind for kind in FAULTS if random.random() < random.choice((0.1, 0.3, 0.6)))
    weights = {**WORK, **{kind: FAULTS[kind] for kind in FAULTS if kind in faults}}
    kinds = random.choices(list(weights), list(weights.values()), k=random.randint(STEPS_MIN, STEPS_MAX))
    steps = tuple(Step(kind, random.getrandbits(16), random.getrandbits(16)) for kind in kinds)
    return Schedule(seed, devices, faults, steps)


def counted(schedules: list[Schedule]) -> Counter[str]:
    """How many steps of each kind there are."""
    return Counter(step.kind for schedule in schedules for step in schedule.steps)
