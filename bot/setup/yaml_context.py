"""What stands around a model's name in a YAML text, and what that says about it. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from model_intelligence.naming import bedrock
from model_intelligence.naming.provider_prefixes import CALLED, DEPLOYMENTS, provider_of
from model_intelligence.patcher import Place

Path = tuple[str | int, ...]

# What people or other programs call an entry, not what is called at a provider.
NAMES = ("model_name", "name", "label", "title", "alias", "id", "displayName", "display_name")
ALWAYS_NAMES = frozenset({"label", "title", "alias", "displayName", "display_name"})
MODELS = frozenset({"model", "model_id", "modelId"})
PROVIDERS = ("provider", "vendor", "api_type")
ADDRESSES = frozenset(
    {"api_base", "apiBase", "base_url", "baseUrl", "baseURL", "apiBaseUrl", "apiHost", "endpoint"}
    | {"azure_endpoint", "api_endpoint"}
)
DEPLOYMENT_KEYS = frozenset({"azure_deployment", "deployment_id", "deployment_name"})
# Below these keys stand data, documentation or labels, which call nobody.
DESCRIPTIONS = re.compile(
    r"\w*annotations|description|enum|examples?|\w*labels|metadata|model_info|tags|vars",
    re.IGNORECASE,
)
EXPECTATIONS = frozenset({"assert", "expect", "expected"})  # but a grader is called there
SUMMARIES = frozenset({"description", "comment", "summary", "text", "title", "version"})


def is_description(path: Sequence[str | int]) -> bool:
    """Whether the value says something about a model, and calls none."""
    leaf = path[-1] if path else ""
    if leaf in SUMMARIES or any(DESCRIPTIONS.fullmatch(str(key)) for key in path):
        return True
    return bool(EXPECTATIONS.intersection(path)) and leaf not in {"provider", *MODELS}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All scalars of a text by their paths, and the names that entries give themselves.

    `entries` is name -> the paths of the mappings that are called so, with their lines.
    """

    values: Mapping[Path, str]
    entries: Mapping[str, tuple[tuple[Path, int], ...]]
    displays: frozenset[Path]

    @classmethod
    def of(cls, places: Sequence[Place], means_a_model: Callable[[str], bool]) -> "Surroundings":
        """The surroundings in a text with these scalars."""
        values = {place.path: place.value for place in places}
        models = [
            place.path
            for place in places
            if place.path
            and place.path[-1] not in ALWAYS_NAMES
            and (place.path[-1] in MODELS or means_a_model(place.value))
        ]
        displays, entries = set(), dict[str, tuple[tuple[Path, int], ...]]()
        for place in places:
            if _is_display(place.path, models):
                displays.add(place.path)
                known = entries.get(place.value, ())
                entries[place.value] = (*known, (place.path[:-1], place.line))
        return cls(values, entries, frozenset(displays))

    def is_display(self, place: Place) -> bool:
        """Whether this is what people call an entry that names its model elsewhere."""
        return place.path in self.displays

    def defined_at(self, place: Place) -> int | None:
        """The line of another entry that is called so, if the name refers to it."""
        entries = self.entries.get(place.value, ())
        if any(place.path[: len(entry)] == entry for entry, _ in entries):
            return None
        return entries[0][1] if entries else None

    def called(self, place: Place) -> str | None:
        """Who serves the model: by the name's own prefix, or by a key beside it."""
        beside = ((self._beside(place, key) or "").lower() for key in PROVIDERS)
        known = (CALLED[each] for each in beside if each in CALLED)
        return provider_of(place.value) or next(known, None)

    def unknown_provider(self, place: Place) -> str | None:
        """A provider beside the name that no price list knows, such as `ollama`."""
        said = self._beside(place, "provider")
        return said if said and self.called(place) is None else None

    def is_deployed(self, place: Place) -> bool:
        """Whether a key beside the name says that a deployment serves it."""
        provider = (self._beside(place, "provider") or "").lower()
        return provider in DEPLOYMENTS or any(self._beside(place, key) for key in DEPLOYMENT_KEYS)

    def has_own_server(self, place: Place) -> bool:
        """Whether requests go to another address than the provider's own."""
        called = self.called(place)
        hosts = [_host(name) for name in ([called] if called else CALLED.values())]
        return any(
            "azure" in address or not any(host in address for host in hosts)
            for address in self._addresses(place)
        )

    def label(self, place: Place) -> str | None:
        """What people call the nearest entry around the name, or the option that it is given to."""
        last = place.path[-1]
        before = self.values.get((*place.path[:-1], last - 1)) if isinstance(last, int) else None
        if before and before.startswith("--"):
            return before
        for depth in range(len(place.path) - 1, 0, -1):
            named = (self.values.get((*place.path[:depth], key)) for key in NAMES)
            own = next((each for each in named if each and each != place.value), None)
            if own is not None or isinstance(place.path[depth - 1], int):
                return own
        return None

    def _addresses(self, place: Place) -> Iterator[str]:
        """Of the name's own mapping, and of a `config` beside it."""
        for key in ADDRESSES:
            for where in ((key,), ("config", key)):
                address = self.values.get((*place.path[:-1], *where))
                if address:
                    yield address.lower()

    def _beside(self, place: Place, key: str) -> str | None:
        return self.values.get((*place.path[:-1], key)) if place.path[-1] != key else None


def _host(provider: str) -> str:
    """What the address of a provider's own API has in it."""
    hosts = {"x-ai": "x.ai", "zai": "z.ai", "moonshotai": "moonshot.ai"}
    return bedrock.AWS if provider in bedrock.SELLERS else hosts.get(provider, provider)


def _is_display(path: Path, models: Sequence[Path]) -> bool:
    if not path or path[-1] not in NAMES:
        return False
    if path[-1] in ALWAYS_NAMES:
        return True
    entry = path[:-1]
    return any(one[: len(entry)] == entry and one != path for one in models if _counts(one))


def _counts(path: Path) -> bool:
    return path[-1] not in NAMES or path[-1] == "id"
