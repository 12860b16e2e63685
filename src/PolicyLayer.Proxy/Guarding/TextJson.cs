using System.Text.Json.Serialization;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>Writes strings.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
