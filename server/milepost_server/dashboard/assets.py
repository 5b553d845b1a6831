"""The stylesheet, the script and the icon, read once. Their addresses carry a digest: browsers keep them for good."""

from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from litestar import Response, get
from litestar.params import FromPath

from milepost.errors import NotFound

PATH = "/dashboard/static"
DIGEST_CHARS = 12
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Asset(NamedTuple):
    """One file: its bytes, its media type, and the address that pages load it by."""

    body: bytes
    media_type: str
    url: str


def _read(name: str) -> Asset:
    body = (files("milepost_server.dashboard") / "static" / name).read_bytes()
    digest = sha256(body).hexdigest()[:DIGEST_CHARS]
    return Asset(body, _TYPES[name.rpartition(".")[2]], f"{PATH}/{name}?{digest}")


ASSETS = {name: _read(name) for name in ("milepost.css", "milepost.js", "milepost.svg")}


@get("/static/{name:str}", include_in_schema=False)
async def asset(name: FromPath[str]) -> Response[bytes]:
    """A file that pages load. Nobody has to be signed in for it: the door is drawn with it too."""
    found = ASSETS.get(name)
    if found is None:
        raise NotFound(f"no file {name}")
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(found.body, media_type=found.media_type, headers=headers)
