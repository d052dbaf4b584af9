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
        {{ text_of_key('metadata', 'device_id', 'metadata_json') }} as device_id,
        {{ text_of_key('metadata', 'platform', 'metadata_json') }} as platform,
        {{ text_of_key('metadata', 'app_version', 'metadata_json') }} as app_version,
        {{ text_of_key('metadata', 'channel', 'metadata_json') }} as channel,
        {{ text_of_key('metadata', 'referral_code', 'metadata_json') }} as referral_code,
        {{ text_of_key('metadata', 'scan_id', 'metadata_json') }} as scan_id,
        {{ text_of_key('metadata', 'purchase_id', 'metadata_json') }} as purchase_id,
        {{ text_of_key('metadata', 'failure_reason', 'metadata_json') }} as failure_reason,
        {{ text_of_key('metadata', 'incentive_id', 'metadata_json') }} as incentive_id,
        {{ text_of_key('metadata', 'payment_fingerprint', 'metadata_json') }} as payment_fingerprint,
        {{ text_of_key('metadata', 'reward_type', 'metadata_json') }} as reward_type,
        {{ usd_from_text('metadata.amount_usd') }} as amount_usd,
        {{ flag_from_text('metadata.is_reinstall') }} as is_reinstall,
        event_at,
        cast(event_at as date) as event_date
    from parsed
)

select * from renamed
