"""The errors that people can fix themselves."""


class ModelIntelligenceError(Exception):
    """Something the user can fix: the message says what, where and what to do."""


class UsageError(ModelIntelligenceError):
    """The command or its environment is not as it must be: exit 2 instead of 1."""


class ShapeChanged(Exception):
    """The body is not of the documented shape; the message says what was expected."""
