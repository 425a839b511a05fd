"""The administrator's routes under ``/api/v1/running``: what the service could not do by itself."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from console.api.base import ApiModel
from console.api.once import CommandRoute
from console.auth import Require, SignedIn, services_of
from console.errors import JobNotParked
from console.permissions import DeskPermission
from console.running import LONGEST_REASON, drop_job, operations_of, retry_job

router = APIRouter(prefix="/running", tags=["running"], route_class=CommandRoute)
Operator = Annotated[SignedIn, Depends(Require(permission=DeskPermission.OPERATE))]


class ParkedJobOut(ApiModel):
    """A job that failed at every attempt and waits for a person."""

    id: str
    name: str
    about: str = Field(description="Id of the row that it is about.")
    parked_at: datetime


class JobIn(ApiModel):
    """Which job."""

    id: str = Field(min_length=1, max_length=200)


class DropIn(JobIn):
    """Which job, and why nobody shall wait for it any more."""

    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


@router.get("/jobs")
def list_parked_jobs(request: Request, me: Operator) -> list[ParkedJobOut]:
    """The parked jobs, newest first."""
    return [
        ParkedJobOut(id=one.id, name=one.name, about=one.about, parked_at=one.parked_at)
        for one in operations_of(services_of(request)).parked()
    ]


@router.post("/jobs/retry")
def retry_parked_job(request: Request, me: Operator, wish: JobIn) -> JobIn:
    """Run a parked job again."""
    if not retry_job(services_of(request), me, wish.id):
        raise JobNotParked(id=wish.id)
    return wish


@router.post("/jobs/drop")
def drop_parked_job(request: Request, me: Operator, wish: DropIn) -> JobIn:
    """Give a parked job up; the reason stands in the audit log."""
    if not drop_job(services_of(request), me, wish.id, wish.reason):
        raise JobNotParked(id=wish.id)
    return JobIn(id=wish.id)
