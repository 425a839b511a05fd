"""What the curator's pages and the curator's API share: the texts, uploads, the audit log."""

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from starlette.datastructures import UploadFile

from console.audit import AuditAction, Target, write_down
from console.auth import SignedIn
from console.errors import FeatureMissing, InvalidInput, PermissionMissing, UploadRefused
from console.language import translate
from console.permissions import DeskPermission
from console.services import MEGABYTE, ConsoleServices
from console.staff import names_of_staff
from console.texts import Texts
from knowledge.changes import OPERATOR, Author
from knowledge.curation import SourceFile
from knowledge.gate import GateReport
from petitions.deadlines import LOCAL_ZONE

FILES_AT_ONCE = 20


def texts_of(services: ConsoleServices) -> Texts:
    """The texts.

    Raises:
        FeatureMissing: this desk has none.
    """
    if services.texts is None:
        raise FeatureMissing(feature="texts")
    return services.texts


def today_of(services: ConsoleServices) -> date:
    """The day it is where the community is."""
    return services.clock.now().astimezone(LOCAL_ZONE).date()


def names_of_authors(services: ConsoleServices) -> dict[str, str]:
    """Who stands behind a username in the texts' records."""
    with services.reading() as session:
        return {**names_of_staff(session), OPERATOR.name: translate("命令行")}


def author_of(me: SignedIn, reason: str | None = None) -> Author:
    """Who takes a step with the texts."""
    return Author(name=me.member.username, reason=reason)


def publish_versions(
    services: ConsoleServices,
    me: SignedIn,
    version_ids: Sequence[int],
    *,
    force: bool = False,
    reason: str | None = None,
) -> GateReport:
    """Publish versions, all or none, and write it down.

    Raises:
        PermissionMissing: The gate is to be forced by somebody who may not.
        InvalidInput: It is to be forced without a reason.
        GateRefused, PublicationOvertaken, UnfinishedDraft, UnknownVersion, VersionNotAllowed:
            As :meth:`Texts.publish`.
    """
    if force and not me.member.may(DeskPermission.FORCE_PUBLISH):
        raise PermissionMissing(permission=DeskPermission.FORCE_PUBLISH.value)
    if force and not reason:
        raise InvalidInput(field="reason", problem="required")
    report = texts_of(services).publish(version_ids, author_of(me, reason), force=force)
    action = AuditAction.FORCE_PUBLISH if force else AuditAction.PUBLISH_VERSION
    write_down_versions(services, me, action, version_ids)
    return report


def read_uploads(services: ConsoleServices, uploads: Sequence[UploadFile]) -> list[SourceFile]:
    """The uploaded files; a path that a browser sent along is cut off.

    Raises:
        UploadRefused: There is none, there are too many, or one is too large.
    """
    chosen = [upload for upload in uploads if upload.filename]
    if not 1 <= len(chosen) <= FILES_AT_ONCE:
        raise UploadRefused(problem="number", files=FILES_AT_ONCE)
    return [_read_upload(services, upload) for upload in chosen]


def _read_upload(services: ConsoleServices, upload: UploadFile) -> SourceFile:
    content = upload.file.read(services.max_upload_bytes + 1)
    if len(content) > services.max_upload_bytes:
        raise UploadRefused(problem="too_large", megabytes=services.max_upload_bytes // MEGABYTE)
    name = PurePath((upload.filename or "").replace("\\", "/")).name
    return SourceFile(name=name, content=content)


def write_down_versions(
    services: ConsoleServices, me: SignedIn, action: AuditAction, version_ids: Sequence[int]
) -> None:
    """One line in the audit log for each version."""
    write_down_each(services, me, action, "version", version_ids)


def write_down_each(
    services: ConsoleServices, me: SignedIn, action: AuditAction, kind: str, ids: Sequence[int]
) -> None:
    """One line in the audit log for each thing that was touched."""
    with services.writing() as session:
        for one in ids:
            write_down(
                session,
                action,
                actor=me.member.username,
                now=services.clock.now(),
                target=Target(kind=kind, id=str(one)),
            )
