using System.Globalization;
using System.Text;
using System.Text.Json;
using PolicyLayer.Auditing;
using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Audit;

/// <summary>Says what the verifier found.</summary>
internal static class VerificationOutput
{
    public static void Write(AuditVerification found, bool asJson, CommandEnvironment environment)
    {
        if (asJson)
        {
            WriteJson(found, environment);
            return;
        }

        string counted = found.Records == 1 ? "1 record" : string.Create(CultureInfo.InvariantCulture, $"{found.Records} records");
        WriteLine(found.Fault is null ? $"Good: {counted}, head {found.Head}" : TextOf(found.Fault), environment);
    }

    public static void WriteHead(AuditVerification found, bool asJson, CommandEnvironment environment)
    {
        if (!asJson)
        {
            WriteLine(string.Create(CultureInfo.InvariantCulture, $"{found.Records} {found.Head}"), environment);
            return;
        }

        using var line = new JsonLine(environment.Output);
        Utf8JsonWriter json = line.Begin();
        json.WriteNumber("records", found.Records);
        json.WriteString("head", found.Head);
        line.End();
    }

    /// <summary>The first bad line and why, for a person.</summary>
    public static string TextOf(AuditLogFault fault)
    {
        string help = fault.Kind switch
        {
            AuditFaultKind.BeginsLater => " (`--after HASH`)",
            AuditFaultKind.KeysNeeded => $" (`--keys FILE`, or the variable {HostKeys.Variable})",
            _ => "",
        };
        return PlainTable.OneLine(fault + help);
    }

    private static void WriteJson(AuditVerification found, CommandEnvironment environment)
    {
        using var line = new JsonLine(environment.Output);
        Utf8JsonWriter json = line.Begin();
        json.WriteBoolean("ok", found.IsGood);
        json.WriteNumber("records", found.Records);
        json.WriteString("head", found.Head);
        if (found.Fault is { } fault)
        {
            json.WriteStartObject("fault");
            json.WriteString("file", fault.File);
            json.WriteNumber("line", fault.Line);
            if (fault.Sequence is { } sequence)
            {
                json.WriteNumber("sequence", sequence);
            }

            json.WriteString("reason", ReasonOf(fault.Kind));
            json.WriteEndObject();
        }

        line.End();
    }

    private static string ReasonOf(AuditFaultKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static void WriteLine(string text, CommandEnvironment environment)
    {
        environment.Output.Write(Encoding.UTF8.GetBytes(text + "\n"));
        environment.Output.Flush();
    }
}
