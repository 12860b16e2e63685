using System.Collections.Frozen;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Proxy.Messages;

/// <summary>The members that an object has by the protocol: each stands there once, and none is written in another case.</summary>
internal sealed class KnownNames
{
    /// <summary>For an object whose members are anybody's.</summary>
    public static readonly KnownNames None = new();

    private readonly FrozenDictionary<string, string> _names;
    private readonly int _longest;

    public KnownNames(params string[] names)
    {
        _names = names.ToFrozenDictionary(NameFolding.Fold, StringComparer.Ordinal);
        _longest = names.Length == 0 ? 0 : names.Max(name => name.Length);
    }

    /// <summary>What is wrong with an object's names; null for nothing, or for what is no object.</summary>
    public MessageFault? FaultOf(JsonValue parent)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonValue.Property property in parent.EnumerateProperties())
        {
            string name = Members.Decode(property.Name);
            if (!seen.Add(name))
            {
                return MessageFault.Duplicate;
            }

            if (name.Length <= _longest && _names.TryGetValue(NameFolding.Fold(name), out string? known) && known != name)
            {
                return MessageFault.Variant;
            }
        }

        return null;
    }
}
