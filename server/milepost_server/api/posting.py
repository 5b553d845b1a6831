"""Routes made from a table, one for each thing that can be asked for: their bodies, and how they are described."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import post

from milepost.errors import UsageError


def asked_for(body: bytes, type_: Any) -> Any:
    """What a body asks for; none asks for what needs no word. Raises UsageError for one that does not fit."""
    try:
        return msgspec.json.decode(body or b"{}", type=type_)
    except msgspec.DecodeError as error:
        raise UsageError(f"the request does not fit: {error}") from None


def route(
    handle: Callable[..., Awaitable[Any]], path: str, group: str, *, tag: str, says: str | None, answer: Any
) -> Any:
    """The route at `path`, called after `group` and it in the description, which has `says` and the answer's shape."""
    name = f"{group}_{path.strip('/').replace('/', '_')}"
    handle.__doc__, handle.__name__ = says, name
    handle.__annotations__["return"] = answer
    return post(path, status_code=200, tags=[tag], operation_id=name)(handle)
