"""The organisation that holds now: what was stated last, in the files or at the desk.

Decided: the newest statement holds. What was stated at the desk holds over the files as long as
the files are those it was stated upon; files that were changed since hold over it.
"""

from collections.abc import Callable

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, select

from petitions.organisation import Organisation
from petitions.organisation_files import organisation_from
from petitions.organisation_history import Origin
from petitions.oversight_tables import OrganisationVersion


class KeptOrganisation:
    """Holds the organisation for one process.

    Args:
        files: What the files say; they were read when the process started.
        open_session: Opens a session where the statements are kept.
    """

    def __init__(self, files: Organisation, open_session: Callable[[], Session]) -> None:
        self._files = files
        self._open_session = open_session
        self._seen: int | None = None
        self._current: Organisation | None = None

    def current(self) -> Organisation:
        """The organisation as this process knows it."""
        if self._current is None:
            self._current = self._files
            self._look_first()
        return self._current

    def refresh(self) -> None:
        """Take up what was stated since; one small query when nothing was."""
        with self._open_session() as session:
            # Whoever only looks must not wait for those who write.
            session.connection(execution_options={"read_only": True})
            newest = session.exec(select(func.max(OrganisationVersion.id))).one()
            if newest is not None and newest != self._seen:
                # What is stated while the process runs is newer than the files it read.
                first = self._seen is None
                self._current = self._holding(session) if first else _newest(session)
            self._seen = newest

    def _look_first(self) -> None:
        # A command may look before there is a database, or before it was upgraded.
        try:
            self.refresh()
        except DBAPIError:
            self._seen = None

    def _holding(self, session: Session) -> Organisation:
        query = select(OrganisationVersion).order_by(col(OrganisationVersion.id).desc()).limit(1)
        if session.exec(query).one().origin != Origin.DESK.value:
            return self._files
        in_files = col(OrganisationVersion.origin) == Origin.FILES.value
        base = session.exec(query.where(in_files)).first()
        # Compared as values: another release may write the same files another way.
        if base is None or organisation_from(base.content) != self._files:
            return self._files
        return _newest(session)


def _newest(session: Session) -> Organisation:
    query = select(OrganisationVersion.content).order_by(col(OrganisationVersion.id).desc())
    return organisation_from(session.exec(query.limit(1)).one())
