using PolicyLayer.Grants;

namespace PolicyLayer.Cli.Grants;

/// <summary>Who may call in one run, and whom the run itself revoked: in memory alone.</summary>
/// <param name="Resolver">What calls are judged with.</param>
/// <param name="Revoke">Revokes a grant for the rest of the run; false when there is none of the id.</param>
internal sealed record RunGrants(IGrantResolver Resolver, Func<string, bool> Revoke)
{
    /// <summary>Those of a file, or everybody.</summary>
    /// <param name="file">The file of grants; null where every id is known.</param>
    /// <param name="policies">The run's policies, which grants may name.</param>
    /// <param name="environment">Where findings go.</param>
    /// <exception cref="CommandException">The file can't be read, or has an error.</exception>
    public static RunGrants Open(string? file, IReadOnlyList<Policy> policies, CommandEnvironment environment)
    {
        if (file is null)
        {
            var everybody = new EveryGrant();
            return new RunGrants(everybody, everybody.Revoke);
        }

        var options = new GrantLoadOptions { PolicyNames = [.. policies.Select(policy => policy.Name)] };
        var directory = new GrantDirectory(GrantsFile.Read(file, options, environment));
        return new RunGrants(directory, directory.Revoke);
    }
}
