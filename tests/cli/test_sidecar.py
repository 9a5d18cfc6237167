"""Sidecars: ours, other programs', and files that only look like one."""

import os
import stat
from xml.etree import ElementTree

import pytest

from watchword.cli.sidecar import write_sidecar
from watchword.core.errors import DataError

DC, RDF = "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<!-- made by a photo manager -->
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Manager 1.0">
 <r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <r:Description r:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"
    xmlns:d="http://purl.org/dc/elements/1.1/">
   <d:subject><r:Bag><r:li>holiday &amp; sea</r:li></r:Bag></d:subject>{more}
  </r:Description>
 </r:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""
THEIRS = '<d:description><r:Alt><r:li xml:lang="x-default">{text}</r:li></r:Alt></d:description>'


@pytest.fixture
def photo(tmp_path):
    (tmp_path / "dog.jpg").write_bytes(b"the photo itself")
    return tmp_path / "dog.jpg"


@pytest.fixture
def sidecar(photo):
    return photo.with_name("dog.jpg.xmp")


def described(path):
    """The descriptions in a sidecar, by language."""
    items = ElementTree.parse(path).findall(f".//{DC}description/{RDF}Alt/{RDF}li")
    return {item.get("{http://www.w3.org/XML/1998/namespace}lang"): item.text for item in items}


def test_a_new_sidecar_stands_beside_the_photo(photo, sidecar):
    write_sidecar(photo, "a dog & a <ball>")
    assert described(sidecar) == {"x-default": "a dog & a <ball>"}
    assert sidecar.read_text(encoding="utf-8").startswith("<?xpacket begin=")
    assert photo.read_bytes() == b"the photo itself"
    assert sorted(path.name for path in photo.parent.iterdir()) == ["dog.jpg", "dog.jpg.xmp"]


def test_what_we_wrote_can_be_written_again(photo, sidecar):
    write_sidecar(photo, "a dog")
    first = sidecar.read_text(encoding="utf-8")
    write_sidecar(photo, "a cat")
    assert described(sidecar) == {"x-default": "a cat"}
    write_sidecar(photo, "a dog")
    assert sidecar.read_text(encoding="utf-8") == first


def test_other_content_stays(photo, sidecar):
    sidecar.write_text(FOREIGN.format(more=""), encoding="utf-8")
    write_sidecar(photo, "a dog")
    assert described(sidecar) == {"x-default": "a dog"}
    text = sidecar.read_text(encoding="utf-8")
    for kept in ('xmp:Rating="4"', "holiday &amp; sea", "<!-- made by a photo manager -->", '<?xpacket end="w"?>'):
        assert kept in text
    assert ElementTree.parse(sidecar).find(f".//{DC}subject/{RDF}Bag/{RDF}li").text == "holiday & sea"


@pytest.mark.parametrize("more", [THEIRS.format(text=""), THEIRS.format(text="  ")])
def test_an_empty_description_is_no_ones(photo, sidecar, more):
    sidecar.write_text(FOREIGN.format(more=more), encoding="utf-8")
    write_sidecar(photo, "a dog")
    assert described(sidecar) == {"x-default": "a dog"}


@pytest.mark.parametrize(
    "content",
    [
        FOREIGN.format(more=THEIRS.format(text="Rex, two years old")),
        FOREIGN.format(more="").replace('xmp:Rating="4"', 'd:description="Rex, two years old"'),
        FOREIGN.format(more="<d:description>Rex</d:description>"),
        FOREIGN.format(more=THEIRS.format(text="<![CDATA[Rex & co]]>")),
        FOREIGN.format(more='<d:description r:parseType="Resource"><r:value>Rex</r:value></d:description>'),
        FOREIGN.format(
            more=THEIRS.format(text="<r:value>Rex</r:value>").replace("<r:li", '<r:li r:parseType="Resource"')
        ),
        FOREIGN.format(more='<d:description r:resource="urn:rex"/>'),
    ],
    ids=["element", "attribute", "plain text", "CDATA", "a value", "a value in a list", "a reference"],
)
def test_someone_elses_words_are_kept(photo, sidecar, content):
    sidecar.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"the sidecar '.*dog\.jpg\.xmp' has a description of its own, which is kept"):
        write_sidecar(photo, "a dog")
    assert sidecar.read_text(encoding="utf-8") == content


FACE = """<m:Regions xmlns:m="urn:regions" r:parseType="Resource"><m:RegionList><r:Bag><r:li>
 <r:Description m:Name="Rex" {attribute}>{element}</r:Description></r:li></r:Bag></m:RegionList></m:Regions>"""


@pytest.mark.parametrize(
    "content",
    [
        FOREIGN.format(more="").replace('xmp:Rating="4"', 'xmp:Rating="4" d:description=""'),
        FOREIGN.format(more="").replace('xmp:Rating="4"', 'xmp:Rating="4" d:description=" "'),
        FOREIGN.format(more=FACE.format(attribute='d:description=""', element="")),
        FOREIGN.format(more=FACE.format(attribute='d:description="my dog"', element="")),
        FOREIGN.format(more=FACE.format(attribute="", element="<d:description>my dog</d:description>")),
        FOREIGN.format(more=FACE.format(attribute="", element="<d:description/>")),
    ],
    ids=["empty", "blank", "of a face, empty", "of a face", "of a face, element", "of a face, empty element"],
)
def test_what_says_nothing_of_the_photo_is_no_obstacle(photo, sidecar, content):
    sidecar.write_text(content, encoding="utf-8")
    write_sidecar(photo, "a dog")
    assert described(sidecar) == {"x-default": "a dog"}
    (top,) = ElementTree.parse(sidecar).findall(f"{RDF}RDF/{RDF}Description")
    assert f"{DC}description" not in top.attrib
    assert len(top.findall(f"{DC}description")) == 1
    before, after = (_faces(ElementTree.fromstring(text)) for text in (content.encode(), sidecar.read_bytes()))
    assert before == after


def _faces(root):
    return [ElementTree.tostring(face) for face in root.iter("{urn:regions}RegionList")]


def test_our_words_written_anew_as_attributes_are_ours(photo, sidecar):
    ours = 'd:description="a dog" xmlns:w="urn:watchword:xmp" w:sentence="a dog"'
    sidecar.write_text(FOREIGN.format(more="").replace('xmp:Rating="4"', ours), encoding="utf-8")
    write_sidecar(photo, "a cat")
    assert described(sidecar) == {"x-default": "a cat"}
    assert "a dog" not in sidecar.read_text(encoding="utf-8")


def test_line_ends_and_tabs_of_others_stay(photo, sidecar):
    told = 'p:Instructions="line1&#xA;line2&#x9;tab&#xD;&quot;&lt;" xmlns:p="urn:photoshop"'
    more = '<p:Note>a&#xD;b &lt;c&gt; &amp;\n\t"d"<![CDATA[<&]]></p:Note>'
    sidecar.write_text(FOREIGN.format(more=more).replace('xmp:Rating="4"', told), encoding="utf-8")
    for sentence in ("a dog", "a cat"):
        write_sidecar(photo, sentence)
        (top,) = ElementTree.parse(sidecar).findall(f"{RDF}RDF/{RDF}Description")
        assert top.get("{urn:photoshop}Instructions") == 'line1\nline2\ttab\r"<'
        assert top.find("{urn:photoshop}Note").text == 'a\rb <c> &\n\t"d"<&'


@pytest.mark.parametrize("char", ["\x1b", "\0", "\ufffe", "\ud800"])
def test_what_xml_has_not_is_not_written(photo, sidecar, char):
    with pytest.raises(DataError, match=r"dog\.jpg\.xmp' is not written: its sentence has '.*', which XML has not"):
        write_sidecar(photo, f"a {char}[31mdog")
    assert not sidecar.exists()


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
def test_a_sidecar_that_is_a_link_stays_one(photo, sidecar):
    place = photo.with_name("elsewhere.xmp")
    place.write_text(FOREIGN.format(more=""), encoding="utf-8")
    sidecar.symlink_to(place)
    write_sidecar(photo, "a dog")
    assert sidecar.is_symlink()
    assert described(place) == {"x-default": "a dog"}


def test_our_words_changed_by_someone_are_theirs(photo, sidecar):
    write_sidecar(photo, "a dog")
    text = sidecar.read_text(encoding="utf-8").replace(">a dog</rdf:li>", ">my dog Rex</rdf:li>")
    sidecar.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="description of its own"):
        write_sidecar(photo, "a cat")


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + FOREIGN.partition("?>\n")[2]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is no XMP that can be merged with"),
        (b"\xff\xfe\x00", "is no XMP"),
        (b"<unclosed>", "is no XMP"),
        (b"<html/>", "is XML, but no XMP"),
        (BOMB.format(more="").encode(), "it has a document type"),
        (("\ufeff" + BOMB.format(more="")).encode("utf-16-le"), "has a document type, which XMP has not"),
        (b"<x>" + b" " * (17 << 20), "is larger than 16 MB"),
    ],
    ids=["empty", "binary", "torn", "html", "doctype", "doctype in UTF-16", "huge"],
)
def test_what_is_no_sidecar_is_left_alone(photo, sidecar, content, complaint):
    sidecar.write_bytes(content)
    with pytest.raises(DataError, match=complaint):
        write_sidecar(photo, "a dog")
    assert sidecar.read_bytes() == content


def test_a_folder_in_its_place(photo, sidecar):
    sidecar.mkdir()
    with pytest.raises(DataError, match="cannot be read"):
        write_sidecar(photo, "a dog")


@pytest.mark.skipif(os.name == "nt", reason="permissions")
def test_permissions_stay(photo, sidecar):
    sidecar.write_text(FOREIGN.format(more=""), encoding="utf-8")
    sidecar.chmod(0o640)
    write_sidecar(photo, "a dog")
    assert stat.S_IMODE(sidecar.stat().st_mode) == 0o640


def test_a_description_within_an_empty_one_goes_with_it(photo, sidecar):
    nested = "<d:description><d:description/></d:description>"
    sidecar.write_text(FOREIGN.format(more=nested), encoding="utf-8")
    write_sidecar(photo, "a dog")
    assert described(sidecar) == {"x-default": "a dog"}


def test_xml_that_is_nested_without_end_is_left_alone(photo, sidecar):
    content = FOREIGN.format(more="<a>" * 5000 + "</a>" * 5000)
    sidecar.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match="nested too deep"):
        write_sidecar(photo, "a dog")
    assert sidecar.read_text(encoding="utf-8") == content


@pytest.mark.skipif(os.name == "nt", reason="other limits of names")
@pytest.mark.parametrize("length", [252, 255])
def test_a_name_without_room_for_the_ending(tmp_path, length):
    photo = tmp_path / ("x" * (length - 4) + ".jpg")
    photo.write_bytes(b"the photo itself")
    with pytest.raises(DataError, match=r"\.jpg\.xmp' cannot be written: File name too long"):
        write_sidecar(photo, "a dog")


def test_a_folder_that_is_gone(tmp_path):
    with pytest.raises(DataError, match="cannot be written: No such file"):
        write_sidecar(tmp_path / "gone" / "dog.jpg", "a dog")
