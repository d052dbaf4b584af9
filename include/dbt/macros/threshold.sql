{# The value of one threshold of dbt_project.yml, where its reason stands beside it. #}
{% macro threshold(name) -%}
    {%- set known = var('thresholds') -%}
    {%- if name not in known -%}
        {{ exceptions.raise_compiler_error("There is no threshold '" ~ name ~ "'. Give it a value and a reason under vars: thresholds: in dbt_project.yml.") }}
    {%- endif -%}
    {{ return(known[name]['value']) }}
{%- endmacro %}
