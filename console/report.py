"""The monthly report: one set of figures as sheets of a workbook and as pages of a PDF."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from console.charts import FONT, LINE, QUIET, Bar, draw_bars
from console.formatting import percent
from console.language import noted, translate
from console.spreadsheets import Sheet
from petitions.breakdown import Breakdown, Tally, WhistleAssessment, Whistled, Whistler
from petitions.organisation import Organisation
from petitions.statistics import Rate

HEADS = (
    *("", noted("立案"), noted("响应率"), "n", noted("解决率"), "n", noted("满意率"), "n"),
    *(noted("未评价"), noted("已答复")),
)
CALLED_HEADS = (
    *(noted("单位"), noted("被吹哨"), noted("按时报到")),
    *(noted("应报到"), noted("等待中")),
)
CALLER_HEADS = (
    *(noted("社区"), noted("吹哨次数"), noted("吹哨工单")),
    *(noted("全部工单"), noted("居民认为已解决"), noted("表过态")),
)
BARS_AT_MOST = 12


@dataclass(frozen=True, kw_only=True)
class Section:
    """One table of the report, with the names of its rows in words."""

    key: str
    title: str
    rows: Sequence[tuple[str, Tally]]

    def sheet(self) -> Sheet:
        """The same for a workbook."""
        heads = (self.title, *(translate(head) for head in HEADS[1:]))
        return Sheet(name=self.title, heads=heads, rows=[_cells(*row) for row in self.rows])

    def bars(self) -> list[Bar]:
        """The share of residents who say it is resolved, the groups with most cases first."""
        return [_bar(name, tally.resolution) for name, tally in self.rows[:BARS_AT_MOST]]


def _bar(name: str, rate: Rate) -> Bar:
    return Bar(name=name, share=rate.value or 0.0, figure=f"{percent(rate.value)} (n={rate.n})")


def _cells(name: str, tally: Tally) -> list[str | int]:
    rates = (tally.response, tally.resolution, tally.satisfaction)
    shares = [word for rate in rates for word in (percent(rate.value), rate.n)]
    return [name, tally.cases, *shares, tally.unrated.met, tally.unrated.n]


def sections_of(figures: Breakdown, organisation: Organisation) -> tuple[Section, ...]:
    """The tables of a period: units, grids, categories, weeks."""
    return (
        _section("units", translate("各主办单位"), figures.by_unit, _names(organisation.units)),
        _section("grids", translate("各网格"), figures.by_grid, _names(organisation.grids)),
        _section("categories", translate("各类别"), figures.by_category, {}),
        _section(
            "weeks",
            translate("各周"),
            dict(sorted(figures.by_week.items())),
            {},
            translate("{} 起的一周"),
        ),
    )


def _section(
    key: str,
    title: str,
    tallies: Mapping[str, Tally],
    names: Mapping[str, str],
    form: str = "{}",
) -> Section:
    rows = [(form.format(names.get(one, one)), tally) for one, tally in tallies.items()]
    return Section(key=key, title=title, rows=rows)


def _names(things: Iterable[object]) -> dict[str, str]:
    return {one.id: one.name for one in things}  # type: ignore[attr-defined]


def whistle_sheets(whistles: WhistleAssessment, organisation: Organisation) -> tuple[Sheet, ...]:
    """Both sides of the whistle."""
    return (
        Sheet(
            name=translate("被吹哨单位"),
            heads=[translate(head) for head in CALLED_HEADS],
            rows=[_called(one, organisation) for one in whistles.called],
        ),
        Sheet(
            name=translate("吹哨社区"),
            heads=[translate(head) for head in CALLER_HEADS],
            rows=[_caller(one, organisation) for one in whistles.callers],
        ),
    )


def _called(one: Whistled, organisation: Organisation) -> list[str | int]:
    name = organisation.unit_name(one.unit_id)
    return [name, one.called, one.in_time.met, one.in_time.n, one.waiting]


def _caller(one: Whistler, organisation: Organisation) -> list[str | int]:
    name = _community(organisation, one.community_id)
    return [name, one.whistles, one.cases.met, one.cases.n, one.resolved.met, one.resolved.n]


def _community(organisation: Organisation, community_id: str) -> str:
    community = organisation.community(community_id)
    return community.name if community else translate("未定社区")


def as_pdf(
    title: str, lines: Sequence[str], sections: Sequence[Section], sheets: Sequence[Sheet]
) -> bytes:
    """The report on A4 pages, with the page number at the foot."""
    content = io.BytesIO()
    document = SimpleDocTemplate(
        content,
        pagesize=A4,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title=title,
        author=translate("回音"),
    )
    story: list[Flowable] = [Paragraph(escape(title), _TITLE)]
    story += [Paragraph(escape(line), _BODY) for line in lines]
    for section in sections:
        story += _pdf_section(section)
    for sheet in sheets:
        story += [Spacer(0, 5 * mm), Paragraph(escape(sheet.name), _HEAD), _table(sheet)]
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return content.getvalue()


def _pdf_section(section: Section) -> list[Flowable]:
    if not section.rows:
        return []
    title = translate("{title}的解决率").format(title=section.title)
    drawing = draw_bars(section.bars(), title=title)
    scale = (A4[0] - 36 * mm) / drawing.width
    drawing.scale(scale, scale)
    drawing.width, drawing.height = drawing.width * scale, drawing.height * scale
    head = Paragraph(escape(section.title), _HEAD)
    return [Spacer(0, 6 * mm), head, drawing, Spacer(0, 3 * mm), _table(section.sheet())]


def _table(sheet: Sheet) -> Table:
    rows = [
        [Paragraph(escape(str(cell)), _CELL) for cell in row] for row in (sheet.heads, *sheet.rows)
    ]
    table = Table(rows, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def _number(canvas: object, document: object) -> None:
    canvas.setFont(FONT, 9)  # type: ignore[attr-defined]
    canvas.setFillColor(QUIET)  # type: ignore[attr-defined]
    page = translate("第 {n} 页").format(n=document.page)  # type: ignore[attr-defined]
    canvas.drawCentredString(A4[0] / 2, 10 * mm, page)  # type: ignore[attr-defined]


_TITLE = ParagraphStyle("title", fontName=FONT, fontSize=18, leading=26, wordWrap="CJK")
_HEAD = ParagraphStyle("head", fontName=FONT, fontSize=13, leading=20, wordWrap="CJK")
_BODY = ParagraphStyle("body", fontName=FONT, fontSize=10.5, leading=17, wordWrap="CJK")
_CELL = ParagraphStyle("cell", fontName=FONT, fontSize=8.5, leading=12, wordWrap="CJK")
