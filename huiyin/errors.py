"""Errors of the command line: each is one sentence that says what to do."""


class HuiyinError(Exception):
    """Something the operator can mend; printed as one line."""
