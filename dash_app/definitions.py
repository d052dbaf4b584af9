"""What the numbers mean, in one place: our sentence, then what the warehouse says of the column it rests on."""

from __future__ import annotations

from typing import NamedTuple

from dash_app.queries.coverage import description
from dash_app.queries.snapshot import Snapshot


class Definition(NamedTuple):
    """A sentence, and the gold column (or table) whose description completes it."""

    text: str
    table: str
    column: str | None = None


DEFINITIONS = {
    "raised": Definition(
        "What the purchases of the period raised for schools, in USD, by the UTC day of the purchase. A school "
        "chosen by its state is the one the buyer was linked to then. Purchases of users without a school count too.",
        "fct_purchase",
        "amount_raised_usd",
    ),
    "supporters": Definition(
        "Distinct users who completed a receipt scan or bought in the 28 days up to the end of the period, however "
        "long the period is. By state: users whose school is there now.",
        "fct_user_day",
        "is_contributing",
    ),
    "new_users": Definition("Accounts made in the period. By state: of their school now.", "dim_user", "signup_date"),
    "purchases": Definition("Purchases of the period, each id once, however often it was delivered.", "fct_purchase"),
    "referrals": Definition(
        "Invitations sent in the period. Type and state are those of the referrer when it was sent.",
        "fct_referral",
        "sent_at",
    ),
    "growth": Definition(
        "Active users of a week against those of the week before; whole weeks up to the end of the period. Of "
        "everybody, whatever the other filters.",
        "fct_growth_period",
    ),
    "raised_drivers": Definition(
        "Money raised is supporters x scans each x USD per scan; the change from the period before is split among the "
        "three without a rest. The latest complete 28 days, 7 in a young history, by the end of the period. Of "
        "everybody, whatever the other filters.",
        "fct_raised_drivers",
        "change_by_supporters_usd",
    ),
    "trend": Definition(
        "Money raised by the UTC day of the purchase, and distinct users who opened the app, scanned or bought. "
        "Periods longer than 31 days are shown by week. Active users must not be added up: one "
        "person counts in every bar.",
        "fct_user_day",
        "is_active",
    ),
    "schools": Definition(
        "Money raised in the period for each school. A purchase stays with the school the buyer was linked to when it "
        "was made; linked users are counted by their school now.",
        "fct_purchase",
        "school_id",
    ),
    "states": Definition("The same money, by the state in the school's address.", "dim_school", "state"),
    "activation": Definition(
        "Of the people who signed up in the latest mature weeks, as many as the period has.",
        "fct_activation_cohort",
        "activated_share",
    ),
    "first_action": Definition(
        "Receipt scanned or school linked, by days since signup. Of everybody on record, whatever the period; people "
        "who have not had the time yet count for as long as they were watched.",
        "fct_first_action_curve",
        "incidence",
    ),
    "retention": Definition(
        "People active in the app in the weeks after they signed up, all types and platforms.",
        "fct_retention_week",
        "retained_share",
    ),
    "onboarding": Definition(
        "Steps in their order, each in its own time after the one before. Only people who had the time for all steps "
        "are counted, so that the young do not look like drop-outs.",
        "fct_onboarding_step",
        "step_share",
    ),
    "scan_completion": Definition(
        "One attempt is all that happened with one receipt. Attempts younger than a day, and seven more for late data, "
        "do not count yet.",
        "fct_scan_funnel_week",
        "completed_share",
    ),
    "lost_scans": Definition(
        "What scans that came to nothing would have raised for schools.", "fct_scan_funnel_week", "lost_for_good_usd"
    ),
    "opportunity": Definition(
        "One more of a hundred who come to a step passes it, and later steps keep their rates.",
        "fct_step_opportunity",
        "extra_raised_usd",
    ),
    "drivers": Definition(
        "People who did something early are compared with people who did not and are alike otherwise: week of signup, "
        "channel, user type and what else they did. Coloured where chance alone is an unlikely reason.",
        "fct_driver",
        "odds_ratio",
    ),
    "conversion": Definition(
        "Of invitations that have had 30 days. By channel and in the card: of the latest mature weeks, as many as the "
        "period has.",
        "fct_referral_conversion",
        "conversion",
    ),
    "referral_schools": Definition(
        "Of all mature invitations on record, whatever the filters; the school is the sender's when it was sent.",
        "fct_referral_funnel_school",
        "conversion",
    ),
    "in_time": Definition(
        "Of the codes applied in the period, those applied at signup or within 48 hours of the first install.",
        "fct_referral",
        "is_within_48h",
    ),
    "paid_in_time": Definition(
        "Of the invitations that became eligible, those of which both sides were paid before the award was overdue.",
        "fct_referral_funnel_week",
        "awarded",
    ),
    "referral_funnel": Definition(
        "The same invitations through all steps, each reached within 30 days of sending. From the code on, every step "
        "wants the ones before it.",
        "fct_referral_funnel_week",
    ),
    "endings": Definition(
        "The first rule that applies decides, so every invitation has one reason.", "fct_referral", "rule_outcome"
    ),
    "window": Definition(
        "Codes by the time between the first install and the application, of people who have had a week; and what "
        "other windows would have given.",
        "fct_attribution_window",
        "eligible",
    ),
    "latency": Definition(
        "Time between two steps, of invitations that took both. Those that did not are in the share beside it.",
        "fct_referral_latency",
        "hours_p50",
    ),
    "liability": Definition(
        "What is owed on the last evening of the period: the balance of the ledger and rewards due and unpaid.",
        "fct_liability_day",
        "liability_usd",
    ),
    "forecast": Definition(
        "Simulated futures of the referrals under way, of new ones, and of what people spend; from T on, whatever the "
        "period.",
        "fct_reward_forecast_total",
        "expected",
    ),
    "scenario": Definition(
        "The same simulated futures with what the levers change; without a change they are the forecast, to the cent. "
        "The pipeline model is moved; where a rival forecasts better, its totals move by as much.",
        "fct_forecast_path",
    ),
    "forecast_score": Definition(
        "Every model was asked at past days, from what had landed by then, and is judged by what came.",
        "fct_forecast_score",
        "interval_score",
    ),
    "ledger": Definition(
        "Entries of the reward ledger by their day. Every day: opening + awarded - redeemed - withheld = closing.",
        "fct_rewards",
        "entry_type",
    ),
    "restatements": Definition(
        "Days of the period whose figures were published and say something else now: rows that came late, corrections "
        "at the source, a reprocess, or other rules. Each is compared with what was published first.",
        "fct_liability_day",
    ),
    "acquisition_cost": Definition(
        "Of the months of signup that are mature, all together.", "fct_acquisition_cost", "cost_per_active_user_usd"
    ),
    "k": Definition(
        "New eligible users whom a user brings within so many days of making the account; users who never invited "
        "count. Of all mature users on record, or of those of the user type chosen.",
        "fct_k",
        "k",
    ),
    "k_factors": Definition(
        "K is the share of users who invite, times the invitations each of them makes, times the share of these whose "
        "code is applied, times the share of those that become eligible; all within the same days, without remainder.",
        "fct_k",
        "mature_users",
    ),
    "k_change": Definition(
        "The two latest months of signups, or weeks where no two months are mature, up to the end of the period.",
        "fct_k_change",
        "contribution",
    ),
    "k_generation": Definition(
        "K in 60 days of users by their distance from the root of their tree. Of everybody, whatever the filters.",
        "fct_k_generation",
        "is_first_fall",
    ),
    "next_generation": Definition(
        "What every type of user brings of every type, within 60 days. Of everybody, whatever the filters.",
        "fct_next_generation",
        "programme_r",
    ),
    "reproduction": Definition(
        "Where K waits for its days, R takes the pace of the last 28. Of everybody, for the days of the period.",
        "fct_reproduction_day",
        "r_28d",
    ),
    "network_graph": Definition(
        "Credited and eligible referrals of all time, whatever the filters. Places are computed by the build. A tree "
        "shows the way to its root and those whom the opened users brought; schools are joined by referrals from a "
        "member of one to a member of the other.",
        "fct_network_edge",
    ),
    "super_spreader": Definition(
        "Mature users who brought more people within 60 days than chance gives if all bring the same on average. The "
        "filters choose among them by their type and the state of their school.",
        "fct_super_spreader",
        "luck_q_value",
    ),
    "offspring": Definition(
        "Mature users by how many new eligible users they brought within 60 days. Of everybody, whatever the filters.",
        "fct_offspring_spread",
        "value",
    ),
    "cascade": Definition(
        "A tree is all who came by a user whom nobody referred. Of all time, whatever the filters.",
        "fct_cascade",
        "structural_virality",
    ),
    "school_scorecard": Definition(
        "K of the mature members of a school within 60 days. By state: schools there.",
        "fct_school_scorecard",
        "k_60_shrunk",
    ),
    "trust_money": Definition(
        "Of all open cases, whatever the period. The expected loss is what of it is probably not owed: money times "
        "score.",
        "fct_review_case",
        "amount_at_risk_usd",
    ),
    "trust_state": Definition(
        "Cases by their newest decision at T. What was decided since is pending until the next run.",
        "fct_review_case",
        "state",
    ),
    "trust_precision": Definition(
        "Of the cases decided one way or the other, those confirmed. Held cases wait and do not count.",
        "fct_trust_rule",
        "confirmed_share",
    ),
    "trust_late": Definition(
        "Bonuses that are due and neither paid nor withheld: the programme owes them.",
        "fct_overdue_reward",
        "late_since",
    ),
    "trust_queue": Definition(
        "All cases of the status chosen at T, whatever the period. The score adds up the points of the types of "
        "signal.",
        "fct_review_case",
        "queue_position",
    ),
    "trust_case": Definition(
        "People and referrals that a decision is about, and all that was seen. Ids stand for people; no device, card "
        "or address is shown.",
        "fct_review_case",
        "case_id",
    ),
    "trust_signals": Definition(
        "Signals by the time of the row that completed their evidence, in the period.",
        "fct_trust_safety_signals",
        "signal_type",
    ),
    "trust_clusters": Definition(
        "Accounts that share devices, payment methods or mailboxes, whatever the period. Suspicious are those with a "
        "signal; the others are taken for households.",
        "fct_trust_cluster",
    ),
    "trust_overdue": Definition(
        "Bonuses pending for more than 48 hours at T, whatever the period, by what they wait on.",
        "fct_overdue_reward",
        "waiting_on",
    ),
    "trust_rules": Definition(
        "What reviewers made of the cases with a signal of the type, so far. A case counts for each of its types.",
        "fct_trust_rule",
        "confirmed_share",
    ),
    "health_run": Definition("When the build that all pages show was published, UTC, and what it covers.", "snapshot"),
    "health_tests": Definition(
        "Data tests of the build. One that fails stops the publication, so that what is shown failed none; those that "
        "warn count rows to look at.",
        "node_results",
    ),
    "health_deliveries": Definition(
        "Files of the landing days of the period that were loaded or refused. The SHA-256 is of the bytes as they "
        "were loaded: the source can compare it with what it sent.",
        "landing_files",
    ),
    "health_conformance": Definition(
        "Rows of the landing days of the period that break the contract of their table. They lie in the quarantine "
        "with the reason, and are loaded once a contract or a file is mended: python -m include.pipeline quarantine.",
        "landing_files",
    ),
    "health_lateness": Definition(
        "Events and purchases by the days between when they happened and when they landed. Up to 7 days late the daily "
        "run takes them by itself.",
        "lateness_by_day",
    ),
    "health_beyond": Definition(
        "Rows that landed more than 7 days late and are in no fact yet, of all time. The command rebuilds their days.",
        "beyond_window",
    ),
    "health_drift": Definition(
        "Columns in delivered files that the contract of their table does not name, by the first file that had each. "
        "They never stop a load.",
        "schema_drift",
    ),
    "health_unusual": Definition(
        "Days of the period whose rows were outside what is usual, or broke a hard rule.", "fct_volume_day"
    ),
}


def means(snapshot: Snapshot, key: str) -> str:
    """The definition of ``key`` as the pages show it."""
    definition = DEFINITIONS[key]
    documented = description(snapshot, definition.table, definition.column)
    return f"{definition.text} In the warehouse: {documented}" if documented else definition.text
