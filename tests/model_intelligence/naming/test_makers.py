"""Which pages are the makers' own."""

import pytest

from model_intelligence.naming.makers import cites_a_maker


@pytest.mark.parametrize(
    ("url", "is_makers"),
    [
        ("https://platform.claude.com/docs/en/about-claude/model-deprecations", True),
        ("https://github.com/anthropics/anthropic-sdk-python/blob/main/model.py", True),
        ("https://github.com/BerriAI/litellm", False),
        ("https://github.com", False),
        ("https://notopenai.com", False),
        (None, False),
    ],
)
def test_a_maker_speaks_on_its_site_and_in_its_repositories(
    url: str | None, *, is_makers: bool
) -> None:
    assert cites_a_maker(url) is is_makers
