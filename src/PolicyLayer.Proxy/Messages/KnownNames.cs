using System.Collections.Frozen;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Proxy.Messages;

/// <summary>The members that an object has by the protocol: each stands there once, and none in another spelling that some reader may take for it.</summary>
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

            if (Likens(name) is { } known && known != name)
            {
                return MessageFault.Variant;
            }
        }

        return null;
    }

    /// <summary>How many members some reader takes for this one of the protocol's.</summary>
    public int CountOf(JsonValue parent, string known)
    {
        int count = 0;
        foreach (JsonValue.Property property in parent.EnumerateProperties())
        {
            count += Likens(Members.Decode(property.Name)) == known ? 1 : 0;
        }

        return count;
    }

    /// <summary>The name of the protocol that some reader takes this one for; null for none.</summary>
    private string? Likens(string name)
    {
        string read = LenientText.Bare(name);
        return read.Length <= _longest ? _names.GetValueOrDefault(NameFolding.Fold(read)) : null;
    }
}
