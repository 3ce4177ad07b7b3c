"""A strict reader of Common Cartridges 1.1, written from the specification and its schemas.

It knows nothing of the code that writes them. The content models are those of IMS CP 1.2 and LOM
as profiled for CC 1.1 (ccv1p1_imscp_v1p2_v1p0, ccv1p1_lommanifest_v1p0, ccv1p1_lomresource_v1p0),
and of QTI 1.2.1 (ccv1p1_qtiasiv1p2p1_v1p0); the rules below them are the Schematron rules of the
same files.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import html5lib

CP = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
LOMM = "{http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest}"
LOMR = "{http://ltsc.ieee.org/xsd/imsccv1p1/LOM/resource}"
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
WEB = "webcontent"
ASSESSMENT = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"
BANK = "imsqti_xmlv1p2/imscc_xmlv1p1/question-bank"
KINDS = (WEB, ASSESSMENT, BANK, "associatedcontent/imscc_xmlv1p1/learning-application-resource",
         "imsdt_xmlv1p1", "imswl_xmlv1p1", "imsbasiclti_xmlv1p0")  # fmt: skip
MANY = 10**6

Problems = list[str]
Child = tuple[str, str, int, int]  # element, its type, how often at least and at most


@dataclass(frozen=True)
class Type:
    """What an element may hold: its children in this order, or in any (`loose`), or a text."""

    children: tuple[Child, ...] = ()
    loose: bool = False
    text: tuple[str, ...] | None = ()  # () for none, None for any, else one of these
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


def one(name: str, type_: str, least: int = 1, most: int = 1) -> Child:
    return (name, type_, least, most)


ANY, EMPTY = Type(text=None), Type()
ROLES = Type((one("source", "role-source"), one("value", "role-value")))
TYPES: Mapping[str, Type] = {
    "text": ANY,
    "empty": EMPTY,
    # the manifest (IMS CP)
    "manifest": Type((one("metadata", "metadata"), one("organizations", "organizations"),
                      one("resources", "resources")), needs=("identifier",), may=(XSI,)),
    "metadata": Type((one("schema", "schema"), one("schemaversion", "version"),
                      one(f"{LOMM}lom", "lom"))),
    "schema": Type(text=("IMS Common Cartridge",)),
    "version": Type(text=("1.1.0",)),
    "organizations": Type((one("organization", "organization", 0),)),
    "organization": Type((one("title", "text", 0), one("item", "root")),
                         needs=("identifier", "structure")),
    "root": Type((one("item", "item", 0, MANY),), needs=("identifier",)),
    "item": Type((one("title", "text"), one("item", "item", 0, MANY)), needs=("identifier",),
                 may=("identifierref",)),
    "resources": Type((one("resource", "resource", 0, MANY),)),
    "resource": Type((one("metadata", "resource-metadata", 0), one("file", "file", 0, MANY),
                      one("dependency", "dependency", 0, MANY)), needs=("identifier", "type"),
                     may=("href", "intendeduse")),
    "resource-metadata": Type((one(f"{LOMR}lom", "resource-lom"),)),
    "file": Type(needs=("href",)),
    "dependency": Type(needs=("identifierref",)),
    # what is told of the whole (LOM)
    "lom": Type((one("general", "general", 0), one("lifeCycle", "life", 0),
                 one("educational", "educational", 0, MANY), one("rights", "rights", 0)),
                loose=True),
    "general": Type((one("identifier", "identifier", 0, MANY), one("title", "strings", 0),
                     one("language", "text", 0, MANY), one("description", "strings", 0, MANY),
                     one("keyword", "strings", 0, MANY)), loose=True),
    "identifier": Type((one("catalog", "text", 0), one("entry", "text", 0)), loose=True),
    "strings": Type((one("string", "string", 0, MANY),)),
    "string": Type(text=None, may=("language",)),
    "life": Type((one("contribute", "contribute", 1, MANY),)),
    "contribute": Type((one("role", "part", 0), one("entity", "text", 0, MANY),
                        one("date", "date", 0)), loose=True),
    "part": Type((one("value", "part-value"),)),
    "part-value": Type(text=("author", "publisher", "editor", "content provider", "validator",
                             "instructional designer", "subject matter expert", "unknown")),
    "date": Type((one("dateTime", "text", 0),), loose=True),
    "educational": Type((one("learningResourceType", "sort"), one("context", "context", 0),
                         one("intendedEndUserRole", "role", 0, MANY))),
    "sort": Type((one("value", "schema"),)),
    "context": Type((one("source", "lom-source"), one("value", "context-value"))),
    "lom-source": Type(text=("LOMv1.0",)),
    "context-value": Type(text=("higher education", "school", "training", "other")),
    "rights": Type((one("cost", "yes-or-no", 0),
                    one("copyrightAndOtherRestrictions", "yes-or-no", 0),
                    one("description", "strings", 0)), loose=True),
    "yes-or-no": Type((one("value", "yes-no"),)),
    "yes-no": Type(text=("yes", "no")),
    "role": ROLES,
    "role-source": Type(text=("IMSGLC_CC_Rolesv1p1",)),
    "role-value": Type(text=("Instructor", "Learner", "Mentor")),
    "resource-lom": Type((one("educational", "resource-educational", 1, MANY),)),
    "resource-educational": Type((one("context", "context", 0),
                                  one("intendedEndUserRole", "role", 1, MANY))),
    # questions (QTI)
    "questestinterop": Type((one("assessment", "assessment"),), may=(XSI,)),
    "assessment": Type((one("qtimetadata", "fields", 0), one("section", "section")),
                       needs=("ident", "title"), may=(LANG,)),
    "fields": Type((one("qtimetadatafield", "field", 1, MANY),)),
    "field": Type((one("fieldlabel", "text"), one("fieldentry", "text"))),
    "section": Type((one("item", "question", 1, MANY),), needs=("ident",), may=("title", LANG)),
    "question": Type((one("itemmetadata", "itemmetadata"), one("presentation", "presentation"),
                      one("resprocessing", "processing", 0, MANY)), needs=("ident",),
                     may=("title", LANG)),
    "itemmetadata": Type((one("qtimetadata", "fields", 1, MANY),)),
    "presentation": Type((one("material", "material"), one("response_str", "response"))),
    "material": Type((one("mattext", "mattext"),)),
    "mattext": Type(text=None, needs=("texttype",)),
    "response": Type((one("render_fib", "fib"),), needs=("ident",),
                     may=("rcardinality", "rtiming")),
    "fib": Type(may=("rows", "columns", "prompt", "fibtype", "maxchars", "charset", "encoding")),
    "processing": Type((one("outcomes", "outcomes"), one("respcondition", "condition", 1, MANY))),
    "outcomes": Type((one("decvar", "decvar"),)),
    "decvar": Type(needs=("varname",), may=("vartype", "minvalue", "maxvalue")),
    "condition": Type((one("conditionvar", "conditionvar"),), may=("title", "continue")),
    "conditionvar": Type((one("other", "empty", 1, MANY),)),
}  # fmt: skip
#: What fields of an assessment and of an essay may say.
OF_ASSESSMENT = {
    "cc_profile": ("cc.exam.v0p1",), "qmd_assessmenttype": ("Examination",),
    "qmd_scoretype": ("Percentage",), "qmd_feedbackpermitted": ("Yes", "No"),
    "qmd_hintspermitted": ("Yes", "No"), "qmd_solutionspermitted": ("Yes", "No"),
    "cc_allow_late_submission": ("Yes", "No"),
    "cc_maxattempts": ("Examination", "1", "2", "3", "4", "5", "unlimited"),
}  # fmt: skip
OF_ESSAY = {"cc_profile": ("cc.essay.v0p1",), "qmd_scoringpermitted": ("Yes",),
            "qmd_computerscored": ("No",), "cc_weighting": None}  # fmt: skip


@dataclass(frozen=True)
class Resource:
    id: str
    kind: str
    href: str
    files: tuple[str, ...]
    needs: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    title: str
    resource: Resource | None
    entries: tuple[Entry, ...]


@dataclass
class Cartridge:
    """What a cartridge holds, and all that is wrong with it."""

    title: str = ""
    language: str = ""
    rights: str = ""
    entries: tuple[Entry, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    questions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: Problems = field(default_factory=list)


def read(data: bytes) -> Cartridge:
    """The cartridge, its `problems` empty where it is one."""
    found = Cartridge()
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        bad = box.testzip()
        found.problems += [f"{bad} is damaged"] if bad else []
        for name in box.namelist():
            if name in found.files or normpath(name) != name or name.startswith(("/", "..")):
                found.problems.append(f"{name}: twice, or outside")
            found.files[name] = box.read(name)
    manifest = ET.fromstring(found.files["imsmanifest.xml"])
    found.problems += _shape(manifest, "manifest", CP, "imsmanifest.xml")
    resources = dict(_resources(manifest, found))
    found.title = manifest.findtext(f".//{LOMM}general/{LOMM}title/{LOMM}string") or ""
    found.language = manifest.findtext(f".//{LOMM}general/{LOMM}language") or ""
    found.rights = manifest.findtext(f".//{LOMM}rights/{LOMM}description/{LOMM}string") or ""
    root = manifest.find(f".//{CP}organization/{CP}item")
    if root is not None:
        found.entries = tuple(_entries(root, resources))
    found.problems += _names(manifest)
    found.problems += _rules(manifest, resources, found)
    for resource in resources.values():
        if resource.kind == ASSESSMENT:
            found.questions[resource.id] = tuple(_questions(resource.files[0], found))
        elif resource.kind == WEB:
            found.problems += _page(resource, resources, found.files)
    return found


def _shape(element: ET.Element, type_: str, space: str, where: str) -> Iterator[str]:
    """What is wrong with an element and all within it, by TYPES."""
    type_of, name = TYPES[type_], element.tag.rpartition("}")[2]
    where = f"{where} > {name}"
    for attribute in set(type_of.needs) - set(element.attrib):
        yield f"{where}: has no {attribute}"
    for attribute in set(element.attrib) - set(type_of.needs) - set(type_of.may):
        yield f"{where}: has {attribute}"
    text = (element.text or "").strip()
    if type_of.text == () and text:
        yield f"{where}: says {text}"
    if type_of.text and text not in type_of.text:
        yield f"{where}: says {text!r}"
    known = {child[0] if child[0][0] == "{" else space + child[0]: child
             for child in type_of.children}  # fmt: skip
    counts = Counter(child.tag for child in element)
    for tag, (short, _, least, most) in known.items():
        if not least <= counts[tag] <= most:
            yield f"{where}: {counts[tag]} of {short}"
    if not type_of.loose:
        order = [list(known).index(child.tag) for child in element if child.tag in known]
        if order != sorted(order):
            yield f"{where}: children in another order"
    for child in element:
        if (child.tail or "").strip():
            yield f"{where}: text between elements"
        if child.tag not in known:
            yield f"{where}: holds {child.tag}"
            continue
        inner = child.tag.partition("}")[0] + "}"
        yield from _shape(child, known[child.tag][1], inner, where)


def _resources(manifest: ET.Element, found: Cartridge) -> Iterator[tuple[str, Resource]]:
    for one_ in manifest.iterfind(f"{CP}resources/{CP}resource"):
        id_ = one_.get("identifier", "")
        yield id_, Resource(
            id_, one_.get("type", ""), one_.get("href", ""),
            tuple(file.get("href", "") for file in one_.iterfind(f"{CP}file")),
            tuple(other.get("identifierref", "") for other in one_.iterfind(f"{CP}dependency")),
            tuple(role.findtext(f"{LOMR}value", "")
                  for role in one_.iter(f"{LOMR}intendedEndUserRole")),
        )  # fmt: skip


def _entries(item: ET.Element, resources: Mapping[str, Resource]) -> Iterator[Entry]:
    for one_ in item.iterfind(f"{CP}item"):
        yield Entry(
            one_.findtext(f"{CP}title", ""),
            resources.get(one_.get("identifierref", "")),
            tuple(_entries(one_, resources)),
        )


def _names(manifest: ET.Element) -> Iterator[str]:
    """Names are XML names and stand for one thing; references lead somewhere."""
    ids = [one_.get("identifier") for one_ in manifest.iter() if one_.get("identifier")]
    for id_, count in Counter(ids).items():
        if count > 1:
            yield f"{id_} names {count} things"
        if not re.fullmatch(r"[A-Za-z_][\w.-]*", id_ or "", re.ASCII):
            yield f"{id_} is no XML name"
    resources = {one_.get("identifier") for one_ in manifest.iter(f"{CP}resource")}
    for one_ in manifest.iter():
        if one_.get("identifierref", next(iter(resources))) not in resources:
            yield f"{one_.get('identifierref')} is referred to and is no resource"


def _rules(
    manifest: ET.Element, resources: Mapping[str, Resource], found: Cartridge
) -> Iterator[str]:
    for organization in manifest.iter(f"{CP}organization"):
        if organization.get("structure") != "rooted-hierarchy":
            yield "the organization is no rooted hierarchy"
    for item in manifest.iter(f"{CP}item"):
        if item.get("identifierref") and item.find(f"{CP}item") is not None:
            yield f"{item.get('identifier')}: a lesson with lessons in it"
    used = {one_.get("identifierref") for one_ in manifest.iter(f"{CP}item")}
    for one_ in resources.values():
        if one_.kind not in KINDS:
            yield f"{one_.id}: of kind {one_.kind}"
        if len(set(one_.files)) < len(one_.files) or len(set(one_.needs)) < len(one_.needs):
            yield f"{one_.id}: a file or dependency twice"
        if one_.id in one_.needs:
            yield f"{one_.id}: depends on itself"
        if one_.href and one_.href not in one_.files:
            yield f"{one_.id}: {one_.href} is not among its files"
        if one_.kind == WEB:
            if one_.id in used and not one_.href:
                yield f"{one_.id}: a page without href"
            if any(resources[need].kind != WEB for need in one_.needs if need in resources):
                yield f"{one_.id}: depends on what is no page"
        elif one_.href or len(one_.files) != 1:
            yield f"{one_.id}: href, or not one file"
        for name in one_.files:
            if urlsplit(name).scheme or unquote(name) not in found.files:
                yield f"{one_.id}: {name} is not in the cartridge"
    told = {unquote(name) for one_ in resources.values() for name in one_.files}
    for name in set(found.files) - told - {"imsmanifest.xml"}:
        yield f"{name} belongs to no resource"


def _questions(name: str, found: Cartridge) -> Iterator[str]:
    """The questions of an assessment as HTML; what is wrong goes to the problems."""
    root, wrong = ET.fromstring(found.files[name]), found.problems
    wrong += _shape(root, "questestinterop", QTI, name)
    wrong += _fields(root.find(f"{QTI}assessment/{QTI}qtimetadata"), OF_ASSESSMENT, name)
    items = list(root.iter(f"{QTI}item"))
    if len({item.get("ident") for item in items}) < len(items):
        wrong.append(f"{name}: two questions of one name")
    for item in items:
        wrong += _fields(item.find(f"{QTI}itemmetadata/{QTI}qtimetadata"), OF_ESSAY, name)
        for decvar in item.iter(f"{QTI}decvar"):
            counted = decvar.get("varname"), decvar.get("vartype", "Integer")
            if counted not in (("SCORE", "Integer"), ("SCORE", "Decimal")):
                wrong.append(f"{name}: another variable than SCORE")
        text = item.find(f"{QTI}presentation/{QTI}material/{QTI}mattext")
        if text is None or text.get("texttype") not in ("text/plain", "text/html"):
            wrong.append(f"{name}: a question without text")
            continue
        yield text.text or ""


def _fields(
    fields: ET.Element | None, known: Mapping[str, tuple[str, ...] | None], name: str
) -> Iterator[str]:
    told = [
        (one_.findtext(f"{QTI}fieldlabel", ""), one_.findtext(f"{QTI}fieldentry", ""))
        for one_ in (fields if fields is not None else ())
    ]
    for label, entry in told:
        allowed = known.get(label, ())
        if allowed is not None and entry not in allowed:
            yield f"{name}: {label} is {entry!r}"
    if Counter(label for label, _ in told)["cc_profile"] != 1 or len(dict(told)) < len(told):
        yield f"{name}: fields missing, or twice"


def _page(
    resource: Resource, resources: Mapping[str, Resource], files: Mapping[str, bytes]
) -> Iterator[str]:
    """Pages are strict HTML, and what they show is named as theirs."""
    near = {*resource.files, *(file for need in resource.needs for file in resources[need].files)}
    for name in resource.files:
        if not name.endswith(".html") or name not in files:
            continue
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        tree = parser.parse(files[name].decode("utf-8", "strict"))
        ids = {one_.get("id") for one_ in tree.iter() if one_.get("id")}
        for one_ in tree.iter():
            if not isinstance(one_.tag, str):
                continue
            for reference in filter(None, (one_.get("src"), one_.get("href"))):
                parts = urlsplit(reference)
                if parts.scheme or parts.netloc:
                    if one_.tag != "a" or parts.scheme not in ("http", "https"):
                        yield f"{name}: fetches {reference}"
                elif not parts.path:
                    if parts.fragment not in ids:
                        yield f"{name}: {reference} leads nowhere"
                elif normpath(join(dirname(name), unquote(parts.path))) not in near:
                    yield f"{name}: {reference} is not named as needed"
            if one_.tag == "script":
                yield f"{name}: runs a script"
