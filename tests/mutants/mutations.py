"""Mistakes somebody could make in the SQL, one at a time: every one must be caught by a committed test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

#: Slow tests that see what unit tests cannot: how builds follow each other, and the terms of the programme.
FEW_BUILDS = "tests/dbt/test_few_builds_equal_full_refresh.py"
SEEDS = "tests/dbt/test_seeds_hold_the_terms.py"


@dataclass(frozen=True)
class Mutation:
    """One edit of one file below ``include/dbt``: ``before`` stands there exactly once and becomes ``after``."""

    file: str
    before: str
    after: str
    #: The rule it breaks, in words.
    breaks: str
    #: A pytest file that is to catch it when the unit tests do not look at this file.
    test: str = ""

    @property
    def model(self) -> str:
        """The mutated model, whose unit tests are run; empty for a macro or a seed."""
        path = PurePosixPath(self.file)
        return path.stem if path.parts[0] == "models" else ""


REFERRAL = "models/intermediate/referral/"
REWARD = "models/intermediate/reward/"
CORE = "models/marts/core/"
NETWORK = "models/marts/network/"
NETWORK_STEPS = "models/intermediate/network/"
FCT_REFERRAL = "models/marts/referral/fct_referral.sql"
FINANCE = "models/marts/finance/"
KNOWN = "models/intermediate/finance/"
FCT_REWARDS = "models/marts/finance/fct_rewards.sql"
SCOPE = "models/intermediate/scope/"
VOLUME = "models/intermediate/volume/"
OPS = "models/marts/ops/"
TRUST = "models/intermediate/trust/"
TRUST_MARTS = "models/marts/trust/"
GROWTH = "models/marts/growth/"
PRODUCT = "models/marts/product/"
INT_PRODUCT = "models/intermediate/product/"
REFERRAL_MARTS = "models/marts/referral/"

MUTATIONS = [
    # R1 .. R7
    Mutation(
        REFERRAL + "int_referrals_referrer_checked.sql",
        "coalesce(referrer_is_verified, true)",
        "coalesce(referrer_is_verified, false)",
        "R1: an empty is_verified counts as verified",
    ),
    Mutation(
        REFERRAL + "int_referrals_referrer_checked.sql",
        "is_referrer_known and ",
        "",
        "R1: the referrer is in users",
    ),
    Mutation(
        REFERRAL + "int_referrals_newness_checked.sql",
        "signup_at >= sent_at",
        "signup_at > sent_at",
        "R2: signing up at the moment of sending is new",
    ),
    Mutation(
        REFERRAL + "int_referrals_newness_checked.sql",
        " and not is_first_install_reinstall",
        "",
        "R2: a re-install is not new",
    ),
    Mutation(
        REFERRAL + "int_referrals_newness_checked.sql",
        "when applied_at is not null and not is_referred_known then false",
        "when applied_at is not null and not is_referred_known then null",
        "R2: an applied referral of an unknown user is not new",
    ),
    Mutation(
        REFERRAL + "int_referrals_window_checked.sql",
        "timed.applied_at <= {{ hours_after",
        "timed.applied_at < {{ hours_after",
        "R3: 48:00:00 after install is within",
    ),
    Mutation(
        REFERRAL + "int_referrals_window_checked.sql",
        "'policy.attribution_hours'",
        "'policy.attribution_hours - 1'",
        "R3: 48 hours, not 47",
    ),
    Mutation(
        REFERRAL + "int_referrals_window_checked.sql",
        "timed.applied_at <= timed.signup_at",
        "timed.applied_at < timed.signup_at",
        "R3: applied at sign-up is within",
    ),
    Mutation(
        REFERRAL + "int_referrals_window_checked.sql",
        "coalesce(timed.first_install_at, timed.signup_at)",
        "timed.first_install_at",
        "R3: without an install the clock starts at sign-up",
    ),
    Mutation(
        REFERRAL + "int_referrals_window_checked.sql",
        "coalesce(timed.first_install_at, timed.signup_at)",
        "least(timed.first_install_at, timed.signup_at)",
        "R3: the clock starts at the install, not at an earlier sign-up",
    ),
    Mutation(
        REFERRAL + "int_referrals_onboarding_checked.sql",
        "onboarded_at is not null",
        "onboarded_at >= applied_at",
        "R4: onboarding counts whenever it was completed",
    ),
    Mutation(
        REFERRAL + "int_referrals_qualified.sql",
        "case when policy.qualifying = 'scan_or_link' then timed.first_scan_at end",
        "timed.first_scan_at",
        "R5: under link_required a scan does not qualify",
    ),
    Mutation(
        REFERRAL + "int_referrals_qualified.sql",
        "school_linked_at < scan_at then 'school_link'",
        "school_linked_at <= scan_at then 'school_link'",
        "R5: a tie is a scan",
    ),
    Mutation(
        REFERRAL + "int_referrals_qualified.sql",
        "school_linked_at < scan_at then school_linked_at",
        "school_linked_at > scan_at then school_linked_at",
        "R5: the first of the two counts",
    ),
    Mutation(
        REFERRAL + "int_referrals_self_checked.sql",
        "or coalesce(mine.email_key = {{ email_key('referrals.referred_email') }}, false) ",
        "",
        "R6: the address the invitation went to is compared",
    ),
    Mutation(
        REFERRAL + "int_referrals_self_checked.sql",
        "is_same_user or is_device_shared or is_payment_shared or",
        "is_same_user or is_device_shared or",
        "R6: a shared payment method is a self-referral",
    ),
    Mutation(
        REFERRAL + "int_referrals_self_checked.sql",
        "is_same_user or is_device_shared or is_payment_shared or",
        "is_device_shared or is_payment_shared or",
        "R6: the same user is a self-referral, signal or none",
    ),
    Mutation(
        "models/intermediate/identity/int_user_devices.sql",
        "from {{ ref('stg_events') }}\nwhere device_id is not null",
        "from {{ ref('stg_events') }}\nwhere false",
        "R6: devices are known from events too",
    ),
    Mutation(
        REFERRAL + "int_referrals_credited.sql",
        "order by applied_at, referral_id",
        "order by applied_at desc, referral_id",
        "R7: the first application wins",
    ),
    Mutation(
        REFERRAL + "int_referrals_credited.sql",
        "order by applied_at, referral_id",
        "order by applied_at, referral_id desc",
        "R7: a tie goes to the lower referral_id",
    ),
    Mutation(
        REFERRAL + "int_referrals_credited.sql",
        "partition by referred_user_id, is_valid",
        "partition by referred_user_id",
        "R7: an application that is not valid takes no credit",
    ),
    Mutation(
        REFERRAL + "int_referrals_credited.sql",
        "not self_check.is_self_referral",
        "true",
        "R7: a self-referral takes no credit",
    ),
    # the two people and their moments
    Mutation(
        REFERRAL + "int_referral_events.sql",
        "having count(*) = 1",
        "having count(*) >= 1",
        "a code that two referrals carry belongs to neither",
    ),
    Mutation(
        REFERRAL + "int_referral_events.sql",
        "coalesce(events.referral_id, sole_carriers.referral_id)",
        "events.referral_id",
        "an event without referral_id is found by its code",
    ),
    Mutation(
        REFERRAL + "int_referrals_resolved.sql",
        "coalesce(referrals.referred_user_id, applications.user_id)",
        "coalesce(applications.user_id, referrals.referred_user_id)",
        "the referral's own referred user counts first",
    ),
    Mutation(
        REFERRAL + "int_referrals_resolved.sql",
        " and referral_events.user_id = paired.resolved_referred_user_id",
        "",
        "only the referred user's application counts",
    ),
    Mutation(
        "models/intermediate/int_user_milestones.sql",
        "partition by user_id, event_type order by event_at, event_id",
        "partition by user_id, event_type order by event_at desc, event_id",
        "the first moment of each step counts",
    ),
    Mutation(
        "models/intermediate/int_user_milestones.sql",
        "event_type = 'install' and is_reinstall",
        "is_reinstall",
        "only the install says whether it is a re-install",
    ),
    # fct_referral
    Mutation(
        FCT_REFERRAL,
        "'policy.open_days * 24') }} > {{ as_of() }}",
        "'policy.open_days * 24') }} >= {{ as_of() }}",
        "sent exactly 30 days before T is expired",
    ),
    Mutation(
        FCT_REFERRAL,
        "            when referrals.is_self_referral then 'self_referral'\n"
        "            when not referrals.is_referrer_verified then 'referrer_unverified'\n",
        "            when not referrals.is_referrer_verified then 'referrer_unverified'\n"
        "            when referrals.is_self_referral then 'self_referral'\n",
        "self_referral comes before referrer_unverified",
    ),
    Mutation(
        FCT_REFERRAL,
        "            when not referrals.is_onboarded then 'onboarding_incomplete'\n"
        "            when referrals.qualified_at is null then 'no_qualifying_action'\n",
        "            when referrals.qualified_at is null then 'no_qualifying_action'\n"
        "            when not referrals.is_onboarded then 'onboarding_incomplete'\n",
        "onboarding_incomplete comes before no_qualifying_action",
    ),
    Mutation(
        FCT_REFERRAL,
        "not coalesce(referrals.is_new_user, false)",
        "not referrals.is_new_user",
        "an applied referral whose newness is unknown is not_new",
    ),
    Mutation(
        FCT_REFERRAL,
        "greatest(decided.applied_at, decided.onboarded_at, decided.qualified_at)",
        "least(decided.applied_at, decided.onboarded_at, decided.qualified_at)",
        "a bonus falls due at the latest of the three moments",
    ),
    Mutation(
        FCT_REFERRAL,
        "{{ as_of() }} <= {{ hours_after('rewarded.eligible_at'",
        "{{ as_of() }} < {{ hours_after('rewarded.eligible_at'",
        "48 hours after eligible_at the reward is still due",
    ),
    Mutation(
        FCT_REFERRAL,
        "'awarded' in (rewarded.referrer_side, rewarded.referred_side) then 'improper'",
        "rewarded.referrer_side = 'awarded' then 'improper'",
        "an award of either side that is not eligible is improper",
    ),
    Mutation(
        FCT_REFERRAL,
        "        when 'open' in (rewarded.referrer_side, rewarded.referred_side)\n",
        "        when 'withheld' in (rewarded.referrer_side, rewarded.referred_side) then 'withheld'\n"
        "        when 'open' in (rewarded.referrer_side, rewarded.referred_side)\n",
        "an open side comes before a withheld one",
    ),
    Mutation(
        FCT_REFERRAL,
        "rewarded.sent_at >= history.valid_from\n        and rewarded.sent_at < history.valid_to",
        "rewarded.sent_at > history.valid_from\n        and rewarded.sent_at <= history.valid_to",
        "a link holds from its very moment (referrer's school)",
    ),
    Mutation(
        FCT_REFERRAL,
        "source_status in ('clicked', 'converted')",
        "source_status = 'clicked'",
        "a converted referral was clicked",
    ),
    # rewards
    Mutation(
        REWARD + "int_referral_awards.sql",
        "order by entry_at desc, entry_id desc",
        "order by entry_at desc, entry_id",
        "of entries at one time the greater id is the latest",
    ),
    Mutation(
        REWARD + "int_referral_awards.sql",
        "entry_type in ('awarded', 'withheld') and",
        "entry_type in ('awarded', 'withheld', 'redeemed') and",
        "a redemption decides no state",
    ),
    Mutation(
        REWARD + "int_reward_entries.sql",
        "awards.first_awarded_at <= valued.entry_at",
        "awards.first_awarded_at < valued.entry_at",
        "at equal times the award comes first",
    ),
    Mutation(
        REWARD + "int_reward_entries.sql",
        "entries.entry_at >= bonus_periods.effective_from",
        "entries.entry_at > bonus_periods.effective_from",
        "a bonus is in force from its first moment",
    ),
    Mutation(
        REWARD + "int_reward_entries.sql",
        "bonus_periods.amount_usd, 5.00)",
        "bonus_periods.amount_usd, 0)",
        "five dollars when no bonus is in force",
    ),
    Mutation(
        FCT_REWARDS,
        "entries.entry_type = 'redeemed' and not entries.is_preceded_by_award as is_orphan",
        "entries.entry_type <> 'awarded' and not entries.is_preceded_by_award as is_orphan",
        "only a redemption can be an orphan",
    ),
    Mutation(
        FCT_REWARDS,
        "entries.entry_type = 'redeemed' or entries.is_preceded_by_award then",
        "entries.is_preceded_by_award then",
        "an orphan redemption is signed too",
    ),
    Mutation(
        FCT_REWARDS,
        "entries.entry_type = 'awarded' and entries.occurrence > 1",
        "entries.occurrence > 1",
        "only a second award is a duplicate",
    ),
    Mutation(
        FCT_REWARDS,
        "referrals.eligible_at <= entries.entry_at",
        "referrals.eligible_at < entries.entry_at",
        "an award at eligible_at is in time",
    ),
    Mutation(
        FCT_REWARDS,
        "else 0\n",
        "else -entries.amount_usd\n",
        "withholding what was never awarded moves no money",
    ),
    # identity, school, staging
    Mutation("macros/engine/text.sql", "lower(regexp_replace(", "(regexp_replace(", "addresses are lower-cased"),
    Mutation("macros/engine/text.sql", r"|[\s\x0b\x1c-\x1f\x85\p{Z}]+$'", "'", "addresses are trimmed on both sides"),
    Mutation("macros/engine/text.sql", r"'^[\s\x0b\x1c-\x1f\x85\p{Z}]+|", r"'^[\s]+|", "a no-break space is trimmed"),
    Mutation(
        "macros/engine/json.sql",
        "as decimal(38, 24)) as decimal(12, 2)",
        "as decimal(38, 10)) as decimal(12, 2)",
        "an amount is rounded once",
    ),
    Mutation("macros/email_key.sql", ", 'googlemail.com')", ")", "googlemail.com is gmail.com"),
    Mutation("macros/email_key.sql", "'proton.me', ", "", "proton.me ignores what follows a plus"),
    Mutation(
        "models/intermediate/school/int_school_history.sql",
        "order by event_id desc",
        "order by event_id",
        "of two links at one time the greater id is the latest",
    ),
    Mutation(
        "models/intermediate/school/int_school_history.sql",
        "partition by user_id order by _ds, _file, _line",
        "partition by user_id order by _ds desc, _file, _line",
        "the first landed row gives the school",
    ),
    Mutation(
        "models/staging/stg_users.sql",
        "order by _ds desc, _file desc, _line desc",
        "order by _ds, _file desc, _line desc",
        "the newest landing day wins",
    ),
    Mutation(
        "models/staging/stg_users.sql",
        "order by _ds desc, _file desc, _line desc",
        "order by _ds desc, _line desc, _file desc",
        "within a day the file name decides before the line",
    ),
    Mutation(
        "models/staging/stg_events.sql",
        "event_at < {{ as_of() }}",
        "event_at <= {{ as_of() }}",
        "an event at T is in the future",
    ),
    Mutation(
        "models/staging/stg_referrals.sql",
        "sent_at < {{ as_of() }}",
        "sent_at <= {{ as_of() }}",
        "a referral sent at T is in the future",
    ),
    Mutation(
        "models/staging/stg_purchases.sql",
        "order by _ds desc, _file desc, _line desc",
        "order by _ds, _file, _line",
        "of a redelivered purchase the newest landed row counts",
    ),
    Mutation(
        "macros/engine/json.sql",
        "coalesce({{ value }} in ('true', '1'), false)",
        "coalesce({{ value }} in ('true'), false)",
        'a flag is true for 1 and "1" too',
    ),
    # core
    Mutation(
        CORE + "fct_purchase.sql",
        "purchases.purchased_at >= history.valid_from\n        and purchases.purchased_at < history.valid_to",
        "purchases.purchased_at > history.valid_from\n        and purchases.purchased_at <= history.valid_to",
        "a purchase at the moment of a link is for the new school",
    ),
    Mutation(
        "models/intermediate/int_first_purchases.sql",
        "order by purchased_at, purchase_id",
        "order by purchase_id, purchased_at",
        "the earliest purchase is the first",
    ),
    Mutation(
        CORE + "fct_user_day.sql",
        "counted.scans_completed + counted.purchases > 0 as is_contributing",
        "counted.scans_started + counted.purchases > 0 as is_contributing",
        "contributing is scanning to the end or buying",
    ),
    Mutation(
        CORE + "fct_user_day.sql",
        "counted.scans_failed + counted.purchases > 0 as is_active",
        "counted.scans_failed + counted.purchases + counted.incentives_viewed > 0 as is_active",
        "viewing an incentive is not being active",
    ),
    Mutation(
        CORE + "fct_school_day.sql",
        "count(distinct user_id)",
        "count(user_id)",
        "supporters are distinct buyers",
    ),
    Mutation(
        CORE + "dim_user.sql",
        "when first_qualifying_at >= created_at then",
        "when first_qualifying_at > created_at then",
        "zero hours when it happened at sign-up",
    ),
    Mutation(
        CORE + "dim_user.sql",
        "coalesce(users.is_verified, true)",
        "coalesce(users.is_verified, false)",
        "an unknown is_verified counts as true",
    ),
    Mutation(
        CORE + "dim_user.sql",
        "where credited.is_credited",
        "where true",
        "acquired by referral means credited",
    ),
    Mutation(
        CORE + "dim_user.sql",
        "least(milestones.first_scan_at, milestones.school_linked_at)",
        "greatest(milestones.first_scan_at, milestones.school_linked_at)",
        "the first qualifying action is the earlier one",
    ),
    Mutation(
        CORE + "dim_user.sql",
        "valid_from <= {{ as_of() }} and valid_to > {{ as_of() }}",
        "valid_from < {{ as_of() }} and valid_to >= {{ as_of() }}",
        "the school at T is the one that holds at T",
    ),
    Mutation(
        "macros/engine/time.sql",
        "cast(date_trunc('week', {{ moment }}) as date)",
        "cast(date_trunc('week', {{ moment }} + interval 1 day) as date)",
        "a cohort's week starts on Monday",
    ),
    Mutation(
        "macros/engine/time.sql",
        "cast(date_diff('day', {{ earlier }}, {{ later }}) as integer)",
        "cast(date_diff('day', {{ later }}, {{ earlier }}) as integer)",
        "days since sign-up grow with time",
    ),
    Mutation(
        CORE + "dim_school.sql",
        "upper(schools.state) = us_states.state",
        "schools.state = us_states.state",
        "a state is two letters of either case",
    ),
    Mutation(
        CORE + "dim_school.sql",
        "where schools.school_id <> -1",
        "where true",
        "-1 is the unknown member alone",
    ),
    Mutation(
        CORE + "fct_purchase.sql",
        "coalesce(history.school_id, -1)",
        "history.school_id",
        "a missing school is -1",
    ),
    Mutation(
        CORE + "fct_school_day.sql",
        " and school_id is not null\n",
        "\n",
        "only a link that names a school is a new link",
    ),
    # network
    Mutation(
        NETWORK + "fct_network_effects_user.sql",
        "(60 + 7) * 24) }} <= {{ as_of() }}",
        "(60 + 7) * 24) }} < {{ as_of() }}",
        "a user of exactly 67 days is mature",
    ),
    Mutation(
        NETWORK + "fct_network_effects_user.sql",
        "edges.eligible_at <= {{ hours_after('users.created_at', 60 * 24) }}",
        "edges.eligible_at < {{ hours_after('users.created_at', 60 * 24) }}",
        "offspring count up to day 60, end included",
    ),
    Mutation(
        NETWORK + "fct_network_edge.sql",
        "order by edges.eligible_at desc, edges.referral_id desc",
        "order by edges.eligible_at, edges.referral_id desc",
        "the latest edge of a ring is left out",
    ),
    Mutation(
        NETWORK + "fct_network_edge.sql",
        "ring_id is not null and recency = 1",
        "recency = 1",
        "an edge on no ring is never left out",
    ),
    Mutation(
        "models/intermediate/network/int_network_reach.sql",
        "where is_credited and rule_outcome = 'eligible'",
        "where is_credited",
        "only eligible referrals are edges",
    ),
    Mutation(
        NETWORK + "fct_network_effects_school.sql",
        " and to_school_id <> -1",
        "",
        "-1 never equals -1",
    ),
    # what a forecast of the past could know, and what it starts from
    Mutation(
        KNOWN + "int_known_referrals.sql",
        "order by _ds, _file, _line) as occurrence\n    from {{ source('raw', 'referrals') }}",
        "order by _ds desc, _file, _line) as occurrence\n    from {{ source('raw', 'referrals') }}",
        "a referral speaks for the past as it first landed",
    ),
    Mutation(
        KNOWN + "int_known_referrals.sql",
        "users.created_at >= referrals.sent_at",
        "users.created_at is not null",
        "an account older than the invitation earns nothing",
    ),
    Mutation(
        KNOWN + "int_known_referrals.sql",
        "order by events._ds, events.event_at",
        "order by events.event_at, events._ds",
        "an earlier step that landed later was not known",
    ),
    Mutation(
        KNOWN + "int_known_reward_entries.sql",
        "greatest(awards.award_known_date, sided.known_date)",
        "sided.known_date",
        "a redemption counts once its award is known",
    ),
    Mutation(
        KNOWN + "int_forecast_due.sql",
        "case when closings.closed_at is not null then greatest(closings.closed_at, referrals.eligible_at) end",
        "greatest(closings.closed_at, referrals.eligible_at)",
        "a side without an entry is unpaid (greatest skips nulls)",
    ),
    Mutation(
        KNOWN + "int_forecast_sides.sql",
        "bonuses.reward_type <> others.reward_type",
        "bonuses.reward_type = others.reward_type",
        "the other side of a referral says whether it was judged payable",
    ),
    Mutation(
        FINANCE + "fct_policy_option.sql",
        "referrals.applied_at <= {{ hours_after(",
        "referrals.applied_at < {{ hours_after(",
        "the window's end is inside, in what-if too",
    ),
    Mutation(
        FINANCE + "fct_policy_option.sql",
        "where occurrence = 1 and onboarded_at",
        "where onboarded_at",
        "one credit per friend under other rules too",
    ),
    Mutation(
        FINANCE + "fct_acquisition_cost.sql",
        "between {{ first_day }} and {{ last_day }}",
        "between {{ first_day }} + 1 and {{ last_day }}",
        "active from day 28 on",
    ),
    Mutation(
        FINANCE + "fct_acquisition_cost.sql",
        "where referrals.is_credited and ",
        "where ",
        "rewards of credited referrals alone are a cost of acquisition",
    ),
    Mutation(
        FINANCE + "fct_acquisition_cost.sql",
        "users.signup_date >= beginning.first_day",
        "users.signup_date is not null",
        "nobody saw whether earlier people stayed",
    ),
    Mutation(
        FINANCE + "fct_liability_day.sql",
        "closing_usd + unpaid_usd as",
        "closing_usd as",
        "the liability holds what is due and unpaid",
    ),
    Mutation(
        NETWORK_STEPS + "int_offspring.sql",
        "least(referrals.sent_at, referrals.applied_at) as invited_at",
        "referrals.sent_at as invited_at",
        "K: who applied before the recorded sending was invited",
    ),
    Mutation(
        NETWORK_STEPS + "int_offspring.sql",
        "invitations.applied_at <=",
        "invitations.applied_at <",
        "K: applying at the end of the window is within",
    ),
    Mutation(
        NETWORK_STEPS + "int_offspring.sql",
        "                    and users.school_id <> -1\n",
        "",
        "K: two users without a school do not share one",
    ),
    Mutation(
        NETWORK_STEPS + "int_offspring_by_cohort.sql",
        "case when is_mature and invitations > 0",
        "case when invitations > 0",
        "K: only mature users are inviters",
    ),
    Mutation(
        NETWORK_STEPS + "int_offspring_by_type.sql",
        "and edges.eligible_at <=",
        "and edges.eligible_at <",
        "matrix: eligible at the end of the window is within",
    ),
    Mutation(
        NETWORK_STEPS + "int_offspring_by_type.sql",
        "    where is_mature\n",
        "",
        "matrix: only mature users have an entry",
    ),
    Mutation(
        NETWORK + "fct_k.sql",
        "mature_users = users as is_mature",
        "mature_users > 0 as is_mature",
        "K: a cohort in part mature is not mature",
    ),
    Mutation(
        NETWORK + "fct_k_change.sql",
        "is_mature and is_observed and",
        "is_observed and",
        "change of K: only cohorts that are all mature are compared",
    ),
    Mutation(
        NETWORK + "fct_k_change.sql",
        " and mature_users >= 20",
        "",
        "change of K: fewer than 20 users are not compared",
    ),
    Mutation(
        NETWORK + "fct_k_change.sql",
        "when factor_number = first_zero_factor",
        "when factor_number >= first_zero_factor",
        "change of K: one factor alone takes the change to zero",
    ),
    Mutation(
        NETWORK + "fct_k_generation.sql",
        "order by sums.generation desc",
        "order by sums.generation asc",
        "generations: this deep or deeper",
    ),
    Mutation(
        NETWORK + "fct_cascade.sql",
        "(tree_users - descendants - 1)",
        "(tree_users - descendants)",
        "virality: an edge parts s users from n - s",
    ),
    Mutation(
        NETWORK + "fct_cascade.sql",
        "    where not edges.is_left_out\n",
        "",
        "cascade: an edge left out is no family",
    ),
    Mutation(
        NETWORK + "fct_super_spreader.sql",
        "counts.luck_q_value <= 0.05",
        "counts.luck_q_value < 0.05",
        "super-spreaders: 5 % and less",
    ),
    Mutation(
        NETWORK + "fct_school_flow.sql",
        " and from_school_id <> -1",
        "",
        "flows: -1 is no school to be within",
    ),
    Mutation(
        NETWORK + "fct_school_flow.sql",
        "    where not edges.is_left_out\n",
        "",
        "flows: an edge left out does not flow",
    ),
    Mutation(
        NETWORK + "fct_school_scorecard.sql",
        "        days.is_contributing\n        and ",
        "        ",
        "scorecard: who only looks is not an active supporter",
    ),
    Mutation(
        NETWORK + "fct_school_scorecard.sql",
        "order by referrals desc, descendants desc",
        "order by referrals desc, descendants asc",
        "scorecard: of equal senders the one with more below",
    ),
    # policy
    Mutation("seeds/programme_policy.csv", "attribution_hours,48", "attribution_hours,47", "48 hours", SEEDS),
    Mutation("seeds/programme_policy.csv", "point_value_usd,0.01", "point_value_usd,0.1", "a point is a cent", SEEDS),
    Mutation(
        "seeds/reward_bonus.csv",
        "referred_bonus,2000-01-01 00:00:00,5.00",
        "referred_bonus,2000-01-01 00:00:00,4.00",
        "five dollars for each side",
        SEEDS,
    ),
    # how builds follow each other
    Mutation(
        "macros/incremental/landed_anew.sql",
        "_load_id > {{ var('base_load_id') }}",
        "_load_id > {{ var('base_load_id') }} + 1",
        "a row that has been in no build is looked at",
    ),
    Mutation(
        "macros/incremental/landed_anew.sql",
        "{{ event_time }} >= cast(",
        "{{ event_time }} > cast(",
        "a referral sent at the last T enters when T has passed it",
    ),
    Mutation(
        "macros/incremental/ids_to_look_at.sql",
        '"_load_id > " ~ var("base_load_id")',
        '"_load_id > 1 + " ~ var("base_load_id")',
        "an event that has been in no build is looked at",
    ),
    Mutation(
        "macros/incremental/ids_to_look_at.sql",
        '" >= cast(',
        '" > cast(',
        "an event at the last T enters when T has passed it",
    ),
    Mutation(
        "macros/incremental/versions_of_touched.sql",
        "superseded_by_load_id > {{ var('base_load_id') }}",
        "false",
        "a replaced version of a touched key is a version",
    ),
    Mutation(
        "macros/incremental/strategy_versions_replace.sql",
        "where ({{ identity }}) in (select {{ identity }} from {{ ref(config.require('versions')) }});",
        "where ({{ identity }}) in (select {{ identity }} from {{ arg_dict['temp_relation'] }});",
        "a moved or withdrawn event leaves its old day",
        FEW_BUILDS,
    ),
    Mutation(
        "macros/incremental/rebuilt_scope.sql",
        "    {{ user_column }} in (select user_id from {{ changed_users }})",
        "    false",
        "all days of a changed user are rebuilt",
        FEW_BUILDS,
    ),
    Mutation(
        "macros/incremental/is_touched.sql",
        "{{ column or key }} in (select",
        "{{ column or key }} not in (select",
        "a daily build looks at touched keys",
    ),
    Mutation(
        SCOPE + "touched_referrals.sql",
        "        or referrer_user_id in (select user_id from touched_people)\n",
        "",
        "a changed referrer touches the referral",
    ),
    Mutation(
        SCOPE + "touched_referrals.sql",
        "        event_type = 'referral_applied'\n",
        "        event_type = 'referral_applied' and false\n",
        "whoever applied a touched referral may have been its referred user until now",
    ),
    Mutation(
        SCOPE + "touched_referrals.sql",
        "            or referral_id in (select referral_id from event_versions)\n",
        "",
        "an earlier application of somebody else frees whoever applied later",
    ),
    Mutation(
        "macros/engine/json.sql",
        "not in ('true', 'false') then",
        "is not null then",
        "a boolean is no text",
    ),
    Mutation(
        "macros/engine/json.sql",
        "json_type({{ document }}, '$.{{ key }}') = 'VARCHAR'",
        "false",
        "a text that begins with a brace is a text",
    ),
    Mutation(
        "macros/metrics/group_label.sql",
        "'all (as delivered)'",
        "{{ name }}",
        "a source's own `all` is not everybody",
    ),
    Mutation(
        SCOPE + "touched_referrals.sql",
        "where siblings.referred_user_id in (",
        "where false and siblings.referred_user_id in (",
        "referrals of one referred user are judged together",
    ),
    Mutation(
        SCOPE + "touched_referrals.sql",
        "'policy.open_days * 24') }} <= {{ as_of() }}",
        "'policy.open_days * 24') }} < {{ as_of() }}",
        "a referral that expires at T is touched",
    ),
    Mutation(
        "macros/incremental/ids_to_look_at.sql",
        "superseded_by_load_id > {{ var('base_load_id') }}",
        "superseded_by_load_id > {{ var('base_load_id') }} + 1",
        "an event that a changed file took away is touched",
    ),
    Mutation(
        SCOPE + "changed_users.sql",
        "where event_id in (select event_id from changed_events)",
        "where false",
        "a changed event touches all days of its old and new user",
    ),
    Mutation(
        "macros/incremental/strategy_window_replace.sql",
        "where {{ in_rebuilt_window(day_column) }};",
        "where false;",
        "rebuilt days replace the old ones",
        FEW_BUILDS,
    ),
    Mutation(
        "macros/incremental/versions_of_touched.sql",
        "'not (' ~ in_window ~ ')'",
        "'false'",
        "a key whose newest row was taken away falls back to its older one",
    ),
    Mutation(
        "macros/incremental/strategy_touched_keys_replace.sql",
        "where {{ key }} in (select {{ key }} from {{ ref(config.require('touched')) }});",
        "where {{ key }} in (select {{ key }} from {{ arg_dict['temp_relation'] }});",
        "a touched key without a row disappears",
        FEW_BUILDS,
    ),
    Mutation(
        SCOPE + "days_of_changed_users.sql",
        "from {{ ref('versions_of_touched_events') }}\nwhere event_type = 'school_linked'",
        "from {{ ref('versions_of_touched_events') }}\nwhere event_type = 'school_linked' and is_in_raw",
        "the days of a replaced row are rebuilt",
    ),
    # usual days, and rewards that wait
    Mutation(
        OPS + "fct_volume_day.sql",
        "least(usual.near_level, usual.far_level)",
        "usual.near_level",
        "a drop is unusual beside the last week and beside four weeks",
    ),
    Mutation(
        OPS + "fct_volume_day.sql",
        "greatest(usual.near_level, usual.far_level)",
        "usual.far_level",
        "a surge is unusual beside the last week and beside four weeks",
    ),
    Mutation(
        OPS + "fct_volume_day.sql",
        "coalesce(occasions.lowest_share, 1) * usual.weekday_share * least",
        "usual.weekday_share * least",
        "a holiday may take something away",
    ),
    Mutation(
        OPS + "fct_volume_day.sql",
        "(bounded.silent_days_before + 1) * ",
        "",
        "what was due on several silent days adds up",
    ),
    Mutation(
        OPS + "fct_volume_day.sql",
        "and days.repeated >= {{ threshold('repeated_share') }} * days.actual",
        "and true",
        "a few repeated rows in many are usual",
    ),
    Mutation(
        OPS + "fct_volume_day.sql",
        "days.history_days >= 35",
        "days.history_days >= 28",
        "what appears did not occur in four whole weeks",
    ),
    Mutation(
        VOLUME + "int_volume_usual.sql",
        "every_number(1, 7 * weeks)",
        "every_number(0, 7 * weeks)",
        "the tested day is not in its own baseline",
    ),
    Mutation(
        VOLUME + "int_volume_usual.sql",
        "days_before <= {{ threshold('near_days') }}",
        "days_before <= {{ threshold('far_days') }}",
        "the near level is that of the last week",
    ),
    Mutation(
        VOLUME + "int_volume_usual.sql",
        "where days.history_days >= {{ threshold('least_history_days') }}",
        "where days.history_days >= 27",
        "nothing is usual before 28 days",
    ),
    Mutation(
        VOLUME + "int_volume_counts.sql",
        "user_id, event_at, referral_id, scan_id",
        "user_id, event_at, referral_id",
        "two receipts in one second are no repetition",
    ),
    Mutation(
        VOLUME + "int_volume_counts.sql",
        "created_at >= (select min(event_at) from {{ ref('stg_events') }})",
        "true",
        "users of before the first event are no sign-ups",
    ),
    Mutation(
        REWARD + "int_reward_waits.sql",
        "entries.occurrence = 1",
        "true",
        "the first award or withholding ends the waiting for the system",
    ),
    Mutation(
        OPS + "fct_reward_pending_day.sql",
        "evenings.evening > waits.from_at",
        "evenings.evening >= waits.from_at",
        "at exactly 48 hours a reward is not yet overdue",
    ),
    Mutation(
        OPS + "fct_reward_pending_day.sql",
        "evenings.evening <= waits.until_at",
        "evenings.evening < waits.until_at",
        "an entry at T is not known before T",
    ),
    Mutation(
        OPS + "fct_volume_segment_day.sql",
        "where activity_date < {{ first_day }}",
        "where true",
        "the week shown is not in the share it is compared with",
    ),
    # trust and safety
    Mutation(
        TRUST + "int_trust_links.sql",
        "having count(*) between 2 and",
        "having count(*) >= 2 and 0 <=",
        "an identifier of very many accounts links nobody",
    ),
    Mutation(
        TRUST + "int_trust_self_referrals.sql",
        "greatest(told_apart.sent_at, told_apart.applied_at, shared.shared_from)",
        "greatest(told_apart.sent_at, told_apart.applied_at)",
        "evidence is complete when both people were seen with the identifier",
    ),
    Mutation(
        TRUST + "int_trust_reinstalls.sql",
        "referrals.applied_at is not null and ",
        "",
        "a re-install without a code is nobody's abuse",
    ),
    Mutation(
        TRUST + "int_trust_money.sql",
        "entry_type in ('awarded', 'withheld')",
        "entry_type = 'awarded'",
        "what was withheld is not at risk",
    ),
    Mutation(
        TRUST + "int_trust_money.sql",
        "waits.waiting_on = 'system' and ",
        "",
        "only a reward that is due is at risk unpaid",
    ),
    Mutation(
        TRUST + "int_trust_newcomers.sql",
        "between 1 and",
        "between 0 and",
        "the day of sign-up is no return",
    ),
    Mutation(
        TRUST + "int_trust_newcomers.sql",
        "(threshold('trust_silent_to_day') + 7) * 24",
        "threshold('trust_silent_to_day') * 24",
        "late rows get a week before silence is judged",
    ),
    Mutation(
        TRUST + "int_trust_bursts.sql",
        "<= {{ threshold('trust_most_coming_back') }} * count(newcomers.came_back)",
        "<= count(newcomers.came_back)",
        "a class that stays is no burst",
    ),
    Mutation(
        TRUST + "int_trust_minimum_effort.sql",
        ">= {{ threshold('trust_least_silent_share') }} * newcomers",
        ">= 0 * newcomers",
        "a ring is silent nearly as a whole",
    ),
    Mutation(
        TRUST + "int_trust_shared_newcomers.sql",
        " and referrals.referrer_user_id = siblings.referrer_user_id",
        "",
        "a household that two people invited is no cluster of one referrer",
    ),
    Mutation(
        TRUST + "int_trust_shared_newcomers.sql",
        "having max(newcomer_number) >= 2",
        "having max(newcomer_number) >= 1",
        "one newcomer makes no cluster",
    ),
    Mutation(
        TRUST + "int_trust_circles.sql",
        "newcomers.judged_newcomers > 0 and ",
        "",
        "a ring that nobody can judge yet is weak evidence",
    ),
    Mutation(
        TRUST + "int_trust_ties.sql",
        "points >= {{",
        "points > {{",
        "forty points tie people",
    ),
    Mutation(
        TRUST + "int_trust_case_findings.sql",
        "when mine.group_id = theirs.group_id then 'group-'",
        "when mine.group_id is not null then 'group-'",
        "an honest friend's referral is not in the cheat's case",
    ),
    Mutation(
        TRUST + "int_trust_case_findings.sql",
        "where findings.kind <> 'owed'",
        "where true",
        "what is owed to people is no case against them",
    ),
    Mutation(
        TRUST + "int_trust_case_findings.sql",
        "abuse_points >= coalesce(error_points, 0)",
        "abuse_points > 0",
        "the weightiest signal says whether a case is one of abuse",
    ),
    Mutation(
        TRUST_MARTS + "fct_review_case.sql",
        "least(sum(points), {{ threshold('trust_surest') }})",
        "sum(points)",
        "points end at the surest",
    ),
    Mutation(
        TRUST_MARTS + "fct_review_case.sql",
        "max(points) as points",
        "sum(points) as points",
        "two signals of one type count once",
    ),
    Mutation(
        TRUST_MARTS + "fct_review_case.sql",
        "counted.last_detected_at > decisions.decided_at",
        "counted.last_detected_at >= decisions.decided_at",
        "news is what came after the decision",
    ),
    Mutation(
        TRUST_MARTS + "fct_review_case_member.sql",
        "signal_type <> 'reinstall_abuse' and ",
        "",
        "who invited a re-installer is no suspect",
    ),
    Mutation(
        TRUST_MARTS + "fct_fraud_filter.sql",
        "where decisions.decision in ('confirmed', 'held')",
        "where true",
        "who was cleared is not filtered",
    ),
    Mutation(
        TRUST_MARTS + "fct_overdue_reward.sql",
        "where from_at < {{ as_of() }}",
        "where from_at <= {{ as_of() }}",
        "at exactly 48 hours a reward is not late",
    ),
    Mutation(
        "models/staging/stg_review_decisions.sql",
        "where decided_at < {{ as_of() }}",
        "where true",
        "a decision of the future is not known yet",
    ),
    Mutation(
        "models/staging/stg_review_decisions.sql",
        "order by decided_at desc, _ds desc",
        "order by _ds desc",
        "the latest decision wins, not the one that landed last",
    ),
    Mutation(
        GROWTH + "fct_active_users_day.sql",
        "days_after('activity.activity_date', 1) }} as first_as_of",
        "days_after('activity.activity_date', 0) }} as first_as_of",
        "a window ends before its day",
    ),
    Mutation(
        GROWTH + "fct_active_users_day.sql",
        "'1 + least(windows.window_days, activity.days_to_next)'",
        "'1 + activity.days_to_next'",
        "a person is counted no longer than the window",
    ),
    Mutation(
        GROWTH + "fct_growth_period.sql",
        "when stands.{{ variant }}_before = 1 then 'retained'",
        "when false then 'retained'",
        "who was there before is not new or resurrected",
    ),
    Mutation(
        GROWTH + "fct_growth_period.sql",
        "users.signup_date >= records.first_day",
        "true",
        "who signed up before the records is not new",
    ),
    Mutation(
        GROWTH + "fct_growth_period.sql",
        "users.signup_date is null or ",
        "",
        "a person who is not in users can be new",
    ),
    Mutation(
        GROWTH + "fct_raised_drivers.sql",
        "between growth.period_start and growth.period_end",
        "between growth.period_start + 1 and growth.period_end",
        "a period holds its first day",
    ),
    Mutation(
        GROWTH + "fct_raised_drivers.sql",
        "when zero_factor = 'scans_each' then change_usd",
        "when zero_factor = 'usd_per_scan' then change_usd",
        "a zero factor takes the change whole",
    ),
    Mutation(
        GROWTH + "fct_kpi_target.sql",
        "partition by metric order by from_month",
        "order by from_month",
        "a target holds until the next one of its own metric",
    ),
    Mutation(
        GROWTH + "fct_kpi_target.sql",
        "when metric = 'active_supporters' then 'level'",
        "when false then 'level'",
        "a level is not shared out by days",
    ),
    Mutation(
        REWARD + "int_bonus_changes.sql",
        "paid.on_usd = paid.after_usd",
        "true",
        "a change is on the first day of the new amount, not in the week before",
    ),
    Mutation(
        REWARD + "int_bonus_changes.sql",
        "announced.reward_type is null\n        and paid.before_usd",
        "paid.before_usd",
        "what reward_bonus announces is not told twice",
    ),
    Mutation(
        REWARD + "int_bonus_changes.sql",
        "where amount_before_usd <> amount_usd\nunion",
        "union",
        "the same bonus again is no change",
    ),
    Mutation(
        CORE + "fct_annotation.sql",
        "when count(*) > 1 then 'Both bonuses'",
        "when false then 'Both bonuses'",
        "sides that change alike are one annotation",
    ),
    Mutation(
        PRODUCT + "fct_activation_cohort.sql",
        "when is_mature and is_activated then 1",
        "when is_activated then 1",
        "an immature user is in no rate",
    ),
    Mutation(
        PRODUCT + "fct_retention_week.sql",
        "where days_since_signup >= 1",
        "where days_since_signup >= 0",
        "the day of signup is not retention",
    ),
    Mutation(
        PRODUCT + "fct_retention_week.sql",
        "activity.week_number < users.mature_weeks",
        "activity.week_number <= users.mature_weeks",
        "a bracket is mature when its last day is",
    ),
    Mutation(
        PRODUCT + "fct_first_action_curve.sql",
        "then action_day else whole_days - 1 end",
        "then action_day else whole_days end",
        "a day that has not passed wholly tells nothing",
    ),
    Mutation(
        PRODUCT + "fct_first_action_curve.sql",
        "where users.signup_date >= records.first_day",
        "where true",
        "accounts older than the records are in no curve",
    ),
    Mutation(
        INT_PRODUCT + "int_onboarding_steps_judged.sql",
        "has_started and is_completed_in_time and is_qualified_in_time as has_reached",
        "is_qualified_in_time as has_reached",
        "a step is reached after those before it",
    ),
    Mutation(
        "macros/engine/first.sql",
        "arg_min({{ value }}",
        "arg_max({{ value }}",
        "the first that is known, not the last",
    ),
    Mutation(
        "macros/engine/first.sql",
        "arg_min_null({{ value }}",
        "arg_min({{ value }}",
        "the reason of the first failure, known or not",
    ),
    Mutation(
        INT_PRODUCT + "int_records.sql",
        "coalesce(min(activity_date), cast({{ as_of() }} as date))",
        "min(activity_date)",
        "without any activity the records begin at T",
    ),
    Mutation(
        INT_PRODUCT + "int_scan_attempts_priced.sql",
        " and attempts.outcome <> 'open' as is_mature",
        " as is_mature",
        "an old attempt that is open again is not mature",
    ),
    Mutation(
        INT_PRODUCT + "int_scan_attempts_priced.sql",
        "rows between 1 following",
        "rows between current row",
        "an attempt does not follow itself",
    ),
    Mutation(
        INT_PRODUCT + "int_early_behaviours.sql",
        "between 49 and 55",
        "between 48 and 55",
        "week 7 begins on day 49",
    ),
    Mutation(
        INT_PRODUCT + "int_early_behaviours.sql",
        "{{ is_mature('created_at', 56) }} and is_there_at_landmark",
        "{{ is_mature('created_at', 56) }}",
        "only people who are there at the landmark are asked about what follows",
    ),
    Mutation(
        INT_PRODUCT + "int_early_behaviours.sql",
        "first_qualifying_at > {{ hours_after('created_at', 24) }}",
        "first_qualifying_at >= {{ hours_after('created_at', 24) }}",
        "who qualified by the landmark is not asked whether they will",
    ),
    Mutation(
        REFERRAL + "int_referral_steps.sql",
        "coalesce(applied_at <= ends_at, false)",
        "coalesce(applied_at < ends_at, false)",
        "30 days to the second are within 30 days",
    ),
    Mutation(
        REFERRAL + "int_referral_steps.sql",
        "first_install_at >= sent_at and ",
        "",
        "an install from before the invitation is none of its",
    ),
    Mutation(
        REFERRAL + "int_referral_steps.sql",
        "<= award_expected_at and referred_awarded_at <= award_expected_at",
        "<= award_expected_at",
        "an award is one of both sides",
    ),
    Mutation(
        REFERRAL_MARTS + "fct_attribution_window.sql",
        "        is_credited\n        and onboarded_at",
        "        true\n        and onboarded_at",
        "R7 holds under every window",
    ),
    Mutation(
        REFERRAL_MARTS + "fct_referral_latency.sql",
        ">= {{ from_at }} and {{ to_at }} <= ends_at",
        "<= ends_at",
        "a stage runs forwards",
    ),
]
