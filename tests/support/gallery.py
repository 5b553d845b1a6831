"""The drawn pages of the dashboard over HTTP, under its own policy: what a browser sees where no server is needed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from milepost_server.dashboard.assets import ASSETS, PATH
from milepost_server.dashboard.frame import POLICY
from tests.support import drawn_doors, drawn_pages

HTML = "text/html; charset=utf-8"


@contextmanager
def gallery() -> Iterator[str]:
    """The address of the gallery, as long as it is open: /PAGE/STATE below it is that page in that state."""
    drawn = [*drawn_pages.every(), *drawn_doors.every()]
    with shown({f"/{each.page}/{each.state}": each.html for each in drawn}) as url:
        yield url


@contextmanager
def shown(pages: Mapping[str, bytes]) -> Iterator[str]:
    """The address below which some pages are, with what they load."""
    files = {path: (html, HTML) for path, html in pages.items()}
    files |= {f"{PATH}/{name}": (asset.body, asset.media_type) for name, asset in ASSETS.items()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, media_type = files.get(self.path.partition("?")[0], (b"", "text/plain"))
            self.send_response(200 if body else 404)
            self.send_header("content-type", media_type)
            self.send_header("content-security-policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing of each request."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
