"""Answers GraphQL requests by executing them against a part of GitHub's own schema."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    graphql_sync,
    parse,
)

from tests.fake_github.graphql_connections import Problem
from tests.fake_github.graphql_mutations import Mutations
from tests.fake_github.graphql_views import Views
from tests.fake_github.records import Json, Token
from tests.fake_github.state import State

_UNKNOWN_FIELD = re.compile(r"Cannot query field '(?P<field>\w+)' on type '(?P<type>\w+)'")


@cache
def _schema() -> GraphQLSchema:
    return build_schema(Path(__file__).with_name("schema.graphql").read_text())


@cache
def is_mutation(document: str) -> bool:
    """Whether a document holds a mutation; one that cannot be read does not."""
    try:
        definitions = parse(document, no_location=True).definitions
    except GraphQLError:
        return False
    operations = [one for one in definitions if isinstance(one, OperationDefinitionNode)]
    return any(one.operation is OperationType.MUTATION for one in operations)


class GraphQL:
    """The GraphQL API over one state."""

    def __init__(self, state: State) -> None:
        """Answer for `state`."""
        self._state = state

    def execute(self, request: Json, token: Token) -> Json:
        """Return `data` and `errors`, the latter as GitHub writes them."""
        views = Views(self._state, token)
        result = graphql_sync(
            _schema(),
            request.get("query") or "",
            {**views.root(), **Mutations(views).root()},
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
        )
        for error in result.errors or ():
            if error.original_error and not isinstance(error.original_error, Problem):
                raise error.original_error  # a mistake of the fake, not an answer of GitHub
        errors = [_error(error) for error in result.errors or ()]
        if result.data is None and not any("type" in error for error in errors):
            return {"errors": errors}
        return {"data": result.data, "errors": errors} if errors else {"data": result.data}


def _error(error: GraphQLError) -> dict[str, Any]:
    found: dict[str, Any] = {"message": error.message, "path": error.path or []}
    found["locations"] = [{"line": one.line, "column": one.column} for one in error.locations or ()]
    if isinstance(error.original_error, Problem):
        return {"type": error.original_error.kind, **found}
    unknown = _UNKNOWN_FIELD.search(error.message)
    if unknown:
        field, kind = unknown["field"], unknown["type"]
        message = f"Field '{field}' doesn't exist on type '{kind}'"
        codes = {"code": "undefinedField", "typeName": kind, "fieldName": field}
        return {**found, "message": message, "extensions": codes}
    return found
