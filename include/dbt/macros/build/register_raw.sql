{# Make the exported Parquet files of raw known to Spark as the schema `raw`; called as an operation before a build. `tables` maps each table to its
   columns and their types, `location` is the folder of all of them. A table with `_ds` has a folder for each landing day, as the landing zone does:
   `ds=2026-03-01`. The partition is called `ds` and a view says `_ds`, since Hive's catalogue prunes by no name that begins with an underscore. #}
{% macro register_raw(tables, location) -%}
    {%- for schema in ['raw', 'raw_files', 'silver', 'gold'] %}{% do run_query('create schema if not exists ' ~ schema) %}{% endfor -%}
    {%- for table, columns in tables.items() -%}
        {%- set by_day = '_ds' in columns -%}
        {%- set items = [] -%}
        {%- for name, type in columns.items() if name != '_ds' %}{% do items.append('`' ~ name ~ '` ' ~ type) %}{% endfor -%}
        {%- if by_day %}{% do items.append('ds date') %}{% endif -%}
        {#- external: dropping the table leaves its files, and a new column of a contract needs no other care -#}
        {%- do run_query('drop table if exists raw_files.' ~ table) -%}
        {%- do run_query(
            'create table raw_files.' ~ table ~ ' (' ~ items | join(', ') ~ ') using parquet' ~ (' partitioned by (ds)' if by_day else '')
            ~ " location '" ~ location | replace("'", "\\'") ~ '/' ~ table ~ "'"
        ) -%}
        {%- if by_day -%}{%- do run_query('msck repair table raw_files.' ~ table) -%}{%- endif -%}
        {%- do run_query(
            'create or replace view raw.' ~ table ~ ' as select *' ~ (', ds as _ds' if by_day else '') ~ ' from raw_files.' ~ table
        ) -%}
    {%- endfor -%}
{%- endmacro %}
