"""The words of a mail, as a person reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from include.alerts.anomalies import Anomaly, News
from include.alerts.finding import Finding, Segment, Severity
from include.alerts.links import page_url, run_url
from include.alerts.mail import Mail
from include.alerts.news_mail import news_mail
from include.alerts.picture import HEIGHT, picture
from include.alerts.wording import difference, number, since, span
from tests.alerts.made import TUESDAY

PURCHASES = Finding(
    key="volume:purchases",
    severity=Severity.CRITICAL,
    title="Purchases far below usual",
    day=TUESDAY,
    advice="Look at the day's landing files.",
    actual=1204,
    expected=2600,
    lower=2300,
    upper=2900,
    history=((date(2026, 11, 22), 1800.0), (date(2026, 11, 23), 2580.0), (TUESDAY, 1204.0)),
    segments=(Segment("app_version", "4.12.0", 88, 700),),
    page="/product",
)
OVERDUE = Finding("rewards:overdue", Severity.WARNING, "Rewards are unpaid", TUESDAY, "Pay them.", 41, upper=0)
RUN = "http://airflow.example/dags/carton_caps_daily/runs/a"


def test_a_mail_says_what_how_far_off_since_when_what_moved_and_where_to_look(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_DASH_URL", "https://caps.example/")
    text = news_mail(News(TUESDAY, found=((PURCHASES, date(2026, 11, 23)),)), RUN).text
    assert text == (
        "Data of Tuesday 24 November: 1 thing to look at today.\n"
        "\n"
        "----------------------------------------\n"
        "Look today\n"
        "Purchases far below usual\n"
        "\n"
        "Look at the day's landing files.\n"
        "\n"
        "Tuesday 24 November: 1,204\n"
        "Usual on a Tuesday: 2,300 to 2,900\n"
        "How far off: 54% less than the expected 2,600\n"
        "Since: Monday 23 November, 2 days\n"
        "The last days: Sun 1,800, Mon 2,580, Tue 1,204\n"
        "What moved most | Counted | Expected\n"
        "app version 4.12.0 | 88 | 700\n"
        "Open the page: https://caps.example/product\n"
        "\n"
        "----------------------------------------\n"
        "Open the dashboard: https://caps.example/\n"
        f"Open the run in Airflow: {RUN}\n"
    )


def test_the_most_severe_comes_first_then_what_is_over_then_what_was_mailed_before():
    before = TUESDAY - timedelta(days=1)
    over = Anomaly("volume:events", "check", Severity.CRITICAL, "Events", "/", before, before, 3, TUESDAY)
    known = replace(over, key="drift:users", title="A new column")
    mail = news_mail(News(TUESDAY, ((OVERDUE, TUESDAY), (PURCHASES, TUESDAY)), (over,), (known,)), RUN)
    assert [(section.label, section.heading) for section in mail.sections] == [
        ("Look today", "Purchases far below usual"),
        ("Look this week", "Rewards are unpaid"),
        ("Over", "Events"),
        ("", "Still open, mailed before"),
    ]
    assert mail.subject == "[Carton Caps] 2 things look wrong: Purchases far below usual"
    assert mail.tone == "critical"
    assert mail.lines == ("Data of Tuesday 24 November: 1 thing to look at today, 1 for this week, 1 over.",)


def test_html_says_the_same_and_escapes_what_came_from_the_data():
    school = replace(PURCHASES, segments=(Segment("school", "<img src=x onerror=alert(1)>", 1, 9),), title="A & B <b>")
    html = news_mail(News(TUESDAY, found=((school, TUESDAY),)), RUN).html
    assert "<img" not in html
    assert "A &amp; B &lt;b&gt;" in html
    for words in ("2,300 to 2,900", "54% less than the expected 2,600", "What moved most", "Look today", RUN):
        assert words in html


def test_a_subject_is_one_line_that_ends():
    mail = Mail("a\r\nBcc: thief@x.example" + "x" * 300, ())
    assert mail.header_subject.startswith("a Bcc: thief@x.example")
    assert len(mail.header_subject) == 110
    assert mail.message("from@x.example", ("anna@carton-caps.example",))["Bcc"] is None


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        (1204, 2600, "54% less than the expected 2,600"),
        (3000, 2600, "15% more than the expected 2,600"),
        (7800, 2600, "3.0 times the expected 2,600"),
        (0, 2600, "100% less than the expected 2,600"),
        (5, 0, "5 where 0 was expected"),
    ],
)
def test_how_far_off_is_said_in_words(actual: float, expected: float, words: str):
    assert difference(actual, expected) == words


def test_numbers_carry_no_false_precision():
    said = [number(value) for value in (1204.0, 1204.4, 28.6, 5.57, 0.03123, 0)]
    assert said == ["1,204", "1,204", "29", "5.6", "0.0312", "0"]


def test_what_is_usual_may_have_one_end_only_and_counts_are_never_below_nothing():
    assert span(2300, 2900) == "2,300 to 2,900"
    assert span(-40, 57.6) == "0 to 58"
    assert span(5.5, 57.6) == "6 to 58"
    assert span(0.02, 0.051) == "0.02 to 0.051"
    assert (span(2, None), span(None, 5), span(None, 0), span(None, None)) == ("at least 2", "at most 5", "0", None)


def test_since_counts_its_days():
    assert since(TUESDAY, TUESDAY) == "Tuesday 24 November, the first day"
    assert since(date(2026, 11, 21), TUESDAY) == "Saturday 21 November, 4 days"


def test_a_picture_marks_the_last_day_scales_to_the_highest_and_shows_four_weeks():
    history = [(TUESDAY - timedelta(days=40 - i), float(i)) for i in range(41)]
    shown = picture(history)
    assert shown is not None
    assert len(shown.bars) == 28
    assert [bar.is_marked for bar in shown.bars] == [False] * 27 + [True]
    assert shown.bars[-1].height == HEIGHT
    assert shown.bars[0].height == round(HEIGHT * 13 / 40)
    assert shown.caption == "Wed 28 Oct to Tue 24 Nov, one bar a day"


def test_a_picture_of_nothing_but_zeros_still_shows_its_days():
    shown = picture([(TUESDAY - timedelta(1), 0.0), (TUESDAY, 0.0)])
    assert shown is not None
    assert [bar.height for bar in shown.bars] == [1, 1]
    assert picture([(TUESDAY, 5.0)]) is None


def test_addresses_are_public_where_the_environment_names_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CARTON_DASH_PORT", "9050")
    assert page_url("/finance") == "http://127.0.0.1:9050/finance"
    monkeypatch.setenv("CARTON_AIRFLOW_URL", "https://airflow.caps.example/")
    assert run_url("carton_caps_daily", "a:b") == "https://airflow.caps.example/dags/carton_caps_daily/runs/a%3Ab"
