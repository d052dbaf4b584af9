-- Grain: one row per reward_type and change_date: the first day of another bonus. As reward_bonus has it, and, where that says nothing within a week,
-- as it was paid: most awards of the day and of the week from it on have an amount that most awards of the paying day before and of the week before
-- it do not have. One odd award, or an odd day, is no change.
with announced as (
    select
        reward_type,
        cast(effective_from as date) as change_date,
        lag(amount_usd) over (partition by reward_type order by effective_from) as amount_before_usd,
        amount_usd
    from {{ ref('int_bonus_periods') }}
),

awards as (
    select
        reward_type,
        entry_date,
        amount_usd,
        count(*) as awards
    from {{ ref('fct_rewards') }}
    where entry_type = 'awarded' and not is_duplicate and reward_type is not null
    group by reward_type, entry_date, amount_usd
),

days as (
    select distinct
        reward_type,
        entry_date
    from awards
),

spans as (
    select
        'before' as span,
        -7 as first_day,
        -1 as last_day
    union all
    select
        'on' as span,
        0 as first_day,
        0 as last_day
    union all
    select
        'after' as span,
        0 as first_day,
        6 as last_day
),

ranked as (
    select
        days.reward_type,
        days.entry_date,
        spans.span,
        awards.amount_usd,
        row_number() over (
            partition by days.reward_type, days.entry_date, spans.span order by sum(awards.awards) desc, awards.amount_usd desc
        ) as place
    from days
    cross join spans
    inner join awards
        on
            days.reward_type = awards.reward_type
            and {{ days_between('days.entry_date', 'awards.entry_date') }} between spans.first_day and spans.last_day
    group by days.reward_type, days.entry_date, spans.span, awards.amount_usd
),

usual as (
    select
        reward_type,
        entry_date,
        max(case when span = 'before' then amount_usd end) as before_usd,
        max(case when span = 'on' then amount_usd end) as on_usd,
        max(case when span = 'after' then amount_usd end) as after_usd
    from ranked
    where place = 1
    group by reward_type, entry_date
),

paid as (
    select
        *,
        lag(on_usd) over (partition by reward_type order by entry_date) as last_usd
    from usual
),

paid_changes as (
    select
        paid.reward_type,
        paid.entry_date as change_date,
        paid.before_usd as amount_before_usd,
        paid.after_usd as amount_usd
    from paid
    left join announced
        on
            paid.reward_type = announced.reward_type
            and announced.amount_before_usd <> announced.amount_usd
            and abs({{ days_between('paid.entry_date', 'announced.change_date') }}) <= 7
    where
        announced.reward_type is null
        and paid.before_usd <> paid.after_usd
        and paid.on_usd = paid.after_usd
        and paid.last_usd = paid.before_usd
)

select
    reward_type,
    change_date,
    amount_before_usd,
    amount_usd,
    true as is_announced
from announced
where amount_before_usd <> amount_usd
union all
select
    reward_type,
    change_date,
    amount_before_usd,
    amount_usd,
    false as is_announced
from paid_changes
