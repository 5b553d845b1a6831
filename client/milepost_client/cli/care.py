"""`verify`, `repair` and `doctor`."""

from typing import Annotated

import typer

from milepost_client.answer import Answer, Look
from milepost_client.care.verify import Line, Verdict
from milepost_client.care.verify import verify as verify_home
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.render.wrapped import wrapped

app = new_app()
FINDINGS_EXIT = 7


@app.command("verify", cls=Command)
def verify(
    ctx: typer.Context,
    server: Annotated[bool, typer.Option("--server", help="compare with the server too")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="check every signature")] = False,
) -> Answer:
    """Check that every stored byte is what was hashed and signed. It only reads.

    mp verify
    mp verify --deep --server
    """
    from milepost_client.care.checking import drift_of, server_side

    where = terminal(ctx)
    other = server_side(where) if server else None
    verdict = verify_home(where.home, where.world, deep=deep, server=other, drift=drift_of(where.home))
    data = {
        "clean": not verdict.codes,
        "codes": verdict.codes,
        "checked": list(verdict.checked),
        "lines": [_line(line) for line in verdict.lines],
        "findings": [finding._asdict() for finding in verdict.findings],
    }

    def text(look: Look) -> list[str]:
        return list(_text(verdict, look))

    return Answer("verify/1", data, text, [_row(line) for line in verdict.lines], exit_code=verdict.exit_code)


def _line(line: Line) -> dict[str, object]:
    from milepost.ids import base64url

    return {
        "device": base64url(line.device),
        "epoch": line.epoch,
        "own": line.is_own,
        "events": line.events,
        "received": line.received,
        "head": base64url(line.head),
        "codes": line.codes,
        "findings": [finding._asdict() for finding in line.findings],
    }


def _row(line: Line) -> tuple[str, str, int, int, str, str]:
    from milepost.ids import base64url

    name = base64url(line.device)[:6] + (" (this one)" if line.is_own else "")
    lag = "all sent" if line.received == line.events else f"{line.events - line.received} to send"
    return name, f"{line.epoch:08x}", line.events, line.received, lag, " ".join(line.codes) or "ok"


def _text(verdict: Verdict, look: Look) -> list[str]:
    rows = [(row[0], row[1], row[2], row[4], row[5]) for row in map(_row, verdict.lines)]
    lines = table(("device", "epoch", "events", "", ""), rows, look, styles=("bold", "dim"))
    found = [*verdict.findings, *(finding for line in verdict.lines for finding in line.findings)]
    lines += [f"  {look.paint(finding.code, 'bad')} {finding.sentence}" for finding in found]
    total = sum(line.events for line in verdict.lines)
    worst = "damage" if verdict.exit_code == 2 else "notices"
    state, style = (worst, "bad") if verdict.codes else ("clean", "good")
    first, *rest = wrapped(f"{counted(total, 'event')}: {state}; looked at {', '.join(verdict.checked)}", look)
    return [*lines, first.replace(state, look.paint(state, style), 1), *rest]


@app.command("repair", cls=Command)
def repair(ctx: typer.Context) -> Answer:
    """Make a whole log of what is sound here and what the server has; the damaged one is set aside, untouched.

    mp repair
    """
    from os.path import basename

    from milepost.errors import UsageError
    from milepost_client.care.repairing import Repaired, damage
    from milepost_client.care.repairing import repair as repair_home

    where = terminal(ctx)
    codes = damage(where.home, where.world)
    if codes and not where.confirm(f"Found {', '.join(codes)}. A log is made of what is sound; this one is set aside."):
        raise UsageError("nothing was changed", code="confirm", remedy="copy the folder first, if you like")
    done = repair_home(where.home, where.world, codes) if codes else Repaired(())

    def text(look: Look) -> list[str]:
        if not codes:
            return ["nothing is damaged, nothing was changed"]
        lines = [f"{look.paint('✓', 'good')} repaired: {', '.join(codes)}"]
        if done.set_aside:
            lines.append(f"  {done.kept} events were sound here, {done.received} came back from the server")
            lines.append(f"  {done.copied} entries that only this device had were copied")
            lines.append(f"  the damaged log lies in {basename(done.set_aside)}, in the same folder")
        return [*lines, *(f"  {look.paint('left behind:', 'bad')} {one}" for one in done.left_behind)]

    records = [("left_behind", one) for one in done.left_behind]
    talk = ("next: mp verify --deep",) if codes else ()
    return Answer("repair/1", {**done._asdict(), "codes": list(codes)}, text, records, talk=talk)


@app.command("doctor", cls=Command)
def doctor(
    ctx: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="end with 7 when anything is found")] = False,
) -> Answer:
    """Look whether this machine is set up well: versions, folders, keys, and which `mp` comes first.

    mp doctor
    mp doctor --strict
    """
    from milepost_client.care.doctor import examine

    points = list(examine(terminal(ctx)))
    found = [point for point in points if not point.is_well]
    data = {"findings": len(found), "points": [point._asdict() for point in points]}

    def text(look: Look) -> list[str]:
        rows = [("✓" if point.is_well else "!", point.name, point.says) for point in points]
        return [*table(("", "", ""), rows, look), counted(len(found), "finding") if found else "all is well"]

    records = [("ok" if point.is_well else "finding", point.name, point.says) for point in points]
    return Answer("doctor/1", data, text, records, exit_code=FINDINGS_EXIT if strict and found else 0)
