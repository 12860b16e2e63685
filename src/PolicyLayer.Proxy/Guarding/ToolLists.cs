using System.Globalization;
using System.Text;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>
/// Takes out of lists of tools what the caller isn't shown by the policy in force. Whatever result has an array <c>tools</c> is one: the id
/// that it answers may be confused. All else stays byte for byte.
/// </summary>
internal sealed class ToolLists(IToolCallAuthorizer authorizer, McpProxyOptions options, OutputSchemas schemas)
{
    private static readonly ReadOnlyMemory<byte> Private = "\"private\""u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Zero = "0"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> PrivateMember = "\"cacheScope\":\"private\","u8.ToArray();

    /// <summary>Told of each tool that a caller is shown: its name, and it as it was listed. None by default.</summary>
    public Action<string, ReadOnlyMemory<byte>>? Shown { get; set; }

    /// <summary>Whether a caller is shown a tool, if the server has it; not where that can't be found out.</summary>
    public async ValueTask<bool> HasAsync(string tool, Caller caller, CancellationToken cancellationToken)
    {
        ToolAvailability availability;
        try
        {
            availability = await authorizer.DescribeAsync(tool, caller.GrantId, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        return availability != ToolAvailability.Hidden && (availability != ToolAvailability.Never || !options.HidesUncallable);
    }

    /// <summary>Whether a response is a list of tools.</summary>
    public static bool IsList(JsonRpcMessage response) =>
        Members.Find(response.Body, "tools"u8, out JsonValue tools) && tools.Kind == JsonKind.Array;

    /// <summary>Takes out of a list what the caller isn't shown.</summary>
    /// <param name="response">The list.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="isCached">Whether the request's revision has clients keep lists.</param>
    /// <param name="edits">Takes the changes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask FilterAsync(
        JsonRpcMessage response, Caller caller, bool isCached, TextEdits edits, CancellationToken cancellationToken)
    {
        List<ListedTool> tools = ToolsOf(response);
        var isHidden = new bool[tools.Count];
        for (int i = 0; i < tools.Count; i++)
        {
            isHidden[i] = tools[i].Name is not { } name || !await HasAsync(name, caller, cancellationToken).ConfigureAwait(false);
            if (!isHidden[i])
            {
                schemas.Learn(tools[i].Name!, tools[i].HasOutputSchema);
                Shown?.Invoke(tools[i].Name!, response.Text.Slice(tools[i].Place.Start, tools[i].Place.Length));
            }
        }

        edits.Take([.. tools.Select(tool => tool.Place)], i => isHidden[i]);
        KeepPrivate(response, isCached, edits);
        ClampAge(response, edits);
    }

    private static List<ListedTool> ToolsOf(JsonRpcMessage response)
    {
        List<ListedTool> listed = [];
        Members.Find(response.Body, "tools"u8, out JsonValue tools);
        foreach (JsonValue tool in tools.EnumerateElements())
        {
            // Of two names, or one that only some readers see, nobody knows which tool is meant.
            string? name = ListedTool.Names.FaultOf(tool) is null ? ToolName.Of(response, tool) : null;
            bool hasSchema = Members.Find(tool, "outputSchema"u8, out JsonValue schema) && schema.Kind != JsonKind.Null;
            listed.Add(new ListedTool(name, hasSchema, response.PlaceOf(tool)));
        }

        return listed;
    }

    private static void KeepPrivate(JsonRpcMessage response, bool isCached, TextEdits edits)
    {
        JsonValue result = response.Body;
        if (Members.Find(result, "cacheScope"u8, out JsonValue scope))
        {
            if (!scope.Raw.SequenceEqual(Private.Span))
            {
                edits.Replace(response.PlaceOf(scope), Private);
            }
        }
        else if (isCached)
        {
            edits.Insert(response.PlaceOf(result).Start + 1, PrivateMember);
        }
    }

    private void ClampAge(JsonRpcMessage response, TextEdits edits)
    {
        if (!Members.Find(response.Body, "ttlMs"u8, out JsonValue age))
        {
            return;
        }

        if (age.Kind != JsonKind.Number)
        {
            // A reader that isn't strict may take it for any number.
            edits.Replace(response.PlaceOf(age), Zero);
        }
        else if (double.Parse(age.Raw, CultureInfo.InvariantCulture) > options.MaxToolListAge.TotalMilliseconds)
        {
            long most = (long)options.MaxToolListAge.TotalMilliseconds;
            edits.Replace(response.PlaceOf(age), Encoding.ASCII.GetBytes(most.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
