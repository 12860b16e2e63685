using System.Text.Json;

namespace PolicyLayer.Cli.Output;

internal sealed class JsonValidationOutput(CommandEnvironment environment) : IValidationOutput
{
    // The finding that says how many there are beside those that are listed.
    private const string MoreFindings = "PL2021";

    private readonly JsonLine _line = new(environment.Output);

    public void Write(string file, PolicyLoadResult result)
    {
        Utf8JsonWriter json = Begin(file, result.IsValid);
        _line.WriteIfPresent("name", result.Policy?.Name);
        _line.WriteIfPresent("revision", result.Policy?.Revision);
        json.WriteStartArray("diagnostics");
        foreach (PolicyDiagnostic finding in result.Diagnostics)
        {
            json.WriteStartObject();
            json.WriteString("id", finding.Id);
            json.WriteString("severity", finding.Severity.ToWireString());
            json.WriteString("pointer", finding.Pointer);
            json.WriteNumber("line", finding.Line);
            json.WriteNumber("column", finding.Column);
            json.WriteString("message", finding.Message);
            _line.WriteIfPresent("help", finding.Help);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (result.Diagnostics.Any(finding => finding.Id == MoreFindings))
        {
            json.WriteBoolean("cut", true);
        }

        _line.End();
    }

    public void WriteUnreadable(string file, UnreadableFileException fault)
    {
        environment.Error.WriteLine(fault.Message);
        Utf8JsonWriter json = Begin(file, isValid: false);
        json.WriteStartArray("diagnostics");
        json.WriteEndArray();
        json.WriteStartObject("fault");
        json.WriteString("code", fault.Code);
        json.WriteString("message", fault.Message);
        json.WriteEndObject();
        _line.End();
    }

    public void Dispose() => _line.Dispose();

    private Utf8JsonWriter Begin(string file, bool isValid)
    {
        Utf8JsonWriter json = _line.Begin();
        json.WriteString("file", file);
        json.WriteBoolean("valid", isValid);
        return json;
    }
}
