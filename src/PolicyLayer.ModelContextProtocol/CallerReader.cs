using System.Security.Claims;
using System.Security.Cryptography;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Finds out who calls, by the options: never from what the agent sends.</summary>
/// <param name="options">The options.</param>
/// <param name="isProcess">Whether the caller has this process to itself, as over standard input and output.</param>
internal sealed class CallerReader(PolicyLayerMcpOptions options, bool isProcess)
{
    // Another one for each process: a store that several share must not count them as one.
    private readonly string _process = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Finds out who calls.</summary>
    /// <param name="context">The request as it came.</param>
    public Caller Read(MessageContext context)
    {
        (string? session, SessionSource source) = SessionOf(context);
        if (options.Grant is null && options.GrantClaim is null)
        {
            return new Caller(true, null, session, source);
        }

        string? grant = options.Grant is null ? ClaimOf(context.User, options.GrantClaim!) : options.Grant(context);
        return string.IsNullOrEmpty(grant) ? default : new Caller(true, grant, session, source);
    }

    private (string? Id, SessionSource Source) SessionOf(MessageContext context)
    {
        if (options.Session is not null)
        {
            return (options.Session(context), options.SessionSource);
        }

        if (options.SessionClaim is not null)
        {
            return (ClaimOf(context.User, options.SessionClaim), SessionSource.Claim);
        }

        if (context.Server.SessionId is { } id)
        {
            return (id, SessionSource.McpSession);
        }

        // What came over a request of its own isn't the process's one caller.
        return isProcess && context.JsonRpcMessage.Context?.RelatedTransport is null
            ? (_process, SessionSource.Process)
            : (null, SessionSource.Host);
    }

    /// <summary>The one value that authenticated identities have; null for none, or several.</summary>
    private static string? ClaimOf(ClaimsPrincipal? user, string type)
    {
        string? found = null;
        foreach (ClaimsIdentity identity in user?.Identities ?? [])
        {
            if (!identity.IsAuthenticated)
            {
                continue;
            }

            foreach (Claim claim in identity.FindAll(type))
            {
                if (found is not null && found != claim.Value)
                {
                    return null;
                }

                found = claim.Value;
            }
        }

        return found;
    }
}
