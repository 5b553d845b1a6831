"""`sync`: one round, or stay connected."""

import sys
from typing import Annotated

import typer

from milepost_client.answer import Answer, Look, Text, Warn, clean
from milepost_client.cli.frame import Command, new_app, terminal
from milepost_client.sync.session import Notice
from milepost_client.sync.sync import SyncReport

app = new_app()


@app.command("sync", cls=Command)
def sync(
    ctx: typer.Context,
    watch: Annotated[bool, typer.Option("--watch", help="stay connected until interrupted")] = False,
) -> Answer:
    """Exchange entries with your server: once, or for as long as it runs.

    mp sync
    mp sync --watch
    """
    where = terminal(ctx)
    if watch:
        from milepost_client.pod.rounds import Rounds
        from milepost_client.sync.sync import watch as stay

        with Rounds(where) as rounds:

            def tell(news: SyncReport | Notice) -> None:
                if isinstance(news, SyncReport):
                    rounds.settle(news)
                    sys.stdout.write("\n".join(_lines(news)(Look())) + "\n")
                else:
                    sys.stderr.write(f"{clean(news.sentence)}\n")
                sys.stdout.flush()

            stay(where.home, where.world, tell)
    from milepost_client.pod.rounds import synced

    return answer(synced(where))


def answer(report: SyncReport) -> Answer:
    """What a round came to."""
    data = {
        "server": report.server_url,
        "pushed": report.pushed,
        "pulled": report.pulled,
        "unsent": report.unsent,
        "position": report.position,
        "set_agrees": report.set_agrees,
        "clock_off_ms": report.clock_off_ms,
    }
    warnings = [Warn(notice.code.lower(), notice.sentence) for notice in report.notices]
    if report.set_agrees is False:
        warnings.append(
            Warn("set_differs", "this device and the server differ", remedy="look with: mp verify --server")
        )
    return Answer("sync/1", data, _lines(report), [tuple(data.values())], warnings)


def _lines(report: SyncReport) -> Text:
    def text(look: Look) -> list[str]:
        state = {True: ", both ends hold the same", False: ", the two ends differ", None: ""}[report.set_agrees]
        counts = f"{report.pushed} sent, {report.pulled} received, {report.unsent} to sync"
        return [f"{look.paint('✓', 'good')} synced with {report.server_url}: {counts}{state}"]

    return text
