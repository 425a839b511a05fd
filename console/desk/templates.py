"""The page of reply templates, for those who look over a community's replies."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.auth import PostedForm, Require, RowId, SignedIn, read_form, services_of
from console.errors import DeskError
from console.pages import show
from console.permissions import DeskPermission
from console.problems import sentence_of, status_of
from console.reply_templates import (
    PLACEHOLDERS,
    drop_template,
    save_template,
    templates_for,
)

router = APIRouter(prefix="/desk")
Overseer = Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_FIGURES))]
Form = Annotated[PostedForm, Depends(read_form)]


@router.get("/templates")
def show_templates(request: Request, me: Overseer) -> Response:
    """Every template, each with its form."""
    return _page(request, me)


@router.post("/templates")
def add_template(request: Request, me: Overseer, form: Form) -> Response:
    """Make one."""
    return _save(request, me, form, None)


@router.post("/templates/{template_id}")
def change_template(request: Request, me: Overseer, form: Form, template_id: RowId) -> Response:
    """Change one of one's own community."""
    return _save(request, me, form, template_id)


@router.post("/templates/{template_id}/drop")
def remove_template(request: Request, me: Overseer, template_id: RowId) -> Response:
    """Drop one of one's own community."""
    with services_of(request).writing() as session:
        drop_template(session, me.member, template_id)
    return RedirectResponse("/desk/templates", status_code=303)


def _save(request: Request, me: SignedIn, form: PostedForm, template_id: int | None) -> Response:
    services = services_of(request)
    try:
        with services.writing() as session:
            save_template(
                session,
                me.member,
                template_id=template_id,
                name=form.get("name"),
                text=form.get("text"),
                now=services.clock.now(),
            )
    except DeskError as error:
        return _page(request, me, form=form, template_id=template_id, error=error)
    return RedirectResponse("/desk/templates", status_code=303)


def _page(
    request: Request,
    me: SignedIn,
    *,
    form: PostedForm | None = None,
    template_id: int | None = None,
    error: DeskError | None = None,
) -> Response:
    with services_of(request).reading() as session:
        templates = templates_for(session, me.member.community_id)
    return show(
        request,
        "templates.html",
        me=me,
        status=status_of(error) if error else 200,
        templates=templates,
        placeholders=tuple(PLACEHOLDERS),
        form=form or PostedForm(words={}, files={}),
        wrong_id=template_id or 0 if error else None,
        error_field=error.facts.get("field") if error else None,
        sentence=sentence_of(error) if error else "",
    )
