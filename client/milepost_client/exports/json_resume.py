"""A résumé in the JSON Resume format, schema v1.0.0: what was earned, made, told and achieved.

Written on the member's own device, so words are in it; other people are not. Results stand where they came about: in
the milestone they are of, else in the job of that day. Nothing is made up: what has no entry has no field.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from milepost.projections.direction import Position
from milepost.projections.evidence import Artifact, Credential, Impact, Narrative
from milepost.projections.milestones import Milestone
from milepost.projections.sharing import Membership
from milepost.projections.skills import Skill
from milepost_client.pages.bullets import bullet
from milepost_client.pages.worded import texts_of
from milepost_client.views.views import Views

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
VERSION = "v1.0.0"
# Milestones that are a piece of work; the others are on the way there, unless something came of them.
_PROJECTS = frozenset({"micro_project", "project", "experiment", "sprint", "stretch"})
_RESULTS = "Results"


class _Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """An entry of a section."""


class Basics(_Entry, frozen=True, kw_only=True):
    name: str | None = None
    label: str | None = None


class Work(_Entry, frozen=True, kw_only=True):
    name: str | None = None
    position: str
    start_date: str
    end_date: str | None = None
    highlights: tuple[str, ...] = ()


class Education(_Entry, frozen=True, kw_only=True):
    institution: str | None = None
    area: str
    start_date: str
    end_date: str | None = None


class Certificate(_Entry, frozen=True, kw_only=True):
    name: str
    date: str
    issuer: str | None = None
    url: str | None = None


class Publication(_Entry, frozen=True, kw_only=True):
    name: str
    release_date: str
    url: str | None = None
    summary: str | None = None


class Rated(_Entry, frozen=True, kw_only=True):
    name: str
    level: str


class Project(_Entry, frozen=True, kw_only=True):
    name: str
    description: str | None = None
    highlights: tuple[str, ...] = ()
    start_date: str | None = None
    end_date: str | None = None
    url: str | None = None
    type: str | None = None


class Meta(_Entry, frozen=True, kw_only=True):
    version: str
    last_modified: str


class Resume(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of it. Every section is there, an empty one as an empty list: themes count on that."""

    schema: str = msgspec.field(default=SCHEMA, name="$schema")
    basics: Basics
    work: tuple[Work, ...]
    education: tuple[Education, ...]
    certificates: tuple[Certificate, ...]
    publications: tuple[Publication, ...]
    skills: tuple[Rated, ...]
    projects: tuple[Project, ...]
    meta: Meta

    @property
    def counts(self) -> dict[str, int]:
        """How many entries each section has, and how many highlights there are in all."""
        return {
            "work": len(self.work),
            "education": len(self.education),
            "certificates": len(self.certificates),
            "publications": len(self.publications),
            "skills": len(self.skills),
            "projects": len(self.projects),
            "highlights": sum(len(job.highlights) for job in self.work)
            + sum(len(project.highlights) for project in self.projects),
        }


def written(resume: Resume) -> bytes:
    """The file."""
    return msgspec.json.format(msgspec.json.encode(resume), indent=2) + b"\n"


def resume_of(views: Views, now_ms: int, *, name: str | None = None, public_only: bool = False) -> Resume:
    """The résumé that the views make.

    `name` is what to be called, else the name in the pod; `public_only` leaves artifacts out that are not public.
    """
    return _Writer(views, public_only=public_only).resume(now_ms, name)


class _Writer:
    """What one résumé is made of."""

    def __init__(self, views: Views, *, public_only: bool) -> None:
        self._views = views
        self._positions = sorted(views.all(Position), key=lambda one: one.start, reverse=True)
        self._milestones = sorted(views.all(Milestone), key=lambda one: (one.start, one.id))
        self._impacts = sorted(views.all(Impact), key=lambda one: (one.stated_on, one.head("stated") or ""))
        artifacts = sorted(views.all(Artifact), key=lambda one: (one.added_on, one.head("added") or ""))
        self._artifacts = [one for one in artifacts if one.public or not public_only]

    def resume(self, now_ms: int, name: str | None) -> Resume:
        stamp = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Resume(
            basics=self._basics(name),
            work=tuple(self._work()),
            education=tuple(
                Education(institution=one.employer, area=one.title, start_date=one.start, end_date=one.end)
                for one in self._positions
                if one.kind == "study"
            ),
            certificates=tuple(self._certificates()),
            publications=tuple(self._publications()),
            skills=tuple(self._skills()),
            projects=(*self._projects(), *self._loose_artifacts(), *self._loose_results()),
            meta=Meta(version=VERSION, last_modified=stamp),
        )

    def _basics(self, name: str | None) -> Basics:
        pod = self._views.get(Membership, "pod")
        present = next((one.title for one in self._jobs() if one.end is None), None)
        return Basics(name=name or (pod.name if pod else None), label=present)

    def _jobs(self) -> list[Position]:
        return [one for one in self._positions if one.kind != "study"]

    def _work(self) -> Iterator[Work]:
        for job in self._jobs():
            results = [self._bullet(impact) for impact in self._impacts if self._job_of(impact) is job]
            yield Work(
                name=job.employer,
                position=job.title,
                start_date=job.start,
                end_date=job.end,
                highlights=(*job.highlights, *results),
            )

    def _certificates(self) -> Iterator[Certificate]:
        names = self._views.names("credential")
        for one in sorted(self._views.all(Credential), key=lambda one: (one.earned_on, one.id), reverse=True):
            words = texts_of(self._views.log, one, "earned")
            if one.id in names:
                yield Certificate(
                    name=names[one.id],
                    date=one.earned_on,
                    issuer=_text(words.get("issuer")),
                    url=_text(words.get("link")),
                )

    def _publications(self) -> Iterator[Publication]:
        names = self._views.names("narrative")
        for one in sorted(self._views.all(Narrative), key=lambda one: (one.published_on, one.id), reverse=True):
            link = _text(texts_of(self._views.log, one, "published").get("link"))
            if one.id in names:
                yield Publication(name=names[one.id], release_date=one.published_on, url=link, summary=_said(one.kind))

    def _skills(self) -> Iterator[Rated]:
        names = self._views.names("skill")
        rated = [one for one in self._views.all(Skill) if one.current is not None and one.id in names]
        for one in sorted(rated, key=lambda one: (-(one.current or 0), names[one.id])):
            yield Rated(name=names[one.id], level=f"{one.current} of 5")

    # Projects, and what came of them

    def _projects(self) -> Iterator[Project]:
        names = self._views.names("milestone")
        for one in self._milestones:
            results = [self._bullet(impact) for impact in self._impacts if one.id in impact.ref]
            made = [artifact for artifact in self._artifacts if one.id in artifact.ref]
            is_work = one.status == "completed" and one.kind in _PROJECTS
            if one.id not in names or not (is_work or results):
                continue
            result = _text(texts_of(self._views.log, one, "status").get("result"))
            yield Project(
                name=names[one.id],
                description="; ".join(filter(None, (result, *map(self._named, made)))) or None,
                highlights=tuple(results),
                start_date=one.started_on or one.start,
                end_date=one.closed_on,
                url=next((link for link in map(self._link, made) if link), None),
                type=_said(one.kind),
            )

    def _loose_artifacts(self) -> Iterator[Project]:
        """Artifacts of no project."""
        shown = {one.id for one in self._milestones if one.status == "completed" and one.kind in _PROJECTS}
        shown |= {ref for impact in self._impacts for ref in impact.ref}
        for one in self._artifacts:
            if not shown & set(one.ref):
                yield Project(name=self._named(one), end_date=one.added_on, url=self._link(one), type=_said(one.kind))

    def _loose_results(self) -> Iterator[Project]:
        """Impacts of no project and no job."""
        results = [self._bullet(one) for one in self._impacts if not self._has_project(one) and not self._job_of(one)]
        if results:
            yield Project(name=_RESULTS, highlights=tuple(results))

    def _has_project(self, impact: Impact) -> bool:
        return any(one.id in impact.ref for one in self._milestones)

    def _job_of(self, impact: Impact) -> Position | None:
        """The job of the day on which an impact of no milestone was stated."""
        if self._has_project(impact):
            return None
        day = impact.stated_on
        return next((job for job in self._jobs() if job.start <= day and (job.end is None or day <= job.end)), None)

    def _bullet(self, impact: Impact) -> str:
        return bullet(texts_of(self._views.log, impact, "stated"))

    def _named(self, artifact: Artifact) -> str:
        return self._views.name("artifact", artifact.id) or _said(artifact.kind)

    def _link(self, artifact: Artifact) -> str | None:
        return _text(texts_of(self._views.log, artifact, "added").get("link"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _said(kind: str) -> str:
    return kind.replace("_", " ")
