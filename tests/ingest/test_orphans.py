"""Rows that name what has never landed: they load, and ops.orphans counts them."""

from __future__ import annotations

from datetime import timedelta

from tests.ingest.landed import DAY, EVENT, PURCHASE, REFERRAL, USER, Landing

ORPHANS = "select table_name, column_name, kind, orphan_rows, unknown_ids from ops.orphans order by all"


def deliver_known(landing: Landing) -> None:
    landing.put("users", f"{USER}\n1,a@b.c,2026-01-01,parent\n")
    landing.put(
        "products", "product_id,name,category,price,points_per_dollar,created_at\n1,Oats,cereal,1,1,2026-01-01\n"
    )
    landing.put("referrals", f"{REFERRAL},referred_user_id\n1,1,A,2026-03-10,sent,\n")


def test_orphans_are_counted_by_table_and_kind(landing: Landing):
    deliver_known(landing)
    landing.put(
        "events",
        f"{EVENT},referral_id\n"
        "e1,1,install,2026-03-10,1\ne2,404,install,2026-03-10,\ne3,404,signup,2026-03-10,405\ne4,406,signup,2026-03-10,\n",
    )
    landing.put(
        "purchases", f"{PURCHASE}\np1,1,1,1,1,1,2026-03-10\np2,1,404,1,1,1,2026-03-10\np3,404,405,1,1,1,2026-03-10\n"
    )
    landing.put("referrals", f"{REFERRAL},referred_user_id\n2,404,B,2026-03-10,sent,405\n", name="part-1.csv")
    landing.complete()
    landing.load()
    assert landing.rows(ORPHANS) == [
        ("events", "referral_id", "referral", 1, 1),
        ("events", "user_id", "user", 3, 2),
        ("purchases", "product_id", "product", 2, 2),
        ("purchases", "user_id", "user", 1, 1),
        ("referrals", "referred_user_id", "user", 1, 1),
        ("referrals", "referrer_user_id", "user", 1, 1),
    ]


def test_a_user_who_lands_later_or_a_row_that_is_corrected_is_no_orphan_any_more(landing: Landing):
    deliver_known(landing)
    landing.put("events", f"{EVENT}\ne1,2,install,2026-03-10\ne2,3,install,2026-03-10\n")
    landing.complete()
    landing.load()
    assert landing.rows(ORPHANS) == [("events", "user_id", "user", 2, 2)]
    later = DAY + timedelta(days=1)
    landing.put("users", f"{USER}\n2,b@b.c,2026-01-01,parent\n", later)
    landing.put("events", f"{EVENT}\ne2,1,install,2026-03-10\n", later)
    landing.complete(later)
    landing.load(end=later)
    assert landing.rows(ORPHANS) == []


def test_a_row_delivered_twice_is_one_orphan(landing: Landing):
    deliver_known(landing)
    for name in ("a.csv", "b.csv"):
        landing.put("events", f"{EVENT}\ne1,404,install,2026-03-10\n", name=name)
    landing.complete()
    landing.load()
    assert landing.rows(ORPHANS) == [("events", "user_id", "user", 1, 1)]
