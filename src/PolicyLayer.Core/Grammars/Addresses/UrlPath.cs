using System.Buffers;
using System.Text;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>The path of a URL, up to <c>?</c> or <c>#</c>.</summary>
internal static class UrlPath
{
    /// <summary>
    /// What RFC 3986 lets stand in a path as itself, without <c>;</c>, behind which some readers find parameters. Braces and brackets
    /// aren't among it: curl makes several paths of one that has them.
    /// </summary>
    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@/"u8);

    /// <summary>Why two readers could take a path for two places; null where they can't.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> path)
    {
        if (path.ContainsAnyExcept(PlainBytes))
        {
            return "a path has only letters, digits and `-._~!$&'()*+,=:@`";
        }

        if (path.IsEmpty)
        {
            return null;
        }

        ReadOnlySpan<byte> steps = path[1..];
        foreach (Range range in steps.Split((byte)'/'))
        {
            bool isEmpty = steps[range].IsEmpty;
            if (!isEmpty && !steps[range].ContainsAnyExcept((byte)'.'))
            {
                return "a step of dots is taken out by some readers";
            }

            if (isEmpty && range.End.Value != steps.Length)
            {
                return "an empty step is taken out by some readers";
            }
        }

        return null;
    }

    /// <summary>Whether a path without a problem is a directory or lies in it; near but for case.</summary>
    public static Nearness Compare(ReadOnlySpan<byte> path, ReadOnlySpan<byte> directory)
    {
        ReadOnlySpan<byte> wanted = directory.TrimEnd((byte)'/');
        if (path.Length < wanted.Length || (path.Length > wanted.Length && path[wanted.Length] != '/'))
        {
            return Nearness.Apart;
        }

        ReadOnlySpan<byte> start = path[..wanted.Length];
        if (start.SequenceEqual(wanted))
        {
            return Nearness.Match;
        }

        return Ascii.EqualsIgnoreCase(start, wanted) ? Nearness.Near : Nearness.Apart;
    }
}
