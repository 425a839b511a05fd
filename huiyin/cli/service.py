"""Commands that run the service: prepare, serve, chat, staff."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.channels.terminal import TerminalChannel, chat_in_terminal
from console.passwords import Passwords
from console.sample_accounts import GivenAccount
from console.staff import StaffMember, find_by_username
from console.staff_changes import reset_password
from huiyin.bootstrap import Service
from huiyin.cli.opening import open_service, say
from huiyin.errors import HuiyinError
from huiyin.preparation import prepare, prepare_database, prepare_models
from huiyin.rasa_environment import RasaUnavailable
from huiyin.serving import ServeRole, serve
from petitions.workflow import Role

OPERATOR = StaffMember(
    id=0,
    username="operator",
    name="operator",
    roles=frozenset({Role.ADMIN}),
    unit_id=None,
    community_id=None,
    active=True,
    must_change=False,
)
"""Whoever may run commands on the machine; has no account at the desk."""

ROLE_NAMES = {
    "committee": "社区党委",
    "department": "承办单位",
    "grid_worker": "网格员",
    "curator": "知识管理员",
    "supervisor": "督办",
    "admin": "管理员",
}


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("serve")(serve_command)
    app.command("prepare")(prepare_command)
    app.command("chat")(chat_command)
    app.command("reset-password")(reset_password_command)


def serve_command(
    role: Annotated[ServeRole, typer.Option(help="What this process does.")] = ServeRole.ALL,
) -> None:
    """Set up what is missing and run the service until it is interrupted."""
    with open_service() as service:
        accounts = prepare(service).accounts
        serve(service, role, lambda: _announce(service, role, accounts))


def prepare_command(
    rasa: Annotated[
        bool, typer.Option("--rasa", help="Also install and train Rasa, and wait for it.")
    ] = False,
    models: Annotated[
        bool, typer.Option("--models", help="The models alone: no database, no accounts.")
    ] = False,
) -> None:
    """Set up what is missing (model, database, sample community) and stop."""
    with open_service() as service:
        if models:
            prepare_models(service)
        else:
            _print_accounts(prepare(service).accounts)
        if rasa:
            _prepare_rasa(service)


def chat_command() -> None:
    """Talk to the community in the terminal; /quit ends it."""
    with open_service() as service:
        _print_accounts(prepare(service).accounts)
        service.channels[TerminalChannel.name] = TerminalChannel(sys.stdout)
        say("say something; /quit ends the conversation")
        chat_in_terminal(
            service.inbox,
            service.delivery.deliver_to,
            input,
            chat_id="terminal",
            now=service.clock.now,
        )


def reset_password_command(username: str) -> None:
    """Make a new password for a member of staff and print it once."""
    with open_service() as service:
        prepare_database(service)
        with service.open_session() as session:
            row = find_by_username(session, username)
            if row is None or row.id is None:
                raise HuiyinError(f"there is no account {username!r}")
            password = reset_password(
                session, row.id, by=OPERATOR, passwords=Passwords(), now=service.clock.now()
            )
            session.commit()
        typer.echo(f"{username}  {password}")


def _prepare_rasa(service: Service) -> None:
    try:
        service.rasa_environment().prepare()
    except RasaUnavailable as reason:
        say(f"Rasa: {reason}")


def _announce(service: Service, role: ServeRole, accounts: Sequence[GivenAccount]) -> None:
    url = service.settings.resolved_public_url
    if role in {ServeRole.ALL, ServeRole.WEB}:
        typer.echo(f"\n  居民聊天  Residents   {url}/")
        typer.echo(f"  办理台    Staff       {url}/desk\n")
    else:
        say(f"role {role.value} is running")
    if accounts:
        _print_accounts(accounts)
    elif role in {ServeRole.ALL, ServeRole.WEB}:
        typer.echo("  账号密码在首次启动时显示过；重设请用 huiyin reset-password 用户名")
        typer.echo(
            "  Passwords were shown at the first start; huiyin reset-password makes a new one."
        )
    sys.stdout.flush()


def _print_accounts(accounts: Sequence[GivenAccount]) -> None:
    if not accounts:
        return
    typer.echo("  示例账号（只显示这一次） Sample accounts, shown this once:\n")
    for account in accounts:
        roles = "、".join(ROLE_NAMES[role.value] for role in sorted(account.member.roles))
        typer.echo(f"    {account.member.username:<14}{account.password}   {roles}")
    typer.echo("")
