"""`evidence`: each kind is recorded by its own word, and read with `list` after it."""

from collections.abc import Callable
from typing import Any

import typer

from milepost_client.answer import Answer
from milepost_client.cli.frame import Command, Group, new_app, terminal
from milepost_client.cli.recording import command
from milepost_client.pages import portfolio
from milepost_client.recording.declare import Word
from milepost_client.views.views import Views
from milepost_client.words.evidence import ARTIFACT, CREDENTIAL, DEMAND, IMPACT, NARRATIVE
from milepost_client.words.outcomes import OFFERING, OUTCOME, PAY

LIST = "list"


class Kinds(Group):
    """The kinds of evidence: after a kind a lone `list` is a verb, not text, as after a daily word."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if len(args) > 1 and args[1] == LIST and args[0] != LIST:
            args = [f"{args[0]} {LIST}", *args[2:]]
        return super().resolve_command(ctx, args)


app = new_app()
evidence = typer.Typer(
    cls=Kinds,
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Keep what the market asks for, what you made and earned, what it changed, and what came of it.

    mp evidence demand CSPO 19/50
    mp evidence artifact "Retention dashboard" --kind dashboard --of sprint
    mp evidence list
    """,
)
app.add_typer(evidence, name="evidence")

_KINDS: tuple[tuple[Word, Callable[[Views], Answer], str], ...] = (
    (DEMAND, portfolio.demand_listed, "List what postings ask for, the most asked for first, with the sample."),
    (ARTIFACT, portfolio.artifacts_listed, "List your portfolio, the newest first."),
    (CREDENTIAL, portfolio.credentials_listed, "List credentials, the newest first."),
    (IMPACT, portfolio.impacts_listed, "List impacts as lines of a résumé, with the readings they rest on."),
    (NARRATIVE, portfolio.narratives_listed, "List what you published, the newest first."),
    (OUTCOME, portfolio.outcomes_listed, "List what came of it, each kind counted on its own."),
    (OFFERING, portfolio.offerings_listed, "List what you offer, with prices; on your devices only."),
    (PAY, portfolio.pay_listed, "List changes of pay; on your devices only."),
)


@evidence.command(LIST, cls=Command)
def list_(ctx: typer.Context) -> Answer:
    """List how much evidence there is of each kind.

    mp evidence list
    """
    with terminal(ctx).views() as views:
        return portfolio.evidence_listed(views)


def _listing(name: str, listed: Callable[[Views], Answer], sentence: str) -> Callable[[typer.Context], Answer]:
    def run(ctx: typer.Context) -> Answer:
        with terminal(ctx).views() as views:
            return listed(views)

    run.__doc__ = f"{sentence}\n\n    mp {name} {LIST}"
    return run


for _word, _listed, _sentence in _KINDS:
    _kind = _word.name.rpartition(" ")[2]
    evidence.command(_kind, cls=Command)(command(_word))
    evidence.command(f"{_kind} {LIST}", cls=Command)(_listing(_word.name, _listed, _sentence))
