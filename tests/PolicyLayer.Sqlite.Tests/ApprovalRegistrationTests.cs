using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Sqlite;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>The store of approvals in a container, and what protects it.</summary>
public sealed class ApprovalRegistrationTests : IDisposable
{
    private const string Policy = """
        {
          "version": "1",
          "default": "deny",
          "tools": {
            "pay": { "action": "require_approval", "limits": [ { "counter": "c", "window": "minute", "max": 10 } ] }
          }
        }
        """;

    private readonly SqliteHarness _harness = new();
    private readonly ServiceCollection _services = new();
    private readonly PolicyLayerBuilder _builder;

    public ApprovalRegistrationTests()
    {
        _builder = _services.AddPolicyLayer(options => options.UsePolicyJson(Policy));
    }

    private string Database => _harness.PathOf("host");

    [Fact]
    public async Task Encrypts_with_the_containers_keys_in_the_file_of_the_counters()
    {
        _services.AddSingleton(ApprovalKeys.Of("k1"));
        _builder.UseSqliteCounters(Database).UseSqliteApprovals(Database);
        await using (ServiceProvider provider = _services.BuildServiceProvider())
        {
            var call = new ToolCall("pay", ToolArguments.FromJson("""{"to":"a planted secret"}""")) { GrantId = "ci" };
            IToolCallAuthorizer authorizer = provider.GetRequiredService<IToolCallAuthorizer>();
            ApprovalInbox inbox = provider.GetRequiredService<ApprovalInbox>();
            string id = (await authorizer.AuthorizeAsync(call)).ApprovalId!;
            Assert.Contains("planted", (await inbox.FindAsync(id))!.Arguments.ToString(), StringComparison.Ordinal);
            Assert.Equal(ApprovalResolution.Done, await inbox.ApproveAsync(id, new Approver("ann")));
            Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
            _ = Assert.IsType<SqliteApprovalStore>(provider.GetRequiredService<IApprovalStore>());
        }

        Assert.DoesNotContain("planted", await File.ReadAllTextAsync(Database), StringComparison.Ordinal);
        Assert.Equal([Path.GetFileName(Database)], Directory.GetFiles(_harness.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Without_keys_and_protector_the_host_stops_and_says_both_ways_out()
    {
        _builder.UseSqliteApprovals(Database);
        using ServiceProvider provider = _services.BuildServiceProvider();
        OptionsValidationException failure =
            Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("`PolicyLayerKeys`", failure.Message, StringComparison.Ordinal);
        Assert.Contains("`ApprovalProtector.Plain`", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IApprovalStore>());
    }

    [Fact]
    public void Plain_is_a_choice()
    {
        _builder.UseSqliteApprovals(Database, options => options.Protector = ApprovalProtector.Plain);
        using ServiceProvider provider = _services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.NotNull(provider.GetRequiredService<IApprovalStore>());
    }

    [Fact]
    public void A_store_that_was_replaced_needs_no_protector()
    {
        _builder.UseSqliteApprovals(Database);
        _builder.UseSqliteApprovals(Database, options => options.Protector = ApprovalProtector.Plain);
        using ServiceProvider provider = _services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.Single(provider.GetServices<IApprovalStore>());
    }

    [Fact]
    public void Options_out_of_range_are_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => _builder.UseSqliteApprovals(" "));
        Assert.Throws<ArgumentOutOfRangeException>(() => _builder.UseSqliteApprovals(Database, options => options.MaxApprovals = 0));
    }

    public void Dispose() => _harness.Dispose();
}
