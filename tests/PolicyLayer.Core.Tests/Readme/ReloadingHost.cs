using PolicyLayer;
using PolicyLayer.Grants;

internal sealed class ReloadingHost(ToolCallAuthorizer authorizer, PolicyReloader reloader) : IAsyncDisposable
{
    public ToolCallAuthorizer Authorizer => authorizer;

    /// <summary>Whether the documents as they are now are in force.</summary>
    public bool IsHealthy => reloader.LastAttempt?.IsApplied ?? true;

    public static ReloadingHost Start(string policyFile, string grantsFile, Action<string> log)
    {
        var source = new PolicyBundleSource(
            [new PolicySource(DocumentSource.FromFile(policyFile))], DocumentSource.FromFile(grantsFile));
        PolicyBundleResult loaded = source.Load();
        PolicyBundle bundle = loaded.Bundle ?? throw new InvalidDataException(loaded.ToString());
        var authorizer = new ToolCallAuthorizer(
            bundle.Policies, new ToolCallAuthorizerOptions { Grants = new GrantDirectory(bundle.Grants!) });
        return new ReloadingHost(authorizer, new PolicyReloader(authorizer, source, loaded, new PolicyReloaderOptions
        {
            Listener = attempt => log(attempt.IsApplied ? "Reloaded." : $"Kept what was in force. {attempt.Failure}"),
        }));
    }

    public ValueTask DisposeAsync() => reloader.DisposeAsync();
}
