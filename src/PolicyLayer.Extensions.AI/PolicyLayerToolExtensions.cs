using PolicyLayer;
using PolicyLayer.Extensions.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Guards functions: each call is judged by PolicyLayer before the function runs.</summary>
/// <remarks>
/// A guarded function has the name, the description and the schema of the inner one, by whose name it is judged. What is judged is a copy
/// of the arguments, and the inner function gets that copy. Its outcome is reported: that it succeeded or threw, or that it never ran,
/// where the call was cancelled before. A function that asks the same authorizer already is returned as it is if it does so with
/// equal options, and refused otherwise. Options hold functions, which are equal where they are the same.
/// </remarks>
public static class PolicyLayerToolExtensions
{
    /// <summary>Guards a function in the default way; see the other overload.</summary>
    /// <param name="function">The function.</param>
    /// <param name="authorizer">Who is asked.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static AIFunction WithPolicyLayer(this AIFunction function, IToolCallAuthorizer authorizer) =>
        function.WithPolicyLayer(authorizer, null);

    /// <summary>Guards a function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="authorizer">Who is asked.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The guarded function, safe for any number of threads if the inner one is.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> or <paramref name="authorizer"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// An option is out of range, or two say the same; the function asks this authorizer already, with other options; or its schema is to
    /// be enforced, and can't be.
    /// </exception>
    public static AIFunction WithPolicyLayer(
        this AIFunction function, IToolCallAuthorizer authorizer, FunctionGuardOptions? options)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(authorizer);
        return new ToolGuard(authorizer, options).Guard(function);
    }

    /// <summary>Guards the functions of a list in the default way; see the other overload.</summary>
    /// <param name="tools">The tools.</param>
    /// <param name="authorizer">Who is asked.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IList<AITool> WithPolicyLayer(this IEnumerable<AITool> tools, IToolCallAuthorizer authorizer) =>
        tools.WithPolicyLayer(authorizer, null);

    /// <summary>
    /// Guards the functions of a list. A declaration, which the caller runs, stays as it is. So does what runs elsewhere, such as a hosted
    /// code interpreter, with a warning, or it is refused (<see cref="FunctionGuardOptions.RefusesUnguardedTools"/>).
    /// </summary>
    /// <param name="tools">The tools.</param>
    /// <param name="authorizer">Who is asked.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>A new list, in the same order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tools"/> or <paramref name="authorizer"/> is null.</exception>
    /// <exception cref="ArgumentException">As of the other overload; or a tool is null or refused.</exception>
    public static IList<AITool> WithPolicyLayer(
        this IEnumerable<AITool> tools, IToolCallAuthorizer authorizer, FunctionGuardOptions? options)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(authorizer);
        var guard = new ToolGuard(authorizer, options);
        return [.. tools.Select(guard.Guard)];
    }

    /// <summary>Guards the functions of a request in the default way; see the other overload.</summary>
    /// <param name="options">The request's options, which stay as they are.</param>
    /// <param name="authorizer">Who is asked.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ChatOptions WithPolicyLayer(this ChatOptions options, IToolCallAuthorizer authorizer) =>
        options.WithPolicyLayer(authorizer, null);

    /// <summary>Guards the functions of a request's <see cref="ChatOptions.Tools"/>, in a copy of the request's options.</summary>
    /// <param name="options">The request's options, which stay as they are.</param>
    /// <param name="authorizer">Who is asked.</param>
    /// <param name="guardOptions">How; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="authorizer"/> is null.</exception>
    /// <exception cref="ArgumentException">As of the other overloads.</exception>
    public static ChatOptions WithPolicyLayer(
        this ChatOptions options, IToolCallAuthorizer authorizer, FunctionGuardOptions? guardOptions)
    {
        ArgumentNullException.ThrowIfNull(options);
        ChatOptions copy = options.Clone();
        copy.Tools = options.Tools?.WithPolicyLayer(authorizer, guardOptions);
        return copy;
    }
}
