-- Grain: one row per purchase_id that this build must look at again. Empty in a full refresh, which looks at everything anyway.
{{ ids_to_look_at('purchases', 'purchase_id', 'purchased_at') }}
