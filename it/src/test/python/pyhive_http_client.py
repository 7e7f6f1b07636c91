"""PyHive against a gateway over HTTP: prints a line for each thing that works, or ends with a traceback."""

import sys

from pyhive import exc, hive

connection = hive.connect(
    host="127.0.0.1", port=int(sys.argv[1]), scheme="http", username="bob", password="x", auth="BASIC"
)


def works(name):
    print("works: " + name, flush=True)


cursor = connection.cursor()
cursor.execute("SELECT 1 AS one")
assert cursor.description[0][0] == "one", cursor.description
assert cursor.fetchall() == [(1,)]
works("open and select")

cursor.arraysize = 5000
cursor.execute("SELECT id FROM range(0, 30000, 1, 3)")
assert [row[0] for row in cursor.fetchall()] == list(range(30000))
works("many rows")

try:
    cursor.execute("SELECT * FROM no_such_table")
    raise AssertionError("no failure")
except exc.OperationalError as failure:
    assert "no_such_table" in str(failure), failure
cursor.execute("SELECT 2")
assert cursor.fetchall() == [(2,)]
works("errors and reuse")

connection.cursor().execute("CREATE TABLE IF NOT EXISTS http_twice (n INT) USING parquet")
for _ in range(2):
    connection.cursor().execute("INSERT INTO http_twice VALUES (1)")
cursor.execute("SELECT count(*) FROM http_twice")
assert cursor.fetchall() == [(2,)], "each INSERT runs, though the text is the same"
connection.cursor().execute("DROP TABLE http_twice")
works("the same twice")
connection.close()
