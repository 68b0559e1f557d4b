"""Which failed calls were the caller's fault, and so say nothing about the model. Pure.

`error_type` of an event is a status code or the name of an error's class. SQL mirrors the rule as
`lower(error_type) IN (…)` over CALLERS_OWN.
"""

CALLERS_OWN = frozenset(
    {
        # the request was malformed, too long or not permitted
        *("400", "401", "403", "413", "422"),
        *("badrequesterror", "invalidrequesterror", "invalid_request_error", "bad_request"),
        *("unprocessableentityerror", "contextwindowexceedederror", "context_length_exceeded"),
        *("authenticationerror", "authentication_error", "permissiondeniederror"),
        *("permission_error", "permission_denied", "unauthenticated", "invalid_argument"),
        # the caller's own quota; an overloaded provider answers 503, 529 or `overloaded` instead
        *("429", "ratelimiterror", "rate_limit_error", "rate_limit_exceeded"),
        *("budgetexceedederror", "insufficient_quota", "resource_exhausted"),
        # the caller gave up
        *("499", "cancelled", "cancellederror"),
    }
)
