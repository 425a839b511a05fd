"""Joins the chat's «删除我的数据» with petitions and with the files on disk."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import event

from bot.attachments import AttachmentStore
from petitions.forgetting import Forgotten, forget_resident
from petitions.ports import UnitOfWork


def forget_with_files(
    attachments: Callable[[], AttachmentStore], work: UnitOfWork, *, resident: str, now: datetime
) -> Forgotten:
    """Forget a resident's petitions; the files go once the transaction is committed."""
    forgotten = forget_resident(work, resident=resident, now=now)
    delete = partial(delete_files, attachments, forgotten)
    event.listen(work.session, "after_commit", lambda _: delete(), once=True)
    return forgotten


def delete_files(attachments: Callable[[], AttachmentStore], forgotten: Forgotten) -> None:
    """Delete the files of what was forgotten; those that are gone are passed over."""
    store = attachments()
    for ref in forgotten.files:
        store.forget(ref)
