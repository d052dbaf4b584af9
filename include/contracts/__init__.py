"""The landing contracts: one Open Data Contract Standard file per landed table, the only place that lists columns."""

from include.contracts.model import Column, ContractError, TableContract, contract

#: The landed tables, dimensions first.
TABLES: tuple[str, ...] = (
    "schools",
    "users",
    "products",
    "purchases",
    "referrals",
    "events",
    "acquisition_spend",
    "review_decisions",
)

__all__ = ["TABLES", "Column", "ContractError", "TableContract", "contract"]
