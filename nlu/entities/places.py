"""Places: names and addresses, one span for what stands together, taken apart into parts.

«锦绣家园3号楼2单元501» is one place with an estate, a building, a unit and a room. A position
beside a named place («门口», «对面», «附近») is left out: it names no other place. The corner
of two roads («槐安路与书院街路口») is one place.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from nlu.entities.numerals import parse_number
from nlu.entities.place_names import FoundName, NameKind, find_names
from nlu.entities.tokens import Tokens
from nlu.gazetteer import Gazetteer, KnownName
from nlu.understanding import Entity, EntityType, PlaceParts

HAN = "[一二三四五六七八九十百零两]"
NUMBER = rf"(?:\d{{1,3}}|{HAN}{{1,4}})"
COUNTED = "(?<![整这那每有几共全各第上下另满隔半])"
BUILDING_TAIL = r"(?:号楼|栋楼?|幢楼?|#楼?|座)"
ADDRESS = re.compile(
    rf"(?P<triple>(?<![\d-])(?P<b3>\d{{1,3}})-(?P<u3>\d{{1,2}})-(?P<r3>\d{{3,4}})(?![\d-]))"
    rf"|(?P<pair>(?<![\d-])(?P<b2>\d{{1,3}})-(?P<r2>\d{{3,4}})(?![\d-]))"
    rf"|{COUNTED}(?P<building>(?<![\d.])(?P<bn>[甲乙丙丁]?\d{{1,3}}|[A-Za-z]\d?|{HAN}{{1,3}})"
    rf"(?:号楼|栋|幢|#楼?|座(?![桥山位]|大[桥山厦楼])))"
    rf"|{COUNTED}(?P<unit>(?<!\d)(?P<un>\d{{1,2}}|{HAN}{{1,2}}|[A-Za-z])(?:单元|门洞|号门(?!口)))"
    rf"|{COUNTED}(?P<floor>(?<![\d.A-Za-z])(?P<fn>[Bb]?\d{{1,2}}|{HAN}{{1,3}})(?:楼|层)(?![灰皮土油膜楼道高以的]|上的|梯|房))"
    rf"|(?P<room>(?<!\d)(?P<rn>\d{{3,4}})(?:室|号房|房间?))"
)
FOLLOWING = re.compile(
    r"(?P<phase>[一二三四五六七八九\d]期|[东南西北ABC一二三四五]区)"
    r"|(?P<number>\d{1,4}号院?(?!楼)|\d{1,4}弄(?:\d{1,3}号)?)"
    r"|(?P<plain_building>\d{1,3}号(?![线院]))"
    r"|(?P<room>-?(?P<rn>\d{3,4})(?:室|号房|房间?|号|户)?(?!\d|[元块万年米个人多平弄]))"
    r"|(?P<gate>[东南西北大后正侧]门(?!口)|(?:东南|东北|西南|西北)门)"
    r"|(?P<junction>交叉路?口|交汇处|十字路口|丁字路口|路?口(?!径|袋|罩|头)|[东南西北中]段|[东南西北]侧|楼顶|顶[楼层]|后门|工地|地下室|地下车库|地下通道|停车场|(?<=桥)下|\d{1,4}公里处?|\d{1,2}排)"
)
NEAR_ROOM = re.compile(
    r"(?:(?<=楼上|楼下|隔壁|对门|我家|房号|号是|门牌)|(?<=住))\d{3,4}(?![\d元块万年米个人多点:.])"
    r"|(?<=我是)\d{3,4}(?=的)|(?<!\d)\d{3,4}(?=的?住户|的?业主|那户|那家|也[渗漏])"
)
GENERIC_WITH_GATE = re.compile(
    r"小区(?:[东南西北大后正侧]门口?|门口|花园|广场)|(?:学校|菜市场|幼儿园|单元)(?:门口|[东南西北后]门)|社区广场|地铁口|公交站|"
    r"[东南西北]门(?=口|岗|的|那|保安|门|道|$)"
    r"|(?:活动中心|服务中心|办事大厅|食堂|商场|超市|医院|学校)(?=[一二三四五六\d][楼层])"
)
CROSSING = re.compile(r"与|和|跟|、|及")
ENGLISH = re.compile(
    r"\b(?:[A-Z][a-z]+ ){1,3}(?:Road|Street|Avenue|Garden|Gardens|Park|Community|Estate|Plaza|Tower|Court|Bay|Village|Mansion|House)"
    r"(?: (?:[Tt]ower|[Bb]uilding|[Bb]lock) \d{1,3})?\b"
    r"|\bNo\.? ?\d{1,4}(?= [A-Z][a-z]+ (?:Road|Street|Avenue))"
    r"|\b(?:[Bb]uilding|[Bb]lock|[Uu]nit|[Rr]oom|[Aa]partment|[Ff]lat) (?:No\.? ?)?(?:\d{1,4}[A-Z]?|[A-Z])\b"
    r"|\b\d{1,2}(?:st|nd|rd|th) floor\b|\b(?:north|south|east|west|main) gate\b"
)
ENGLISH_PARTS = {"building": "building", "block": "building", "unit": "unit", "room": "room"}
ENGLISH_PARTS |= {"apartment": "room", "flat": "room"}


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of an address with the parts that it tells."""

    start: int
    end: int
    parts: dict[str, str] = field(default_factory=dict)
    strong: bool = True


def find_places(text: str, tokens: Tokens, gazetteer: Gazetteer) -> Iterator[Entity]:
    """Places in ``text`` (a reading), from left to right, without overlaps."""
    names = _all_names(text, tokens, gazetteer)
    pieces = _extended(text, _pieces(text, names))
    for run in _runs(text, pieces):
        if any(piece.strong for piece in run):
            yield _place(text, run)


def _all_names(text: str, tokens: Tokens, gazetteer: Gazetteer) -> list[FoundName]:
    known = [
        *_known(gazetteer.find_estates(text), NameKind.ESTATE),
        *_known(gazetteer.find_roads(text), NameKind.ROAD),
        *_known(gazetteer.find_landmarks(text), NameKind.LANDMARK),
    ]
    return [*known, *find_names(text, tokens)]


def _known(found: Sequence[KnownName], kind: NameKind) -> Iterator[FoundName]:
    for name in found:
        yield FoundName(kind=kind, start=name.start, end=name.end, official=name.official)


def _pieces(text: str, names: Sequence[FoundName]) -> list[Piece]:
    pieces = [_name_piece(name) for name in names]
    pieces += [_address_piece(match) for match in ADDRESS.finditer(text)]
    pieces += [_generic_piece(match) for match in GENERIC_WITH_GATE.finditer(text)]
    pieces += [_english_piece(match) for match in ENGLISH.finditer(text)]
    pieces += [
        Piece(start=match.start(), end=match.end(), parts={"room": match[0]})
        for match in NEAR_ROOM.finditer(text)
    ]
    return _without_overlaps(pieces)


def _name_piece(name: FoundName) -> Piece:
    part = "landmark" if name.kind is NameKind.REGION else name.kind.value
    return Piece(start=name.start, end=name.end, parts={part: name.official})


def _generic_piece(match: re.Match[str]) -> Piece:
    return Piece(start=match.start(), end=match.end(), parts={"landmark": match[0]})


def _address_piece(match: re.Match[str]) -> Piece:
    if match["triple"]:
        parts = {"building": match["b3"], "unit": match["u3"], "room": match["r3"]}
    elif match["pair"]:
        parts = {"building": match["b2"], "room": match["r2"]}
    else:
        kind = next(k for k in ("building", "unit", "floor", "room") if match[k])
        parts = {
            kind: _number(
                match[{"building": "bn", "unit": "un", "floor": "fn", "room": "rn"}[kind]]
            )
        }
    return Piece(start=match.start(), end=match.end(), parts=parts, strong=not match["pair"])


def _english_piece(match: re.Match[str]) -> Piece:
    word, _, rest = match[0].partition(" ")
    if kind := ENGLISH_PARTS.get(word.lower()):
        return Piece(start=match.start(), end=match.end(), parts={kind: rest.rpartition(" ")[2]})
    if "floor" in rest:
        parts = {"floor": re.sub(r"\D", "", word)}
    else:
        parts = {"road" if rest.endswith(("Road", "Street", "Avenue")) else "landmark": match[0]}
    return Piece(start=match.start(), end=match.end(), parts=parts)


def _number(written: str) -> str:
    value = parse_number(written)
    return written.upper() if value is None else str(value)


def _without_overlaps(pieces: Sequence[Piece]) -> list[Piece]:
    # Stable: of two pieces that begin together the longer one stands, then the known name.
    kept: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: (piece.start, -piece.end)):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def _extended(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces with what may only follow another one: phase, house number, room, gate."""
    extended: list[Piece] = []
    for index, piece in enumerate(pieces):
        limit = pieces[index + 1].start if index + 1 < len(pieces) else len(text)
        extended.append(piece)
        while match := FOLLOWING.match(text, extended[-1].end, limit):
            extended.append(_following_piece(match, extended[-1]))
    return extended


def _following_piece(match: re.Match[str], before: Piece) -> Piece:
    start, end = match.span()
    if match["room"]:
        return Piece(start=start, end=end, parts={"room": match["rn"]})
    if match["plain_building"] and "estate" in before.parts:
        return Piece(start=start, end=end, parts={"building": match["plain_building"][:-1]})
    if match["phase"] and "estate" in before.parts:
        return Piece(start=start, end=end, parts={"estate": before.parts["estate"] + match[0]})
    if match["number"] and "road" in before.parts:
        return Piece(start=start, end=end, parts={"road": before.parts["road"] + match[0]})
    return Piece(start=start, end=end, parts={} if match["junction"] else {"landmark": match[0]})


def _runs(text: str, pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    run: list[Piece] = []
    for piece in pieces:
        if run and not _stand_together(text, run, piece):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _stand_together(text: str, run: Sequence[Piece], piece: Piece) -> bool:
    gap = text[run[-1].end : piece.start]
    if gap in ("", " ", "的"):
        return gap != "的" or "estate" in run[-1].parts
    if gap == ", " and text[piece.start].isascii():
        return "estate" not in run[-1].parts  # «Building 8, Oak Bay»
    return bool(CROSSING.fullmatch(gap)) and _is_crossing(text, run[-1], piece)


def _is_crossing(text: str, first: Piece, second: Piece) -> bool:
    both_roads = "road" in first.parts and "road" in second.parts
    return both_roads and text.startswith(("路口", "交叉", "交汇", "口", "十字"), second.end)


def _place(text: str, run: Sequence[Piece]) -> Entity:
    start, end = run[0].start, run[-1].end
    parts = PlaceParts()
    for piece in run:
        parts = replace(parts, **_joined(parts, piece.parts))
    return Entity(type=EntityType.PLACE, text=text[start:end], start=start, end=end, place=parts)


def _joined(parts: PlaceParts, found: dict[str, str]) -> dict[str, str]:
    if "road" in found and parts.road and not found["road"].startswith(parts.road):
        return found | {"road": f"{parts.road}与{found['road']}"}
    return found
