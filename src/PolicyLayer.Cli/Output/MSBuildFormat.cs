using System.Globalization;

namespace PolicyLayer.Cli.Output;

/// <summary>The canonical form of MSBuild and Visual Studio: <c>FILE(LINE,COL): error PL1102: message</c>.</summary>
internal sealed class MSBuildFormat : IFindingFormat
{
    public string Of(string file, PolicyDiagnostic finding) => PlainTable.OneLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{file}({finding.Line},{finding.Column}): {finding.Severity.ToWireString()} {finding.Id}: {FindingText.Of(finding)}"));

    public string Of(string file, string message) => PlainTable.OneLine($"{file}: error : {message}");
}
