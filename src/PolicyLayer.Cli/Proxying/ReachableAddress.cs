using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli.Proxying;

/// <summary>What a person should know of an address that other machines may reach.</summary>
internal static class ReachableAddress
{
    /// <summary>What is open to whoever reaches it; nothing for an address of this machine alone.</summary>
    /// <param name="listen">The address.</param>
    /// <param name="callers">Who calls.</param>
    /// <param name="isEncrypted">Whether there is a certificate.</param>
    public static IEnumerable<string> WarningsOf(Uri listen, ProxyCallers callers, bool isEncrypted)
    {
        if (listen.IsLoopback)
        {
            yield break;
        }

        string address = listen.GetLeftPart(UriPartial.Authority);
        if (callers.GrantId is { } id)
        {
            yield return $"Whoever reaches {address} calls under the grant {QuotedText.Of(id)}, without a token. Help: name bearer tokens' "
                + "`--grants` in place of `--grant`, or listen at 127.0.0.1.";
        }

        if (!isEncrypted)
        {
            yield return $"Calls and tokens go to {address} unencrypted. Help: name a `--certificate`, or listen at 127.0.0.1 behind a "
                + "gateway that has one.";
        }
    }
}
