"""What is looked for among millions of deliveries is found by an index."""

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import InstrumentedAttribute

from db.alerts import deliveries
from db.engine import Database
from db.records.alerts import DeliveryState
from db.tables.alerts import DeliveryRow


async def plan(database: Database, statement: str, values: list[object]) -> str:
    """Return how SQLite would carry `statement` out."""
    async with database.reading() as session:
        connection = await session.connection()
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values))
        return "\n".join(str(row["detail"]) for row in rows.mappings())


async def test_a_claim_looks_only_at_what_is_still_to_do(database: Database) -> None:
    lease = deliveries._LEASE.compile(dialect=sqlite.dialect())
    assert lease.positiontup is not None
    how = await plan(database, str(lease), [1 for _ in lease.positiontup])
    assert "USING INDEX ix_deliveries_to_do" in how
    assert "ix_deliveries_of_chat" in how
    assert "SCAN deliveries" not in how.replace("SCAN deliveries USING", "")


async def test_what_an_alert_has_left_is_found_without_what_was_sent(database: Database) -> None:
    statement = (
        "SELECT id FROM alerts WHERE NOT EXISTS (SELECT 1 FROM deliveries "
        "WHERE alert_id = alerts.id AND state IN ('waiting', 'leased'))"
    )
    assert "ix_deliveries_of_alert" in await plan(database, statement, [])


@pytest.mark.parametrize(
    ("column", "state", "index"),
    [
        (DeliveryRow.chat_id, DeliveryState.WAITING, "ix_deliveries_of_chat"),
        (DeliveryRow.alert_id, DeliveryState.WAITING, "ix_deliveries_of_alert"),
        (DeliveryRow.alert_id, DeliveryState.DROPPED, "ix_deliveries_lost"),
    ],
)
async def test_what_a_chat_or_an_alert_has_in_one_state_is_found_by_its_index(
    database: Database, column: InstrumentedAttribute[int], state: DeliveryState, index: str
) -> None:
    query = select(DeliveryRow.id).where(column == 1, deliveries.in_state(state))
    compiled = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    assert index in await plan(database, str(compiled), [])
