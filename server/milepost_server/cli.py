"""The operator's commands. While the server runs they ask it; otherwise they open the data themselves."""

import sqlite3
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import Annotated

import msgspec
import typer

from milepost.errors import MilepostError
from milepost_server import config
from milepost_server.acts.desk import Nothing
from milepost_server.operating import administering, checkup, publishing, restoring, upkeep
from milepost_server.operating.console import Data, Json, ask, group, show, table, text
from milepost_server.operating.console import world as current
from milepost_server.operating.folder import address
from milepost_server.signin import links as signin
from milepost_server.world import SYSTEM, World

PROGRAM = "milepost-server"
FOUND_EXIT = 2
POLL_SECONDS = 0.2

app = group(PROGRAM, "The Milepost server: where a member's devices meet, and pods and cohorts with them.")
quarantine = group("quarantine", "Projections that were set aside after an error.")
settings = group("config", "The server's settings.")
for each in (administering.cohort, administering.pod, administering.invite, quarantine, settings):
    app.add_typer(each)


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
        config.load(data=text(data), host=host, port=text(port)), typer.echo, partial(create_app, world=current.get())
    )


@app.command()
def release(
    now: Annotated[bool, typer.Option("--now", help="Publish ended weeks without waiting for 06:00.")] = False,
    cohort: Annotated[str | None, typer.Option(help="Of this cohort, by name or id, where there are several.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """List the weeks a cohort published, or publish what is missing. A week is published once, and stays."""
    show(ask(data, "releases/now" if now else "releases/list", publishing.OfCohort(cohort)), as_json=json)


@app.command()
def totals(
    cohort: Annotated[str | None, typer.Option(help="Of this cohort, by name or id, where there are several.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add up the pods of a cohort now; else it is done each morning at 06:00."""
    show(ask(data, "totals/now", publishing.OfCohort(cohort)), as_json=json)


@app.command()
def dashboard(
    member: Annotated[str, typer.Argument(help="Who leads: a name that is the only one, or a key.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a link into the dashboard for somebody who leads. It works once, for ten minutes, and is shown now only."""
    loaded = config.load(data=text(data))
    made = ask(data, "dashboard/link", signin.SignIn(member))
    if json:
        show(made, as_json=json)
        return
    typer.echo(address(loaded) + made.path)
    typer.echo(f"Works once, until {made.expires}.", err=True)


@app.command()
def rebuild(
    member: Annotated[str | None, typer.Option(help="Only this member, by key; else everybody.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Say what the flip changes, before it.")] = False,
    data: Data = None,
) -> None:
    """Fold the views anew beside the old ones, and flip when they are complete. Readers notice nothing."""
    hold = verify and member is None
    state = ask(data, "rebuild/begin", upkeep.Rebuild(member, hold))
    while state.behind or (state.building is not None and not (hold and state.ready)):
        time.sleep(POLL_SECONDS)
        state = ask(data, "rebuild/state", Nothing())
    if not hold:
        typer.echo("rebuilt")
        return
    differences = ask(data, "rebuild/difference", Nothing())
    for found in differences:
        typer.echo(f"{found.member} {found.entity}: {found.was or 'absent'} -> {found.now or 'absent'}")
    ask(data, "rebuild/flip", Nothing())
    typer.echo(f"rebuilt; {len(differences)} views differ from the old ones")
    if differences:
        raise typer.Exit(FOUND_EXIT)


@quarantine.command("list")
def quarantine_list(data: Data = None, json: Json = False) -> None:
    """List the projections in quarantine."""
    show(ask(data, "quarantine/list", Nothing()), as_json=json)


@quarantine.command("retry")
def quarantine_retry(
    member: Annotated[str | None, typer.Option(help="Only this member, by key; else all.")] = None,
    data: Data = None,
) -> None:
    """Fold again what was set aside."""
    typer.echo(f"{ask(data, 'quarantine/retry', upkeep.Retry(member)).count} let out")


@app.command()
def verify(data: Data = None) -> None:
    """Check every stored byte: places, hashes, chains, signatures. Reads only."""
    found = 0
    for finding in checkup.verify(config.load(data=text(data))):
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
    size = checkup.backup(config.load(data=text(data)), target)
    typer.echo(f"{target}, {size} bytes. Keep the server key in another place.")


@app.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    data: Data = None,
) -> None:
    """Put a backup in the place of the database, while no server runs; what was erased since stays erased."""
    done = restoring.restore(config.load(data=text(data)), backup, current.get().random)
    typer.echo(f"restored {backup}: {done.members} members, {done.events} events, {done.erasures} erasures kept")
    if done.before:
        typer.echo(f"What was there before is in {done.before}; delete it once all is well.", err=True)


@app.command()
def doctor(data: Data = None) -> None:
    """Say how this server stands: versions, files, counts."""
    table([("what", "how"), *checkup.doctor(config.load(data=text(data)))])


@settings.command("list")
def config_list(json: Json = False) -> None:
    """List the settings, where each is set, and what is in force."""
    loaded = config.load()
    rows = [(s.name, s.env, config.shown(getattr(loaded, s.name)), s.help) for s in config.SETTINGS]
    if json:
        typer.echo(msgspec.json.encode({name: value for name, _, value, _ in rows}).decode())
        return
    table([("setting", "variable", "value", "meaning"), *rows])


def main(words: Sequence[str] | None = None, world: World = SYSTEM) -> None:
    """The program: a sentence and an exit code for everything said on purpose. `words` are those typed, if absent."""
    current.set(world)
    try:
        app(words)
    except MilepostError as error:
        typer.echo(f"{PROGRAM}: {error}", err=True)
        sys.exit(error.exit_code)
    except sqlite3.DatabaseError as damage:
        typer.echo(f"{PROGRAM}: the database cannot be read: {damage}; restore a backup, or mend the disk", err=True)
        sys.exit(FOUND_EXIT)
    except ModuleNotFoundError as missing:
        # The base install brings this program too, without what it serves with.
        if not missing.name or missing.name.startswith("milepost"):
            raise
        typer.echo(f"{PROGRAM}: {missing.name} is not installed; in the clone: pip install '.[server]'", err=True)
        sys.exit(1)
