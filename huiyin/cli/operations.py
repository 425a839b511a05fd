"""Commands of the operator: backup, restore, parked jobs, keys."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection
from sqlmodel import Session, func, select

from huiyin.backup import Manifest, back_up, check_backup, restore
from huiyin.bootstrap import Service
from huiyin.cli.opening import open_service, say
from huiyin.contact_keys import mark_of
from huiyin.errors import HuiyinError
from huiyin.preparation import prepare_database
from huiyin.resealing import reseal_contacts
from knowledge.tables import KnowledgeCollection
from petitions.notifications import pending_ids
from petitions.ports import DELIVER_NOTIFICATION

BackupFile = Annotated[Path, typer.Argument(help="The backup, one zip file.")]


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)
    app.command("jobs")(jobs_command)
    app.command("rotate-key")(rotate_key_command)


def backup_command(file: BackupFile) -> None:
    """Write database and uploads into one file, while the service runs."""
    if not file.parent.is_dir():
        raise HuiyinError(f"there is no folder {file.parent}")
    with open_service() as service:
        prepare_database(service)
        manifest = back_up(
            service.database,
            service.uploads_folder,
            file,
            key_marks=(mark_of(service.secret), service.cipher.marks()[0]),
            now=service.clock.now(),
        )
    _print_manifest(manifest)


def restore_command(
    file: BackupFile,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before replacing.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only check the hashes.")] = False,
) -> None:
    """Put back what a backup holds; what the database holds now is gone then."""
    if check:
        _print_manifest(check_backup(file))
        return
    if not yes:
        typer.confirm("Everything in the database will be replaced. Go on?", abort=True, err=True)
    with open_service() as service:
        prepare_database(service)
        with service.open_session() as session:
            newest_index = session.exec(select(func.max(KnowledgeCollection.index_version))).one()
        manifest = restore(
            service.database,
            service.uploads_folder,
            file,
            key_marks=(mark_of(service.secret), *service.cipher.marks()),
            go_on=lambda connection: _go_on(service, connection, newest_index or 0),
        )
    _print_manifest(manifest)


def _go_on(service: Service, connection: Connection, newest_index: int) -> None:
    """Ask anew for what residents were still to be told; let searches see the restored texts."""
    occasion = f"restored-{service.clock.now():%Y%m%d%H%M%S}"
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        for notification_id in pending_ids(session):
            service.jobs.ask_anew(
                session, DELIVER_NOTIFICATION, str(notification_id), occasion=occasion
            )
        for collection in session.exec(select(KnowledgeCollection)).all():
            # Higher than any index that a running process may have built before.
            collection.index_version = max(collection.index_version, newest_index) + 1
        session.commit()


def _print_manifest(manifest: Manifest) -> None:
    typer.echo(f"made at    {manifest.made_at}")
    typer.echo(f"schema     {manifest.revision}")
    typer.echo(f"rows       {sum(manifest.rows.values())} in {len(manifest.rows)} tables")
    typer.echo(f"uploads    {manifest.uploads}")
    typer.echo(f"sha256     {manifest.fingerprint}")


def jobs_command(
    retry: Annotated[bool, typer.Option("--retry", help="Run the parked jobs again.")] = False,
) -> None:
    """List jobs that failed at every attempt and wait for a person."""
    with open_service() as service:
        prepare_database(service)
        parked = service.jobs.parked()
        for job in parked:
            typer.echo(f"{job.parked_at:%Y-%m-%d %H:%M:%S}Z  {job.workflow}  {job.job_id}")
            if retry:
                service.jobs.retry(job)
        say(f"{len(parked)} parked jobs{', asked for again' if retry and parked else ''}")


def rotate_key_command(
    reseal_only: Annotated[
        bool, typer.Option("--reseal-only", help="Make no new key; only use the newest one.")
    ] = False,
) -> None:
    """Make a new key for contact data and seal everything with it; the service may run."""
    with open_service() as service:
        prepare_database(service)
        if not reseal_only:
            service.cipher.rotate()
        count = reseal_contacts(service.open_session, service.cipher)
        say(f"{count} contact fields sealed with the newest key")
