{{ config(
    materialized='incremental', incremental_strategy='versions_replace', key='event_id', day_column='event_date', versions='versions_of_touched_events',
    on_schema_change='fail',
) }}
{% set metadata_keys = [
    'device_id', 'platform', 'app_version', 'channel', 'is_reinstall', 'referral_code', 'school_id', 'scan_id', 'purchase_id', 'failure_reason',
    'incentive_id', 'payment_fingerprint', 'reward_type', 'amount_usd',
] %}
-- Grain: one row per event_id, its newest landed version that T has passed, with the metadata that has a meaning typed. A metadata value of the wrong
-- type counts as missing. Incremental: only ids that landed since the last build, or in the window, are looked at again.
with landed as (
    select
        *,
        row_number() over (partition by event_id order by _ds desc, _file desc, _line desc) as recency
    from ({{ landed_rows('events', 'versions_of_touched_events') }}) as landed_rows
    where event_at < {{ as_of() }}
),

parsed as (
    select
        *,
        {{ json_texts('metadata_json', metadata_keys) }} as metadata
    from landed
    where recency = 1
),

renamed as (
    select
        event_id,
        user_id,
        referral_id,
        {{ id_from_text('metadata.school_id') }} as school_id,
        event_type,
        {{ text_from_text('metadata.device_id') }} as device_id,
        {{ text_from_text('metadata.platform') }} as platform,
        {{ text_from_text('metadata.app_version') }} as app_version,
        {{ text_from_text('metadata.channel') }} as channel,
        {{ text_from_text('metadata.referral_code') }} as referral_code,
        {{ text_from_text('metadata.scan_id') }} as scan_id,
        {{ text_from_text('metadata.purchase_id') }} as purchase_id,
        {{ text_from_text('metadata.failure_reason') }} as failure_reason,
        {{ text_from_text('metadata.incentive_id') }} as incentive_id,
        {{ text_from_text('metadata.payment_fingerprint') }} as payment_fingerprint,
        {{ text_from_text('metadata.reward_type') }} as reward_type,
        {{ usd_from_text('metadata.amount_usd') }} as amount_usd,
        {{ flag_from_text('metadata.is_reinstall') }} as is_reinstall,
        event_at,
        cast(event_at as date) as event_date
    from parsed
)

select * from renamed
