using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>Policies and grants from files, streams, texts and resources.</summary>
public sealed class DocumentsTests : IDisposable
{
    private const string Open = """{ "version": "1", "name": "open", "default": "allow" }""";
    private const string Closed = """{ "version": "1", "name": "closed", "default": "deny" }""";

    private static readonly string Token = "a token of the test";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_grant_has_the_policy_that_it_names_wherever_it_was_read()
    {
        Write("open.json", Open);
        Write("grants.json", Grants("""
            { "id": "a", "policy": "open" }, { "id": "b" }, { "id": "c", "policy": "resource" }, { "id": "d", "policy": "streamed" }
            """));
        using IHost host = Build(services => services.AddPolicyLayer(options =>
        {
            options.PolicyFile = Write("closed.json", Closed);
            options.PolicyFiles.Add("open.json");
            options.AddPolicy(
                DocumentSource.FromResource(typeof(DocumentsTests).Assembly, "stellify.json"), new PolicyLoadOptions { Name = "resource" });
            options.AddPolicy(DocumentSource.FromStream(
                "streamed", () => new MemoryStream("""{ "version": "1", "name": "streamed", "default": "deny" }"""u8.ToArray())));
            options.GrantsFile = "grants.json";
        }));
        await host.StartAsync();
        var authorizer = host.Services.GetRequiredService<ToolCallAuthorizer>();

        Assert.Equal(["closed", "open", "resource", "streamed"], authorizer.Policies.Select(policy => policy.Name));
        string[] names = ["open", "closed", "resource", "streamed"];
        foreach ((string grant, string policy) in "abcd".Select(id => id.ToString()).Zip(names))
        {
            Assert.Equal(policy, (await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = grant })).PolicyName);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("named")]
    public async Task A_file_of_grants_fills_the_directory_in_which_hosts_look_tokens_up(string name)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token)));
        Write("grants.json", Grants($$"""{ "id": "ci", "token_sha256": "{{hash}}" }"""));
        using IHost host = Build(services => services.AddPolicyLayer(name, options =>
        {
            options.UsePolicyJson(Open);
            options.GrantsFile = "grants.json";
        }));
        await host.StartAsync();
        GrantDirectory directory = Get<GrantDirectory>(host, name);
        var authorizer = Get<ToolCallAuthorizer>(host, name);

        Assert.Equal("ci", directory.FindByToken(Token)?.Id);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "ci" })).IsAllowed);
        directory.Revoke("ci");
        Assert.Equal(DecisionCode.GrantRevoked, (await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "ci" })).Code);
        await authorizer.ReloadAsync(new PolicyBundle(authorizer.Policies, [new Grant("new")]));
        Assert.Equal("new", Assert.Single(directory.Grants).Id);
    }

    [Fact]
    public async Task Without_a_document_of_grants_there_is_no_directory()
    {
        using IHost host = Build(services => services.AddPolicyLayer(options => options.UsePolicyJson(Open)));
        await host.StartAsync();
        Assert.Null(host.Services.GetService<GrantDirectory>());
        Assert.Null(host.Services.GetService<IGrantResolver>());
    }

    [Fact]
    public async Task Every_broken_document_is_told_with_all_findings_and_every_option_besides()
    {
        Write("grants.json", """{ "grants": [ { "id": 1 }, { "name": "x" } ] }""");
        string message = await StartAndFailAsync(options =>
        {
            options.PolicyFile = Write("odd.json", """{ "version": "1", "default": "perhaps", "tolls": {} }""");
            options.PolicyFiles.Add("absent.json");
            options.GrantsFile = "grants.json";
            options.MaxOpenCalls = 0;
        });

        Assert.Contains("`PolicyLayerOptions.MaxOpenCalls` is 0, and must be from 1 to 1,048,576", message, StringComparison.Ordinal);
        Assert.Contains($"`{Path.Combine(_folder, "odd.json")}` yields no policy:\n  PL", message, StringComparison.Ordinal);
        Assert.Contains("odd.json:1:30 /default", message, StringComparison.Ordinal);
        Assert.Contains("/tolls", message, StringComparison.Ordinal);
        Assert.Contains($"The policy: `{Path.Combine(_folder, "absent.json")}` doesn't exist", message, StringComparison.Ordinal);
        Assert.Equal(2, message.Split(Path.Combine(_folder, "absent.json")).Length);
        Assert.DoesNotContain(".; ", message, StringComparison.Ordinal);
        Assert.Contains($"`{Path.Combine(_folder, "grants.json")}` yields no grants:\n  PL", message, StringComparison.Ordinal);
        Assert.Contains(" /grants/0/id", message, StringComparison.Ordinal);
        Assert.Contains(" /grants/1", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_policies_need_grants_and_names_of_their_own()
    {
        string message = await StartAndFailAsync(options =>
        {
            options.AddPolicy(DocumentSource.FromText("a", Open));
            options.AddPolicy(DocumentSource.FromText("b", Open));
            options.PolicyLoad.Name = "one";
        });
        Assert.Contains("There are several policies, and no grants to choose among them.", message, StringComparison.Ordinal);
        Assert.Contains("`PolicyLayerOptions.PolicyLoad.Name` would name several policies.", message, StringComparison.Ordinal);
        Assert.Contains("The policy of `b`: Another policy is named `one` too", message, StringComparison.Ordinal);
        Assert.Contains("by `name` in its document or by `PolicyLoadOptions.Name`", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grants_of_a_document_and_of_a_resolver_stop_the_host()
    {
        using IHost host = Build(services =>
        {
            services.AddPolicyLayer(options =>
            {
                options.UsePolicyJson(Open);
                options.UseGrants(DocumentSource.FromText("grants", Grants("""{ "id": "a" }""")));
                options.DefaultGrantId = "a";
            });
            services.AddSingleton<IGrantResolver>(new GrantDirectory([]));
        });
        string message = (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message;
        Assert.Contains(
            "`PolicyLayer.Grants.IGrantResolver` is registered, and a document has grants too", message, StringComparison.Ordinal);
        Assert.Contains("`PolicyLayerOptions.DefaultGrantId` is for hosts without grants", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_use_takes_the_place_of_all_policies_that_were_named_before()
    {
        using IHost host = Build(services => services.AddPolicyLayer(options =>
        {
            options.PolicyFile = "a.json";
            options.PolicyFiles.Add("b.json");
            options.AddPolicy(DocumentSource.FromText("c", "no policy"));
            options.UsePolicyJson(Open);
        }));
        await host.StartAsync();
        Assert.Equal("open", Assert.Single(host.Services.GetRequiredService<ToolCallAuthorizer>().Policies).Name);
    }

    private static string Grants(string grants) => $$"""{ "grants": [ {{grants}} ] }""";

    private static T Get<T>(IHost host, string name)
        where T : class => name.Length == 0 ? host.Services.GetRequiredService<T>() : host.Services.GetRequiredKeyedService<T>(name);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private IHost Build(Action<IServiceCollection> register)
    {
        var settings = new HostApplicationBuilderSettings { ContentRootPath = _folder };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings);
        register(builder.Services);
        return builder.Build();
    }

    private async Task<string> StartAndFailAsync(Action<PolicyLayerOptions> configure)
    {
        using IHost host = Build(services => services.AddPolicyLayer(configure));
        return (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message;
    }
}
