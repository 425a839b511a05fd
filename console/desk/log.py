"""The people's log, and the form that turns an entry into a petition for a resident."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.auth import PostedForm, Require, RowId, SignedIn, read_form, services_of
from console.desk.queue import grids_to_choose
from console.desk.queue_query import read_query
from console.errors import DeskError, LogEntryFiled
from console.formatting import query_string
from console.pages import show
from console.people_log import file_from_entry, load_entry, read_log, write_entry
from console.permissions import DeskPermission
from console.problems import sentence_of, status_of
from console.uploads import keep_photos
from petitions.errors import PetitionError
from petitions.permissions import may_see
from petitions.tables import Case

router = APIRouter(prefix="/desk")
Writer = Annotated[SignedIn, Depends(Require(permission=DeskPermission.WRITE_LOG))]
Form = Annotated[PostedForm, Depends(read_form)]
NO_FORM = PostedForm(words={}, files={})
WORDS = (
    "title",
    "matter",
    "kind",
    "urgency",
    "estate",
    "building",
    "place_detail",
    "wanted",
    "contact_name",
    "contact_phone",
)


@router.get("/log")
def show_log(request: Request, me: Writer) -> Response:
    """The log, and the form for what was heard just now."""
    return _log_page(request, me)


@router.post("/log")
def add_entry(request: Request, me: Writer, form: Form) -> Response:
    """Write an entry; with the second button it goes on to a petition at once."""
    services = services_of(request)
    grids = {grid.id for grid in grids_to_choose(services.organisation, me)}
    grid = form.get("grid_id")
    try:
        with services.writing() as session:
            entry = write_entry(
                session,
                me.member,
                kind=form.get("kind"),
                place=form.get("place"),
                text=form.get("text"),
                grid_id=grid if grid in grids else None,
                now=services.clock.now(),
            )
    except DeskError as error:
        return _log_page(request, me, form=form, error=error)
    there = f"/desk/log/{entry.id}/file" if form.get("then") == "file" else "/desk/log?done=1"
    return RedirectResponse(there, status_code=303)


@router.get("/log/{entry_id}/file")
def show_filing(request: Request, me: Writer, entry_id: RowId) -> Response:
    """The form of a petition, begun with the words of the entry."""
    return _filing_page(request, me, entry_id)


@router.post("/log/{entry_id}/file")
def file_entry(request: Request, me: Writer, form: Form, entry_id: RowId) -> Response:
    """File it; number and code are shown once, to be handed to the resident."""
    services = services_of(request)
    said = {name: value for name in WORDS if (value := form.get(name))}
    flags = {name: form.get(name) == "yes" for name in ("anonymous", "confidential")}
    try:
        photos = keep_photos(services, form.files.get("photos", ()))
        receipt = file_from_entry(
            services, me, entry_id, {**said, **flags, "attachments": photos, **_place(form)}
        )
    except (LogEntryFiled, PetitionError, DeskError) as error:
        return _filing_page(request, me, entry_id, form=form, error=error)
    with services.open_read_work() as work:
        visible = may_see(work, work.session.get_one(Case, receipt.case_id), me.actor)
    return show(request, "log_filed.html", me=me, receipt=receipt, visible=visible)


def _place(form: PostedForm) -> dict[str, str]:
    words = " ".join(filter(None, (form.get("estate"), form.get("building"))))
    return {"place_text": words} if words else {}


def _log_page(
    request: Request,
    me: SignedIn,
    *,
    form: PostedForm = NO_FORM,
    error: DeskError | None = None,
) -> Response:
    services = services_of(request)
    with services.reading() as session:
        page = read_log(session, me.member, page=read_query(request.query_params).page)
    return show(
        request,
        "log.html",
        me=me,
        status=status_of(error) if error else 200,
        page=page,
        form=form,
        grids=grids_to_choose(services.organisation, me),
        own_grid=next(iter(me.actor.grid_ids), ""),
        address=lambda number: "/desk/log" + query_string({"page": str(number)}),
        error_field=error.facts.get("field") if error else None,
        sentence=sentence_of(error) if error else "",
        done="done" in request.query_params,
    )


def _filing_page(
    request: Request,
    me: SignedIn,
    entry_id: int,
    *,
    form: PostedForm | None = None,
    error: DeskError | PetitionError | None = None,
) -> Response:
    services = services_of(request)
    with services.reading() as session:
        entry = load_entry(session, me.member, entry_id)
    estates = [
        estate
        for estate in services.organisation.estates
        if me.member.community_id in (None, estate.community)
    ]
    return show(
        request,
        "log_file.html",
        me=me,
        status=status_of(error) if error else 200,
        entry=entry,
        form=form,
        estates=estates,
        error_field=error.facts.get("field") if error else None,
        sentence=sentence_of(error) if error else "",
    )
