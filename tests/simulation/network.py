"""A network that keeps frames in order inside a connection, until it is told to misbehave."""

from collections import deque


class Wire:
    """One connection: frames on their way up to the server and down to the device."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.up: deque[bytes] = deque()
        self.down: deque[bytes] = deque()
        self.is_open = True
        # A partition: the connection stands, nothing moves, and neither side can tell.
        self.is_stuck = False

    def queue(self, direction: str) -> deque[bytes]:
        return self.up if direction == "up" else self.down

    def cut(self) -> None:
        """Reset: what was on its way is lost."""
        self.is_open = False
        self.up.clear()
        self.down.clear()

    def drop(self, direction: str) -> bool:
        """Lose the next frame without a word; a real network would reset, a broken proxy does this."""
        queue = self.queue(direction)
        if not queue:
            return False
        queue.popleft()
        return True

    def double(self, direction: str) -> bool:
        """Deliver the next frame twice."""
        queue = self.queue(direction)
        if not queue:
            return False
        queue.appendleft(queue[0])
        return True

    def swap(self, direction: str) -> bool:
        """Deliver the next two frames in the other order."""
        queue = self.queue(direction)
        if len(queue) < 2:
            return False
        first, second = queue.popleft(), queue.popleft()
        queue.appendleft(first)
        queue.appendleft(second)
        return True

    def flip(self, direction: str, at: int) -> bool:
        """Flip one bit of the next frame: TCP's checksum misses about one in 65,536."""
        queue = self.queue(direction)
        if not queue or not queue[0]:
            return False
        frame = bytearray(queue[0])
        frame[at % len(frame)] ^= 1 << (at % 8)
        queue[0] = bytes(frame)
        return True
