"""Whether anything was stored since a page was drawn: one that refreshes itself costs nothing while nothing was."""

import threading


class Pulse:
    """Counts commits. One lead's page asks each second; most seconds the answer is that nothing is new."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._beats = 0

    def beat(self) -> None:
        """Something was committed. Called from the writer's thread."""
        with self._lock:
            self._beats += 1

    def tag(self, now_ms: int) -> str:
        """An entity tag for what is drawn now. It lasts a minute at most: pages say how old things are."""
        return f'"{self._beats}-{now_ms // 60_000}"'
