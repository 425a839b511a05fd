"""All pages under ``/desk``; every one of them behind the forgery guard."""

from fastapi import APIRouter, Depends

from console.auth import guard_against_forgery
from console.desk import (
    account,
    attachments,
    audit_log,
    cases,
    choosing_language,
    deliveries,
    editing,
    knowledge,
    lists,
    log,
    organisation,
    organisation_editing,
    oversight,
    people,
    phone,
    publishing,
    question_bank,
    questions,
    queue,
    reports,
    running,
    screen,
    sign_in,
    supervision,
    templates,
    text_use,
)

router = APIRouter(dependencies=[Depends(guard_against_forgery)], include_in_schema=False)
for part in (
    sign_in,
    choosing_language,
    account,
    queue,
    phone,
    lists,
    log,
    cases,
    attachments,
    supervision,
    oversight,
    reports,
    screen,
    templates,
    knowledge,
    publishing,
    editing,
    question_bank,
    questions,
    text_use,
    people,
    deliveries,
    running,
    organisation,
    organisation_editing,
    audit_log,
):
    router.include_router(part.router)
