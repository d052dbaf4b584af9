"""Published too late: the deadline that Airflow watches, and the watch that needs no Airflow."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from include.alerts.deadline import publish_by, queue_missed_deadline
from include.alerts.silence import add_silence
from include.alerts.store import transaction
from include.alerts.transport import smtp_from_env
from include.alerts.watch import watch
from include.errors import CartonCapsError
from include.pipeline import main
from include.settings import PROJECT_ROOT, Paths
from tests.alerts.made import TUESDAY, after, judged
from tests.alerts.mail_server import MailServer
from tests.dash_app.snapshots import publish

#: 09:00 UTC of the day after TUESDAY, when its data is due.
DUE = datetime(2026, 11, 25, 9, tzinfo=UTC)
RUN = "http://airflow.example/run"
A_DAY_AND_A_HALF = timedelta(hours=36)


class TestDeadline:
    def test_a_day_that_is_not_published_by_its_hour_is_mailed_once_and_its_end_once(self, tmp_path: Path):
        publish(tmp_path, {}, after(-1), "monday")
        assert queue_missed_deadline(Paths(tmp_path), DUE, RUN)
        assert not queue_missed_deadline(Paths(tmp_path), DUE, RUN)
        assert judged(tmp_path, TUESDAY, []) == ("[Carton Caps] Over: Tuesday 24 November is not published",)
        with transaction(Paths(tmp_path)) as con:
            message = con.execute("select message from mails order by mail_id desc").fetchone()["message"].decode()
        assert "Published meanwhile: readers see data to Tuesday 24 November." in message

    def test_a_snapshot_that_cannot_be_read_is_as_good_as_none(self, tmp_path: Path):
        publish(tmp_path, {}, after(0), "tuesday")
        Paths(tmp_path).current.resolve().write_bytes(b"torn")
        assert queue_missed_deadline(Paths(tmp_path), DUE, RUN)

    def test_the_mail_says_what_is_missing_what_readers_see_and_which_run_to_open(self, tmp_path: Path):
        publish(tmp_path, {}, after(-1), "monday")
        queue_missed_deadline(Paths(tmp_path), DUE, RUN)
        with transaction(Paths(tmp_path)) as con:
            message = con.execute("select message from mails").fetchone()["message"].decode()
        for words in ("it was due at 2026-11-25 09:00 UTC", "data to Monday 23 November", RUN):
            assert words in message

    def test_nothing_is_late_before_the_hour_or_once_it_is_published(self, tmp_path: Path):
        publish(tmp_path, {}, after(-1), "monday")
        assert not queue_missed_deadline(Paths(tmp_path), DUE - timedelta(seconds=1), RUN)
        publish(tmp_path, {}, TUESDAY, "tuesday")
        assert not queue_missed_deadline(Paths(tmp_path), DUE, RUN)

    def test_catching_up_several_days_is_one_anomaly_that_ends_with_the_newest(self, tmp_path: Path):
        publish(tmp_path, {}, after(-3), "saturday")
        assert queue_missed_deadline(Paths(tmp_path), DUE, RUN)
        assert judged(tmp_path, after(-2), []) == ()
        assert not queue_missed_deadline(Paths(tmp_path), DUE, RUN)
        assert judged(tmp_path, after(-1), []) == ()
        assert len(judged(tmp_path, TUESDAY, [])) == 1

    def test_a_first_day_without_any_snapshot_is_late_too(self, tmp_path: Path):
        assert queue_missed_deadline(Paths(tmp_path), DUE, RUN)

    def test_the_hour_is_a_setting_and_a_wrong_one_is_refused(self, monkeypatch: pytest.MonkeyPatch):
        assert publish_by() == timedelta(hours=9)
        monkeypatch.setenv("CARTON_PUBLISH_BY", "7.5")
        assert publish_by() == timedelta(hours=7.5)
        for wrong in ("nine", "-1", "49", "nan"):
            monkeypatch.setenv("CARTON_PUBLISH_BY", wrong)
            with pytest.raises(CartonCapsError, match="CARTON_PUBLISH_BY"):
                publish_by()


class TestWatch:
    def test_an_old_snapshot_is_mailed_once_a_day_while_it_lasts_and_its_end_once(
        self, tmp_path: Path, server: MailServer
    ):
        publish(tmp_path, {}, TUESDAY, "tuesday")
        old = datetime(2026, 11, 26, 12, 1, tzinfo=UTC)
        with server.up():
            for hours in (-1, 0, 1, 2, 24, 25):
                watched = watch(Paths(tmp_path), A_DAY_AND_A_HALF, old + timedelta(hours=hours), smtp_from_env)
                assert watched.is_fresh is (hours < 0)
            assert server.subjects == ["[Carton Caps] Wednesday 25 November is not published"] * 2
            publish(tmp_path, {}, after(2), "thursday")
            for _ in range(2):
                assert watch(Paths(tmp_path), A_DAY_AND_A_HALF, old + timedelta(hours=26), smtp_from_env).is_fresh
        assert server.subjects[2:] == ["[Carton Caps] Over: Wednesday 25 November is not published"]

    def test_with_the_mail_server_away_the_mail_waits_and_arrives_once(self, tmp_path: Path, server: MailServer):
        old = datetime(2026, 11, 26, 12, 1, tzinfo=UTC)
        assert "The mail waits" in watch(Paths(tmp_path), A_DAY_AND_A_HALF, old, smtp_from_env).sentence
        with server.up():
            watch(Paths(tmp_path), A_DAY_AND_A_HALF, old + timedelta(hours=1), smtp_from_env)
        assert len(server.received) == 1

    def test_a_silence_holds_the_mail_back_but_not_the_exit_code(self, tmp_path: Path, server: MailServer):
        with transaction(Paths(tmp_path)) as con:
            add_silence(con, "publication:age", date(2026, 11, 30), "moving house")
        with server.up():
            old = datetime(2026, 11, 26, 12, 1, tzinfo=UTC)
            assert not watch(Paths(tmp_path), A_DAY_AND_A_HALF, old, smtp_from_env).is_fresh
        assert server.received == []

    def test_a_snapshot_that_cannot_be_read_is_mailed(self, tmp_path: Path, server: MailServer):
        (tmp_path / "serving").mkdir()
        Paths(tmp_path).current.write_text("not a database, though it is where one should be")
        with server.up():
            watched = watch(Paths(tmp_path), A_DAY_AND_A_HALF, DUE, smtp_from_env)
        assert "cannot be read" in watched.sentence
        assert len(server.received) == 1

    def test_the_command_exits_with_1_when_it_is_too_old_and_0_when_not(
        self, tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ):
        monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
        with server.up():
            assert main(["watch", "--max-age-hours", "30"]) == 1
            publish(tmp_path, {}, datetime.now(UTC).date() - timedelta(days=1), "new")
            assert main(["watch", "--max-age-hours", "30"]) == 0
        assert "there is no snapshot" in capsys.readouterr().out

    def test_the_command_runs_without_airflow(self, tmp_path: Path, server: MailServer):
        blocked = (
            "import sys; sys.modules['airflow'] = None; sys.modules['airflow.sdk'] = None\n"
            "from include.pipeline import main; sys.exit(main(['watch']))"
        )
        with server.up():
            ran = subprocess.run(
                [sys.executable, "-c", blocked],
                env={"PYTHONPATH": str(PROJECT_ROOT), "CARTON_DATA_DIR": str(tmp_path), **server.env},
                capture_output=True,
                text=True,
                check=False,
            )
        assert ran.returncode == 1, ran.stderr
        assert len(server.received) == 1
