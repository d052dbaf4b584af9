{# Fails with one row, the number of orphans and of rows, when more than a share of the rows that name a member name one that is not there. Facts keep
   orphans: a few are people or products whose own row lands later. A hundredth of all is more than lateness explains, it is a lost delivery. #}
{% test orphans_are_few(model, column_name, to, field, share=0.01) %}
with named as (
    select
        count(*) as named_rows,
        sum(case when members.{{ field }} is null then 1 else 0 end) as orphans
    from {{ model }} as facts
    left join {{ to }} as members on facts.{{ column_name }} = members.{{ field }}
    where facts.{{ column_name }} is not null
)

select
    orphans,
    named_rows
from named
where orphans > {{ share }} * named_rows
{% endtest %}
