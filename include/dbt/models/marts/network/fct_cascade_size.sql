-- Grain: one row per size_band of trees. Rebuilt, as the forest is. Shape is compared within a band only: a large tree is farther across whatever its
-- shape.
with banded as (
    select
        size_band,
        min(users) as smallest,
        count(*) as trees,
        sum(users) as users,
        max(generations) as most_generations,
        sum(generations) as generations,
        quantile_cont(structural_virality, 0.5) as median_structural_virality,
        quantile_cont(structural_virality, 0.9) as p90_structural_virality,
        quantile_cont(chain_likeness, 0.5) as median_chain_likeness,
        sum(amount_raised_usd) as amount_raised_usd
    from {{ ref('fct_cascade') }}
    group by size_band
)

select
    size_band,
    cast(row_number() over (order by smallest) as integer) as band_number,
    cast(trees as bigint) as trees,
    cast(sum(trees) over () as bigint) as all_trees,
    {{ rate('trees', 'sum(trees) over ()') }} as tree_share,
    cast(users as bigint) as users,
    cast(sum(users) over () as bigint) as all_users,
    {{ rate('users', 'sum(users) over ()') }} as user_share,
    {{ rate('generations', 'trees') }} as mean_generations,
    cast(most_generations as integer) as most_generations,
    round(median_structural_virality, 9) as median_structural_virality,
    round(p90_structural_virality, 9) as p90_structural_virality,
    round(median_chain_likeness, 9) as median_chain_likeness,
    cast(amount_raised_usd as decimal(18, 6)) as amount_raised_usd
from banded
