"""The operator's commands. While the server runs they ask it; otherwise they open the data themselves."""

import sys
import time
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import Annotated, Any

import msgspec
import typer

from milepost.errors import MilepostError
from milepost_server import asking, checkup, config, invites, operator, publishing, upkeep
from milepost_server.cohorts import CAPACITY_DEFAULT
from milepost_server.desk import Nothing
from milepost_server.world import SYSTEM, World

PROGRAM = "milepost-server"
FOUND_EXIT = 2
POLL_SECONDS = 0.2

# Commands take from here what `main` was given: Typer's own context is not ours to type.
_world: ContextVar[World] = ContextVar("world", default=SYSTEM)


def _group(name: str | None, help: str) -> typer.Typer:
    return typer.Typer(
        name=name,
        help=help,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


app = _group(PROGRAM, "The Milepost server: where a member's devices meet, and pods and cohorts with them.")
cohort = _group("cohort", "Cohorts.")
pod = _group("pod", "Pods.")
quarantine = _group("quarantine", "Projections that were set aside after an error.")
settings = _group("config", "The server's settings.")
for group in (cohort, pod, quarantine, settings):
    app.add_typer(group)

Data = Annotated[Path | None, typer.Option(help="The data folder; else MILEPOST_SERVER_DATA, else ./milepost-data.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def run(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Serve. Needs no configuration: listens on 127.0.0.1:8750, keeps its data in ./milepost-data."""
    # The web framework takes longer to import than every other command takes to run.
    from milepost_server import running

    # By name: `app` is the top, which nobody imports.
    create_app = resolve_name("milepost_server.app:create_app")
    running.run(
        config.load(data=_text(data), host=host, port=_text(port)), typer.echo, partial(create_app, world=_world.get())
    )


@cohort.command("open")
def cohort_open(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    start: Annotated[str, typer.Option(help="Its first day, YYYY-MM-DD.")],
    end: Annotated[str, typer.Option(help="Its last day, YYYY-MM-DD.")],
    zone: Annotated[str, typer.Option(help="The time zone its weeks are cut in.")] = "UTC",
    data: Data = None,
    json: Json = False,
) -> None:
    """Open a cohort."""
    _show(_ask(data, "cohorts/open", operator.OpenCohort(name, start, end, zone)), json)


@cohort.command("list")
def cohort_list(data: Data = None, json: Json = False) -> None:
    """List the cohorts."""
    _show(_ask(data, "cohorts/list", Nothing()), json)


@pod.command("form")
def pod_form(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    cohort: Annotated[str, typer.Option(help="The cohort it is in, by name or id.")],
    capacity: Annotated[int, typer.Option(help="How many it has room for; 3 to 5 is usual.")] = CAPACITY_DEFAULT,
    lead: Annotated[str | None, typer.Option(help="The key of the member who leads it.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Form a pod in a cohort."""
    _show(_ask(data, "pods/form", operator.FormPod(name, cohort, capacity, lead)), json)


@pod.command("list")
def pod_list(data: Data = None, json: Json = False) -> None:
    """List the pods."""
    _show(_ask(data, "pods/list", Nothing()), json)


@app.command()
def invite(
    pod: Annotated[str | None, typer.Option(help="Into this pod, by name or id.")] = None,
    cohort: Annotated[str | None, typer.Option(help="Into this cohort, but no pod yet.")] = None,
    lead: Annotated[bool, typer.Option("--lead", help="As a lead instead of a member.")] = False,
    days: Annotated[int, typer.Option(help="How many days the code works.")] = invites.DAYS_DEFAULT,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a code that lets one person in, once. It is shown now and never again."""
    role = "lead" if lead else "member"
    made = _ask(data, "invites/issue", operator.IssueInvite(pod, cohort, role, days))
    if json:
        _show(made, json)
        return
    typer.echo(made.code)
    typer.echo(f"Works once, until {made.expires}. They type: mp join SERVER {made.code}", err=True)


@app.command()
def release(
    now: Annotated[bool, typer.Option("--now", help="Publish ended weeks without waiting for 06:00.")] = False,
    cohort: Annotated[str | None, typer.Option(help="Of this cohort, by name or id, where there are several.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """List the weeks a cohort published, or publish what is missing. A week is published once, and stays."""
    _show(_ask(data, "releases/now" if now else "releases/list", publishing.OfCohort(cohort)), json)


@app.command()
def totals(
    cohort: Annotated[str | None, typer.Option(help="Of this cohort, by name or id, where there are several.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add up the pods of a cohort now; else it is done each morning at 06:00."""
    _show(_ask(data, "totals/now", publishing.OfCohort(cohort)), json)


@app.command()
def rebuild(
    member: Annotated[str | None, typer.Option(help="Only this member, by key; else everybody.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Say what the flip changes, before it.")] = False,
    data: Data = None,
) -> None:
    """Fold the views anew beside the old ones, and flip when they are complete. Readers notice nothing."""
    hold = verify and member is None
    state = _ask(data, "rebuild/begin", upkeep.Rebuild(member, hold))
    while state.behind or (state.building is not None and not (hold and state.ready)):
        time.sleep(POLL_SECONDS)
        state = _ask(data, "rebuild/state", Nothing())
    if not hold:
        typer.echo("rebuilt")
        return
    differences = _ask(data, "rebuild/difference", Nothing())
    for found in differences:
        typer.echo(f"{found.member} {found.entity}: {found.was or 'absent'} -> {found.now or 'absent'}")
    _ask(data, "rebuild/flip", Nothing())
    typer.echo(f"rebuilt; {len(differences)} views differ from the old ones")
    if differences:
        raise typer.Exit(FOUND_EXIT)


@quarantine.command("list")
def quarantine_list(data: Data = None, json: Json = False) -> None:
    """List the projections in quarantine."""
    _show(_ask(data, "quarantine/list", Nothing()), json)


@quarantine.command("retry")
def quarantine_retry(
    member: Annotated[str | None, typer.Option(help="Only this member, by key; else all.")] = None,
    data: Data = None,
) -> None:
    """Fold again what was set aside."""
    typer.echo(f"{_ask(data, 'quarantine/retry', upkeep.Retry(member)).count} let out")


@app.command()
def verify(data: Data = None) -> None:
    """Check every stored byte: places, hashes, chains, signatures. Reads only."""
    found = 0
    for finding in checkup.verify(config.load(data=_text(data))):
        found += 1
        typer.echo(f"{finding.code} {finding.stream} {finding.position}: {finding.sentence}")
    if found:
        raise typer.Exit(FOUND_EXIT)
    typer.echo("everything verifies")


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The file to write; the server key is not in it.")] = Path(""),
    data: Data = None,
) -> None:
    """Copy the database while the server goes on."""
    if target == Path(""):
        target = Path(f"milepost-{datetime.now():%Y-%m-%d-%H%M%S}.db")
    size = checkup.backup(config.load(data=_text(data)), target)
    typer.echo(f"{target}, {size} bytes. Keep the server key in another place.")


@app.command()
def doctor(data: Data = None) -> None:
    """Say how this server stands: versions, files, counts."""
    _table([("what", "how"), *checkup.doctor(config.load(data=_text(data)))])


@settings.command("list")
def config_list(json: Json = False) -> None:
    """List the settings, where each is set, and what is in force."""
    loaded = config.load()
    rows = [(s.name, s.env, config.shown(getattr(loaded, s.name)), s.help) for s in config.SETTINGS]
    if json:
        typer.echo(msgspec.json.encode({name: value for name, _, value, _ in rows}).decode())
        return
    _table([("setting", "variable", "value", "meaning"), *rows])


def _ask(data: Path | None, path: str, request: Any) -> Any:
    return asking.ask(config.load(data=_text(data)), path, request, _world.get())


def _show(answer: Any, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(answer).decode())
        return
    rows = answer if isinstance(answer, list) else [answer]
    if not rows:
        typer.echo("none")
        return
    fields = rows[0].__struct_fields__
    _table([fields, *[[config.shown(getattr(row, field)) for field in fields] for row in rows]])


def _table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def main(words: Sequence[str] | None = None, world: World = SYSTEM) -> None:
    """The program: a sentence and an exit code for everything said on purpose. `words` are those typed, if absent."""
    _world.set(world)
    try:
        app(words)
    except MilepostError as error:
        typer.echo(f"{PROGRAM}: {error}", err=True)
        sys.exit(error.exit_code)
