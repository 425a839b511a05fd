"""What happens every so often: reminders, escalation, hot issues, forgetting, learning."""

import threading
from datetime import date, datetime, timedelta

import structlog

from bot.remembering import forget_words_before
from huiyin.bootstrap import Service
from huiyin.learning_from_work import propose_corrections
from petitions.deadlines import LOCAL_ZONE
from petitions.escalation import escalate_late_cases
from petitions.expiring import expire_commands, expire_contacts
from petitions.hot_watch import find_live_issues, replace_hot_issues
from petitions.notifications import pending_ids
from petitions.organisation_history import adopt_organisation
from petitions.reminders import remind_of_deadlines
from petitions.retention import CONVERSATION

log = structlog.get_logger(__name__)

PERIOD_SECONDS = 60
LEFT_OVER_AFTER = timedelta(minutes=15)
LEFT_OVER_AT_ONCE = 500
CONVERSATIONS_KEPT = timedelta(days=180)
"""How long the words around a petition are kept (个人信息保护法 art. 19: no longer than needed)."""
NIGHT_HOUR = 2
"""When hot issues are searched, in Asia/Shanghai: nobody waits for the machine then."""


class Schedule:
    """Runs the recurring work of one worker; each piece bears being run twice."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._stopping = threading.Event()
        self._searched_on: date | None = None
        self._adopted = False
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)

    def start(self) -> None:
        """Begin, the first time at once."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the piece at hand and stop."""
        self._stopping.set()
        self._thread.join(10)

    def run_once(self) -> None:
        """Do everything that is due now."""
        now = self._service.clock.now()
        with self._service.open_work() as work:
            remind_of_deadlines(work, now=now)
            escalate_late_cases(work, now=now)
            work.commit()
        self._adopt_organisation(now)
        with self._service.open_work() as work:
            expire_contacts(work, now=now)
            expire_commands(work, now=now)
            work.commit()
        self._deliver_left_over(now - LEFT_OVER_AFTER)
        with self._service.open_session() as session:
            forget_words_before(session, now - CONVERSATION.kept)
            session.commit()
        with self._service.open_session() as session:
            propose_corrections(session, self._service.composer.gazetteer)
            session.commit()
        self._search_by_night(now)

    def _adopt_organisation(self, now: datetime) -> None:
        """Once a process: its organisation was read when it started."""
        if self._adopted:
            return
        with self._service.open_work() as work:
            adopted = adopt_organisation(work, now=now)
            work.commit()
        self._adopted = True
        log.info(
            "organisation_adopted",
            action="adopt_organisation",
            changes=len(adopted.changes),
            cases=len(adopted.rerouted),
        )

    def _deliver_left_over(self, made_before: datetime) -> None:
        """Deliver what no job delivered: its job was parked, or lost with the jobs' tables."""
        with self._service.open_session() as session:
            left_over = pending_ids(session, made_before=made_before)
        for notification_id in left_over[:LEFT_OVER_AT_ONCE]:
            try:
                self._service.delivery.deliver_notification(notification_id)
            except Exception as error:
                # One that never works is parked and waits for a person; the others go on.
                log.error(
                    "left_over_not_delivered",
                    action="deliver_left_over",
                    notification=notification_id,
                    problem=type(error).__name__,
                )

    def _search_by_night(self, now: datetime) -> None:
        """Search hot issues once a day; a process that starts later in the day searches at once."""
        local = now.astimezone(LOCAL_ZONE)
        if local.hour < NIGHT_HOUR or self._searched_on == local.date():
            return
        with self._service.open_work(read_only=True) as work:
            found = find_live_issues(work, now=now)
        with self._service.open_work() as work:
            replace_hot_issues(work, found)
            work.commit()
        self._searched_on = local.date()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.run_once()
            except Exception:
                log.exception("schedule_failed", action="schedule")
            self._stopping.wait(PERIOD_SECONDS)
