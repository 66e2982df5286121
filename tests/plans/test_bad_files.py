"""Files of questions as they come: empty, in any encoding, broken, hostile. Each is read or refused with a code."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mingtang.plans.exchange import reading
from mingtang.plans.exchange.foreign import BadFile
from mingtang.plans.exchange.reading import read

GIFT = "::第一题：栈与队列::栈的特点是什么？{=后进先出 ~先进先出}\n"
AIKEN = "栈的特点是什么？\nA) 先进先出\nB) 后进先出\nANSWER: B\n"
XML = (
    '<?xml version="1.0"?><quiz><question type="truefalse"><name><text>栈</text></name><questiontext><text>'
    '栈的特点是后进先出</text></questiontext><answer fraction="100"><text>true</text></answer></question></quiz>'
)
FORMATS = {"gift": GIFT, "aiken": AIKEN, "xml": XML}
formats = pytest.mark.parametrize("text", FORMATS.values(), ids=FORMATS.keys())
LATIN = {
    "gift": "Où est né Molière – à « Paris »?{=Paris ~Besançon}\n",
    "aiken": "Où est né Molière – à l’hôtel?\nA) Paris\nB) Besançon\nANSWER: A\n",
    "xml": XML.replace("栈的特点是后进先出", "Où est né Molière – à l’hôtel?").replace("栈", "Molière"),
}


def said(data: bytes) -> str:
    [step] = read(data).taken
    assert step.poll is not None
    return step.poll.text + "".join(step.poll.options)


@formats
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
def test_a_chinese_file_is_read_in_every_usual_encoding(text: str, encoding: str) -> None:
    assert said(text.encode(encoding)) == said(text.encode())


@pytest.mark.parametrize("text", LATIN.values(), ids=LATIN.keys())
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16"])
def test_a_western_file_is_read_in_every_usual_encoding(text: str, encoding: str) -> None:
    assert said(text.encode(encoding)) == said(text.encode())


@pytest.mark.parametrize("name", ["GBK", "gb2312", "windows-1252", "UTF-16"])
def test_an_encoding_that_the_file_declares_is_believed(name: str) -> None:
    word = "é" if name == "windows-1252" else "栈"
    source = XML.replace('"1.0"', f'"1.0" encoding="{name}"').replace("栈的特点是后进先出", word).replace("栈", word)
    assert said(source.encode(name)) == word


def test_windows_line_ends_tabs_and_emoji_do_no_harm() -> None:
    assert said(b"\xef\xbb\xbfHow\tare you \xf0\x9f\x98\x80?{T}\r\n\r\n") == "How are you 😀?"


EMPTY = {"nothing": b"", "blanks": b" \r\n\t\n", "only a mark": b"\xef\xbb\xbf", "a wide mark": b"\xff\xfe"}
REFUSED = {
    **{name: (data, "import.empty") for name, data in EMPTY.items()},
    "a program": (b"\x7fELF\x02\x01\x01\x00\x00\x01 {T}", "import.not_text"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "import.not_text"),
    "a letter": (b"Dear colleague,\n\nhere are no questions.\n", "import.unknown_format"),
    "GIFT without a question": (b"::Title::Only a text\n", "import.no_questions"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><quiz/>', "import.encoding"),
    "not in its declared encoding": (b'<?xml version="1.0" encoding="utf-8"?><quiz>\xff\xfe</quiz>', "import.encoding"),
    "half of a wide file": ("栈{T}".encode("utf-16") + b"\x00", "import.encoding"),
    "broken XML": (b"<quiz><question></quiz>", "import.xml_broken"),
    "half of an XML file": (XML[:120].encode(), "import.xml_broken"),
    "an empty quiz": (b"<quiz></quiz>", "import.no_questions"),
    "another XML": (b"<?xml version='1.0'?><html><body>{T}</body></html>", "import.not_moodle"),
    "a DTD": (b'<!DOCTYPE quiz SYSTEM "http://192.0.2.1/x.dtd"><quiz/>', "import.hostile"),
    "a file from this computer": (
        b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
        "import.hostile",
    ),
    "a billion laughs": (
        b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "ha">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
        + b"]><quiz>&j;</quiz>",
        "import.hostile",
    ),
    "100 000 levels": (b"<quiz>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</quiz>", "import.hostile"),
    "a brace never closed": (b"{" * 100_000, "import.gift_braces"),
    "one line of a megabyte": (b"a" * 1_000_000, "import.unknown_format"),
    "an answer of a megabyte": (b"Q\nA) " + b"a" * 1_000_000 + b"\nANSWER: A", "import.aiken_answer"),
    "too many questions": (b"Q?{T}\n\n" * 501, "import.too_many"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_as_a_whole(data: bytes, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        read(data)
    assert refused.value.code == code


def test_a_huge_file_is_refused_before_it_is_looked_at(monkeypatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 1000)
    with pytest.raises(BadFile) as refused:
        read(b"Q?{T}\n\n" * 200)
    assert refused.value.code == "import.too_large"


def test_a_question_of_a_megabyte_is_shortened_and_said_to_be() -> None:
    file = read(b"Q" * 1_000_000 + b"{=" + b"a" * 1_000_000 + b" ~b}")
    [step] = file.taken
    assert (len(step.poll.text), len(step.poll.options[0])) == (500, 200)
    assert [note.what for note in file.notes] == ["shortened", "shortened"]


CODES = {"", *(code for _, code in REFUSED.values())} | {
    f"import.{code}" for code in ("gift_answers", "gift_pairs", "gift_number", "aiken_line", "aiken_unanswered")
}


def refusal(data: bytes) -> str:
    try:
        file = read(data)
    except BadFile as refused:
        return refused.code
    assert all(step.poll or step.peer or step.text for step in file.taken)
    return ""


soup = st.text(st.sampled_from("{}~=#:%\\\n->ABTF1.) ANSWER:<quiz>/&;x中[]")).map(str.encode) | st.binary(max_size=200)


@given(soup)
@example(b"\x80\x81{=a~b}")
@example("ANSWER：A".encode())
def test_whatever_comes_it_is_read_or_refused_and_never_fails_otherwise(data: bytes) -> None:
    assert refusal(data) in CODES


@given(st.data())
def test_a_file_cut_or_changed_anywhere_is_read_or_refused(data) -> None:
    source = data.draw(st.sampled_from(list(FORMATS.values()))).encode()
    place = data.draw(st.integers(0, len(source)))
    source = source[:place] + data.draw(st.binary(max_size=3)) + source[place + data.draw(st.integers(0, 3)) :]
    assert refusal(source) in CODES
