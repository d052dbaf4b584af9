-- Grain: a single row, T. Python models read it: dbt renders variables into SQL only.
select {{ as_of() }} as as_of
