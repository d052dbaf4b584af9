{# The query whose types a contract is held against. Contracts name the types of DuckDB; what has another name elsewhere is translated here. #}
{% macro spark__get_empty_schema_sql(columns) -%}
    {%- set items = [] -%}
    {%- for column in columns.values() -%}
        {%- set type = 'string' if column['data_type'] == 'varchar' else column['data_type'] -%}
        {%- do items.append('cast(null as ' ~ type ~ ') as ' ~ column['name']) -%}
    {%- endfor -%}
    select {{ items | join(', ') }}
{%- endmacro %}

{# Parquet files know no constraint: what a contract calls not null is looked at once the table is there. Keys are held by tests. #}
{% macro spark__persist_constraints(relation, model) -%}
    {%- set checks = [] -%}
    {%- for column in model.columns.values() if config.get('contract').enforced -%}
        {%- if 'not_null' in column.constraints | map(attribute='type') %}{% do checks.append(column.name ~ ' is null') %}{% endif -%}
    {%- endfor -%}
    {%- if checks -%}
        {%- set missing = run_query('select count(*) from ' ~ relation ~ ' where ' ~ checks | join(' or ')).rows[0][0] -%}
        {%- if missing -%}
            {{ exceptions.raise_compiler_error(missing ~ ' rows of ' ~ relation ~ ' lack a value that the contract demands: ' ~ checks | join(', ') ~ '.') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
