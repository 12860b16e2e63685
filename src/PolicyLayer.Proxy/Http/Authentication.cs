using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using PolicyLayer.Grants;

namespace PolicyLayer.Proxy.Http;

/// <summary>Finds the grant that a request's bearer token names. Safe for any number of threads.</summary>
internal sealed class Authentication(HttpSettings settings, ILogger logger)
{
    private const int MaxTokenLength = 4096;
    private const int MaxSessionLength = 256;
    private const string Scheme = "Bearer ";
    private const string InvalidToken = "Bearer error=\"invalid_token\"";

    private readonly FailedAttempts _attempts = new(settings.Guard.TimeProvider);

    /// <summary>Who sends a request; null where it was answered with a refusal.</summary>
    public async ValueTask<Identity?> IdentifyAsync(HttpContext context)
    {
        string? grantId = settings.Guard.GrantId;
        string? tokenSha256 = null;
        if (grantId is null)
        {
            Grant? grant = await FindGrantAsync(context).ConfigureAwait(false);
            (grantId, tokenSha256) = (grant?.Id, grant?.TokenSha256);
        }

        if (grantId is null || settings.SessionHeader is not { } header)
        {
            return grantId is null ? null : new Identity(grantId, false, null, tokenSha256);
        }

        StringValues sessions = context.Request.Headers[header];
        if (sessions.Count > 1 || (sessions.Count == 1 && !HeaderText.IsVisible(sessions[0]!, MaxSessionLength)))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return null;
        }

        return new Identity(grantId, true, sessions.Count == 1 ? sessions[0] : null, tokenSha256);
    }

    private async ValueTask<Grant?> FindGrantAsync(HttpContext context)
    {
        // Whoever tries tokens slows down nobody of the same address who has one.
        string? token = TokenOf(context.Request.Headers.Authorization);
        Grant? grant = token is null ? null : settings.Grants!.FindByToken(token);
        if (grant is not null && settings.IsInForce(grant))
        {
            return grant;
        }

        Reply.Leave(context);
        IPAddress? address = context.Connection.RemoteIpAddress;
        if (_attempts.IsBlocked(address))
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "1";
            Tell(address, "slowed", "Too many attempts of its address failed.");
            return null;
        }

        (string word, string reason) = (token, grant) switch
        {
            (null, _) => ("missing", "It has no bearer token."),
            (_, null) => ("unknown", "Its token names no grant."),
            _ => ("not_in_force", "Its grant isn't in force."),
        };
        Tell(address, word, reason);
        if (token is not null && grant is null)
        {
            await _attempts.FailAsync(address, context.RequestAborted).ConfigureAwait(false);
        }

        // Whether a token was good once is nobody's business.
        context.Response.Headers.WWWAuthenticate = token is null ? "Bearer" : InvalidToken;
        await Reply.RefusalAsync(context.Response, StatusCodes.Status401Unauthorized, "It needs the bearer token of a grant in force.")
            .ConfigureAwait(false);
        return null;
    }

    private void Tell(IPAddress? address, string word, string reason)
    {
        HttpInstruments.CountFailure(word);
        HttpLog.NotAdmitted(logger, address?.ToString() ?? "nowhere", reason);
    }

    private static string? TokenOf(StringValues headers)
    {
        if (headers.Count != 1 || headers[0] is not { } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string token = header[Scheme.Length..].Trim(' ');
        return HeaderText.IsVisible(token, MaxTokenLength) && !token.Contains(',', StringComparison.Ordinal) ? token : null;
    }
}
