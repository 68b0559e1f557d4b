"""A GitHub for tests: one repository, in a real bare Git repository, behind REST and GraphQL."""

from tests.fake_github.hub import Exchange, FakeGitHub

__all__ = ["Exchange", "FakeGitHub"]
