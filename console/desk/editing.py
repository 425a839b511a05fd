"""What a curator states about a version in place of what was read, and the words of a draft."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from console.audit import AuditAction
from console.auth import PostedForm, RowId, SignedIn, services_of
from console.curating import author_of, texts_of, write_down_versions
from console.desk.curator import Curator, Form, day_or_none, told
from console.errors import InvalidInput
from console.pages import show
from knowledge.curation import VersionView
from knowledge.documents import VersionState
from knowledge.editing import FactsEdit
from knowledge.errors import KnowledgeError

router = APIRouter(prefix="/desk")
WORDS = ("title", "number", "issuer", "scope", "kind", "owner")
DAYS = ("effective_from", "effective_to")


@router.get("/knowledge/versions/{version_id}/facts")
def show_facts(request: Request, me: Curator, version_id: RowId) -> Response:
    """The facts of a version to be corrected."""
    return _facts_page(request, me, version_id)


@router.post("/knowledge/versions/{version_id}/facts")
def state_facts(request: Request, me: Curator, version_id: RowId, form: Form) -> Response:
    """State those facts anew that the form changes."""
    services = services_of(request)
    texts = texts_of(services)
    known = facts_of_version(texts.version(version_id))
    try:
        stated = _read_facts(form)
        edit = {name: value for name, value in stated.items() if value != known[name]}
        if edit:
            texts.edit(version_id, FactsEdit(facts=edit), author_of(me, form.get("reason") or None))
            write_down_versions(services, me, AuditAction.EDIT_VERSION, [version_id])
    except (InvalidInput, KnowledgeError) as error:
        return _facts_page(request, me, version_id, form=form, error=error)
    return RedirectResponse(f"/desk/knowledge/versions/{version_id}?done=edited", status_code=303)


@router.get("/knowledge/versions/{version_id}/text")
def show_text(request: Request, me: Curator, version_id: RowId) -> Response:
    """The words of a draft to be corrected."""
    words = texts_of(services_of(request)).words(version_id)
    return _text_page(request, me, version_id, words)


@router.post("/knowledge/versions/{version_id}/text")
def rewrite(request: Request, me: Curator, version_id: RowId, form: Form) -> Response:
    """Give a draft other words; its passages are cut anew."""
    services = services_of(request)
    words = form.get("text")
    try:
        if not words:
            raise InvalidInput(field="text", problem="required")
        texts_of(services).rewrite(version_id, words)
    except (InvalidInput, KnowledgeError) as error:
        return _text_page(request, me, version_id, words, error=error)
    write_down_versions(services, me, AuditAction.EDIT_VERSION, [version_id])
    address = f"/desk/knowledge/versions/{version_id}?done=rewritten"
    return RedirectResponse(address, status_code=303)


def facts_of_version(version: VersionView) -> dict[str, Any]:
    """The facts of a version by the names of the form's fields."""
    citation = version.citation
    return {
        "title": citation.title,
        "number": citation.number,
        "issuer": citation.issuer,
        "scope": citation.scope,
        "kind": version.kind,
        "owner": version.owner,
        "effective_from": citation.effective_from,
        "effective_to": citation.effective_to,
        "supersedes": list(version.supersedes),
    }


def _read_facts(form: PostedForm) -> dict[str, Any]:
    """What the form states; the title only where the form has the field."""
    facts: dict[str, Any] = {name: form.get(name) or None for name in WORDS if name in form.words}
    facts |= {name: day_or_none(form, name) for name in DAYS if name in form.words}
    if "supersedes" in form.words:
        lines = (line.strip().strip("《》") for line in form.get("supersedes").splitlines())
        facts["supersedes"] = [line for line in lines if line]
    return facts


def _shown(facts: Mapping[str, Any], form: PostedForm | None) -> dict[str, str]:
    """What the fields show: what was typed, else what is known."""
    if form is not None:
        return {name: form.get(name) for name in facts}
    words = {name: str(value or "") for name, value in facts.items()}
    return words | {"supersedes": "\n".join(facts["supersedes"])}


def _facts_page(
    request: Request,
    me: SignedIn,
    version_id: int,
    *,
    form: PostedForm | None = None,
    error: InvalidInput | KnowledgeError | None = None,
) -> Response:
    version = texts_of(services_of(request)).version(version_id)
    facts = facts_of_version(version)
    return show(
        request,
        "version_facts.html",
        me=me,
        version=version,
        values=_shown(facts, form),
        may_rename=version.state in (VersionState.DRAFT, VersionState.REVIEW),
        **told(error),
    )


def _text_page(
    request: Request,
    me: SignedIn,
    version_id: int,
    words: str,
    *,
    error: InvalidInput | KnowledgeError | None = None,
) -> Response:
    return show(
        request,
        "version_text.html",
        me=me,
        version=texts_of(services_of(request)).version(version_id),
        text=words,
        **told(error),
    )
