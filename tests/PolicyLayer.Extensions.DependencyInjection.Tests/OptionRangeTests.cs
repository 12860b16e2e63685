using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>Options out of range are told by name, all at once, and the ranges are those of the core.</summary>
public sealed class OptionRangeTests
{
    private static readonly Policy Policy = Policy.Parse("""{ "version": "1", "name": "any", "default": "allow" }""");

    public static TheoryData<string, string, string?> Ranges => new()
    {
        { "PollInterval", "00:00:00.0100000", "1.00:00:00" },
        { "MaxArgumentsBytes", "2", null },
        { "MaxArgumentsDepth", "1", "1000" },
        { "MaxWork", "1", "1099511627776" },
        { "MaxOpenCalls", "1", "1048576" },
        { "CounterTimeout", "00:00:00.0010000", "01:00:00" },
        { "GrantTimeout", "00:00:00.0010000", "01:00:00" },
        { "ApprovalTimeout", "00:00:00.0010000", "01:00:00" },
        { "AuditTimeout", "00:00:00.0010000", "01:00:00" },
        { "ApprovalPendingFor", "00:00:01", "1.00:00:00" },
        { "ApprovalValidFor", "00:00:01", "1.00:00:00" },
        { "ContinuableFor", "00:00:01", "1.00:00:00" },
        { "MaxPendingApprovals", "1", "100000" },
        { "MaxContinuations", "0", "1000" },
        { "PolicyLoad.MaxBytes", "1", null },
        { "PolicyLoad.MaxDepth", "1", "1000" },
        { "PolicyLoad.MaxTools", "1", null },
        { "PolicyLoad.MaxWildcardPatterns", "1", null },
        { "PolicyLoad.MaxConditionsPerRule", "1", null },
        { "PolicyLoad.MaxRegexLength", "1", null },
        { "PolicyLoad.MaxRegexStates", "1", "1000000" },
        { "PolicyLoad.MaxRegexCacheBytes", "0", "1073741824" },
        { "PolicyLoad.MaxRegexCacheBytesInAll", "0", null },
        { "GrantLoad.MaxBytes", "1", null },
        { "GrantLoad.MaxDepth", "1", "1000" },
        { "GrantLoad.MaxGrants", "1", null },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void An_option_takes_what_the_core_takes_and_nothing_else(string path, string least, string? most)
    {
        foreach (string bound in (string?[])[least, most] is [{ } low, { } high] ? [low, high] : new[] { least })
        {
            Assert.DoesNotContain(path, MessageWith(path, bound, beyond: 0), StringComparison.Ordinal);
            Assert.Null(CoreFailureWith(path, bound, beyond: 0));
            int away = bound == least ? -1 : 1;
            Assert.Contains($"`PolicyLayerOptions.{path}` is ", MessageWith(path, bound, away), StringComparison.Ordinal);
            Assert.IsType<ArgumentOutOfRangeException>(CoreFailureWith(path, bound, away));
        }
    }

    [Fact]
    public void Every_number_and_time_has_a_range()
    {
        var options = new PolicyLayerOptions();
        string[] own = [.. NumbersOf(options), .. NumbersOf(options.PolicyLoad).Select(name => "PolicyLoad." + name),
            .. NumbersOf(options.GrantLoad).Select(name => "GrantLoad." + name)];
        Assert.Equal(own.Order(StringComparer.Ordinal), Ranges.Select(row => (string)row[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        string message = MessageOf(options =>
        {
            options.MaxOpenCalls = 0;
            options.CounterTimeout = TimeSpan.Zero;
            options.DefaultGrantId = "";
            options.PolicyLoad.Name = "";
        });
        Assert.Contains("`PolicyLayerOptions.MaxOpenCalls` is 0, and must be from 1 to 1,048,576", message, StringComparison.Ordinal);
        Assert.Contains(
            "`PolicyLayerOptions.CounterTimeout` is 00:00:00, and must be from 00:00:00.0010000 to 01:00:00", message,
            StringComparison.Ordinal);
        Assert.Contains("`PolicyLayerOptions.DefaultGrantId` is empty", message, StringComparison.Ordinal);
        Assert.Contains("`PolicyLayerOptions.PolicyLoad.Name` must have 1 to 128 characters", message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> NumbersOf(object options) => options.GetType().GetProperties()
        .Where(property => property.PropertyType == typeof(int) || property.PropertyType == typeof(long)
            || property.PropertyType == typeof(TimeSpan))
        .Select(property => property.Name);

    private static string MessageWith(string path, string bound, int beyond) => MessageOf(options => Set(options, path, bound, beyond));

    private static string MessageOf(Action<PolicyLayerOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddPolicyLayer(options =>
        {
            options.UsePolicyJson("""{ "version": "1", "default": "allow" }""");
            configure(options);
        });
        using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            return "";
        }
        catch (OptionsValidationException e)
        {
            return e.Message;
        }
    }

    private static Exception? CoreFailureWith(string path, string bound, int beyond) => Record.Exception(() =>
    {
        var authorizer = new ToolCallAuthorizerOptions();
        switch (path.Split('.'))
        {
            case ["PollInterval"]:
                var reloader = new PolicyReloaderOptions();
                Set(reloader, path, bound, beyond);
                DocumentSource document = DocumentSource.FromText("p", """{ "version": "1", "default": "deny" }""");
                var source = new PolicyBundleSource([new PolicySource(document)]);
                new PolicyReloader(new ToolCallAuthorizer(Policy), source, source.Load(), reloader).DisposeAsync().AsTask().Wait();
                break;
            case ["PolicyLoad", string name]:
                var load = new PolicyLoadOptions();
                Set(load, name, bound, beyond);
                _ = new PolicySource(DocumentSource.FromText("p", ""), load);
                break;
            case ["GrantLoad", string name]:
                var grants = new GrantLoadOptions();
                Set(grants, name, bound, beyond);
                _ = new PolicyBundleSource([new PolicySource(DocumentSource.FromText("p", ""))], null, grants);
                break;
            default:
                Set(authorizer, path, bound, beyond);
                _ = new ToolCallAuthorizer(Policy, authorizer);
                break;
        }
    });

    private static void Set(object options, string path, string bound, int beyond)
    {
        string[] steps = path.Split('.');
        foreach (string step in steps[..^1])
        {
            options = options.GetType().GetProperty(step)!.GetValue(options)!;
        }

        PropertyInfo property = options.GetType().GetProperty(steps[^1])!;
        object value = property.PropertyType == typeof(TimeSpan)
            ? TimeSpan.Parse(bound, System.Globalization.CultureInfo.InvariantCulture) + TimeSpan.FromTicks(beyond)
            : Convert.ChangeType(
                long.Parse(bound, System.Globalization.CultureInfo.InvariantCulture) + beyond, property.PropertyType,
                System.Globalization.CultureInfo.InvariantCulture);
        property.SetValue(options, value);
    }
}
