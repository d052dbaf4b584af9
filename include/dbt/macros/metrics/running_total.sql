{# A BIGINT: the sum of a count over all rows of its partition up to this one; an absent count adds nothing. #}
{% macro running_total(count, partition, position) -%}
    cast(
        sum(coalesce({{ count }}, 0)) over (
            partition by {{ partition }} order by {{ position }} rows between unbounded preceding and current row
        ) as bigint
    )
{%- endmacro %}
