using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy.Guarding;

namespace PolicyLayer.Proxy;

/// <summary>How a proxy guards a server. Set before it starts, and not thread-safe.</summary>
public sealed class McpProxyOptions
{
    /// <summary>The smallest <see cref="MaxMessageBytes"/>.</summary>
    internal const int LeastMessageBytes = 1024;

    /// <summary>
    /// Whose grant all calls use, whoever makes them; null, the default, for what the transport says: the token of an HTTP request, and the
    /// authorizer's default over standard input and output.
    /// </summary>
    public string? GrantId { get; set; }

    /// <summary>
    /// What approvals and records call the server; null, the default, for no name. It is the host's word, never what the server says of
    /// itself, and changes no decision.
    /// </summary>
    public string? Server { get; set; }

    /// <summary>
    /// Whether lists of tools leave out, besides the hidden ones, all that the caller can never call; false by default.
    /// </summary>
    public bool HidesUncallable { get; set; }

    /// <summary>
    /// The longest that a client may keep a list of tools before it asks anew, where the protocol's revision says so (2026-07-28): 1 minute
    /// by default, from zero to 1 day. Less that the server itself says stays.
    /// </summary>
    public TimeSpan MaxToolListAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a client may take to come back to a tool that asked for input, or from the address of an approval: 10 minutes by default,
    /// from 1 second to 1 day. After that the call is one of its own.
    /// </summary>
    public TimeSpan InputWithin { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The longest message in bytes, from the client or the server: 4 MiB by default, from 1 KiB to 256 MiB. A longer one isn't passed on.
    /// </summary>
    public int MaxMessageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// How long a call of a tool may take; null, the default, for as long as the client waits. Then it is cancelled at the server, and
    /// answered with an error; its quota is spent, as it may have run. From 1 millisecond to 1 day.
    /// </summary>
    public TimeSpan? CallTimeout { get; set; }

    /// <summary>
    /// Where a person answers what waits for approval, an address of <c>http</c> or <c>https</c> with <c>{id}</c>, once, where the
    /// request's id belongs; null, the default, for nowhere. What a caller is told of a call that waits ends with it.
    /// </summary>
    /// <remarks>
    /// Clients of 2026-07-28 that say that they show addresses (<c>elicitation.url</c>) are asked to show this one, and come back with the
    /// same call within <see cref="InputWithin"/>, which is judged anew. Nothing that they answer is an approval.
    /// </remarks>
    public string? ApprovalUrl { get; set; }

    /// <summary>
    /// What seals the calls that a client comes back to; null, the default, for a key that ends with the process.
    /// </summary>
    public PolicyLayerKeys? Keys { get; set; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Where the proxy says what a person should know, such as messages that it refused; null, the default, for nowhere. Nothing that is
    /// logged has an argument's value.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Checks that every option is in its range.</summary>
    /// <exception cref="ArgumentException">One isn't.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (GrantId?.Length == 0)
        {
            throw new ArgumentException("A grant's id isn't empty.", nameof(GrantId));
        }

        Within(MaxToolListAge, TimeSpan.Zero, nameof(MaxToolListAge));
        Within(InputWithin, TimeSpan.FromSeconds(1), nameof(InputWithin));
        Within(CallTimeout ?? TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), nameof(CallTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageBytes, LeastMessageBytes, nameof(MaxMessageBytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxMessageBytes, 256 * 1024 * 1024, nameof(MaxMessageBytes));
        if (ApprovalUrl is { } template && !ApprovalAddress.IsTemplate(template))
        {
            throw new ArgumentException($"It must be an address of http or https with `{ApprovalAddress.Id}` once.", nameof(ApprovalUrl));
        }
    }

    private static void Within(TimeSpan value, TimeSpan least, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1), name);
    }
}
