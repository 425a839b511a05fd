"""Reads the flat XML of WeChat and WeCom, and nothing that XML can do beyond that."""

from collections.abc import Mapping
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

LONGEST_XML = 256 * 1024


class XmlRefused(Exception):
    """The body is no XML of the platform: broken, too long, or a trap."""


def read_fields(body: bytes) -> Mapping[str, str]:
    """The elements below the root, by name; nested ones as «Outer.Inner».

    Raises:
        XmlRefused: The body can't be read; entities and document types are never expanded.
    """
    if len(body) > LONGEST_XML:
        raise XmlRefused("the body is too long")
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise XmlRefused("the body is no XML of the platform") from None
    fields = {}
    for element in root:
        fields[element.tag] = element.text or ""
        fields |= {f"{element.tag}.{inner.tag}": inner.text or "" for inner in element}
    return fields
