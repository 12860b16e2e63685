using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>
/// Loads policies and grants as part of validating the options, once: options may be validated several times in one host.
/// </summary>
internal sealed class PolicyLoader(PolicyLayerRegistrations registrations, IServiceProvider provider)
    : IValidateOptions<PolicyLayerOptions>
{
    private readonly ILogger _logger =
        (ILogger?)provider.GetService<ILoggerFactory>()?.CreateLogger("PolicyLayer") ?? NullLogger.Instance;

    private readonly Lock _lock = new();
    private LoadedPolicies? _loaded;

    /// <summary>What the documents of a name said.</summary>
    /// <exception cref="OptionsValidationException">The options or the documents aren't in order.</exception>
    public static LoadedPolicies Of(IServiceProvider provider, string name)
    {
        // Reading the options validates them, and that loads the documents.
        _ = provider.GetRequiredService<IOptionsMonitor<PolicyLayerOptions>>().Get(name);
        return Volatile.Read(ref provider.GetOfName<PolicyLoader>(name)!._loaded)
            ?? throw new InvalidOperationException("The options haven't been validated.");
    }

    public ValidateOptionsResult Validate(string? name, PolicyLayerOptions options)
    {
        if (name != registrations.Name)
        {
            return ValidateOptionsResult.Skip;
        }

        lock (_lock)
        {
            string[] failures = _loaded is null ? [.. Load(options)] : [];
            return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(Joinable(failures.Select(Named)));
        }
    }

    /// <summary>The failures as the framework puts them together: with a semicolon, and so the last alone ends with a full stop.</summary>
    private static IEnumerable<string> Joinable(IEnumerable<string> failures)
    {
        string[] all = [.. failures];
        return all.Select((failure, i) => i < all.Length - 1 && failure.EndsWith('.') ? failure[..^1] : failure);
    }

    private string Named(string failure) =>
        registrations.Name == Options.DefaultName ? failure : $"`{registrations.Name}`: {failure}";

    private List<string> Load(PolicyLayerOptions options)
    {
        List<string> failures =
        [
            .. options.ConfigurationFailures,
            .. registrations.FindContentions(options),
            .. OptionRange.All.Select(range => range.FailureOf(options)).OfType<string>(),
            .. FindOddTexts(options),
            .. FindEmptyPaths(options),
        ];
        try
        {
            // Only once the configuration is whole is it known which documents there are.
            if (options.HasPolicies && options.ConfigurationFailures.Count == 0)
            {
                Load(options, failures);
            }
        }
        catch (ArgumentException e) when (failures.Count == 0)
        {
            failures.Add($"A document can't be named: {e.Message}");
        }
        catch (ArgumentException)
        {
            // What is out of range was found before.
        }

        return failures;
    }

    // What a configuration says was told by its key.
    private static IEnumerable<string> FindEmptyPaths(PolicyLayerOptions options) => options.ConfigurationFailures.Count > 0
        ? []
        : options.FindEmptyPaths().Select(path =>
            $"`{nameof(PolicyLayerOptions)}.{path}` is empty. Help: name a file, or leave it out.");

    private IEnumerable<string> FindOddTexts(PolicyLayerOptions options)
    {
        const string Options = nameof(PolicyLayerOptions);
        if (!options.HasPolicies && options.ConfigurationFailures.Count == 0)
        {
            yield return "No policy is configured. Help: name one, as in "
                + "`services.AddPolicyLayer(options => options.UsePolicyFile(\"policy.json\"))`, or by "
                + $"`{nameof(PolicyLayerOptions.PolicyFile)}` in the configuration.";
        }

        if (options.DefaultGrantId is "")
        {
            yield return $"`{Options}.{nameof(options.DefaultGrantId)}` is empty. Help: name a grant, or leave it null.";
        }

        if (options.DefaultGrantId is not null && registrations.HasGrants(options, provider))
        {
            yield return $"`{Options}.{nameof(options.DefaultGrantId)}` is for hosts without grants, and there is a document of grants or "
                + "an `IGrantResolver`. Help: leave one of them out.";
        }

        if (options.PolicyLoad.Name is { Length: 0 or > 128 })
        {
            yield return $"`{Options}.PolicyLoad.Name` must have 1 to 128 characters.";
        }

        if (options.PolicyCount > 1 && options.PolicyLoad.Name is not null)
        {
            yield return $"`{Options}.PolicyLoad.Name` would name several policies. Help: name them in their documents.";
        }

        if (options.PolicyCount > 1 && !registrations.HasGrants(options, provider))
        {
            yield return "There are several policies, and no grants to choose among them. Help: set "
                + $"`{Options}.{nameof(options.GrantsFile)}`, or register an `IGrantResolver`.";
        }
    }

    private void Load(PolicyLayerOptions options, List<string> failures)
    {
        string basePath = provider.GetService<IHostEnvironment>()?.ContentRootPath is { Length: > 0 } root
            ? Path.GetFullPath(root)
            : registrations.BasePath;
        PolicyBundleSource source = options.ToSource(basePath);
        PolicyBundleResult result = source.Load();
        if (result.Bundle is not { } bundle)
        {
            failures.AddRange(result.Documents.Select((document, i) => FailureOf(document, i < source.Policies.Count)).OfType<string>());
            return;
        }

        if (failures.Count == 0)
        {
            Log(source, result, bundle);
            Volatile.Write(
                ref _loaded,
                new LoadedPolicies(source, result, bundle, bundle.Grants is { } grants ? new Grants.GrantDirectory(grants) : null));
        }
    }

    /// <summary>All that was found in a document that can't be taken, a line each; null for one that can.</summary>
    private static string? FailureOf(DocumentFindings document, bool isPolicy)
    {
        string place = $"`{document.Source.Path ?? document.Source.Name}`";
        if (document.Failure is { } failure)
        {
            // What can't be read says so of its place; what another document says needs it.
            string noun = isPolicy ? "policy" : "grants";
            return failure.StartsWith(place, StringComparison.Ordinal) ? $"The {noun}: {failure}" : $"The {noun} of {place}: {failure}";
        }

        return document.Diagnostics.Any(finding => finding.Severity == DiagnosticSeverity.Error)
            ? $"{place} yields no {(isPolicy ? "policy" : "grants")}:" + string.Concat(
                document.Diagnostics.Select(finding => "\n  " + finding.ToString(document.Source.Name)))
            : null;
    }

    private void Log(PolicyBundleSource source, PolicyBundleResult result, PolicyBundle bundle)
    {
        foreach (DocumentFindings document in result.Documents)
        {
            foreach (PolicyDiagnostic finding in document.Diagnostics)
            {
                PolicyLog.Warning(_logger, finding.ToString(document.Source.Name));
            }
        }

        for (int i = 0; i < bundle.Policies.Count; i++)
        {
            DocumentSource document = source.Policies[i].Document;
            PolicyLog.Loaded(_logger, bundle.Policies[i].Name, bundle.Policies[i].Revision, document.Path ?? document.Name);
        }

        if (bundle.Grants is { } grants)
        {
            PolicyLog.GrantsLoaded(_logger, source.Grants!.Path ?? source.Grants.Name, grants.Count);
        }
    }
}
