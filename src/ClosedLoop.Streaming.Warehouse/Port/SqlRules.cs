using System.Collections.Frozen;

namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>The lists behind <see cref="SqlGuard"/>. All are compared without case.</summary>
internal static class SqlRules
{
    public static readonly FrozenSet<string> Statements = Set("SELECT WITH SHOW DESCRIBE DESC EXPLAIN EXISTS");

    /// <summary>What may follow SHOW: names and shapes of tables, not users, grants or running queries.</summary>
    public static readonly FrozenSet<string> Shown = Set("TABLES DATABASES COLUMNS FIELDS CREATE FULL EXTENDED FUNCTIONS SETTINGS TABLE DATABASE");

    /// <summary>Tables of system that tools ask for to show schemas, and that say nothing about the machine.</summary>
    public static readonly FrozenSet<string> SystemTables = Set(
        "one numbers numbers_mt zeros zeros_mt tables columns databases functions settings formats data_type_families table_engines "
        + "aggregate_function_combinators collations time_zones keywords contributors licenses");

    public static readonly FrozenSet<string> InformationTables = Set("tables columns schemata views key_column_usage referential_constraints statistics");

    /// <summary>Table functions that make rows out of nothing. <c>format</c> is also the ordinary function that fills text; as a table it reads what stands in the query.</summary>
    public static readonly FrozenSet<string> HarmlessTableFunctions = Set("numbers numbers_mt zeros zeros_mt generate_series generateSeries values view null format");

    /// <summary>
    /// Table functions that reach files, networks, processes or other databases. The engine's own list, read at start, comes on top; this
    /// one stands for when it could not be read, and for names of other builds.
    /// </summary>
    public static readonly FrozenSet<string> KnownTableFunctions = Set(
        "file fileCluster url urlCluster s3 s3Cluster gcs oss cosn remote remoteSecure cluster clusterAllReplicas mysql postgresql mongodb redis sqlite odbc "
        + "jdbc hdfs hdfsCluster azureBlobStorage azureBlobStorageCluster iceberg icebergLocal icebergS3 icebergAzure icebergHDFS icebergCluster "
        + "icebergS3Cluster icebergAzureCluster icebergHDFSCluster icebergLocalCluster deltaLake deltaLakeS3 deltaLakeAzure deltaLakeLocal deltaLakeCluster "
        + "deltaLakeS3Cluster deltaLakeAzureCluster hudi hudiCluster paimon paimonS3 paimonAzure paimonHDFS paimonLocal paimonCluster "
        + "executable dictionary input merge mergeTreeIndex mergeTreeProjection mergeTreeParts mergeTreeTextIndex mergeTreeAnalyzeIndexes loop generateRandom "
        + "fuzzQuery fuzzJSON eval python arrow_stream arrowStream arrowFlight ytsaurus timeSeriesData timeSeriesTags timeSeriesMetrics timeSeriesSelector "
        + "prometheusQuery prometheusQueryRange viewIfPermitted viewExplain filesystem dataframe primes hive meilisearch");

    /// <summary>Ordinary functions that reach files, hosts or other tables, say something about the machine, or only cost time.</summary>
    public static readonly FrozenSet<string> ForbiddenFunctions = Set(
        "file joinGet joinGetOrNull hasColumnInTable catboostEvaluate reverseDNSQuery sleep sleepEachRow hostName hostname fqdn fullHostName "
        + "getServerPort tcpPort serverUUID buildId getOSKernelVersion getMacro filesystemAvailable filesystemCapacity filesystemUnreserved "
        + "showCertificate generateSerialID evalMLMethod getServerSetting getMergeTreeSetting addressToLine addressToLineWithInlines addressToSymbol demangle "
        + "trap logTrace zookeeperSessionUptime displayName shardNum shardCount replicate initialQueryID currentProfiles enabledProfiles defaultProfiles "
        + "currentRoles enabledRoles defaultRoles naiveBayesClassifier getSubcolumnFromDisk uptime partitionID");

    /// <summary>Families: dictionaries can have any source, ai… asks a language model somewhere on the network.</summary>
    public static readonly FrozenSet<string> ForbiddenPrefixes = Set("dictGet dictHas dictIsIn ai llm region");

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
