"""Everything a start needs that is not there yet: folders, model, schema, sample community."""

from dataclasses import dataclass

import structlog

from console.passwords import Passwords
from console.sample_accounts import GivenAccount, create_first_accounts, read_sample_accounts
from huiyin.bootstrap import Service
from huiyin.jobs import migrate_jobs
from huiyin.schema import upgrade_schema
from knowledge.importing import import_paths

SAMPLE_TEXTS = "texts"
STAFF_FILE = "staff.yaml"
FIRST_SENTENCE = "电梯坏了两天，请问物业多久要修好？"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What the preparation made.

    Attributes:
        accounts: Accounts made just now, with passwords that are shown this once.
    """

    accounts: tuple[GivenAccount, ...] = ()


def prepare(service: Service) -> Prepared:
    """Make everything ready; what is there already is left as it is."""
    prepare_database(service)
    prepare_models(service)
    import_sample_texts(service)
    accounts = create_sample_accounts(service)
    service.texts.refresh()
    return Prepared(accounts=accounts)


def prepare_models(service: Service) -> None:
    """Build the embedding model and train the parser of this process, into the data folder."""
    service.report("embedding model")
    service.embedder.load()
    service.report("parser")
    service.local_parser.prepare()


def warm_up(service: Service) -> None:
    """Understand and answer one sentence, so that no resident waits for dictionaries to load.

    Whatever is wrong here is met again, and told, by the first resident's message.
    """
    try:
        service.parser.parse(FIRST_SENTENCE)
        service.texts.answer(FIRST_SENTENCE)
    except Exception:
        log.exception("warm_up_failed", action="start")


def prepare_database(service: Service) -> None:
    """Bring the schema and the tables of the jobs up to date."""
    service.report("database")
    service.settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade_schema(service.database)
    migrate_jobs(service.settings.resolved_database_url)


def import_sample_texts(service: Service) -> None:
    """Read the community's texts; what was read before costs next to nothing."""
    folder = service.settings.community_dir / SAMPLE_TEXTS
    if folder.is_dir():
        service.report("texts of the sample community")
        import_paths(service.open_session, service.embedder, [folder])


def create_sample_accounts(service: Service) -> tuple[GivenAccount, ...]:
    """Make the sample accounts in a desk that has none."""
    people = read_sample_accounts(service.settings.community_dir / STAFF_FILE)
    with service.open_session() as session:
        accounts = create_first_accounts(
            session,
            people,
            passwords=Passwords(),
            organisation=service.organisation,
            now=service.clock.now(),
        )
        session.commit()
    return accounts
