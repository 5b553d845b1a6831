"""What every page stands in: its headers, its navigation, and the templates it is drawn with."""

from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response

from milepost_server.dashboard import deeds, figures, moments, pictures
from milepost_server.dashboard.assets import ASSETS
from milepost_server.reads import rules

# Everything from this server and nothing inline: text that a member wrote can never become a script.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HTML = "text/html"


class NavItem(NamedTuple):
    """A page in the navigation. `waiting` is how much waits there."""

    title: str
    url: str
    is_here: bool
    waiting: int = 0


class CohortLink(NamedTuple):
    """A cohort in the switch."""

    name: str
    url: str
    is_here: bool


class Typed(dict[str, str]):
    """The fields of a form that was refused, so that they stand there again; empty for those it had not."""

    def __missing__(self, name: str) -> str:
        return ""


class Said(NamedTuple):
    """What is said of the form that was just sent: that it was done, or why not and by which field."""

    done: str = ""
    refused: str = ""
    typed: Typed = Typed()
    code: str = ""
    field: str = ""

    def keeps(self, act: str, of: str = "") -> bool:
        """Whether a form was refused and stands there again; `of` tells it from others like it, by an id it carries."""
        return bool(self.refused) and self.typed["act"] == act and (not of or of in self.typed.values())


class Frame(NamedTuple):
    """What surrounds a page of somebody who is signed in. `is_whole`: they lead the cohort, and not only pods of it."""

    cohort: str
    cohort_name: str
    zone: str
    today: str
    server_url: str
    form_token: str
    nav: list[NavItem]
    cohorts: list[CohortLink]
    is_whole: bool = False


_ENVIRONMENT = Environment(
    loader=PackageLoader("milepost_server.dashboard"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ENVIRONMENT.globals["assets"] = {name: asset.url for name, asset in ASSETS.items()}
for part in (deeds, figures, moments, pictures, rules):
    _ENVIRONMENT.globals.update(part.FUNCTIONS)


def draw(template: str, /, **context: Any) -> bytes:
    """A template as bytes."""
    return _ENVIRONMENT.get_template(template).render(**context).encode()


def page(template: str, /, status_code: int = 200, **context: Any) -> Response[bytes]:
    """A template as an answer."""
    return answer(draw(template, **context), status_code)


def answer(body: bytes, status_code: int = 200) -> Response[bytes]:
    """A page that was drawn, as an answer."""
    headers = {"content-security-policy": POLICY}
    return Response(body, status_code=status_code, media_type=HTML, headers=headers)
