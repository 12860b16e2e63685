using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PolicyLayer.Extensions.DependencyInjection;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>Options by a section of a configuration, as of <c>appsettings.json</c>.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_option_is_bound()
    {
        PolicyLayerOptions options = Bind("""
            { "PolicyFile": "a.json", "PolicyFiles": [ "b.json", "c.json" ], "GrantsFile": "g.json", "Reload": false,
              "PollInterval": "00:00:03", "DefaultGrantId": "me", "MaxArgumentsBytes": 11, "MaxArgumentsDepth": 12, "MaxWork": 13,
              "MaxOpenCalls": 14, "CounterTimeout": "00:00:15", "GrantTimeout": "00:00:16", "ApprovalTimeout": "00:00:17",
              "ApprovalPendingFor": "00:00:18", "ApprovalValidFor": "00:00:19", "MaxPendingApprovals": 20, "ContinuableFor": "00:00:21",
              "MaxContinuations": 22, "AuditTimeout": "00:00:23",
              "PolicyLoad": { "Name": "n", "MaxBytes": 24, "MaxDepth": 25, "MaxTools": 26, "MaxWildcardPatterns": 27,
                "MaxConditionsPerRule": 28, "MaxRegexLength": 29, "MaxRegexStates": 30, "MaxRegexCacheBytes": 31,
                "MaxRegexCacheBytesInAll": 32 },
              "GrantLoad": { "MaxBytes": 33, "MaxDepth": 34, "MaxGrants": 35 } }
            """);

        Assert.Equal("a.json|b.json,c.json|g.json|False|me|n", string.Join('|',
            options.PolicyFile, string.Join(',', options.PolicyFiles), options.GrantsFile, options.Reload, options.DefaultGrantId,
            options.PolicyLoad.Name));
        Assert.Equal(
            [3, 15, 16, 17, 18, 19, 21, 23],
            new[]
            {
                options.PollInterval, options.CounterTimeout, options.GrantTimeout, options.ApprovalTimeout, options.ApprovalPendingFor,
                options.ApprovalValidFor, options.ContinuableFor, options.AuditTimeout,
            }.Select(time => (int)time.TotalSeconds));
        PolicyLoadOptions load = options.PolicyLoad;
        Assert.Equal(
            [11, 12, 13, 14, 20, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35],
            new[]
            {
                options.MaxArgumentsBytes, options.MaxArgumentsDepth, options.MaxWork, options.MaxOpenCalls, options.MaxPendingApprovals,
                options.MaxContinuations, load.MaxBytes, load.MaxDepth, load.MaxTools, load.MaxWildcardPatterns,
                load.MaxConditionsPerRule, load.MaxRegexLength, load.MaxRegexStates, load.MaxRegexCacheBytes,
                load.MaxRegexCacheBytesInAll, options.GrantLoad.MaxBytes, options.GrantLoad.MaxDepth, options.GrantLoad.MaxGrants,
            });
    }

    [Theory]
    [InlineData("""{ "MaxOpenCals": 3 }""", "`PolicyLayer:MaxOpenCals` is no option|did you mean `MaxOpenCalls`?")]
    [InlineData(
        """{ "PolicyLoad": { "MaxDept": 3 } }""",
        "`PolicyLayer:PolicyLoad:MaxDept` is no option of `PolicyLayerOptions`. Help: did you mean `PolicyLoad:MaxDepth`?")]
    [InlineData("""{ "Colour": "red" }""", "`PolicyLayer:Colour` is no option of `PolicyLayerOptions`.")]
    [InlineData("""{ "GrantLoad": { "PolicyNames": [ "a" ] } }""", "`PolicyLayer:GrantLoad:PolicyNames` is no option")]
    [InlineData("""{ "PolicyLoad": "x" }""", "`PolicyLayer:PolicyLoad` must be an object.")]
    [InlineData("""{ "MaxOpenCalls": { "x": 1 } }""", "`PolicyLayer:MaxOpenCalls` must be a single value.")]
    [InlineData("""{ "MaxOpenCalls": "many" }""", "`PolicyLayer:MaxOpenCalls` must be a whole number, from 1 to 1048576.")]
    [InlineData("""{ "MaxOpenCalls": 3000000000 }""", "`PolicyLayer:MaxOpenCalls` must be a whole number, from 1 to 1048576.")]
    [InlineData("""{ "MaxOpenCalls": 1.5 }""", "`PolicyLayer:MaxOpenCalls` must be a whole number")]
    [InlineData("""{ "counterTimeout": "abc" }""", "`PolicyLayer:counterTimeout` must be a time, such as `00:00:05`.")]
    [InlineData("""{ "Reload": "perhaps" }""", "`PolicyLayer:Reload` must be `true` or `false`.")]
    [InlineData(
        """{ "PolicyLoad": { "MaxDepth": "deep" } }""",
        "`PolicyLayer:PolicyLoad:MaxDepth` must be a whole number, from 1 to 1000.")]
    [InlineData("""{ "MaxOpenCalls": 0 }""", "`PolicyLayerOptions.MaxOpenCalls` is 0")]
    [InlineData("""{ "GrantsFile": "" }""", "`PolicyLayer:GrantsFile` is empty.")]
    [InlineData("""{ "DefaultGrantId": "" }""", "`PolicyLayer:DefaultGrantId` is empty.")]
    [InlineData("""{ "Reload": "" }""", "`PolicyLayer:Reload` is empty.")]
    [InlineData("""{ "MaxArgumentsBytes": "" }""", "`PolicyLayer:MaxArgumentsBytes` is empty.")]
    [InlineData("""{ "CounterTimeout": "" }""", "`PolicyLayer:CounterTimeout` is empty.")]
    [InlineData("""{ "PolicyLoad": { "Name": "" } }""", "`PolicyLayer:PolicyLoad:Name` is empty.")]
    [InlineData("""{ "PolicyFiles": [ "" ] }""", "`PolicyLayer:PolicyFiles:0` is empty.")]
    [InlineData("""{ "PolicyFiles": [ null ] }""", "`PolicyLayer:PolicyFiles:0` is empty.")]
    [InlineData("""{ "PolicyFiles": "policy.json" }""", "`PolicyLayer:PolicyFiles` must be a list of files.")]
    [InlineData("""{ "PolicyFiles": [ { "File": "policy.json" } ] }""", "`PolicyLayer:PolicyFiles:0` must be a single value.")]
    [InlineData("""{ "PolicyFiles": [ [ "policy.json" ] ] }""", "`PolicyLayer:PolicyFiles:0` must be a single value.")]
    public async Task What_no_option_says_stops_the_host_and_its_path_is_named(string section, string expected)
    {
        string message = await StartAndFailAsync(section[..^1] + ", \"PolicyFile\": \"policy.json\" }");
        Assert.All(expected.Split('|'), part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_file_of_a_policy_stops_the_host_though_there_is_another()
    {
        string message = await StartAndFailAsync("""{ "PolicyFile": "", "PolicyFiles": [ "policy.json" ] }""");
        Assert.Contains("`PolicyLayer:PolicyFile` is empty.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_and_an_empty_list_say_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "policy.json"), """{ "version": "1", "default": "allow" }""");
        using IHost host = Build("""{ "PolicyFile": "policy.json", "PolicyFiles": [], "GrantsFile": null, "DefaultGrantId": null }""");
        await host.StartAsync();
        Assert.Single(host.Services.GetRequiredService<ToolCallAuthorizer>().Policies);
    }

    [Fact]
    public async Task Empty_paths_that_code_sets_stop_the_host()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "policy.json"), """{ "version": "1", "default": "allow" }""");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPolicyLayer(options =>
        {
            options.PolicyFile = "";
            options.PolicyFiles.Add(Path.Combine(_folder, "policy.json"));
            options.PolicyFiles.Add("");
            options.GrantsFile = "";
        });
        using IHost host = builder.Build();
        string message = (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message;
        string[] names = ["PolicyFile", "PolicyFiles[1]", "GrantsFile"];
        Assert.All(names, name => Assert.Contains($"`PolicyLayerOptions.{name}` is empty.", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_section_is_told_at_once()
    {
        string message = await StartAndFailAsync("""{ "One": 1, "Two": 2, "MaxWork": 0, "PolicyFile": "policy.json" }""");
        Assert.Contains("`PolicyLayer:One`", message, StringComparison.Ordinal);
        Assert.Contains("`PolicyLayer:Two`", message, StringComparison.Ordinal);
        Assert.Contains("`PolicyLayerOptions.MaxWork` is 0", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_that_cannot_be_read_are_told_all_at_once_and_with_all_else_and_shown_to_nobody()
    {
        string message = await StartAndFailAsync("""
            { "One": 1, "CounterTimeout": "abc-xyz", "PollInterval": "often-xyz", "GrantLoad": { "MaxGrants": "few-xyz" }, "MaxWork": 0,
              "PolicyFile": "policy.json" }
            """);
        foreach (string key in new[] { "One", "CounterTimeout", "PollInterval", "GrantLoad:MaxGrants" })
        {
            Assert.Contains($"`PolicyLayer:{key}`", message, StringComparison.Ordinal);
        }

        Assert.Contains("`PolicyLayerOptions.MaxWork` is 0", message, StringComparison.Ordinal);
        Assert.DoesNotContain("xyz", message, StringComparison.Ordinal);
        Assert.DoesNotContain(".; ", message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("named")]
    public async Task A_relative_path_starts_at_the_content_root(string name)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "policy.json"), """{ "version": "1", "name": "here", "default": "allow" }""");
        await File.WriteAllTextAsync(Path.Combine(_folder, "grants.json"), """{ "grants": [ { "id": "ci" } ] }""");
        using IHost host = Build("""{ "policyfile": "policy.json", "GrantsFile": "./grants.json" }""", name);
        await host.StartAsync();
        var authorizer = name.Length == 0
            ? host.Services.GetRequiredService<IToolCallAuthorizer>()
            : host.Services.GetRequiredKeyedService<IToolCallAuthorizer>(name);
        Assert.Equal("here", (await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "ci" })).PolicyName);
        Assert.Equal(DecisionCode.GrantUnknown, (await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "other" })).Code);
    }

    [Fact]
    public void The_packages_schema_has_every_option_with_its_type_default_and_range()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "ConfigurationSchema.json");
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement section = schema.RootElement.GetProperty("properties").GetProperty("PolicyLayer");
        AssertDescribes(section, new PolicyLayerOptions(), "");
        AssertDescribes(section.GetProperty("properties").GetProperty("PolicyLoad"), new PolicyLoadOptions(), "PolicyLoad.");
        AssertDescribes(section.GetProperty("properties").GetProperty("GrantLoad"), new Grants.GrantLoadOptions(), "GrantLoad.");
    }

    private static void AssertDescribes(JsonElement schema, object options, string path)
    {
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        var described = schema.GetProperty("properties").EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
        Assert.Equal(
            options.GetType().GetProperties().Select(property => property.Name).Where(name => name != "PolicyNames")
                .Order(StringComparer.Ordinal),
            described.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, JsonElement option) in described)
        {
            Assert.NotEqual("", option.GetProperty("description").GetString());
            object? value = options.GetType().GetProperty(name)!.GetValue(options);
            Assert.Equal(TypeOf(value), option.GetProperty("type").GetString());
            if (value is bool or int or long or TimeSpan)
            {
                Assert.Equal(value.ToString(), option.GetProperty("default").ToString());
            }

            if (value is int or long)
            {
                object?[] range = OptionRangeTests.Ranges.Single(row => (string)row[0] == path + name);
                Assert.Equal(range[1], option.GetProperty("minimum").ToString());
                Assert.Equal(range[2], option.TryGetProperty("maximum", out JsonElement most) ? most.ToString() : null);
            }
        }
    }

    private static string TypeOf(object? value) => value switch
    {
        bool => "boolean",
        int or long => "integer",
        IList<string> => "array",
        null or TimeSpan => "string",
        _ => "object",
    };

    private static PolicyLayerOptions Bind(string section)
    {
        var services = new ServiceCollection();
        services.AddPolicyLayer(SectionOf(section));

        // As it is before it is checked: the files don't exist.
        PolicyLayerOptions? seen = null;
        services.PostConfigure<PolicyLayerOptions>(options => seen = options);
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<PolicyLayerOptions>>().Value);
        return seen!;
    }

    private static IConfigurationSection SectionOf(string section) => new ConfigurationBuilder()
        .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes("{ \"PolicyLayer\": " + section + " }")))
        .Build().GetSection("PolicyLayer");

    private IHost Build(string section, string name = "")
    {
        var settings = new HostApplicationBuilderSettings { ContentRootPath = _folder };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings);
        IConfigurationSection configuration = SectionOf(section);
        _ = name.Length == 0 ? builder.Services.AddPolicyLayer(configuration) : builder.Services.AddPolicyLayer(name, configuration);
        return builder.Build();
    }

    private async Task<string> StartAndFailAsync(string section)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "policy.json"), """{ "version": "1", "default": "allow" }""");
        using IHost host = Build(section);
        return (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message;
    }
}
