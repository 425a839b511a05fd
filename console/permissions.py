"""Which role may open which part of the desk: one table.

What may be done to a case is not asked here but in petitions (its workflow table and
permissions); this table opens the pages on which it is done. An administrator runs accounts
and sees no resident's matter; a curator sees texts and questions.
"""

from collections.abc import Iterable
from enum import StrEnum

from petitions.workflow import Role


class DeskPermission(StrEnum):
    """One part of the desk."""

    SEE_CASES = "see_cases"
    SEE_FIGURES = "see_figures"
    SEARCH_PHONE = "search_phone"
    WRITE_LOG = "write_log"
    CURATE = "curate"
    FORCE_PUBLISH = "force_publish"
    MANAGE_STAFF = "manage_staff"
    SEE_DELIVERIES = "see_deliveries"
    READ_AUDIT = "read_audit"
    OPERATE = "operate"
    SEE_ORGANISATION = "see_organisation"
    EDIT_ORGANISATION = "edit_organisation"


_HANDLERS = frozenset({Role.COMMITTEE, Role.DEPARTMENT, Role.GRID_WORKER, Role.SUPERVISOR})

STAFF_ROLES: tuple[Role, ...] = (
    Role.COMMITTEE,
    Role.DEPARTMENT,
    Role.GRID_WORKER,
    Role.SUPERVISOR,
    Role.CURATOR,
    Role.ADMIN,
)
"""The roles a person can be given; ``resident`` and ``system`` are nobody's at the desk."""

GRANTS: dict[DeskPermission, frozenset[Role]] = {
    DeskPermission.SEE_CASES: _HANDLERS,
    DeskPermission.SEE_FIGURES: frozenset({Role.COMMITTEE, Role.SUPERVISOR}),
    # Those who answer the telephone; what a unit may see of a contact hangs on the case.
    DeskPermission.SEARCH_PHONE: frozenset({Role.COMMITTEE, Role.SUPERVISOR}),
    DeskPermission.WRITE_LOG: frozenset({Role.COMMITTEE, Role.GRID_WORKER}),
    DeskPermission.CURATE: frozenset({Role.CURATOR}),
    # The committee answers for what residents are told in spite of the gate.
    DeskPermission.FORCE_PUBLISH: frozenset({Role.COMMITTEE}),
    DeskPermission.MANAGE_STAFF: frozenset({Role.ADMIN}),
    DeskPermission.SEE_DELIVERIES: frozenset({Role.ADMIN, Role.SUPERVISOR}),
    DeskPermission.READ_AUDIT: frozenset({Role.ADMIN}),
    DeskPermission.OPERATE: frozenset({Role.ADMIN}),
    # Who does what is no secret among those who work together.
    DeskPermission.SEE_ORGANISATION: frozenset(STAFF_ROLES),
    DeskPermission.EDIT_ORGANISATION: frozenset({Role.ADMIN}),
}


def may(roles: Iterable[Role], permission: DeskPermission) -> bool:
    """Tell whether any of ``roles`` opens this part of the desk."""
    return not GRANTS[permission].isdisjoint(roles)
