"""Verifying, settings, help."""

from typing import Any

from milepost_client.cli.shapes.shape import Shape, Thing
from milepost_client.cli.shapes.sharing import Pod
from milepost_client.cli.shapes.standing import Counts


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


class Repair(Shape):
    """repair/1. `codes` is what was found; `left_behind` names the events that are lost."""

    codes: list[str]
    kept: int
    received: int
    copied: int
    left_behind: list[str]
    set_aside: str | None


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


class Version(Shape):
    """version/1."""

    version: str


class Help(Shape):
    """help/1."""

    topic: str
    text: str


class Demo(Shape):
    """demo/1."""

    milestones: list[Thing]
    milestone_counts: Counts
    people: dict[str, Any]
    skills: list[Thing]
    pod: Pod
    pods: list[dict[str, Any]]
    dashboard: str
    digest: str
    digests_equal: bool
    clean: bool
    events: int
    seconds: float


SHAPES: dict[str, type[Shape]] = {
    "verify/1": Verify,
    "repair/1": Repair,
    "doctor/1": Doctor,
    "config/1": Config,
    "config_path/1": ConfigPath,
    "completion/1": Completion,
    "help/1": Help,
    "version/1": Version,
    "demo/1": Demo,
}
