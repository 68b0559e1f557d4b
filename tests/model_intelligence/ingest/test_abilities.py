"""What a list says a model can do, from the ledger to the gates."""

from typing import Any

from sqlalchemy.orm import Session

from model_intelligence.decision.assess import assess
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.price_list import ingest_listings
from model_intelligence.models import ModelCatalog
from tests.model_intelligence.build import CURRENT, NOW, TODAY, listing, policy

ABILITIES = ("supports_tools", "supports_structured_output", "supports_vision", "open_weights")


def stored(session: Session, name: str) -> list[bool | None]:
    session.expire_all()
    row = session.get(ModelCatalog, name)
    return [getattr(row, ability) for ability in ABILITIES]


def ingest(session: Session, source: str, **told: Any) -> None:
    rows = [listing(name, source=source, **facts) for name, facts in told.items()]
    ingest_listings(session, source, rows, NOW)


def test_a_required_ability_bars_who_lacks_it_and_who_does_not_say(session: Session) -> None:
    known, no, unknown = "glm-4.7", "glm-4.5", "glm-4.8"
    rows = [
        listing(CURRENT),
        listing(known, supports_tools=True),
        listing(no, supports_tools=False),
        listing(unknown),
    ]
    ingest_listings(session, "list", rows, NOW)
    rules = policy(requires={"tools": True})
    seen = assess(rules, CURRENT, load_evidence(session, NOW), TODAY)
    assert [one.model.model_id for one in seen.candidates] == [known]
    assert {one.model_id: one.reason for one in seen.excluded} == {
        no: "no tool calls",
        unknown: "no source says whether it has tool calls, which is required",
    }


def test_a_second_list_fills_in_what_the_first_did_not_say(session: Session) -> None:
    ingest(session, "models.dev", **{CURRENT: {"supports_tools": True}})
    ingest(session, "litellm", **{CURRENT: {"supports_vision": False}})
    assert stored(session, CURRENT) == [True, None, False, None]


def test_two_lists_that_differ_do_not_take_turns(session: Session) -> None:
    for _ in range(2):
        ingest(session, "models.dev", **{CURRENT: {"supports_tools": True}})
        ingest(session, "litellm", **{CURRENT: {"supports_tools": False}})
        assert stored(session, CURRENT) == [True, None, None, None]


def test_a_resellers_offer_does_not_describe_the_makers_model(session: Session) -> None:
    ingest(session, "models.dev", **{CURRENT: {"supports_tools": True}})
    ingest(session, "litellm", **{CURRENT: {"provider": "novita", "supports_vision": False}})
    assert stored(session, CURRENT) == [True, None, None, None]
