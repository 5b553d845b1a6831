"""What the four texts advise, line by line as docs/practices.md has it, is the same on a second device after a sync."""

import json
import shlex
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from milepost_client.device.world import SYSTEM
from milepost_client.main import run
from tests.support.cli import Device
from tests.support.practices import PRACTICES, TEXTS
from tests.support.processes import ServerProcess
from tests.support.typed_pairing import pair

FOUR = TEXTS[:4]
# What a device says of itself: how much it has to send, what the server took, whether the twelve words are to be saved.
OF_A_DEVICE = {"unsent", "received", "words_saved"}


def typed(device: Device, line: str) -> dict[str, object]:
    """The data of a line, typed in this very process, which must succeed."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run([*shlex.split(line)[1:], "--json"], {"MILEPOST_HOME": str(device.home)}, SYSTEM)
    assert code == 0, f"{line}\n{out.getvalue()}{err.getvalue()}"
    data = json.loads(out.getvalue())["data"]
    assert isinstance(data, dict)
    return data


def shared(value: object) -> object:
    """What a view shows of the member, without what it shows of the device."""
    match value:
        case dict():
            return {key: shared(item) for key, item in value.items() if key not in OF_A_DEVICE}
        case list():
            return [shared(item) for item in value]
        case _:
            return value


@pytest.mark.parametrize("text", FOUR)
def test_every_view_of_a_text_is_the_same_on_a_second_device_after_a_sync(text: str, tmp_path: Path):
    laptop, phone = Device(tmp_path / "laptop"), Device(tmp_path / "phone")
    practices = [one for one in PRACTICES if one.text == text]
    with ServerProcess(tmp_path / "server") as server:
        server.pod()
        laptop.mp("join", server.url, server.invite(), "--name", "Mara")
        pair(laptop, phone, server.url)
        about = ""
        for line in (line for one in practices for line in one.commands):
            said = typed(laptop, shlex.join(about if word == "ID" else word for word in shlex.split(line)))
            subject = said.get("subject")
            about = str(subject["id"]) if isinstance(subject, dict) else ""
        for device in (laptop, phone):
            device.mp("sync")
        views = dict.fromkeys(view for one in practices for view in one.views)
        for view in (view for view in views if not view.startswith(("mp export", "mp config"))):
            assert shared(typed(phone, view)) == shared(typed(laptop, view)), view
        assert phone.data("verify")["clean"]
