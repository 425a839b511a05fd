"""What an administrator does with what the service could not do by itself; written down.

The pages and the API alike call these.
"""

from console.audit import AuditAction, Target, write_down
from console.auth import SignedIn
from console.errors import FeatureMissing, InvalidInput
from console.operations import Operations
from console.services import ConsoleServices

LONGEST_ID = 80
LONGEST_REASON = 200


def operations_of(services: ConsoleServices) -> Operations:
    """The running service.

    Raises:
        FeatureMissing: This desk runs alone.
    """
    if services.operations is None:
        raise FeatureMissing(feature="operations")
    return services.operations


def answer_again(services: ConsoleServices, me: SignedIn, message_id: int) -> bool:
    """Let a message be answered after all; False when it does not wait (any more)."""
    done = operations_of(services).answer_again(message_id)
    if done:
        target = Target(kind="message", id=str(message_id))
        _write_down(services, me, AuditAction.ANSWER_AGAIN, target)
    return done


def retry_job(services: ConsoleServices, me: SignedIn, work_id: str) -> bool:
    """Run a parked job again; False when it is not parked (any more)."""
    done = operations_of(services).retry(work_id)
    if done:
        _write_down(services, me, AuditAction.RETRY_JOB, _job(work_id))
    return done


def drop_job(services: ConsoleServices, me: SignedIn, work_id: str, reason: str) -> bool:
    """Give a parked job up; False when it is not parked (any more).

    Raises:
        InvalidInput: No reason was given, or a very long one.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInput(field="reason", problem="too_long" if reason else "required")
    done = operations_of(services).drop(work_id)
    if done:
        _write_down(services, me, AuditAction.DROP_JOB, _job(work_id), reason)
    return done


def _job(work_id: str) -> Target:
    return Target(kind="job", id=work_id[:LONGEST_ID])


def _write_down(
    services: ConsoleServices,
    me: SignedIn,
    action: AuditAction,
    target: Target,
    reason: str | None = None,
) -> None:
    with services.writing() as session:
        write_down(
            session,
            action,
            actor=me.member.username,
            now=services.clock.now(),
            target=target,
            reason=reason,
        )
