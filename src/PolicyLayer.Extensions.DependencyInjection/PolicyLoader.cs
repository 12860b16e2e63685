using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Loads the policy as part of validating the options, once: options may be validated several times in one host.</summary>
internal sealed class PolicyLoader(PolicyLayerRegistrations registrations, ILoggerFactory? loggers) : IValidateOptions<PolicyLayerOptions>
{
    private readonly ILogger _logger = (ILogger?)loggers?.CreateLogger("PolicyLayer") ?? NullLogger.Instance;
    private readonly Lock _lock = new();
    private Policy? _policy;

    /// <summary>The policy, once the options are valid.</summary>
    public Policy Policy => Volatile.Read(ref _policy) ?? throw new InvalidOperationException("The options haven't been validated.");

    public ValidateOptionsResult Validate(string? name, PolicyLayerOptions options)
    {
        if (name != Options.DefaultName)
        {
            return ValidateOptionsResult.Skip;
        }

        lock (_lock)
        {
            string? failure = _policy is null ? registrations.FindContention() ?? Load(options) : null;
            return failure is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failure);
        }
    }

    private string? Load(PolicyLayerOptions options)
    {
        if (options.Source is not { } source)
        {
            return "No policy is configured. Help: name one, as in "
                + "`services.AddPolicyLayer(options => options.UsePolicyFile(\"policy.json\"))`.";
        }

        try
        {
            return Publish(source.Load(options.PolicyLoad), options, source);
        }
        catch (ArgumentException e)
        {
            return $"An option is out of range: {e.Message}";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"The {source.Description} doesn't exist.";
        }
        catch (Exception e)
        {
            return $"The {source.Description} can't be read: {e.Message}";
        }
    }

    private string? Publish(PolicyLoadResult result, PolicyLayerOptions options, PolicySource source)
    {
        if (!result.IsValid)
        {
            return $"The {source.Description} yields no policy:" + string.Concat(
                result.Diagnostics.Select(finding => "\n  " + finding.ToString(source.Name)));
        }

        if (registrations.HasGrants && options.DefaultGrantId is not null)
        {
            return $"`{nameof(options.DefaultGrantId)}` is for hosts without grants, and an `IGrantResolver` is registered. Help: leave "
                + "one of them out.";
        }

        // Throws if an option is out of range, and holds nothing that would need disposing.
        _ = new ToolCallAuthorizer(result.Policy, options.ToAuthorizerOptions());
        foreach (PolicyDiagnostic finding in result.Diagnostics)
        {
            PolicyLog.Warning(_logger, finding.ToString(source.Name));
        }

        PolicyLog.Loaded(_logger, result.Policy.Name, result.Policy.Revision, source.Description);
        Volatile.Write(ref _policy, result.Policy);
        return null;
    }
}
