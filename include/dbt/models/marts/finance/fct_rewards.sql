-- Grain: one row per entry_id, the ledger of rewards. Rebuilt: small, and a verdict on a referral can change the judgement of any of its awards.
select
    entries.entry_id,
    entries.reward_key,
    entries.referral_id,
    entries.user_id,
    entries.reward_type,
    entries.entry_type,
    entries.entry_at,
    cast(entries.entry_at as date) as entry_date,
    entries.amount_usd,
    cast(
        case
            when entries.entry_type = 'awarded' then entries.amount_usd
            when entries.entry_type = 'redeemed' or entries.is_preceded_by_award then -entries.amount_usd
            else 0
        end as decimal(12, 2)
    ) as signed_amount_usd,
    entries.entry_type = 'redeemed' and not entries.is_preceded_by_award as is_orphan,
    entries.entry_type = 'awarded' and entries.occurrence > 1 as is_duplicate,
    case
        when entries.entry_type = 'awarded'
            then coalesce(referrals.rule_outcome = 'eligible' and referrals.eligible_at <= entries.entry_at, false)
    end as is_eligible_at_award
from {{ ref('int_reward_entries') }} as entries
left join {{ ref('fct_referral') }} as referrals on entries.referral_id = referrals.referral_id
