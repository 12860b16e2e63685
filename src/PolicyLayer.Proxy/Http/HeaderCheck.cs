using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>
/// Holds the headers that repeat a message to the message: whoever stands between may route by the former, and the server runs the latter.
/// </summary>
internal sealed class HeaderCheck(ParameterHeaders parameters)
{
    public const int HeaderMismatch = -32020;

    /// <summary>What is wrong with the headers of a message; null for nothing.</summary>
    public MessageFault? FaultOf(IHeaderDictionary headers, JsonRpcMessage message)
    {
        foreach ((string name, StringValues values) in headers)
        {
            if (values.Count > 1 && IsSingle(name))
            {
                return new MessageFault(HeaderMismatch, $"Header mismatch: {KnownName(name)} stands there twice.");
            }
        }

        bool mustRepeat = message.Kind == MessageKind.Request && IsStateless(headers, message);
        return FaultOf(headers, HeaderNames.ProtocolVersion, RequestRevision.Of(message), mustRepeat, isWrapped: false)
            ?? FaultOf(headers, HeaderNames.Method, message.Method, mustRepeat, isWrapped: false)
            ?? FaultOfName(headers, message, mustRepeat)
            ?? FaultOfParameters(headers, message, mustRepeat);
    }

    /// <summary>Whether a message is of a revision without sessions, by what it says itself or by its header.</summary>
    public static bool IsStateless(IHeaderDictionary headers, JsonRpcMessage message) =>
        RequestRevision.IsStateless(message) || RequestRevision.IsStateless(headers[HeaderNames.ProtocolVersion]);

    /// <summary>What <c>Mcp-Name</c> repeats; null where the message's kind has no such header.</summary>
    public static string? NameMember(JsonRpcMessage message) => message.Method switch
    {
        Methods.ToolsCall or "prompts/get" => "name",
        "resources/read" => "uri",
        "tasks/get" or "tasks/update" or "tasks/cancel" or "tasks/result" => "taskId",
        _ => null,
    };

    private static bool IsSingle(string name) =>
        name.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase) || name.Equals(HeaderNames.LastEvent, StringComparison.OrdinalIgnoreCase);

    // A header's name is the caller's word, but for those of the protocol.
    private static string KnownName(string name) =>
        name.StartsWith(HeaderNames.ParameterPrefix, StringComparison.OrdinalIgnoreCase) ? $"{HeaderNames.ParameterPrefix}*" : name;

    private static MessageFault? FaultOf(
        IHeaderDictionary headers, string name, string? value, bool isRequired, bool isWrapped)
    {
        if (headers[name] is not [{ } header])
        {
            return isRequired && value is not null ? Missing(name) : null;
        }

        // The version is of the connection where the message doesn't say its own.
        if (value is null && name == HeaderNames.ProtocolVersion)
        {
            return null;
        }

        return (isWrapped ? HeaderText.Decode(header) : header) == value ? null : Differs(name);
    }

    private static MessageFault? FaultOfName(IHeaderDictionary headers, JsonRpcMessage message, bool mustRepeat) =>
        NameMember(message) is { } member
            ? FaultOf(
                headers, HeaderNames.Name, Members.FindText(message.Body, Encoding.ASCII.GetBytes(member)), mustRepeat, isWrapped: true)
            : null;

    private MessageFault? FaultOfParameters(IHeaderDictionary headers, JsonRpcMessage message, bool mustRepeat)
    {
        if (message.Method != Methods.ToolsCall || Members.FindText(message.Body, "name"u8) is not { } tool)
        {
            return null;
        }

        foreach (ParameterHeader parameter in parameters.Of(tool))
        {
            bool isThere = Find(message, parameter.Path, out JsonValue value);
            if (headers[parameter.Header] is [{ } header])
            {
                if (!isThere || HeaderText.Decode(header) is not { } text || !ArgumentText.Agrees(text, value))
                {
                    return Differs(parameter.Header);
                }
            }
            else if (isThere && mustRepeat)
            {
                return Missing(parameter.Header);
            }
        }

        return null;
    }

    private static bool Find(JsonRpcMessage message, IReadOnlyList<byte[]> path, out JsonValue value)
    {
        if (!Members.Find(message.Body, "arguments"u8, out value))
        {
            return false;
        }

        foreach (byte[] name in path)
        {
            if (!Members.Find(value, name, out value))
            {
                return false;
            }
        }

        return value.Kind != JsonKind.Null;
    }

    private static MessageFault Missing(string name) => new(HeaderMismatch, $"Header mismatch: {name} is missing.");

    private static MessageFault Differs(string name) => new(HeaderMismatch, $"Header mismatch: {name} isn't what the body says.");
}
