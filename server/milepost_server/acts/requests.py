"""The act on requests for help: a lead answers in a sentence, which reaches the member's inbox."""

import msgspec

from milepost.ids import base64url
from milepost_server.acts.act import COHORT_LEAD, POD_LEAD, Act, Done, Scene
from milepost_server.acts.finding import not_led
from milepost_server.cohort import weeks
from milepost_server.reads.people import Names
from milepost_server.reads.requests import AnswerInfo, asker_of


class AnswerRequest(msgspec.Struct, frozen=True):
    """Answer an open request, by its id, in a sentence."""

    help: str
    text: str


def answer(scene: Scene, asked: AnswerRequest) -> Done:
    """An answer that was given."""
    reader, asker = scene.actor.reader, asker_of(scene.connection, asked.help)
    if reader is None or asker is None:
        raise not_led()
    scene.append(("help.answered", {"help": asked.help, "text": asked.text, "by": base64url(reader.user)}))
    by = Names(scene.connection, scene.cohort.stream).of(reader.user)
    return Done(AnswerInfo(asked.text, by, weeks.instant(scene.desk.world.now_ms())), (asker.user,))


ACTS = {
    # The operator answers nobody: an answer names the person who gives it.
    "requests/answer": Act(
        AnswerRequest,
        AnswerInfo,
        frozenset((COHORT_LEAD, POD_LEAD)),
        lambda finder, asked: finder.help(asked.help),
        answer,
    ),
}
