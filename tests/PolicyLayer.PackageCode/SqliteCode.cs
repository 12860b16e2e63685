using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PolicyLayer.Tests.Packages;

/// <summary>What the README of PolicyLayer.Sqlite shows.</summary>
internal static class SqliteCode
{
    public static void Add(HostApplicationBuilder builder)
    {
        builder.Services.AddPolicyLayer("policy.json")
            .UseSqliteCounters("agent.db")
            .UseSqliteApprovals("agent.db");
    }
}
