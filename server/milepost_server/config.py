"""What an operator can set, all of it optional: `milepost-server run` works without any.

One table, SETTINGS, is read by the server, by `milepost-server config list` and by the reference page.
"""

import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from milepost.errors import UsageError

PREFIX = "MILEPOST_SERVER_"
DATA_FOLDER = "milepost-data"
SOFTWARE = f"milepost-server {version('milepost')}"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The server's settings, checked."""

    host: str = "127.0.0.1"
    port: int = 8750
    data: Path = Path(DATA_FOLDER)
    key: Path | None = None
    url: str = ""
    name: str = "Milepost"
    origins: tuple[str, ...] = ()
    sockets_per_address: int = 64
    joins_per_minute: int = 20
    log_level: str = "info"
    shutdown_seconds: int = 10

    @property
    def key_path(self) -> Path:
        """Where the server key is: apart from the data when the operator says so."""
        return self.key if self.key is not None else self.data / "server.key"

    @property
    def names(self) -> frozenset[str]:
        """The names under which clients may dial this server: a proof made for another name is refused."""
        local = {"localhost", "127.0.0.1", "::1", self.host}
        public = urlsplit(self.url).hostname if self.url else None
        return frozenset(local | ({public} if public else set()))


class Setting(NamedTuple):
    """One setting: its field in Settings, its variable, its default as typed, and a sentence."""

    name: str
    env: str
    default: str
    help: str


def _setting(name: str, default: str, help: str) -> Setting:
    return Setting(name, PREFIX + name.upper(), default, help)


SETTINGS = (
    _setting("host", "127.0.0.1", "the address to listen on; behind a proxy in a container: 0.0.0.0"),
    _setting("port", "8750", "the port to listen on; 0 takes a free one"),
    _setting("data", DATA_FOLDER, "the folder of the database and the operator's file; made with mode 0700"),
    _setting(
        "key", "", "the file of the server key; empty: server.key in the data folder. Back it up apart from the data"
    ),
    _setting("url", "", "the address members type, such as https://milepost.example.org; empty: host and port"),
    _setting("name", "Milepost", "what the server calls itself when a member joins"),
    _setting(
        "origins",
        "",
        "origins of web pages that may open a socket, separated by spaces; empty: none but this server's own",
    ),
    _setting("sockets_per_address", "64", "how many sockets one network address may hold"),
    _setting("joins_per_minute", "20", "how many times a minute one network address may try an invite or a pairing"),
    _setting("log_level", "info", "debug, info, warning or error; logs are JSON lines on standard error"),
    _setting("shutdown_seconds", "10", "how long open connections may take to end when the server stops"),
)

_LEVELS = ("debug", "info", "warning", "error")
# The least and the most that make sense; beyond them a typing mistake is likelier than a wish.
_RANGES = {
    "port": (0, 65_535),
    "sockets_per_address": (1, 100_000),
    "joins_per_minute": (1, 100_000),
    "shutdown_seconds": (0, 600),
}


def load(environment: Mapping[str, str] = os.environ, **given: str | None) -> Settings:
    """The settings from the environment, with what was `given` on the command line on top.

    Raises UsageError naming the variable, its value and what would do.
    """
    values: dict[str, object] = {}
    for setting in SETTINGS:
        text = given.get(setting.name) or environment.get(setting.env, "")
        if text:
            values[setting.name] = _parse(setting, text)
    return Settings(**values)  # type: ignore[arg-type]  # `_parse` gives each field its own type


def _parse(setting: Setting, text: str) -> object:
    match setting.name:
        case "port" | "sockets_per_address" | "joins_per_minute" | "shutdown_seconds":
            return _number(setting, text)
        case "data" | "key":
            return Path(text)
        case "origins":
            return tuple(text.split())
        case "log_level" if text not in _LEVELS:
            raise UsageError(
                f"{setting.env}={text} is not one of {', '.join(_LEVELS)}", remedy=f"try {setting.env}=info"
            )
        case "url" if urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname:
            raise UsageError(f"{setting.env}={text} is not an address", remedy="try https://milepost.example.org")
        case _:
            return text


def _number(setting: Setting, text: str) -> int:
    low, high = _RANGES[setting.name]
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise UsageError(f"{setting.env}={text} is not {low}..{high}", remedy=f"try {setting.env}={setting.default}")
    return int(text)


def reference() -> str:
    """The page docs/reference/server-config.md, written from SETTINGS."""
    rows = [f"| `{s.env}` | {f'`{s.default}`' if s.default else ''} | {s.help} |" for s in SETTINGS]
    return "\n".join(
        [
            "# Settings of the server",
            "",
            "Environment variables, all optional. `milepost-server config list` shows the values in force.",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def shown(value: object) -> str:
    """A value as an operator would type it."""
    match value:
        case None | ():
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return " ".join(map(str, value))
        case _:
            return str(value)
