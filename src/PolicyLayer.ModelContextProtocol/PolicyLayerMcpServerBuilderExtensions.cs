using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using PolicyLayer;
using PolicyLayer.ModelContextProtocol;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Guards the tools of a Model Context Protocol server.</summary>
public static class PolicyLayerMcpServerBuilderExtensions
{
    /// <summary>
    /// Has the container's <see cref="IToolCallAuthorizer"/> judge every <c>tools/call</c>, as it was sent and before anything else reads
    /// it, and filters lists of tools. Where it is called among other methods of the builder makes no difference.
    /// </summary>
    /// <remarks>
    /// A denial is a result that a model can read, with <c>isError</c>, the decision's message and, in <c>_meta</c>, the details as
    /// <c>policylayer/denial</c>. A filter that changes tool or arguments after the call was judged has it stopped; so has one that runs a
    /// tool twice. A call that the SDK never hands to a tool is reported as <see cref="ToolCallOutcome.NotExecuted"/>; where an alternate
    /// handler calls the tools, nobody sees that, and the outcome is what the answer says. A call that is answered with a task is judged
    /// and charged when it comes in, and stays open behind that answer: its outcome is that of the tool once it has run. Where an alternate
    /// handler runs the task nobody sees that either; then no outcome is reported, nothing is given back, and an order that waits for the
    /// tool's success stays closed.
    /// </remarks>
    /// <param name="builder">The server's builder.</param>
    /// <param name="configure">Says who calls, and what lists show; null leaves all as it is.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The builder's collection has been guarded before.</exception>
    public static IMcpServerBuilder WithPolicyLayer(this IMcpServerBuilder builder, Action<PolicyLayerMcpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        if (services.Any(descriptor => descriptor.ServiceType == typeof(ToolListChanges)))
        {
            throw new InvalidOperationException(
                "`WithPolicyLayer` was called before, and each call would be judged twice. Help: call it once; options are added to by "
                + "`services.Configure<PolicyLayerMcpOptions>`.");
        }

        services.AddSingleton(new ToolListChanges());
        services.AddOptions<PolicyLayerMcpOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PolicyLayerMcpOptions>, OptionsValidation>();
        services.AddSingleton<IPostConfigureOptions<McpServerOptions>, ServerSetup>();
        return builder;
    }
}
