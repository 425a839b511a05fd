"""What leaves the desk on paper or as a file: monthly report, agenda pack, lists, audit log."""

from calendar import monthrange
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from console.agenda import draw_agenda
from console.audit import AuditAction, export_audit, write_down
from console.auth import Require, SignedIn, services_of
from console.desk.places import place_of
from console.desk.queue import unit_called
from console.desk.queue_query import read_query
from console.desk.supervision import Period, community_of, gather
from console.formatting import local_time, percent
from console.language import noted, translate
from console.pages import show
from console.permissions import DeskPermission
from console.report import as_pdf, sections_of, whistle_sheets
from console.services import ConsoleServices
from console.spreadsheets import XLSX_MIME, Sheet, as_csv, as_xlsx
from console.wording import cases, desk
from petitions.deadlines import LOCAL_ZONE
from petitions.organisation import Organisation
from petitions.queries import QueueRow, queue

router = APIRouter(prefix="/desk")
Overseer = Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_FIGURES))]
Auditor = Annotated[SignedIn, Depends(Require(permission=DeskPermission.READ_AUDIT))]
EXPORTED_AT_ONCE = 200
EXPORTED_PAGES = 25
AUDIT_HEADS = (
    noted("时间"),
    noted("用户名"),
    noted("操作"),
    noted("对象"),
    noted("编号"),
    noted("理由"),
)
CASE_HEADS = (
    noted("编号"),
    noted("事项"),
    noted("状态"),
    noted("紧急程度"),
    noted("类别"),
    noted("地点"),
    noted("单位"),
    noted("登记时间"),
    noted("到期"),
    noted("结果"),
)


@router.get("/report")
def show_report(request: Request, me: Overseer) -> Response:
    """The monthly report as a page that prints well."""
    services = services_of(request)
    month = _month(request, services)
    figures, whistles = gather(services, me, month)
    return show(
        request,
        "report.html",
        me=me,
        period=month,
        title=_title(services, me, month),
        rates=figures.total,
        sections=sections_of(figures, services.organisation),
        whistle_sheets=whistle_sheets(whistles, services.organisation),
    )


@router.get("/report.pdf")
def download_report_pdf(request: Request, me: Overseer) -> Response:
    """The monthly report on A4."""
    services = services_of(request)
    month = _month(request, services)
    figures, whistles = gather(services, me, month)
    total = figures.total
    lines = [
        translate(
            "立案 {cases} 件。响应率 {response}（n={n1}），解决率 {resolution}（n={n2}），"
            "满意率 {satisfaction}（n={n3}）。"
        ).format(
            cases=total.cases,
            response=percent(total.response.value),
            n1=total.response.n,
            resolution=percent(total.resolution.value),
            n2=total.resolution.n,
            satisfaction=percent(total.satisfaction.value),
            n3=total.satisfaction.n,
        ),
        translate("已答复 {n} 件，其中 {unrated} 件没有评价；没有评价的不算满意。").format(
            n=total.unrated.n, unrated=total.unrated.met
        ),
    ]
    content = as_pdf(
        _title(services, me, month),
        lines,
        sections_of(figures, services.organisation),
        whistle_sheets(whistles, services.organisation),
    )
    return _file(services, me, content, "application/pdf", f"report-{month.first:%Y-%m}.pdf")


@router.get("/report.xlsx")
def download_report_xlsx(request: Request, me: Overseer) -> Response:
    """The monthly report as a workbook."""
    services = services_of(request)
    month = _month(request, services)
    figures, whistles = gather(services, me, month)
    sheets = [section.sheet() for section in sections_of(figures, services.organisation)]
    content = as_xlsx((*sheets, *whistle_sheets(whistles, services.organisation)))
    return _file(services, me, content, XLSX_MIME, f"report-{month.first:%Y-%m}.xlsx")


@router.get("/agenda")
def show_agenda(request: Request, me: Overseer) -> Response:
    """What is laid before the joint meeting."""
    services = services_of(request)
    with services.open_read_work() as work:
        agenda = draw_agenda(work, actor=me.actor, now=services.clock.now())
    return show(
        request,
        "agenda.html",
        me=me,
        agenda=agenda,
        place_of=lambda case: place_of(services.organisation, case),
        unit_called=lambda case: unit_called(services.organisation, case),
    )


@router.get("/export.{form}")
def export_cases(request: Request, me: Overseer, form: str) -> Response:
    """The list of the address as CSV or XLSX, without anybody's name or phone."""
    services = services_of(request)
    wanted = read_query(request.query_params)
    rows: list[QueueRow] = []
    with services.open_read_work() as work:
        for number in range(1, EXPORTED_PAGES + 1):
            page = queue(
                work,
                actor=me.actor,
                now=services.clock.now(),
                filters=wanted.filters(services.clock.now()),
                page=number,
                page_size=EXPORTED_AT_ONCE,
            )
            rows += page.rows
            if len(page.rows) < EXPORTED_AT_ONCE:
                break
    cells = [_case_cells(row, services.organisation) for row in rows]
    heads = [translate(head) for head in CASE_HEADS]
    sheet = Sheet(name=translate("工单"), heads=heads, rows=cells)
    return _table(services, me, sheet, form, "cases", AuditAction.EXPORT_CASES)


@router.get("/audit/export.{form}")
def export_log(request: Request, me: Auditor, form: str) -> Response:
    """The audit log, as far as the address narrows it."""
    services = services_of(request)
    words = request.query_params
    action = words.get("action", "")
    with services.reading() as session:
        entries = export_audit(
            session,
            actor=words.get("actor", "")[:40] or None,
            action=AuditAction(action) if action in set(AuditAction) else None,
        )
    sheet = Sheet(
        name=translate("审计"),
        heads=[translate(head) for head in AUDIT_HEADS],
        rows=[
            (
                local_time(one.at),
                one.actor,
                desk.AUDIT.get(one.action, one.action),
                desk.TARGET.get(one.target_kind or "", one.target_kind),
                one.target_id,
                one.reason,
            )
            for one in entries
        ],
    )
    return _table(services, me, sheet, form, "audit", AuditAction.EXPORT_AUDIT)


def _case_cells(row: QueueRow, organisation: Organisation) -> tuple[str | None, ...]:
    case = row.case
    return (
        case.number,
        case.title,
        cases.STATUS[case.status],
        cases.URGENCY[case.urgency],
        " / ".join(filter(None, (case.category_first, case.category_second))),
        place_of(organisation, case),
        unit_called(organisation, case),
        local_time(case.opened_at),
        local_time(case.next_due_at),
        cases.OUTCOME.get(case.outcome or "", ""),
    )


def _table(
    services: ConsoleServices,
    me: SignedIn,
    sheet: Sheet,
    form: str,
    name: str,
    action: AuditAction,
) -> Response:
    content, mime = (
        (as_xlsx([sheet]), XLSX_MIME)
        if form == "xlsx"
        else (as_csv(sheet), "text/csv; charset=utf-8")
    )
    ending = "xlsx" if form == "xlsx" else "csv"
    return _file(services, me, content, mime, f"{name}.{ending}", action)


def _file(
    services: ConsoleServices,
    me: SignedIn,
    content: bytes,
    mime: str,
    name: str,
    action: AuditAction = AuditAction.EXPORT_FIGURES,
) -> Response:
    """Hand a file over; who took it is written down."""
    with services.writing() as session:
        write_down(session, action, actor=me.member.username, now=services.clock.now())
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=mime, headers=headers)


def _month(request: Request, services: ConsoleServices) -> Period:
    """The month of the address, «2026-11»; this one where it names none."""
    now = services.clock.now().astimezone(LOCAL_ZONE)
    try:
        first = datetime.strptime(request.query_params.get("month", ""), "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        first = date(now.year, now.month, 1)
    return Period(first=first, last=first.replace(day=monthrange(first.year, first.month)[1]))


def _title(services: ConsoleServices, me: SignedIn, month: Period) -> str:
    community = services.organisation.community(community_of(me))
    who = community.name if community else services.organisation.subdistrict.name
    return translate("{who} {year}年{month}月诉求办理月报").format(
        who=who, year=month.first.year, month=month.first.month
    )
