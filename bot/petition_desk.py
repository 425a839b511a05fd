"""The real desk of one resident: the verbs of ``petitions`` inside one unit of work."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import ParamSpec, TypeVar

from bot.contact_links import contact_behind, make_link
from bot.dialogue.card import form_title
from bot.dialogue.desk import (
    AlreadyBehind,
    CaseGlance,
    Filed,
    NoSuchPetition,
    NotNow,
    RatingTaken,
    SimilarCase,
)
from bot.dialogue.form import Form
from bot.dialogue.placing import address, place_shown
from bot.forgetting import ForgetPetitions, forget_chats
from bot.linked_chats import chats_of, issue_link_code, link_chats
from bot.messages import Attachment
from petitions import filing, follow_up, progress
from petitions.drafts import AttachmentRef, PetitionDraft, make_draft
from petitions.errors import (
    ActionNotAllowed,
    AlreadyJoined,
    CaseNotFound,
    PetitionNotFound,
    WrongReceiptCode,
)
from petitions.neighbours import SimilarCase as Neighbours
from petitions.ports import UnitOfWork
from petitions.registration import Receipt
from petitions.views import PetitionProgress
from petitions.words import Satisfaction

P = ParamSpec("P")
R = TypeVar("R")
WITHDRAWN = "withdrawn"


class ResidentDesk:
    """See :class:`bot.dialogue.desk.PetitionDesk`.

    Args:
        work: The open transaction; whoever opened it commits.
        resident: Pseudonym.
        channel: The channel the resident writes from.
        now: The time of this turn.
        link_address: Turns the token of a contact link into its address.
        forget_petitions: Takes personal data out of what was filed.
    """

    def __init__(
        self,
        work: UnitOfWork,
        *,
        resident: str,
        channel: str,
        now: datetime,
        link_address: Callable[[str], str],
        forget_petitions: ForgetPetitions | None = None,
    ) -> None:
        self._forget_petitions = forget_petitions
        self._work = work
        self._resident = resident
        self._channel = channel
        self._now = now
        self._link_address = link_address

    def file(self, form: Form) -> Filed:
        """File the form; again gives the same petition."""
        receipt = filing.file_petition(self._work, self._draft(form), now=self._now)
        return _filed(receipt)

    def similar(self, form: Form) -> SimilarCase | None:
        """The open case most like the form, or None."""
        draft = self._draft(form)
        found = filing.find_similar_cases(self._work, draft, now=self._now, limit=1)
        return self._neighbours(found[0]) if found else None

    def join(self, case_id: int, form: Form) -> Filed:
        """Stand behind a neighbour's case."""
        try:
            draft = self._draft(form)
            receipt = _told(filing.join_case)(self._work, case_id, draft, now=self._now)
        except AlreadyJoined as known:
            raise AlreadyBehind(str(known.facts["number"])) from None
        return _filed(receipt)

    def mine(self) -> Sequence[CaseGlance]:
        """The resident's petitions, newest first; what was withdrawn is left out."""
        found = [
            _glance(one)
            for resident in self._chats
            for one in progress.petitions_of(self._work, resident=resident, now=self._now)
            if not one.withdrawn
        ]
        return sorted(found, key=lambda glance: glance.filed_at, reverse=True)

    def find(self, number: str) -> CaseGlance:
        """One of the resident's own petitions."""
        return self._owned(number)[1]

    def _owned(self, number: str) -> tuple[str, CaseGlance]:
        """Which of the linked chats filed ``number``, and the petition."""
        for resident in self._chats:
            with suppress(PetitionNotFound):
                found = progress.track_own(self._work, number, resident=resident, now=self._now)
                return resident, _glance(found)
        raise NoSuchPetition

    def open_with_code(self, number: str, code: str) -> CaseGlance:
        """A petition of whoever holds its receipt code."""
        return _glance(_told(progress.track)(self._work, number, code, now=self._now))

    def urge(self, number: str) -> CaseGlance:
        """Ask for more speed."""
        owner, _ = self._owned(number)
        _told(filing.urge_case)(self._work, number, resident=owner, now=self._now)
        return self.find(number)

    def supplement(self, number: str, words: str, attachments: Sequence[Attachment]) -> CaseGlance:
        """Add words and photos."""
        owner, _ = self._owned(number)
        _told(filing.supplement_petition)(
            self._work,
            number,
            resident=owner,
            text=words,
            attachments=_refs(attachments),
            now=self._now,
        )
        return self.find(number)

    def withdraw(self, number: str, reason: str) -> CaseGlance:
        """Take it back."""
        owner, _ = self._owned(number)
        _told(filing.withdraw_petition)(
            self._work, number, resident=owner, now=self._now, reason=reason or None
        )
        return self.find(number)

    def rate(self, number: str, level: int, comment: str) -> RatingTaken:
        """Rate in five levels."""
        owner, _ = self._owned(number)
        result = _told(follow_up.rate_case)(
            self._work,
            number,
            resident=owner,
            result=Satisfaction(level),
            comment=comment or None,
            now=self._now,
        )
        case = result.case
        return RatingTaken(
            reopened=result.reopened,
            supervised=result.supervised,
            unit=self._work.organisation.unit_name(case.lead_unit) or None,
            due_at=case.due_at,
        )

    def link_code(self) -> str:
        """A code that links another chat with this one."""
        return issue_link_code(self._work.session, self._resident, self._now)

    def link_with(self, code: str) -> bool:
        """Link with the chat that shows ``code``."""
        return link_chats(self._work.session, self._resident, code, self._now)

    def forget_me(self) -> bool:
        """Forget the resident's data in all linked chats."""
        chats = self._chats
        if self._forget_petitions is not None:
            for resident in chats:
                self._forget_petitions(self._work, resident=resident, now=self._now)
        forget_chats(self._work.session, chats)
        return self._forget_petitions is not None

    @property
    def _chats(self) -> tuple[str, ...]:
        return chats_of(self._work.session, self._resident)

    def contact_link(self, form: Form) -> str:
        """Address of the one-time local form."""
        token = make_link(self._work.session, self._resident, form, self._now)
        return self._link_address(token)

    def with_linked_contact(self, form: Form) -> Form:
        """The form with what was entered behind its link, if anything was."""
        entered = contact_behind(self._work.session, self._resident, form.key)
        if entered is None or form.anonymous:
            return form
        return replace(
            form,
            sealed_name=entered.sealed_name,
            sealed_phone=entered.sealed_phone,
            contact_shown=entered.contact_shown,
        )

    def _neighbours(self, found: Neighbours) -> SimilarCase:
        estate = self._work.organisation.estate(found.estate_id)
        name = estate.name if estate else self._work.organisation.subdistrict.name
        return SimilarCase(
            case_id=found.case_id,
            where=address(name, found.building if estate else None),
            what=found.category_second or found.category_first or "",
            opened_at=found.opened_at,
            supporters=found.supporters,
        )

    def _draft(self, form: Form) -> PetitionDraft:
        unseal = self._work.cipher.unseal
        return make_draft(
            matter=form.matter,
            title=form_title(form),
            kind=form.kind,
            resident=self._resident,
            channel=self._channel,
            idempotency_key=form.key,
            category_first=form.category_first,
            category_second=form.category_second,
            urgency=form.urgency,
            emergency_service=form.emergency_service,
            place_text=form.place_text or place_shown(form),
            estate=form.estate,
            building=form.building,
            place_detail=form.place_detail,
            happened_at_text=form.happened_at_text,
            wanted=form.wanted,
            contact_name=unseal(form.sealed_name) if form.sealed_name else None,
            contact_phone=unseal(form.sealed_phone) if form.sealed_phone else None,
            on_behalf_of=form.on_behalf_of,
            anonymous=form.anonymous,
            confidential=form.confidential,
            attachments=_refs(form.attachments),
            language=form.language,
        )


def _told(verb: Callable[P, R]) -> Callable[P, R]:
    """``verb`` with its refusals in the dialogue's words."""

    def tell(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return verb(*args, **kwargs)
        except (PetitionNotFound, WrongReceiptCode):
            raise NoSuchPetition from None
        except CaseNotFound:
            raise NotNow("closed") from None
        except ActionNotAllowed as refusal:
            raise NotNow(str(refusal.facts["status"])) from None

    return tell


def _filed(receipt: Receipt) -> Filed:
    return Filed(
        number=receipt.number,
        code=receipt.code,
        unit=receipt.lead_unit_name or None,
        due_at=receipt.due_at,
        again=receipt.repeated,
        supporters=receipt.supporters,
    )


def _glance(found: PetitionProgress) -> CaseGlance:
    return CaseGlance(
        number=found.number,
        title=found.title,
        status=WITHDRAWN if found.withdrawn else found.status.value,
        unit=found.unit_name or None,
        due_at=found.due_at,
        filed_at=found.filed_at,
        actions=frozenset(action.value for action in found.may),
        overdue=bool(found.clock and found.clock.overdue and not found.clock.stopped),
        reply=found.reply,
        category=found.category,
    )


def _refs(attachments: Sequence[Attachment]) -> tuple[AttachmentRef, ...]:
    return tuple(
        AttachmentRef(
            kind=one.kind.value,
            ref=one.ref,
            mime=one.mime,
            size_bytes=one.size_bytes,
            name=one.name,
            latitude=one.latitude,
            longitude=one.longitude,
        )
        for one in attachments
    )
