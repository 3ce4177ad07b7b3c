"""What Moodle makes of a Common Cartridge 1.1, told after the code of its importer.

It is no Moodle, but it stumbles where the importer does (backup/converter/imscc11, backup/cc/):

* a cartridge is known by the first 500 bytes of its manifest, in which the namespace of CC 1.1 must
  be the default one; elements are found by their names without a prefix;
* the root item's children are sections, all below them activities; the title of a section goes into
  XML as it stands;
* pages are activities; those for instructors are hidden from participants; the page is what stands
  inside <body>, and what has no place in XHTML 1.0, such as drawings, is taken away;
* the text of a question is read as HTML in Latin 1, so that letters beyond ASCII must be written as
  numbers; its name and that of an activity have at most 255 letters.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import html5lib

CP = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
LOM = "{http://ltsc.ieee.org/xsd/imsccv1p1/LOM/resource}"
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
QUIZ = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"
MOST = 255
#: What its cleaner takes away together with what makes sense of it.
NOT_KEPT = ("svg", "canvas", "script", "style", "iframe", "video", "audio", "form", "input")


class NotImported(Exception):
    """Moodle would refuse the file, or spoil it."""


@dataclass(frozen=True)
class Activity:
    """A page or a quiz: its text, or its questions."""

    kind: str
    name: str
    visible: bool
    texts: tuple[str, ...]


def imported(data: bytes) -> list[tuple[str, list[Activity]]]:
    """The sections of the course with their activities. Raises NotImported."""
    box = zipfile.ZipFile(io.BytesIO(data))
    text = box.read("imsmanifest.xml")
    start = re.sub(rb"[\s'\"]", b"", text[:500]).lower()
    if b"xmlns=http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1" not in start:
        raise NotImported("not known as a Common Cartridge 1.1")
    if not re.search(rb"<item[ >]", text) or b":item" in text:
        raise NotImported("items have a prefix")
    manifest = ET.fromstring(text)
    root = manifest.find(f"{CP}organizations/{CP}organization/{CP}item")
    if root is None:
        raise NotImported("the course is empty")
    return [
        (_section(item), list(_activities(item, manifest, box)))
        for item in root.iterfind(f"{CP}item")
    ]


def _section(item: ET.Element) -> str:
    title = item.findtext(f"{CP}title") or ""
    try:
        return ET.fromstring(f"<summary>{title}</summary>").text or ""
    except ET.ParseError as error:
        raise NotImported(f"the section {title!r} breaks the file") from error


def _activities(item: ET.Element, manifest: ET.Element, box: zipfile.ZipFile) -> Iterator[Activity]:
    for one in item.iterfind(f"{CP}item"):
        name = one.findtext(f"{CP}title") or ""
        if not name or len(name) > MOST:
            raise NotImported(f"an activity of a name too long or none: {name}")
        resource = manifest.find(
            f"{CP}resources/{CP}resource[@identifier='{one.get('identifierref')}']"
        )
        if resource is None:
            raise NotImported(f"{name} would become a label")
        role = resource.findtext(f".//{LOM}intendedEndUserRole/{LOM}value", "").strip().lower()
        visible = role not in ("instructor", "mentor")
        file = resource.find(f"{CP}file")
        content = box.read(file.get("href", "") if file is not None else "")
        if resource.get("type") == QUIZ:
            yield Activity("quiz", name, visible, tuple(_questions(content)))
        elif resource.get("type") == "webcontent":
            yield Activity("page", name, visible, (_page(content.decode("utf-8")),))
        else:
            raise NotImported(f"{name} is of a kind that is left out")


def _page(html: str) -> str:
    found = re.search(r"<body[^>]*>(.+)</body>", html, re.IGNORECASE | re.DOTALL)
    if found is None:
        raise NotImported("a page without a body")
    tree = html5lib.parseFragment(found[1], namespaceHTMLElements=False)
    for element in tree.iter():
        if str(element.tag).rpartition("}")[2] in NOT_KEPT:
            raise NotImported(f"<{element.tag}> is taken away")
    return found[1]


def _questions(content: bytes) -> Iterator[str]:
    for item in ET.fromstring(content).iterfind(f"{QTI}assessment/{QTI}section/{QTI}item"):
        fields = {
            field.findtext(f"{QTI}fieldlabel"): field.findtext(f"{QTI}fieldentry")
            for field in item.iterfind(f"{QTI}itemmetadata/{QTI}qtimetadata/{QTI}qtimetadatafield")
        }
        if fields.get("cc_profile") != "cc.essay.v0p1" or not item.get("ident"):
            raise NotImported("a question of a kind that is left out")
        if not item.get("title") or len(item.get("title", "")) > MOST:
            raise NotImported("a question without a name would be named by bytes cut anywhere")
        text = item.findtext(f"{QTI}presentation/{QTI}material/{QTI}mattext") or ""
        read = html5lib.parseFragment(text.encode().decode("latin-1"))
        yield "".join(read.itertext())
