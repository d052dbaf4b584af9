{# A BOOLEAN: whether a unit that started at this moment has had so many days, and seven more for late data, at T. Only such units enter a rate. #}
{% macro is_mature(started_at, days) -%} ({{ hours_after(started_at, '(' ~ days ~ ' + 7) * 24') }} <= {{ as_of() }}) {%- endmacro %}
