-- Tables in the shape of TPC-H, made on the spot: the same rows every time, about 60,000 line items.
CREATE DATABASE IF NOT EXISTS tpch;

CREATE TABLE IF NOT EXISTS tpch.region USING parquet AS
SELECT CAST(id AS INT) AS r_regionkey,
       element_at(array('AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'), CAST(id AS INT) + 1) AS r_name
FROM range(5);

CREATE TABLE IF NOT EXISTS tpch.nation USING parquet AS
SELECT CAST(id AS INT) AS n_nationkey,
       element_at(array('ALGERIA', 'ARGENTINA', 'BRAZIL', 'CANADA', 'EGYPT', 'ETHIOPIA', 'FRANCE', 'GERMANY', 'INDIA',
                        'INDONESIA', 'IRAN', 'IRAQ', 'JAPAN', 'JORDAN', 'KENYA', 'MOROCCO', 'MOZAMBIQUE', 'PERU',
                        'CHINA', 'ROMANIA', 'SAUDI ARABIA', 'VIETNAM', 'RUSSIA', 'UNITED KINGDOM', 'UNITED STATES'),
                  CAST(id AS INT) + 1) AS n_name,
       element_at(array(0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1),
                  CAST(id AS INT) + 1) AS n_regionkey
FROM range(25);

CREATE TABLE IF NOT EXISTS tpch.customer USING parquet AS
SELECT id + 1 AS c_custkey,
       concat('Customer#', lpad(id + 1, 9, '0')) AS c_name,
       CAST(pmod(hash(id, 1), 25) AS INT) AS c_nationkey,
       CAST(pmod(hash(id, 2), 1099999) / 100 - 999.99 AS DECIMAL(12, 2)) AS c_acctbal,
       element_at(array('AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY'),
                  pmod(hash(id, 3), 5) + 1) AS c_mktsegment
FROM range(1500);

CREATE TABLE IF NOT EXISTS tpch.part USING parquet AS
SELECT id + 1 AS p_partkey,
       concat(element_at(array('almond', 'azure', 'bisque', 'coral', 'forest', 'ivory', 'lemon', 'navy'),
                         pmod(hash(id, 1), 8) + 1),
              ' ',
              element_at(array('bolt', 'gear', 'hinge', 'lever', 'valve', 'wheel'), pmod(hash(id, 2), 6) + 1)) AS p_name,
       concat('Brand#', pmod(hash(id, 3), 5) + 1, pmod(hash(id, 4), 5) + 1) AS p_brand,
       CAST(900 + pmod(id, 1000) + pmod(id, 200) / 10 AS DECIMAL(12, 2)) AS p_retailprice
FROM range(2000);

CREATE TABLE IF NOT EXISTS tpch.orders USING parquet AS
SELECT id + 1 AS o_orderkey,
       CAST(pmod(hash(id, 1), 1500) + 1 AS BIGINT) AS o_custkey,
       date_add(DATE '1992-01-01', pmod(hash(id, 2), 2406)) AS o_orderdate,
       element_at(array('1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'),
                  pmod(hash(id, 3), 5) + 1) AS o_orderpriority
FROM range(15000);

CREATE TABLE IF NOT EXISTS tpch.lineitem USING parquet AS
SELECT id DIV 4 + 1 AS l_orderkey,
       CAST(id % 4 + 1 AS INT) AS l_linenumber,
       CAST(pmod(hash(id, 1), 2000) + 1 AS BIGINT) AS l_partkey,
       CAST(pmod(hash(id, 2), 50) + 1 AS DECIMAL(12, 2)) AS l_quantity,
       CAST((pmod(hash(id, 2), 50) + 1) * (900 + pmod(hash(id, 1), 2000) % 1000) AS DECIMAL(12, 2)) AS l_extendedprice,
       CAST(pmod(hash(id, 3), 11) / 100 AS DECIMAL(12, 2)) AS l_discount,
       CAST(pmod(hash(id, 4), 9) / 100 AS DECIMAL(12, 2)) AS l_tax,
       element_at(array('A', 'N', 'R'), pmod(hash(id, 5), 3) + 1) AS l_returnflag,
       element_at(array('F', 'O'), pmod(hash(id, 6), 2) + 1) AS l_linestatus,
       date_add(DATE '1992-01-02', pmod(hash(id, 7), 2526)) AS l_shipdate
FROM range(60000);
