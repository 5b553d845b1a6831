"""Figures for Prometheus: counts and times, no names. A registry per application, so tests do not share one."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4"
# A route is counted under its pattern: an id in a label would make a series each, and tell who asked for what.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """What one server counts."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.requests = Counter(
            "milepost_http_requests", "HTTP requests answered.", ["method", "route", "status"], registry=registry
        )
        self.seconds = Histogram(
            "milepost_http_request_seconds", "Time to answer.", ["route"], buckets=SECONDS, registry=registry
        )
        self.sockets = Gauge("milepost_sockets", "Open sockets.", registry=registry)
        self.refused_sockets = Counter(
            "milepost_sockets_refused", "Sockets refused before they were accepted.", ["reason"], registry=registry
        )
        self.frames = Counter("milepost_frames", "Frames on sockets.", ["direction"], registry=registry)
        self.events = Counter("milepost_events_ingested", "Events made durable.", registry=registry)
        self.pushes = Counter("milepost_pushes", "Pushes answered.", ["outcome"], registry=registry)
        self.commits = Counter("milepost_commits", "Transactions committed.", registry=registry)
        self.waiting = Gauge("milepost_writes_waiting", "Jobs that wait for the writer.", registry=registry)
        self.behind = Gauge("milepost_streams_behind", "Streams with a work marker.", registry=registry)
        self.lag = Gauge("milepost_events_behind", "Events that projections have still to fold.", registry=registry)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
