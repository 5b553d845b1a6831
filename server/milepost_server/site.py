"""A running server's parts, in one place: what the handlers are given."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from milepost_server.acts.desk import Desk
from milepost_server.cohort.cohorts import Cohorts
from milepost_server.config import Settings
from milepost_server.limits import Rate
from milepost_server.metrics import Metrics
from milepost_server.store import Job, Store
from milepost_server.store.keyfile import ServerKey
from milepost_server.sync.ingest import Ingest
from milepost_server.sync.session import Digests
from milepost_server.sync.wake import Hub
from milepost_server.world import World

T = TypeVar("T")


class Site(NamedTuple):
    """One server: its settings, key and data, and what its handlers share."""

    settings: Settings
    key: ServerKey
    world: World
    store: Store
    ingest: Ingest
    cohorts: Cohorts
    metrics: Metrics
    hub: Hub
    readers: ThreadPoolExecutor
    joins: Rate
    digests: Digests
    operator_token: str

    @property
    def desk(self) -> Desk:
        return Desk(self.key, self.world, self.cohorts)

    async def write(self, job: Job[T]) -> T:
        """The result of a write job, once it is durable."""
        return await asyncio.wrap_future(self.store.write(job))

    async def read(self, job: Job[T]) -> T:
        """The result of a job on one snapshot, off the event loop."""

        def look() -> T:
            with self.store.reading() as connection:
                return job(connection)

        return await asyncio.get_running_loop().run_in_executor(self.readers, look)
