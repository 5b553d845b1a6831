"""The member's editor, for texts too long for a command line."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping

from milepost.errors import UsageError

_FALLBACK = "vi"


def edit(text: str, editor: str, environ: Mapping[str, str]) -> str:
    """`text` as the member leaves it in their editor. Raises UsageError when the editor fails or leaves nothing."""
    command = editor or environ.get("VISUAL") or environ.get("EDITOR") or _FALLBACK
    # A private folder, removed with what is in it: editors leave copies of what they edit beside it.
    with tempfile.TemporaryDirectory(prefix="milepost-") as folder:
        path = os.path.join(folder, "text.md")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        _run([*shlex.split(command), path], command)
        with open(path, encoding="utf-8") as file:
            edited = file.read().strip()
    if not edited:
        raise UsageError("the text is empty, so nothing was written", code="missing")
    return edited


def _run(argv: list[str], command: str) -> None:
    try:
        ended = subprocess.run(argv, check=False)  # noqa: S603 -- the member's own choice of editor
    except OSError as error:
        raise UsageError(f"the editor {command!r} cannot be run: {error.strerror}", remedy="set EDITOR") from None
    if ended.returncode:
        raise UsageError(f"the editor {command!r} ended with {ended.returncode}, so nothing was written")
