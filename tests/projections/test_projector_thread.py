"""Two projectors on threads over a real store on the disk, beside the writes they fold."""

import time
from datetime import date
from pathlib import Path

from milepost.chain import Batch
from milepost_server.projection import readmodels
from milepost_server.projection.projector import ProjectorThread
from milepost_server.store import Job, streams
from milepost_server.store.sqlite import SqliteStore
from milepost_server.sync.ingest import Ingest, Push
from milepost_server.world import SYSTEM
from tests.support.devices import Member
from tests.support.histories import GOAL, some_id
from tests.support.stores import SERVER_KEY

EVENTS = 60
WAIT_SECONDS = 30


def test_two_projectors_and_a_stream_that_grows_meanwhile_count_every_event_once(tmp_path: Path):
    store = SqliteStore(tmp_path, incarnation=bytes(16))
    ingest, member = Ingest(bytes(16), SERVER_KEY.public), Member()
    stream = store.write(lambda connection: streams.open_stream(connection, member.user, streams.MEMBER)).result()
    device = member.device()

    def pushing(batch: Batch) -> Job[object]:
        return lambda connection: ingest.push(connection, member.user, Push(batch), 0)

    threads = [ProjectorThread(store, SYSTEM) for _ in range(2)]
    for thread in threads:
        store.on_commit(thread.wake)
        thread.start()
    pushed = 0
    for number in range(EVENTS):
        device.write("goal.set", {"goal": some_id("goal", number), **GOAL})
        store.write(pushing(device.batch(device.events[pushed:]))).result()
        pushed = len(device.events)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with store.reading() as connection:
            if not readmodels.behind(connection, streams.get(connection, stream.n)).is_pending:
                break
        time.sleep(0.01)
    for thread in threads:
        thread.stop()
    with store.reading() as connection:
        found = streams.get(connection, stream.n)
        assert readmodels.behind(connection, found) == readmodels.Behind(EVENTS + 1, False)
        assert readmodels.progress_of(connection, found, date(2026, 1, 1)).goals.open == EVENTS
    store.close()
