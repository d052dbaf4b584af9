{# T: 00:00 after the newest loaded landing day. The only clock of this project; it comes from the pipeline. #}
{% macro as_of() -%} cast('{{ var("as_of") }}' as timestamp) {%- endmacro %}
