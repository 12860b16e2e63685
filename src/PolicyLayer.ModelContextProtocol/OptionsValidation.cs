using Microsoft.Extensions.Options;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Stops the host at its start where the guard couldn't do what the options say.</summary>
internal sealed class OptionsValidation(IServiceProvider services) : IValidateOptions<PolicyLayerMcpOptions>
{
    public ValidateOptionsResult Validate(string? name, PolicyLayerMcpOptions options)
    {
        string? failure = FindContention(options) ?? FindRange(options) ?? FindMissing(options);
        return failure is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failure);
    }

    private static string? FindContention(PolicyLayerMcpOptions options)
    {
        if (options.Grant is not null && options.GrantClaim is not null)
        {
            return $"`{nameof(options.Grant)}` and `{nameof(options.GrantClaim)}` both say whose grant a call uses. Help: leave one out.";
        }

        return options.Session is not null && options.SessionClaim is not null
            ? $"`{nameof(options.Session)}` and `{nameof(options.SessionClaim)}` both say a call's session. Help: leave one out."
            : null;
    }

    private static string? FindRange(PolicyLayerMcpOptions options)
    {
        if (options.MaxToolListAge < TimeSpan.Zero || options.MaxToolListAge > TimeSpan.FromDays(1))
        {
            return $"`{nameof(options.MaxToolListAge)}` must be from zero to 1 day.";
        }

        if (options.SessionSource is < SessionSource.Host or > SessionSource.Process)
        {
            return $"`{nameof(options.SessionSource)}` is no source of sessions.";
        }

        return options.InputWithin < TimeSpan.FromSeconds(1) || options.InputWithin > TimeSpan.FromDays(1)
            ? $"`{nameof(options.InputWithin)}` must be from 1 second to 1 day."
            : null;
    }

    private string? FindMissing(PolicyLayerMcpOptions options)
    {
        IToolCallAuthorizer authorizer;
        try
        {
            authorizer = ServerSetup.FindAuthorizer(services, options);
        }
        catch (InvalidOperationException e)
        {
            return $"There is no authorizer to judge calls: {e.Message} Help: `services.AddPolicyLayer(\"policy.json\")`.";
        }

        return options.Grant is not null || options.GrantClaim is not null || HasDefaultGrant(authorizer)
            ? null
            : $"Nothing says whose grant calls use. Help: set `{nameof(options.GrantClaim)}` or `{nameof(options.Grant)}`; or, where all "
                + "callers may share one, `DefaultGrantId` of `AddPolicyLayer`.";
    }

    private static bool HasDefaultGrant(IToolCallAuthorizer authorizer)
    {
        try
        {
            _ = authorizer.DescribeAsync("any").AsTask();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
