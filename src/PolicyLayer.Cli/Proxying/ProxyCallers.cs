using System.Globalization;
using System.Text.Json;
using PolicyLayer.Cli.Commands;
using PolicyLayer.Cli.Output;
using PolicyLayer.Grants;

namespace PolicyLayer.Cli.Proxying;

/// <summary>Who calls through a proxy.</summary>
/// <param name="Directory">The grants; null where there are none, and every id is known.</param>
/// <param name="GrantId">Whose grant all calls use; null where bearer tokens name it.</param>
/// <param name="File">The file of the grants; null where there are none.</param>
internal sealed record ProxyCallers(GrantDirectory? Directory, string? GrantId, string? File)
{
    private const string DefaultGrant = "default";

    /// <param name="options">What the person said.</param>
    /// <param name="grants">The grants of the file; null where none is named.</param>
    /// <param name="time">By which they expire.</param>
    /// <exception cref="CommandException">All calls would use a grant that isn't in force.</exception>
    public static ProxyCallers Of(ProxyOptions options, IReadOnlyList<Grant>? grants, TimeProvider time)
    {
        string? id = options.Grant ?? (options.Http is null ? DefaultGrant : null);
        var callers = new ProxyCallers(grants is null ? null : new GrantDirectory(grants), id, options.Grants);
        if (id is not null && callers.Directory is { } directory && FindObstacle(directory.Find(id), time.GetUtcNow()) is { } obstacle)
        {
            string file = PlainTable.OneLine(options.Grants!);
            string help = options.Grant is null
                ? "name the caller's grant by `--grant ID`"
                : $"`policylayer grant list --grants {file}` shows those that are";
            throw new CommandException($"The grant {QuotedText.Of(id)} {obstacle} `{file}`. Help: {help}.");
        }

        return callers;
    }

    /// <summary>For whom, as a person reads it.</summary>
    public string Describe()
    {
        if (GrantId is { } id)
        {
            return $"grant {QuotedText.Of(id)}";
        }

        int count = Directory!.Grants.Count;
        return string.Create(
            CultureInfo.InvariantCulture, $"bearer tokens of `{File}`, {count} {(count == 1 ? "grant" : "grants")}");
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteIfPresent("grant", GrantId);
        if (GrantId is null)
        {
            json.WriteNumber("grants", Directory!.Grants.Count);
        }
    }

    private static string? FindObstacle(Grant? grant, DateTimeOffset now)
    {
        if (grant is null)
        {
            return "isn't in";
        }

        if (grant.IsRevoked)
        {
            return "is revoked in";
        }

        return grant.Expires <= now ? "has expired in" : null;
    }
}
