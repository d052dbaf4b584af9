{# Publishing believes only what dbt itself records: which build last worked on gold (ops.dbt_runs), and what became of each of its nodes
   (ops.build_nodes), `pending` for every node that belongs to the build before the first one runs. A build that is killed leaves pending rows behind,
   and is not published. #}
{% macro open_build() -%} {{ return(adapter.dispatch('open_build', 'carton_caps')()) }} {%- endmacro %}
{% macro default__open_build() -%}
    {% if execute and flags.WHICH in ('build', 'run', 'test', 'seed') and var('build_id') != 'none' %}
    {% do refuse_outdated_plan() %}
    insert into ops.dbt_runs (build_id, started_at)
    values ('{{ var("build_id") }}', current_timestamp at time zone 'UTC');
    {% if flags.WHICH == 'build' %}
    {% set nodes = [] %}
    {% for node in graph.nodes.values() if node.resource_type in ('model', 'seed', 'test') and node.config.enabled %}
        {% do nodes.append("('" ~ var('build_id') ~ "', '" ~ node.unique_id ~ "', '" ~ node.resource_type ~ "', 'pending')") %}
    {% endfor %}
    delete from ops.build_nodes where build_id = '{{ var("build_id") }}';
    insert into ops.build_nodes (build_id, unique_id, resource_type, status)
    values {{ nodes | join(', ') }};
    {% endif %}
    {% else %}
    select 1
    {% endif %}
{%- endmacro %}

{# A plan holds for what was loaded when it was made, and for gold as it was then. After another build its T would take gold back; after another load
   the build would read rows that it does not cover. From here to the end of the build dbt holds the database, so nothing comes in between any more. #}
{% macro refuse_outdated_plan() -%}
    {% set since %}
        select 'build ' || later.build_id || ' was planned later and has run'
        from ops.builds as later
        inner join ops.dbt_runs as runs on later.build_id = runs.build_id
        where later.planned_at > (select planned_at from ops.builds where build_id = '{{ var("build_id") }}')
        union all
        select 'load ' || load_id || ' of day ' || ds || ' was committed'
        from ops.landing_days
        where load_id > (select covered_load_id from ops.builds where build_id = '{{ var("build_id") }}')
        limit 1
    {% endset %}
    {% set found = run_query(since) %}
    {% if found and found.rows %}
        {{ exceptions.raise_compiler_error(
            'The plan of build ' ~ var('build_id') ~ ' is outdated: ' ~ found.rows[0][0] ~ ' since. '
            ~ 'Run the day again, or clear this task: both plan anew.'
        ) }}
    {% endif %}
{%- endmacro %}

{% macro close_build(results) -%} {{ return(adapter.dispatch('close_build', 'carton_caps')(results)) }} {%- endmacro %}
{% macro default__close_build(results) -%}
    {% if execute and flags.WHICH in ('build', 'run', 'test', 'seed') and var('build_id') != 'none' and results %}
    {% for result in results %}
    update ops.build_nodes
    set
        status = '{{ result.status }}',
        failures = {{ result.failures if result.failures is not none else 'null' }},
        message = '{{ (result.message or "") | replace("'", "''") }}',
        execution_seconds = {{ result.execution_time }},
        finished_at = current_timestamp at time zone 'UTC'
    where build_id = '{{ var("build_id") }}' and unique_id = '{{ result.node.unique_id }}';
    {% endfor %}
    {% else %}
    select 1
    {% endif %}
{%- endmacro %}

{# Only the warehouse keeps records: include/spark copies what Spark says of its nodes into ops.build_nodes. #}
{% macro spark__open_build() -%} select 1 {%- endmacro %}
{% macro spark__close_build(results) -%} select 1 {%- endmacro %}
