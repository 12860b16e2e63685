using System.Globalization;
using System.Text.Json;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Proxying;

/// <summary>The files of policies and grants of one run, and what is said of them.</summary>
internal sealed class ProxyDocuments
{
    // What a person tells revisions apart by.
    private const int ShownDigits = 12;

    private readonly IReadOnlyList<string> _files;
    private readonly ProxyReport _report;

    private ProxyDocuments(PolicyBundleSource source, IReadOnlyList<string> files, PolicyBundleResult loaded, ProxyReport report)
    {
        Source = source;
        Loaded = loaded;
        _files = files;
        _report = report;
    }

    public PolicyBundleSource Source { get; }

    /// <summary>What they said at the start; it is valid.</summary>
    public PolicyBundleResult Loaded { get; }

    /// <summary>Loads all files. What is noticed in them is told.</summary>
    /// <param name="policies">The policies' files, as the person named them.</param>
    /// <param name="grants">That of the grants; null for none.</param>
    /// <param name="report">What is told.</param>
    /// <exception cref="CommandException">A file can't be read, or has an error.</exception>
    public static ProxyDocuments Load(IReadOnlyList<string> policies, string? grants, ProxyReport report)
    {
        var source = new PolicyBundleSource(
            [.. policies.Select(path => new PolicySource(SourceOf(path)))], grants is null ? null : SourceOf(grants));
        PolicyBundleResult loaded = source.Load();
        var documents = new ProxyDocuments(source, [.. policies, .. grants is null ? [] : (string[])[grants]], loaded, report);
        documents.TellFindings(loaded);
        return loaded.IsValid
            ? documents
            : throw new CommandException("Nothing is guarded, as it isn't known what is allowed.");
    }

    /// <summary>A policy, as messages name it.</summary>
    public static string Describe(Policy policy) => $"policy {QuotedText.Of(policy.Name)}, revision {policy.Revision[..ShownDigits]}";

    public static void Write(Utf8JsonWriter json, IReadOnlyList<Policy> policies)
    {
        json.WriteStartArray("policies");
        foreach (Policy policy in policies)
        {
            json.WriteStartObject();
            json.WriteString("name", policy.Name);
            json.WriteString("revision", policy.Revision);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Tells what came of an edit.</summary>
    public void Tell(PolicyReloadAttempt attempt)
    {
        TellFindings(attempt.Documents);
        if (attempt.Documents.Bundle is { } bundle && attempt.IsApplied)
        {
            string what = string.Join("; ", bundle.Policies.Select((policy, i) => $"`{_files[i]}` ({Describe(policy)})"));
            string whose = bundle.Grants is { } grants
                ? string.Create(CultureInfo.InvariantCulture, $"; `{_files[^1]}` ({grants.Count} grants)")
                : "";
            _report.Write("reloaded", $"In force now: {what}{whose}.", json =>
            {
                Write(json, bundle.Policies);
                WriteCount(json, bundle.Grants?.Count);
            });
            return;
        }

        // What stands in a document was told as its findings.
        string why = attempt.Documents.IsValid ? $" {attempt.Failure}" : "";
        string stays = attempt.Documents.Documents.Count > 1 && Source.Grants is not null
            ? "what was in force stays, whatever the edit revokes"
            : "what was in force stays";
        _report.Write("reload_rejected", $"The edit isn't taken, and {stays}.{why}", json =>
            json.WriteIfPresent("message", why.TrimStart()));
    }

    private static void WriteCount(Utf8JsonWriter json, int? grants)
    {
        if (grants is { } count)
        {
            json.WriteNumber("grants", count);
        }
    }

    private static DocumentSource SourceOf(string path)
    {
        try
        {
            return DocumentSource.FromFile(path);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw new CommandException($"`{PlainTable.OneLine(path)}` is no file's name.");
        }
    }

    private void TellFindings(PolicyBundleResult result)
    {
        for (int i = 0; i < result.Documents.Count; i++)
        {
            string file = _files[i];
            if (result.Documents[i].Failure is { } failure)
            {
                _report.Write("finding", failure, json =>
                {
                    json.WriteString("file", file);
                    json.WriteString("severity", DiagnosticSeverity.Error.ToWireString());
                    json.WriteString("message", failure);
                });
            }

            foreach (PolicyDiagnostic finding in result.Documents[i].Diagnostics)
            {
                _report.Write("finding", finding.ToString(file), json => Write(json, file, finding));
            }
        }
    }

    private static void Write(Utf8JsonWriter json, string file, PolicyDiagnostic finding)
    {
        json.WriteString("file", file);
        json.WriteString("id", finding.Id);
        json.WriteString("severity", finding.Severity.ToWireString());
        json.WriteString("pointer", finding.Pointer);
        json.WriteNumber("line", finding.Line);
        json.WriteNumber("column", finding.Column);
        json.WriteString("message", finding.Message);
        json.WriteIfPresent("help", finding.Help);
    }
}
