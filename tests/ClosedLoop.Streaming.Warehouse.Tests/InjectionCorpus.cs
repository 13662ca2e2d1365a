namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>Rows of what must not get through the port.</summary>
internal static class InjectionCorpus
{
    public static readonly string[] Reaching =
    [
        "file('/etc/passwd', 'LineAsString')", "url('http://127.0.0.1:1/', 'LineAsString')", "s3('http://127.0.0.1:1/b/k', 'CSV')",
        "remote('127.0.0.1:1', 'system', 'one')", "remoteSecure('127.0.0.1:1', 'system', 'one')", "mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
        "postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')", "mongodb('127.0.0.1:1', 'd', 'c', 'u', 'p', 'a Int8')", "redis('127.0.0.1:1', 'k', 'k String')",
        "sqlite('/tmp/x.db', 't')", "odbc('DSN=x', 'd', 't')", "jdbc('x', 'd', 't')", "hdfs('hdfs://127.0.0.1:1/x', 'TSV', 'a Int8')",
        "azureBlobStorage('x', 'c', 'p')", "iceberg('http://127.0.0.1:1/')", "icebergLocal('/tmp')", "deltaLake('http://127.0.0.1:1/')", "deltaLakeLocal('/tmp')",
        "hudi('http://127.0.0.1:1/')", "executable('id', 'TSV', 'a String')", "dictionary('d')", "input('a Int8')", "merge('system', '.*')", "cluster('default', 'system.one')",
        "clusterAllReplicas('default', 'system.one')", "mergeTreeIndex('closedloop', 'events')", "loop(system.processes)", "generateRandom('a Int8')", "fuzzJSON('x', 'y')",
        "gcs('http://127.0.0.1:1/b/k')", "urlCluster('c', 'http://127.0.0.1:1/')", "s3Cluster('c', 'http://127.0.0.1:1/')", "fileCluster('c', 'x')", "python(x)",
        "arrowFlight('127.0.0.1:1', 'x')", "ytsaurus('x', 'y', 'z', 'a Int8')", "paimon('http://127.0.0.1:1/')", "primes(10)", "timeSeriesData('closedloop', 'x')",
        "eval('SELECT 1')", "filesystem('/tmp')", "viewExplain('EXPLAIN', '', (SELECT 1))", "executable('x.sh', 'TSV', 'a String')",
    ];

    private static readonly string[] Shapes =
    [
        "SELECT * FROM {0}", "SELECT 1 FROM numbers(1) AS a JOIN {0} AS b ON 1 = 1", "SELECT 1 WHERE 1 IN (SELECT 1 FROM {0})", "DESCRIBE TABLE {0}",
        "WITH x AS (SELECT * FROM {0}) SELECT * FROM x", "SELECT 1 UNION ALL SELECT 1 FROM {0}", "select*from/**/{0}", "SELECT (SELECT count() FROM {0})",
        "EXPLAIN SELECT * FROM {0}", "SELECT * FROM view(SELECT * FROM {0})",
    ];

    private static readonly string[] Others =
    [
        "INSERT INTO events (site) VALUES ('x')", "INSERT INTO FUNCTION file('x.csv') SELECT 1", "WITH 1 AS a INSERT INTO events (site) SELECT 'x'",
        "CREATE TABLE x (a Int8) ENGINE = Memory", "CREATE TEMPORARY TABLE x (a Int8)", "CREATE VIEW x AS SELECT 1", "CREATE DATABASE x", "CREATE FUNCTION f AS x -> x",
        "CREATE USER x", "CREATE NAMED COLLECTION x AS a = 1", "DROP TABLE events", "DROP DATABASE closedloop", "TRUNCATE TABLE events", "ALTER TABLE events DELETE WHERE 1",
        "DELETE FROM events WHERE 1", "UPDATE events SET site = 'x' WHERE 1", "RENAME TABLE events TO x", "EXCHANGE TABLES events AND sessions", "OPTIMIZE TABLE events FINAL",
        "DETACH TABLE events", "ATTACH TABLE events", "SYSTEM SHUTDOWN", "SYSTEM DROP MARK CACHE", "SYSTEM RELOAD CONFIG", "KILL QUERY WHERE 1 SYNC", "KILL QUERY WHERE 1",
        "SET readonly = 0", "SET max_execution_time = 0", "USE system", "GRANT ALL ON *.* TO dashboard", "REVOKE ALL ON *.* FROM dashboard", "BEGIN TRANSACTION",
        "BACKUP DATABASE closedloop TO File('/tmp/b.zip')", "RESTORE DATABASE closedloop FROM File('/tmp/b.zip')", "CHECK TABLE events", "UNDROP TABLE x", "MOVE x TO y",
        "SELECT 1 INTO OUTFILE '/tmp/closedloop-injected'", "SELECT 1 INTO OUTFILE '/tmp/closedloop-injected' TRUNCATE FORMAT CSV", "SELECT 1 into/**/outfile '/tmp/closedloop-injected'",
        "SELECT 1 INTO\nOUTFILE\n'/tmp/closedloop-injected'", "(SELECT 1) INTO OUTFILE '/tmp/closedloop-injected'", "EXPLAIN SELECT 1 INTO OUTFILE '/tmp/closedloop-injected'",
        "SHOW TABLES INTO OUTFILE '/tmp/closedloop-injected'", "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE events", "SELECT 1;;SELECT 2", "SELECT 1; -- x\nDROP TABLE events",
        "SELECT 1 PARALLEL WITH SELECT 2", "SELECT 1 SETTINGS readonly = 0", "SELECT 1 SETTINGS max_memory_usage = 0", "SELECT 1 SETTINGS max_execution_time = 100000",
        "SELECT * FROM (SELECT 1 SETTINGS max_threads = 100)", "SELECT 1 FORMAT Template SETTINGS format_template_row = '/etc/passwd'",
        "SELECT * FROM system.users", "SELECT * FROM system.query_log", "SELECT * FROM system.processes", "SELECT * FROM system.parts", "SELECT * FROM system.disks",
        "SELECT * FROM system.clusters", "SELECT * FROM system.macros", "SELECT * FROM system.grants", "SELECT * FROM system.named_collections", "SELECT * FROM system.server_settings",
        "SELECT * FROM system.environment", "SELECT * FROM system.build_options", "SELECT * FROM system.detached_parts", "SELECT * FROM system.remote_data_paths",
        "SELECT * FROM system.zookeeper", "SELECT * FROM system.stack_trace", "SELECT * FROM system.asynchronous_metrics", "SELECT * FROM system.events", "SELECT * FROM system.metrics",
        "SELECT * FROM system.dictionaries", "SELECT * FROM system.quotas", "SELECT * FROM system.roles", "SELECT * FROM `system`.`users`", "SELECT * FROM \"system\".\"users\"",
        "SELECT * FROM system . users", "SELECT * FROM system/* */./* */users", "SELECT * FROM system\n.\nusers", "SELECT 1 WHERE 'x' IN system.users", "SELECT * FROM `sys\\x74em`.users",
        "DESCRIBE system.users", "SHOW CREATE TABLE system.users", "EXISTS system.users", "SHOW USERS", "SHOW GRANTS", "SHOW PROCESSLIST", "SHOW CLUSTERS", "SHOW ACCESS",
        "SHOW CREATE USER default", "SHOW QUOTAS", "SHOW POLICIES", "SHOW PROFILES", "SHOW ROLES", "SHOW MERGES", "SHOW CACHES", "SHOW FILESYSTEM CACHES", "SHOW ENGINES", "SHOW DICTIONARIES",
        "SELECT * FROM default.x", "SELECT * FROM default.`/etc/passwd`", "SELECT * FROM `/etc/passwd`", "SELECT * FROM \"/etc/passwd\"", "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM `file:///etc/passwd`", "SELECT * FROM `http://127.0.0.1:1/x.csv`", "SELECT * FROM _temporary_and_external_tables.x",
        "SELECT file('/etc/passwd')", "SELECT `file`('/etc/passwd')", "SELECT FILE('/etc/passwd')", "SELECT file/**/('/etc/passwd')", "SELECT dictGet('d', 'a', 1)", "SELECT dictGetOrDefault('d', 'a', 1, 2)",
        "SELECT joinGet('x', 'y', 1)", "SELECT hasColumnInTable('127.0.0.1:1', 'system', 'one', 'dummy')", "SELECT sleep(3)", "SELECT sleepEachRow(1) FROM numbers(100)", "SELECT hostName()", "SELECT FQDN()",
        "SELECT reverseDNSQuery('127.0.0.1')", "SELECT getServerPort('tcp_port')", "SELECT getMacro('x')", "SELECT catboostEvaluate('/tmp/x', 1)", "SELECT filesystemCapacity()",
        "SELECT addressToSymbol(1)", "SELECT aiGenerate('c', 'x')", "SELECT AIClassify('c', 'x', ['a'])", "SELECT aiTranslate('c', 'x', 'de')", "SELECT aiEmbed('c', 'x')", "SELECT aiExtract('c', 'x', 'y')",
        "SELECT * FROM eval(concat('SELECT * FROM fi', 'le(1)'))", "SELECT buildId()", "SELECT getServerSetting('max_connections')", "SELECT showCertificate()", "SELECT generateSerialID('x')", "SELECT trap('x')", "SELECT serverUUID()",
        "SELECT * FROM {t:Identifier}", "SELECT * FROM {d:Identifier}.{t:Identifier}", "SELECT {x: Identifier } FROM events",
        "SELECT 1 /* open", "SELECT 'open", "SELECT `open", "SELECT $$open", "SELECT $a$open$b$", "SELECT 1 FROM ‘x’", "SELECT 1 #SELECT", "SELECT * FROM (SELECT 1 SETTINGS max_memory_usage = 0)", "SELECT 1 UNION ALL (SELECT 2 settings/**/max_execution_time = 0)",
        "WITH x AS (SELECT 1 SETTINGS readonly = 0) SELECT * FROM x", "SELECT 1 SETTINGS `readonly` = 0", "\0SELECT 1", "SELECT 1\0; DROP TABLE events",
        "SELECT 1 /* /* */ ; DROP TABLE events", "-- only", "/* only */", ";", "EXPLAIN INSERT INTO events (site) VALUES ('x')", "EXPLAIN PLAN DROP TABLE events",
    ];

    public static readonly string[] Parameters =
    [
        "format_schema=/etc/passwd", "format_template_resultset=/etc/passwd", "format_template_row=/etc/passwd", "output_format_template_path=/etc/passwd", "allow_ddl=1", "allow_introspection_functions=1",
        "log_query_threads=1", "user_files_path=/", "storage_file_path=/", "input_format_allow_errors_num=1", "allow_experimental_live_view=1", "insert_deduplicate=0", "network_compression_method=ZSTD",
        "output_format_parquet_filename=/etc/passwd", "database=system", "database=information_schema", "compress=1", "bad-name=1", "x y=1", "1a=1", "max_server_memory_usage=1", "additional_table_filters=x",
        "workload=x", "profile=default", "limit%27=1", "output_format_schema=x", "param_x%20y=1", "query_id=%27%3B", "query_id=" + "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
    ];

    /// <summary>Everything that reaches out in every shape, and all the rest.</summary>
    public static IEnumerable<string> Queries => Reaching.SelectMany(function => Shapes.Select(shape => string.Format(shape, function))).Concat(Others);
}
