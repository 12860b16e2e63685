using System.Text;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>Names of hosts beside each other. Case doesn't count.</summary>
internal static class DomainName
{
    /// <summary>Whether a name has another at its end and at least one label before it.</summary>
    public static bool IsBelow(ReadOnlySpan<byte> name, ReadOnlySpan<byte> parent) =>
        name.Length > parent.Length + 1
        && name[^(parent.Length + 1)] == '.'
        && Ascii.EqualsIgnoreCase(name[^parent.Length..], parent);
}
