using System.Security.Cryptography;
using System.Text;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>A host's keys, each made of its id.</summary>
internal static class ApprovalKeys
{
    /// <param name="current">The id of the current key.</param>
    /// <param name="others">The ids of the others.</param>
    public static PolicyLayerKeys Of(string current, params string[] others) => new(
        current, others.Append(current).ToDictionary(id => id, id => SHA256.HashData(Encoding.UTF8.GetBytes(id))));
}
