-- State and queue of outgoing mail. Times are UTC in ISO 8601, days are YYYY-MM-DD.

-- Grain: one row per anomaly, from the first publication that shows it to the one that no longer does.
create table if not exists anomalies (
    anomaly_id integer primary key,
    key text not null,
    source text not null, -- who finds and ends it: check | deadline | watch
    severity integer not null,
    title text not null,
    page text not null,
    since text not null, -- the day on which it was first seen
    last_day text not null, -- the newest day on which it was seen
    mailed_severity integer, -- the highest severity that went out; null while no mail has told of it
    ended_on text -- the day that no longer showed it; null while it lasts
);
create unique index if not exists one_anomaly_of_a_key_at_a_time on anomalies (key) where ended_on is null;

-- Grain: one row per silence that somebody asked for.
create table if not exists silences (
    silence_id integer primary key,
    pattern text not null, -- a key, or several with * as in volume:*
    until text not null, -- the last silent day of the data
    why text not null,
    made_at text not null,
    lifted_at text
);

-- Grain: one row per published build whose findings were judged.
create table if not exists judged (build_id text primary key, as_of text not null, judged_at text not null);

-- Grain: one row per mail, waiting or sent.
create table if not exists mails (
    mail_id integer primary key,
    message_id text not null unique,
    occasion text unique, -- what may be mailed once only, such as digest:2026-03-02; null for any number
    kind text not null, -- anomalies | digest | run | deadline | watch
    subject text not null,
    message blob not null, -- as it goes out, but for its From; empty when it was sent long ago
    queued_at text not null
);

-- Grain: one row per mail and address.
create table if not exists deliveries (
    mail_id integer not null references mails,
    address text not null,
    sent_at text, -- null while it waits
    last_error text,
    try_after text, -- not before this moment; null for the next time
    primary key (mail_id, address)
);
create index if not exists waiting_deliveries on deliveries (mail_id) where sent_at is null;
