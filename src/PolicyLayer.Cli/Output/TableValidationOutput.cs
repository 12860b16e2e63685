using System.Globalization;

namespace PolicyLayer.Cli.Output;

/// <summary>A row a file, its path last as it may be long; what was found in it goes to standard error.</summary>
internal sealed class TableValidationOutput(CommandEnvironment environment) : IValidationOutput
{
    private readonly PlainTable _table =
        new("valid", "errors", "warnings", "revision", "name", "file") { LastStandsOut = true };

    public void Write(string file, PolicyLoadResult result)
    {
        DocumentFile.WriteDiagnostics(result.Diagnostics, file, environment.Error);
        int errors = result.Diagnostics.Count(finding => finding.Severity == DiagnosticSeverity.Error);
        _table.AddRow(
            PlainTable.Cell(result.IsValid ? "yes" : "no", result.IsValid),
            PlainTable.Cell(errors.ToString(CultureInfo.InvariantCulture)),
            PlainTable.Cell((result.Diagnostics.Count - errors).ToString(CultureInfo.InvariantCulture)),
            PlainTable.Cell(result.Policy?.Revision[..12]),
            PlainTable.Cell(result.Policy?.Name),
            PlainTable.Cell(file));
    }

    public void WriteUnreadable(string file, UnreadableFileException fault) => environment.Error.WriteLine(fault.Message);

    public void Dispose()
    {
        if (_table.Rows > 0)
        {
            _table.Write(environment);
        }
    }
}
