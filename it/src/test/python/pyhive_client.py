"""PyHive against a gateway: prints a line for each thing that works; ends with a traceback at the first that does not."""

import datetime
import decimal
import sys
import time

from pyhive import exc, hive
from TCLIService.ttypes import TOperationState

HOST, PORT = "127.0.0.1", int(sys.argv[1])


def connect(**more):
    return hive.connect(host=HOST, port=PORT, username="bob", auth="NONE", **more)


def works(name):
    print("works: " + name, flush=True)


connection = connect()
cursor = connection.cursor()
cursor.execute("SELECT 1 AS one")
assert cursor.description[0][0] == "one", cursor.description
assert cursor.fetchall() == [(1,)]
works("open and select")

cursor.execute(
    "SELECT true, 1Y, 2S, 3, 4L, CAST(1.5 AS FLOAT), 2.5D, CAST(1.250 AS DECIMAL(5,3)), 'text',"
    " DATE '2024-02-29', TIMESTAMP '2024-02-29 12:34:56.789', X'00FF', array(1,2), map('k',1), null"
)
row = cursor.fetchone()
assert row[:9] == (True, 1, 2, 3, 4, 1.5, 2.5, decimal.Decimal("1.250"), "text"), row
assert str(row[9]) == "2024-02-29", row
assert row[10] == datetime.datetime(2024, 2, 29, 12, 34, 56, 789000), row
assert row[11] in (b"\x00\xff", "\x00\xff"), row
assert row[12:] == ("[1,2]", '{"k":1}', None), row
works("types")

cursor.execute("SELECT CAST(null AS INT), CAST(null AS STRING), CAST(null AS DOUBLE), CAST(null AS DATE)")
assert cursor.fetchall() == [(None, None, None, None)]
works("nulls")

cursor.execute("SHOW DATABASES")
assert ("default",) in cursor.fetchall()
works("show databases")

cursor.execute("CREATE DATABASE IF NOT EXISTS pyhive_shapes")
cursor.execute("CREATE TABLE IF NOT EXISTS pyhive_shapes.one (a INT) USING parquet")
cursor.execute("SHOW TABLES IN pyhive_shapes")
assert cursor.fetchall() == [("one",)]  # Superset takes the first column for the table's name
cursor.execute("DROP DATABASE pyhive_shapes CASCADE")
works("show tables")

cursor.execute("SELECT id, concat('row ', id) FROM range(250000)")
count, last = 0, None
while True:
    rows = cursor.fetchmany(10000)
    if not rows:
        break
    count, last = count + len(rows), rows[-1]
assert (count, last) == (250000, (249999, "row 249999")), (count, last)
works("many rows")

try:
    cursor.execute("SELECT * FROM no_such_table")
    raise AssertionError("no failure")
except exc.OperationalError as failure:
    status = failure.args[0].status
    assert "TABLE_OR_VIEW_NOT_FOUND" in status.errorMessage, status
    assert status.sqlState == "42P01", status
cursor.execute("SELECT 2")
assert cursor.fetchall() == [(2,)]
works("errors and reuse")

cursor.execute("SELECT count(*) FROM range(1000000000000) a WHERE pow(a.id, 3) % 7 = 0.5", async_=True)
assert cursor.poll().operationState in (TOperationState.RUNNING_STATE, TOperationState.INITIALIZED_STATE)
began = time.time()
cursor.cancel()
while cursor.poll().operationState in (TOperationState.RUNNING_STATE, TOperationState.INITIALIZED_STATE):
    assert time.time() - began < 2
assert cursor.poll().operationState == TOperationState.CANCELED_STATE
works("cancel")

cursor.execute("SELECT 3", async_=True)
while cursor.poll().operationState != TOperationState.FINISHED_STATE:
    pass
assert isinstance(cursor.fetch_logs(), list)
assert cursor.fetchall() == [(3,)]
works("logs")

cursor.close()
connection.close()

plain = hive.connect(host=HOST, port=PORT, username="bob", auth="NOSASL")
cursor = plain.cursor()
cursor.execute("SELECT current_user()")
assert cursor.fetchall() == [("bob",)]
plain.close()
works("without sasl")
