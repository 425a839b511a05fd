"""One's own account: password and access tokens."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.audit import AuditAction, Target, write_down
from console.auth import PostedForm, Require, RowId, SignedIn, read_form, services_of
from console.chat_accounts import issue_chat_code, linked_moments, unlink_chat_accounts
from console.desk.sign_in import set_session_cookie
from console.errors import DeskError, FeatureMissing, InvalidInput
from console.language import Words
from console.pages import show
from console.problems import sentence_of, status_of
from console.second_factor import (
    NewFactor,
    begin_factor,
    confirm_factor,
    drop_factor,
    has_factor,
)
from console.services import ConsoleServices
from console.sessions import (
    close_other_sessions,
    create_token,
    open_session,
    revoke_token,
    sessions_of,
    tokens_of,
)
from console.staff import find_by_username
from console.staff_changes import change_own_password

router = APIRouter(prefix="/desk")
Anybody = Annotated[SignedIn, Depends(Require(even_with_old_password=True))]
Settled = Annotated[SignedIn, Depends(Require())]
Form = Annotated[PostedForm, Depends(read_form)]

DONE = Words(
    {
        "password": "密码已修改，其他设备上的登录都已退出。",
        "factor_on": "两步验证已开启。下次登录时要输入动态码。",
        "factor_off": "两步验证已关闭。",
        "sessions": "其他设备上的登录都已退出。",
        "revoked": "令牌已停用。",
        "unlinked": "聊天账号已解除关联。",
    }
)


@router.get("/account")
def show_account(request: Request, me: Anybody) -> Response:
    """Who am I, what may I, my password, my tokens."""
    return _page(request, me)


@router.post("/account/password")
def change_password(request: Request, me: Anybody, form: Form) -> Response:
    """Change one's password; every other session ends, this one gets a new cookie."""
    services = services_of(request)
    now = services.clock.now()
    agent = request.headers.get("user-agent", "")
    try:
        if form.get("password") != form.get("password_again"):
            raise InvalidInput(field="password_again", problem="not_equal")
        with services.writing() as session:
            change_own_password(
                session,
                me.member,
                old=form.get("old_password"),
                new=form.get("password"),
                passwords=services.passwords,
                now=now,
            )
            write_down(session, AuditAction.CHANGE_PASSWORD, actor=me.member.username, now=now)
            token = open_session(session, me.member, agent=agent, seal=services.seal, now=now)
    except DeskError as error:
        return _page(request, me, error=error)
    response = RedirectResponse("/desk/account?done=password", status_code=303)
    set_session_cookie(response, services, token)
    return response


@router.post("/account/second-factor")
def begin_second_factor(request: Request, me: Settled, form: Form) -> Response:
    """Show a new secret once; the password is asked for again."""
    services = services_of(request)
    try:
        _check_own_password(services, me, form)
        factor = begin_factor(services, me.member)
    except DeskError as error:
        return _page(request, me, error=error)
    return _page(request, me, new_factor=factor)


@router.post("/account/second-factor/confirm")
def confirm_second_factor(request: Request, me: Settled, form: Form) -> Response:
    """Turn it on with the first code."""
    services = services_of(request)
    try:
        confirm_factor(services, me.member, form.get("code"))
    except DeskError as error:
        return _page(request, me, error=error)
    _write(services, me, AuditAction.TURN_ON_SECOND_FACTOR)
    return RedirectResponse("/desk/account?done=factor_on", status_code=303)


@router.post("/account/second-factor/drop")
def drop_second_factor(request: Request, me: Settled, form: Form) -> Response:
    """Turn it off; the password is asked for again."""
    services = services_of(request)
    try:
        _check_own_password(services, me, form)
    except DeskError as error:
        return _page(request, me, error=error)
    drop_factor(services, me.member.id)
    _write(services, me, AuditAction.TURN_OFF_SECOND_FACTOR)
    return RedirectResponse("/desk/account?done=factor_off", status_code=303)


@router.post("/account/sessions/end")
def end_other_sessions(request: Request, me: Anybody) -> Response:
    """End every other session of one's own."""
    services = services_of(request)
    with services.writing() as session:
        close_other_sessions(session, me.member, me.digest)
    return RedirectResponse("/desk/account?done=sessions", status_code=303)


def _check_own_password(services: ConsoleServices, me: SignedIn, form: PostedForm) -> None:
    with services.reading() as session:
        row = find_by_username(session, me.member.username)
    hashed = row.password_hash if row else None
    if not services.passwords.check(form.get("factor_password"), hashed):
        raise InvalidInput(field="factor_password", problem="wrong_password")


def _write(services: ConsoleServices, me: SignedIn, action: AuditAction) -> None:
    with services.writing() as session:
        write_down(session, action, actor=me.member.username, now=services.clock.now())


@router.post("/account/tokens")
def make_token(request: Request, me: Settled, form: Form) -> Response:
    """Make a bearer token and show it once."""
    services = services_of(request)
    now = services.clock.now()
    try:
        with services.writing() as session:
            token = create_token(session, me.member, label=form.get("label"), now=now)
            write_down(session, AuditAction.CREATE_TOKEN, actor=me.member.username, now=now)
    except DeskError as error:
        return _page(request, me, error=error)
    return _page(request, me, new_token=token)


@router.post("/account/tokens/{token_id}/revoke")
def stop_token(request: Request, me: Settled, token_id: RowId) -> Response:
    """Revoke one's own token."""
    services = services_of(request)
    now = services.clock.now()
    with services.writing() as session:
        revoke_token(session, me.member, token_id, now=now)
        write_down(
            session,
            AuditAction.REVOKE_TOKEN,
            actor=me.member.username,
            now=now,
            target=Target(kind="token", id=str(token_id)),
        )
    return RedirectResponse("/desk/account?done=revoked", status_code=303)


@router.post("/account/chat")
def show_chat_code(request: Request, me: Settled) -> Response:
    """Show a one-time code that links one's account in the staff group's app."""
    services = services_of(request)
    if services.staff_chat is None:
        raise FeatureMissing(feature="staff_chat")
    return _page(request, me, chat_code=issue_chat_code(services, me.member))


@router.post("/account/chat/unlink")
def unlink_chat(request: Request, me: Settled) -> Response:
    """Take one's chat accounts back: their taps do nothing from now on."""
    unlink_chat_accounts(services_of(request), me.member, by=me.member.username)
    return RedirectResponse("/desk/account?done=unlinked", status_code=303)


def _page(
    request: Request,
    me: SignedIn,
    *,
    error: DeskError | None = None,
    new_token: str | None = None,
    chat_code: str | None = None,
    new_factor: NewFactor | None = None,
) -> Response:
    with services_of(request).reading() as session:
        tokens = tokens_of(session, me.member)
        sessions = sessions_of(session, me.member)
        chats = linked_moments(session, me.member)
    facts = error.facts if error else {}
    # A weak password is a word about the new one.
    field = facts.get("field") or ("password" if error else None)
    return show(
        request,
        "account.html",
        me=me,
        status=status_of(error) if error else 200,
        tokens=tokens,
        new_token=new_token,
        new_factor=new_factor or ("again" if field == "code" else None),
        has_factor=has_factor(services_of(request), me.member.id),
        sessions=sessions,
        staff_chat=services_of(request).staff_chat,
        chats=chats,
        chat_code=chat_code,
        error_field=field,
        sentence=sentence_of(error) if error else None,
        done=DONE.get(request.query_params.get("done", "")),
    )
