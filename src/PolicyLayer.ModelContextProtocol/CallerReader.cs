using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Finds out who calls, by the options: never from what the agent sends.</summary>
/// <param name="options">The options.</param>
/// <param name="isProcess">Whether the caller has this process to itself, as over standard input and output.</param>
/// <param name="logger">Where it says, once, that nothing says whose grant a caller uses.</param>
internal sealed class CallerReader(PolicyLayerMcpOptions options, bool isProcess, ILogger logger)
{
    // Another one for each process: a store that several share must not count them as one.
    private readonly string _process = RandomNumberGenerator.GetHexString(32, lowercase: true);

    private int _isTold;

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
        if (string.IsNullOrEmpty(grant))
        {
            TellOnce();
            return default;
        }

        return new Caller(true, grant, session, source);
    }

    // Without, a server whose host forgot authentication denies everybody in silence.
    private void TellOnce()
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
        {
            string why = options.Grant is null ? $"no verified claim `{options.GrantClaim}`, or several" : "nothing from `Grant`";
            McpLog.NoGrant(logger, why);
        }
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
