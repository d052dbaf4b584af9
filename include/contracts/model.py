"""What a landed table promises, read from its contract file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from open_data_contract_standard.model import CustomProperty, OpenDataContractStandard, SchemaProperty

from include.errors import CartonCapsError

FOLDER = Path(__file__).parent

#: Types that a column may have; the ingest knows how to read each of them.
TYPES = ("BIGINT", "VARCHAR", "DECIMAL(12,2)", "DECIMAL(12,4)", "TIMESTAMP", "DATE", "BOOLEAN")


class ContractError(CartonCapsError):
    """There is no such contract, or its file says something the ingest cannot hold."""


@dataclass(frozen=True)
class Column:
    """One column of a landed table.

    ``type`` is the DuckDB type of the column in ``raw``. ``enum`` is empty when any value is fine; ``minimum`` is
    inclusive; ``pattern`` is a regular expression. ``is_event_time`` marks a time that must lie in the landing bounds.
    """

    name: str
    type: str
    required: bool
    description: str
    enum: tuple[str, ...] = ()
    minimum: Decimal | None = None
    pattern: str | None = None
    is_event_time: bool = False
    is_json_object: bool = False
    is_personal: bool = False


@dataclass(frozen=True)
class TableContract:
    """A landed table: its columns in file order, its key, and how a later row of the same key counts."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    landing: Literal["upsert", "append"]
    optional_table: bool
    grain: str

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in file order."""
        return tuple(column.name for column in self.columns)

    @property
    def required_names(self) -> tuple[str, ...]:
        """Names of the columns that every file must have and every row must fill."""
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the contract does not name it."""
        return {column.name: column for column in self.columns}[name]


@cache
def contract(table: str) -> TableContract:
    """The contract of a landed table.

    Raises:
        ContractError: no file describes the table, or its file uses what the ingest does not know.
    """
    file = FOLDER / f"{table}.yaml"
    if not file.exists():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.yaml")))
        raise ContractError(f"There is no contract for a table {table!r}. Landed tables are: {known}.")
    return parse(document(table))


def document(table: str) -> OpenDataContractStandard:
    """The contract of a landed table as the standard's own model."""
    return OpenDataContractStandard.from_file(str(FOLDER / f"{table}.yaml"))


def parse(document: OpenDataContractStandard) -> TableContract:
    """Turn a contract document with one table into what the ingest works with. Raises ContractError."""
    if not document.schema_ or len(document.schema_) != 1:
        raise ContractError(f"Contract {document.id}: one file describes one table; give `schema` one entry.")
    table = document.schema_[0]
    custom = custom_properties(table.customProperties)
    properties = table.properties or []
    keyed = sorted((prop.primaryKeyPosition or 0, prop.name or "") for prop in properties if prop.primaryKey)
    landing = custom.get("landing")
    if not keyed or landing not in ("upsert", "append"):
        raise ContractError(
            f"Contract {document.id}: name a primaryKey and the custom property `landing` (upsert or append)."
        )
    return TableContract(
        name=table.name or "",
        columns=tuple(_column(prop, document.id) for prop in properties),
        key=tuple(name for _, name in keyed),
        landing=landing,
        optional_table=bool(custom.get("optionalTable", False)),
        grain=table.dataGranularityDescription or "",
    )


def _column(prop: SchemaProperty, contract_id: str | None) -> Column:
    options = prop.logicalTypeOptions or {}
    unknown = set(options) - {"minimum", "pattern", "format"}
    if prop.physicalType not in TYPES or unknown:
        raise ContractError(
            f"Contract {contract_id}, column {prop.name}: physicalType {prop.physicalType} or options {sorted(unknown)}"
            f" are unknown to the ingest. It knows {', '.join(TYPES)} with minimum, pattern and format."
        )
    return Column(
        name=prop.name or "",
        type=prop.physicalType,
        required=bool(prop.required),
        description=prop.description or "",
        enum=tuple(str(entry.value) for entry in prop.enum or []),
        minimum=Decimal(str(options["minimum"])) if "minimum" in options else None,
        pattern=options.get("pattern"),
        is_event_time=bool(custom_properties(prop.customProperties).get("eventTime", False)),
        is_json_object=options.get("format") == "json-object",
        is_personal=prop.classification == "restricted",
    )


def custom_properties(properties: list[CustomProperty] | None) -> dict[str | None, Any]:
    """Custom properties of a contract's table or column, by name."""
    return {prop.property: prop.value for prop in properties or []}
