namespace ClosedLoop.Streaming.Log;

/// <summary>How this process shows itself to the broker, and the broker to it. Part of <see cref="KafkaLogOptions"/>.</summary>
public sealed class KafkaSecurity
{
    private static readonly string[] _protocols = ["plaintext", "tls", "sasl_plaintext", "sasl_tls"];
    private static readonly string[] _mechanisms = ["plain", "scram-sha-256", "scram-sha-512"];

    /// <summary>plaintext, tls, sasl_plaintext, sasl_tls.</summary>
    public string Protocol { get; set; } = "plaintext";

    /// <summary>plain, scram-sha-256, scram-sha-512; used by the sasl protocols.</summary>
    public string Mechanism { get; set; } = "scram-sha-512";

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>PEM file of the authorities that may sign the broker's certificate; unset: those of the system.</summary>
    public string? CaFile { get; set; }

    /// <summary>PEM files of this client's own certificate and key, when the broker asks for one.</summary>
    public string? CertificateFile { get; set; }

    public string? KeyFile { get; set; }

    public string? KeyPassword { get; set; }

    public bool IsSasl => Protocol.StartsWith("sasl", StringComparison.Ordinal);

    public bool IsTls => Protocol is "tls" or "sasl_tls";

    internal IEnumerable<string> Mistakes()
    {
        if (!_protocols.Contains(Protocol)) yield return $"Kafka:Security:Protocol is '{Protocol}'; allowed are {string.Join(", ", _protocols)}.";
        if (IsSasl && !_mechanisms.Contains(Mechanism)) yield return $"Kafka:Security:Mechanism is '{Mechanism}'; allowed are {string.Join(", ", _mechanisms)}.";
        if (IsSasl && (string.IsNullOrEmpty(User) || string.IsNullOrEmpty(Password))) yield return $"Kafka:Security:Protocol is {Protocol}; it needs Kafka:Security:User and Kafka:Security:Password.";
        if (!IsSasl && !string.IsNullOrEmpty(Password)) yield return $"Kafka:Security:Password is set, but Kafka:Security:Protocol is {Protocol}; allowed with a password are sasl_plaintext and sasl_tls.";
        if (string.IsNullOrEmpty(CertificateFile) != string.IsNullOrEmpty(KeyFile)) yield return "Kafka:Security:CertificateFile and Kafka:Security:KeyFile belong together; set both or none.";
        if (!IsTls && !(string.IsNullOrEmpty(CaFile) && string.IsNullOrEmpty(CertificateFile))) yield return $"Kafka:Security names certificates, but Kafka:Security:Protocol is {Protocol}; allowed with them are tls and sasl_tls.";
        foreach (var (name, path) in new[] { (nameof(CaFile), CaFile), (nameof(CertificateFile), CertificateFile), (nameof(KeyFile), KeyFile) })
            if (!string.IsNullOrEmpty(path) && !File.Exists(path)) yield return $"Kafka:Security:{name} is {path}; there is no such file.";
    }
}
