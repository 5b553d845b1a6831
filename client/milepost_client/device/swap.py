"""A new home takes the place of an old one: pairing a device that has a log already.

The new home is built whole in a folder of its own, then named `paired` in one step; from then on the swap can be
finished, after any crash, by whoever opens the log next. The old log and its keys are set aside, whole, never
deleted.
"""

import os
import shutil

from milepost_client.device.home import Home, make_folder, refused, sync_folder, write_file

_ASIDE = "aside"
"""Names, inside the new home, the folder that takes the old log: a swap that is finished twice must not make two."""


def building_place(home: Home) -> Home:
    """An empty home to build the new one in. What an earlier attempt left there is removed: it was never used."""
    home.prepare()
    place = Home(os.path.join(home.path, "pairing"))
    try:
        shutil.rmtree(place.path, ignore_errors=False)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise refused(place.path, error) from None
    place.prepare()
    return place


def swap_in(home: Home, built: Home) -> str | None:
    """Put a built home in place; returns the folder in which the old log now lies, if there was one."""
    aside = _free_name(home)
    write_file(os.path.join(built.path, _ASIDE), aside.encode("utf-8"))
    had_log = os.path.exists(home.log)
    try:
        os.rename(built.path, home.paired)
        sync_folder(home.path)
    except OSError as error:
        raise refused(home.paired, error) from None
    finish(home)
    return os.path.join(home.path, aside) if had_log else None


def finish(home: Home) -> None:
    """Finish a swap that was begun; does nothing twice. Raises StorageError, and can be called again then."""
    new = Home(home.paired)
    try:
        if os.path.exists(new.log):
            with open(os.path.join(new.path, _ASIDE), encoding="utf-8") as file:
                aside = Home(os.path.join(home.path, file.read()))
            _set_aside(home, new, aside)
            _move_in(new, home)
        if os.path.exists(new.path):
            shutil.rmtree(new.path)
            sync_folder(home.path)
    except OSError as error:
        raise refused(home.paired, error) from None


def _set_aside(home: Home, new: Home, aside: Home) -> None:
    """Move the old keys, then the old log: while the log is here, everything old is still to be moved."""
    if not os.path.exists(home.log):
        return
    make_folder(aside.path)
    if os.path.exists(home.keys) and os.path.exists(new.keys):
        os.rename(home.keys, aside.keys)
    for cache in (home.views, f"{home.views}-wal", f"{home.views}-shm"):
        if os.path.exists(cache):
            os.unlink(cache)
    journal = f"{home.log}-journal"
    if os.path.exists(journal):
        # It belongs to the old log: a new log beside it would be rolled back into nonsense.
        os.rename(journal, f"{aside.log}-journal")
    os.rename(home.log, aside.log)
    sync_folder(aside.path)


def _move_in(new: Home, home: Home) -> None:
    """Move the new keys, then the new log: once the log has gone from there, everything is in place."""
    if os.path.exists(new.keys):
        os.rename(new.keys, home.keys)
    os.rename(new.log, home.log)
    sync_folder(home.path)


def _free_name(home: Home) -> str:
    number = 1
    while os.path.exists(os.path.join(home.path, f"set-aside-{number}")):
        number += 1
    return f"set-aside-{number}"
