"""PDF files with text: pages as paragraphs, headings and tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PageObject, PdfReader as PdfFile
from pypdf.generic import ArrayObject, DictionaryObject

from knowledge.errors import UnreadableFile
from knowledge.readers.base import ReadText
from knowledge.readers.markdown import table_blocks
from knowledge.readers.pdf_content import Budget, FontShelf, PageContent, TooMuchContent
from knowledge.readers.pdf_drawing import Drawing
from knowledge.readers.pdf_fonts import UNKNOWN, resolved
from knowledge.readers.pdf_lines import Line, lines_of_runs, without_furniture
from knowledge.readers.pdf_paragraphs import Layout, glue, goes_on, layout_of
from knowledge.readers.pdf_tables import PdfTable, tables_of

MAGIC = b"%PDF-"
MAGIC_WITHIN_BYTES = 1024
MOST_PAGES = 2_000
CONTENT_BYTES = 200_000_000
"""Bytes of decompressed page content in one file; a page of text has some ten thousand."""
