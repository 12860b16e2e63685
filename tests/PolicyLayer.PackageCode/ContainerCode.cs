using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Packages;

/// <summary>What the README of PolicyLayer.Extensions.DependencyInjection shows.</summary>
internal static class ContainerCode
{
    public static void Add(HostApplicationBuilder builder)
    {
        builder.Services.AddPolicyLayer("policy.json")
            .AddAuditLog("audit.jsonl", configure: null);
        builder.Services.AddHealthChecks().AddPolicyLayer();
    }
}
