-- Grain: one row per combination of entry type, side and days: ledger entries and their amount, the day of the award that a redemption or a
-- withholding answers, and the landing day from which that was known. Redemptions and withholdings without an award move no balance and are left out.
with entries as (
    select
        entry_type,
        coalesce(reward_type, 'unknown') as reward_type,
        entry_date,
        case when entry_type = 'awarded' then known_date else paired_known_date end as known_date,
        case when entry_type = 'awarded' then entry_date else award_date end as award_date,
        amount_usd
    from {{ ref('int_known_reward_entries') }}
    where entry_type = 'awarded' or is_preceded_by_award
)

select
    entry_type,
    reward_type,
    entry_date,
    known_date,
    award_date,
    count(*) as entries,
    cast(sum(amount_usd) as decimal(18, 2)) as amount_usd
from entries
group by entry_type, reward_type, entry_date, known_date, award_date
