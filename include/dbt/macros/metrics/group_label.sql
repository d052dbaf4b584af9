{# A VARCHAR: a name that a source delivers, as the name of a group beside `all`, which is everybody; a source's own `all` is told apart. #}
{% macro group_label(name) -%} case when {{ name }} = 'all' then 'all (as delivered)' else {{ name }} end {%- endmacro %}
