using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyLayer.Cli.Stores;

/// <summary>A Redis server as the line names it, <c>redis://[USER@]HOST:PORT</c> or <c>rediss://…</c>, and nothing beyond.</summary>
internal sealed partial record RedisAddress(string Host, int Port, string? User, bool UsesTls)
{
    /// <summary>Where the password comes from. Every process of the machine can read arguments, and histories keep them.</summary>
    public const string PasswordVariable = "POLICYLAYER_REDIS_PASSWORD";

    /// <summary>What may be printed.</summary>
    public string Server => $"{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads an address; null when the text is none.</summary>
    public static RedisAddress? Parse(string text)
    {
        Match match = Grammar().Match(text);
        return match.Success && ushort.TryParse(match.Groups["port"].Value, CultureInfo.InvariantCulture, out ushort port) && port > 0
            ? new RedisAddress(
                match.Groups["host"].Value,
                port,
                match.Groups["user"] is { Success: true, Value: var user } ? Uri.UnescapeDataString(user) : null,
                match.Groups["tls"].Success)
            : null;
    }

    // INVARIANT: no place for a password, which a server would take or a message quote.
    [GeneratedRegex(
        @"\Aredis(?<tls>s)?://((?<user>[^@:/?#,=\s]+)@)?(?<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?<port>[0-9]{1,5})/?\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
