{# Publishing asks ops.build_nodes whether a build succeeded, so dbt itself writes it: `pending` for every node that belongs to the build before
   the first one runs, each node's result afterwards. A build that is killed leaves pending rows behind, and is not published. #}
{% macro open_build() -%}
    {% if execute and flags.WHICH == 'build' and var('build_id') != 'none' %}
    {% set nodes = [] %}
    {% for node in graph.nodes.values() if node.resource_type in ('model', 'seed', 'test') and node.config.enabled %}
        {% do nodes.append("('" ~ var('build_id') ~ "', '" ~ node.unique_id ~ "', '" ~ node.resource_type ~ "', 'pending')") %}
    {% endfor %}
    insert into ops.build_nodes (build_id, unique_id, resource_type, status)
    select
        planned.build_id,
        planned.unique_id,
        planned.resource_type,
        planned.status
    from (values {{ nodes | join(', ') }}) as planned (build_id, unique_id, resource_type, status)
    where not exists (
        select 1
        from ops.build_nodes as known
        where known.build_id = planned.build_id and known.unique_id = planned.unique_id
    )
    {% else %}
    select 1
    {% endif %}
{%- endmacro %}

{% macro close_build(results) -%}
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
