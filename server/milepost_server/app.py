"""The application, wired top to bottom: settings, key, store, sessions, handlers."""

import random
from concurrent.futures import ThreadPoolExecutor

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig

from milepost.sync.server import Place
from milepost_server.api import (
    access,
    acts,
    admin,
    cohorts,
    erasure,
    figures,
    health,
    meeting,
    member,
    people,
    problems,
    progress,
    signin,
    wording,
)
from milepost_server.api.described import DescribedJson, DescribedYaml
from milepost_server.api.journal import Journal
from milepost_server.cohort.cohorts import Cohorts
from milepost_server.config import SOFTWARE, Settings
from milepost_server.dashboard.pulse import Pulse
from milepost_server.dashboard.router import ROUTER as DASHBOARD
from milepost_server.figures.timetable import TimetableThread
from milepost_server.limits import Rate
from milepost_server.metrics import Metrics
from milepost_server.projection import readmodels
from milepost_server.projection.projector import ProjectorThread
from milepost_server.serving import App
from milepost_server.site import Site
from milepost_server.store import Store
from milepost_server.store.keyfile import ServerKey
from milepost_server.sync.ingest import Ingest
from milepost_server.sync.session import Meeting
from milepost_server.sync.socket import Lobby, socket_handler
from milepost_server.sync.wake import Hub
from milepost_server.world import SYSTEM, World

BODY_BYTES_MAX = 64 * 1024
READ_THREADS = 4
# A stopped server's sockets come back spread over this many seconds, not all at once.
RETURN_SECONDS = 10


def create_app(settings: Settings, key: ServerKey, store: Store, operator_token: str, world: World = SYSTEM) -> App:
    """Wire one server. The store is the caller's to close, after the application has shut down."""
    metrics, hub, pulse = Metrics(), Hub(), Pulse()
    ingest = Ingest(store.incarnation, key.public)
    readers = ThreadPoolExecutor(READ_THREADS, thread_name_prefix="milepost-reader")
    place = Place(names=settings.names, key_id=key.key_id, key=key.public, software=SOFTWARE)
    site = Site(
        settings=settings,
        key=key,
        world=world,
        store=store,
        ingest=ingest,
        cohorts=Cohorts(key, world),
        metrics=metrics,
        hub=hub,
        readers=readers,
        joins=Rate(settings.joins_per_minute, settings.joins_per_minute, world.now_ms),
        digests=readmodels.digest_messages,
        operator_token=operator_token,
    )
    sessions = Meeting(key, ingest, world, place, site.digests)
    lobby = Lobby(settings, sessions, store, hub, metrics, readers)
    projector = ProjectorThread(store, world)
    timetable = TimetableThread(store, site.cohorts, world)
    store.on_commit(metrics.commits.inc)
    store.on_commit(projector.wake)
    store.on_commit(pulse.beat)
    litestar = Litestar(
        route_handlers=[
            socket_handler(lobby),
            *health.HANDLERS,
            *meeting.HANDLERS,
            *member.HANDLERS,
            *erasure.HANDLERS,
            *progress.HANDLERS,
            *figures.HANDLERS,
            *cohorts.HANDLERS,
            *people.HANDLERS,
            acts.ROUTER,
            *signin.HANDLERS,
            *wording.HANDLERS,
            admin.ROUTER,
            DASHBOARD,
        ],
        dependencies={
            "site": Provide(lambda: site, sync_to_thread=False),
            "bearer": Provide(access.provide_bearer),
            "pulse": Provide(lambda: pulse, sync_to_thread=False),
        },
        exception_handlers=problems.HANDLERS,
        openapi_config=_openapi(),
        request_max_body_size=BODY_BYTES_MAX,
        logging_config=None,
        state=State({"site": site}),
        on_startup=[projector.start, timetable.start],
        on_shutdown=[timetable.stop, projector.stop, lambda: readers.shutdown(wait=True)],
    )

    def farewell() -> None:
        lobby.is_closing = True
        for party in hub:
            party.farewell(1 + random.randrange(RETURN_SECONDS))  # noqa: S311 - spreads load, guards nothing

    return App(Journal(litestar, metrics), store, farewell)


def _openapi() -> OpenAPIConfig:
    # Without the usual viewers: their pages load scripts from a content network.
    return OpenAPIConfig(
        title="Milepost server",
        version=SOFTWARE.rpartition(" ")[2],
        description="Reads for members, the invite, pairing, administration. Sync itself is the socket at /sync.",
        render_plugins=[DescribedJson(admin.BODIES | acts.BODIES), DescribedYaml(admin.BODIES | acts.BODIES)],
        use_handler_docstrings=True,
        path="/schema",
    )
