using System.Globalization;
using System.Text;
using PolicyLayer.Counters;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>What the keys of counters are called. All of one policy share a cluster slot.</summary>
internal sealed class RedisKeys(string prefix)
{
    private static readonly string Version = string.Create(CultureInfo.InvariantCulture, $"v{RedisScripts.Version}|");

    private bool HasTag => prefix.Contains('{', StringComparison.Ordinal);

    /// <summary>What the keys of all counters match.</summary>
    public string Pattern => HasTag ? $"{Escape(prefix)}{Version}*" : $"{{{Escape(prefix)}*}}:{Version}*";

    /// <summary>What a policy's clock holds.</summary>
    public static string ClockValue(long unixMilliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{RedisScripts.Version}:{unixMilliseconds}");

    /// <summary>The key of a policy's clock.</summary>
    public string ClockKey(string policyName) => Slot(policyName) + "clock";

    /// <summary>A counter's key.</summary>
    public string KeyOf(CounterKey key) => $"{Slot(key.Definition.PolicyName)}{Version}{key}";

    /// <summary>
    /// The key of what a grant holds of a policy's counters for values. The key of a counter has more bars, and the policy and the grant
    /// as text that no other has.
    /// </summary>
    public string HoldersKey(string policyName, string grantId)
    {
        var ofGrant = new CounterDefinition(policyName, "", CounterScope.Grant, CounterWindowLength.FromSeconds(1));
        string[] parts = new CounterKey(ofGrant, grantId, sessionId: null).ToString().Split('|');
        return $"{Slot(policyName)}{Version}holders|{parts[0]}|{parts[3]}";
    }

    /// <summary>Reads a counter's key back.</summary>
    public bool TryParse(RedisKey text, out CounterKey key)
    {
        string all = text.ToString();
        for (int i = all.IndexOf(Version, StringComparison.Ordinal); i >= 0; i = all.IndexOf(Version, i + 1, StringComparison.Ordinal))
        {
            // A policy's name may have anything in it: the one place is right from which the same key is written.
            if (CounterKey.TryParse(all[(i + Version.Length)..], out key) && KeyOf(key) == text)
            {
                return true;
            }
        }

        key = default;
        return false;
    }

    private string Slot(string policyName) => HasTag ? prefix : $"{{{prefix}{policyName}}}:";

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text)
        {
            escaped.Append(c is '*' or '?' or '[' or ']' or '^' or '\\' ? "\\" : "").Append(c);
        }

        return escaped.ToString();
    }
}
