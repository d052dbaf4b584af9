from __future__ import annotations

from include.alerts.mail import Mail

TO = ("anna@carton-caps.example", "ben@carton-caps.example")


def test_a_mail_says_the_same_as_text_and_as_html():
    message = Mail("Volume", ("Half of it is missing.",), (("Day", "2026-03-02"),)).message("from@x.example", TO)
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for words in ("Half of it is missing.", "Day", "2026-03-02"):
        assert words in text
        assert words in html
    assert message["To"] == ", ".join(TO)


def test_a_name_from_the_data_cannot_add_a_header_or_a_tag():
    message = Mail("odd\r\nBcc: thief@x.example", ("<script>alert(1)</script>",)).message("from@x.example", TO)
    assert message["Bcc"] is None
    assert "<script>" not in message.get_body(("html",)).get_content()
