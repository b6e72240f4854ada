#nullable enable

namespace Attune
{
    /// <summary>One line of a view: what, its value, and whether somebody should look at it.</summary>
    public readonly struct Row
    {
        public Row(string label, string value, bool warns = false)
        {
            Label = label;
            Value = value;
            Warns = warns;
        }

        public string Label { get; }

        public string Value { get; }

        public bool Warns { get; }

        public override string ToString() => $"{Label}: {Value}";
    }
}
