using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>
/// Says at start that a store which writes contents down has nothing to protect them with. A store that was replaced needs nothing.
/// </summary>
internal sealed class ApprovalProtection(
    IServiceCollection services, ServiceDescriptor store, IApprovalProtector? protector, IServiceProvider provider, string ofName)
    : IValidateOptions<PolicyLayerOptions>
{
    public const string Missing =
        "The store of approvals writes arguments of calls down, and has nothing to protect them with. Help: register `PolicyLayerKeys`, "
        + "and they are encrypted; or set the store's `Protector`, to `ApprovalProtector.Plain` where whoever reads the store may read "
        + "them.";

    public static IApprovalProtector? Find(IApprovalProtector? protector, IServiceProvider provider, string name) =>
        protector ?? (provider.FindOfName<PolicyLayerKeys>(name) is { } keys ? ApprovalProtector.Encrypting(keys) : null);

    public ValidateOptionsResult Validate(string? name, PolicyLayerOptions options) =>
        name == ofName && services.Contains(store) && Find(protector, provider, ofName) is null
            ? ValidateOptionsResult.Fail(Missing)
            : ValidateOptionsResult.Success;
}
