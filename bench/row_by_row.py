"""The rival: a generator that makes one event after the other in plain Python, as the seed's does."""

from __future__ import annotations

import csv
import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path

from faker import Faker

TYPES = ["app_open", "receipt_scan_started", "receipt_scan_completed", "incentive_viewed", "invite_sent"]


def write_events_row_by_row(file: Path, users: int, days: int, epoch: date) -> int:
    """Write about 0.8 events per user and day to one CSV file; returns their number."""
    rng, faker = random.Random(1), Faker()  # noqa: S311 - simulated people
    faker.seed_instance(1)
    people = [{"user_id": number, "device_id": faker.uuid4()} for number in range(1, users + 1)]
    count = 0
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(
            handle, ["event_id", "user_id", "event_type", "event_at", "referral_id", "metadata_json"]
        )
        writer.writeheader()
        for offset in range(days):
            midnight = datetime.combine(epoch + timedelta(days=offset), datetime.min.time())
            for person in people:
                if rng.random() > 0.4:
                    continue
                for _ in range(rng.randint(1, 3)):
                    count += 1
                    writer.writerow(
                        {
                            "event_id": f"e{count}",
                            "user_id": person["user_id"],
                            "event_type": rng.choice(TYPES),
                            "event_at": midnight + timedelta(seconds=rng.randint(0, 86399)),
                            "referral_id": None,
                            "metadata_json": json.dumps({"device_id": person["device_id"], "platform": "ios"}),
                        }
                    )
    return count
