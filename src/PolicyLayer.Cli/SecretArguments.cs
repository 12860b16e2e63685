using PolicyLayer.Cli.Stores;

namespace PolicyLayer.Cli;

/// <summary>
/// Arguments that hold a password or a key, wherever they stand: a message would quote them under a misspelt option, or where a file
/// belongs.
/// </summary>
internal static class SecretArguments
{
    private static readonly string[] Settings = ["password=", "passwd=", "pwd="];

    public static bool Holds(string argument)
    {
        string text = WithoutOption(argument).TrimStart();
        if (IsJson(text))
        {
            return false;
        }

        if (IsForRedis(text))
        {
            return RedisAddress.Parse(text) is null;
        }

        int start = text.IndexOf("://", StringComparison.Ordinal);
        return (start >= 0 && HasPassword(text.AsSpan(start + 3)))
            || Array.Exists(Settings, setting => text.Contains(setting, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether it is a key's text, where the name of its file belongs.</summary>
    public static bool HoldsKey(string argument) =>
        !IsJson(WithoutOption(argument).TrimStart()) && argument.Contains("-----BEGIN ", StringComparison.Ordinal);

    // A call's arguments are judged, not printed, and may be about any address.
    private static bool IsJson(string text) => text.StartsWith('{') || text.StartsWith('[') || text.StartsWith('"');

    private static bool IsForRedis(string text) =>
        text.StartsWith("redis:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("rediss:", StringComparison.OrdinalIgnoreCase);

    /// <summary>A colon before the last at sign; whatever stands between is no matter, for passwords hold anything.</summary>
    private static bool HasPassword(ReadOnlySpan<char> authority)
    {
        int at = authority.LastIndexOf('@');
        return at >= 0 && authority[..at].Contains(':');
    }

    /// <summary>The value of <c>--option=value</c> or <c>--option:value</c>.</summary>
    private static string WithoutOption(string argument)
    {
        int end = argument.StartsWith('-') ? argument.AsSpan().IndexOfAny('=', ':') : -1;
        return argument[(end + 1)..];
    }
}
