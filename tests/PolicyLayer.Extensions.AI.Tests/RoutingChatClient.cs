using Microsoft.Extensions.AI;

namespace PolicyLayer.Tests.AI;

/// <summary>A client that chooses between others, and names the first.</summary>
internal sealed class RoutingChatClient(IChatClient first) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        first.GetResponseAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        first.GetStreamingResponseAsync(messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType.IsInstanceOfType(this) ? this : first.GetService(serviceType, serviceKey);

    public void Dispose() => first.Dispose();
}
