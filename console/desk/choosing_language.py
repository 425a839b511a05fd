"""The switch between the desk's languages, before and after signing in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.auth import PostedForm, find_signed_in, read_form, services_of
from console.desk.sign_in import remember_language, safe_page
from console.errors import InvalidInput
from console.language import LANGUAGES
from console.staff_changes import change_language

router = APIRouter(prefix="/desk")


@router.post("/language")
def choose_language(request: Request, form: Annotated[PostedForm, Depends(read_form)]) -> Response:
    """Speak another language from now on; it stays with the person who is signed in."""
    services = services_of(request)
    language = form.get("language")
    if language not in LANGUAGES:
        raise InvalidInput(field="language", problem="unknown")
    me = find_signed_in(request)
    if me is not None:
        with services.writing() as session:
            change_language(session, me.member, language, services.clock.now())
    response = RedirectResponse(safe_page(form.get("next")) or "/desk", status_code=303)
    remember_language(response, services, language)
    return response
