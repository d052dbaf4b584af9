"""The client's base data in small: a SQLite file with the client's DDL, and a folder of CSV files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

# The client's own DDL, without its chat log.
DDL = """
create table Schools (
    id integer primary key autoincrement, name text not null, address text, created_at text not null
);
create table Users (
    id integer primary key autoincrement, school_id integer, name text not null, email text not null unique,
    created_at text not null, foreign key (school_id) references Schools (id)
);
create table Products (
    id integer primary key autoincrement, name text not null, description text, price real not null,
    created_at text not null
);
create table Purchase_History (
    id integer primary key autoincrement, user_id integer not null, product_id integer not null,
    quantity integer not null, purchased_at text not null,
    foreign key (user_id) references Users (id), foreign key (product_id) references Products (id)
);
"""
ROWS = """
insert into Schools (name, address, created_at) values
    ('Harbor Primary', 'PSC 1201, Box 88, APO AE 70012', '2021-02-03T04:05:06'),
    ('Capitol School', '12 Main Street, Oldtown, DC 20030', '2021-02-03T04:05:06'),
    ('Lost School', 'somewhere by the river', '2021-02-03T04:05:06'),
    ('Bare School', null, '2021-02-03T04:05:06');
insert into Users (school_id, name, email, created_at) values
    (1, 'Dr. Ann Marie Field', 'ann@example.org', '2022-05-06T07:08:09'),
    (null, 'Cher', 'cher@example.org', '2022-05-06T07:08:09');
insert into Products (name, description, price, created_at) values
    ('Oats', 'Plain, "rolled" oats', 2.35, '2020-01-01T00:00:00');
insert into Purchase_History (user_id, product_id, quantity, purchased_at) values
    (1, 1, 3, '2026-02-28T10:00:00'), (2, 1, 1, '2026-03-09T10:00:00'), (2, 77, 1, '2026-02-28T11:00:00');
"""


def database(file: Path, script: str = DDL + ROWS) -> Path:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(script)
    return file


def csv_folder(folder: Path) -> Path:
    """Users, purchases and referrals with CRLF line ends; schools, products and events are absent."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "users": [
            "user_id,email,created_at,user_type,first_name,last_name,school_id",
            "1,ann@example.org,2026-02-01 08:00:00,parent,Ann,Field,5",
            "2,cher@example.org,2026-02-20 08:00:00,teacher,Cher,,",
        ],
        "purchases": [
            "purchased_at,purchase_id,user_id,product_id,quantity,price_paid,points_earned",
            "2026-02-27T10:00:00,p1,1,9,1,4.00,400",
            "2026-02-28T10:00:00,p2,2,9,2,8.00,800",
        ],
        "referrals": [
            "referral_id,referrer_user_id,referral_code,sent_at,status",
            "1,1,ANN1,2026-02-19 08:00:00,sent",
        ],
    }
    for table, lines in files.items():
        (folder / f"{table}.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode())
    return folder
