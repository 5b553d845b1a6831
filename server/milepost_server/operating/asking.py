"""How a command reaches the data: through the running server, or by itself when none runs.

Both ways run the same functions (`milepost_server.operating.operator.ACTIONS`). The lock of the data folder decides
which: who cannot take it asks the process that has it.
"""

import http.client
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec

from milepost.errors import Ambiguous, CheckRefused, NotFound, Unreachable, UsageError, UserError
from milepost_server.acts.desk import Desk
from milepost_server.cohort.cohorts import Cohorts
from milepost_server.config import Settings
from milepost_server.operating.folder import find_operator, open_store
from milepost_server.operating.operator import ACTIONS
from milepost_server.projection.projector import Projector
from milepost_server.store import DataInUse, keyfile
from milepost_server.world import SYSTEM, World

ANSWER_SECONDS = 600
# What a refusal is when it comes over HTTP, so that a command ends with one exit code whether a server runs or not.
_REFUSALS: dict[int, type[UserError]] = {400: UsageError, 404: NotFound, 422: CheckRefused}

#: ask(path, request) -> answer; the types are those of the action.
Ask = Callable[[str, Any], Any]


def ask(settings: Settings, path: str, request: Any, world: World = SYSTEM) -> Any:
    """The answer of the action at `path`. Raises what the action raises, or Unreachable."""
    try:
        store = open_store(settings)
    except DataInUse:
        return _over_http(settings, path, request)
    try:
        key = keyfile.load(settings.key_path, world.random, store)
        desk = Desk(key, world, Cohorts(key, world))
        answer = store.write(lambda connection: ACTIONS[path].run(connection, desk, request)).result()
        # No server runs, so what its projector would do next is done here.
        Projector(store, world).catch_up()
        return answer
    finally:
        store.close()


def _over_http(settings: Settings, path: str, request: Any) -> Any:
    operator = find_operator(settings)
    target = urlsplit(operator.url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=ANSWER_SECONDS)
    headers = {"Authorization": f"Bearer {operator.token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", f"/v1/admin/{path}", msgspec.json.encode(request), headers)
        answer = connection.getresponse()
        body = answer.read()
    except OSError as error:
        raise Unreachable(f"the server at {operator.url} does not answer: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise _refusal(answer.status, body)
    return msgspec.json.decode(body, type=ACTIONS[path].answer)


def _refusal(status: int, body: bytes) -> UserError:
    try:
        problem = msgspec.json.decode(body)
        detail, code = str(problem["detail"]), str(problem["code"])
        kind = Ambiguous if code == Ambiguous.code else _REFUSALS.get(status, UserError)
        return kind(detail, code=code)
    except (msgspec.DecodeError, KeyError, TypeError):
        return UserError("the server refused without a reason", code="refused")
