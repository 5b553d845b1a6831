"""Hypothesis strategies for events, parts, clocks and receipts."""

from hypothesis import strategies as st

from milepost import event as events
from milepost.chain import Receipt
from milepost.event import INTEGER_MAX, ZERO, Event, Part

bytes16 = st.binary(min_size=16, max_size=16)
bytes32 = st.binary(min_size=32, max_size=32)
u32 = st.integers(0, (1 << 32) - 1)
u63 = st.integers(0, INTEGER_MAX)
milliseconds = st.integers(0, (1 << 47) - 1)
salts = bytes16
# JSON texts end in no zero byte; nothing else about them matters to the log.
texts = st.binary(max_size=200).map(lambda raw: b"{" + raw + b"}")
parts = st.builds(Part, salts, texts)
type_names = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=64)
# Every date a person can write: the years 1 to 9999.
days = st.integers(-719_162, 2_932_896)
offsets = st.integers(-840, 840)


@st.composite
def single_events(draw: st.DrawFn) -> Event:
    """Any event of format 1, at any place, with any parts."""
    return events.make(
        user=draw(bytes16),
        device=draw(bytes16),
        epoch=draw(u32),
        seq=draw(st.integers(1, INTEGER_MAX)),
        hlc=draw(u63),
        nonce=draw(st.binary(min_size=10, max_size=10)),
        on=draw(days),
        offset=draw(offsets),
        type=draw(type_names),
        version=draw(st.integers(0, 65535)),
        prev=draw(bytes32),
        facts=draw(st.none() | parts),
        private=draw(st.none() | parts),
    )


@st.composite
def wire_runs(draw: st.DrawFn, size_max: int = 8) -> list[Event]:
    """Consecutive events as they stand on the wire or on a server: parts present, erased, or sealed."""
    user, device, epoch, prev = draw(bytes16), draw(bytes16), draw(u32), draw(bytes32)
    first_seq = draw(st.integers(1, INTEGER_MAX - 2000))
    names = draw(st.lists(type_names, min_size=1, max_size=3))
    run = []
    for number in range(draw(st.integers(1, size_max))):
        event = events.make(
            user=user,
            device=device,
            epoch=epoch,
            seq=first_seq + number,
            hlc=draw(u63),
            nonce=draw(st.binary(min_size=10, max_size=10)),
            on=draw(days),
            offset=draw(offsets),
            type=draw(st.sampled_from(names)),
            version=draw(st.integers(0, 65535)),
            prev=prev,
            facts=draw(st.none() | parts),
            private=draw(st.none() | parts),
        )
        prev = event.hash
        run.append(_as_held(event, draw(st.booleans()), draw(st.none() | st.binary(max_size=100))))
    return run


def _as_held(event: Event, keeps_facts: bool, sealed: bytes | None) -> Event:
    return event._replace(
        facts=event.facts if keeps_facts else None,
        private=None,
        sealed=sealed if event.private_commitment != ZERO else None,
    )


receipts = st.builds(
    Receipt,
    key_id=bytes16,
    incarnation=bytes16,
    user=bytes16,
    device=bytes16,
    epoch=u32,
    first_seq=u63,
    last_seq=u63,
    last_hash=bytes32,
    first_position=u63,
    received_at=u63,
    signature=st.binary(min_size=64, max_size=64),
)
