"""Devices, keys, sync."""

from milepost_client.cli.shapes.shape import Day, Shape


class Init(Shape):
    """init/1."""

    path: str
    made: bool


class Join(Shape):
    """join/1. `role` is member or lead; `pushed` is null where the first sync has to be tried again."""

    server: str
    role: str
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


class Recover(Shape):
    """recover/1. `keys` are the user keys that the words opened."""

    server: str
    pulled: int
    keys: int
    copied: int
    set_aside: str | None


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


class Erased(Shape):
    """erased/1: an account, what was on this device, or both. `receipt` is the server's signature; instants are UTC.

    By `swept_by` the server's files hold nothing of it. `devices` are the others of the account, which keep theirs.
    """

    server: str | None
    erased_at: str | None
    receipt: str | None
    swept_by: str | None
    local: bool
    devices: list[str]


class Sync(Shape):
    """sync/1. `set_agrees` is null where nothing was compared."""

    server: str
    pushed: int
    pulled: int
    unsent: int
    position: int
    set_agrees: bool | None
    clock_off_ms: int


SHAPES: dict[str, type[Shape]] = {
    "init/1": Init,
    "join/1": Join,
    "pair/1": Pair,
    "recover/1": Recover,
    "device_added/1": DeviceAdded,
    "devices/1": Devices,
    "words/1": Words,
    "keys/1": Keys,
    "sync/1": Sync,
    "erased/1": Erased,
}
