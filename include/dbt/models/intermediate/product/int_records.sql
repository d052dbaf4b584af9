-- Grain: a single row, the first day on record: of any event or purchase. Accounts can be older than that, and what they did before nobody knows.
-- While there is no event or purchase the records begin at T: nothing before it is known.
select coalesce(min(activity_date), cast({{ as_of() }} as date)) as first_day
from {{ ref('fct_user_day') }}
