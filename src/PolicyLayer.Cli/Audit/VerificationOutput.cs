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
        WriteLine(found.Fault is { } fault ? TextOf(found, fault) : $"Good: {counted}{SignedText(found)}, head {found.Head}", environment);
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
    public static string TextOf(AuditVerification found, AuditLogFault fault) => TextOf(fault, MessageOf(found, fault));

    /// <summary>Where a fault is, where it is in a line, and a message.</summary>
    public static string TextOf(AuditLogFault fault, string message)
    {
        string line = fault.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"({fault.Line})");
        return PlainTable.OneLine($"{fault.File}{line}: {message}");
    }

    // The library's help, which is the end of its message, and how it is done with the tool.
    private static string MessageOf(AuditVerification found, AuditLogFault fault)
    {
        string? how = fault.Kind switch
        {
            AuditFaultKind.BeginsLater => "`--after HASH`",
            AuditFaultKind.KeysNeeded => $"`--keys FILE`, or the variable {HostKeys.Variable}",
            AuditFaultKind.SequenceNotNext when found.Records == 0 && fault.Sequence == 1 => "leave `--after` out",
            _ => null,
        };
        return how is null ? fault.Message : $"{fault.Message.TrimEnd('.')} ({how}).";
    }

    private static void WriteJson(AuditVerification found, CommandEnvironment environment)
    {
        using var line = new JsonLine(environment.Output);
        Utf8JsonWriter json = line.Begin();
        json.WriteBoolean("ok", found.IsGood);
        json.WriteNumber("records", found.Records);
        json.WriteString("head", found.Head);
        if (found.Signed is { } signed)
        {
            json.WriteNumber("signed", signed);
        }

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
            json.WriteString("message", MessageOf(found, fault));
            json.WriteEndObject();
        }

        line.End();
    }

    private static string SignedText(AuditVerification found)
    {
        if (found.Signed is not { } signed)
        {
            return "";
        }

        return signed == found.LastSequence
            ? ", all signed"
            : string.Create(CultureInfo.InvariantCulture, $", signed up to number {signed}");
    }

    private static string ReasonOf(AuditFaultKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static void WriteLine(string text, CommandEnvironment environment)
    {
        environment.Output.Write(Encoding.UTF8.GetBytes(text + "\n"));
        environment.Output.Flush();
    }
}
