"""Two readers of CSV, one answer: the fast one takes a file only when it reads it exactly as the exact one would."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.ingest.csv_read import plain_records, read_csv, records
from include.ingest.errors import FileRefused


def everything(path: Path, exact: bool) -> Any:
    """Header, rows with their lines, broken records; or the refusal."""
    try:
        with read_csv(path, exact) as rows:
            table = [tuple(row.values()) for batch in rows.batches for row in batch.to_pylist()]
            return rows.header, table, sorted((broken.line, broken.reason, broken.raw) for broken in rows.broken)
    except FileRefused as refusal:
        return str(refusal)


def is_plain(path: Path) -> bool:
    with read_csv(path) as rows:
        return rows.is_plain


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "part-0.csv"
    path.write_bytes(content)
    return path


PLAIN = {
    "as pyarrow writes": b'"a","b"\n"1","x"\n"2","{""k"": ""v""}"\n',
    "windows line ends": b"a,b\r\n1,x\r\n2,\r\n",
    "no last line end": b"a,b\n1,x\n2,y",
    "byte-order mark": b"\xef\xbb\xbfa,b\n1,x\n",
    "quoted header after byte-order mark": b'\xef\xbb\xbf"a",b\n1,x\n',
    "header only": b"a,b\n",
    "header without line end": b"a,b",
    "too few fields": b"a,b\n1\n2,y\n",
    "too many fields": b"a,b\n1,x,z\n2,y\n",
    "one comma too many at the end": b"a,b\n1,x,\n2,y\n",
    "only broken records": b"a,b\n1\n2\n",
    "broken at both ends": b"a,b\n1\n2,x\n3,y\n4\n",
    "blanks are a record": b"a,b\n  \n2,y\n",
    "empty quotes are a record": b'a,b\n""\n2,y\n',
    "commas in quotes": b'a,b\n"1,5","x,"\n2,y\n',
    "umlauts": "a,b\nÄ,日本\n".encode(),
    "one column": b"a\n1\n2\n",
}
NOT_PLAIN = {
    "line break in quotes": b'a,b\n1,"x\ny"\n2,z\n',
    "windows line break in quotes": b'a,b\r\n1,"x\r\ny"\r\n2,z\r\n',
    "blank lines": b"\n\na,b\n\n1,x\n\r\n\n2,y\n\n",
    "lone carriage returns": b"a,b\r1,x\r2,y\r",
    "carriage return in a line": b"a,b\n1,x\ry\n2,z\n",
    "text after a closing quote": b'a,b\n1,"x"y\n2,z\n',
    "blank before a quote": b'a,b\n1, "x"\n2,z\n',
    "blank after a quote": b'a,b\n1,"x" \n2,z\n',
    "quote inside a field": b'a,b\n1,5" pipe\n2,z" or "so"\n',
    "doubled quote outside quotes": b'a,b\n1,""y\n2,z\n',
    "quote that is never closed": b'a,b\n1,"x\n2,z\n',
    "quote closed on a later line by accident": b'a,b\n1,"x\n2,"z"\n3,w\n',
    "NUL": b"a,b\n1,x\0y\n",
    "line break in the header": b'a,"b\nc"\n1,x\n',
}


@pytest.mark.parametrize("content", PLAIN.values(), ids=PLAIN)
def test_plain_files_take_the_fast_reader_and_it_gives_what_the_exact_one_gives(tmp_path: Path, content: bytes):
    path = write(tmp_path, content)
    assert is_plain(path)
    assert everything(path, exact=False) == everything(path, exact=True)


@pytest.mark.parametrize("content", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_other_files_take_the_exact_reader(tmp_path: Path, content: bytes):
    path = write(tmp_path, content)
    assert not is_plain(path)
    assert everything(path, exact=False) == everything(path, exact=True)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(['"', ",", "\n", "\r\n", "\r", "x", "5", " ", "é", '""', '"a"', "1,2", "\n1,2\n"]), max_size=25
    )
)
def test_both_readers_agree_on_any_text(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]):
    path = tmp_path_factory.mktemp("any") / "part-0.csv"
    path.write_bytes(("a,b\n" + "".join(pieces)).encode())
    assert everything(path, exact=False) == everything(path, exact=True)


def test_lines_are_physical_and_name_where_a_record_starts(tmp_path: Path):
    path = write(tmp_path, b'\na,b\n\n1,"x\ny"\n2\n3,z\n')
    assert everything(path, exact=False) == (
        ["a", "b"],
        [("1", "x\ny", 4), ("3", "z", 7)],
        [(6, "has 1 fields where the header has 2", "2")],
    )
    assert records(path, {4, 7}) == {4: '1,"x\ny"', 7: "3,z"}


def test_lines_are_counted_past_many_broken_records_and_blocks(tmp_path: Path):
    # larger than one block of the fast reader, so that numbers run on from block to block
    lines = [f"{number},{'x' * 40}" if number % 7 else f"{number}" for number in range(2, 200_002)]
    path = write(tmp_path, ("a,b\n" + "\n".join(lines) + "\n").encode())
    assert is_plain(path)
    numbers: list[tuple[str, int]] = []
    with read_csv(path) as rows:
        for batch in rows.batches:
            numbers += zip(batch.column("c0").to_pylist(), batch.column("line").to_pylist(), strict=True)
    assert [line for line in numbers if int(line[0]) != line[1]] == []
    assert len(numbers) == sum(number % 7 > 0 for number in range(2, 200_002))
    assert plain_records(path, {14, 15}) == {14: "14", 15: f"15,{'x' * 40}"}


def test_empty_and_quoted_empty_are_missing_and_no_other_text_is(tmp_path: Path):
    path = write(tmp_path, b'a,b,c\n,"",NULL\n -,NaN, \n')
    assert everything(path, exact=False)[1] == [(None, None, "NULL", 2), (" -", "NaN", " ", 3)]
    assert everything(path, exact=True)[1] == everything(path, exact=False)[1]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty, without even a header row"),
        (b"\n\n", "empty, without even a header row"),
        (b"\xef\xbb\xbf", "empty, without even a header row"),
        (b"a,b\n1,caf\xe9\n", "not UTF-8"),
        ("a,b\n1,x\n".encode("utf-16"), "not UTF-8"),
        (b'a,b\n1,x\n2,"y\n3,z\n', "the record that starts on line 3 opens a quote that is never closed"),
    ],
    ids=["empty", "blank lines only", "byte-order mark only", "latin-1", "utf-16", "unclosed quote"],
)
def test_unreadable_files_are_refused_with_one_reason(tmp_path: Path, content: bytes, reason: str):
    assert reason in everything(write(tmp_path, content), exact=False)


def test_gzip_is_read_and_a_file_cut_short_is_refused(tmp_path: Path):
    whole = tmp_path / "part-0.csv.gz"
    whole.write_bytes(gzip.compress(b"a,b\n" + b"".join(b"%d,x\n" % number for number in range(5000))))
    assert len(everything(whole, exact=False)[1]) == 5000
    cut = tmp_path / "part-1.csv.gz"
    cut.write_bytes(whole.read_bytes()[:-100])
    assert "not readable as gzip" in everything(cut, exact=False)
    renamed = tmp_path / "part-2.csv.gz"
    renamed.write_bytes(b"a,b\n1,x\n")
    assert "not readable as gzip" in everything(renamed, exact=False)


def test_a_value_of_three_megabytes_is_a_value(tmp_path: Path):
    path = write(tmp_path, b"a,b\n1," + b"x" * 3_000_000 + b"\n2,y\n")
    assert [len(row[1]) for row in everything(path, exact=False)[1]] == [3_000_000, 1]
