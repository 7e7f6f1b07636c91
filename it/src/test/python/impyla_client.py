"""impyla against a gateway: prints a line for each thing that works; ends with a traceback at the first that does not."""

import sys

from impala.dbapi import connect
from impala.error import HiveServer2Error, OperationalError

HOST, PORT = "127.0.0.1", int(sys.argv[1])


def works(name):
    print("works: " + name, flush=True)


connection = connect(host=HOST, port=PORT, auth_mechanism="PLAIN", user="carol", password="secret")
cursor = connection.cursor()
assert cursor.ping()
works("ping")

cursor.execute("SELECT 1 AS one, 'a' AS letter, CAST(null AS INT) AS nothing")
assert [column[0] for column in cursor.description] == ["one", "letter", "nothing"], cursor.description
assert cursor.fetchall() == [(1, "a", None)]
works("open and select")

cursor.execute("SELECT id, CAST(id AS STRING) FROM range(120000)")
rows = cursor.fetchall()
assert len(rows) == 120000 and rows[-1] == (119999, "119999"), rows[-1]
works("many rows")

cursor.get_databases()
assert "default" in [row[0] for row in cursor.fetchall()]
cursor.get_tables(database_name="default")
cursor.fetchall()
cursor.get_functions()
assert len(cursor.fetchall()) > 100
works("metadata")

try:
    cursor.execute("SELECT * FROM no_such_table")
    raise AssertionError("no failure")
except (HiveServer2Error, OperationalError) as failure:
    assert "TABLE_OR_VIEW_NOT_FOUND" in str(failure), failure
cursor.execute("SELECT 2")
assert cursor.fetchall() == [(2,)]
works("errors and reuse")

assert cursor.get_log() is not None
works("logs")

cursor.close()
connection.close()

plain = connect(host=HOST, port=PORT, auth_mechanism="NOSASL")
cursor = plain.cursor(user="carol")  # impyla takes the user of the operating system where the cursor names none
cursor.execute("SELECT current_user()")
assert cursor.fetchall() == [("carol",)]
plain.close()
works("without sasl")
