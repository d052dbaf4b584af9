-- Grain: one row per user_id with an e-mail address: the key under which two spellings of one mailbox are the same.
select
    user_id,
    {{ email_key('email') }} as email_key
from {{ ref('stg_users') }}
where email is not null
