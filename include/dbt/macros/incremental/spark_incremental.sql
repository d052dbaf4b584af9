{# What DuckDB does with delete and insert in one transaction, for tables of Parquet files, which know neither. The strategies are those of DuckDB: each
   says in rows_replaced_by_<strategy> which rows of the target, called `old`, give way; the rows that take their place are computed first.

   A build that is killed here leaves a table between two states. That costs nothing but time: no build works out from a fact what it must look at
   again (decision 0002), and the next one replaces the same rows, or builds a table that is not there from scratch. #}
{% materialization incremental, adapter='spark', supported_languages=['sql'] -%}
    {%- set existing = load_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set day_column = config.get('day_column') -%}
    {#- one file per day instead of one per day and task -#}
    {%- set rows = 'select /*+ rebalance(' ~ day_column ~ ') */ * from (' ~ compiled_code ~ ')' if day_column else compiled_code -%}
    {{ run_hooks(pre_hooks) }}
    {%- if existing is none or existing.is_view or should_full_refresh() -%}
        {%- if existing is not none %}{% do adapter.drop_relation(existing) %}{% endif -%}
        {%- call statement('main') -%} {{ create_table_as(False, target, rows) }} {%- endcall -%}
    {%- else -%}
        {%- set news = spark_table_beside(target, 'news') -%}
        {%- do adapter.drop_relation(news) -%}
        {%- call statement('compute_news') -%} {{ create_table_as(False, news, rows) }} {%- endcall -%}
        {%- do spark_require_same_columns(target, news) -%}
        {%- set is_replaced = '(' ~ context['rows_replaced_by_' ~ config.require('incremental_strategy')]() ~ ')' -%}
        {%- if day_column -%}
            {%- do spark_replace_days(target, news, day_column, is_replaced) -%}
        {%- else -%}
            {%- do spark_replace_table(target, news, is_replaced) -%}
        {%- endif -%}
        {%- do adapter.drop_relation(news) -%}
    {%- endif -%}
    {%- do persist_constraints(target, model) -%}
    {%- do persist_docs(target, model) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}

{% macro spark_table_beside(relation, suffix) -%}
    {{ return(relation.incorporate(path={'identifier': relation.identifier ~ '__' ~ suffix}, type='table')) }}
{%- endmacro %}

{# Tables with a `day_column` have one partition for each day. dbt-spark's own macro asks for the configuration `partition_by`. #}
{% macro spark__partition_cols(label, required=false) -%}
    {%- if config.get('day_column') %}{{ label }} ({{ config.get('day_column') }}){% endif -%}
{%- endmacro %}

{# A changed column means a full refresh, as on DuckDB (on_schema_change: fail). #}
{% macro spark_require_same_columns(target, news) -%}
    {%- set old = adapter.get_columns_in_relation(target) | map(attribute='name') | sort | join(', ') -%}
    {%- set new = adapter.get_columns_in_relation(news) | map(attribute='name') | sort | join(', ') -%}
    {%- if old != new -%}
        {{ exceptions.raise_compiler_error(
            'The columns of ' ~ target ~ ' have changed: it has ' ~ old ~ ', the model gives ' ~ new ~ '. Run the day again with --full-refresh.'
        ) }}
    {%- endif -%}
{%- endmacro %}

{# Rewrite the days that lose or gain a row, each from what stays of it and from the news; a day that keeps no row goes. The days are read first and
   stand as values in what follows, so that no other day is read. #}
{% macro spark_replace_days(target, news, day_column, is_replaced) -%}
    {%- set touched -%}
        select {{ day_column }} from {{ target }} as old where {{ is_replaced }}
        union
        select {{ day_column }} from {{ news }}
    {%- endset -%}
    {%- set days = spark_day_literals(touched) -%}
    {%- if not days %}{{ return('') }}{% endif -%}
    {%- set columns = adapter.get_columns_in_relation(target) | map(attribute='quoted') | join(', ') -%}
    {%- set stays -%}
        {{ day_column }} in ({{ days | join(', ') }}) and not {{ is_replaced }}
    {%- endset -%}
    {%- set filled -%}
        select {{ day_column }} from {{ target }} as old where {{ stays }}
        union
        select {{ day_column }} from {{ news }}
    {%- endset -%}
    {%- set filled_days = spark_day_literals(filled) -%}
    {#- dynamic, by the profile: only the days that get a row are overwritten -#}
    {%- call statement('main') -%}
        insert overwrite table {{ target }} partition ({{ day_column }})
        select /*+ rebalance({{ day_column }}) */ {{ columns }}
        from (
            select {{ columns }} from {{ target }} as old where {{ stays }}
            union all
            select {{ columns }} from {{ news }}
        )
    {%- endcall -%}
    {%- for day in days if day not in filled_days -%}
        {%- call statement('drop_empty_day') -%}
            alter table {{ target }} drop if exists partition ({{ day_column }} = {{ day }})
        {%- endcall -%}
    {%- endfor -%}
{%- endmacro %}

{# The days of a query as SQL literals, in order. #}
{% macro spark_day_literals(query) -%}
    {%- set literals = [] -%}
    {%- for row in run_query(query).rows %}{% do literals.append("date '" ~ row[0] ~ "'") %}{% endfor -%}
    {{ return(literals | sort) }}
{%- endmacro %}

{# Write the table anew beside the old one and let it take the old one's name. #}
{% macro spark_replace_table(target, news, is_replaced) -%}
    {%- set next = spark_table_beside(target, 'next') -%}
    {%- set columns = adapter.get_columns_in_relation(target) | map(attribute='quoted') | join(', ') -%}
    {%- do adapter.drop_relation(next) -%}
    {%- set rows -%}
        select {{ columns }} from {{ target }} as old where not {{ is_replaced }}
        union all
        select {{ columns }} from {{ news }}
    {%- endset -%}
    {%- call statement('main') -%} {{ create_table_as(False, next, rows) }} {%- endcall -%}
    {%- do adapter.drop_relation(target) -%}
    {%- do adapter.rename_relation(next, target) -%}
{%- endmacro %}
