"""Timelines of GraphQL: what happened to an issue or pull request, in order of time."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.fake_github.graphql_connections import Resolver, connection
from tests.fake_github.records import Event, Issue, Json
from tests.fake_github.render import moment

if TYPE_CHECKING:
    from tests.fake_github.graphql_views import Views


def timeline(views: "Views", thread: Issue) -> Resolver:
    """Return the resolver of `timelineItems`."""

    def resolve(info: object, **given: Any) -> Json:
        wanted, since = given.get("itemTypes"), given.get("since")
        found = [
            event
            for event in thread.events
            if (wanted is None or _item_type(event) in wanted)
            and (since is None or event.created_at >= datetime.fromisoformat(since))
        ][given.get("skip") or 0 :]

        def view(event: Event) -> Json:
            return _view(views, thread, event)

        page = connection("timelineItems", found, view)(info, **given)
        return {**page, "updatedAt": moment(thread.updated_at)}

    return resolve


def _item_type(event: Event) -> str:
    """LabeledEvent -> LABELED_EVENT, as the enums of GitHub's schema spell the types."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.kind).upper()


def _view(views: "Views", thread: Issue, event: Event) -> Json:
    place = next(index for index, one in enumerate(thread.events) if one is event)
    return {
        "__typename": event.kind,
        "id": f"{event.kind}_{thread.id}_{place}",
        "actor": views.actor(event.actor),
        "createdAt": moment(event.created_at),
        **_details(views, thread, event),
    }


def _details(views: "Views", thread: Issue, event: Event) -> dict[str, Json]:
    match event.kind:
        case "LabeledEvent" | "UnlabeledEvent":
            return {"label": views.label(views.state.label(event.subject))}
        case "AssignedEvent" | "UnassignedEvent":
            return {"assignee": views.actor(event.subject)}
        case "RenamedTitleEvent":
            return {"currentTitle": event.subject, "previousTitle": event.before}
        case "ClosedEvent" | "ReopenedEvent":
            return {"stateReason": event.subject.upper() or None}
        case "ReviewRequestedEvent" | "ReviewRequestRemovedEvent":
            reviewer = views.reviewer(event.subject)
            return {"pullRequest": lambda _: views.thread(thread), "requestedReviewer": reviewer}
        case "ReadyForReviewEvent" | "ConvertToDraftEvent":
            return {"pullRequest": lambda _: views.thread(thread)}
