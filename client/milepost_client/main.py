"""The way in: `milepost`, also installed as `mp`.

A daily word in its common form takes the fast path, which imports the standard library and the append path alone; all
else goes to the full command line. Whatever happens is said in one sentence, and a traceback never reaches a member.
"""

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper

from milepost.errors import MilepostError, StorageError
from milepost_client.answer import Flags, is_unicode, take_flags, write_error
from milepost_client.device.world import SYSTEM, World

INTERRUPTED = 130


def main() -> None:
    """Run the command that was typed, and end the process with its exit code."""
    # Collecting garbage while modules are imported costs a daily word milliseconds, and frees nothing.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not is_unicode(stream):
            stream.reconfigure(errors="replace")
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # Whoever read our output has gone; there is nobody left to tell.
            code = code or 1
    # Not sys.exit: tearing the interpreter down costs a daily word 3-4 ms, and everything is on the disk by now.
    os._exit(code)


def run(argv: Sequence[str], environ: Mapping[str, str] = os.environ, world: World = SYSTEM) -> int:
    """Run one command and return its exit code. Never raises for anything that a member could meet."""
    flags, rest = take_flags([_as_typed(argument) for argument in argv])
    try:
        return _answered(rest, flags, environ, world)
    except MilepostError as error:
        return write_error(error, flags)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; what was saved before stays saved\n")
        return INTERRUPTED
    except BrokenPipeError:
        # `mp log | head`: the reader has seen enough, and the last words of this process go nowhere.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return 0
    except OSError as error:
        return write_error(_refused(error), flags)
    except Exception as error:  # noqa: BLE001 -- the last door: a traceback never reaches a member
        return _bug(error, flags)


def _as_typed(argument: str) -> str:
    """An argument without what a script or a text with the line endings of Windows adds to it."""
    return argument.replace("\r\n", "\n").removesuffix("\r")


def _answered(rest: list[str], flags: Flags, environ: Mapping[str, str], world: World) -> int:
    from milepost_client import fast

    code = fast.run(rest, flags, environ, world)
    if code is None:
        gc.enable()
        from milepost_client.cli.app import run as run_app

        code = run_app(rest, flags, environ, world)
    return code


def _refused(error: OSError) -> StorageError:
    """What to say of a disk, a pipe or a device that took no more, wherever it was met."""
    about = error.filename or "where the output goes"
    reason = (error.strerror or type(error).__name__).lower()
    return StorageError(f"{about} refuses: {reason}", remedy="what was recorded before is safe: mp log")


def _bug(error: Exception, flags: Flags) -> int:
    if flags.debug:
        from traceback import print_exception

        print_exception(error)
    about = MilepostError(
        f"this is a bug in milepost: {type(error).__name__}: {error}",
        code="bug",
        remedy="run it again with --debug and send us what it prints; nothing recorded is lost",
    )
    return write_error(about, flags)
