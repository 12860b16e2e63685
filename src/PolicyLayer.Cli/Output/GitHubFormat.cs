using System.Globalization;

namespace PolicyLayer.Cli.Output;

/// <summary>Annotations of GitHub's workflows: <c>::error file=FILE,line=LINE,col=COL,title=PL1102::message</c>.</summary>
internal sealed class GitHubFormat : IFindingFormat
{
    public string Of(string file, PolicyDiagnostic finding)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"line={finding.Line},col={finding.Column}");
        return $"::{finding.Severity.ToWireString()} file={Property(file)},{place},title={finding.Id}::{Data(FindingText.Of(finding))}";
    }

    public string Of(string file, string message) => $"::error file={Property(file)}::{Data(message)}";

    private static string Data(string text) => PlainTable.OneLine(text).Replace("%", "%25", StringComparison.Ordinal);

    private static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}
