{% set columns = {'purchase_id': 'string', 'user_id': 'bigint', 'product_id': 'bigint', 'quantity': 'bigint',
    'price_paid': 'decimal(12, 2)', 'points_earned': 'decimal(12, 4)', 'purchased_at': 'timestamp', 'day_of_week': 'string', 'hour_of_day': 'string'} %}
-- Grain: one row per landed version of a touched purchase, replaced ones included.
{{ versions_of_touched('purchases', 'purchase_id', 'purchased_at', 'purchase_date', columns, 'touched_purchases') }}
