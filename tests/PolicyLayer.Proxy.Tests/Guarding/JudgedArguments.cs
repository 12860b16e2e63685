using System.Reflection;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>The very bytes that were judged, which no host but a test needs.</summary>
internal static class JudgedArguments
{
    private static readonly FieldInfo Source = FieldOf("_source");
    private static readonly FieldInfo Start = FieldOf("_start");
    private static readonly FieldInfo Length = FieldOf("_length");

    /// <summary>The arguments' JSON; null for none.</summary>
    public static byte[]? Of(in ToolCall call) => TextOf(call.Arguments);

    /// <summary>The JSON of what was answered; null for nothing.</summary>
    public static byte[]? InputsOf(in ToolCall call) => TextOf(call.Inputs);

    private static byte[]? TextOf(object arguments) => Source.GetValue(arguments) is byte[] text
        ? text.AsSpan((int)Start.GetValue(arguments)!, (int)Length.GetValue(arguments)!).ToArray()
        : null;

    private static FieldInfo FieldOf(string name) => typeof(ToolArguments).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!;
}
