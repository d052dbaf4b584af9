{# True for the keys that this build looks at again, as the model `touched` lists them; for every key while the table is built from scratch. #}
{% macro is_touched(key, touched, column=none) -%}
    {%- set touched_keys = ref(touched) -%}
    {%- if is_incremental() -%}
    {{ column or key }} in (select {{ key }} from {{ touched_keys }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}
