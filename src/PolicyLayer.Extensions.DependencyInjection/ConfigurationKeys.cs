using Microsoft.Extensions.Configuration;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>The keys that a section may have: the names of the options, in any case, as configurations have them.</summary>
internal static class ConfigurationKeys
{
    private const string List = nameof(PolicyLayerOptions.PolicyFiles);

    // Those that have a range, and those that have none.
    private static readonly string[] Known =
    [
        .. OptionRange.All.Select(range => range.Path.Replace('.', ':')),
        nameof(PolicyLayerOptions.PolicyFile),
        List,
        nameof(PolicyLayerOptions.GrantsFile),
        nameof(PolicyLayerOptions.Reload),
        nameof(PolicyLayerOptions.DefaultGrantId),
        "PolicyLoad:Name",
    ];

    /// <summary>The paths of all options, with colons: what the package's JSON schema has.</summary>
    public static IReadOnlyList<string> All => Known;

    /// <summary>What is no option, or none's value, each key in a sentence.</summary>
    public static IEnumerable<string> FindFaults(IConfiguration section) => FindFaults(section, "");

    private static IEnumerable<string> FindFaults(IConfiguration section, string above)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            string path = above + child.Key;
            bool isGroup = Known.Any(known => known.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase));
            if (isGroup && child.Value is null)
            {
                foreach (string fault in FindFaults(child, path + ":"))
                {
                    yield return fault;
                }
            }
            else if (!isGroup && !Known.Contains(path, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"The configuration's key `{child.Path}` is no option of `{nameof(PolicyLayerOptions)}`.{HelpFor(path)}";
            }
            else if (isGroup)
            {
                yield return $"The configuration's key `{child.Path}` must be an object.";
            }
            else if (path.Equals(List, StringComparison.OrdinalIgnoreCase))
            {
                foreach (string fault in FindListFaults(child))
                {
                    yield return fault;
                }
            }
            else if ((FaultOf(child, mayBeNull: true) ?? ConfigurationValues.FaultOf(child, path)) is { } fault)
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> FindListFaults(IConfigurationSection list)
    {
        // An empty list is an empty text in configurations.
        if (!string.IsNullOrEmpty(list.Value))
        {
            yield return $"The configuration's key `{list.Path}` must be a list of files.";
        }

        foreach (IConfigurationSection file in list.GetChildren())
        {
            if (FaultOf(file, mayBeNull: false) is { } fault)
            {
                yield return fault;
            }
        }
    }

    private static string? FaultOf(IConfigurationSection value, bool mayBeNull)
    {
        if (value.GetChildren().Any())
        {
            return $"The configuration's key `{value.Path}` must be a single value.";
        }

        return value.Value is "" || (value.Value is null && !mayBeNull)
            ? $"The configuration's key `{value.Path}` is empty. Help: give it a value, or leave it out."
            : null;
    }

    private static string HelpFor(string path)
    {
        string? near = Known.MinBy(known => Distance(known.ToUpperInvariant(), path.ToUpperInvariant()));
        return near is not null && Distance(near.ToUpperInvariant(), path.ToUpperInvariant()) <= Math.Max(1, path.Length / 4)
            ? $" Help: did you mean `{near}`?"
            : "";
    }

    /// <summary>How many letters are to be added, left out or put in another's place.</summary>
    private static int Distance(string from, string to)
    {
        // A key that is long beyond all options is near to none.
        if (Math.Abs(from.Length - to.Length) > from.Length)
        {
            return int.MaxValue;
        }

        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int above = row[j];
                int changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(changed, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[to.Length];
    }
}
