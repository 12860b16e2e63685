using System.Globalization;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>
/// What the keys of approvals are called. All of a prefix share a cluster slot. No key of a counter is the same: behind the hash tag, those
/// begin otherwise.
/// </summary>
internal sealed class RedisApprovalKeys
{
    private readonly string _own;

    public RedisApprovalKeys(string prefix)
    {
        string slot = prefix.Contains('{', StringComparison.Ordinal) ? prefix : $"{{{prefix}}}";
        string own = _own = string.Create(CultureInfo.InvariantCulture, $"{slot}approvals|v{RedisApprovalScripts.Version}|");
        Version = $"{slot}approvals|version";
        All = [Version, own + "records", own + "index", own + "next", own + "earliest", own + "bytes", own + "content|"];
    }

    /// <summary>The key of the version. Every later version must look for it too.</summary>
    public string Version { get; }

    /// <summary>What the scripts call their keys by; the last one is what the keys of contents begin with.</summary>
    public RedisKey[] All { get; }

    /// <summary>The key of what is known of each approval.</summary>
    public string Records => _own + "records";

    /// <summary>The key of a content, which expires with the approval.</summary>
    public string ContentOf(string id) => $"{_own}content|{RedisText.Encode(id)}";
}
