-- Grain: one row per stage and channel, with `all`. Rebuilt: small, and maturity moves with T. Hours between two steps of referrals mature for 30
-- days, of those that took both, the second after the first and within 30 days of sending.
with timed as (
    select
        {{ group_label('referrals.channel') }} as channel,
        {{ hours_after('referrals.sent_at', 30 * 24) }} as ends_at,
        referrals.sent_at,
        referrals.clicked_at,
        case when referrals.first_install_at >= referrals.sent_at then referrals.first_install_at end as installed_at,
        referrals.applied_at,
        referrals.onboarded_at,
        referrals.eligible_at,
        referrals.referrer_awarded_at,
        referrals.referred_awarded_at
    from {{ ref('fct_referral') }} as referrals
    where {{ is_mature('referrals.sent_at', 30) }}
),

pairs as (
    {% for number, stage, from_at, to_at in [
        (1, 'sent_to_clicked', 'sent_at', 'clicked_at'),
        (2, 'sent_to_installed', 'sent_at', 'installed_at'),
        (3, 'installed_to_applied', 'installed_at', 'applied_at'),
        (4, 'applied_to_onboarded', 'applied_at', 'onboarded_at'),
        (5, 'applied_to_eligible', 'applied_at', 'eligible_at'),
        (6, 'eligible_to_referrer_award', 'eligible_at', 'referrer_awarded_at'),
        (7, 'eligible_to_referred_award', 'eligible_at', 'referred_awarded_at'),
    ] %}
        select
            {{ number }} as stage_number,
            '{{ stage }}' as stage,
            channel,
            case when {{ to_at }} >= {{ from_at }} and {{ to_at }} <= ends_at then {{ hours_between(from_at, to_at) }} end as hours
        from timed
        where {{ from_at }} <= ends_at
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

in_channels as (
    select * from pairs
    union all
    select
        stage_number,
        stage,
        'all' as channel,
        hours
    from pairs
)

select
    stage_number,
    stage,
    channel,
    count(*) as began,
    count(hours) as finished,
    {{ rate('count(hours)', 'count(*)') }} as finished_share,
    round({{ percentile('hours', 0.25) }}, 6) as hours_p25,
    round({{ percentile('hours', 0.5) }}, 6) as hours_p50,
    round({{ percentile('hours', 0.75) }}, 6) as hours_p75,
    round({{ percentile('hours', 0.9) }}, 6) as hours_p90,
    round({{ percentile('hours', 0.95) }}, 6) as hours_p95
from in_channels
group by stage_number, stage, channel
