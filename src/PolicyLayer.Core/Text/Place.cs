using System.Globalization;
using System.Text;

namespace PolicyLayer.Text;

/// <summary>
/// Where something stands in a document, or in a part of it: a step from where its owner stands. A name is held once, however much
/// stands below it; the JSON Pointer is written when it is read.
/// </summary>
internal sealed class Place
{
    private readonly Place? _owner;
    private readonly string? _name;
    private readonly int _index;

    private Place(Place? owner, string? name, int index)
    {
        _owner = owner;
        _name = name;
        _index = index;
    }

    /// <summary>The whole: the document, or the part of it that places are told in.</summary>
    public static Place Root { get; } = new(null, null, 0);

    /// <summary>The JSON Pointer (RFC 6901), written anew each time.</summary>
    public string Pointer
    {
        get
        {
            var pointer = new StringBuilder();
            foreach (Place step in StepsFromRoot())
            {
                pointer.Append('/');
                _ = step._name is null
                    ? pointer.Append(CultureInfo.InvariantCulture, $"{step._index}")
                    : pointer.Append(JsonPointer.Escape(step._name));
            }

            return pointer.ToString();
        }
    }

    public Place Member(string name) => new(this, name, 0);

    public Place Element(int index) => new(this, null, index);

    /// <summary>This place of a part, as one of the whole in which the part stands at another place.</summary>
    public Place Within(Place part)
    {
        Place place = part;
        foreach (Place step in StepsFromRoot())
        {
            place = new Place(place, step._name, step._index);
        }

        return place;
    }

    private Stack<Place> StepsFromRoot()
    {
        var steps = new Stack<Place>();
        for (Place step = this; step._owner is not null; step = step._owner)
        {
            steps.Push(step);
        }

        return steps;
    }
}
