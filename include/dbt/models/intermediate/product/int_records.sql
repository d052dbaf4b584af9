-- Grain: a single row, the first day on record: of any event or purchase. Accounts can be older than that, and what they did before nobody knows.
select min(activity_date) as first_day
from {{ ref('fct_user_day') }}
