using PolicyLayer.Counters;

namespace PolicyLayer.Sqlite;

/// <summary>
/// Any text as SQLite holds it: its text has no lone surrogates and may end at a NUL, and two grants could become one. Written as in the
/// keys of counters.
/// </summary>
internal static class SqliteText
{
    private const int GrantPart = 3;

    private static readonly CounterDefinition OfGrant = new("", "", CounterScope.Grant, CounterWindowLength.FromSeconds(1));
    private static readonly string[] Parts = KeyOf("").Split('|');

    /// <summary>No two texts are written the same way.</summary>
    public static string Escape(string text) => KeyOf(text).Split('|')[GrantPart];

    /// <exception cref="SqliteStoreException">It isn't what <see cref="Escape"/> writes.</exception>
    public static string Unescape(string escaped)
    {
        string key = string.Join('|', Parts.Select((part, index) => index == GrantPart ? escaped : part));
        return CounterKey.TryParse(key, out CounterKey parsed) ? parsed.GrantId! : throw SqliteFailures.Damaged();
    }

    private static string KeyOf(string text) => new CounterKey(OfGrant, text, sessionId: null).ToString();
}
