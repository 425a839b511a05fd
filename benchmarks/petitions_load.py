"""Fills a database with years of petitions by plain SQL, as a background to measure against."""

from datetime import datetime

from sqlalchemy import Connection, text

COMMUNITIES = ("huaiyin", "shuyuan")
OPEN_EVERY = 33
"""One case in so many is open; the others were closed long ago."""
DAYS = 3 * 365
BATCH = 50_000

# Dialect words: a row source «numbers» with n, and a moment so many seconds before now.
_NUMBERS = {
    "postgresql": (
        "(SELECT generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n) AS numbers"
    ),
    "sqlite": (
        "(WITH RECURSIVE counted(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM counted "
        "WHERE n < :last) SELECT n FROM counted) AS numbers"
    ),
}
_MOMENT = {
    "postgresql": "(CAST(:now AS timestamptz) - make_interval(secs => {seconds}))",
    "sqlite": (
        "strftime('%Y-%m-%d %H:%M:%S', :now, printf('%+d seconds', -({seconds}))) || '.000000'"
    ),
}
_OPEN = f"(n % {OPEN_EVERY} = 0)"
_AGE = "CAST((:total - n) * :step AS integer)"
_SOON = "CAST(-(n % 1000) * 600 AS integer)"


def load_background(connection: Connection, *, total: int, now: datetime) -> None:
    """Insert ``total`` cases spread over three years, the newest last, each with its rows."""
    dialect = connection.dialect.name
    for first in range(1, total + 1, BATCH):
        values = {
            "first": first,
            "last": min(first + BATCH - 1, total),
            "total": total,
            "step": DAYS * 86_400 / total,
            "now": now if dialect == "postgresql" else now.strftime("%Y-%m-%d %H:%M:%S"),
        }
        for statement in _statements(dialect):
            connection.execute(text(statement), values)
        connection.commit()
    _count_on(connection, total)


def _statements(dialect: str) -> list[str]:
    opened = _MOMENT[dialect].format(seconds=_AGE)
    due = _MOMENT[dialect].format(seconds=_SOON)
    numbers = _NUMBERS[dialect]
    number = "'HY-OLD-' || n"
    community = f"CASE n % 2 WHEN 0 THEN '{COMMUNITIES[0]}' ELSE '{COMMUNITIES[1]}' END"
    urgency = (
        "CASE WHEN n % 97 = 0 THEN 'emergency' WHEN n % 7 = 0 THEN 'utility' ELSE 'ordinary' END"
    )
    status = f"CASE WHEN {_OPEN} THEN 'handling' ELSE 'closed' END"
    no, yes = ("false", "true") if dialect == "postgresql" else ("0", "1")
    return [
        "INSERT INTO petition_case (id, number, status, version, history_hash, regime, kind, "
        "title, summary, category_first, category_second, urgency, confidential, "
        "estate_id, building, community_id, proposed_co_handlers, lead_unit, routing_reason, "
        "in_duty_list, designated, outcome, resolved, satisfaction, supporter_count, urge_count, "
        "reopen_count, level, supervised, "
        "extended, review_level, opened_at, dispatched_at, replied_at, closed_at, changed_at, "
        f"due_at, next_due_at) SELECT n, {number}, {status}, 1, '0', 'service', 'help', "
        "'电梯停用第' || n || '次', '锦绣家园的电梯停用，老人下不了楼，第' || n || '次反映', "
        "'城乡建设', '住房保障与房地产', "
        f"{urgency}, {no}, 'jinxiu', '3栋', {community}, '[]', 'anda-elevator', "
        f"'{{}}', {yes}, {no}, CASE WHEN {_OPEN} THEN NULL ELSE 'resolved' END, "
        f"CASE WHEN {_OPEN} THEN NULL ELSE {yes} END, "
        f"CASE WHEN {_OPEN} THEN NULL ELSE 1 + n % 5 END, 1, 0, 0, 'community', {no}, {no}, 0, "
        f"{opened}, {opened}, CASE WHEN {_OPEN} THEN NULL ELSE {opened} END, "
        f"CASE WHEN {_OPEN} THEN NULL ELSE {opened} END, {opened}, {due}, "
        f"CASE WHEN {_OPEN} THEN {due} ELSE NULL END FROM {numbers}",
        "INSERT INTO petition_petition (id, number, case_id, resident, channel, kind, matter, "
        "urgency, anonymous, confidential, language, code_seal, salt, idempotency_key, filed_at) "
        f"SELECT n, {number}, n, 'r_' || (n % 50000), 'web', 'help', "
        "'锦绣家园的电梯停用，老人下不了楼，第' || n || '次反映', 'ordinary', "
        f"{no}, {no}, 'zh-CN', '0', '0', 'old-' || n, {opened} FROM {numbers}",
        "INSERT INTO petition_supporter (id, case_id, petition_id, petition_number, resident, "
        f"joined_at, representative) SELECT n, n, n, {number}, 'r_' || (n % 50000), {opened}, {no} "
        f"FROM {numbers}",
        "INSERT INTO petition_case_entry (id, case_id, sequence, at, action, to_status, "
        "actor_role, actor_id, actor_name, for_resident, text_salt, text_digest, "
        "facts, previous_hash, hash) "
        f"SELECT n, n, 1, {opened}, 'register', 'registered', 'resident', 'r_' || (n % 50000), "
        f"'', {yes}, '0', '0', '{{}}', '0', '0' FROM {numbers}",
        *(_clock(clock, rule, opened, due, numbers) for clock, rule in _CLOCKS),
    ]


_CLOCKS = (("contact", "contact"), ("feedback", "feedback-ordinary"))


def _clock(clock: str, rule: str, opened: str, due: str, numbers: str) -> str:
    stopped = f"CASE WHEN {_OPEN} AND '{clock}' = 'feedback' THEN NULL ELSE {opened} END"
    return (
        "INSERT INTO petition_clock (case_id, clock, rule_id, started_at, due_at, warn_at, "
        f"stopped_at, pauses, extensions) SELECT n, '{clock}', '{rule}', {opened}, {due}, {due}, "
        f"{stopped}, '[]', '[]' FROM {numbers}"
    )


def _count_on(connection: Connection, total: int) -> None:
    """Let PostgreSQL's counters go on behind the rows, and look at what it has now."""
    if connection.dialect.name == "postgresql":
        for table in ("case", "petition", "supporter", "case_entry"):
            counter = f"pg_get_serial_sequence('petition_{table}', 'id')"
            connection.execute(text(f"SELECT setval({counter}, :total)"), {"total": total})
    connection.execute(text("ANALYZE"))
    connection.commit()
    if connection.dialect.name == "postgresql":
        # What autovacuum does within a minute: without it no index can be read alone.
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM"))
