using PolicyLayer.Json.Values;

namespace PolicyLayer.Proxy.Messages;

/// <summary>The methods that the proxy goes by. All others pass.</summary>
internal static class Methods
{
    public const string ToolsCall = "tools/call";
    public const string ToolsList = "tools/list";
    public const string Initialize = "initialize";
    public const string Initialized = "notifications/initialized";
    public const string Cancelled = "notifications/cancelled";
    public const string ListChanged = "notifications/tools/list_changed";
    public const string Acknowledged = "notifications/subscriptions/acknowledged";
    public const string Listen = "subscriptions/listen";
    public const string Progress = "notifications/progress";

    private static readonly string[] Guarded = [ToolsCall, ToolsList];

    /// <summary>Whether a lenient reader may take a method for one that is guarded, which it isn't.</summary>
    public static bool IsMisspelt(string method)
    {
        foreach (string guarded in Guarded)
        {
            if (method != guarded && NameFolding.Fold(LenientText.Bare(method)) == guarded)
            {
                return true;
            }
        }

        return false;
    }
}
