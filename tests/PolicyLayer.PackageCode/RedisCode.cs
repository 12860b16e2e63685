using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Packages;

/// <summary>What the README of PolicyLayer.Redis shows.</summary>
internal static class RedisCode
{
    public static async Task AddAsync(HostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IConnectionMultiplexer>(await ConnectionMultiplexer.ConnectAsync("localhost:6379"));
        builder.Services.AddPolicyLayer("policy.json")
            .UseRedisCounters()
            .UseRedisApprovals();
    }
}
