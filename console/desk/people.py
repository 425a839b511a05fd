"""Accounts: who works at this desk, in which role, for which unit."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from console.audit import AuditAction, Target, write_down
from console.auth import PostedForm, Require, RowId, SignedIn, read_form, services_of
from console.chat_accounts import unlink_chat_accounts
from console.errors import DeskError, OwnAccount
from console.language import Words
from console.pages import show
from console.passwords import make_password
from console.permissions import STAFF_ROLES, DeskPermission
from console.problems import sentence_of, status_of
from console.second_factor import drop_factor
from console.services import ConsoleServices
from console.staff import (
    NewStaff,
    StaffMember,
    create_staff,
    list_staff,
    load_staff,
    roles_from,
)
from console.staff_changes import (
    activate_staff,
    change_staff,
    deactivate_staff,
    reset_password,
)
from console.throttle import unlock

router = APIRouter(prefix="/desk")
Admin = Annotated[SignedIn, Depends(Require(permission=DeskPermission.MANAGE_STAFF))]
Form = Annotated[PostedForm, Depends(read_form)]

DONE = Words(
    {
        "changed": "账号已修改，对方需要重新登录。",
        "deactivated": "账号已停用，对方已被退出。",
        "unlocked": "已解除登录锁定，对方可以马上再试。",
        "factor_dropped": "已取消对方的两步验证。",
        "unlinked": "已解除对方的聊天账号。",
        "activated": "账号已启用。",
    }
)


@router.get("/staff")
def show_staff(request: Request, me: Admin) -> Response:
    """Everybody, and the form for somebody new."""
    return _list_page(request, me)


@router.post("/staff")
def add_staff(request: Request, me: Admin, form: Form) -> Response:
    """Create an account; its first password is made here and shown once."""
    services = services_of(request)
    now = services.clock.now()
    password = make_password()
    try:
        new = NewStaff(
            username=form.get("username").lower(),
            name=form.get("name"),
            roles=roles_from(form.all("roles")),
            unit_id=form.get("unit_id") or None,
            community_id=form.get("community_id") or None,
        )
        with services.writing() as session:
            member = create_staff(
                session,
                new,
                password=password,
                passwords=services.passwords,
                organisation=services.organisation,
                now=now,
            )
            _write_down(session, AuditAction.CREATE_STAFF, me, member, services)
    except DeskError as error:
        return _list_page(request, me, form=form, error=error)
    return _list_page(request, me, given=(member, password))


@router.get("/staff/{staff_id}")
def show_member(request: Request, me: Admin, staff_id: RowId) -> Response:
    """One account."""
    return _member_page(request, me, staff_id)


@router.post("/staff/{staff_id}")
def change_member(request: Request, me: Admin, staff_id: RowId, form: Form) -> Response:
    """Change roles, unit and community of somebody else."""
    services = services_of(request)
    try:
        roles = roles_from(form.all("roles"))
        with services.writing() as session:
            member = change_staff(
                session,
                staff_id,
                by=me.member,
                roles=roles,
                unit_id=form.get("unit_id") or None,
                community_id=form.get("community_id") or None,
                organisation=services.organisation,
                now=services.clock.now(),
            )
            _write_down(session, AuditAction.CHANGE_STAFF, me, member, services)
    except DeskError as error:
        return _member_page(request, me, staff_id, error=error)
    return RedirectResponse("/desk/staff?done=changed", status_code=303)


@router.post("/staff/{staff_id}/deactivate")
def close_account(request: Request, me: Admin, staff_id: RowId) -> Response:
    """Close an account."""
    services = services_of(request)
    try:
        with services.writing() as session:
            member = deactivate_staff(session, staff_id, by=me.member, now=services.clock.now())
            _write_down(session, AuditAction.DEACTIVATE_STAFF, me, member, services)
    except DeskError as error:
        return _member_page(request, me, staff_id, error=error)
    return RedirectResponse("/desk/staff?done=deactivated", status_code=303)


@router.post("/staff/{staff_id}/activate")
def open_account(request: Request, me: Admin, staff_id: RowId) -> Response:
    """Open a closed account again."""
    services = services_of(request)
    with services.writing() as session:
        member = activate_staff(session, staff_id, by=me.member, now=services.clock.now())
        _write_down(session, AuditAction.ACTIVATE_STAFF, me, member, services)
    return RedirectResponse("/desk/staff?done=activated", status_code=303)


@router.post("/staff/{staff_id}/password")
def give_new_password(request: Request, me: Admin, staff_id: RowId) -> Response:
    """Give somebody a new first password, shown once."""
    services = services_of(request)
    try:
        with services.writing() as session:
            password = reset_password(
                session,
                staff_id,
                by=me.member,
                passwords=services.passwords,
                now=services.clock.now(),
            )
            member = load_staff(session, staff_id)
            _write_down(session, AuditAction.RESET_PASSWORD, me, member, services)
    except DeskError as error:
        return _member_page(request, me, staff_id, error=error)
    return _member_page(request, me, staff_id, password=password)


@router.post("/staff/{staff_id}/unlock")
def unlock_account(request: Request, me: Admin, staff_id: RowId) -> Response:
    """Let somebody who was locked out try again at once."""
    services = services_of(request)
    with services.writing() as session:
        member = load_staff(session, staff_id)
        unlock(session, member.username, seal=services.seal)
        _write_down(session, AuditAction.UNLOCK_STAFF, me, member, services)
    return RedirectResponse("/desk/staff?done=unlocked", status_code=303)


@router.post("/staff/{staff_id}/second-factor")
def drop_second_factor(request: Request, me: Admin, staff_id: RowId) -> Response:
    """Turn somebody's second factor off, for whoever lost the phone; nobody's own."""
    services = services_of(request)
    if staff_id == me.member.id:
        return _member_page(request, me, staff_id, error=OwnAccount())
    with services.writing() as session:
        member = load_staff(session, staff_id)
        _write_down(session, AuditAction.DROP_SECOND_FACTOR, me, member, services)
    drop_factor(services, staff_id)
    return RedirectResponse("/desk/staff?done=factor_dropped", status_code=303)


@router.post("/staff/{staff_id}/chat")
def unlink_chat(request: Request, me: Admin, staff_id: RowId) -> Response:
    """Take somebody's chat accounts back, for whoever lost the phone."""
    services = services_of(request)
    with services.reading() as session:
        member = load_staff(session, staff_id)
    unlink_chat_accounts(services, member, by=me.member.username)
    return RedirectResponse("/desk/staff?done=unlinked", status_code=303)


def _write_down(
    session: Session,
    action: AuditAction,
    me: SignedIn,
    member: StaffMember,
    services: ConsoleServices,
) -> None:
    write_down(
        session,
        action,
        actor=me.member.username,
        now=services.clock.now(),
        target=Target(kind="staff", id=member.username),
    )


def _list_page(
    request: Request,
    me: SignedIn,
    *,
    form: PostedForm | None = None,
    error: DeskError | None = None,
    given: tuple[StaffMember, str] | None = None,
) -> Response:
    with services_of(request).reading() as session:
        people = list_staff(session)
    return show(
        request,
        "people.html",
        me=me,
        status=status_of(error) if error else 200,
        people=people,
        roles=STAFF_ROLES,
        form=form or PostedForm(words={}, files={}),
        error_field=error.facts.get("field") if error else None,
        sentence=sentence_of(error) if error else None,
        given=given,
        done=DONE.get(request.query_params.get("done", "")),
    )


def _member_page(
    request: Request,
    me: SignedIn,
    staff_id: int,
    *,
    error: DeskError | None = None,
    password: str | None = None,
) -> Response:
    with services_of(request).reading() as session:
        member = load_staff(session, staff_id)
    return show(
        request,
        "person.html",
        me=me,
        status=status_of(error) if error else 200,
        member=member,
        roles=STAFF_ROLES,
        error_field=error.facts.get("field") if error else None,
        sentence=sentence_of(error) if error else None,
        password=password,
        staff_chat=services_of(request).staff_chat,
    )
